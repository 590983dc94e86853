"""Puts the parts of music together, and starts and stops them in the right order."""

from collections.abc import Sequence
from dataclasses import dataclass

from seraphim.features.music.ports import AudioBackend, GuildLimits, TellsTitles, TrackSource, Venue
from seraphim.features.music.ports.lyrics import (
    LyricsBoard,
    LyricsSource,
    NullBoard,
    NullLyrics,
)
from seraphim.features.music.ports.segments import NullSegments, SegmentSource
from seraphim.features.music.service.arranging import Arranging
from seraphim.features.music.service.automatic import Automatic
from seraphim.features.music.service.desk import Desk
from seraphim.features.music.service.errands import Errands
from seraphim.features.music.service.figures import MusicFigures
from seraphim.features.music.service.finder import Finder
from seraphim.features.music.service.keeper import ControllerKeeper
from seraphim.features.music.service.lyrics import Lyrics
from seraphim.features.music.service.music import Music
from seraphim.features.music.service.playback import Playback
from seraphim.features.music.service.playlists import Playlists
from seraphim.features.music.service.returning import Returning
from seraphim.features.music.service.rooms import Rooms
from seraphim.features.music.service.segments import Skipping
from seraphim.features.music.service.starting import Starting
from seraphim.features.music.service.statistics import Listening, Statistics
from seraphim.features.music.service.steering import Steering
from seraphim.features.music.service.upkeep import Upkeep
from seraphim.features.music.service.voting import Voting
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.dice import Dice
from seraphim.kernel.ids import GuildId, Ids
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.telemetry import Metrics


@dataclass(frozen=True, slots=True)
class MusicParts:
    """Everything of music that runs."""

    music: Music
    steering: Steering
    arranging: Arranging
    voting: Voting
    playlists: Playlists
    playback: Playback
    keeper: ControllerKeeper
    upkeep: Upkeep
    returning: Returning
    automatic: Automatic
    lyrics: Lyrics
    skipping: Skipping
    listening: Listening
    statistics: Statistics
    audio: AudioBackend
    sources: tuple[TrackSource, ...]

    async def start(self) -> None:
        """Go back to where the last process was, and begin to look after the players."""
        self.upkeep.start()
        self.automatic.start()
        self.skipping.start()
        self.listening.start()
        await self.returning.all()
        self.lyrics.start()
        self.playback.warm_up()

    async def stop(self) -> None:
        """Store every position and fall silent; the players stay as they are for the next start."""
        await self.playback.close()
        await self.lyrics.close()
        await self.skipping.close()
        await self.automatic.close()
        await self.listening.close()
        await self.upkeep.close()
        await self.keeper.close()
        await self.audio.close()
        for source in self.sources:
            await source.close()

    async def guild_is_back(self, guild_id: GuildId) -> None:
        """Return to a guild that Discord had taken out of service."""
        await self.returning.to(guild_id)

    async def voice_changed(self, guild_id: GuildId) -> None:
        """Look whether anybody listens, after somebody came or went."""
        await self.upkeep.check_company(guild_id)


def assemble(  # noqa: PLR0913 - one for each part it connects
    *,
    db: Database,
    settings: GuildSettings,
    clock: Clock,
    ids: Ids,
    dice: Dice,
    metrics: Metrics,
    audio: AudioBackend,
    sources: Sequence[TrackSource],
    venue: Venue,
    limits: GuildLimits,
    lyrics: LyricsSource | None = None,
    board: LyricsBoard | None = None,
    segments: SegmentSource | None = None,
) -> MusicParts:
    """Return the parts, connected to each other and to the backend's events."""
    desk = _desk(
        db=db,
        settings=settings,
        clock=clock,
        ids=ids,
        metrics=metrics,
        audio=audio,
        sources=sources,
        venue=venue,
        limits=limits,
    )
    audio.subscribe(desk.playback.on_event)
    finder = Finder(sources, db)
    music = Music(desk, finder)
    _show_live_titles(sources, desk.keeper)
    return MusicParts(
        music=music,
        steering=Steering(desk),
        arranging=Arranging(desk, dice),
        voting=Voting(desk),
        playlists=Playlists(desk, music, finder),
        playback=desk.playback,
        keeper=desk.keeper,
        upkeep=_upkeep(desk),
        returning=Returning(
            rooms=desk.rooms,
            playback=desk.playback,
            keeper=desk.keeper,
            audio=audio,
            venue=venue,
        ),
        automatic=_automatic(desk, sources, dice),
        lyrics=Lyrics(desk, lyrics or NullLyrics(), board or NullBoard()),
        skipping=_skipping(desk, segments or NullSegments()),
        listening=Listening(desk.rooms, venue, db, clock),
        statistics=Statistics(db, clock, music),
        audio=audio,
        sources=tuple(sources),
    )


def _desk(  # noqa: PLR0913 - one for each part it connects
    *,
    db: Database,
    settings: GuildSettings,
    clock: Clock,
    ids: Ids,
    metrics: Metrics,
    audio: AudioBackend,
    sources: Sequence[TrackSource],
    venue: Venue,
    limits: GuildLimits,
) -> Desk:
    """Return what all verbs share: the players, and what plays and shows them."""
    rooms = Rooms(db, settings, clock)
    keeper = ControllerKeeper(rooms, venue, audio, clock)
    figures = MusicFigures(metrics, audio)
    errands = Errands(rooms, venue, settings)
    starting = Starting(
        rooms=rooms,
        audio=audio,
        sources={source.name: source for source in sources},
        keeper=keeper,
        errands=errands,
        settings=settings,
        figures=figures,
        clock=clock,
        ids=ids,
    )
    playback = Playback(
        rooms=rooms,
        audio=audio,
        sources=sources,
        venue=venue,
        keeper=keeper,
        starting=starting,
        errands=errands,
        figures=figures,
        clock=clock,
    )
    return Desk(
        db=db,
        rooms=rooms,
        playback=playback,
        keeper=keeper,
        audio=audio,
        venue=venue,
        settings=settings,
        guild_limits=limits,
        clock=clock,
        ids=ids,
    )


def _upkeep(desk: Desk) -> Upkeep:
    return Upkeep(
        rooms=desk.rooms,
        playback=desk.playback,
        keeper=desk.keeper,
        audio=desk.audio,
        venue=desk.venue,
        settings=desk.settings,
        clock=desk.clock,
    )


def _automatic(desk: Desk, sources: Sequence[TrackSource], dice: Dice) -> Automatic:
    """Let autoplay go on where the queue ends, and controllers show what it has chosen."""
    automatic = Automatic(desk, sources, dice)
    desk.playback.continue_with(automatic)
    desk.keeper.ask_what_follows(automatic.next_up)
    return automatic


def _skipping(desk: Desk, segments: SegmentSource) -> Skipping:
    """Let controllers show what was skipped."""
    skipping = Skipping(desk, segments)
    desk.keeper.ask_what_was_skipped(skipping.skipped)
    return skipping


def _show_live_titles(sources: Sequence[TrackSource], keeper: ControllerKeeper) -> None:
    """Let controllers show what radio stations say they play."""
    for source in sources:
        if isinstance(source, TellsTitles):
            source.follow_titles(keeper.stream_said)
            keeper.ask_what_is_live(source.live_title)
