"""The tables of the games: tables, seats and seeds."""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
