"""Skipping together: listeners vote, and enough of them within a minute skip the song."""

from dataclasses import dataclass

from seraphim.features.music import store
from seraphim.features.music.rules.control import votes_needed
from seraphim.features.music.rules.errors import NotPlaying, SongChanged, VoteOver
from seraphim.features.music.rules.queue import advance
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.caller import Caller
from seraphim.features.music.service.desk import Desk
from seraphim.features.music.service.settings import MusicSettings

VOTE_SECONDS = 60
"""How long a vote counts."""


@dataclass(frozen=True, slots=True)
class Ballot:
    """How a vote stands."""

    track: Track
    entry_id: str
    votes: int
    needed: int
    skipped: bool
    now: Track | None = None
    """What plays after a skip."""


class Voting:
    """Casts and counts votes. They are rows, one a member: two clicks count once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def may_skip(self, caller: Caller, *, steps: int = 1) -> bool:
        """Say whether the caller may skip without asking: a DJ, or one's own song."""
        desk = self._desk
        if await desk.may_steer(caller):
            return True
        async with desk.rooms.hold(caller.guild_id) as room:
            current = room.player.queue.current
        return current is not None and current.requested_by == caller.user_id and steps == 1

    async def skip_or_vote(self, caller: Caller, *, steps: int = 1) -> Ballot:
        """Skip at once when the caller may; vote otherwise. Several songs are for DJs only.

        Raises:
            SongChanged: Somebody else did it at the same moment; one song is skipped and not two.
        """
        room = self._desk.rooms.find(caller.guild_id)
        current = None if room is None else room.player.queue.current
        meant = None if current is None else current.entry_id
        if await self.may_skip(caller, steps=steps):
            return await self._vote(caller, meant, steps=steps, at_once=True)
        if steps > 1:
            await self._desk.check_steering(caller)
        return await self._vote(caller)

    async def vote(self, caller: Caller, entry_id: str | None = None) -> Ballot:
        """Vote for skipping the song.

        Args:
            caller: Who votes; must listen.
            entry_id: The song that was on the button; None means what plays now.

        Raises:
            VoteOver: Another song plays by now.
            NotPlaying: There is nothing to vote on.
            NotInVoice, OtherChannel, WrongTextChannel: There is no vote to cast.
        """
        return await self._vote(caller, entry_id)

    async def _vote(
        self,
        caller: Caller,
        entry_id: str | None = None,
        *,
        steps: int = 1,
        at_once: bool = False,
    ) -> Ballot:
        desk = self._desk
        async with desk.rooms.hold(caller.guild_id) as room:
            player = room.player
            current = player.queue.current
            if current is None or not player.is_here:
                raise NotPlaying
            await desk.check_place(caller)
            if entry_id not in {None, current.entry_id}:
                raise SongChanged if at_once else VoteOver
            track, name = current.track, current.entry_id
            votes = needed = 1
            if not at_once:
                votes, needed = await self._count(caller, name)
            if votes < needed:
                return Ballot(track, name, votes, needed, skipped=False)
            after = advance(player.queue, "skipped", steps=steps, loop=player.loop)
            await desk.move_to(room, after)
            following = room.player.queue.current
            now = None if following is None else following.track
            return Ballot(track, name, votes, needed, skipped=True, now=now)

    async def _count(self, caller: Caller, entry_id: str) -> tuple[int, int]:
        desk = self._desk
        settings = await desk.settings.get(caller.guild_id, MusicSettings)
        now_ms = desk.clock.now_ms()
        voters = await desk.db.write(
            store.cast_vote,
            caller.guild_id,
            caller.user_id,
            entry_id,
            now_ms=now_ms,
            since_ms=now_ms - VOTE_SECONDS * 1000,
        )
        here = desk.audio.channel_id(caller.guild_id)
        present = [v for v in voters if desk.venue.channel_of(caller.guild_id, v) == here]
        listeners = desk.listeners(caller.guild_id)
        return len(present), votes_needed(listeners, settings.vote_percent)
