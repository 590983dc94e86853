"""Keeps each guild's controller message up to date without flooding Discord."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from seraphim.features.music.ports import AudioBackend, NotShown, Venue
from seraphim.features.music.rules.picture import Picture, draw
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.queue import Entry
from seraphim.features.music.rules.segments import Segment
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.deletions import Deletions
from seraphim.features.music.service.rooms import Rooms
from seraphim.kernel.clock import Clock
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId, MessageId
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

EDIT_SECONDS = 5.0
"""At most one edit in so long; what happens in between is shown together, never dropped."""

MAX_MISSES = 12
"""So many edits in a row that do not arrive are made up for: a minute; then the next change is."""


@dataclass(slots=True)
class _Shown:
    """What is on the screen of one guild, as far as this process knows."""

    picture: Picture | None = None
    edited_at: float = -EDIT_SECONDS
    is_dirty: bool = False
    misses: int = 0
    """How many edits in a row did not arrive."""
    task: asyncio.Task[None] | None = None


class ControllerKeeper:
    """Draws controllers. Call :meth:`touch` after every change.

    Args:
        rooms: The players.
        venue: Where messages are sent.
        audio: Asked how far the song is.
        clock: Paces the edits.
    """

    def __init__(self, rooms: Rooms, venue: Venue, audio: AudioBackend, clock: Clock) -> None:
        self._rooms = rooms
        self._venue = venue
        self._audio = audio
        self._clock = clock
        self._what_follows: Callable[[Player], Entry | None] = _nothing
        self._what_was_skipped: Callable[[Player], Segment | None] = _nothing
        self._what_is_live: Callable[[Track], str | None] = _silent
        self._when_deleted: Callable[[GuildId, MessageId], Awaitable[None]] | None = None
        self._shown: dict[GuildId, _Shown] = {}
        self._closed = False
        self.deletions = Deletions()
        """The messages that are known to be gone."""

    def ask_what_follows(self, ask: Callable[[Player], Entry | None]) -> None:
        """Show what autoplay has chosen: ``ask`` knows."""
        self._what_follows = ask

    def ask_what_was_skipped(self, ask: Callable[[Player], Segment | None]) -> None:
        """Show which part of the current song was skipped: ``ask`` knows."""
        self._what_was_skipped = ask

    def ask_what_is_live(self, ask: Callable[[Track], str | None]) -> None:
        """Show what ``ask`` knows of the stream that plays; None is nothing."""
        self._what_is_live = ask

    def obey_deletion(self, obey: Callable[[GuildId, MessageId], Awaitable[None]]) -> None:
        """Call ``obey`` when a controller that has just been sent is deleted already."""
        self._when_deleted = obey

    def stream_said(self, identifier: str) -> None:
        """Show what a stream has just said, wherever it is heard."""
        for room in self._rooms:
            current = room.player.queue.current
            if current is not None and current.track.identifier == identifier:
                self.touch(room.guild_id)

    def touch(self, guild_id: GuildId) -> None:
        """Show the player's present state soon: now, or when five seconds are over."""
        if self._closed:  # somebody left voice while the bot stops; there is no connection any more
            return
        shown = self._shown.setdefault(guild_id, _Shown())
        shown.is_dirty = True
        if shown.task is None:
            shown.task = asyncio.create_task(self._show(guild_id, shown), name="music-controller")

    def hold_back(self, guild_id: GuildId) -> None:
        """Wait with the next edit: the answer to a click is about to show the change."""
        self._shown.setdefault(guild_id, _Shown()).edited_at = self._clock.monotonic()

    def clicked(self, guild_id: GuildId, picture: Picture) -> None:
        """Note that a click's own answer has just shown this picture."""
        shown = self._shown.setdefault(guild_id, _Shown())
        shown.picture = picture
        shown.edited_at = self._clock.monotonic()

    def renew(self, guild_id: GuildId) -> None:
        """Forget the pace: the next controller is a new message and may be sent at once."""
        shown = self._shown.pop(guild_id, None)
        task = None if shown is None else shown.task
        if (
            task is not None and task is not asyncio.current_task()
        ):  # it may be what brought us here
            task.cancel()

    def picture(self, player: Player) -> Picture:
        """Return what the controller of this player should show now."""
        playing = player.queue.current
        return draw(
            player,
            position_ms=position_of(player, self._audio),
            following=self._what_follows(player),
            skipped=self._what_was_skipped(player),
            live_title=None if playing is None else self._what_is_live(playing.track),
        )

    async def close(self) -> None:
        """Stop drawing for good."""
        self._closed = True
        tasks = [shown.task for shown in self._shown.values() if shown.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._shown.clear()

    async def _show(self, guild_id: GuildId, shown: _Shown) -> None:
        try:
            while shown.is_dirty:
                await self._clock.sleep(shown.edited_at + EDIT_SECONDS - self._clock.monotonic())
                shown.is_dirty = False
                await self._flush(guild_id, shown)
        except SeraphimError:
            _log.exception("music.controller_failed", guild_id=guild_id)
        finally:
            shown.task = None
            room = self._rooms.find(guild_id)
            if (room is None or not room.player.is_here) and self._shown.get(guild_id) is shown:
                del self._shown[guild_id]

    async def _flush(self, guild_id: GuildId, shown: _Shown) -> None:
        async with self._rooms.hold(guild_id) as room:
            player = room.player
        message_id = player.controller_message_id
        channel_id = player.controller_channel_id or player.text_channel_id
        if channel_id is None or (message_id is None and not player.is_here):
            return
        picture = self.picture(player)
        if message_id is not None and picture == shown.picture:
            return
        shown.edited_at = self._clock.monotonic()
        try:
            now_shown = await self._venue.show(guild_id, channel_id, message_id, picture)
        except NotShown:
            shown.misses += 1
            shown.is_dirty = shown.misses < MAX_MISSES
            return
        shown.picture, shown.misses = picture, 0
        if now_shown != message_id:
            await self._remember(guild_id, channel_id, now_shown, instead_of=message_id)

    async def _remember(
        self,
        guild_id: GuildId,
        channel_id: ChannelId,
        message_id: MessageId | None,
        *,
        instead_of: MessageId | None,
    ) -> None:
        """Store which message is the controller, unless another one has become it meanwhile."""
        if message_id is not None and instead_of is not None:
            self.deletions.replaced(instead_of, message_id)
        async with self._rooms.hold(guild_id) as room:
            is_wanted = room.player.controller_message_id == instead_of and room.player.is_here
            if is_wanted or message_id is None:
                after = replace(
                    room.player,
                    controller_channel_id=channel_id if message_id is not None else None,
                    controller_message_id=message_id,
                )
                await self._rooms.save(room, after, must=False)
        if message_id is None:
            return
        if not is_wanted:
            await self._venue.remove(guild_id, channel_id, message_id)
        elif self.deletions.knows(message_id) and self._when_deleted is not None:
            await self._when_deleted(guild_id, message_id)


def _silent(track: Track) -> None:
    """No stream says anything."""
    _ = track


def _nothing(player: Player) -> None:
    _ = player


def position_of(player: Player, audio: AudioBackend) -> int:
    """Return how far the current song is, from the backend while it holds the song."""
    if player.playback_id is None or player.queue.current is None:
        return player.position_ms
    live = audio.position_ms(player.guild_id)
    return player.position_ms if live is None else live
