"""The commands that go to another place in the song."""

import discord
from discord import app_commands

from seraphim.features.music.commands.answers import LINE, say
from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.rules.picture import clock_time, track_line
from seraphim.features.music.service import Steering
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand

STEP_SECONDS = 30
"""How far the buttons, and the commands without a number, jump."""
_LONGEST = 16


def seeking_commands(steering: Steering) -> tuple[AnyCommand, ...]:
    """Return seek, forward and rewind."""

    async def jump(interaction: discord.Interaction, typed: str) -> None:
        track, position_ms = await steering.seek(caller_of(interaction), typed)
        song, place = track_line(track, limit=LINE), clock_time(position_ms)
        await say(interaction, N_("⏩ {song} goes on at {place}."), song=song, place=place)

    @guild_command("seek", N_("Go to a place in the song."), free_text=("position",))
    @app_commands.describe(position=N_("1:30, 90 or 2m 5s; +15 and -30 count from now"))
    async def seek(
        interaction: discord.Interaction, position: app_commands.Range[str, 1, _LONGEST]
    ) -> None:
        await jump(interaction, position)

    @guild_command("forward", N_("Jump ahead in the song."))
    @app_commands.describe(seconds=N_("How far, seconds; 30 if you do not say"))
    async def forward(
        interaction: discord.Interaction, seconds: app_commands.Range[int, 1, 86_400] = STEP_SECONDS
    ) -> None:
        await jump(interaction, f"+{seconds}")

    @guild_command("rewind", N_("Jump back in the song."))
    @app_commands.describe(seconds=N_("How far, seconds; 30 if you do not say"))
    async def rewind(
        interaction: discord.Interaction, seconds: app_commands.Range[int, 1, 86_400] = STEP_SECONDS
    ) -> None:
        await jump(interaction, f"-{seconds}")

    return seek, forward, rewind
