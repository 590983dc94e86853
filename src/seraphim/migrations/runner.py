"""Runs the migrations with Alembic, without an ini file: the connection is handed in.

A new migration: copy the newest file in ``versions``, give it the next number, and write
``upgrade()``. There is no downgrade: a backup is the way back.
"""

from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection


def run_migrations(conn: Connection, directory: Path) -> None:
    """Upgrade the schema to the newest version inside the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(directory).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _context: MigrationContext) -> Any:  # noqa: ANN401 - Alembic's own types
        return script._upgrade_revs("head", revision)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as alembic.command.upgrade does

    context = MigrationContext.configure(
        connection=conn, opts={"fn": steps, "script": script, "transactional_ddl": True}
    )
    with Operations.context(context):
        context.run_migrations()
