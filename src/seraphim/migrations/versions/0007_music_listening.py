"""Music: modes of the player, reasons of automatic choices, votes, songs put aside."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the columns and create the tables."""
    op.add_column("music_players", sa.Column("unmuted_percent", sa.Integer()))
    for name, length, value in (("loop", 8, "off"), ("autoplay", 8, "off")):
        column = sa.Column(name, sa.String(length), nullable=False, server_default=value)
        op.add_column("music_players", column)
    filters = sa.Column("filters", sa.Text(), nullable=False, server_default="{}")
    op.add_column("music_players", filters)
    stay = sa.Column("stay", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("music_players", stay)
    for table in ("music_queue", "music_history"):
        op.add_column(table, sa.Column("reason", sa.Text()))
    op.create_table(
        "music_skip_votes",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.String(64), nullable=False),
        sa.Column("cast_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name="pk_music_skip_votes"),
    )
    op.create_table(
        "music_shelf",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_music_shelf"),
    )
    op.create_index("ix_music_shelf_guild_id", "music_shelf", ["guild_id"])
