"""Arranging what is to come: shuffled, moved, taken out, and the way back from it."""

from collections.abc import Callable, Sequence

from seraphim.features.music import store
from seraphim.features.music.rules.errors import (
    NothingToRemove,
    NothingToUndo,
    NotYours,
    QueueFull,
)
from seraphim.features.music.rules.ordering import (
    move,
    read_places,
    remove,
    remove_absent,
    remove_by,
    remove_duplicates,
    shuffle,
)
from seraphim.features.music.rules.player import with_queue
from seraphim.features.music.rules.queue import Entry, Queue, add
from seraphim.features.music.service.caller import Caller
from seraphim.features.music.service.desk import Desk
from seraphim.features.music.service.rooms import Room
from seraphim.kernel.dice import Dice
from seraphim.kernel.ids import UserId

type Removal = tuple[Queue, tuple[Entry, ...]]


class Arranging:
    """The verbs that act on the songs that wait.

    Args:
        desk: What all verbs share.
        dice: Shuffles.
    """

    def __init__(self, desk: Desk, dice: Dice) -> None:
        self._desk = desk
        self._dice = dice

    async def shuffle(self, caller: Caller) -> int:
        """Put what waits into random order; returns how many songs that are."""
        desk = self._desk
        await desk.check_steering(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            order = list(range(len(room.player.queue.upcoming)))
            self._dice.shuffle(order)
            await self._save(room, shuffle(room.player.queue, order))
            return len(order)

    async def move(self, caller: Caller, place: int, to: int) -> Entry:
        """Take one song to another place; returns it."""
        desk = self._desk
        await desk.check_steering(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            queue, entry = move(room.player.queue, place, to)
            await self._save(room, queue)
            return entry

    async def remove(self, caller: Caller, typed: str) -> Sequence[Entry]:
        """Take songs out by their numbers; one's own always, those of others like a DJ.

        Raises:
            PlacesUnclear, PlaceUnknown, NotYours: Why nothing was taken out.
        """
        desk = self._desk
        await desk.check_place(caller)
        may_steer = await desk.may_steer(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            queue = room.player.queue
            if not queue.upcoming:
                raise NothingToRemove
            places = read_places(typed, last=len(queue.upcoming))
            after, gone = remove(queue, places)
            if not may_steer and any(entry.requested_by != caller.user_id for entry in gone):
                raise NotYours
            await self._save(room, after)
            return gone

    async def remove_duplicates(self, caller: Caller) -> Sequence[Entry]:
        """Keep each song once."""
        return await self._remove(caller, remove_duplicates)

    async def remove_by(self, caller: Caller, user_id: UserId) -> Sequence[Entry]:
        """Take out what one member asked for; one's own songs always."""
        if user_id == caller.user_id:
            await self._desk.check_place(caller)
            return await self._apply(caller, lambda queue: remove_by(queue, user_id))
        return await self._remove(caller, lambda queue: remove_by(queue, user_id))

    async def remove_absent(self, caller: Caller) -> Sequence[Entry]:
        """Take out what members asked for who have left the channel."""
        desk = self._desk
        here = desk.audio.channel_id(caller.guild_id)

        def without_absent(queue: Queue) -> Removal:
            asked = {entry.requested_by for entry in queue.upcoming if entry.requested_by}
            present = {
                user_id
                for user_id in asked
                if here is not None and desk.venue.channel_of(caller.guild_id, user_id) == here
            }
            return remove_absent(queue, present)

        return await self._remove(caller, without_absent)

    async def clear(self, caller: Caller) -> Sequence[Entry]:
        """Take everything out that waits; the song that plays goes on."""

        def everything(queue: Queue) -> Removal:
            return remove(queue, range(1, len(queue.upcoming) + 1))

        return await self._remove(caller, everything)

    async def remember(self, caller: Caller, entries: Sequence[Entry]) -> str:
        """Keep removed songs for an hour; returns the name by which :meth:`undo` finds them."""
        desk = self._desk
        removal_id = desk.ids.new()
        await desk.db.write(
            store.put_aside,
            caller.guild_id,
            removal_id,
            entries,
            desk.clock.now_ms(),
        )
        return removal_id

    async def undo(self, caller: Caller, removal_id: str) -> int:
        """Let removed songs wait again, behind the others; returns how many fit.

        Raises:
            NothingToUndo: They are back already, or too long gone.
            QueueFull: None of them fits; what does not fit can be brought back later.
        """
        desk = self._desk
        await desk.check_asking(caller)
        desk.channel_of(caller)
        limits = await desk.limits(caller.guild_id)
        async with desk.rooms.hold(caller.guild_id) as room:
            entries = await desk.db.read(store.look_aside, caller.guild_id, removal_id)
            if not entries:
                raise NothingToUndo
            known = {entry.entry_id for entry in room.player.queue.upcoming}
            missing = [entry for entry in entries if entry.entry_id not in known]
            queue, placed = add(room.player.queue, missing, place="last", limit=limits.queue)
            if missing and not placed:
                raise QueueFull(limit=limits.queue)
            await self._save(room, queue)
            # Only now: what could not be stored in the queue is not lost from where it was kept.
            await desk.db.write(store.take_back, caller.guild_id, removal_id)
            if left := missing[len(placed) :]:
                now_ms = desk.clock.now_ms()
                await desk.db.write(store.put_aside, caller.guild_id, removal_id, left, now_ms)
            return len(placed)

    async def _remove(self, caller: Caller, taking: Callable[[Queue], Removal]) -> Sequence[Entry]:
        await self._desk.check_steering(caller)
        return await self._apply(caller, taking)

    async def _apply(self, caller: Caller, taking: Callable[[Queue], Removal]) -> Sequence[Entry]:
        async with self._desk.rooms.hold(caller.guild_id) as room:
            queue, gone = taking(room.player.queue)
            if not gone:
                raise NothingToRemove
            await self._save(room, queue)
            return gone

    async def _save(self, room: Room, queue: Queue) -> None:
        after = with_queue(room.player, queue, now_ms=self._desk.clock.now_ms())
        await self._desk.save(room, after)
