"""The tables of the shop: items, inventories and trades."""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
