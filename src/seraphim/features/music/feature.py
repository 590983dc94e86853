"""The manifest of music."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import discord

from seraphim.features.music.commands import (
    INTENTS,
    DiscordBoard,
    DiscordVenue,
    HistoryCommands,
    LyricsCommands,
    MusicPanel,
    PlaylistCommands,
    listeners,
    music_commands,
    music_components,
    queue_pages,
)
from seraphim.features.music.ports import AudioBackend, SameLimits, TrackSource
from seraphim.features.music.ports.lyrics import LyricsSource
from seraphim.features.music.ports.segments import SegmentSource
from seraphim.features.music.service import MusicParts, MusicSettings, assemble
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.feature import Feature, HealthCheck, HealthReport
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.texts import N_

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

N_("Music")  # help shows the feature's name as a title


def build(
    kernel: "Kernel",
    *,
    audio: AudioBackend,
    sources: Sequence[TrackSource],
    client: Callable[[], discord.Client],
    lyrics: LyricsSource | None = None,
    segments: SegmentSource | None = None,
) -> Feature:
    """Return the feature.

    Args:
        kernel: For the database, settings, texts, metrics, clock and ids.
        audio: Plays; closed when the feature stops.
        sources: Where tracks come from, in the order in which they are asked; closed likewise.
        client: Returns the Discord client, which is made after the features.
        lyrics: Knows the words of songs; closed likewise.
        segments: Knows the parts of videos that are no music; closed likewise.
    """
    parts = assemble(
        db=kernel.db,
        settings=kernel.settings,
        clock=kernel.clock,
        ids=kernel.ids,
        dice=kernel.dice,
        metrics=kernel.metrics,
        audio=audio,
        sources=sources,
        venue=DiscordVenue(client, kernel.texts),
        limits=SameLimits(),
        lyrics=lyrics,
        board=DiscordBoard(client, kernel.texts),
        segments=segments,
    )
    pages, playlists = queue_pages(parts.music), PlaylistCommands(parts.playlists)
    history = HistoryCommands(parts.statistics)
    panel = MusicPanel(kernel.settings, parts.music)
    words = LyricsCommands(parts.music, parts.lyrics)
    more = [each for each in (lyrics, segments) if each is not None]
    return Feature(
        name="music",
        summary=N_("Songs and radio in your voice channels."),
        commands=music_commands(parts, pages, playlists, history, panel, words),
        components=music_components(parts, pages, playlists, history, panel, words),
        discord_listeners=listeners(parts),
        intents=INTENTS,
        settings=MusicSettings,
        health=(_audio_check(audio), *(_source_check(each) for each in (*sources, *more))),
        privacy=_MusicPrivacy(parts),
        start=parts.start,
        stop=parts.stop,
    )


class _MusicPrivacy:
    """What music knows of a member: what they asked for, and how long they listened."""

    def __init__(self, parts: MusicParts) -> None:
        self._parts = parts

    async def export(self, guild_id: GuildId, user_id: UserId) -> Mapping[str, object]:
        """Return what the member asked for, and how long they listened each day."""
        asked_for = await self._parts.music.export_member(guild_id, user_id)
        return {**asked_for, "listening": await self._parts.listening.export(guild_id, user_id)}

    async def erase(self, guild_id: GuildId, user_id: UserId) -> None:
        """Take the member's name off what they asked for; the songs are the guild's."""
        await self._parts.music.erase_member(guild_id, user_id)
        await self._parts.listening.erase(guild_id, user_id)


def _audio_check(audio: AudioBackend) -> HealthCheck:
    async def check() -> HealthReport:
        figures = audio.figures()
        shown = {
            "players": float(figures.players),
            "playing": float(figures.playing),
            "underruns": float(figures.underruns),
            "late_p99_ms": figures.late_p99_ms,
            **figures.extra,
        }
        if figures.problems:
            return HealthReport("degraded", " ".join(figures.problems), shown)
        return HealthReport("degraded" if audio.name == "null" else "healthy", audio.name, shown)

    return HealthCheck("audio", check)


def _source_check(source: TrackSource | LyricsSource | SegmentSource) -> HealthCheck:
    async def check() -> HealthReport:
        try:
            await source.ping()
        except SeraphimError as error:
            return HealthReport("degraded", str(error))
        return HealthReport("healthy")

    return HealthCheck(f"music_{source.name}", check)
