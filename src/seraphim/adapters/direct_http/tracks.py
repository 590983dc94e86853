"""Direct links to audio files, radio streams and their playlists, as a source of tracks."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import ClassVar

from yarl import URL

from seraphim.adapters.direct_http.body import GuardedBody
from seraphim.adapters.direct_http.fetcher import GuardedFetcher, file_name
from seraphim.adapters.direct_http.hls import MAX_PLAYLIST_BYTES, names_playlist, open_hls
from seraphim.adapters.direct_http.playlists import Listing, read_m3u, read_pls
from seraphim.adapters.direct_http.probe import Probe, ProbeFailed, probe
from seraphim.adapters.direct_http.sniff import HEAD_BYTES, sniff
from seraphim.features.music.ports import (
    AddressRefused,
    Media,
    NotSound,
    Progress,
    Reach,
    Resolution,
    SourceFailed,
)
from seraphim.features.music.rules.text import clean, read_tags
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import Clock
from seraphim.kernel.marks import N_

MAX_NESTED_PLAYLISTS = 3
MAX_PLAYLIST_ENTRIES = 50
MAX_LIST_BYTES = 256 * 1024
MAX_LOOKS = 100
"""Addresses that one request may lead to: playlists of playlists grow by a power."""
LOOK_SECONDS = 20.0
"""How long the beginning of a file, or a playlist, may take to arrive."""
TAIL_BYTES = 64 * 1024
LIVE_HEAD_BYTES = 8 * 1024
"""A stream sends no faster than it plays: 64 kB would be four seconds of waiting."""
_AT_ONCE = 4
_ALIKE = frozenset({"index", "playlist", "master", "main", "chunklist", "stream", "live", "hls"})
"""What nearly every stream's playlist is called."""


class DirectHttpTracks:
    """Plays what an http(s) URL leads to, if it is public and really audio.

    Args:
        fetcher: Opens addresses, refusing private ones.
        clock: Paces what is looked at.
    """

    name: ClassVar[str] = "http"
    reach: ClassVar[Reach] = "links"

    def __init__(self, fetcher: GuardedFetcher, clock: Clock) -> None:
        self._fetcher = fetcher
        self._clock = clock

    def claims(self, query: str) -> bool:
        """Claim everything that has a scheme, so that ``file://`` is refused and not searched."""
        head, separator, rest = query.strip().partition("://")
        return bool(separator and rest and head.replace("+", "").isalnum())

    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        """Look at what the URL leads to; raises SourceFailed when it is no audio."""
        _ = progress  # playlists of links are short
        if not self.claims(query):
            return Resolution(())
        most = min(limit, MAX_PLAYLIST_ENTRIES)
        return await self._resolve(query.strip(), most, depth=0, seen=[query.strip()])

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Find nothing: the web is not searched."""
        _ = text, limit
        return ()

    async def open(self, track: Track) -> Media:
        """Return the URL after judging its form; the fetcher judges its addresses on opening."""
        self._fetcher.policy.check_url(track.identifier)
        return Media(kind="http", location=track.identifier, is_stream=track.is_stream)

    def live_title(self, track: Track) -> str | None:
        """Return what an open stream says it plays now."""
        return self._fetcher.titles.find(track.identifier)

    def follow_titles(self, follower: Callable[[str], None]) -> None:
        """Call ``follower`` with the identifier of each stream that says something new."""
        self._fetcher.titles.follow(follower)

    async def ping(self) -> None:
        """Fine: there is no one server this depends on."""

    async def close(self) -> None:
        """Close every connection."""
        await self._fetcher.close()

    async def _resolve(self, url: str, limit: int, *, depth: int, seen: list[str]) -> Resolution:
        body = await self._fetcher.open(url, endless=True)
        try:
            if not body.is_live:  # a live stream has no size to check
                await self._check_size(body)
            head = await _read(body, LIVE_HEAD_BYTES if body.is_live else HEAD_BYTES)
            kind = sniff(head)
            if kind in {"m3u", "pls"}:
                rest = await _read(body, MAX_LIST_BYTES - len(head))
                return await self._playlist(body.url, head + rest, kind, limit, depth, seen)
            if kind == "audio":
                return Resolution((await self._track(url, body, head),))
            if kind == "hls" and names_playlist(body.content_type, body.url):
                rest = await _read(body, MAX_PLAYLIST_BYTES - len(head))
                return Resolution((await self._stream(url, body.url, head + rest),))
        finally:
            await body.close()
        raise _not_audio(kind, body.content_type, empty=not head)

    async def _check_size(self, body: GuardedBody) -> None:
        length = body.content_length or 0
        if length > self._fetcher.limits.max_bytes:
            limit = self._fetcher.limits.max_bytes // (1024 * 1024)
            reason = N_("That file is larger than the {limit} MB that I open.")
            raise SourceFailed(reason, failure="too_long", limit=limit)

    async def _track(self, url: str, body: GuardedBody, head: bytes) -> Track:
        fallback = clean(body.title or "") or file_name(body.url)
        if body.is_live:
            return Track(source=self.name, identifier=url, title=fallback, url=url, is_stream=True)
        size = body.content_length
        tail = await self._tail(body, len(head))
        try:
            found: Probe = await asyncio.to_thread(probe, head, tail, size)
        except ProbeFailed as error:
            reason = N_("That file looks like audio at its start, but I cannot play it.")
            raise SourceFailed(reason, failure="unsupported") from error
        tags = read_tags(found.metadata, fallback)
        return Track(
            source=self.name,
            identifier=url,
            title=tags.title,
            artist=tags.artist,
            album=tags.album,
            duration_ms=found.duration_ms,
            url=url,
        )

    async def _stream(self, url: str, base: str, playlist: bytes) -> Track:
        """Look at what comes in pieces: its first one is fetched, so that refusals are said now."""
        sound = await open_hls(self._fetcher, self._clock, playlist, base, headers={})
        await sound.close()
        return Track(
            source=self.name,
            identifier=url,
            title=clean(stream_name(base)) or url,
            duration_ms=sound.duration_ms,
            url=url,
            is_stream=sound.is_live,
        )

    async def _tail(self, body: GuardedBody, have: int) -> bytes:
        """Fetch the last bytes, when the server knows ranges; without them there is no length."""
        size = body.content_length
        if size is None or size <= have or body.headers.get("Accept-Ranges", "") != "bytes":
            return b""
        start = max(have, size - TAIL_BYTES)
        with suppress(SourceFailed):
            part = await self._fetcher.open(
                body.url, headers={"Range": f"bytes={start}-{size - 1}"}
            )
            try:
                if part.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                    return await part.read_up_to(size - start)
            finally:
                await part.close()
        return b""

    async def _playlist(
        self, url: str, data: bytes, kind: str, limit: int, depth: int, seen: list[str]
    ) -> Resolution:
        if depth >= MAX_NESTED_PLAYLISTS:
            raise _endless()
        text = data.decode("utf-8", errors="replace")
        read = read_m3u if kind == "m3u" else read_pls
        listings = read(text, limit=limit + 1)
        turn = asyncio.Semaphore(_AT_ONCE)
        above = frozenset(seen)
        """What led here, and what was opened beside it: none of it is opened a second time."""

        async def one(listing: Listing) -> Resolution | SourceFailed:
            async with turn:
                try:
                    target = self._fetcher.policy.check_url(listing.location, base=URL(url))
                    if len(seen) >= MAX_LOOKS or str(target) in above:
                        return _endless()
                    seen.append(str(target))
                    return await self._resolve(str(target), limit, depth=depth + 1, seen=seen)
                except SourceFailed as error:
                    return error

        results = await asyncio.gather(*(one(listing) for listing in listings[:limit]))
        tracks = [track for r in results if isinstance(r, Resolution) for track in r.tracks]
        failures = [result for result in results if isinstance(result, SourceFailed)]
        if not tracks:
            refused = [failure for failure in failures if isinstance(failure, AddressRefused)]
            raise next(iter([*refused, *failures]), _empty_playlist())
        truncated = len(listings) > limit or len(tracks) > limit
        return Resolution(tuple(tracks[:limit]), file_name(url), truncated)


async def _read(body: GuardedBody, n: int) -> bytes:
    """Return up to ``n`` bytes; a server that sends them one by one is not waited for."""
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            return await body.read_up_to(n)
    except TimeoutError:
        raise SourceFailed(N_("The server did not answer in time."), failure="network") from None


def stream_name(url: str) -> str:
    """Return what to call a stream: the file's name, or what is before it where all are alike."""
    parsed = URL(url)
    parts = [part for part in parsed.path.split("/") if part]
    names = [part.rsplit(".", 1)[0] if part is parts[-1] else part for part in parts]
    telling = [name for name in names if name.lower() not in _ALIKE and not name.isdigit()]
    return telling[-1] if telling else parsed.host or url


def _endless() -> SourceFailed:
    return SourceFailed(N_("That playlist leads to playlists without an end."), failure="refused")


def _empty_playlist() -> SourceFailed:
    return SourceFailed(N_("That playlist is empty."), failure="unsupported")


def _not_audio(kind: str, content_type: str, *, empty: bool) -> SourceFailed:
    if empty:
        return SourceFailed(
            N_("There is nothing behind that address: it is empty."), failure="removed"
        )
    if kind == "page":
        reason = N_("That address is a web page, not an audio file.")
    elif content_type.startswith(("audio/", "video/", "application/ogg")):
        reason = N_("That address claims to be audio, but what it sends is not.")
        return SourceFailed(reason, failure="unsupported")
    else:
        reason = N_("What is behind that address is not audio that I can play.")
    return NotSound(reason)
