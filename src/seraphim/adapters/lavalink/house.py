"""What a guild's player asks of the backend it belongs to."""

from typing import Protocol

from seraphim.adapters.lavalink.node import Node
from seraphim.adapters.lavalink.tuning import Tuning
from seraphim.features.music.ports import AudioEvent, Media
from seraphim.kernel.ids import GuildId


class PlayerHouse(Protocol):
    """What all players share."""

    tuning: Tuning

    async def identify(self, media: Media) -> str:
        """Return the identifier for a node; raises SourceFailed."""
        ...

    async def before_track(self, node: Node, guild_id: GuildId) -> None:
        """Prepare a node for a track that it has found itself; raises nothing."""
        ...

    def emit(self, event: AudioEvent) -> None:
        """Hand an event to the listener."""
        ...
