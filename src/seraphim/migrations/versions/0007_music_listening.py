"""The tables of the music: playlists and votes."""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
