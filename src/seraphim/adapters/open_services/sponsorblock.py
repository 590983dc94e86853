"""SponsorBlock's API (https://wiki.sponsor.ajay.app/w/API_Docs), asked by a prefix of a hash.

Only the first four digits of the video's SHA-256 leave the machine; the answer holds every video
whose hash begins with them, and the right one is picked here.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import ClassVar, Final, get_args

import msgspec

from seraphim.adapters.open_services.asking import Manners, OpenService
from seraphim.features.music.ports.segments import SegmentsUnavailable
from seraphim.features.music.rules.segments import Segment, SegmentCategory
from seraphim.kernel.clock import Clock

PUBLIC_URL: Final = "https://sponsor.ajay.app"
MANNERS: Final = Manners(
    timeout_seconds=6.0, max_bytes=2_000_000, cache_size=1_000, pause_seconds=60.0
)
"""While it is left in peace, the songs play whole."""
PREFIX_DIGITS: Final = 4
KEEP_SECONDS: Final = 3_600.0
CATEGORIES: Final[tuple[SegmentCategory, ...]] = get_args(SegmentCategory.__value__)
MAX_SEGMENTS: Final = 100


class _Part(msgspec.Struct):
    segment: tuple[float, float]
    """Start and end, seconds."""
    category: str = ""
    action_type: str = msgspec.field(default="skip", name="actionType")


class _Video(msgspec.Struct):
    video_id: str = msgspec.field(name="videoID")
    segments: list[_Part] = []


_videos = msgspec.json.Decoder(list[_Video])


class SponsorBlockSegments:
    """Asks the service and remembers the answers for an hour.

    Args:
        clock: Ages the answers.
        url: Where the service is.
    """

    name: ClassVar[str] = "sponsorblock"

    def __init__(self, clock: Clock, *, url: str = PUBLIC_URL) -> None:
        self._service: OpenService[tuple[Segment, ...]] = OpenService(
            self.name, url, clock, MANNERS, SegmentsUnavailable
        )

    async def find(self, video_id: str) -> Sequence[Segment]:
        """Return the parts of a video that are to be skipped, whatever their category."""
        known = self._service.recall(video_id)
        if known is not None:
            return known
        digest = hashlib.sha256(video_id.encode()).hexdigest()
        query = {
            "categories": json.dumps(CATEGORIES),
            "actionTypes": json.dumps(["skip"]),
            "service": "YouTube",
        }
        path = f"/api/skipSegments/{digest[:PREFIX_DIGITS]}"
        videos = await self._service.ask(path, query, _videos) or []
        found = tuple(
            sorted(
                segment
                for video in videos
                if video.video_id == video_id
                for part in video.segments[:MAX_SEGMENTS]
                if (segment := _segment(part)) is not None
            )
        )
        self._service.remember(video_id, found, KEEP_SECONDS)
        return found

    async def ping(self) -> None:
        """Raise while the service is left in peace because it failed a moment ago."""
        self._service.check()

    async def close(self) -> None:
        """Close the connections."""
        await self._service.close()


def _segment(part: _Part) -> Segment | None:
    start, end = part.segment
    category: SegmentCategory | None = next(
        (known for known in CATEGORIES if known == part.category), None
    )
    if category is None or part.action_type != "skip" or not 0 <= start < end < 360_000:  # noqa: PLR2004 - a hundred hours
        return None
    return Segment(round(start * 1000), round(end * 1000), category)
