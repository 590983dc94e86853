"""The commands that steer what plays."""

import discord

from seraphim.features.music.commands.answers import say, say_song
from seraphim.features.music.commands.caller import caller_of, guild_command
from seraphim.features.music.service import Music, MusicParts, Steering
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand


def control_commands(parts: MusicParts) -> tuple[AnyCommand, ...]:
    """Return pause, resume, back, stop, join and leave."""
    return (
        _pause(parts.steering),
        _resume(parts.steering),
        _back(parts.steering),
        _stop(parts.steering),
        _join(parts.music),
        _leave(parts.music),
    )


def _pause(steering: Steering) -> AnyCommand:
    @guild_command("pause", N_("Hold the song where it is."))
    async def pause(interaction: discord.Interaction) -> None:
        track = await steering.pause(caller_of(interaction))
        await say_song(interaction, N_("⏸ Paused {song}"), track)

    return pause


def _resume(steering: Steering) -> AnyCommand:
    @guild_command("resume", N_("Go on where the song was held."))
    async def resume(interaction: discord.Interaction) -> None:
        track = await steering.resume(caller_of(interaction))
        await say_song(interaction, N_("▶ Going on with {song}"), track)

    return resume


def _back(steering: Steering) -> AnyCommand:
    @guild_command("back", N_("Return to the song before."))
    async def back(interaction: discord.Interaction) -> None:
        track = await steering.back(caller_of(interaction))
        await say_song(interaction, N_("⏮ Back to {song}"), track)

    return back


def _stop(steering: Steering) -> AnyCommand:
    @guild_command("stop", N_("Stop, empty the queue and leave."))
    async def stop(interaction: discord.Interaction) -> None:
        await steering.stop(caller_of(interaction))
        await say(interaction, N_("⏹ Stopped. The queue is empty and I have left the channel."))

    return stop


def _join(music: Music) -> AnyCommand:
    @guild_command("join", N_("Call me into your voice channel."))
    async def join(interaction: discord.Interaction) -> None:
        channel_id = await music.join(caller_of(interaction))
        await say(interaction, N_("I am in {channel}."), channel=f"<#{channel_id}>")

    return join


def _leave(music: Music) -> AnyCommand:
    @guild_command("leave", N_("Send me out; the queue is kept."))
    async def leave(interaction: discord.Interaction) -> None:
        await music.leave(caller_of(interaction))
        await say(interaction, N_("I have left. The queue is kept: /join brings me back."))

    return leave
