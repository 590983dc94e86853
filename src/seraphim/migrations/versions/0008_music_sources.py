"""The tables of the music: sources, lyrics and automatic choices."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "music_node_sessions",
        sa.Column("node", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(128), nullable=False),
        sa.Column("kept_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("node", name="pk_music_node_sessions"),
    )
    for table in ("music_queue", "music_history"):
        op.add_column(table, sa.Column("isrc", sa.String(12)))
