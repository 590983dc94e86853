"""SQLite as a :class:`~seraphim.kernel.db.port.Database`: one writer thread, a few readers."""

import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Concatenate, Literal

from sqlalchemy import text
from sqlalchemy.engine import Connection

from seraphim.kernel.db.errors import (
    DatabaseBusy,
    DatabaseClosed,
    DatabaseError,
    DatabaseGone,
    DatabaseReadOnly,
    translate,
)
from seraphim.kernel.db.port import Watchers
from seraphim.kernel.db.sqlite_connection import open_connection
from seraphim.kernel.db.sqlite_threads import Unit, read_forever, write_forever

MAX_WAITING = 4_096
"""Units of work on their way; beyond it callers are refused at once."""
READERS = 3


class SqliteDatabase:
    """One SQLite file; opened by :func:`open_sqlite`."""

    def __init__(self) -> None:
        self._watchers = Watchers()
        self._writes: SimpleQueue[list[Unit] | None] = SimpleQueue()
        self._reads: SimpleQueue[Unit | None] = SimpleQueue()
        self._next: dict[asyncio.AbstractEventLoop, list[Unit]] = {}
        self._waiting = 0
        self._closed = False
        self._writer: threading.Thread | None = None
        self._readers: list[threading.Thread] = []

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which engine this is."""
        return "sqlite"

    def watch(self, topic: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` on the loop after each commit that signalled ``topic``."""
        return self._watchers.watch(topic, callback)

    async def write[**P, T](
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` in a savepoint of the next group; returns after the group's COMMIT."""
        unit = self._unit(lambda conn: fn(conn, *args, **kwargs))
        gathering = self._next.get(unit.loop)
        if gathering is None:
            # Callers that wake in the same turn of the loop (a group's, after its COMMIT) reach
            # the writer together: one group, one wake-up of the thread.
            self._next[unit.loop] = gathering = []
            unit.loop.call_soon(self._hand_over, unit.loop)
        gathering.append(unit)
        result: T = await unit.future
        return result

    async def read[**P, T](
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` on one snapshot of a read-only connection."""
        unit = self._unit(lambda conn: fn(conn, *args, **kwargs))
        self._reads.put(unit)
        result: T = await unit.future
        return result

    async def ping(self) -> None:
        """Read one value through a reader thread."""
        await self.read(lambda conn: conn.execute(text("SELECT 1")).scalar_one())

    async def close(self) -> None:
        """Let the queued work finish, then close every connection."""
        if self._closed:
            return
        self._closed = True
        for loop in tuple(self._next):
            self._hand_over(loop)
        await asyncio.to_thread(self._join)

    def start(self, path: Path) -> None:
        """Open the connections and start the threads (blocking); raises driver errors."""
        writer = open_connection(path, read_only=False)
        self._writer = threading.Thread(
            target=write_forever,
            args=(writer, self._writes, self._answer),
            name="sqlite-writer",
            daemon=True,
        )
        self._writer.start()
        for number in range(READERS):
            reader = threading.Thread(
                target=read_forever,
                args=(open_connection(path, read_only=True), self._reads, self._answer),
                name=f"sqlite-reader-{number}",
                daemon=True,
            )
            self._readers.append(reader)
            reader.start()

    def _join(self) -> None:
        for _ in self._readers:
            self._reads.put(None)
        for reader in self._readers:
            reader.join()
        # The writer closes last: the last connection to a WAL database checkpoints it.
        self._writes.put(None)
        if self._writer is not None:
            self._writer.join()

    def _unit(self, run: Callable[[Connection], Any]) -> Unit:
        if self._closed:
            raise DatabaseClosed
        if self._waiting >= MAX_WAITING:
            raise DatabaseBusy(reason=f"{MAX_WAITING} units of work are waiting already.")
        self._waiting += 1
        loop = asyncio.get_running_loop()
        return Unit(run, loop, loop.create_future())

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        units = self._next.pop(loop, None)
        if units:
            self._writes.put(units)

    def _answer(self, units: list[Unit]) -> None:
        """Give the callers their results; runs on their loop, after the COMMIT."""
        self._waiting -= len(units)
        signals: set[str] = set()
        for unit in units:
            signals |= unit.signals
            if unit.future.done():
                continue
            if unit.error is None:
                unit.future.set_result(unit.result)
            elif isinstance(unit.error, StopIteration):
                unit.future.set_exception(RuntimeError("a unit of work raised StopIteration"))
            else:
                unit.future.set_exception(unit.error)
        self._watchers.tell(signals)


async def open_sqlite(path: Path) -> SqliteDatabase:
    """Open (and if need be create) the database file and its folder; raises a DatabaseError."""
    database = SqliteDatabase()
    try:
        await asyncio.to_thread(_open, database, path)
    except BaseException as error:
        await database.close()
        shown = translate(error)
        if shown is not None:
            raise _about(path, shown) from error
        raise
    return database


def _open(database: SqliteDatabase, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseReadOnly(reason=f"{path.parent}: {error.strerror}.") from error
    if path.is_file() and not os.access(path, os.W_OK):
        # SQLite would open it as if it were only meant to be read, and fail at the first write.
        raise DatabaseReadOnly(reason=f"{path} is write-protected.")
    database.start(path)


def _about(path: Path, error: DatabaseError) -> DatabaseError:
    """Name the file in the error, and tell a file that cannot be made from a missing folder."""
    reason = str(error.parameters.get("reason", error))
    if str(path.parent) in reason:
        return error
    unmade = isinstance(error, DatabaseGone) and path.parent.is_dir()
    kind = DatabaseReadOnly if unmade else type(error)
    return kind(reason=f"{path}: {reason}")
