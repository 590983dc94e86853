"""The commands that steer what plays."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.rules.picture import track_line
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service import Music, MusicParts, Steering
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.replies import Tone, embed, reply

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_LINE = 200


def control_commands(parts: MusicParts) -> tuple[AnyCommand, ...]:
    """Return pause, resume, skip, back, stop, volume, join and leave."""
    return (
        _pause(parts.steering),
        _resume(parts.steering),
        _skip(parts.steering),
        _back(parts.steering),
        _stop(parts.steering),
        _volume(parts.steering),
        _join(parts.music),
        _leave(parts.music),
    )


def _pause(steering: Steering) -> AnyCommand:
    @guild_command("pause", N_("Hold the song where it is."))
    async def pause(interaction: discord.Interaction) -> None:
        track = await steering.pause(caller_of(interaction))
        await _answer(interaction, N_("⏸ Paused {song}"), track)

    return pause


def _resume(steering: Steering) -> AnyCommand:
    @guild_command("resume", N_("Go on where the song was held."))
    async def resume(interaction: discord.Interaction) -> None:
        track = await steering.resume(caller_of(interaction))
        await _answer(interaction, N_("▶ Going on with {song}"), track)

    return resume


def _skip(steering: Steering) -> AnyCommand:
    @guild_command("skip", N_("Go to the next song."))
    @app_commands.describe(to=N_("The number in the queue to jump to; 1 is the next song"))
    async def skip(
        interaction: discord.Interaction, to: app_commands.Range[int, 1, 2000] = 1
    ) -> None:
        ended, now = await steering.skip(caller_of(interaction), steps=to)
        if now is None:
            await _answer(interaction, N_("⏭ Skipped {song}. The queue is empty now."), ended)
        else:
            await _answer(interaction, N_("⏭ Skipped. Now playing {song}"), now)

    return skip


def _back(steering: Steering) -> AnyCommand:
    @guild_command("back", N_("Return to the song before."))
    async def back(interaction: discord.Interaction) -> None:
        track = await steering.back(caller_of(interaction))
        await _answer(interaction, N_("⏮ Back to {song}"), track)

    return back


def _stop(steering: Steering) -> AnyCommand:
    @guild_command("stop", N_("Stop, empty the queue and leave."))
    async def stop(interaction: discord.Interaction) -> None:
        await steering.stop(caller_of(interaction))
        await _say(interaction, N_("⏹ Stopped. The queue is empty and I have left the channel."))

    return stop


def _volume(steering: Steering) -> AnyCommand:
    @guild_command("volume", N_("Make it louder or quieter."))
    @app_commands.describe(percent=N_("100 is as recorded, 0 is silence"))
    async def volume(
        interaction: discord.Interaction, percent: app_commands.Range[int, 0, 200]
    ) -> None:
        now = await steering.set_volume(caller_of(interaction), percent)
        await _say(interaction, N_("🔊 The volume is {percent} % now."), percent=now)

    return volume


def _join(music: Music) -> AnyCommand:
    @guild_command("join", N_("Call me into your voice channel."))
    async def join(interaction: discord.Interaction) -> None:
        channel_id = await music.join(caller_of(interaction))
        await _say(interaction, N_("I am in {channel}."), channel=f"<#{channel_id}>")

    return join


def _leave(music: Music) -> AnyCommand:
    @guild_command("leave", N_("Send me out; the queue is kept."))
    async def leave(interaction: discord.Interaction) -> None:
        await music.leave(caller_of(interaction))
        await _say(interaction, N_("I have left. The queue is kept: /join brings me back."))

    return leave


async def _answer(interaction: discord.Interaction, message: str, track: Track) -> None:
    await _say(interaction, message, song=track_line(track, limit=_LINE))


async def _say(
    interaction: discord.Interaction, message: str, *, tone: Tone = "good", **parameters: object
) -> None:
    translate: Translator = translator_for(interaction, public=True)
    await reply(interaction, embed=embed(None, translate(message, **parameters), tone))
