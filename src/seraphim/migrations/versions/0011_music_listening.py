"""Music: who listened how long, by day; messages that follow a song with its words."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "music_days",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("sounded_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sounded_ms >= 0", name="ck_music_days_sounded"),
        sa.PrimaryKeyConstraint("guild_id", "day", name="pk_music_days"),
    )
    op.create_table(
        "music_listening",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("listened_ms", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("listened_ms >= 0", name="ck_music_listening_listened"),
        sa.PrimaryKeyConstraint("guild_id", "day", "user_id", name="pk_music_listening"),
    )
    op.create_table(
        "music_lyrics",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("entry_id", sa.String(64), nullable=False),
        sa.Column("words_id", sa.String(32), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_music_lyrics"),
    )
