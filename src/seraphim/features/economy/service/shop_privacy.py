"""What the shop knows of a member, handed out and forgotten."""

from collections.abc import Mapping
from dataclasses import asdict

from sqlalchemy.engine import Connection

from seraphim.features.economy.service.shop_delivery import cancel_expiries, enqueue_sync
from seraphim.features.economy.store import inventory, item_effects, items, shop_orders, trades
from seraphim.features.economy.store.shop_members import forget_member
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, Ids, UserId
from seraphim.kernel.marks import N_


class OrderOpen(SeraphimError):
    """A purchase is not decided yet."""

    code = "economy.order_open"
    http_status = 409
    message = N_("A role you bought is still on its way. Try again in a moment.")


class ShopPrivacy:
    """Implements the kernel's ``Privacy`` for inventories, orders, effects and trades."""

    def __init__(self, db: Database, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids

    async def export(self, guild_id: GuildId, user_id: UserId) -> Mapping[str, object]:
        """Return everything the shop's tables hold of a member, JSON-ready."""
        return await self._db.read(_export, guild_id, user_id, self._clock.now_ms())

    async def erase(self, guild_id: GuildId, user_id: UserId) -> None:
        """Forget the member: pieces are used up, bought roles are taken, trades are deleted.

        Raises:
            OrderOpen: A bought role is on its way, and its price waits in escrow.
        """
        await self._db.write(self._erase, guild_id, user_id)

    def _erase(self, conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
        if shop_orders.has_order_on_its_way(conn, guild_id, user_id):
            raise OrderOpen
        held = shop_orders.list_held(conn, guild_id, user_id)
        forget_member(conn, guild_id, user_id)
        if shop_orders.has_order_on_its_way(conn, guild_id, user_id):  # bought at this moment
            raise OrderOpen
        cancel_expiries(conn, guild_id, user_id)
        for role in held:
            enqueue_sync(
                conn, guild_id, user_id, role.role_id, self._clock.now_ms(),
                ids=self._ids, clock=self._clock,
            )  # fmt: skip


def _export(conn: Connection, guild_id: GuildId, user_id: UserId, now_ms: int) -> dict[str, object]:
    owned = inventory.list_owned(conn, guild_id, user_id)
    named = items.items_by_id(conn, guild_id, [row.item_id for row in owned])
    return {
        "inventory": [
            {
                "item_id": row.item_id,
                "name": named[row.item_id].terms.name if row.item_id in named else "",
                "quantity": row.quantity,
                "paid": row.paid,
            }
            for row in owned
        ],
        "effects": [
            {"effect": one.kind.name, "uses": one.uses, "expires_ms": one.expires_ms}
            for one in item_effects.list_effects(conn, guild_id, user_id, now_ms)
        ],
        "roles": [asdict(role) for role in shop_orders.list_held(conn, guild_id, user_id)],
        "orders": [asdict(order) for order in shop_orders.list_orders(conn, guild_id, user_id)],
        "trades": [
            {
                "trade_id": trade.trade_id,
                "with": trade.second_id if trade.first_id == user_id else trade.first_id,
                "status": trade.status,
                "gave_coins": trade.offer_of(user_id).coins,
                "gave_items": {
                    str(key): count for key, count in trade.offer_of(user_id).items.items()
                },
            }
            for trade in trades.list_trades(conn, guild_id, user_id)
        ],
    }
