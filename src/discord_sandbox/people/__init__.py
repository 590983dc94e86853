"""What people's clients do: the WebSocket they use, their directory, and hearing voice."""

from discord_sandbox.people.routes import attach

__all__ = ["attach"]
