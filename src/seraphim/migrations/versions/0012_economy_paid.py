"""What was paid for the pieces a member owns; the closed escrows that wait to be folded."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column and the index; what pieces had cost before is not known: today's price."""
    op.execute(
        "ALTER TABLE shop_inventory ADD COLUMN paid BIGINT DEFAULT 0 NOT NULL"
        " CONSTRAINT ck_shop_inventory_paid CHECK (paid >= 0)"
    )
    # No more than an account holds, and computed without a product that does not fit 64 bits.
    op.execute(
        "UPDATE shop_inventory SET paid = (SELECT"
        " CASE WHEN shop_inventory.quantity > 1000000000000000 / i.price THEN 1000000000000000"
        " ELSE shop_inventory.quantity * i.price END"
        " FROM shop_items i WHERE i.id = shop_inventory.item_id)"
    )
    op.create_index(
        "ix_accounts_closed",
        "accounts",
        ["id"],
        sqlite_where=sa.text("closed"),
        postgresql_where=sa.text("closed"),
    )
