"""The tables of the shop: items, inventories, orders, roles, effects, uses and trades."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the tables."""
    _shop_items()
    _shop_inventory()
    _shop_orders()
    _shop_roles()
    _shop_effects()
    _shop_uses()
    _shop_trades()
    _shop_trade_items()


def _shop_items() -> None:
    op.create_table(
        "shop_items",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("member_limit", sa.BigInteger()),
        sa.Column("role_id", sa.BigInteger()),
        sa.Column("duration_seconds", sa.BigInteger()),
        sa.Column("effect", sa.String(32)),
        sa.Column("required_role_id", sa.BigInteger()),
        sa.Column("required_level", sa.Integer()),
        sa.Column("stock", sa.BigInteger()),
        sa.Column("sold", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('role', 'effect', 'collectible')", name=op.f("ck_shop_items_kind")
        ),
        sa.CheckConstraint("price BETWEEN 1 AND 1000000000000", name=op.f("ck_shop_items_price")),
        sa.CheckConstraint("stock >= 0", name=op.f("ck_shop_items_stock")),
        sa.CheckConstraint("used >= 0 AND sold >= used", name=op.f("ck_shop_items_sold")),
        sa.UniqueConstraint("guild_id", "name_key", name=op.f("uq_shop_items_guild_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_items")),
        sqlite_autoincrement=True,
    )


def _shop_inventory() -> None:
    op.create_table(
        "shop_inventory",
        sa.Column("guild_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column(
            "item_id",
            _ROW_ID,
            sa.ForeignKey("shop_items.id", name=op.f("fk_shop_inventory_item_id")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_shop_inventory_quantity")),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "item_id", name=op.f("pk_shop_inventory")),
    )
    op.create_index("ix_shop_inventory_item_id", "shop_inventory", ["item_id"])


def _shop_orders() -> None:
    op.create_table(
        "shop_orders",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "item_id",
            _ROW_ID,
            sa.ForeignKey("shop_items.id", name=op.f("fk_shop_orders_item_id")),
            nullable=False,
        ),
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.Column("duration_seconds", sa.BigInteger()),
        sa.Column("paid", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("refusal", sa.String(32)),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('granting', 'delivered', 'refunded')", name=op.f("ck_shop_orders_state")
        ),
        sa.CheckConstraint("paid > 0", name=op.f("ck_shop_orders_paid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_orders")),
    )
    op.create_index("ix_shop_orders_guild_id_user_id", "shop_orders", ["guild_id", "user_id"])


def _shop_roles() -> None:
    op.create_table(
        "shop_roles",
        sa.Column("guild_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column(
            "item_id",
            _ROW_ID,
            sa.ForeignKey("shop_items.id", name=op.f("fk_shop_roles_item_id")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger()),
        sa.CheckConstraint("units > 0", name=op.f("ck_shop_roles_units")),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "item_id", name=op.f("pk_shop_roles")),
    )


def _shop_effects() -> None:
    op.create_table(
        "shop_effects",
        sa.Column("guild_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("effect", sa.String(32), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("uses >= 0", name=op.f("ck_shop_effects_uses")),
        sa.PrimaryKeyConstraint("guild_id", "user_id", "effect", name=op.f("pk_shop_effects")),
    )


def _shop_uses() -> None:
    op.create_table(
        "shop_uses",
        sa.Column("guild_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("key", sa.String(128), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "item_id",
            _ROW_ID,
            sa.ForeignKey("shop_items.id", name=op.f("fk_shop_uses_item_id")),
            nullable=False,
        ),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "key", name=op.f("pk_shop_uses")),
    )


def _shop_trades() -> None:
    op.create_table(
        "shop_trades",
        sa.Column("id", _ROW_ID, autoincrement=True, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("opening_key", sa.String(128), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.Column("first_coins", sa.BigInteger(), nullable=False),
        sa.Column("second_coins", sa.BigInteger(), nullable=False),
        sa.Column("first_confirmed", sa.Boolean(), nullable=False),
        sa.Column("second_confirmed", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("last_key", sa.String(128), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "status IN ('open', 'done', 'cancelled', 'expired')", name=op.f("ck_shop_trades_status")
        ),
        sa.CheckConstraint(
            "first_coins >= 0 AND second_coins >= 0", name=op.f("ck_shop_trades_coins")
        ),
        sa.CheckConstraint("first_id <> second_id", name=op.f("ck_shop_trades_sides")),
        sa.UniqueConstraint("guild_id", "opening_key", name=op.f("uq_shop_trades_guild_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_trades")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_shop_trades_first_id", "shop_trades", ["guild_id", "first_id"])
    op.create_index("ix_shop_trades_second_id", "shop_trades", ["guild_id", "second_id"])


def _shop_trade_items() -> None:
    op.create_table(
        "shop_trade_items",
        sa.Column(
            "trade_id",
            _ROW_ID,
            sa.ForeignKey(
                "shop_trades.id",
                ondelete="CASCADE",
                name=op.f("fk_shop_trade_items_trade_id"),
            ),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("user_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column(
            "item_id",
            _ROW_ID,
            sa.ForeignKey("shop_items.id", name=op.f("fk_shop_trade_items_item_id")),
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_shop_trade_items_quantity")),
        sa.PrimaryKeyConstraint("trade_id", "user_id", "item_id", name=op.f("pk_shop_trade_items")),
    )
