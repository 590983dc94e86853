"""LRCLIB's API (https://lrclib.net/docs): ``/api/get``, ``/api/get/{id}`` and ``/api/search``."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import ClassVar

import aiohttp
import msgspec

from seraphim import __version__
from seraphim.features.music.ports.lyrics import LyricsUnavailable
from seraphim.features.music.rules.lyrics import Words, asked_as, best_match
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import Clock
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

PUBLIC_URL = "https://lrclib.net"
USER_AGENT = f"Seraphim/{__version__} (Discord bot)"
"""The service asks its clients to say who they are."""
TIMEOUT_SECONDS = 8.0
MAX_BYTES = 4_000_000
"""A search answers with up to 20 texts."""
AT_THE_SAME_TIME = 4
CACHE_SIZE = 500
KEEP_SECONDS = 86_400.0
KEEP_NOTHING_SECONDS = 600.0
"""How long it is believed that there are no words."""
PAUSE_SECONDS = 30.0
"""Nothing is asked for so long after the service said that it is busy or broken."""
_NOT_FOUND = 404
_OK = 200


class _Record(msgspec.Struct, rename="camel"):
    """What the service sends for one recording; times are seconds."""

    id: int
    track_name: str | None = None
    artist_name: str | None = None
    album_name: str | None = None
    duration: float | None = None
    instrumental: bool = False
    plain_lyrics: str | None = None
    synced_lyrics: str | None = None


_one = msgspec.json.Decoder(_Record)
_many = msgspec.json.Decoder(list[_Record])


class LrclibLyrics:
    """Asks the service, remembers the answers for a day, and leaves it in peace when it is down.

    Args:
        clock: Ages the answers.
        url: Where the service is.
    """

    name: ClassVar[str] = "lrclib"

    def __init__(self, clock: Clock, *, url: str = PUBLIC_URL) -> None:
        self._clock = clock
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._turn = asyncio.Semaphore(AT_THE_SAME_TIME)
        self._known: OrderedDict[str, tuple[float, tuple[Words, ...]]] = OrderedDict()
        self._quiet_until = 0.0

    async def find(self, track: Track) -> Words | None:
        """Ask for exactly this recording, then search and take what is alike."""
        title, artist = asked_as(track)
        if artist:
            exact = {"track_name": title, "artist_name": artist}
            if track.album:
                exact["album_name"] = track.album
            if track.duration_ms is not None:
                exact["duration"] = str(round(track.duration_ms / 1000))
            found = await self._ask("/api/get", exact)
            if found and found[0].has_text:
                return found[0]
        query = {"track_name": title, "artist_name": artist} if artist else {"q": title}
        return best_match(track, await self._ask("/api/search", query))

    async def search(self, text: str, *, limit: int) -> Sequence[Words]:
        """Search in titles, artists and albums."""
        found = await self._ask("/api/search", {"q": text})
        return [words for words in found if words.has_text][:limit]

    async def get(self, identifier: str) -> Words | None:
        """Return one recording's words by the service's number."""
        if not identifier.isascii() or not identifier.isdecimal():
            return None
        found = await self._ask(f"/api/get/{identifier}", {})
        return found[0] if found else None

    async def ping(self) -> None:
        """Raise while the service is left in peace because it failed a moment ago."""
        if self._clock.monotonic() < self._quiet_until:
            raise LyricsUnavailable

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _ask(self, path: str, query: Mapping[str, str]) -> tuple[Words, ...]:
        name = f"{path} {sorted(query.items())}"
        now = self._clock.monotonic()
        known = self._known.get(name)
        if known is not None and known[0] > now:
            self._known.move_to_end(name)
            return known[1]
        if now < self._quiet_until:
            raise LyricsUnavailable
        async with self._turn:
            records = await self._fetch(path, query)
        words = tuple(_words(record) for record in records)
        kept_seconds = KEEP_SECONDS if words else KEEP_NOTHING_SECONDS
        self._known[name] = (now + kept_seconds, words)
        if path.endswith("/search"):
            for each in words:  # the pages ask for them again by their number
                self._known[f"/api/get/{each.identifier} []"] = (now + KEEP_SECONDS, (each,))
        while len(self._known) > CACHE_SIZE:
            self._known.popitem(last=False)
        return words

    async def _fetch(self, path: str, query: Mapping[str, str]) -> list[_Record]:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"User-Agent": USER_AGENT})
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        address = f"{self._url}{path}"
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
            return _many.decode(body) if path.endswith("/search") else [_one.decode(body)]
        except msgspec.MsgspecError as error:
            raise self._failed(str(error)) from error

    def _failed(self, reason: str) -> LyricsUnavailable:
        _log.warning("lrclib.failed", reason=reason[:200])
        self._quiet_until = self._clock.monotonic() + PAUSE_SECONDS
        return LyricsUnavailable()


def _words(record: _Record) -> Words:
    return Words(
        identifier=str(record.id),
        title=record.track_name or "",
        artist=record.artist_name or None,
        album=record.album_name or None,
        duration_ms=None if record.duration is None else round(record.duration * 1000),
        timed=record.synced_lyrics or None,
        plain=record.plain_lyrics or None,
        is_instrumental=record.instrumental,
    )
