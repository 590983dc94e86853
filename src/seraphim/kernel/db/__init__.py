"""The database: one store code on SQLite and PostgreSQL.

``await db.write(store.transfer, ...)`` runs a plain function with a synchronous
:class:`sqlalchemy.engine.Connection` in one transaction and returns once it is durable.
"""

from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from seraphim.kernel.db.errors import (
    DatabaseBusy,
    DatabaseClosed,
    DatabaseCorrupt,
    DatabaseError,
    DatabaseFull,
    DatabaseGone,
    DatabaseReadOnly,
    OutcomeUnknown,
)
from seraphim.kernel.db.keyed import write_keyed
from seraphim.kernel.db.port import Database, Dialect, metadata, signal
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.errors import InvalidInput

__all__ = [
    "Database",
    "DatabaseBusy",
    "DatabaseClosed",
    "DatabaseCorrupt",
    "DatabaseError",
    "DatabaseFull",
    "DatabaseGone",
    "DatabaseReadOnly",
    "Dialect",
    "OutcomeUnknown",
    "insert_into",
    "metadata",
    "open_database",
    "signal",
    "write_keyed",
]


async def open_database(url: str) -> Database:
    """Open the database ``url`` names: ``sqlite:///path`` or ``postgresql://user@host/name``.

    Each engine's module is imported only when it is asked for. Raises a :class:`DatabaseError`
    when the database cannot be opened, and InvalidInput when the URL names neither engine.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InvalidInput(reason="The database URL cannot be read.") from error
    engine = parsed.get_backend_name()
    if engine == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise InvalidInput(reason="SQLite needs a file: sqlite:///data/seraphim.db")
        from seraphim.kernel.db.sqlite import open_sqlite  # noqa: PLC0415 - only the engine in use

        return await open_sqlite(Path(parsed.database))
    if engine in {"postgresql", "postgres"}:
        from seraphim.kernel.db.postgres import open_postgres  # noqa: PLC0415 - as above

        return await open_postgres(parsed.set(drivername="postgresql+asyncpg"))
    raise InvalidInput(reason="The database is SQLite (sqlite:///...) or PostgreSQL.")
