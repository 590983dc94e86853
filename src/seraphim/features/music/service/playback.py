"""Decides what follows when songs end, fail or lose their channel."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from seraphim.features.music.ports import (
    AudioBackend,
    AudioEvent,
    PlaybackEnded,
    PlaybackFailed,
    PlaybackStarted,
    SourceFailed,
    TrackSource,
    Venue,
    VoiceClosed,
    VoiceMoved,
)
from seraphim.features.music.rules import notices
from seraphim.features.music.rules.player import left, paused, with_queue
from seraphim.features.music.rules.queue import advance
from seraphim.features.music.service.errands import Errands
from seraphim.features.music.service.figures import MusicFigures
from seraphim.features.music.service.keeper import ControllerKeeper, position_of
from seraphim.features.music.service.rooms import Room, Rooms
from seraphim.features.music.service.starting import Follower, Starting
from seraphim.kernel.clock import Clock
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

LONG_ENOUGH_MS = 30_000
"""A song that played so long before it broke does not count as one that could not be played."""
RETURN_AFTER_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
"""The pauses before each attempt to return after a lost connection: two minutes in all."""
_GOODBYES = {
    "kicked": notices.KICKED,
    "channel_deleted": notices.CHANNEL_DELETED,
    "connection_lost": notices.CONNECTION_LOST,
}


class Playback:
    """The part of the service that follows the audio backend.

    Args:
        rooms: The players.
        audio: What plays.
        sources: Where tracks come from.
        venue: Where the player is.
        keeper: Shows the controller.
        starting: Starts songs.
        errands: Says things.
        figures: Counts.
        clock: Stamps positions.
    """

    def __init__(  # noqa: PLR0913 - one for each part it brings together
        self,
        *,
        rooms: Rooms,
        audio: AudioBackend,
        sources: Sequence[TrackSource],
        venue: Venue,
        keeper: ControllerKeeper,
        starting: Starting,
        errands: Errands,
        figures: MusicFigures,
        clock: Clock,
    ) -> None:
        self._rooms = rooms
        self._audio = audio
        self._sources = tuple(sources)
        self._venue = venue
        self._keeper = keeper
        self._starting = starting
        self._errands = errands
        self._figures = figures
        self._clock = clock
        self._returns: dict[GuildId, asyncio.Task[None]] = {}
        self._try_to_return: Callable[[GuildId], Awaitable[bool]] | None = None
        self._closing = False

    async def start(
        self,
        room: Room,
        *,
        position_ms: int = 0,
        held: bool = False,
        announce: bool = False,
    ) -> None:
        """Play the current entry of a locked player: see :meth:`Starting.start`."""
        await self._starting.start(room, position_ms=position_ms, held=held, announce=announce)

    def continue_with(self, follower: Follower) -> None:
        """Ask ``follower`` for a song whenever the queue has run out."""
        self._starting.continue_with(follower)

    async def on_event(self, event: AudioEvent) -> None:
        """Take in what the backend reports; events of a playback that is over change nothing."""
        if self._closing:
            return
        try:
            match event:
                case PlaybackStarted():
                    self._figures.started()
                case PlaybackEnded():
                    await self._ended(event)
                case PlaybackFailed():
                    await self._broke_off(event)
                case VoiceClosed():
                    await self._closed(event)
                case VoiceMoved():
                    await self._moved(event)
        except SeraphimError:
            _log.exception("music.event_failed", guild_id=event.guild_id, kind=type(event).__name__)

    async def leave(self, room: Room, notice: notices.Notice | None = None) -> None:
        """Leave the voice channel; the song and the queue are kept for the way back."""
        player = room.player
        after = left(
            player,
            position_ms=position_of(player, self._audio),
            now_ms=self._clock.now_ms(),
        )
        await self._rooms.save(room, after, must=False)
        room.idle_since = None
        self._starting.left(room.guild_id)
        await self._audio.disconnect(room.guild_id)
        if notice is not None:
            self.tell(room, notice)
        self._keeper.touch(room.guild_id)

    async def hold_for(self, room: Room, reason: str) -> None:
        """Pause because nobody listens, or go on because somebody does."""
        player, now_ms = room.player, self._clock.now_ms()
        if reason == "alone" and player.status == "playing":
            position_ms = position_of(player, self._audio)
            after = paused(player, "alone", position_ms=position_ms, now_ms=now_ms)
            await self._rooms.save(room, after, must=False)
            await self._audio.pause(room.guild_id)
        elif reason == "company" and player.pause_reason == "alone":
            after = replace(player, status="playing", pause_reason=None, position_at_ms=now_ms)
            await self._rooms.save(room, after, must=False)
            await self._audio.resume(room.guild_id)
        else:
            return
        self._keeper.touch(room.guild_id)

    def prepare_next(self, room: Room) -> None:
        """Open the song whose turn comes next in the background, so that it starts at once."""
        self._starting.prepare_next(room)

    def tell(self, room: Room, notice: notices.Notice) -> None:
        """Say something in the player's text channel, without waiting for it to be sent."""
        self._errands.tell(room, notice)

    def warm_up(self) -> None:
        """Let sources read their folders in the background, before somebody waits for it."""
        for source in self._sources:
            self._errands.run(_ping(source))

    def return_by(self, attempt: Callable[[GuildId], Awaitable[bool]]) -> None:
        """Let ``attempt`` bring the player back when its voice connection is lost.

        It returns whether nothing is left to do; otherwise it is asked again later.
        """
        self._try_to_return = attempt

    def return_later(self, guild_id: GuildId) -> None:
        """Try again and again to get back into the voice channel, unless that is tried already."""
        if self._try_to_return is not None and guild_id not in self._returns:
            task = self._errands.run(self._return(guild_id, self._try_to_return))
            self._returns[guild_id] = task
            task.add_done_callback(lambda _: self._returns.pop(guild_id, None))

    async def close(self) -> None:
        """Take no more events, and let the last messages out."""
        self._closing = True
        for task in self._returns.values():
            task.cancel()
        self._starting.close()
        await self._errands.close()

    async def _ended(self, event: PlaybackEnded) -> None:
        async with self._rooms.hold(event.guild_id) as room:
            if room.player.playback_id != event.playback_id:
                return
            queue = advance(room.player.queue, "played", loop=room.player.loop)
            after = with_queue(room.player, queue, now_ms=self._clock.now_ms())
            await self._rooms.save(room, replace(after, failures=0), must=False)
            await self.start(room, announce=True)

    async def _broke_off(self, event: PlaybackFailed) -> None:
        async with self._rooms.hold(event.guild_id) as room:
            if room.player.playback_id != event.playback_id:
                return
            if event.position_ms >= LONG_ENOUGH_MS:
                room.player = replace(room.player, failures=0)
            error = SourceFailed(event.reason, failure=event.failure, **event.parameters)
            await self._starting.once_more(room, error, event.position_ms)

    async def _closed(self, event: VoiceClosed) -> None:
        async with self._rooms.hold(event.guild_id) as room:
            if not room.player.is_here:
                return
            _log.info("music.voice_closed", guild_id=event.guild_id, reason=event.reason)
            if event.reason != "connection_lost" or self._try_to_return is None:
                await self.leave(room, _GOODBYES[event.reason])
            else:
                self.return_later(event.guild_id)

    async def _return(
        self, guild_id: GuildId, attempt: Callable[[GuildId], Awaitable[bool]]
    ) -> None:
        """Go back where nobody has sent us out; while that is tried, the player stays as it is.

        A new session at Discord's gateway takes the voice connection along with the old one.
        """
        for seconds in RETURN_AFTER_SECONDS:
            await self._clock.sleep(seconds)
            if await attempt(guild_id):
                return
        async with self._rooms.hold(guild_id) as room:
            is_gone = room.player.is_here and self._audio.channel_id(guild_id) is None
            # A guild out of service comes back one day, and its music with it.
            if is_gone and self._venue.knows(guild_id):
                await self.leave(room, notices.CONNECTION_LOST)

    async def _moved(self, event: VoiceMoved) -> None:
        async with self._rooms.hold(event.guild_id) as room:
            if room.player.is_here:
                after = replace(room.player, voice_channel_id=event.channel_id)
                await self._rooms.save(room, after, must=False)
                found = self._venue.room(event.guild_id, event.channel_id)
                if found is not None:
                    await self.hold_for(room, "company" if found.listeners else "alone")


async def _ping(source: TrackSource) -> None:
    try:
        await source.ping()
    except SourceFailed as error:
        _log.warning("music.source_in_trouble", source=source.name, reason=str(error))
