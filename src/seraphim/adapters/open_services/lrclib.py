"""LRCLIB's API (https://lrclib.net/docs): ``/api/get``, ``/api/get/{id}`` and ``/api/search``."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final

import msgspec

from seraphim.adapters.open_services.asking import Manners, OpenService
from seraphim.features.music.ports.lyrics import LyricsUnavailable
from seraphim.features.music.rules.lyrics import Words, asked_as, best_match
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import Clock

PUBLIC_URL: Final = "https://lrclib.net"
MANNERS: Final = Manners(
    timeout_seconds=8.0, max_bytes=4_000_000, cache_size=500, pause_seconds=30.0
)
"""A search answers with up to 20 texts."""
KEEP_SECONDS: Final = 86_400.0
KEEP_NOTHING_SECONDS: Final = 600.0
"""How long it is believed that there are no words."""


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
        self._service: OpenService[tuple[Words, ...]] = OpenService(
            self.name, url, clock, MANNERS, LyricsUnavailable
        )

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
        self._service.check()

    async def close(self) -> None:
        """Close the connections."""
        await self._service.close()

    async def _ask(self, path: str, query: Mapping[str, str]) -> tuple[Words, ...]:
        question = f"{path} {sorted(query.items())}"
        known = self._service.recall(question)
        if known is not None:
            return known
        if path.endswith("/search"):
            records = await self._service.ask(path, query, _many) or []
        else:
            record = await self._service.ask(path, query, _one)
            records = [] if record is None else [record]
        words = tuple(_words(record) for record in records)
        self._service.remember(question, words, KEEP_SECONDS if words else KEEP_NOTHING_SECONDS)
        if path.endswith("/search"):
            for each in words:  # the pages ask for them again by their number
                self._service.remember(f"/api/get/{each.identifier} []", (each,), KEEP_SECONDS)
        return words


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
