"""The games of all guilds: those that are open, and those that ended long ago."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.games.store.games import MAX_LISTED
from seraphim.features.games.store.tables import fair_seeds, games


def list_open(conn: Connection, kind: str) -> list[str]:
    """Return the ids of the open games of a kind, the next to end first; at most MAX_LISTED."""
    query = (
        sa.select(games.c.id)
        .where(games.c.kind == kind, games.c.deadline_ms.is_not(None))
        .order_by(games.c.deadline_ms)
        .limit(MAX_LISTED)
    )
    return list(conn.execute(query).scalars())


def list_overdue(conn: Connection, before_ms: int) -> list[str]:
    """Return open games whose deadline was before ``before_ms``; at most MAX_LISTED."""
    query = (
        sa.select(games.c.id)
        .where(games.c.deadline_ms < before_ms)
        .order_by(games.c.deadline_ms)
        .limit(MAX_LISTED)
    )
    return list(conn.execute(query).scalars())


def delete_ended(conn: Connection, opened_before_ms: int, limit: int) -> int:
    """Delete finished games, with seats, moves and seeds that nothing else needs; how many."""
    rows = conn.execute(
        sa.select(games.c.id, games.c.seed_id)
        .where(games.c.opened_ms < opened_before_ms, games.c.deadline_ms.is_(None))
        .order_by(games.c.opened_ms)
        .limit(limit)
    ).all()
    if not rows:
        return 0
    conn.execute(sa.delete(games).where(games.c.id.in_([row.id for row in rows])))
    in_use = sa.select(games.c.id).where(games.c.seed_id == fair_seeds.c.id)
    conn.execute(
        sa.delete(fair_seeds).where(
            fair_seeds.c.id.in_(sorted({row.seed_id for row in rows})),
            fair_seeds.c.state == "revealed",
            ~in_use.exists(),
        )
    )
    return len(rows)
