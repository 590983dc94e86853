"""The players this process holds: one lock each, in memory and in the database alike."""

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from seraphim.features.music import store
from seraphim.features.music.rules.errors import PlayerTaken
from seraphim.features.music.rules.player import Player
from seraphim.features.music.service.settings import MusicSettings
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, DatabaseError, OutcomeUnknown
from seraphim.kernel.ids import GuildId
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)


class Room:
    """One guild's player in memory. Change it only while holding its lock.

    Attributes:
        player: What is true now.
        saved: What the database holds; differs from ``player`` while it cannot be reached.
        idle_since: Monotonic seconds since when nobody listens or nothing plays.
    """

    __slots__ = ("guild_id", "idle_since", "loaded", "lock", "player", "saved", "stale", "waiting")

    def __init__(self, guild_id: GuildId) -> None:
        self.guild_id = guild_id
        self.lock = asyncio.Lock()
        self.player = Player(guild_id)
        self.saved: Player | None = None
        self.loaded = False
        self.stale = False
        self.idle_since: float | None = None
        self.waiting = 0


class Rooms:
    """Finds, loads and stores players.

    Args:
        db: Where they are stored.
        settings: For the volume of a new player.
        clock: Stamps what is stored.
    """

    def __init__(self, db: Database, settings: GuildSettings, clock: Clock) -> None:
        self._db = db
        self._settings = settings
        self._clock = clock
        self._rooms: dict[GuildId, Room] = {}

    def __iter__(self) -> Iterator[Room]:
        """Iterate over the players in memory, as they are now."""
        return iter(tuple(self._rooms.values()))

    def find(self, guild_id: GuildId) -> Room | None:
        """Return a player that is in memory, without waiting for its lock."""
        room = self._rooms.get(guild_id)
        return room if room is not None and room.loaded else None

    @asynccontextmanager
    async def hold(self, guild_id: GuildId) -> AsyncGenerator[Room]:
        """Lock a guild's player, loading it first when it is not in memory.

        A player that is in no channel is let go of afterwards, so that memory does not grow
        with every guild that ever played.
        """
        room = self._rooms.setdefault(guild_id, Room(guild_id))
        room.waiting += 1
        try:
            async with room.lock:
                if not room.loaded:
                    await self._load(room)
                yield room
        finally:
            room.waiting -= 1
            if room.waiting == 0 and _is_at_rest(room):
                self._rooms.pop(guild_id, None)

    async def save(self, room: Room, after: Player, *, must: bool = True) -> None:
        """Store a player's new value, then take it over.

        Args:
            room: The locked player.
            after: What should be true.
            must: A command: nothing changes when it cannot be stored. Otherwise (a song has ended)
                the music goes on, and storing is tried again later.

        Raises:
            PlayerTaken: Another process has taken the player over; it is dropped here.
            DatabaseError: It could not be stored, and ``must`` is set.
        """
        try:
            if room.stale:
                room.saved = await self._db.read(store.find_player, room.guild_id)
                room.stale = False
            revision = 1 if room.saved is None else room.saved.revision + 1
            stored = replace(after, revision=revision)
            await self._db.write(store.save_player, room.saved, stored, self._clock.now_ms())
        except PlayerTaken:
            self._rooms.pop(room.guild_id, None)
            room.loaded = False
            raise
        except IntegrityError:
            room.stale = True
            raise
        except DatabaseError as error:
            room.stale = room.stale or isinstance(error, OutcomeUnknown)
            if must:
                raise
            _log.warning("music.not_stored", guild_id=room.guild_id, reason=str(error))
            room.player = after
        else:
            room.player = room.saved = stored

    async def save_positions(self, players: list[Player]) -> None:
        """Store how far many players are, in one unit of work."""
        await self._db.write(store.save_positions, players)

    async def present_guilds(self) -> list[GuildId]:
        """Return the guilds whose player was in a voice channel when the last process ended."""
        return await self._db.read(store.list_present_guilds)

    async def _load(self, room: Room) -> None:
        known = await self._db.read(store.find_player, room.guild_id)
        if known is not None:
            known = await self._db.write(store.claim_player, room.guild_id)
        if known is None:
            settings = await self._settings.get(room.guild_id, MusicSettings)
            loudness = min(settings.default_volume, settings.max_volume)
            room.player = Player(room.guild_id, volume_percent=loudness)
        else:
            room.player = known
        room.saved = known
        room.loaded = True


def _is_at_rest(room: Room) -> bool:
    player = room.player
    stored = room.saved is player or room.saved is None
    return not room.loaded or (stored and not player.is_here)
