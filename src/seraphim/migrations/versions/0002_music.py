"""The tables of music: players, queues and what was played."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "music_players",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("pause_reason", sa.String(8)),
        sa.Column("voice_channel_id", sa.BigInteger()),
        sa.Column("text_channel_id", sa.BigInteger()),
        sa.Column("controller_channel_id", sa.BigInteger()),
        sa.Column("controller_message_id", sa.BigInteger()),
        sa.Column("current_entry_id", sa.String(64)),
        sa.Column("position_ms", sa.BigInteger(), nullable=False),
        sa.Column("position_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("volume_percent", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('idle', 'playing', 'paused')", name="ck_music_players_status"
        ),
        sa.CheckConstraint("position_ms >= 0", name="ck_music_players_position"),
        sa.CheckConstraint("volume_percent BETWEEN 0 AND 200", name="ck_music_players_volume"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_music_players"),
    )
    op.create_table(
        "music_queue",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        *_track_columns(),
        sa.PrimaryKeyConstraint("guild_id", "position", name="pk_music_queue"),
        sa.UniqueConstraint("guild_id", "entry_id", name="uq_music_queue_guild_id"),
    )
    op.create_table(
        "music_history",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        *_track_columns(),
        sa.Column("outcome", sa.String(8), nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('played', 'skipped', 'failed')", name="ck_music_history_outcome"
        ),
        sa.PrimaryKeyConstraint("guild_id", "sequence", name="pk_music_history"),
    )


def _track_columns() -> tuple[sa.Column[object], ...]:
    columns: list[sa.Column[object]] = [
        sa.Column("entry_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("artist", sa.Text()),
        sa.Column("album", sa.Text()),
        sa.Column("duration_ms", sa.BigInteger()),
        sa.Column("url", sa.Text()),
        sa.Column("artwork_url", sa.Text()),
        sa.Column("is_stream", sa.Boolean(), nullable=False),
        sa.Column("requested_by", sa.BigInteger()),
    ]
    return tuple(columns)
