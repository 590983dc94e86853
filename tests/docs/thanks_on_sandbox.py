"""Runs house.md's feature on a sandbox. Arguments: the folder it was written to, a data folder.

A process of its own, because a feature's table and errors are known to the whole process.
"""

import asyncio
import os
import sys
from importlib import import_module
from pathlib import Path

import seraphim.features
from discord_sandbox.driver import Driver
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import running
from seraphim.kernel.config import load_config
from seraphim.kernel.db import metadata
from seraphim.kernel.migrate import migrate_database


async def main(source: Path, data: Path) -> None:
    """Let Alice thank Bob twice and herself once."""
    seraphim.features.__path__.append(str(source / "seraphim" / "features"))
    build = import_module("seraphim.features.thanks.feature").build
    async with Sandbox(data_dir=data / "sandbox") as sandbox, Driver(sandbox) as driver:
        assert sandbox.seeded is not None
        environ = {
            "DISCORD_TOKEN": sandbox.seeded.application.token,
            "SERAPHIM_DISCORD_API_URL": sandbox.url,
            "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
            "SERAPHIM_DISCORD_CA_FILE": str(sandbox.voice.ca_file),
            "SERAPHIM_DATA_DIR": str(data),
            "SERAPHIM_WEB_PORT": "0",
            "SERAPHIM_LOG_LEVEL": "error",
        }
        async with running(load_config(environ, None), more=(build,)) as bot:
            await migrate_database(bot.kernel.db, source / "seraphim" / "migrations")
            counted = asyncio.Event()
            bot.kernel.db.watch("outbox", counted.set)
            guild = await driver.guild()
            alice, bob = await guild.member("alice"), await guild.member("bob")
            first = await alice.slash("thanks", member=bob)
            assert "has been thanked once." in first.text, first.text
            assert counted.is_set(), "no event was published"
            second = await alice.slash("thanks", member=bob)
            assert "has been thanked 2 times." in second.text, second.text
            refused = await alice.slash("thanks", member=alice)
            assert "Thank somebody else." in refused.text, refused.text
            assert "thanks.own" in refused.text, refused.text
            assert refused.ephemeral
            ada = await guild.member("ada")
            await ada.slash("settings change", feature="thanks", setting="emoji", value="🎉")
            third = await alice.slash("thanks", member=bob)
            assert "🎉" in third.text, third.text
            await bot.kernel.db.read(_check_schema)


def _check_schema(conn: object) -> None:
    """The migration makes what the store describes."""
    from sqlalchemy import Connection, inspect  # noqa: PLC0415 - only here

    assert isinstance(conn, Connection)
    table = metadata.tables["thanks"]
    found = {column["name"] for column in inspect(conn).get_columns("thanks")}
    assert found == set(table.columns.keys())
    indexes = {index["name"] for index in inspect(conn).get_indexes("thanks")}
    assert indexes == {index.name for index in table.indexes}


if __name__ == "__main__":
    os.environ.pop("DISCORD_TOKEN", None)
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
