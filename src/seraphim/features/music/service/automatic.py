"""Autoplay: the music goes on when the queue has run out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from seraphim.features.music.ports import RecommendsTracks, SourceFailed, TrackSource
from seraphim.features.music.rules.choosing import (
    Candidate,
    choose,
    is_allowed,
    may_follow,
    write_reason,
)
from seraphim.features.music.rules.player import Autoplay, Player, with_queue
from seraphim.features.music.rules.queue import Entry, add, advance
from seraphim.features.music.rules.statistics import DAY_MS
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.desk import Desk
from seraphim.features.music.service.rooms import Room
from seraphim.features.music.service.rounds import Rounds
from seraphim.features.music.service.settings import MusicSettings
from seraphim.features.music.store import choices as store
from seraphim.kernel.dice import Dice
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

LOOK_SECONDS = 2.0
"""How soon after a song's start the one after it is chosen."""
PREPARE_SECONDS = 15.0
"""How long a choice may take while a song plays."""
AT_ONCE_SECONDS = 2.0
"""How long it may take in the silence between two songs, when none was ready."""
AT_THE_SAME_TIME = 4
"""Guilds for which is chosen at the same time."""
RECOMMENDED = 25
LIKED_DAYS = 365
_FINE = 1_000_000


@dataclass(frozen=True, slots=True)
class _Ready:
    """A choice that has been made, and for what it holds."""

    after: str
    """The entry it follows."""
    mode: Autoplay
    entry: Entry | None
    """None: nothing fits."""


class Automatic:
    """Chooses early, so that there is no gap, and gives up its choice when somebody asks for more.

    The choice is kept in memory and not in the queue: what members ask for always comes first.

    Args:
        desk: What all verbs share.
        sources: Those that can recommend are asked.
        dice: Decides among what fits.
    """

    def __init__(self, desk: Desk, sources: Sequence[TrackSource], dice: Dice) -> None:
        self._desk = desk
        self._sources = tuple(sources)
        self._dice = dice
        self._ready: dict[GuildId, _Ready] = {}
        self._preparing: dict[GuildId, asyncio.Task[None]] = {}
        self._turn = asyncio.Semaphore(AT_THE_SAME_TIME)
        self._rounds = Rounds("music-autoplay", desk.clock, LOOK_SECONDS, self.look)

    def start(self) -> None:
        """Begin."""
        self._rounds.start()

    async def close(self) -> None:
        """Stop choosing."""
        await self._rounds.close()
        tasks = tuple(self._preparing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def is_choosing(self) -> bool:
        """Whether a choice is being made for any guild."""
        return bool(self._preparing)

    def next_up(self, player: Player) -> Entry | None:
        """Return what would follow the current song, if that is known already."""
        ready = self._ready.get(player.guild_id)
        current = player.queue.current
        if ready is None or current is None or player.queue.upcoming or player.loop != "off":
            return None
        holds = ready.after == current.entry_id and ready.mode == player.autoplay
        return ready.entry if holds else None

    async def look(self) -> None:
        """Begin to choose for every player whose last song plays."""
        for guild_id in [each for each in self._ready if self._desk.rooms.find(each) is None]:
            del self._ready[guild_id]
        for room in self._desk.rooms:
            if room.loaded and room.guild_id not in self._preparing and self._wants(room.player):
                task = asyncio.create_task(self._prepare(room.player), name="music-choice")
                self._preparing[room.guild_id] = task

    async def follow(self, room: Room) -> None:
        """Make a chosen song the current one, if the queue has run out and the guild wants it.

        Args:
            room: The locked player; saved when a song was found, unchanged otherwise.
        """
        player = room.player
        if not may_follow(player):
            return
        last = player.queue.history[-1].entry
        ready = self._ready.pop(room.guild_id, None)
        if ready is None or (ready.after, ready.mode) != (last.entry_id, player.autoplay):
            ready = await self._choose(player, last, AT_ONCE_SECONDS)
        if ready.entry is None:
            return
        queue, _ = add(player.queue, [ready.entry], place="last", limit=1)
        after = with_queue(player, advance(queue, "played"), now_ms=self._desk.clock.now_ms())
        await self._desk.rooms.save(room, replace(after, failures=player.failures), must=False)

    def _wants(self, player: Player) -> bool:
        current = player.queue.current
        if player.autoplay == "off" or player.loop != "off" or not player.is_here:
            return False
        if current is None or player.queue.upcoming:
            return False
        ready = self._ready.get(player.guild_id)
        return ready is None or (ready.after, ready.mode) != (current.entry_id, player.autoplay)

    async def _prepare(self, player: Player) -> None:
        current = player.queue.current
        try:
            if current is not None:
                async with self._turn:
                    ready = await self._choose(player, current, PREPARE_SECONDS)
                self._ready[player.guild_id] = ready
                self._desk.keeper.touch(player.guild_id)
        except SeraphimError as error:
            _log.warning("music.nothing_chosen", guild_id=player.guild_id, reason=str(error))
        finally:
            self._preparing.pop(player.guild_id, None)

    async def _choose(self, player: Player, after: Entry, seconds: float) -> _Ready:
        """Return a song that fits behind ``after``; what takes too long is left out."""
        desk = self._desk
        guild_id, seed = player.guild_id, after.track
        since_ms = desk.clock.now_ms() - LIKED_DAYS * DAY_MS
        recent = await desk.db.read(store.list_last_played, guild_id)
        known = await desk.db.read(store.list_candidates, guild_id, seed, since_ms=since_ms)
        candidates = [*known, *await self._recommended(seed, seconds)]
        settings = await desk.settings.get(guild_id, MusicSettings)
        limits = await desk.limits(guild_id)
        allowed = [
            each
            for each in candidates
            if is_allowed(
                each.track,
                max_track_minutes=limits.track_minutes,
                sources=settings.allowed_sources,
            )
        ]
        share = self._dice.integer(0, _FINE - 1) / _FINE
        chosen = choose(allowed, mode=player.autoplay, recent=[seed, *recent], share=share)
        if chosen is None:
            return _Ready(after.entry_id, player.autoplay, None)
        entry = Entry(desk.ids.new(), chosen.track, None, reason=write_reason(chosen))
        return _Ready(after.entry_id, player.autoplay, entry)

    async def _recommended(self, seed: Track, seconds: float) -> list[Candidate]:
        order = self._dice.integer(0, _FINE)
        asked = [each for each in self._sources if isinstance(each, RecommendsTracks)]
        tasks = [asyncio.create_task(_ask(source, seed, order)) for source in asked]
        if not tasks:
            return []
        done, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return [candidate for task in done for candidate in task.result()]


async def _ask(source: RecommendsTracks, seed: Track, order: int) -> list[Candidate]:
    try:
        found = await source.recommend(seed, limit=RECOMMENDED, order=order)
    except SourceFailed as error:
        _log.info("music.no_recommendations", source=source.name, reason=str(error))
        return []
    return [Candidate(each.track, each.likeness, each.detail) for each in found]
