"""What the economy knows of a member, handed out and forgotten."""

from collections.abc import Mapping, Sequence

from sqlalchemy.engine import Connection

from seraphim.features.economy.store.ledger_reading import forget_person
from seraphim.features.economy.store.owners import export_member, has_open_stakes, lock_account
from seraphim.kernel.db import Database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.feature import Privacy
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.marks import N_


class StakesOpen(SeraphimError):
    """Coins of the member lie in something undecided."""

    code = "economy.stakes_open"
    http_status = 409
    message = N_("You still have coins in an open game, order or trade. Finish it first.")


class EconomyPrivacy:
    """Joins what the parts of the economy know.

    An erased member's account loses its name and keeps its coins and postings, out of everybody's
    reach: every sum of the ledger stays what it was. Coming back means a new, empty account.

    Args:
        db: The database.
        others: The parts besides the ledger (cooldowns, inventory), asked first.
    """

    stays = N_(
        "The ledger keeps the amounts of your transfers, without your name. Your coins are gone."
    )

    def __init__(self, db: Database, others: Sequence[Privacy] = ()) -> None:
        self._db = db
        self._others = others

    async def export(self, guild_id: GuildId, user_id: UserId) -> Mapping[str, object]:
        """Return the account, its movements (the newest 10,000), and what the parts know."""
        found = dict(await self._db.read(export_member, guild_id, user_id))
        for other in self._others:
            found.update(await other.export(guild_id, user_id))
        return found

    async def erase(self, guild_id: GuildId, user_id: UserId) -> None:
        """Forget the member.

        Raises:
            StakesOpen: Coins lie in an open game, order or trade.
        """
        await self._db.read(_refuse_open_stakes, guild_id, user_id)
        for other in self._others:
            await other.erase(guild_id, user_id)
        await self._db.write(_forget, guild_id, user_id)


def _refuse_open_stakes(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    if has_open_stakes(conn, guild_id, user_id):
        raise StakesOpen


def _forget(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    lock_account(conn, guild_id, user_id)  # what moves at this moment comes before it, or after
    _refuse_open_stakes(conn, guild_id, user_id)
    forget_person(conn, guild_id, user_id)
