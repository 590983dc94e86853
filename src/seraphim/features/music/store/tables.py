"""The tables of music."""

from typing import Any

import sqlalchemy as sa

from seraphim.kernel.db import metadata


def _track_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("entry_id", sa.String(64), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("identifier", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("artist", sa.Text),
        sa.Column("album", sa.Text),
        sa.Column("duration_ms", sa.BigInteger),
        sa.Column("url", sa.Text),
        sa.Column("artwork_url", sa.Text),
        sa.Column("is_stream", sa.Boolean, nullable=False),
        sa.Column("isrc", sa.String(12)),
        sa.Column("requested_by", sa.BigInteger),
        sa.Column("reason", sa.Text),
    )


music_players = sa.Table(
    "music_players",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("epoch", sa.BigInteger, nullable=False),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.Column("status", sa.String(8), nullable=False),
    sa.Column("pause_reason", sa.String(8)),
    sa.Column("voice_channel_id", sa.BigInteger),
    sa.Column("text_channel_id", sa.BigInteger),
    sa.Column("controller_channel_id", sa.BigInteger),
    sa.Column("controller_message_id", sa.BigInteger),
    sa.Column("current_entry_id", sa.String(64)),
    sa.Column("position_ms", sa.BigInteger, nullable=False),
    sa.Column("position_at_ms", sa.BigInteger, nullable=False),
    sa.Column("volume_percent", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("unmuted_percent", sa.Integer),
    sa.Column("loop", sa.String(8), nullable=False),
    sa.Column("autoplay", sa.String(8), nullable=False),
    sa.Column("filters", sa.Text, nullable=False),
    sa.Column("stay", sa.Boolean, nullable=False),
    sa.CheckConstraint("status IN ('idle', 'playing', 'paused')", name="status"),
    sa.CheckConstraint("position_ms >= 0", name="position"),
    sa.CheckConstraint("volume_percent BETWEEN 0 AND 200", name="volume"),
)

music_queue = sa.Table(
    "music_queue",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
    *_track_columns(),
    sa.UniqueConstraint("guild_id", "entry_id"),
)

music_history = sa.Table(
    "music_history",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("sequence", sa.BigInteger, primary_key=True, autoincrement=False),
    *_track_columns(),
    sa.Column("outcome", sa.String(8), nullable=False),
    sa.Column("ended_at_ms", sa.BigInteger, nullable=False),
    sa.Column("taken_back", sa.Boolean, nullable=False),
    sa.CheckConstraint("outcome IN ('played', 'skipped', 'failed')", name="outcome"),
)

music_skip_votes = sa.Table(
    "music_skip_votes",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("entry_id", sa.String(64), nullable=False),
    sa.Column("cast_at_ms", sa.BigInteger, nullable=False),
)

music_shelf = sa.Table(
    "music_shelf",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("guild_id", sa.BigInteger, nullable=False, index=True),
    sa.Column("entries", sa.Text, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)

music_playlists = sa.Table(
    "music_playlists",
    metadata,
    sa.Column("playlist_id", sa.String(64), primary_key=True),
    sa.Column("guild_id", sa.BigInteger, nullable=False),
    sa.Column("owner_id", sa.BigInteger, nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("folded", sa.String(128), nullable=False),
    sa.Column("is_shared", sa.Boolean, nullable=False),
    sa.Column("tracks", sa.Text, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("duration_ms", sa.BigInteger, nullable=False),
    sa.Column("changed_at_ms", sa.BigInteger, nullable=False),
    sa.Column("deleted_at_ms", sa.BigInteger, nullable=False),
    sa.CheckConstraint("count BETWEEN 1 AND 1000", name="count"),
    sa.UniqueConstraint("guild_id", "owner_id", "folded", "deleted_at_ms"),
)
