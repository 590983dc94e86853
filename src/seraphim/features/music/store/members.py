"""What the guild heard lately, and what is known of one member."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.music.rules.track import Track
from seraphim.features.music.store.playlists import erase_playlists, export_playlists
from seraphim.features.music.store.rows import read_track
from seraphim.features.music.store.tables import music_history, music_queue
from seraphim.kernel.ids import GuildId, UserId

MAX_EXPORT = 10_000


def list_recent_tracks(conn: Connection, guild_id: GuildId, limit: int) -> list[Track]:
    """Return the tracks a guild heard last, newest first, each once."""
    rows = conn.execute(
        sa.select(music_history)
        .where(music_history.c.guild_id == guild_id, music_history.c.outcome != "failed")
        .order_by(music_history.c.sequence.desc())
        .limit(limit * 4)
    ).mappings()
    found: dict[tuple[str, str], Track] = {}
    for row in rows:
        track = read_track(row)
        found.setdefault((track.source, track.identifier), track)
    return list(found.values())[:limit]


def export_member(conn: Connection, guild_id: GuildId, user_id: UserId) -> dict[str, object]:
    """Return everything a member asked for in a guild, JSON-ready."""
    exported: dict[str, object] = {}
    for name, table, order in (
        ("queue", music_queue, music_queue.c.position),
        ("history", music_history, music_history.c.sequence),
    ):
        rows = conn.execute(
            sa.select(table)
            .where(table.c.guild_id == guild_id, table.c.requested_by == user_id)
            .order_by(order)
            .limit(MAX_EXPORT)
        ).mappings()
        shown = ("title", "artist", "url", "source", "outcome", "ended_at_ms")
        exported[name] = [{key: row[key] for key in shown if key in row} for row in rows]
    exported["playlists"] = export_playlists(conn, guild_id, user_id)
    return exported


def erase_member(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    """Take a member's name off queue and history, which belong to the guild; forget their lists."""
    erase_playlists(conn, guild_id, user_id)
    for table in (music_queue, music_history):
        conn.execute(
            sa.update(table)
            .where(table.c.guild_id == guild_id, table.c.requested_by == user_id)
            .values(requested_by=None)
        )
