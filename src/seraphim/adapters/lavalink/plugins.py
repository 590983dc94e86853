"""What nodes can do beyond playing, when they have the plugin for it."""

import contextlib
from collections.abc import Sequence

from seraphim.adapters.lavalink.errors import NodeRefused, NodeUnreachable
from seraphim.adapters.lavalink.messages import Lyrics
from seraphim.adapters.lavalink.node import Node
from seraphim.kernel.ids import GuildId


async def find_lyrics(node: Node | None, guild_id: GuildId) -> Lyrics | None:
    """Return the words of what plays (LavaLyrics), or None: no plugin, no words, nothing plays."""
    if node is None or node.session_id is None or not node.has_plugin("lyrics"):
        return None
    with contextlib.suppress(NodeRefused, NodeUnreachable):
        return await node.ask(node.rest.lyrics(node.session_id, guild_id))
    return None


async def skip_segments(node: Node | None, guild_id: GuildId, categories: Sequence[str]) -> bool:
    """Let the node skip categories (SponsorBlock); returns whether it can."""
    if node is None or node.session_id is None or not node.has_plugin("sponsorblock"):
        return False
    with contextlib.suppress(NodeRefused, NodeUnreachable):
        await node.ask(node.rest.set_segments(node.session_id, guild_id, categories))
        return True
    return False
