"""The tables of the earning: cooldowns, streaks and catches."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
