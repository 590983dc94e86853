"""The schema: migrated equals declared, safe at simultaneous starts, refused from the future."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import Connection
from tests.support.servers import child_environment

from seraphim.kernel.db import Database, metadata, open_database
from seraphim.kernel.kernel import Kernel
from seraphim.kernel.migrate import (
    MIGRATIONS_DIR,
    DatabaseFromTheFuture,
    known_versions,
    migrate,
    migrate_database,
    stored_version,
)

KERNEL_TABLES = {"outbox", "outbox_retries", "jobs", "leases", "guild_settings", "audit_log"}


async def test_the_migrated_schema_is_the_declared_one(database: Database) -> None:
    def compare(conn: Connection) -> list[object]:
        def include(thing: object, name: str | None, kind: str, *_: object) -> bool:
            del thing
            return kind != "table" or name in metadata.tables

        context = MigrationContext.configure(
            conn, opts={"compare_type": True, "include_object": include}
        )
        return list(compare_metadata(context, metadata))

    assert Kernel.__annotations__  # importing the kernel has declared its tables
    assert metadata.tables.keys() >= KERNEL_TABLES
    assert await database.read(compare) == []


async def test_a_new_database_gets_the_newest_version(empty_database_url: str) -> None:
    newest = known_versions()[-1]
    assert await migrate(empty_database_url) == newest
    db = await open_database(empty_database_url)
    assert await db.read(stored_version) == newest
    await db.close()


async def test_simultaneous_first_starts_migrate_once(empty_database_url: str) -> None:
    versions = await asyncio.gather(*(migrate(empty_database_url) for _ in range(4)))
    assert set(versions) == {known_versions()[-1]}


async def test_a_database_from_the_future_is_refused(database: Database) -> None:
    await database.write(
        lambda conn: conn.execute(text("UPDATE alembic_version SET version_num = '9999'")) and None
    )
    with pytest.raises(DatabaseFromTheFuture, match=r"version 9999.*newer Seraphim"):
        await migrate_database(database)


async def test_a_migration_that_fails_leaves_nothing_behind(
    empty_database_url: str, tmp_path: Path
) -> None:
    directory = tmp_path / "migrations"
    (directory / "versions").mkdir(parents=True)
    (directory / "versions" / "0001_broken.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\n"
        "revision = '0001'\ndown_revision = None\n"
        "def upgrade():\n"
        "    op.create_table('half', sa.Column('id', sa.Integer(), primary_key=True))\n"
        "    raise RuntimeError('broken on purpose')\n"
    )
    db = await open_database(empty_database_url)
    with pytest.raises(RuntimeError, match="on purpose"):
        await migrate_database(db, directory)
    assert await db.read(stored_version) is None
    # The name is free: the table did not survive.
    await db.write(lambda conn: conn.execute(text("CREATE TABLE half (id INTEGER)")) and None)
    await db.close()


def test_versions_are_one_line_without_gaps() -> None:
    versions = known_versions(MIGRATIONS_DIR)
    assert versions == [f"{number:04d}" for number in range(1, len(versions) + 1)]


async def test_a_start_without_news_does_not_load_alembic(
    sqlite_template: Path, tmp_path: Path
) -> None:
    script = (
        "import asyncio, sys\n"
        "from seraphim.kernel.migrate import migrate\n"
        f"asyncio.run(migrate('sqlite:///{sqlite_template}'))\n"
        "assert 'alembic' not in sys.modules\n"
    )
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env=child_environment(),
    )
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir())
