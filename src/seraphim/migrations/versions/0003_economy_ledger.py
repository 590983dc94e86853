"""The tables of the ledger of the economy."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
