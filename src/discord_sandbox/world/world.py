"""The world: all state and every change of it."""

from discord_sandbox.world.reactions import ReactionActs


class World(ReactionActs):
    """All guilds, people, applications and messages; touched only on the server's event loop.

    The changes are grouped by what they change: accounts and tokens
    (:class:`~discord_sandbox.world.state.WorldState`), guilds, members, roles and channels
    (:class:`~discord_sandbox.world.guilds.GuildActs`), voice states, threads, and messages.
    """
