"""Starts the current song, without keeping people waiting for one that is slow to open.

A song that opens within half a second is opened and started while the player is locked, so that
the answer to a command tells what plays. Any other is opened with the player free: whoever skips,
stops or leaves meanwhile is obeyed at once and the opening is given up; whoever pauses, seeks or
changes the loudness changes how it will begin. It begins only if it is still what should play.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from seraphim.features.music.ports import AudioBackend, SourceFailed, TrackSource
from seraphim.features.music.rules import notices
from seraphim.features.music.rules.picture import line
from seraphim.features.music.rules.player import MAX_FAILURES, opening, started, with_queue
from seraphim.features.music.rules.queue import Entry, advance, retire
from seraphim.features.music.service.errands import Errands
from seraphim.features.music.service.figures import MusicFigures
from seraphim.features.music.service.keeper import ControllerKeeper
from seraphim.features.music.service.opening import Opened, Openings
from seraphim.features.music.service.rooms import Room, Rooms
from seraphim.features.music.service.settings import MusicSettings
from seraphim.kernel.clock import Clock
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, Ids
from seraphim.kernel.marks import N_
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

AT_ONCE_SECONDS = 0.5
"""So long the player stays locked while its song is opened."""


class Follower(Protocol):
    """Knows a song that can follow when the queue has run out."""

    async def follow(self, room: Room) -> None:
        """Make it the current one and store that; leave the room as it is when there is none."""
        ...


@dataclass(slots=True, eq=False)
class _Slow:
    """A song that is being opened while its player is free."""

    room: Room
    entry_id: str
    opening: asyncio.Task[Opened]
    announce: bool


class Starting:
    """Opens songs and hands them to the audio backend; passes over those that cannot be played.

    Args:
        rooms: The players.
        audio: What plays.
        sources: Where tracks come from, by name.
        keeper: Shows the controller.
        errands: Says what went wrong.
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
        keeper: ControllerKeeper,
        errands: Errands,
        settings: GuildSettings,
        figures: MusicFigures,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._rooms = rooms
        self._audio = audio
        self._keeper = keeper
        self._errands = errands
        self._settings = settings
        self._figures = figures
        self._openings = Openings(sources, figures)
        self._clock = clock
        self._ids = ids
        self._follower: Follower | None = None
        self._slow: dict[GuildId, _Slow] = {}
        self._sounding: set[GuildId] = set()

    def continue_with(self, follower: Follower) -> None:
        """Ask ``follower`` for a song whenever the queue has run out."""
        self._follower = follower

    async def start(
        self,
        room: Room,
        *,
        position_ms: int = 0,
        held: bool = False,
        announce: bool = False,
    ) -> None:
        """Play the current entry; when it cannot be opened, the next one, and so on.

        Returns when something plays, when nothing is left, or when it takes longer to open:
        then it will play by itself. A song that is being opened already is not opened again.

        Args:
            room: The locked player.
            position_ms: Where in the current entry to begin. Streams begin where they are.
            held: Load it, but stay paused with the reason that is stored.
            announce: Say in the text channel what plays, if the guild wants that.

        Raises:
            VoiceUnavailable: There is no voice connection; the song is kept.
        """
        current = room.player.queue.current
        slow = self._slow.get(room.guild_id)
        if slow is not None and current is not None and slow.entry_id == current.entry_id:
            del self._slow[room.guild_id]
            under_way = slow.opening
        else:
            self.give_up(room.guild_id)
            self._openings.forget(room.guild_id)
            under_way = None
        await self._go_on(room, under_way, position_ms=position_ms, held=held, announce=announce)

    async def once_more(self, room: Room, error: SourceFailed, position_ms: int) -> None:
        """Play the current entry from elsewhere because it broke off, or the next one."""
        entry = room.player.queue.current
        if entry is not None and self._openings.broke(room.guild_id, entry, error):
            await self._go_on(room, None, position_ms=position_ms)
        elif entry is not None:
            await self._pass_over(room, entry, error)
            await self.start(room)

    def prepare_next(self, room: Room) -> None:
        """Open the song whose turn comes next in the background, so that it starts at once."""
        if room.player.queue.upcoming:
            self._errands.run(self._prepare(room.guild_id, room.player.queue.upcoming[0]))

    def give_up(self, guild_id: GuildId) -> None:
        """Stop opening what is slow: something else plays, or nothing."""
        slow = self._slow.pop(guild_id, None)
        if slow is not None:
            slow.opening.cancel()

    def left(self, guild_id: GuildId) -> None:
        """Note that the player is in no channel any more."""
        self.give_up(guild_id)
        self._sounding.discard(guild_id)

    def close(self) -> None:
        """Start nothing more."""
        for guild_id in tuple(self._slow):
            self.give_up(guild_id)

    async def _go_on(
        self,
        room: Room,
        under_way: asyncio.Task[Opened] | None,
        *,
        position_ms: int = 0,
        held: bool = False,
        announce: bool = False,
    ) -> None:
        while (entry := await self._current_or_chosen(room)) is not None:
            task, under_way = under_way or self._open(room.guild_id, entry), None
            try:
                if not await self._is_quick(task):
                    await self._let_go(room, position_ms, held=held)
                    slow = _Slow(room, entry.entry_id, task, announce)
                    self._slow[room.guild_id] = slow
                    self._errands.run(self._finish(slow))
                    break
                opened = task.result()
                await self._play(room, opened, position_ms, held=held)
            except SourceFailed as error:
                if not self._openings.broke(room.guild_id, entry, error):
                    await self._pass_over(room, entry, error)
                    position_ms = 0
                continue
            except BaseException:
                task.cancel()
                raise
            self._has_started(room, entry, opened, announce=announce)
            break
        else:
            await self._audio.stop(room.guild_id)
        self._keeper.touch(room.guild_id)

    def _open(self, guild_id: GuildId, entry: Entry) -> asyncio.Task[Opened]:
        task = asyncio.create_task(self._open_allowed(guild_id, entry), name="music-opening")
        task.add_done_callback(_look_at)
        return task

    async def _open_allowed(self, guild_id: GuildId, entry: Entry) -> Opened:
        try:
            settings = await self._settings.get(guild_id, MusicSettings)
            return await self._openings.open(guild_id, entry, allowed=settings.allowed_sources)
        except SeraphimError:
            raise
        except Exception as error:  # a source that breaks must not leave the player silent for good
            _log.exception("music.source_broke", guild_id=guild_id, source=entry.track.source)
            reason = N_("Something unexpected broke while it was opened.")
            raise SourceFailed(reason, failure="unknown") from error

    async def _is_quick(self, task: asyncio.Task[Opened]) -> bool:
        patience = asyncio.ensure_future(self._clock.sleep(AT_ONCE_SECONDS))
        try:
            await asyncio.wait({task, patience}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            patience.cancel()
        return task.done()

    async def _let_go(self, room: Room, position_ms: int, *, held: bool) -> None:
        """Store that the current song is to begin there, and end what was heard before it."""
        after = opening(
            room.player, position_ms=position_ms, now_ms=self._clock.now_ms(), held=held
        )
        await self._rooms.save(room, after, must=False)
        # What a node has gone on playing while this process was away is left alone: it is what
        # is about to be taken up again.
        if room.guild_id in self._sounding:
            await self._audio.stop(room.guild_id)

    async def _finish(self, slow: _Slow) -> None:
        """Start a slow song, unless something else has become of the player."""
        guild_id = slow.room.guild_id
        await asyncio.wait({slow.opening})
        if self._slow.get(guild_id) is not slow:
            return
        if self._rooms.find(guild_id) is not slow.room:  # another process has it now
            self.give_up(guild_id)
            return
        async with self._rooms.hold(guild_id) as room:
            if self._slow.get(guild_id) is not slow:
                return
            del self._slow[guild_id]
            player = room.player
            current = player.queue.current
            if not player.is_here or current is None or current.entry_id != slow.entry_id:
                return
            try:
                await self._go_on(
                    room,
                    slow.opening,
                    position_ms=player.position_ms,
                    held=player.status == "paused",
                    announce=slow.announce,
                )
            except SeraphimError as error:
                _log.warning("music.not_started", guild_id=guild_id, reason=str(error))

    async def _current_or_chosen(self, room: Room) -> Entry | None:
        if room.player.queue.current is None and self._follower is not None:
            await self._follower.follow(room)
        return room.player.queue.current

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
        self._sounding.add(room.guild_id)

    def _has_started(self, room: Room, entry: Entry, opened: Opened, *, announce: bool) -> None:
        if (error := opened.instead_of) is not None:
            self._errands.tell(room, _elsewhere(entry, opened, error))
        if announce:
            self._errands.announce(room.guild_id, entry)
        self.prepare_next(room)

    async def _pass_over(self, room: Room, entry: Entry, error: SourceFailed) -> None:
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
        self._errands.tell(
            room,
            notices.track_failed(
                line(entry),
                str(error.parameters.get("reason", "")),
                has_next=has_next and not gives_up,
                parameters=error.parameters,
            ),
        )
        if gives_up:
            self._errands.tell(room, notices.gave_up(failures, len(queue.upcoming)))

    async def _prepare(self, guild_id: GuildId, entry: Entry) -> None:
        settings = await self._settings.get(guild_id, MusicSettings)
        await self._openings.prepare(entry, allowed=settings.allowed_sources)


def _look_at(task: asyncio.Task[Opened]) -> None:
    """Take note of how an opening ended, which nobody may do when it was given up."""
    if not task.cancelled():
        task.exception()


def _elsewhere(entry: Entry, opened: Opened, error: SourceFailed) -> notices.Notice:
    return notices.plays_elsewhere(
        line(entry),
        str(error.parameters.get("reason", "")),
        opened.track.source.replace("_", " "),
        parameters=error.parameters,
    )
