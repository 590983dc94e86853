"""Sessions on audio nodes, kept in the database."""

from seraphim.features.music.store.nodes import find_node_session, keep_node_session
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database


class StoredNodeSessions:
    """Keeps the session of each node in the database; implements ``ports.nodes.NodeSessions``."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def find(self, node: str) -> str | None:
        """Return the session id kept last for a node, or None."""
        return await self._db.read(find_node_session, node)

    async def keep(self, node: str, session_id: str) -> None:
        """Remember a session; it replaces the one before."""
        await self._db.write(keep_node_session, node, session_id, self._clock.now_ms())
