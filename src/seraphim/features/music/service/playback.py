"""Starts songs, and decides what follows when they end, fail or lose their channel."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, Protocol

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
from seraphim.features.music.rules.picture import line
from seraphim.features.music.rules.player import (
    MAX_FAILURES,
    left,
    paused,
    started,
    with_queue,
)
from seraphim.features.music.rules.queue import Entry, advance, retire
from seraphim.features.music.service.figures import MusicFigures
from seraphim.features.music.service.keeper import ControllerKeeper, position_of
from seraphim.features.music.service.opening import Opened, Openings
from seraphim.features.music.service.rooms import Room, Rooms
from seraphim.features.music.service.settings import MusicSettings
from seraphim.kernel.clock import Clock
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, Ids
from seraphim.kernel.settings import GuildSettings
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


class Follower(Protocol):
    """Knows a song that can follow when the queue has run out."""

    async def follow(self, room: Room) -> None:
        """Make it the current one and store that; leave the room as it is when there is none."""
        ...


class Playback:
    """The part of the service that talks to the audio backend.

    Args:
        rooms: The players.
        audio: What plays.
        sources: Where tracks come from, by name.
        venue: Where the player speaks.
        keeper: Shows the controller.
        settings: The guilds' settings.
        figures: Counts.
        clock: Stamps positions.
        ids: Names playbacks.
    """

    def __init__(  # noqa: PLR0913 - one for each part it brings together
        self,
        *,
        rooms: Rooms,
        audio: AudioBackend,
        sources: Mapping[str, TrackSource],
        venue: Venue,
        keeper: ControllerKeeper,
        settings: GuildSettings,
        figures: MusicFigures,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._rooms = rooms
        self._audio = audio
        self._sources = sources
        self._venue = venue
        self._keeper = keeper
        self._settings = settings
        self._figures = figures
        self._openings = Openings(sources, figures)
        self._clock = clock
        self._ids = ids
        self._tasks: set[asyncio.Task[None]] = set()
        self._returns: dict[GuildId, asyncio.Task[None]] = {}
        self._try_to_return: Callable[[GuildId], Awaitable[bool]] | None = None
        self._closing = False
        self._follower: Follower | None = None

    async def start(
        self,
        room: Room,
        *,
        position_ms: int = 0,
        held: bool = False,
        announce: bool = False,
    ) -> None:
        """Play the current entry; when it cannot be opened, the next one, and so on.

        Args:
            room: The locked player.
            position_ms: Where in the current entry to begin. Streams begin where they are.
            held: Load it, but stay paused with the reason that is stored.
            announce: Say in the text channel what plays, if the guild wants that.

        Raises:
            VoiceUnavailable: There is no voice connection; the song is kept.
        """
        self._openings.forget(room.guild_id)
        await self._go_on(room, position_ms=position_ms, held=held, announce=announce)

    async def _go_on(
        self, room: Room, *, position_ms: int = 0, held: bool = False, announce: bool = False
    ) -> None:
        while (entry := await self._current_or_chosen(room)) is not None:
            if not await self._start_one(room, entry, position_ms, held=held):
                position_ms = 0
                continue
            if announce:
                self._spawn(self._announce(room.guild_id, entry))
            self.prepare_next(room)
            break
        else:
            await self._audio.stop(room.guild_id)
        self._keeper.touch(room.guild_id)

    def continue_with(self, follower: Follower) -> None:
        """Ask ``follower`` for a song whenever the queue has run out."""
        self._follower = follower

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
        if room.player.queue.upcoming:
            self._spawn(self._prepare(room.guild_id, room.player.queue.upcoming[0]))

    def tell(self, room: Room, notice: notices.Notice) -> None:
        """Say something in the player's text channel, without waiting for it to be sent."""
        channel_id = room.player.text_channel_id
        if channel_id is not None:
            self._spawn(self._venue.say(room.guild_id, channel_id, notice))

    def warm_up(self) -> None:
        """Let sources read their folders in the background, before somebody waits for it."""
        for source in self._sources.values():
            self._spawn(self._ping(source))

    def return_by(self, attempt: Callable[[GuildId], Awaitable[bool]]) -> None:
        """Let ``attempt`` bring the player back when its voice connection is lost.

        It returns whether nothing is left to do; otherwise it is asked again later.
        """
        self._try_to_return = attempt

    def return_later(self, guild_id: GuildId) -> None:
        """Try again and again to get back into the voice channel, unless that is tried already."""
        if self._try_to_return is not None and guild_id not in self._returns:
            task = self._spawn(self._return(guild_id, self._try_to_return))
            self._returns[guild_id] = task
            task.add_done_callback(lambda _: self._returns.pop(guild_id, None))

    async def close(self) -> None:
        """Take no more events, and let the last messages out."""
        self._closing = True
        for task in self._returns.values():
            task.cancel()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=2.0)
            for task in late:
                task.cancel()

    async def _current_or_chosen(self, room: Room) -> Entry | None:
        if room.player.queue.current is None and self._follower is not None:
            await self._follower.follow(room)
        return room.player.queue.current

    async def _start_one(self, room: Room, entry: Entry, position_ms: int, *, held: bool) -> bool:
        """Try one entry; on failure the queue has moved on and False is returned."""
        settings = await self._settings.get(room.guild_id, MusicSettings)
        while True:
            try:
                opened = await self._openings.open(
                    room.guild_id, entry, allowed=settings.allowed_sources
                )
                await self._play(room, opened, position_ms, held=held)
            except SourceFailed as error:
                if self._openings.broke(room.guild_id, entry, error):
                    continue
                await self._failed(room, entry, error)
                return False
            if (error := opened.instead_of) is not None:
                self.tell(room, _elsewhere(entry, opened, error))
            return True

    async def _play(self, room: Room, opened: Opened, position_ms: int, *, held: bool) -> None:
        before = room.player
        player = started(
            before,
            playback_id=self._ids.new(),
            position_ms=0 if opened.track.is_stream else position_ms,
            now_ms=self._clock.now_ms(),
        )
        if held:
            player = replace(player, status="paused", pause_reason=before.pause_reason)
        await self._rooms.save(room, player, must=False)
        await self._audio.play(
            room.guild_id,
            opened.media,
            playback_id=player.playback_id or "",
            position_ms=player.position_ms,
            volume_percent=player.volume_percent,
            filters=player.filters,
            paused=held,
        )

    async def _failed(self, room: Room, entry: Entry, error: SourceFailed) -> None:
        """Move on from an entry that could not be played, saying so once."""
        self._figures.failed(error.failure)
        player = room.player
        failures = player.failures + 1
        has_next = bool(player.queue.upcoming)
        gives_up = failures >= MAX_FAILURES
        queue = (retire if gives_up else advance)(player.queue, "failed")
        after = with_queue(player, queue, now_ms=self._clock.now_ms())
        after = replace(after, failures=0 if gives_up else failures)
        await self._rooms.save(room, after, must=False)
        self.tell(
            room,
            notices.track_failed(
                line(entry),
                str(error.parameters.get("reason", "")),
                has_next=has_next and not gives_up,
                parameters=error.parameters,
            ),
        )
        if gives_up:
            self.tell(room, notices.gave_up(failures, len(queue.upcoming)))

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
            entry = room.player.queue.current
            if room.player.playback_id != event.playback_id or entry is None:
                return
            if event.position_ms >= LONG_ENOUGH_MS:
                room.player = replace(room.player, failures=0)
            error = SourceFailed(event.reason, failure=event.failure)
            if self._openings.broke(room.guild_id, entry, error):
                await self._go_on(room, position_ms=event.position_ms)
                return
            await self._failed(room, entry, error)
            await self.start(room)

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

    async def _announce(self, guild_id: GuildId, entry: Entry) -> None:
        settings = await self._settings.get(guild_id, MusicSettings)
        room = self._rooms.find(guild_id)
        if settings.announce == "off" or room is None or room.player.text_channel_id is None:
            return
        notice = notices.now_playing(line(entry), silent=settings.announce == "silent")
        await self._venue.say(guild_id, room.player.text_channel_id, notice)

    async def _prepare(self, guild_id: GuildId, entry: Entry) -> None:
        settings = await self._settings.get(guild_id, MusicSettings)
        await self._openings.prepare(entry, allowed=settings.allowed_sources)

    @staticmethod
    async def _ping(source: TrackSource) -> None:
        try:
            await source.ping()
        except SourceFailed as error:
            _log.warning("music.source_in_trouble", source=source.name, reason=str(error))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("music.message_failed", exc_info=error)


def _elsewhere(entry: Entry, opened: Opened, error: SourceFailed) -> notices.Notice:
    return notices.plays_elsewhere(
        line(entry),
        str(error.parameters.get("reason", "")),
        opened.track.source.replace("_", " "),
        parameters=error.parameters,
    )
