"""The tables of the shop: items, inventories, orders, held roles, effects, uses and trades.

For every item ``sold = sum(inventory.quantity) + used``, and for one with a stock
``stock + sold`` changes only when an administrator restocks: no piece is made or lost.
"""

import sqlalchemy as sa

from seraphim.kernel.db import metadata
from seraphim.kernel.events import RowId

shop_items = sa.Table(
    "shop_items",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", sa.Text, nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("emoji", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("member_limit", sa.BigInteger),
    sa.Column("role_id", sa.BigInteger),
    sa.Column("duration_seconds", sa.BigInteger),
    sa.Column("effect", sa.String(32)),
    sa.Column("required_role_id", sa.BigInteger),
    sa.Column("required_level", sa.Integer),
    sa.Column("stock", sa.BigInteger),
    sa.Column("sold", sa.BigInteger, nullable=False),
    sa.Column("used", sa.BigInteger, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("removed", sa.Boolean, nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.CheckConstraint("kind IN ('role', 'effect', 'collectible')", name="kind"),
    sa.CheckConstraint("price BETWEEN 1 AND 1000000000000", name="price"),
    sa.CheckConstraint("stock >= 0", name="stock"),
    sa.CheckConstraint("used >= 0 AND sold >= used", name="sold"),
    sa.UniqueConstraint("guild_id", "name_key"),
    # An id is never used twice: old messages carry it in their buttons.
    sqlite_autoincrement=True,
)
"""``name_key`` is the name without case; a removed item's is its id, which frees the name."""

shop_inventory = sa.Table(
    "shop_inventory",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column(
        "item_id",
        RowId,
        sa.ForeignKey("shop_items.id"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.Column("paid", sa.BigInteger, nullable=False),
    sa.CheckConstraint("quantity >= 0", name="quantity"),
    sa.CheckConstraint("paid >= 0", name="paid"),
    sa.Index("ix_shop_inventory_item_id", "item_id"),
)
"""``paid`` is what the shop got for these pieces; it goes along when they change hands."""

shop_orders = sa.Table(
    "shop_orders",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    sa.Column("user_id", sa.BigInteger, nullable=False),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("item_id", RowId, sa.ForeignKey("shop_items.id"), nullable=False),
    sa.Column("role_id", sa.BigInteger, nullable=False),
    sa.Column("duration_seconds", sa.BigInteger),
    sa.Column("paid", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("refusal", sa.String(32)),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.CheckConstraint("state IN ('granting', 'delivered', 'refunded')", name="state"),
    sa.CheckConstraint("paid > 0", name="paid"),
    sa.Index("ix_shop_orders_guild_id_user_id", "guild_id", "user_id"),
)
"""Purchases of roles, which are delivered by Discord and not by us."""

shop_roles = sa.Table(
    "shop_roles",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column(
        "item_id",
        RowId,
        sa.ForeignKey("shop_items.id"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("role_id", sa.BigInteger, nullable=False),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("expires_ms", sa.BigInteger),
    sa.CheckConstraint("units > 0", name="units"),
)
"""Roles members hold because they bought them; ``expires_ms`` NULL: for good."""

shop_effects = sa.Table(
    "shop_effects",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("effect", sa.String(32), primary_key=True),
    sa.Column("uses", sa.BigInteger, nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
    sa.CheckConstraint("uses >= 0", name="uses"),
)

shop_uses = sa.Table(
    "shop_uses",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("key", sa.String(128), primary_key=True),
    sa.Column("user_id", sa.BigInteger, nullable=False),
    sa.Column("item_id", RowId, sa.ForeignKey("shop_items.id"), nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
"""What each use did, by idempotency key, so that a repeated command answers the same."""

shop_trades = sa.Table(
    "shop_trades",
    metadata,
    sa.Column("id", RowId, primary_key=True, autoincrement=True),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    sa.Column("channel_id", sa.BigInteger, nullable=False),
    sa.Column("message_id", sa.BigInteger),
    sa.Column("opening_key", sa.String(128), nullable=False),
    sa.Column("first_id", sa.BigInteger, nullable=False),
    sa.Column("second_id", sa.BigInteger, nullable=False),
    sa.Column("first_coins", sa.BigInteger, nullable=False),
    sa.Column("second_coins", sa.BigInteger, nullable=False),
    sa.Column("first_confirmed", sa.Boolean, nullable=False),
    sa.Column("second_confirmed", sa.Boolean, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
    sa.Column("last_key", sa.String(128), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.CheckConstraint("status IN ('open', 'done', 'cancelled', 'expired')", name="status"),
    sa.CheckConstraint("first_coins >= 0 AND second_coins >= 0", name="coins"),
    sa.CheckConstraint("first_id <> second_id", name="sides"),
    sa.UniqueConstraint("guild_id", "opening_key"),
    sa.Index("ix_shop_trades_first_id", "guild_id", "first_id"),
    sa.Index("ix_shop_trades_second_id", "guild_id", "second_id"),
    sqlite_autoincrement=True,
)

shop_trade_items = sa.Table(
    "shop_trade_items",
    metadata,
    sa.Column(
        "trade_id",
        RowId,
        sa.ForeignKey("shop_trades.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column(
        "item_id",
        RowId,
        sa.ForeignKey("shop_items.id"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("quantity", sa.BigInteger, nullable=False),
    sa.CheckConstraint("quantity > 0", name="quantity"),
)
