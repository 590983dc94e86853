"""The use cases of music. Every verb locks the guild's player, stores, then acts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seraphim.features.music import store
from seraphim.features.music.ports import AudioBackend, Venue
from seraphim.features.music.rules.control import check_listener, check_room
from seraphim.features.music.rules.errors import (
    NotConnected,
    NotPlaying,
    QueueFull,
    VolumeTooHigh,
)
from seraphim.features.music.rules.picture import Picture
from seraphim.features.music.rules.player import Player, paused, resumed, with_queue
from seraphim.features.music.rules.queue import (
    Entry,
    Place,
    Queue,
    add,
    advance,
    back,
    end,
    forget_member,
)
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.finder import Finder, Suggestion
from seraphim.features.music.service.keeper import ControllerKeeper, position_of
from seraphim.features.music.service.playback import Playback
from seraphim.features.music.service.rooms import Room, Rooms
from seraphim.features.music.service.settings import MusicSettings
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId, Ids, MessageId, UserId
from seraphim.kernel.settings import GuildSettings


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and from where."""

    guild_id: GuildId
    user_id: UserId
    text_channel_id: ChannelId


@dataclass(frozen=True, slots=True)
class Added:
    """What ``play`` did."""

    entries: tuple[Entry, ...]
    """What found room, in order."""
    refused: int
    """How many did not."""
    is_playing: bool
    """The first of them plays now, and did not have to queue."""
    place_in_queue: int
    """From 1, of the first one; 0 when it plays."""
    wait_ms: int
    """How long until its turn, as far as lengths are known."""
    playlist_title: str | None = None
    truncated: bool = False


class Music:
    """What members can do with the music of their guild."""

    def __init__(  # noqa: PLR0913 - one for each part it brings together
        self,
        *,
        db: Database,
        rooms: Rooms,
        playback: Playback,
        keeper: ControllerKeeper,
        finder: Finder,
        audio: AudioBackend,
        venue: Venue,
        settings: GuildSettings,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._db = db
        self._rooms = rooms
        self._playback = playback
        self._keeper = keeper
        self._finder = finder
        self._audio = audio
        self._venue = venue
        self._settings = settings
        self._clock = clock
        self._ids = ids

    async def play(self, caller: Caller, query: str, *, place: Place = "last") -> Added:
        """Find tracks, queue them, and start when nothing plays; joins the member's channel.

        Raises:
            SeraphimError: ``music.*``: what stands against it; then nothing has changed.
        """
        channel_id = self._channel_of(caller)
        if self._audio.channel_id(caller.guild_id) != channel_id:
            check_room(self._venue.room(caller.guild_id, channel_id))
        settings = await self._settings.get(caller.guild_id, MusicSettings)
        found = await self._finder.resolve(query, limit=settings.max_queue)
        wanted = [
            Entry(self._ids.new(), track, requested_by=caller.user_id) for track in found.tracks
        ]
        async with self._rooms.hold(caller.guild_id) as room:
            _check_space(room.player.queue, settings.max_queue)
            is_new_here = await self._join(room, caller, channel_id)
            before = room.player.queue
            queue, placed = add(before, wanted, place=place, limit=settings.max_queue)
            starts = before.current is None or place == "now"
            wait_ms = 0 if starts else self._wait_ms(room.player, before, place)
            if starts:
                queue = advance(queue, "skipped")
            after = with_queue(room.player, queue, now_ms=self._clock.now_ms())
            await self._rooms.save(room, replace(after, failures=0))
            if starts:
                await self._playback.start(room)
            elif is_new_here:
                await self._playback.start(room, position_ms=room.player.position_ms)
            self._keeper.touch(caller.guild_id)
            return Added(
                entries=placed,
                refused=len(wanted) - len(placed),
                is_playing=starts,
                place_in_queue=0 if starts else _place_of(queue, placed[0]),
                wait_ms=wait_ms,
                playlist_title=found.playlist_title,
                truncated=found.truncated,
            )

    async def join(self, caller: Caller) -> ChannelId:
        """Come into the member's voice channel; a song that was held goes on."""
        channel_id = self._channel_of(caller)
        async with self._rooms.hold(caller.guild_id) as room:
            player = room.player
            is_new_here = await self._join(room, caller, channel_id)
            if is_new_here and player.queue.current is not None:
                await self._playback.start(room, position_ms=room.player.position_ms)
            self._keeper.touch(caller.guild_id)
        return channel_id

    async def leave(self, caller: Caller) -> None:
        """Leave the voice channel; the song and the queue are kept."""
        self._check_control(caller)
        async with self._rooms.hold(caller.guild_id) as room:
            if not room.player.is_here:
                raise NotConnected
            await self._playback.leave(room)

    async def pause(self, caller: Caller) -> Track:
        """Hold the song. Doing it twice changes nothing."""
        async with self._rooms.hold(caller.guild_id) as room:
            entry = self._current(room, caller)
            if room.player.status == "playing" or room.player.pause_reason == "alone":
                position_ms = position_of(room.player, self._audio)
                now_ms = self._clock.now_ms()
                after = paused(room.player, "member", position_ms=position_ms, now_ms=now_ms)
                await self._rooms.save(room, after)
                await self._audio.pause(caller.guild_id)
                self._keeper.touch(caller.guild_id)
            return entry.track

    async def resume(self, caller: Caller) -> Track:
        """Go on: from a pause, from outside the channel, or with what waits after failures."""
        async with self._rooms.hold(caller.guild_id) as room:
            queue = room.player.queue
            if queue.current is None and not queue.upcoming:
                raise NotPlaying
            channel_id = self._channel_of(caller)
            is_new_here = await self._join(room, caller, channel_id)
            if queue.current is None:
                await self._move_to(room, advance(queue, "skipped"))
            elif is_new_here or room.player.playback_id is None:
                await self._playback.start(room, position_ms=room.player.position_ms)
            elif room.player.status == "paused":
                await self._rooms.save(room, resumed(room.player, now_ms=self._clock.now_ms()))
                await self._audio.resume(caller.guild_id)
            self._keeper.touch(caller.guild_id)
            return _playing(room).track

    async def skip(self, caller: Caller, *, steps: int = 1) -> tuple[Track, Track | None]:
        """Go to the next song, or several on. Returns the one that ended and the one that plays."""
        async with self._rooms.hold(caller.guild_id) as room:
            entry = self._current(room, caller)
            await self._move_to(room, advance(room.player.queue, "skipped", steps=steps))
            current = room.player.queue.current
            return entry.track, None if current is None else current.track

    async def back(self, caller: Caller) -> Track:
        """Return to the song before; the present one plays after it."""
        async with self._rooms.hold(caller.guild_id) as room:
            self._check_control(caller)
            if not room.player.is_here:
                raise NotConnected
            await self._move_to(room, back(room.player.queue))
            return _playing(room).track

    async def stop(self, caller: Caller) -> None:
        """Stop, forget the queue and leave."""
        self._check_control(caller)
        async with self._rooms.hold(caller.guild_id) as room:
            player = room.player
            if not player.is_here and player.queue.current is None and not player.queue.upcoming:
                raise NotPlaying
            after = with_queue(player, end(player.queue), now_ms=self._clock.now_ms())
            await self._rooms.save(room, after)
            await self._audio.stop(caller.guild_id)
            await self._playback.leave(room)

    async def set_volume(self, caller: Caller, percent: int) -> int:
        """Change the loudness; returns what it is now.

        Raises:
            VolumeTooHigh: Outside 0 to the guild's maximum.
        """
        settings = await self._settings.get(caller.guild_id, MusicSettings)
        if not 0 <= percent <= settings.max_volume:
            raise VolumeTooHigh(limit=settings.max_volume)
        self._check_control(caller)
        async with self._rooms.hold(caller.guild_id) as room:
            await self._rooms.save(room, replace(room.player, volume_percent=percent))
            if room.player.is_here:
                await self._audio.set_volume(caller.guild_id, percent)
            self._keeper.touch(caller.guild_id)
        return percent

    async def change_volume(self, caller: Caller, by_percent: int) -> int:
        """Make it louder or quieter by so much, within the guild's bounds."""
        settings = await self._settings.get(caller.guild_id, MusicSettings)
        player = await self.look(caller.guild_id)
        wanted = min(settings.max_volume, max(0, player.volume_percent + by_percent))
        return await self.set_volume(caller, wanted)

    async def look(self, guild_id: GuildId) -> Player:
        """Return the player as it is now, its position brought up to date."""
        room = self._rooms.find(guild_id)
        if room is None:
            async with self._rooms.hold(guild_id) as held:
                player = held.player
        else:
            player = room.player
        return replace(player, position_ms=position_of(player, self._audio))

    async def picture(self, guild_id: GuildId) -> Picture:
        """Return what the controller shows now."""
        return self._keeper.picture(await self.look(guild_id))

    def click_begins(self, guild_id: GuildId, message_id: MessageId) -> None:
        """Let the answer to a click on the controller be the edit that shows what it did."""
        if self._is_controller(guild_id, message_id):
            self._keeper.hold_back(guild_id)

    def click_shown(self, guild_id: GuildId, message_id: MessageId, picture: Picture) -> None:
        """Note that the answer to a click has just shown this picture."""
        if self._is_controller(guild_id, message_id):
            self._keeper.clicked(guild_id, picture)

    async def suggest(self, guild_id: GuildId, text: str) -> Sequence[Suggestion]:
        """Return what the member may mean by what is typed so far."""
        return await self._finder.suggest(guild_id, text)

    async def controller_deleted(self, guild_id: GuildId, message_ids: Sequence[MessageId]) -> None:
        """Leave, when one of the deleted messages was the controller."""
        room = self._rooms.find(guild_id)
        if room is None or room.player.controller_message_id not in message_ids:
            return
        async with self._rooms.hold(guild_id) as held:
            if held.player.controller_message_id not in message_ids:
                return
            gone = replace(held.player, controller_message_id=None, controller_channel_id=None)
            await self._rooms.save(held, gone, must=False)
            self._keeper.renew(guild_id)
            if gone.is_here:
                await self._playback.leave(held)

    async def adopt_controller(
        self, guild_id: GuildId, channel_id: ChannelId, message_id: MessageId
    ) -> None:
        """Make a message that shows the player its controller; the one before is deleted."""
        async with self._rooms.hold(guild_id) as room:
            before = room.player
            if not before.is_here:
                return
            after = replace(
                before, controller_channel_id=channel_id, controller_message_id=message_id
            )
            await self._rooms.save(room, after, must=False)
        await self._put_away_controller(before)

    async def export_member(self, guild_id: GuildId, user_id: UserId) -> dict[str, object]:
        """Return everything stored of a member's requests."""
        return await self._db.read(store.export_member, guild_id, user_id)

    async def erase_member(self, guild_id: GuildId, user_id: UserId) -> None:
        """Take a member's name off everything they asked for."""
        async with self._rooms.hold(guild_id) as room:
            await self._db.write(store.erase_member, guild_id, user_id)
            nameless = replace(room.player, queue=forget_member(room.player.queue, user_id))
            room.player = nameless
            if room.saved is not None:
                queue = forget_member(room.saved.queue, user_id)
                same = nameless.queue == queue
                room.saved = nameless if same else replace(room.saved, queue=queue)
            self._keeper.touch(guild_id)

    async def _join(self, room: Room, caller: Caller, channel_id: ChannelId) -> bool:
        """Come into the channel; returns whether a song that was held has to be started again."""
        player = room.player
        connected = self._audio.channel_id(room.guild_id)
        if player.voice_channel_id == channel_id == connected:
            return False
        check_room(self._venue.room(room.guild_id, channel_id))
        await self._audio.connect(room.guild_id, channel_id)
        is_return = not player.is_here or connected is None
        after = replace(player, voice_channel_id=channel_id)
        if is_return:
            after = replace(
                after,
                text_channel_id=caller.text_channel_id,
                controller_message_id=None,
                controller_channel_id=None,
            )
        try:
            await self._rooms.save(room, after)
        except SeraphimError:
            if is_return:
                await self._audio.disconnect(room.guild_id)
            raise
        room.idle_since = None
        if is_return:
            self._keeper.renew(room.guild_id)
            await self._put_away_controller(player)
        return is_return

    async def _put_away_controller(self, before: Player) -> None:
        """Delete the controller of an earlier session: the new one appears where people read."""
        if before.controller_message_id is not None and before.controller_channel_id is not None:
            await self._venue.remove(
                before.guild_id, before.controller_channel_id, before.controller_message_id
            )

    async def _move_to(self, room: Room, queue: Queue) -> None:
        """Store a queue whose current entry is another one, and play that."""
        after = with_queue(room.player, queue, now_ms=self._clock.now_ms())
        await self._rooms.save(room, replace(after, failures=0))
        await self._playback.start(room)

    def _channel_of(self, caller: Caller) -> ChannelId:
        here = self._audio.channel_id(caller.guild_id)
        found = None if here is None else self._venue.room(caller.guild_id, here)
        return check_listener(
            self._venue.channel_of(caller.guild_id, caller.user_id),
            here,
            listeners=0 if found is None else found.listeners,
        )

    def _check_control(self, caller: Caller) -> None:
        """Let only those who listen control the music; raises NotInVoice or OtherChannel."""
        self._channel_of(caller)

    def _current(self, room: Room, caller: Caller) -> Entry:
        """Return the entry the caller may act on; raises NotPlaying when there is none."""
        if room.player.queue.current is None or not room.player.is_here:
            raise NotPlaying
        self._check_control(caller)
        return room.player.queue.current

    def _is_controller(self, guild_id: GuildId, message_id: MessageId) -> bool:
        room = self._rooms.find(guild_id)
        return room is not None and room.player.controller_message_id == message_id

    def _wait_ms(self, player: Player, queue: Queue, place: Place) -> int:
        if queue.current is None:
            return 0
        left_ms = (queue.current.track.duration_ms or 0) - position_of(player, self._audio)
        return max(0, left_ms) + (queue.duration_ms if place == "last" else 0)


def _playing(room: Room) -> Entry:
    current = room.player.queue.current
    if current is None:
        raise NotPlaying
    return current


def _check_space(queue: Queue, limit: int) -> None:
    if len(queue.upcoming) >= limit:
        raise QueueFull(limit=limit)


def _place_of(queue: Queue, entry: Entry) -> int:
    return next(n for n, e in enumerate(queue.upcoming, start=1) if e.entry_id == entry.entry_id)
