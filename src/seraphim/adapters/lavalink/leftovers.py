"""What nodes were playing when this process began, until somebody takes it over."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any

from seraphim.adapters.lavalink.errors import NodeRefused, NodeUnreachable
from seraphim.adapters.lavalink.messages import Message, Player, PlayerUpdated, TrackEnded
from seraphim.adapters.lavalink.node import Node
from seraphim.adapters.lavalink.wish import after_end, at_state
from seraphim.kernel.ids import GuildId

type Found = tuple[Node, Player]


async def end_player(node: Node, guild_id: GuildId) -> None:
    """Take a player off its node; a node that does not listen ends it with the session."""
    if node.session_id is not None:
        with contextlib.suppress(NodeRefused, NodeUnreachable):
            await node.ask(node.rest.delete_player(node.session_id, guild_id))


class LeftOvers:
    """Keeps players by guild; those that nobody takes are ended after a while.

    Args:
        unclaimed_seconds: How long they are kept.
        aside: Runs something in the background.
    """

    def __init__(
        self, unclaimed_seconds: float, aside: Callable[[Coroutine[Any, Any, None]], None]
    ) -> None:
        self._seconds = unclaimed_seconds
        self._aside = aside
        self._kept: dict[GuildId, Found] = {}

    def keep(self, node: Node, player: Player) -> None:
        """Keep what a node plays."""
        guild_id = GuildId(int(player.guild_id))
        self._kept[guild_id] = (node, player)
        self._aside(self._end_unclaimed(node, guild_id))

    def take(self, guild_id: GuildId) -> Found | None:
        """Return a guild's player to take it over; None: there is none on a node that is ready."""
        found = self._kept.pop(guild_id, None)
        return found if found is not None and found[0].ready else None

    def put_back(self, guild_id: GuildId, found: Found) -> None:
        """Keep one again that could not be taken over."""
        self._kept.setdefault(guild_id, found)

    def lost(self, node: Node) -> None:
        """Forget what a node that is gone has played."""
        for guild_id, (old, _) in tuple(self._kept.items()):
            if old is node:
                del self._kept[guild_id]

    def said(self, node: Node, guild_id: GuildId, message: Message) -> None:
        """Follow what a node says of a player that nobody has taken yet."""
        found = self._kept.get(guild_id)
        if found is None or found[0] is not node:
            return
        if isinstance(message, TrackEnded):
            self._kept[guild_id] = (node, after_end(found[1], message))
        elif isinstance(message, PlayerUpdated) and found[1].track is not None:
            self._kept[guild_id] = (node, at_state(found[1], message.state))

    async def _end_unclaimed(self, node: Node, guild_id: GuildId) -> None:
        await asyncio.sleep(self._seconds)
        found = self._kept.get(guild_id)
        if found is not None and found[0] is node:
            del self._kept[guild_id]
            await end_player(node, guild_id)
