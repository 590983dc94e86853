"""SponsorBlock's API (https://wiki.sponsor.ajay.app/w/API_Docs), asked by a prefix of a hash.

Only the first four digits of the video's SHA-256 leave the machine; the answer holds every video
whose hash begins with them, and the right one is picked here.
"""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence
from typing import ClassVar, get_args

import aiohttp
import msgspec

from seraphim import __version__
from seraphim.features.music.ports.segments import SegmentsUnavailable
from seraphim.features.music.rules.segments import Segment, SegmentCategory
from seraphim.kernel.clock import Clock
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

PUBLIC_URL = "https://sponsor.ajay.app"
USER_AGENT = f"Seraphim/{__version__} (Discord bot)"
PREFIX_DIGITS = 4
TIMEOUT_SECONDS = 6.0
MAX_BYTES = 2_000_000
AT_THE_SAME_TIME = 4
CACHE_SIZE = 1_000
KEEP_SECONDS = 3_600.0
PAUSE_SECONDS = 60.0
"""Nothing is asked for so long after the service failed; the songs play whole meanwhile."""
CATEGORIES: tuple[SegmentCategory, ...] = get_args(SegmentCategory.__value__)
MAX_SEGMENTS = 100
_NOT_FOUND = 404
_OK = 200


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
        self._clock = clock
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._turn = asyncio.Semaphore(AT_THE_SAME_TIME)
        self._known: OrderedDict[str, tuple[float, tuple[Segment, ...]]] = OrderedDict()
        self._quiet_until = 0.0

    async def find(self, video_id: str) -> Sequence[Segment]:
        """Return the parts of a video that are to be skipped, whatever their category."""
        now = self._clock.monotonic()
        known = self._known.get(video_id)
        if known is not None and known[0] > now:
            self._known.move_to_end(video_id)
            return known[1]
        if now < self._quiet_until:
            raise SegmentsUnavailable
        async with self._turn:
            videos = await self._fetch(hashlib.sha256(video_id.encode()).hexdigest())
        found = tuple(
            sorted(
                segment
                for video in videos
                if video.video_id == video_id
                for part in video.segments[:MAX_SEGMENTS]
                if (segment := _segment(part)) is not None
            )
        )
        self._known[video_id] = (now + KEEP_SECONDS, found)
        while len(self._known) > CACHE_SIZE:
            self._known.popitem(last=False)
        return found

    async def ping(self) -> None:
        """Raise while the service is left in peace because it failed a moment ago."""
        if self._clock.monotonic() < self._quiet_until:
            raise SegmentsUnavailable

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _fetch(self, digest: str) -> list[_Video]:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"User-Agent": USER_AGENT})
        address = f"{self._url}/api/skipSegments/{digest[:PREFIX_DIGITS]}"
        query = {
            "categories": json.dumps(CATEGORIES),
            "actionTypes": json.dumps(["skip"]),
            "service": "YouTube",
        }
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        try:
            async with self._session.get(address, params=query, timeout=timeout) as response:
                if response.status == _NOT_FOUND:
                    return []
                if response.status != _OK:
                    raise self._failed(f"answered {response.status}")
                body = b""
                while len(body) <= MAX_BYTES and (more := await response.content.read(65_536)):
                    body += more
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._failed(str(error) or type(error).__name__) from error
        try:
            if len(body) > MAX_BYTES:
                raise msgspec.DecodeError("too long")
            return _videos.decode(body)
        except msgspec.MsgspecError as error:
            raise self._failed(str(error)) from error

    def _failed(self, reason: str) -> SegmentsUnavailable:
        _log.warning("sponsorblock.failed", reason=reason[:200])
        self._quiet_until = self._clock.monotonic() + PAUSE_SECONDS
        return SegmentsUnavailable()


def _segment(part: _Part) -> Segment | None:
    start, end = part.segment
    category: SegmentCategory | None = next(
        (known for known in CATEGORIES if known == part.category), None
    )
    if category is None or part.action_type != "skip" or not 0 <= start < end < 360_000:  # noqa: PLR2004 - a hundred hours
        return None
    return Segment(round(start * 1000), round(end * 1000), category)
