"""PostgreSQL in trouble: restarted, deadlocked, refused, slow. Said clearly, survived."""

import asyncio
import errno
import socket

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from tests.support.servers import PostgresServer

from seraphim.kernel.db import (
    Database,
    DatabaseBusy,
    DatabaseClosed,
    DatabaseGone,
    OutcomeUnknown,
    open_database,
    postgres,
)
from seraphim.kernel.db.errors import translate


@pytest.fixture
async def db(postgres_server: PostgresServer) -> Database:
    return await open_database(postgres_server.url(await postgres_server.create()))


def run(conn: Connection, sql: str) -> None:
    conn.execute(text(sql))


def count(conn: Connection) -> int:
    return conn.execute(text("SELECT count(*) FROM notes")).scalar_one()


async def test_a_restart_of_the_server_is_survived() -> None:
    server = PostgresServer()
    try:
        await asyncio.to_thread(server.start)
        db = await open_database(server.url("postgres"))
        await db.write(run, "CREATE TABLE notes (id INTEGER PRIMARY KEY)")
        await asyncio.gather(
            *(db.write(run, f"INSERT INTO notes VALUES ({number})") for number in range(12)),
            *(db.read(count) for _ in range(12)),
        )
        # A quick restart is not even noticed: stale connections are replaced.
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        await db.write(run, "INSERT INTO notes VALUES (100)")
        assert await db.read(count) == 13
        # While it is down, every caller is told; afterwards work goes on. A server that was killed
        # leaves its socket behind, one that was stopped takes it along.
        for number, end in enumerate((server.kill, server.stop)):
            await asyncio.to_thread(end)
            for _ in range(3):
                with pytest.raises(DatabaseGone, match="cannot be reached"):
                    await db.write(run, "INSERT INTO notes VALUES (101)")
                with pytest.raises(DatabaseGone):
                    await db.ping()
            await asyncio.to_thread(server.start)
            await db.write(run, f"INSERT INTO notes VALUES ({102 + number})")
            assert await db.read(count) == 14 + number
        await db.close()
    finally:
        await asyncio.to_thread(server.remove)


async def test_a_server_that_is_not_there_is_said_clearly() -> None:
    with pytest.raises(DatabaseGone, match="cannot be reached"):
        await open_database("postgresql://nobody@127.0.0.1:1/nowhere")


@pytest.mark.parametrize(
    "error",
    [
        FileNotFoundError(errno.ENOENT, "No such file or directory"),
        socket.gaierror(socket.EAI_NONAME, "Name or service not known"),
        OSError(errno.EHOSTUNREACH, "No route to host"),
        ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
    ],
)
def test_no_way_to_the_server_is_told_as_such(error: OSError) -> None:
    """Each is what a restart of the server looks like somewhere: no socket, no name, no route."""
    assert isinstance(translate(error), DatabaseGone)


async def test_a_database_that_does_not_exist_is_said_clearly(
    postgres_server: PostgresServer,
) -> None:
    with pytest.raises(DatabaseGone, match="does not exist"):
        await open_database(postgres_server.url("nowhere"))


async def test_a_deadlock_is_resolved_by_running_again(db: Database) -> None:
    await db.write(run, "CREATE TABLE notes (id INTEGER PRIMARY KEY, n INTEGER)")
    await db.write(run, "INSERT INTO notes VALUES (1, 0), (2, 0)")

    def both(conn: Connection, first: int, second: int) -> None:
        run(conn, "SET LOCAL deadlock_timeout = '10ms'")
        run(conn, f"UPDATE notes SET n = n + 1 WHERE id = {first}")
        run(conn, "SELECT pg_sleep(0.02)")
        run(conn, f"UPDATE notes SET n = n + 1 WHERE id = {second}")

    await asyncio.gather(*(db.write(both, *order) for order in ((1, 2), (2, 1)) * 3))
    totals = await db.read(lambda conn: conn.execute(text("SELECT n FROM notes")).scalars().all())
    assert totals == [6, 6]
    await db.close()


async def test_a_serialization_failure_is_run_again_and_given_up_in_the_end(db: Database) -> None:
    runs = 0

    def conflicted(conn: Connection, times: int) -> int:
        nonlocal runs
        runs += 1
        if runs <= times:
            run(conn, "DO $$ BEGIN RAISE serialization_failure; END $$")
        return runs

    assert await db.write(conflicted, 2) == 3
    runs = 0
    with pytest.raises(DatabaseBusy):
        await db.write(conflicted, 100)
    assert runs == postgres.MAX_ATTEMPTS
    await db.close()


async def test_when_all_connections_are_in_use_the_caller_is_told(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "POOL_SIZE", 2)
    monkeypatch.setattr(postgres, "POOL_WAIT_SECONDS", 0.1)
    assert isinstance(db, postgres.PostgresDatabase)
    small = postgres.PostgresDatabase(db._writing.url)
    await db.write(run, "CREATE TABLE gate (id INTEGER)")

    def wait(conn: Connection) -> None:
        run(conn, "SELECT pg_sleep(0.5)")

    results = await asyncio.gather(*(small.write(wait) for _ in range(4)), return_exceptions=True)
    told = [result for result in results if isinstance(result, DatabaseBusy)]
    assert len(told) == 2
    assert "all 2 connections are in use" in str(told[0])
    await small.close()
    await db.close()


async def test_closing_waits_for_work_in_hand(db: Database) -> None:
    await db.write(run, "CREATE TABLE notes (id INTEGER PRIMARY KEY)")
    tasks = [
        asyncio.create_task(db.write(run, f"INSERT INTO notes VALUES ({number})"))
        for number in range(30)
    ]
    await asyncio.sleep(0)
    await db.close()
    assert await asyncio.gather(*tasks) == [None] * 30
    with pytest.raises(DatabaseClosed):
        await db.ping()


async def test_no_transaction_stays_open_after_a_rush(db: Database) -> None:
    """A waiting unit's transaction begins with the commit before it; when none waits, none does."""
    await db.write(run, "CREATE TABLE notes (id INTEGER PRIMARY KEY)")
    for size in (1, 10, 11, 12, 25, 60):
        await asyncio.gather(
            *(db.write(run, f"INSERT INTO notes VALUES ({size * 100 + n})") for n in range(size))
        )
        open_ones = await db.read(
            lambda conn: conn.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
                )
            ).scalar_one()
        )
        assert open_ones == 0
    assert await db.read(count) == 1 + 10 + 11 + 12 + 25 + 60
    await db.close()


async def test_a_connection_lost_between_two_units_is_replaced(db: Database) -> None:
    await db.write(run, "CREATE TABLE notes (id INTEGER PRIMARY KEY)")
    await asyncio.gather(*(db.write(run, f"INSERT INTO notes VALUES ({n})") for n in range(12)))
    await db.read(
        lambda conn: conn.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ).scalar_one()
    )
    await asyncio.gather(
        *(db.write(run, f"INSERT INTO notes VALUES ({n})") for n in range(100, 130))
    )
    assert await db.read(count) == 42
    await db.close()


async def test_a_connection_lost_during_the_commit_is_told_as_such(db: Database) -> None:
    await db.write(run, "CREATE TABLE notes (id INTEGER PRIMARY KEY)")
    await db.write(
        run,
        "CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN PERFORM pg_sleep(20); RETURN NULL; END $$",
    )
    await db.write(
        run,
        "CREATE CONSTRAINT TRIGGER slow_commit AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION linger()",
    )

    def end_the_commits(conn: Connection) -> int:
        return conn.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'COMMIT%'"
                " AND wait_event = 'PgSleep'"
            )
        ).scalar_one()

    writing = asyncio.create_task(db.write(run, "INSERT INTO notes VALUES (1)"))
    while not await db.read(end_the_commits):
        await asyncio.sleep(0.01)
    with pytest.raises(OutcomeUnknown, match="during the commit"):
        await writing
    await db.write(run, "ALTER TABLE notes DISABLE TRIGGER slow_commit")
    await asyncio.gather(*(db.write(run, f"INSERT INTO notes VALUES ({n})") for n in range(2, 30)))
    assert await db.read(count) == 28
    await db.close()
