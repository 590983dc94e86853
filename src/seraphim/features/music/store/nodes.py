"""Sessions on audio nodes, one row a node."""

import sqlalchemy as sa
from sqlalchemy import Connection

from seraphim.kernel.db import metadata

music_node_sessions = sa.Table(
    "music_node_sessions",
    metadata,
    sa.Column("node", sa.String(64), primary_key=True),
    sa.Column("session_id", sa.String(128), nullable=False),
    sa.Column("kept_at_ms", sa.BigInteger, nullable=False),
)


def find_node_session(conn: Connection, node: str) -> str | None:
    """Return the session id kept last for a node, or None."""
    table = music_node_sessions
    return conn.scalar(sa.select(table.c.session_id).where(table.c.node == node))


def keep_node_session(conn: Connection, node: str, session_id: str, now_ms: int) -> None:
    """Remember a session in place of the one before."""
    table = music_node_sessions
    values = {"session_id": session_id, "kept_at_ms": now_ms}
    if conn.execute(sa.update(table).where(table.c.node == node).values(values)).rowcount == 0:
        conn.execute(sa.insert(table).values(node=node, **values))
