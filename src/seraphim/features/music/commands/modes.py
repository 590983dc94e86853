"""The commands that decide how songs are played: loudness, repeating, choosing, staying."""

from typing import cast, get_args

import discord
from discord import app_commands

from seraphim.features.music.commands.answers import say
from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.rules.player import Autoplay
from seraphim.features.music.rules.queue import Loop
from seraphim.features.music.service import Steering
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, worded

LOOP_WORDS: dict[Loop, str] = {
    "off": N_("➡ Nothing is repeated."),
    "track": N_("🔂 This song is repeated."),
    "queue": N_("🔁 The queue is repeated."),
}
AUTOPLAY_WORDS: dict[Autoplay, str] = {
    "off": N_("♾ When the queue is over, the music ends."),
    "similar": N_("♾ When the queue is over, I go on with similar songs."),
    "artist": N_("♾ When the queue is over, I go on with the same artists."),
    "genre": N_("♾ When the queue is over, I stay in the genre."),
    "mixed": N_("♾ When the queue is over, I go on with a bit of everything you like."),
}
_LOOP_CHOICES: dict[Loop, str] = {
    "off": N_("off"),
    "track": N_("this song"),
    "queue": N_("the whole queue"),
}
_AUTOPLAY_CHOICES: dict[Autoplay, str] = {
    "off": N_("off"),
    "similar": N_("similar songs"),
    "artist": N_("the same artists"),
    "genre": N_("the same genre"),
    "mixed": N_("a bit of everything"),
}
LOOPS: tuple[Loop, ...] = get_args(Loop.__value__)


def mode_commands(steering: Steering) -> tuple[AnyCommand, ...]:
    """Return volume, loop, autoplay and stay."""

    @guild_command("volume", N_("Make it louder or quieter."))
    @app_commands.describe(percent=N_("100 is as recorded, 0 is silence"))
    async def volume(
        interaction: discord.Interaction, percent: app_commands.Range[int, 0, 200]
    ) -> None:
        now = await steering.set_volume(caller_of(interaction), percent)
        await say(interaction, N_("🔊 The volume is {percent} % now."), percent=now)

    @guild_command("loop", N_("Repeat the song or the whole queue."))
    @app_commands.describe(mode=N_("What is repeated"))
    @app_commands.choices(mode=worded({**_LOOP_CHOICES}))
    async def loop(interaction: discord.Interaction, mode: str) -> None:
        wanted = cast("Loop", mode)
        await steering.set_loop(caller_of(interaction), wanted)
        await say(interaction, LOOP_WORDS[wanted])

    @guild_command("autoplay", N_("Let me choose songs when the queue is over."))
    @app_commands.describe(mode=N_("How I choose"))
    @app_commands.choices(mode=worded({**_AUTOPLAY_CHOICES}))
    async def autoplay(interaction: discord.Interaction, mode: str) -> None:
        wanted = cast("Autoplay", mode)
        await steering.set_autoplay(caller_of(interaction), wanted)
        await say(interaction, AUTOPLAY_WORDS[wanted])

    @guild_command("stay", N_("Stay in the voice channel around the clock, or leave when idle."))
    async def stay(interaction: discord.Interaction) -> None:
        if await steering.toggle_stay(caller_of(interaction)):
            await say(interaction, N_("📌 I stay in the channel until somebody sends me out."))
        else:
            await say(interaction, N_("📍 I leave again when nobody listens or nothing plays."))

    return volume, loop, autoplay, stay
