"""What a member has played."""

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from seraphim.features.games.store import totals as store
from seraphim.features.games.store.totals import Past, Totals
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId

PAGE_SIZE = 10
MAX_PAGES = 500


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of a member's games, the newest first."""

    games: tuple[Past, ...]
    totals: Totals | None
    number: int
    pages: int


class History:
    """Reads members' games."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(self, guild_id: GuildId, user_id: UserId, number: int) -> HistoryPage:
        """Return a page, clamped to what exists."""
        return await self._db.read(_page, guild_id, user_id, number)


def _page(conn: Connection, guild_id: GuildId, user_id: UserId, number: int) -> HistoryPage:
    count = store.count_past(conn, guild_id, user_id, at_most=PAGE_SIZE * MAX_PAGES)
    pages = max(1, -(-count // PAGE_SIZE))
    number = min(max(1, number), pages)
    found = store.list_past(
        conn, guild_id, user_id, offset=(number - 1) * PAGE_SIZE, limit=PAGE_SIZE
    )
    return HistoryPage(tuple(found), store.find_totals(conn, guild_id, user_id), number, pages)
