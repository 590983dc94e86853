"""Who listened how long, and what a guild likes."""

import asyncio
from collections.abc import Sequence
from typing import Literal

from seraphim.features.music.ports import Venue
from seraphim.features.music.rules.errors import HistoryOver
from seraphim.features.music.rules.statistics import (
    DAY_MS,
    Day,
    Played,
    TopListener,
    TopSong,
    credit,
    day_of,
    whole_span,
)
from seraphim.features.music.service.caller import Caller
from seraphim.features.music.service.music import Added, Music
from seraphim.features.music.service.rooms import Rooms
from seraphim.features.music.service.rounds import Rounds
from seraphim.features.music.store import statistics as store
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, DatabaseError, OutcomeUnknown
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

LOOK_SECONDS = 5.0
"""How often it is noted who listens: a song of three minutes is measured to two per cent."""
STORE_SECONDS = 30.0
"""How much of the counting a crash may lose."""
KEEP_DAYS = 400
MAX_LISTED = 100
"""Places of the lists of songs and listeners."""
MAX_WAITING = 50_000
"""Counts that wait for a database which cannot be reached; beyond it no new ones are taken."""

type Period = Literal["week", "month", "year"]
PERIOD_DAYS: dict[Period, int] = {"week": 7, "month": 30, "year": 365}


class Listening:
    """Notes every few seconds who hears the music, and stores the sums.

    Args:
        rooms: The players.
        venue: Knows who is in the channels.
        db: Keeps the sums.
        clock: Measures.
    """

    def __init__(self, rooms: Rooms, venue: Venue, db: Database, clock: Clock) -> None:
        self._rooms = rooms
        self._venue = venue
        self._db = db
        self._clock = clock
        self._days: dict[tuple[GuildId, int], int] = {}
        self._members: dict[tuple[GuildId, int, UserId], int] = {}
        self._storing = asyncio.Lock()
        self._looked_at = clock.monotonic()
        self._stored_at = clock.monotonic()
        self._rounds = Rounds("music-listening", clock, LOOK_SECONDS, self.look)

    def start(self) -> None:
        """Begin."""
        self._looked_at = self._stored_at = self._clock.monotonic()
        self._rounds.start()

    async def close(self) -> None:
        """Stop, storing what has been counted."""
        await self._rounds.close()
        await self.store()

    async def abandon(self) -> None:
        """Stop at once, storing nothing."""
        await self._rounds.close()

    async def look(self) -> None:
        """Credit the time since the last look to everybody who hears music now."""
        now = self._clock.monotonic()
        passed_ms = credit(round((now - self._looked_at) * 1000))
        self._looked_at = now
        today = day_of(self._clock.now_ms())
        for room in self._rooms:
            player = room.player
            is_heard = player.status == "playing" and not player.is_opening
            if not is_heard or player.voice_channel_id is None or not passed_ms:
                continue
            heard_by = self._venue.listening(room.guild_id, player.voice_channel_id)
            if not heard_by or len(self._members) + len(heard_by) > MAX_WAITING:
                continue
            of_day = (room.guild_id, today)
            self._days[of_day] = self._days.get(of_day, 0) + passed_ms
            for user_id in heard_by:
                name = (*of_day, user_id)
                self._members[name] = self._members.get(name, 0) + passed_ms
        if now - self._stored_at >= STORE_SECONDS:
            await self.store()

    async def store(self) -> None:
        """Store what was counted since the last time, for all guilds in one unit of work."""
        async with self._storing:
            await self._store()

    async def _store(self) -> None:
        self._stored_at = self._clock.monotonic()
        days, self._days = self._days, {}
        members, self._members = self._members, {}
        if not days:
            return
        oldest = day_of(self._clock.now_ms()) - KEEP_DAYS
        try:
            await self._db.write(store.add_listening, days, members, oldest_day=oldest)
        except OutcomeUnknown as error:  # it may be stored: rather less than twice
            _log.warning("music.listening_lost", guilds=len(days), reason=str(error))
        except DatabaseError as error:
            _log.warning("music.listening_not_stored", guilds=len(days), reason=str(error))
            for of_day, ms in days.items():
                self._days[of_day] = self._days.get(of_day, 0) + ms
            for name, ms in members.items():
                self._members[name] = self._members.get(name, 0) + ms

    async def export(self, guild_id: GuildId, user_id: UserId) -> list[dict[str, int]]:
        """Return how long a member listened, by day."""
        return await self._db.read(store.export_listening, guild_id, user_id)

    async def erase(self, guild_id: GuildId, user_id: UserId) -> None:
        """Forget how long a member listened, also what is not stored yet."""
        async with self._storing:
            await self._erase(guild_id, user_id)

    async def _erase(self, guild_id: GuildId, user_id: UserId) -> None:
        for name in [key for key in self._members if (key[0], key[2]) == (guild_id, user_id)]:
            del self._members[name]
        await self._db.write(store.erase_listening, guild_id, user_id)


class Statistics:
    """Reads what was played and who listened.

    Args:
        db: Where it is kept.
        clock: Ends the periods.
        music: Queues songs again.
    """

    def __init__(self, db: Database, clock: Clock, music: Music) -> None:
        self._db = db
        self._clock = clock
        self._music = music

    async def history(
        self, guild_id: GuildId, *, start: int, limit: int
    ) -> tuple[int, Sequence[Played]]:
        """Return how many songs the history has, and some of them, newest first."""
        count = await self._db.read(store.count_played, guild_id)
        lines = await self._db.read(store.list_played, guild_id, start=start, limit=limit)
        return count, lines

    async def top_songs(self, guild_id: GuildId, period: Period) -> Sequence[TopSong]:
        """Return the songs that were played to their end most often."""
        since_ms = self._clock.now_ms() - PERIOD_DAYS[period] * DAY_MS
        return await self._db.read(
            store.list_top_songs, guild_id, since_ms=since_ms, limit=MAX_LISTED
        )

    async def top_listeners(self, guild_id: GuildId, period: Period) -> Sequence[TopListener]:
        """Return who listened longest."""
        return await self._db.read(
            store.list_top_listeners, guild_id, first_day=self._first_day(period), limit=MAX_LISTED
        )

    async def days(self, guild_id: GuildId, period: Period) -> Sequence[Day]:
        """Return every day of the period, those without music too."""
        first = self._first_day(period)
        found = await self._db.read(store.list_days, guild_id, first_day=first)
        return whole_span(found, first, day_of(self._clock.now_ms()))

    async def play_again(self, caller: Caller, sequences: Sequence[int]) -> Added:
        """Queue songs of the history again.

        Raises:
            HistoryOver: The history does not reach back to them any more.
        """
        tracks = await self._db.read(store.find_played, caller.guild_id, sequences)
        if not tracks:
            raise HistoryOver
        return await self._music.play_tracks(caller, tracks)

    def _first_day(self, period: Period) -> int:
        return day_of(self._clock.now_ms()) - PERIOD_DAYS[period] + 1
