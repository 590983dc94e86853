"""The use cases of music. Every verb locks the guild's player, stores, then acts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from seraphim.features.music import store
from seraphim.features.music.ports import Progress, Resolution
from seraphim.features.music.rules.admission import Admission, admit
from seraphim.features.music.rules.control import check_room
from seraphim.features.music.rules.errors import NotConnected, QueueFull, SearchOver
from seraphim.features.music.rules.picture import Picture
from seraphim.features.music.rules.player import Player, with_queue
from seraphim.features.music.rules.queue import Entry, Place, Queue, add, advance, forget_member
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.caller import Caller
from seraphim.features.music.service.desk import Desk
from seraphim.features.music.service.finder import Finder, Suggestion
from seraphim.features.music.service.keeper import position_of
from seraphim.features.music.service.settings import MusicSettings
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId


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
    left_out: int = 0
    """Songs of the list that the guild does not want: too long, or queued already."""


class Music:
    """What members can do with the music of their guild."""

    def __init__(self, desk: Desk, finder: Finder) -> None:
        self._desk = desk
        self._finder = finder
        desk.keeper.obey_deletion(self._obey_deletion)

    async def play(
        self,
        caller: Caller,
        query: str,
        *,
        place: Place = "last",
        source: str | None = None,
        progress: Progress | None = None,
    ) -> Added:
        """Find tracks, queue them, and start when nothing plays; joins the member's channel.

        Args:
            caller: Who asks.
            query: What they typed.
            place: Where in the queue; ``next`` and ``now`` are for those who may steer.
            source: Ask only the source of this name.
            progress: Told how far a long list is.

        Raises:
            SeraphimError: ``music.*``: what stands against it; then nothing has changed.
        """
        await self._check_playing(caller, place)
        limits = await self._desk.limits(caller.guild_id)
        wanted = min(limits.playlist, limits.queue)
        found = await self._finder.resolve(query, limit=wanted, source=source, progress=progress)
        return await self._enqueue(caller, found, place)

    async def play_tracks(
        self,
        caller: Caller,
        tracks: Sequence[Track],
        *,
        place: Place = "last",
        title: str | None = None,
    ) -> Added:
        """Queue tracks that are known already: chosen from a search, or of a playlist."""
        await self._check_playing(caller, place)
        limits = await self._desk.limits(caller.guild_id)
        bounded = tuple(tracks[: limits.playlist])
        truncated = len(bounded) < len(tracks)
        return await self._enqueue(caller, Resolution(bounded, title, truncated), place)

    async def search(
        self, caller: Caller, query: str, *, limit: int, source: str | None = None
    ) -> tuple[str, Sequence[Track]]:
        """Return the best matches of every source, and the name under which they are kept.

        For an hour :meth:`play_found` takes them by that name.
        """
        desk = self._desk
        tracks = await self._finder.search(query, limit=limit, source=source)
        name = desk.ids.new()
        entries = [Entry(desk.ids.new(), track, caller.user_id) for track in tracks]
        await desk.db.write(store.put_aside, caller.guild_id, name, entries, desk.clock.now_ms())
        return name, tracks

    async def play_found(self, caller: Caller, name: str, choices: Sequence[int]) -> Added:
        """Queue some of the tracks a search found, in the order of the list.

        Args:
            caller: Who chose; need not be who searched.
            name: What :meth:`search` returned.
            choices: Indexes into what it found.

        Raises:
            SearchOver: The search was too long ago.
        """
        found = await self._desk.db.read(store.look_aside, caller.guild_id, name)
        wanted = [found[index].track for index in sorted(set(choices)) if 0 <= index < len(found)]
        if not wanted:
            raise SearchOver
        return await self.play_tracks(caller, wanted)

    def source_names(self) -> tuple[str, ...]:
        """Return the names of the sources that can be asked, in their order."""
        return self._finder.names

    async def join(self, caller: Caller) -> ChannelId:
        """Come into the member's voice channel; a song that was held goes on."""
        desk = self._desk
        channel_id = desk.channel_of(caller)
        await desk.check_asking(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            player = room.player
            is_new_here = await desk.join(room, caller, channel_id)
            if is_new_here and player.queue.current is not None:
                await desk.playback.start(room, position_ms=room.player.position_ms)
            desk.keeper.touch(caller.guild_id)
        return channel_id

    async def leave(self, caller: Caller) -> None:
        """Leave the voice channel; the song and the queue are kept."""
        desk = self._desk
        await desk.check_steering(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            if not room.player.is_here:
                raise NotConnected
            await desk.playback.leave(room)

    async def look(self, guild_id: GuildId) -> Player:
        """Return the player as it is now, its position brought up to date."""
        room = self._desk.rooms.find(guild_id)
        if room is None:
            async with self._desk.rooms.hold(guild_id) as held:
                player = held.player
        else:
            player = room.player
        return replace(player, position_ms=position_of(player, self._desk.audio))

    async def picture(self, guild_id: GuildId) -> Picture:
        """Return what the controller shows now."""
        return self._desk.keeper.picture(await self.look(guild_id))

    def click_begins(self, guild_id: GuildId, message_id: MessageId) -> None:
        """Let the answer to a click on the controller be the edit that shows what it did."""
        if self._is_controller(guild_id, message_id):
            self._desk.keeper.hold_back(guild_id)

    def click_shown(self, guild_id: GuildId, message_id: MessageId, picture: Picture) -> None:
        """Note that the answer to a click has just shown this picture."""
        if self._is_controller(guild_id, message_id):
            self._desk.keeper.clicked(guild_id, picture)

    async def suggest(self, guild_id: GuildId, text: str) -> Sequence[Suggestion]:
        """Return what the member may mean by what is typed so far."""
        return await self._finder.suggest(guild_id, text)

    async def controller_deleted(self, guild_id: GuildId, message_ids: Sequence[MessageId]) -> None:
        """Leave, when one of the deleted messages was the controller, or is about to become it."""
        desk = self._desk
        room = desk.rooms.find(guild_id)
        if room is None:
            return
        desk.keeper.deletions.note(message_ids)
        meant = desk.keeper.deletions.meant(message_ids)
        if room.player.controller_message_id not in meant:
            return
        async with desk.rooms.hold(guild_id) as held:
            before = held.player
            if before.controller_message_id not in meant:
                return
            gone = replace(before, controller_message_id=None, controller_channel_id=None)
            await desk.rooms.save(held, gone, must=False)
            desk.keeper.renew(guild_id)
            if gone.is_here:
                await desk.playback.leave(held)
        if before.controller_message_id not in message_ids:
            await desk.put_away_controller(before)

    async def adopt_controller(
        self, guild_id: GuildId, channel_id: ChannelId, message_id: MessageId
    ) -> None:
        """Make a message that shows the player its controller; the one before is deleted."""
        desk = self._desk
        async with desk.rooms.hold(guild_id) as room:
            before = room.player
            if not before.is_here:
                return
            after = replace(
                before, controller_channel_id=channel_id, controller_message_id=message_id
            )
            await desk.rooms.save(room, after, must=False)
        await desk.put_away_controller(before)
        if desk.keeper.deletions.knows(message_id):  # thrown away before we knew its name
            await self.controller_deleted(guild_id, [message_id])

    async def export_member(self, guild_id: GuildId, user_id: UserId) -> dict[str, object]:
        """Return everything stored of a member's requests."""
        return await self._desk.db.read(store.export_member, guild_id, user_id)

    async def erase_member(self, guild_id: GuildId, user_id: UserId) -> None:
        """Take a member's name off everything they asked for."""
        async with self._desk.rooms.hold(guild_id) as room:
            await self._desk.db.write(store.erase_member, guild_id, user_id)
            nameless = replace(room.player, queue=forget_member(room.player.queue, user_id))
            room.player = nameless
            if room.saved is not None:
                queue = forget_member(room.saved.queue, user_id)
                same = nameless.queue == queue
                room.saved = nameless if same else replace(room.saved, queue=queue)
            self._desk.keeper.touch(guild_id)

    async def _obey_deletion(self, guild_id: GuildId, message_id: MessageId) -> None:
        await self.controller_deleted(guild_id, [message_id])

    def _is_controller(self, guild_id: GuildId, message_id: MessageId) -> bool:
        room = self._desk.rooms.find(guild_id)
        return room is not None and room.player.controller_message_id == message_id

    async def _check_playing(self, caller: Caller, place: Place) -> None:
        desk = self._desk
        channel_id = desk.channel_of(caller)
        await desk.check_asking(caller)
        if place != "last":
            await desk.check_steering(caller)
        if desk.audio.channel_id(caller.guild_id) != channel_id:
            check_room(desk.venue.room(caller.guild_id, channel_id))

    async def _enqueue(self, caller: Caller, found: Resolution, place: Place) -> Added:
        desk = self._desk
        settings = await desk.settings.get(caller.guild_id, MusicSettings)
        limits = await desk.limits(caller.guild_id)
        admission = Admission(
            max_track_minutes=limits.track_minutes,
            allows_duplicates=settings.duplicates,
            sources=frozenset(settings.allowed_sources),
        )
        async with desk.rooms.hold(caller.guild_id) as room:
            _check_space(room.player.queue, limits.queue)
            tracks = admit(found.tracks, room.player.queue, admission)
            wanted = [Entry(desk.ids.new(), track, requested_by=caller.user_id) for track in tracks]
            is_new_here = await desk.join(room, caller, desk.channel_of(caller))
            before = room.player.queue
            queue, placed = add(before, wanted, place=place, limit=limits.queue)
            starts = before.current is None or place == "now"
            wait_ms = 0 if starts else self._wait_ms(room.player, before, place)
            if starts:
                queue = advance(queue, "skipped")
            after = with_queue(room.player, queue, now_ms=desk.clock.now_ms())
            await desk.rooms.save(room, replace(after, failures=0))
            if starts:
                await desk.playback.start(room)
            elif is_new_here:
                await desk.playback.start(room, position_ms=room.player.position_ms)
            elif queue.upcoming[0] is placed[0]:
                desk.playback.prepare_next(room)
            desk.keeper.touch(caller.guild_id)
            return Added(
                entries=placed,
                refused=len(wanted) - len(placed),
                is_playing=starts,
                place_in_queue=0 if starts else _place_of(queue, placed[0]),
                wait_ms=wait_ms,
                playlist_title=found.playlist_title,
                truncated=found.truncated,
                left_out=len(found.tracks) - len(tracks),
            )

    def _wait_ms(self, player: Player, queue: Queue, place: Place) -> int:
        if queue.current is None:
            return 0
        left_ms = (queue.current.track.duration_ms or 0) - position_of(player, self._desk.audio)
        return max(0, left_ms) + (queue.duration_ms if place == "last" else 0)


def _check_space(queue: Queue, limit: int) -> None:
    if len(queue.upcoming) >= limit:
        raise QueueFull(limit=limit)


def _place_of(queue: Queue, entry: Entry) -> int:
    return next(n for n, e in enumerate(queue.upcoming, start=1) if e.entry_id == entry.entry_id)
