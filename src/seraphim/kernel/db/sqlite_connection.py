"""Opening SQLite the way the house wants it, and typing the untyped driver.

The SQLite used is the one bundled by the wheel ``pysqlite3``: the 3.40 of many systems has the
WAL-reset corruption bug (https://www.sqlite.org/wal.html#walresetbug).
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import quote

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from seraphim.kernel.db.errors import DatabaseBusy, translate

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for another process's lock before it gives up."""


class RawConnection(Protocol):
    """The few methods of a pysqlite3 connection that are used directly."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        ...

    def execute(self, sql: str, values: Sequence[object] = (), /) -> "RawCursor":
        """Run one statement."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


class RawCursor(Protocol):
    """The result of :meth:`RawConnection.execute`."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row, or None."""
        ...

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return the rows that are left."""
        ...

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed; -1 when it changes none."""
        ...


def raw_connect(path: Path, *, read_only: bool) -> RawConnection:
    """Open ``path`` and set the pragmas; raises the driver's errors.

    ``isolation_level=None`` keeps the driver from opening transactions of its own. A file that
    does not exist yet is created, a folder is not.
    """
    import pysqlite3.dbapi2 as driver  # noqa: PLC0415 - PostgreSQL users need not have it loaded

    mode = "ro" if read_only else "rwc"
    connect: Callable[..., RawConnection] = getattr(driver, "connect")  # noqa: B009 - untyped
    raw = connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_MS / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    try:
        if read_only:
            raw.execute("PRAGMA query_only=ON")
        else:
            _switch_to_wal(raw)
            raw.execute("PRAGMA synchronous=FULL")
            # Fewer, larger checkpoints: each one costs the writer two more fsyncs.
            raw.execute("PRAGMA wal_autocheckpoint=4000")
            raw.execute("PRAGMA journal_size_limit=67108864")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA cache_size=-8192")
        raw.execute("PRAGMA temp_store=MEMORY")
        raw.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except BaseException:
        raw.close()
        raise
    return raw


def _switch_to_wal(raw: RawConnection) -> None:
    """Set the journal mode, waiting for others ourselves: the switch ignores the busy timeout."""
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            raw.execute("PRAGMA journal_mode=WAL")
        except Exception as error:
            if not isinstance(translate(error), DatabaseBusy) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def open_connection(path: Path, *, read_only: bool) -> Connection:
    """Return one SQLAlchemy connection on its own pysqlite3 connection; raises driver errors."""
    import pysqlite3.dbapi2 as driver  # noqa: PLC0415 - as above

    raw = raw_connect(path, read_only=read_only)
    engine: Engine = create_engine(
        "sqlite+pysqlite://", module=driver, creator=lambda: raw, poolclass=NullPool
    )
    connection = engine.connect()
    # SQLAlchemy sees one transaction that never ends; the threads drive the real ones below it.
    connection.begin()
    connection.commit = connection.rollback = _refuse
    return connection


def close_connection(connection: Connection) -> None:
    """Close what :func:`open_connection` opened, together with its file."""
    connection.close()


def raw_of(connection: Connection) -> RawConnection:
    """Return the driver's connection below a SQLAlchemy one."""
    return cast("RawConnection", connection.connection.dbapi_connection)


def _refuse() -> None:
    """Keep a unit of work from ending the transaction that it shares with its neighbours."""
    raise RuntimeError("a unit of work neither commits nor rolls back; return or raise instead")
