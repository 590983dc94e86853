"""The bare engines beside which the ledger is measured, on databases of the same schema."""

import asyncio
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import Connection

from seraphim.features.economy.public import MINT, Bank, person
from seraphim.kernel.clock import SystemClock
from seraphim.kernel.db import direct, open_database
from seraphim.kernel.db.sqlite_connection import RawConnection, raw_connect
from seraphim.kernel.db.sqlite_threads import MAX_GROUP
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.migrate import migrate

sys.path.insert(0, str(Path(__file__).parents[2]))  # the servers belong to the tests

from tests.support.servers import (
    PostgresServer,
)

GUILD = GuildId(1_000_000_000_000_000_000)
PERSONS = 1_000
"""Accounts that transfers move between; number 0 is the hot one."""
_FIRST_USER = 2_000_000_000_000_000_000


def user(number: int) -> UserId:
    """Return the id of the person with that number."""
    return UserId(_FIRST_USER + number)


class BareEngine(Protocol):
    """A migrated, durable database with PERSONS accounts, and its bare client."""

    @property
    def url(self) -> str:
        """Where Seraphim reaches it."""
        ...

    @property
    def most_callers(self) -> int:
        """The most callers that the bare client can play."""
        ...

    def transfers(self, callers: int, seconds: float, *, hot: bool) -> float:
        """Return the transfers a second of the bare client."""
        ...

    def fill(self, accounts: int) -> GuildId:
        """Make a guild with that many accounts; returns it."""
        ...

    def close(self) -> None:
        """Stop the server, if there is one."""
        ...


async def _prepare(url: str) -> None:
    await migrate(url)
    db = await open_database(url)
    bank = Bank(SystemClock())

    def give(conn: Connection) -> None:
        for number in range(PERSONS):
            bank.transfer(
                conn, GUILD, MINT, person(user(number)), 10**9, key=f"start:{number}", kind="start"
            )

    try:
        await db.write(give)
    finally:
        await db.close()


async def _fill(url: str, guild_id: GuildId, accounts: int) -> None:
    """Make accounts with balances that rise and fall; nothing that reads a balance sees more."""
    numbers = "generate_series(0, CAST(? AS BIGINT) - 1) AS numbers (n)"
    if url.startswith("sqlite"):
        numbers = (
            "(WITH RECURSIVE numbers (n) AS"
            " (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ? - 1) SELECT n FROM numbers)"
        )
    db = await open_database(url)
    try:
        await db.write(
            direct.run,
            "INSERT INTO accounts (guild_id, user_id, balance, frozen, closed)"  # noqa: S608 - one of two constants
            f" SELECT {guild_id}, {_FIRST_USER} + n, 1 + n * 7919 % 1000003, false, false"
            f" FROM {numbers}",
            (accounts,),
        )
    finally:
        await db.close()


class SqliteEngine:
    """SQLite through its bare driver, in one loop, with the statements that the ledger uses."""

    most_callers = 10**6

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ours.db"
        bare = folder / "bare.db"
        for path in (self._path, bare):
            asyncio.run(_prepare(f"sqlite:///{path}"))
        self._raw = raw_connect(bare, read_only=False)
        self._runs = 0

    @property
    def url(self) -> str:
        """Where Seraphim reaches it: another file than the bare driver's, with the same rows."""
        return f"sqlite:///{self._path}"

    def transfers(self, callers: int, seconds: float, *, hot: bool) -> float:
        """Return the transfers a second with as many in a COMMIT as the writer would group."""
        self._runs += 1
        chance = random.Random(self._runs)
        group = min(callers, MAX_GROUP)
        begun = time.perf_counter()
        done = 0
        while time.perf_counter() < begun + seconds:
            self._raw.execute("BEGIN IMMEDIATE")
            for _ in range(group):
                source, target = chance.sample(range(1, PERSONS), 2)
                done += 1
                _transfer(
                    self._raw,
                    f"bare{self._runs}:{done}",
                    user(source),
                    user(0 if hot else target),
                )
            self._raw.execute("COMMIT")
        return done / (time.perf_counter() - begun)

    def fill(self, accounts: int) -> GuildId:
        """Make a guild with that many accounts."""
        guild_id = GuildId(GUILD + accounts)
        asyncio.run(_fill(self.url, guild_id, accounts))
        return guild_id

    def close(self) -> None:
        """Close the bare connection."""
        self._raw.close()


def _transfer(raw: RawConnection, key: str, source: UserId, target: UserId) -> None:
    inserted = raw.execute(
        "INSERT INTO transfers (guild_id, key, kind, amount, reason, actor_id, details, at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (guild_id, key) DO NOTHING RETURNING id",
        (GUILD, key, "give", 1, "", None, "{}", 1_767_225_600_000),
    ).fetchone()
    rows = raw.execute(
        "SELECT user_id, id, balance, frozen FROM accounts WHERE guild_id = ? AND user_id IN (?, ?)"
        " AND user_id IS NOT NULL",
        (GUILD, source, target),
    ).fetchall()
    found = {row[0]: row for row in rows}
    if inserted is None or len(found) != 2:
        raise RuntimeError("the bare transfer met a known key or a missing account")
    _, giver, gives, _ = found[source]
    _, taker, takes, _ = found[target]
    raw.execute(
        "INSERT INTO postings (transfer_id, account_id, guild_id, amount, balance_after)"
        " VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)",
        (inserted[0], giver, GUILD, -1, gives - 1, inserted[0], taker, GUILD, 1, takes + 1),
    )


class _DurableServer(PostgresServer):
    """The tests' server with the settings of one that keeps what it answers."""

    SETTINGS = {  # noqa: RUF012 - a constant of this file
        "fsync=off": "fsync=on",
        "full_page_writes=off": "full_page_writes=on",
        "autovacuum=off": "autovacuum=on",
        "shared_buffers=32MB": "shared_buffers=256MB",
    }

    def _spawn(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return super()._spawn([self.SETTINGS.get(part, part) for part in command])

    @property
    def pgbench(self) -> str:
        """Where the wheel keeps pgbench."""
        return str(self._bin / "pgbench")


class PostgresEngine:
    """PostgreSQL with pgbench."""

    most_callers = 32

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = _DurableServer()
        self._server.start()
        asyncio.run(_prepare(self.url))

    @property
    def url(self) -> str:
        """Where Seraphim reaches it."""
        return self._server.url("postgres")

    def transfers(self, callers: int, seconds: float, *, hot: bool) -> float:
        """Return the transfers a second of pgbench with the same function and durability."""
        script = self._folder / "transfer.sql"
        target = "\\set target 0" if hot else f"\\set target (:source + :step) % {PERSONS}"
        script.write_text(
            "\\set key random(1, 9000000000000000000)\n"
            f"\\set source random(1, {PERSONS - 1})\n"
            f"\\set step random(1, {PERSONS - 1})\n"
            f"{target}\n"
            f"SELECT * FROM ledger_post({GUILD}, 'bare' || :key::text, 'give', 1, '', NULL, '{{}}',"
            f" 1767225600000, ARRAY[{_FIRST_USER} + :source, {_FIRST_USER} + :target]::bigint[],"
            " ARRAY[-1, 1]::bigint[], '{}', '{}', NULL, 0, false, false, false);\n"
        )
        # pgbench takes whole seconds.
        duration = str(max(2, round(seconds)))
        output = subprocess.run(  # noqa: S603 - the wheel's own program
            [
                *(self._server.pgbench, "--no-vacuum", "--protocol=prepared"),
                *("-h", str(self._server.folder), "-U", "postgres"),
                *("-c", str(callers), "-j", str(min(callers, 2)), "-T", duration),
                *("-f", str(script), "postgres"),
            ],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout
        line = next(line for line in output.splitlines() if line.startswith("tps = "))
        return float(line.split()[2])

    def fill(self, accounts: int) -> GuildId:
        """Make a guild with that many accounts."""
        guild_id = GuildId(GUILD + accounts)
        asyncio.run(_fill(self.url, guild_id, accounts))
        asyncio.run(self._server.execute("VACUUM ANALYZE accounts"))
        return guild_id

    def close(self) -> None:
        """Stop the server and remove its data."""
        self._server.remove()
