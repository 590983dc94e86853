"""Reading the rounds that are open, whatever the guild."""

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.games.store.games import MAX_LISTED
from seraphim.features.games.store.tables import games


def list_open(conn: Connection, kind: str) -> list[str]:
    """Return the ids of the open games of a kind, the oldest first; at most MAX_LISTED."""
    query = (
        sa.select(games.c.id)
        .where(games.c.kind == kind, games.c.status == "open")
        .order_by(games.c.opened_ms)
        .limit(MAX_LISTED)
    )
    return list(conn.execute(query).scalars())
