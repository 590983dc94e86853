"""Seraphim as it is, plus one feature with the two commands that the bare bot has as well."""

import discord
import uvloop

from seraphim.app.lifecycle import serve
from seraphim.kernel.config import load_config
from seraphim.kernel.feature import Feature
from seraphim.kernel.ids import GuildId
from seraphim.kernel.kernel import Kernel
from seraphim.kernel.settings import find_settings
from seraphim.surfaces.discord.commands import slash
from seraphim.surfaces.discord.replies import reply


def probe(kernel: Kernel) -> Feature:
    """Build the feature: ``/probe-trivial`` and ``/probe-read`` (one uncached row)."""

    @slash("probe-trivial", "Answer a sentence")
    async def trivial(interaction: discord.Interaction) -> None:
        await reply(interaction, content="Here I am.")

    @slash("probe-read", "Read a row and answer it")
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
