"""Statements straight to the driver, for the few paths where every microsecond is counted.

SQLAlchemy's execution costs more than SQLite's own work for a statement that touches one row; these
functions leave it out on SQLite and use its thinnest path on PostgreSQL. The SQL is written once,
with ``?`` for a value, in what both engines understand. Use Core everywhere else.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from seraphim.kernel.db.sqlite_connection import RawConnection, RawCursor, raw_of

type Row = tuple[Any, ...]


def fetch_one(conn: Connection, sql: str, values: Sequence[object]) -> Row | None:
    """Run one statement and return its first row, or None."""
    if conn.dialect.name == "sqlite":
        return _on_sqlite(raw_of(conn), sql, values).fetchone()
    found = conn.exec_driver_sql(numbered(sql), tuple(values)).fetchone()
    return None if found is None else tuple(found)


def fetch_all(conn: Connection, sql: str, values: Sequence[object]) -> Sequence[Row]:
    """Run one statement and return all its rows: bound them in the SQL."""
    if conn.dialect.name == "sqlite":
        return _on_sqlite(raw_of(conn), sql, values).fetchall()
    return [tuple(row) for row in conn.exec_driver_sql(numbered(sql), tuple(values))]


def run(conn: Connection, sql: str, values: Sequence[object]) -> int:
    """Run one statement that returns no rows; returns how many it changed."""
    if conn.dialect.name == "sqlite":
        return _on_sqlite(raw_of(conn), sql, values).rowcount
    return conn.exec_driver_sql(numbered(sql), tuple(values)).rowcount


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """Return ``sql`` with ``$1``, ``$2`` ... (PostgreSQL) where it says ``?``."""
    head, *tail = sql.split("?")
    return head + "".join(f"${number}{part}" for number, part in enumerate(tail, 1))


def _on_sqlite(raw: RawConnection, sql: str, values: Sequence[object]) -> RawCursor:
    try:
        return raw.execute(sql, values)
    except Exception as error:
        # What stores and callers know: SQLAlchemy's classes, as from any other statement.
        raise DBAPIError.instance(sql, None, error, _driver_error()) from error


def _driver_error() -> type[Exception]:
    import pysqlite3.dbapi2 as driver  # noqa: PLC0415 - PostgreSQL users need not have it loaded

    kind: type[Exception] = getattr(driver, "Error")  # noqa: B009 - untyped
    return kind
