"""The two kinds of threads behind SQLite: the writer that groups, and the readers.

Every write is a SAVEPOINT inside a shared transaction; one COMMIT (one fsync) makes the whole group
durable, and only then are the callers answered. Writes that arrive while the disk is busy form the
next group, so nobody ever waits for a timer.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy.engine import Connection

from seraphim.kernel.db.errors import DatabaseGone, translate
from seraphim.kernel.db.port import take_signals
from seraphim.kernel.db.sqlite_connection import RawConnection, close_connection, raw_of

MAX_GROUP = 128
"""Units of work in one COMMIT: bounds how long the first one waits for the last."""


@dataclass(slots=True, eq=False)
class Unit:
    """One caller's function on its way through a thread and back."""

    run: Callable[[Connection], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any]
    context: Context = field(default_factory=copy_context)
    """The caller's context variables: the trace id, for one."""
    result: Any = None
    error: BaseException | None = None
    signals: set[str] = field(default_factory=set[str])


type Answer = Callable[[list[Unit]], None]
"""Called on the callers' loop with units that are finished."""


def write_forever(
    connection: Connection, queue: "SimpleQueue[list[Unit] | None]", answer: Answer
) -> None:
    """Commit groups until None comes out of the queue (what was queued before it is done)."""
    waiting: deque[Unit] = deque()
    going_on = True
    while going_on or waiting:
        try:
            while going_on and len(waiting) < MAX_GROUP:
                units = queue.get_nowait() if waiting else queue.get()
                if units is None:
                    going_on = False
                else:
                    waiting.extend(units)
        except Empty:
            pass
        group = [waiting.popleft() for _ in range(min(len(waiting), MAX_GROUP))]
        while group:
            left_over = _commit(connection, raw_of(connection), group)
            _answer(group[: len(group) - len(left_over)], answer)
            group = left_over
    close_connection(connection)


def read_forever(connection: Connection, queue: "SimpleQueue[Unit | None]", answer: Answer) -> None:
    """Run reads, each on one snapshot, until None comes out of the queue."""
    raw = raw_of(connection)
    while (unit := queue.get()) is not None:
        if not unit.future.cancelled():
            try:
                raw.execute("BEGIN")
                unit.result = unit.context.run(unit.run, connection)
            except BaseException as error:  # noqa: BLE001 - handed to the caller, whatever it is
                unit.error = translate(error) or error
            _leave_nested(connection)
            _end(raw)
        _answer([unit], answer)
        del unit
    close_connection(connection)


def _commit(connection: Connection, raw: RawConnection, group: list[Unit]) -> list[Unit]:
    """Run and commit a group; returns the units that have not run because SQLite gave up early."""
    done: list[Unit] = []
    try:
        raw.execute("BEGIN IMMEDIATE")
    except BaseException as error:  # noqa: BLE001 - handed to every caller
        _fail(group, error)
        _end(raw)
        return []
    for index, unit in enumerate(group):
        if unit.future.cancelled():
            continue
        _run(connection, raw, unit)
        done.append(unit)
        if not raw.in_transaction:
            # Disk full and I/O errors make SQLite roll back everything, neighbours included
            # (https://www.sqlite.org/lang_transaction.html, "Response To Errors").
            _fail(done, unit.error or DatabaseGone(reason="SQLite rolled the transaction back."))
            return group[index + 1 :]
    try:
        raw.execute("COMMIT")
    except BaseException as error:  # noqa: BLE001 - handed to every caller
        _end(raw)
        if len(done) > 1 and "IntegrityError" in type(error).__name__:
            _commit_one_by_one(connection, raw, done)
        else:
            _fail(done, error)
    return []


def _commit_one_by_one(connection: Connection, raw: RawConnection, units: list[Unit]) -> None:
    """Find the unit whose deferred constraint broke the COMMIT, and spare its neighbours."""
    for unit in units:
        unit.error = None
        _commit(connection, raw, [unit])


def _run(connection: Connection, raw: RawConnection, unit: Unit) -> None:
    """Run one unit inside its own savepoint."""
    raw.execute("SAVEPOINT unit")
    try:
        unit.result = unit.context.run(unit.run, connection)
        if connection.in_nested_transaction():
            _refuse_open_savepoint()
        raw.execute("RELEASE unit")
    except BaseException as error:  # noqa: BLE001 - handed to the caller, whatever it is
        unit.result = None
        unit.error = translate(error) or error
        take_signals(connection)
        _leave_nested(connection)
        if raw.in_transaction:
            raw.execute("ROLLBACK TO unit")
            raw.execute("RELEASE unit")
        return
    unit.signals = take_signals(connection)


def _refuse_open_savepoint() -> None:
    raise RuntimeError("a unit of work returned with a savepoint still open")


def _fail(units: Iterable[Unit], error: BaseException) -> None:
    """Tell every unit that has no error of its own that nothing of it was kept."""
    shown = translate(error) or error
    for unit in units:
        unit.result = None
        unit.signals = set()
        unit.error = unit.error or shown


def _leave_nested(connection: Connection) -> None:
    """Bring SQLAlchemy's view back in line after a unit left a nested transaction open."""
    while (nested := connection.get_nested_transaction()) is not None:
        try:
            nested.rollback()
        except Exception:  # noqa: BLE001 - the savepoint may be gone with its transaction
            nested.close()


def _end(raw: RawConnection) -> None:
    """Roll back whatever is still open."""
    if raw.in_transaction:
        raw.execute("ROLLBACK")


def _answer(units: list[Unit], answer: Answer) -> None:
    """Hand finished units back to their loops, one wake-up for each loop."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Unit]] = {}
    for unit in units:
        by_loop.setdefault(unit.loop, []).append(unit)
    for loop, finished in by_loop.items():
        try:
            loop.call_soon_threadsafe(answer, finished)
        except RuntimeError:
            continue  # the caller's loop is closed: nobody is left to answer
