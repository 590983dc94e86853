"""The tables of the music: sources, lyrics and automatic choices."""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
