"""PostgreSQL as a :class:`~seraphim.kernel.db.port.Database`: asyncpg below SQLAlchemy's pools.

Writes are READ COMMITTED transactions. Reads use a second pool whose sessions are read-only and in
autocommit, so that a one-statement read costs one round trip.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, Literal

from sqlalchemy import text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only, greenlet_spawn

from seraphim.kernel.db.errors import (
    RETRYABLE_STATES,
    DatabaseBusy,
    DatabaseClosed,
    DatabaseGone,
    OutcomeUnknown,
    sqlstate,
    translate,
)
from seraphim.kernel.db.port import Watchers, take_signals

POOL_SIZE = 10
POOL_WAIT_SECONDS = 10.0
CONNECT_SECONDS = 5.0
CLOSE_SECONDS = 5.0
MAX_ATTEMPTS = 4
"""Times one unit of work is run before its serialization failures are given to the caller."""


class PostgresDatabase:
    """One PostgreSQL database; opened by :func:`open_postgres`."""

    def __init__(self, url: URL) -> None:
        self._writing = _engine(url, read_only=False)
        self._reading = _engine(url, read_only=True)
        self._watchers = Watchers()
        self._working: set[asyncio.Task[Any]] = set()
        self._closed = False
        self._most_writers = POOL_SIZE
        self._writers = 0
        self._waiters: deque[asyncio.Future[_Hand]] = deque()

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which engine this is."""
        return "postgresql"

    def watch(self, topic: str, callback: Callable[[], None]) -> Callable[[], None]:
        """Call ``callback`` after each commit of this process that signalled ``topic``."""
        return self._watchers.watch(topic, callback)

    async def write[**P, T](
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` in a transaction; runs it again after a deadlock or a lost connection.

        A connection lost before COMMIT was sent has kept nothing, so running again is safe; one
        lost during COMMIT raises OutcomeUnknown.
        """
        return await self._to_the_end(
            self._write_until_done(lambda conn: fn(conn, *args, **kwargs))
        )

    async def read[**P, T](
        self, fn: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``fn`` on a read-only session; runs it once more after a lost connection."""
        return await self._to_the_end(self._read_until_done(lambda conn: fn(conn, *args, **kwargs)))

    async def _write_until_done[T](self, run: Callable[[Connection], T]) -> T:
        attempt = 1
        while True:
            progress = _Progress()
            try:
                return await self._write_once(progress, run)
            except Exception as error:
                if progress.committing and _is_lost(error):
                    raise OutcomeUnknown(reason=_reason(error)) from error
                if attempt >= MAX_ATTEMPTS or not _may_run_again(error, attempt):
                    _raise_shown(error)
            attempt += 1
            # Two units that fought over the same rows must not meet again in step.
            await asyncio.sleep(0.005 * attempt**2)

    async def _read_until_done[T](self, run: Callable[[Connection], T]) -> T:
        attempt = 1
        while True:
            try:
                result: T = await greenlet_spawn(self._read_once, run)
            except Exception as error:  # noqa: BLE001 - always raised again, translated or as it is
                if attempt > 1 or not _may_run_again(error, attempt):
                    _raise_shown(error)
            else:
                return result
            attempt += 1

    def _read_once(self, run: Callable[[Connection], Any]) -> Any:  # noqa: ANN401 - read and write give it the type of fn
        with self._reading.sync_engine.connect() as connection:
            return run(connection)

    async def ping(self) -> None:
        """Ask the server for one value."""
        await self.read(lambda conn: conn.execute(text("SELECT 1")).scalar_one())

    async def close(self) -> None:
        """Let work that is under way finish (a few seconds), then close both pools."""
        self._closed = True
        if self._working:
            await asyncio.wait(self._working, timeout=CLOSE_SECONDS)
        await self._reading.dispose()
        await self._writing.dispose()

    async def _to_the_end[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Let work that has begun finish, even when the caller is cancelled meanwhile.

        A cancellation in the middle of a protocol exchange would cost the connection.
        """
        if self._closed:
            work.close()
            raise DatabaseClosed
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._forget)
        return await asyncio.shield(task)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._working.discard(task)
        if not task.cancelled():
            task.exception()  # fetched, so that a cancelled caller's failure is no stray warning

    async def _write_once[T](self, progress: "_Progress", run: Callable[[Connection], T]) -> T:
        hand = await self._take()
        # One greenlet for all of it: each costs about as much as a short statement.
        result, signals = await greenlet_spawn(self._unit, hand, progress, run)
        self._watchers.tell(signals)
        return result

    def _unit[T](
        self, hand: "_Hand", progress: "_Progress", run: Callable[[Connection], T]
    ) -> tuple[T, set[str]]:
        connection = hand.connection
        heir: asyncio.Future[_Hand] | None = None
        try:
            if connection is None:
                connection = hand.connection = self._writing.sync_engine.connect()
            if not hand.begun:
                connection.exec_driver_sql("BEGIN")
            hand.begun = False
            take_signals(connection)  # what a failed unit may have left behind
            result = run(connection)
            signals = take_signals(connection)
            progress.committing = True
            heir = self._next_waiter()
            # With CHAIN the next unit's transaction begins without a round trip of its own.
            _commit(connection, "COMMIT" if heir is None else "COMMIT AND CHAIN")
            hand.begun = heir is not None
        except BaseException:
            _abandon(hand)
            raise
        finally:
            self._pass_on(hand, heir)
        return result, signals

    async def _take(self) -> "_Hand":
        """Wait for a place among the writers, and perhaps the connection of the one before."""
        if self._writers < self._most_writers:
            self._writers += 1
            return _Hand()
        waiter: asyncio.Future[_Hand] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        done, _ = await asyncio.wait([waiter], timeout=POOL_WAIT_SECONDS)
        if not done:
            waiter.cancel()
            raise DatabaseBusy(reason=f"all {self._most_writers} connections are in use.")
        return waiter.result()

    def _next_waiter(self) -> "asyncio.Future[_Hand] | None":
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                return waiter
        return None

    def _pass_on(self, hand: "_Hand", heir: "asyncio.Future[_Hand] | None") -> None:
        """Give place and connection to who waits, or both back."""
        if heir is None or heir.done():
            heir = self._next_waiter()
        if heir is not None:
            heir.set_result(hand)
            return
        self._writers -= 1
        if hand.begun:  # for somebody who has given up meanwhile
            _abandon(hand)
        if hand.connection is not None:
            hand.connection.close()


class _Hand:
    """A place among the writers, with a connection once there is one."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.begun = False


def _commit(connection: Connection, command: str) -> None:
    driver = connection.connection.driver_connection
    if driver is None:
        raise DatabaseGone(reason="the connection was closed.")
    if await_only(driver.execute(command)) == "ROLLBACK":
        # PostgreSQL answers so, and not with an error, when a statement had failed before.
        raise RuntimeError(
            "a unit of work caught a failed statement outside a savepoint; nothing was kept"
        )
    connection.commit()  # nothing is sent: SQLAlchemy forgets the unit, savepoints included


def _abandon(hand: _Hand) -> None:
    """Roll back; a connection that cannot even do that is thrown away."""
    hand.begun = False
    connection, hand.connection = hand.connection, None
    if connection is None:
        return
    try:
        driver = connection.connection.driver_connection
        if driver is not None and driver.is_in_transaction():
            await_only(driver.execute("ROLLBACK"))
        connection.rollback()
        if driver is None or driver.is_closed():
            connection.invalidate()
            connection.close()
        else:
            hand.connection = connection
    except Exception:  # noqa: BLE001 - the first error is the one to tell
        connection.invalidate()
        connection.close()


class _Progress:
    """How far a transaction came, for the one who must judge its failure."""

    def __init__(self) -> None:
        self.committing = False


def _engine(url: URL, *, read_only: bool) -> AsyncEngine:
    settings = {"application_name": "seraphim", "jit": "off", "statement_timeout": "30000"}
    if read_only:
        settings["default_transaction_read_only"] = "on"
    else:
        settings["idle_in_transaction_session_timeout"] = "60000"
    return create_async_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        # Autocommit for the driver: a write's BEGIN and COMMIT are said here, word for word.
        isolation_level="AUTOCOMMIT",
        connect_args={"timeout": CONNECT_SECONDS, "server_settings": settings},
    )


def _is_lost(error: BaseException) -> bool:
    """Whether the connection itself broke (the pool has then dropped its connections)."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(translate(error), DatabaseGone)


def _may_run_again(error: BaseException, attempt: int) -> bool:
    if sqlstate(error) in RETRYABLE_STATES:
        return True
    # After a restart of the server every pooled connection is stale; SQLAlchemy drops them all at
    # the first failure, so one more attempt meets the new server.
    return attempt == 1 and isinstance(error, DBAPIError) and _is_lost(error)


def _reason(error: BaseException) -> str:
    shown = translate(error)
    return str(shown.parameters.get("reason", shown)) if shown else str(error)


def _raise_shown(error: Exception) -> None:
    if isinstance(error, PoolTimeout):
        raise DatabaseBusy(reason=f"all {POOL_SIZE} connections are in use.") from error
    shown = translate(error)
    if shown is not None and shown is not error:
        raise shown from error
    raise error


async def open_postgres(url: URL) -> PostgresDatabase:
    """Connect and make sure that the server answers; raises DatabaseGone when it does not."""
    database = PostgresDatabase(url)
    try:
        await database.ping()
    except BaseException:
        await database.close()
        raise
    return database
