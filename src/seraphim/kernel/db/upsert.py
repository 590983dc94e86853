"""``INSERT ... ON CONFLICT`` on both engines, which share the syntax but not the class."""

from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table
from sqlalchemy.engine import Connection

if TYPE_CHECKING:
    from sqlalchemy.dialects.sqlite import Insert


def insert_into(conn: Connection, table: Table) -> "Insert":
    """Return an INSERT with ``on_conflict_do_nothing`` and ``on_conflict_do_update``.

    It is typed as SQLite's; PostgreSQL's has the same methods.
    """
    if conn.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415 - only the engine in use

        return insert(table)
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - as above

    return cast("Any", postgresql.insert(table))
