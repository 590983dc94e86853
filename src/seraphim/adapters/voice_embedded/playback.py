"""What is being played, as it was asked for and as far as it has come."""

import asyncio
from dataclasses import dataclass, field

from seraphim.adapters.voice_embedded.reel import Reel
from seraphim.features.music.ports import Filters, Media


@dataclass(slots=True, eq=False)
class Playback:
    """What is being played, as it was asked for."""

    playback_id: str
    media: Media
    position_ms: int
    volume_percent: int
    filters: Filters
    paused: bool
    started: bool = False
    reel: Reel | None = None
    opening: asyncio.Task[None] | None = None
    generation: int = field(default=0)
    """Counts seeks: what was opened for an older one is thrown away."""
