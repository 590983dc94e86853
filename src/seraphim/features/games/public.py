"""What other features may know of the games."""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from seraphim.features.economy.public import Score
from seraphim.features.games.store import totals as store
from seraphim.features.games.store.totals import Totals
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId

__all__ = ["GameScores"]


class GameScores:
    """Who has won the most games; implements economy's ``Scores``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def list_scores(self, guild_id: GuildId, *, start: int, limit: int) -> Sequence[Score]:
        """Return the members from position ``start + 1`` on, the most wins first."""
        found = await self._db.read(store.list_totals, guild_id, offset=start, limit=limit)
        return [_score(totals, start + place) for place, totals in enumerate(found, 1)]

    async def find_score(self, guild_id: GuildId, user_id: UserId) -> Score | None:
        """Return one member's score; None before the first finished game."""
        return await self._db.read(_find, guild_id, user_id)

    async def count_scores(self, guild_id: GuildId, *, at_most: int) -> int:
        """Count the members with a score, but no further than ``at_most``."""
        return await self._db.read(store.count_totals, guild_id, at_most=at_most)


def _find(conn: Connection, guild_id: GuildId, user_id: UserId) -> Score | None:
    totals = store.find_totals(conn, guild_id, user_id)
    return None if totals is None else _score(totals, store.rank_of(conn, guild_id, totals))


def _score(totals: Totals, position: int) -> Score:
    return Score(totals.user_id, position, totals.played, totals.won, totals.net)
