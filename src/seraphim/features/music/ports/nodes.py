"""What outlives the process so that music on a node can be taken over again."""

from typing import Protocol


class NodeSessions(Protocol):
    """Remembers which session the bot has on each audio node."""

    async def find(self, node: str) -> str | None:
        """Return the session id kept last for a node, or None."""
        ...

    async def keep(self, node: str, session_id: str) -> None:
        """Remember a session; it replaces the one before."""
        ...


class ForgetfulNodeSessions:
    """Remembers nothing: every start begins with a new session (music breaks off on a restart)."""

    async def find(self, node: str) -> str | None:
        """Know nothing."""
        _ = node

    async def keep(self, node: str, session_id: str) -> None:
        """Forget it at once."""
        _ = node, session_id
