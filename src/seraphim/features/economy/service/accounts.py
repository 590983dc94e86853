"""What a member holds, and gifts from member to member."""

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.store.ledger_reading import is_frozen, rank_of
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a member has, the place on the leaderboard (None without coins), and whether frozen."""

    balance: int
    position: int | None
    frozen: bool


class Accounts:
    """The use cases of plain accounts."""

    def __init__(self, db: Database, bank: Bank) -> None:
        self._db = db
        self._bank = bank

    async def holdings(self, guild_id: GuildId, user_id: UserId) -> Holdings:
        """Return what a member holds; nothing without an account."""
        return await self._db.read(_holdings, guild_id, user_id)


def _holdings(conn: Connection, guild_id: GuildId, user_id: UserId) -> Holdings:
    rank = rank_of(conn, guild_id, user_id)
    frozen = is_frozen(conn, guild_id, user_id)
    return (
        Holdings(0, None, frozen) if rank is None else Holdings(rank.balance, rank.position, frozen)
    )
