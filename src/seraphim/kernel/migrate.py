"""Brings the schema up to date: Alembic's one linear sequence, run as one unit of work.

Safe when several processes start at once: on SQLite the unit holds the write lock, on PostgreSQL an
advisory lock, and whoever comes second finds nothing left to do. Alembic is imported only when
there is something to do.
"""

import re
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection

from seraphim.kernel.db import Database, open_database
from seraphim.kernel.errors import SeraphimError

MIGRATIONS_DIR = Path(__file__).parent.parent / "migrations"
_FILE = re.compile(r"^(\d{4})_\w+\.py$")
_LOCK = 0x5E_4A_F1_13
"""Key of PostgreSQL's advisory lock; any constant that nothing else uses."""


class DatabaseFromTheFuture(SeraphimError):
    """A newer Seraphim has used this database."""

    code = "database_from_the_future"
    message = (
        "The database is at version {found}, this Seraphim knows only up to {known}. "
        "Start a newer Seraphim, or restore a backup made before the update. Nothing was changed."
    )


def known_versions(directory: Path = MIGRATIONS_DIR) -> list[str]:
    """Return the versions of the migrations that ship, oldest first (``0001``, ``0002`` ...)."""
    names = (_FILE.match(path.name) for path in (directory / "versions").iterdir())
    versions = sorted(match[1] for match in names if match)
    if len(set(versions)) != len(versions):
        raise RuntimeError(f"two migrations share a number: {versions}")
    return versions


async def migrate(url: str) -> str:
    """Bring the database at ``url`` up to date; returns its version.

    Raises DatabaseFromTheFuture, or a DatabaseError when it cannot be reached or written.
    """
    db = await open_database(url)
    try:
        return await migrate_database(db)
    finally:
        await db.close()


async def migrate_database(db: Database, directory: Path = MIGRATIONS_DIR) -> str:
    """Bring an open database up to date; returns its version."""
    versions = known_versions(directory)
    if await db.read(stored_version) != versions[-1]:
        await db.write(_upgrade, versions, directory)
    return versions[-1]


def stored_version(conn: Connection) -> str | None:
    """Return the schema's version; None for a database that is still empty."""
    if conn.dialect.name == "sqlite":
        exists = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'alembic_version'"
    else:
        exists = "SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL"
    if conn.execute(text(exists)).first() is None:
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _upgrade(conn: Connection, versions: list[str], directory: Path) -> None:
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    stored = stored_version(conn)
    if stored == versions[-1]:
        return  # another process was quicker
    if stored is not None and stored not in versions:
        raise DatabaseFromTheFuture(found=stored, known=versions[-1])
    from seraphim.migrations.runner import run_migrations  # noqa: PLC0415 - loads Alembic

    run_migrations(conn, directory)
