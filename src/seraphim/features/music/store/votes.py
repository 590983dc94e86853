"""Votes for skipping a song."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.music.store.tables import music_skip_votes
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.ids import GuildId, UserId


def cast_vote(
    conn: Connection,
    guild_id: GuildId,
    user_id: UserId,
    entry_id: str,
    *,
    now_ms: int,
    since_ms: int,
) -> Sequence[UserId]:
    """Store a member's vote and return everyone who voted on this entry since ``since_ms``."""
    c = music_skip_votes.c
    vote = {"entry_id": entry_id, "cast_at_ms": now_ms}
    conn.execute(
        insert_into(conn, music_skip_votes)
        .values(guild_id=guild_id, user_id=user_id, **vote)
        .on_conflict_do_update(index_elements=[c.guild_id, c.user_id], set_=vote)
    )
    conn.execute(sa.delete(music_skip_votes).where(c.guild_id == guild_id, c.cast_at_ms < since_ms))
    rows = conn.execute(
        sa.select(c.user_id)
        .where(c.guild_id == guild_id, c.entry_id == entry_id, c.cast_at_ms >= since_ms)
        .order_by(c.user_id)
    )
    return [UserId(int(row[0])) for row in rows]
