"""Seraphim as it is, plus one feature with the two commands that the bare bot has as well."""

import discord
import uvloop
from discord import app_commands

from seraphim.app.lifecycle import serve
from seraphim.kernel.config import load_config
from seraphim.kernel.feature import Feature
from seraphim.kernel.ids import GuildId
from seraphim.kernel.kernel import Kernel
from seraphim.kernel.settings import find_settings
from seraphim.surfaces.discord.replies import reply


def probe(kernel: Kernel) -> Feature:
    """Build the feature: ``/probe-trivial`` and ``/probe-read`` (one uncached row)."""

    @app_commands.command(name="probe-trivial", description="Answer a sentence")
    @app_commands.guild_only()
    async def trivial(interaction: discord.Interaction) -> None:
        await reply(interaction, content="Here I am.")

    @app_commands.command(name="probe-read", description="Read a row and answer it")
    @app_commands.guild_only()
    async def read(interaction: discord.Interaction) -> None:
        guild_id = GuildId(interaction.guild_id or 0)
        stored = await kernel.db.read(find_settings, guild_id, "probe")
        await reply(interaction, content="no row" if stored is None else "one row")

    return Feature(name="probe", summary="What the benchmark asks.", commands=(trivial, read))


def main() -> None:
    """Run against the addresses in the environment until told to stop."""
    uvloop.run(serve(load_config(), more=(probe,)))


if __name__ == "__main__":
    main()
