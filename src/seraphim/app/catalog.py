"""The explicit list of features. A new one is added here, and nowhere else."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import discord

from seraphim.features.economy import feature as economy
from seraphim.features.economy.public import Bank
from seraphim.features.games import feature as games
from seraphim.features.games.public import GameScores
from seraphim.features.music import feature as music
from seraphim.features.music.ports import AudioBackend, TrackSource
from seraphim.features.music.ports.lyrics import LyricsSource
from seraphim.features.music.ports.segments import SegmentSource
from seraphim.features.privacy import feature as privacy
from seraphim.features.rate_limit import feature as rate_limit
from seraphim.features.settings import feature as settings
from seraphim.features.status import feature as status
from seraphim.kernel.feature import Feature
from seraphim.kernel.kernel import Kernel
from seraphim.surfaces.discord.link import DiscordLink
from seraphim.surfaces.discord.rate_limit import RateLimiter


@dataclass(frozen=True, slots=True)
class Parts:
    """What the features get from the composition root besides the kernel."""

    link: DiscordLink
    limiter: RateLimiter
    audio: AudioBackend
    sources: Sequence[TrackSource]
    client: Callable[[], discord.Client]
    """The client is made after the features, because its commands come from them."""
    lyrics: LyricsSource | None = None
    segments: SegmentSource | None = None
    finished: list[Feature] = field(default_factory=list[Feature])
    """The catalogue itself, for the features that describe it (help, health, settings)."""

    def catalogue(self) -> Sequence[Feature]:
        """Return all features; empty until they are all built."""
        return self.finished


def catalog(kernel: Kernel, parts: Parts) -> tuple[Feature, ...]:
    """Build every feature of the house, in the order in which `/help` shows them."""
    bank = Bank(kernel.clock)
    return (
        music.build(
            kernel,
            audio=parts.audio,
            sources=parts.sources,
            client=parts.client,
            lyrics=parts.lyrics,
            segments=parts.segments,
        ),
        economy.build(kernel, bank=bank, client=parts.client, scores=GameScores(kernel.db)),
        games.build(kernel, bank=bank, client=parts.client),
        settings.build(kernel, parts.catalogue),
        rate_limit.build(kernel, parts.limiter),
        privacy.build(kernel, parts.catalogue),
        status.build(kernel, parts.link, parts.catalogue),
    )
