"""Who knows which parts of a video are not the song."""

from collections.abc import Sequence
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


@runtime_checkable
class SkipsByItself(Protocol):
    """An audio backend whose nodes may know the parts, so that nobody else needs to skip them."""

    async def skip_segments(self, guild_id: GuildId, categories: Sequence[str]) -> bool:
        """Let the node skip these parts of what plays; returns whether it can."""
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
