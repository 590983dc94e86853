"""Who knows which parts of a video are not the song."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from seraphim.features.music.rules.segments import Segment
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId
from seraphim.kernel.marks import N_


class SegmentsUnavailable(SeraphimError):
    """The service that knows the parts does not answer; the song plays whole."""

    code = "music.segments_unavailable"
    http_status = 503
    message = N_("The service that knows what to skip does not answer right now.")


class SegmentSource(Protocol):
    """Knows the parts of YouTube's videos."""

    name: ClassVar[str]

    async def find(self, video_id: str) -> Sequence[Segment]:
        """Return all parts of a video that somebody marked; raises SegmentsUnavailable."""
        ...

    async def ping(self) -> None:
        """Raise when the service cannot work right now; feeds the health page."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class PartsKnown:
    """A node knows the parts of what it plays, and skips them: nobody else needs to."""

    guild_id: GuildId
    playback_id: str


@dataclass(frozen=True, slots=True)
class PartSkipped:
    """A node has skipped a part of what it plays."""

    guild_id: GuildId
    playback_id: str
    part: Segment


type WantedParts = Callable[[GuildId], Awaitable[Sequence[str]]]
"""Returns the categories that a guild does not want to hear."""
type PartListener = Callable[[PartsKnown | PartSkipped], None]


@runtime_checkable
class SkipsByItself(Protocol):
    """An audio backend whose nodes may know parts of songs and skip them (Lavalink's plugin)."""

    def skip_parts(self, wanted: WantedParts, listener: PartListener) -> None:
        """Let nodes skip what ``wanted`` returns when a song begins, and tell ``listener``."""
        ...


class NullSegments:
    """Knows no parts: every video plays whole."""

    name: ClassVar[str] = "null"

    async def find(self, video_id: str) -> Sequence[Segment]:
        """Return none."""
        _ = video_id
        return ()

    async def ping(self) -> None:
        """Fine: there is nothing to reach."""

    async def close(self) -> None:
        """Nothing to let go of."""
