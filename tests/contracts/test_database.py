"""What both engines promise to a unit of work."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from seraphim.kernel.db import Database, DatabaseClosed, signal
from seraphim.kernel.errors import NotFound


@pytest.fixture
async def notes(database: Database) -> Database:
    await database.write(
        lambda conn: (
            conn.execute(text("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL)"))
            and None
        )
    )
    return database


def add(conn: Connection, number: int, body: str = "x") -> int:
    conn.execute(
        text("INSERT INTO notes (id, body) VALUES (:id, :body)"), {"id": number, "body": body}
    )
    return number


def count(conn: Connection) -> int:
    return conn.execute(text("SELECT count(*) FROM notes")).scalar_one()


async def test_a_write_returns_its_result_and_is_seen_by_reads(notes: Database) -> None:
    assert await notes.write(add, 7, body="seven") == 7
    assert await notes.read(count) == 1


async def test_many_writes_at_once_all_arrive(notes: Database) -> None:
    results = await asyncio.gather(*(notes.write(add, number) for number in range(300)))
    assert results == list(range(300))
    assert await notes.read(count) == 300


async def test_a_failing_write_takes_back_only_itself(notes: Database) -> None:
    def add_then_fail(conn: Connection, number: int) -> None:
        add(conn, number)
        raise NotFound(what="the thing")

    results = await asyncio.gather(
        notes.write(add, 1),
        notes.write(add_then_fail, 2),
        notes.write(add, 3),
        notes.write(add, 1),
        notes.write(add, 4),
        return_exceptions=True,
    )
    assert isinstance(results[1], NotFound)
    assert isinstance(results[3], IntegrityError)
    assert results[0::2] == [1, 3, 4]
    assert await notes.read(count) == 3


async def test_work_may_use_savepoints_of_its_own(notes: Database) -> None:
    def add_if_free(conn: Connection, number: int) -> bool:
        try:
            with conn.begin_nested():
                add(conn, number)
        except IntegrityError:
            return False
        return True

    assert await notes.write(add_if_free, 1)
    assert not await notes.write(add_if_free, 1)
    assert await notes.write(add_if_free, 2)
    assert await notes.read(count) == 2


async def test_a_read_cannot_write(notes: Database) -> None:
    with pytest.raises(Exception, match=r"read-?only|cannot be written"):
        await notes.read(add, 1)
    assert await notes.read(count) == 0


async def test_a_signal_is_heard_after_the_commit_and_only_then(notes: Database) -> None:
    heard = asyncio.Event()
    silent = asyncio.Event()
    notes.watch("kept", heard.set)
    notes.watch("lost", silent.set)

    def fail(conn: Connection) -> None:
        signal(conn, "lost")
        raise NotFound(what="the thing")

    def keep(conn: Connection) -> None:
        add(conn, 1)
        signal(conn, "kept")

    with pytest.raises(NotFound):
        await notes.write(fail)
    await notes.write(keep)
    assert heard.is_set()
    assert not silent.is_set()


async def test_watching_ends(notes: Database) -> None:
    heard = asyncio.Event()
    end = notes.watch("topic", heard.set)
    end()
    await notes.write(lambda conn: signal(conn, "topic"))
    assert not heard.is_set()


async def test_a_cancelled_caller_does_not_disturb_its_neighbours(notes: Database) -> None:
    tasks = [asyncio.create_task(notes.write(add, number)) for number in range(50)]
    await asyncio.sleep(0)
    for task in tasks[::5]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert sum(isinstance(result, asyncio.CancelledError) for result in results) == 10
    kept = [result for result in results if isinstance(result, int)]
    assert len(kept) == 40
    assert await notes.read(count) >= 40
    await notes.write(add, 1000)


async def test_an_error_in_sql_is_the_callers_alone(notes: Database) -> None:
    with pytest.raises(DBAPIError):
        await notes.write(lambda conn: conn.execute(text("SELECT nonsense FROM nowhere")))
    with pytest.raises(DBAPIError):
        await notes.read(lambda conn: conn.execute(text("SELECT nonsense FROM nowhere")))
    assert await notes.write(add, 1) == 1


async def test_ping_answers_until_close(notes: Database) -> None:
    await notes.ping()
    await notes.close()
    with pytest.raises(DatabaseClosed):
        await notes.ping()
    with pytest.raises(DatabaseClosed):
        await notes.write(add, 1)
    await notes.close()


async def test_a_failed_statement_that_was_caught_loses_nothing_in_silence(
    notes: Database,
) -> None:
    """SQLite goes on after it; PostgreSQL cannot, and must say so instead of answering "kept"."""

    def add_twice(conn: Connection) -> str:
        add(conn, 1)
        try:
            add(conn, 1)
        except IntegrityError:
            return "kept"
        return "no conflict"

    try:
        answer = await notes.write(add_twice)
    except RuntimeError as error:
        assert "outside a savepoint" in str(error)  # noqa: PT017 - one of two right answers
        assert await notes.read(count) == 0
    else:
        assert answer == "kept"
        assert await notes.read(count) == 1
    assert await notes.write(add, 2) == 2


async def test_units_that_wait_for_each_other_stay_apart(notes: Database) -> None:
    """More callers than connections, every third fails: each is kept or lost as a whole."""

    def add_pair(conn: Connection, number: int) -> None:
        add(conn, number)
        add(conn, number + 1_000)
        if number % 3 == 0:
            raise NotFound(what="the thing")

    for start in range(0, 200, 100):
        await asyncio.gather(
            *(notes.write(add_pair, number) for number in range(start, start + 100)),
            return_exceptions=True,
        )
    kept = [number for number in range(200) if number % 3]
    found = await notes.read(
        lambda conn: conn.execute(text("SELECT id FROM notes ORDER BY id")).scalars().all()
    )
    assert list(found) == [*kept, *(number + 1_000 for number in kept)]
