"""Leaderboards: a page, and where the one who looks stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from seraphim.features.economy.ports import Score, Scores
from seraphim.features.economy.store.ledger_reading import (
    Rank,
    Standing,
    count_holders,
    page_of_leaderboard,
    rank_of,
)
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId

PAGE_SIZE = 10
MAX_LISTED = 1_000
"""How many places can be turned up; everybody's own place is told in any case."""


@dataclass(frozen=True, slots=True)
class Board[Line, Own]:
    """One page of a leaderboard; ``page`` and ``pages`` start at 1."""

    lines: Sequence[Line]
    page: int
    pages: int
    own: Own | None


class Leaderboard:
    """The use cases of looking at who is first."""

    def __init__(self, db: Database, scores: Scores) -> None:
        self._db = db
        self._scores = scores

    async def coins(self, guild_id: GuildId, user_id: UserId, page: int) -> Board[Standing, Rank]:
        """Return the richest; ``page`` is clamped to what exists."""
        count = await self._db.read(count_holders, guild_id, at_most=MAX_LISTED)
        page, pages = _clamped(page, count)
        start = (page - 1) * PAGE_SIZE
        lines = await self._db.read(page_of_leaderboard, guild_id, start=start, limit=PAGE_SIZE)
        own = await self._db.read(rank_of, guild_id, user_id)
        return Board(lines, page, pages, own)

    async def games(self, guild_id: GuildId, user_id: UserId, page: int) -> Board[Score, Score]:
        """Return those who have won the most games."""
        count = await self._scores.count_scores(guild_id, at_most=MAX_LISTED)
        page, pages = _clamped(page, count)
        start = (page - 1) * PAGE_SIZE
        lines = await self._scores.list_scores(guild_id, start=start, limit=PAGE_SIZE)
        own = await self._scores.find_score(guild_id, user_id)
        return Board(lines, page, pages, own)


def _clamped(page: int, count: int) -> tuple[int, int]:
    pages = max(1, -(-count // PAGE_SIZE))
    return min(max(1, page), pages), pages
