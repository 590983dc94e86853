"""Where the sound of tracks lies: kept until it expires, so that nobody is asked twice."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlsplit

from seraphim.adapters.ytdlp.messages import Stream
from seraphim.kernel.clock import Clock

MAX_KEPT: Final = 512
KEEP_SECONDS: Final = 20 * 60
"""For addresses that do not say themselves how long they hold."""
LIVE_SECONDS: Final = 60
LONGEST_SECONDS: Final = 60 * 60
"""Sites take addresses back before their time, and nobody tells us when one has failed."""
_MARGIN_SECONDS: Final = 10 * 60
"""A song that begins now has to be read to its end."""
_EXPIRY: Final = ("expire", "expires", "Expires")
"""The parameters in which YouTube, SoundCloud's and Bandcamp's servers say it (Unix seconds)."""


@dataclass(frozen=True, slots=True)
class _Kept:
    stream: Stream
    until_ms: int


class StreamCache:
    """Remembers streams by the address of their page.

    Args:
        clock: Says what has expired.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def find(self, page: str) -> Stream | None:
        """Return the stream of a page, if it will hold for a while."""
        kept = self._kept.get(page)
        if kept is None:
            return None
        if kept.until_ms <= self._clock.now_ms():
            del self._kept[page]
            return None
        self._kept.move_to_end(page)
        return kept.stream

    def keep(self, page: str, stream: Stream) -> None:
        """Remember a stream; the one that was used longest ago makes room."""
        until_ms = expires_ms(stream, self._clock.now_ms())
        if until_ms > self._clock.now_ms():
            self._kept[page] = _Kept(stream, until_ms)
            self._kept.move_to_end(page)
            while len(self._kept) > MAX_KEPT:
                self._kept.popitem(last=False)


def expires_ms(stream: Stream, now_ms: int) -> int:
    """Return until when (Unix milliseconds) an address may be used for a new playback."""
    if stream.is_live:
        return now_ms + LIVE_SECONDS * 1000
    parameters = parse_qs(urlsplit(stream.url).query)
    for name in _EXPIRY:
        said = parameters.get(name, [""])[0]
        if said.isascii() and said.isdigit():
            until_ms = (int(said) - _MARGIN_SECONDS) * 1000
            return min(until_ms, now_ms + LONGEST_SECONDS * 1000)
    return now_ms + KEEP_SECONDS * 1000
