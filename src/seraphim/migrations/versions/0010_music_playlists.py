"""Music: playlists that members keep."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "music_playlists",
        sa.Column("playlist_id", sa.String(64), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("folded", sa.String(128), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("tracks", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("changed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("count BETWEEN 1 AND 1000", name="ck_music_playlists_count"),
        sa.PrimaryKeyConstraint("playlist_id", name="pk_music_playlists"),
        sa.UniqueConstraint(
            "guild_id", "owner_id", "folded", "deleted_at_ms", name="uq_music_playlists_guild_id"
        ),
    )
