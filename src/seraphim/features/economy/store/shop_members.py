"""The SQL of forgetting: a member's part in the shop, and what ended long ago."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.economy.store import inventory, items
from seraphim.features.economy.store.shop_tables import (
    shop_effects,
    shop_inventory,
    shop_orders,
    shop_roles,
    shop_trade_items,
    shop_trades,
    shop_uses,
)
from seraphim.kernel.ids import GuildId, UserId


def forget_member(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    """Delete what the shop's tables hold of a member; their pieces count as used up.

    An order that is on its way stays: its price waits in escrow, and only the order knows whose it
    is. The caller refuses a member who has one; this is about the one made at this very moment.
    """
    while rows := inventory.list_owned(conn, guild_id, user_id):
        for row in rows:
            items.find_item(conn, guild_id, row.item_id, to_change=True)
            if inventory.take(conn, guild_id, user_id, row.item_id, row.quantity) is not None:
                items.mark_used(conn, row.item_id, row.quantity)
    kept = {shop_inventory: shop_inventory.c.quantity > 0, shop_orders: _is_granting}
    for table in (shop_inventory, shop_orders, shop_roles, shop_effects, shop_uses):
        conn.execute(
            sa.delete(table).where(
                table.c.guild_id == guild_id,
                table.c.user_id == user_id,
                sa.not_(kept.get(table, sa.false())),
            )
        )
    theirs = sa.select(shop_trades.c.id).where(
        shop_trades.c.guild_id == guild_id,
        sa.or_(shop_trades.c.first_id == user_id, shop_trades.c.second_id == user_id),
    )
    numbers = list(conn.execute(theirs).scalars())
    for start in range(0, len(numbers), _CHUNK):
        some = numbers[start : start + _CHUNK]
        conn.execute(sa.delete(shop_trade_items).where(shop_trade_items.c.trade_id.in_(some)))
        conn.execute(sa.delete(shop_trades).where(shop_trades.c.id.in_(some)))


def tidy(conn: Connection, *, uses_before_ms: int, ended_before_ms: int) -> None:
    """Delete old uses, and orders and trades that began before ``ended_before_ms`` and are over."""
    conn.execute(sa.delete(shop_uses).where(shop_uses.c.at_ms < uses_before_ms))
    conn.execute(
        sa.delete(shop_orders).where(
            shop_orders.c.created_ms < ended_before_ms, shop_orders.c.state != "granting"
        )
    )
    over = sa.select(shop_trades.c.id).where(
        shop_trades.c.created_ms < ended_before_ms, shop_trades.c.status != "open"
    )
    conn.execute(
        sa.delete(shop_trade_items).where(shop_trade_items.c.trade_id.in_(over.scalar_subquery()))
    )
    conn.execute(
        sa.delete(shop_trades).where(
            shop_trades.c.created_ms < ended_before_ms, shop_trades.c.status != "open"
        )
    )


_is_granting = shop_orders.c.state == "granting"
_CHUNK = 500
"""Below SQLite's limit of parameters in one statement."""
