"""SQLite in trouble: locked, read-only, full, damaged, killed. Said clearly, nothing lost."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pysqlite3 import dbapi2
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from tests.support.servers import child_environment

from seraphim.kernel.db import (
    Database,
    DatabaseBusy,
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseGone,
    DatabaseReadOnly,
    open_database,
    sqlite,
    sqlite_connection,
)
from seraphim.kernel.errors import InvalidInput


def run(conn: Connection, sql: str) -> None:
    conn.execute(text(sql))


def add(conn: Connection, number: int) -> None:
    conn.execute(
        text("INSERT INTO notes (id, body) VALUES (:id, :body)"), {"id": number, "body": "x"}
    )


def count(conn: Connection) -> int:
    return conn.execute(text("SELECT count(*) FROM notes")).scalar_one()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "seraphim.db"


@pytest.fixture
async def db(path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    monkeypatch.setattr(sqlite_connection, "BUSY_TIMEOUT_MS", 50)
    database = await open_database(f"sqlite:///{path}")
    await database.write(run, "CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")
    yield database
    await database.close()


def test_the_sqlite_in_use_has_no_wal_reset_bug() -> None:
    # https://www.sqlite.org/wal.html#walresetbug: fixed in 3.51.3.
    version = str(getattr(dbapi2, "sqlite_version"))  # noqa: B009 - the driver is untyped
    assert tuple(int(part) for part in version.split(".")) >= (3, 51, 3)


async def test_writes_are_made_durable_before_they_are_answered(db: Database) -> None:
    def pragma(conn: Connection, name: str) -> object:
        return conn.execute(text(f"PRAGMA {name}")).scalar_one()

    assert await db.write(pragma, "journal_mode") == "wal"
    assert await db.write(pragma, "synchronous") == 2  # FULL
    assert await db.write(pragma, "foreign_keys") == 1
    assert await db.read(pragma, "query_only") == 1


async def test_a_locked_database_is_said_to_all_and_works_again_afterwards(
    db: Database, path: Path
) -> None:
    other = sqlite_connection.raw_connect(path, read_only=False)
    other.execute("BEGIN IMMEDIATE")
    results = await asyncio.gather(
        *(db.write(add, number) for number in range(5)), return_exceptions=True
    )
    assert all(isinstance(result, DatabaseBusy) for result in results)
    assert "Nothing was changed" in str(results[0])
    assert await db.read(count) == 0  # readers are not held up
    other.execute("COMMIT")
    other.close()
    await db.write(add, 1)
    assert await db.read(count) == 1


async def test_a_full_disk_is_said_and_keeps_what_was_there(db: Database) -> None:
    await db.write(add, 1)
    pages = await db.write(lambda conn: conn.execute(text("PRAGMA page_count")).scalar_one())
    await db.write(run, f"PRAGMA max_page_count = {pages}")
    essay = "INSERT INTO notes (id, body) VALUES (2, zeroblob(1000000))"
    with pytest.raises(DatabaseFull, match="disk is full"):
        await db.write(run, essay)
    await db.write(run, "PRAGMA max_page_count = 100000")
    await db.write(run, essay)
    assert await db.read(count) == 2


async def test_a_database_that_turned_read_only_is_said(db: Database) -> None:
    await db.write(run, "PRAGMA query_only = ON")
    with pytest.raises(DatabaseReadOnly, match="writable for the bot's user"):
        await db.write(add, 1)


# Root writes anything while it has CAP_DAC_OVERRIDE (1) and CAP_DAC_READ_SEARCH (2): drop them from
# the bounding set (PR_CAPBSET_DROP, prctl(2)); the next exec does not get them back.
WITHOUT_PRIVILEGES = """
import ctypes, os, sys
if os.geteuid() == 0 and "dropped" not in os.environ:
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)
    os.environ["dropped"] = "yes"
    os.execv(sys.executable, [sys.executable, "-c", sys.orig_argv[2], *sys.argv[1:]])
"""

OPEN = """
import asyncio, sys
from seraphim.kernel.db import open_database
from seraphim.kernel.errors import SeraphimError
async def main():
    try:
        db = await open_database(sys.argv[1])
        await db.write(lambda conn: conn.exec_driver_sql("CREATE TABLE t (id INTEGER)") and None)
    except SeraphimError as error:
        print(type(error).__name__, error)
asyncio.run(main())
"""


@pytest.mark.parametrize("locked", ["file", "folder"])
async def test_a_file_or_folder_without_rights_is_said(
    db: Database, path: Path, locked: str
) -> None:
    await db.write(add, 1)
    await db.close()
    path.chmod(0o444 if locked == "file" else 0o644)
    path.parent.chmod(0o555 if locked == "folder" else 0o755)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", WITHOUT_PRIVILEGES + OPEN, f"sqlite:///{path}"],
        capture_output=True,
        text=True,
        check=False,
        env=child_environment(),
    )
    path.parent.chmod(0o755)
    path.chmod(0o644)
    assert done.stdout.startswith("DatabaseReadOnly"), done.stdout + done.stderr
    assert str(path.parent) in done.stdout


async def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"these are my holiday notes\n" * 100)
    with pytest.raises(DatabaseCorrupt, match=r"cannot be trusted.*not a database"):
        await open_database(f"sqlite:///{path}")
    assert path.read_bytes().startswith(b"these are my holiday notes")


async def test_a_damaged_file_is_said_when_it_is_met(db: Database, path: Path) -> None:
    await db.write(
        run,
        "WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 500) "
        "INSERT INTO notes SELECT v, hex(randomblob(500)) FROM n",
    )
    await db.close()
    body = bytearray(path.read_bytes())
    body[4096 * 3 : 4096 * 60] = b"\xa5" * (4096 * 57)
    path.write_bytes(body)
    damaged = await open_database(f"sqlite:///{path}")
    with pytest.raises(DatabaseCorrupt, match="restore a backup"):
        await damaged.read(lambda conn: conn.execute(text("SELECT max(body) FROM notes")).scalar())
    await damaged.close()


async def test_a_folder_in_the_files_place_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises((DatabaseGone, DatabaseReadOnly), match=str(path)):
        await open_database(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense"])
async def test_an_url_of_no_use_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        await open_database(url)


async def test_work_that_tries_to_commit_or_roll_back_is_refused(db: Database) -> None:
    def commit(conn: Connection) -> None:
        add(conn, 1)
        conn.commit()

    def roll_back(conn: Connection) -> None:
        add(conn, 2)
        conn.rollback()

    def leave_open(conn: Connection) -> None:
        conn.begin_nested()
        add(conn, 3)

    results = await asyncio.gather(
        db.write(add, 10),
        *(db.write(work) for work in (commit, roll_back, leave_open)),
        db.write(add, 11),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [
        type(None), RuntimeError, RuntimeError, RuntimeError, type(None),
    ]  # fmt: skip
    assert await db.read(count) == 2
    await db.write(add, 12)


async def test_a_commit_that_fails_spares_the_neighbours(db: Database) -> None:
    """A deferred foreign key is checked at COMMIT, when the whole group is at stake."""
    await db.write(
        run,
        "CREATE TABLE links (note INTEGER REFERENCES notes (id) DEFERRABLE INITIALLY DEFERRED)",
    )
    results = await asyncio.gather(
        db.write(add, 1),
        db.write(run, "INSERT INTO links VALUES (404)"),
        db.write(add, 2),
        return_exceptions=True,
    )
    assert results[0] is None
    assert results[2] is None
    assert isinstance(results[1], Exception)
    assert await db.read(count) == 2
    with pytest.raises(Exception, match="FOREIGN KEY"):
        await db.write(run, "INSERT INTO links VALUES (404)")


async def test_too_much_waiting_work_is_refused_at_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "MAX_WAITING", 10)
    results = await asyncio.gather(
        *(db.write(add, number) for number in range(15)), return_exceptions=True
    )
    assert sum(isinstance(result, DatabaseBusy) for result in results) == 5
    assert await db.read(count) == 10
    await db.write(add, 100)


async def test_closing_finishes_what_was_begun(db: Database, path: Path) -> None:
    tasks = [asyncio.create_task(db.write(add, number)) for number in range(200)]
    await asyncio.sleep(0)
    await db.close()
    await asyncio.gather(*tasks)
    assert not path.with_name(path.name + "-wal").exists()
    with sqlite3.connect(path) as check:
        assert check.execute("SELECT count(*) FROM notes").fetchone() == (200,)
    check.close()


async def test_a_violated_constraint_stays_an_integrity_error(db: Database) -> None:
    await db.write(add, 1)
    with pytest.raises(IntegrityError):
        await db.write(add, 1)


WRITE_UNTIL_KILLED = """
import asyncio, os, sys
from sqlalchemy import text
from seraphim.kernel.db import open_database
def move(conn, number):
    conn.execute(text("INSERT INTO notes (id, body) VALUES (:id, 'moved')"), {"id": number})
    take = text("UPDATE accounts SET coins = coins - :n WHERE id = :id")
    conn.execute(take, {"n": 1, "id": number % 7})
    conn.execute(take, {"n": -1, "id": (number + 1) % 7})
async def work(db, first):
    for number in range(first, 10**9, 8):
        await db.write(move, number)
        os.write(1, f"{number}\\n".encode())
async def main():
    db = await open_database(sys.argv[1])
    last = text("SELECT coalesce(max(id), 0) FROM notes")
    start = await db.read(lambda conn: conn.execute(last).scalar_one())
    await asyncio.gather(*(work(db, start + 1 + lane) for lane in range(8)))
asyncio.run(main())
"""


async def test_kill_9_loses_nothing_that_was_acknowledged(db: Database, path: Path) -> None:
    await db.write(run, "CREATE TABLE accounts (id INTEGER PRIMARY KEY, coins INTEGER NOT NULL)")
    for number in range(7):
        await db.write(run, f"INSERT INTO accounts VALUES ({number}, 1000)")
    await db.close()
    acknowledged: set[int] = set()
    for lines in (40, 150, 401):
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WRITE_UNTIL_KILLED, f"sqlite:///{path}",
            stdout=subprocess.PIPE, env=child_environment(),
        )  # fmt: skip
        assert child.stdout is not None
        for _ in range(lines):
            acknowledged.add(int(await child.stdout.readline()))
        child.send_signal(signal.SIGKILL)
        rest = (await child.stdout.read()).decode()
        acknowledged.update(
            int(line) for line in rest.splitlines(keepends=True) if line[-1] == "\n"
        )
        await child.wait()
        check = await open_database(f"sqlite:///{path}")
        kept = set(
            await check.read(
                lambda conn: conn.execute(text("SELECT id FROM notes")).scalars().all()
            )
        )
        coins = await check.read(
            lambda conn: conn.execute(text("SELECT sum(coins) FROM accounts")).scalar_one()
        )
        verdict = await check.read(
            lambda conn: conn.execute(text("PRAGMA integrity_check")).scalar_one()
        )
        await check.close()
        assert acknowledged <= kept
        assert (coins, verdict) == (7000, "ok")
