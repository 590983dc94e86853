"""What a guild's player asks of the backend it belongs to."""

from typing import Protocol

from seraphim.adapters.lavalink.tuning import Tuning
from seraphim.features.music.ports import AudioEvent, Media


class PlayerHouse(Protocol):
    """What all players share."""

    tuning: Tuning

    async def identify(self, media: Media) -> str:
        """Return the identifier for a node; raises SourceFailed."""
        ...

    def emit(self, event: AudioEvent) -> None:
        """Hand an event to the listener."""
        ...
