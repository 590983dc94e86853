"""Deezer's public API, which needs no key.

Protocol: https://developers.deezer.com/api. Errors come with status 200 and a code of their own;
more than 50 requests in 5 seconds are refused with code 4.
"""

from collections.abc import Sequence
from typing import Any, ClassVar, Final, cast, override

import msgspec

from seraphim.adapters.catalogues.links import DEEZER_HOSTS, Named, read_deezer
from seraphim.adapters.catalogues.source import CatalogueTracks, Collected, make_track
from seraphim.adapters.catalogues.web_api import Verdict, WebApi
from seraphim.features.music.ports import LinkFollower, Progress, Resolution
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import Clock

API_URL: Final = "https://api.deezer.com"
_PAGE: Final = 100
_QUOTA, _NOT_FOUND, _BUSY = 4, 800, 700


class _Named(msgspec.Struct):
    name: str = ""


class _Cover(msgspec.Struct):
    title: str = ""
    cover_xl: str | None = None


class _Song(msgspec.Struct):
    id: int
    title: str = ""
    duration: int = 0
    isrc: str | None = None
    link: str | None = None
    artist: _Named = msgspec.field(default_factory=_Named)
    album: _Cover | None = None
    contributors: list[_Named] = []


class _Page(msgspec.Struct):
    data: list[_Song] = []
    total: int | None = None
    next: str | None = None


class _List(msgspec.Struct):
    title: str = ""
    name: str = ""
    cover_xl: str | None = None


class DeezerTracks(CatalogueTracks):
    """Reads songs, albums, playlists and artists.

    Args:
        clock: Paces repetitions.
        api_url: Another address of the API: a stand-in.
        follower: Says what short links stand for.
    """

    name: ClassVar[str] = "deezer"
    hosts: ClassVar[frozenset[str]] = DEEZER_HOSTS

    def __init__(
        self, clock: Clock, *, api_url: str | None = None, follower: LinkFollower | None = None
    ) -> None:
        super().__init__(WebApi("Deezer", api_url or API_URL, clock, judge=_judge), follower)

    @override
    async def ping(self) -> None:
        """Fine: there is no key that could be refused."""

    @override
    def _read(self, query: str) -> Named | None:
        return read_deezer(query)

    @override
    async def _track(self, named: Named) -> Track:
        return _make(await self._api.get(f"/track/{named.id}", _Song), None)

    @override
    async def _list(self, named: Named, limit: int, progress: Progress | None) -> Resolution:
        collected = Collected(limit, progress)
        found = await self._api.get(f"/{named.kind}/{named.id}", _List)
        album = _Cover(found.title, found.cover_xl) if named.kind == "album" else None
        songs = "top" if named.kind == "artist" else "tracks"
        index = 0
        while True:
            page = await self._api.get(
                f"/{named.kind}/{named.id}/{songs}", _Page, index=index, limit=_PAGE
            )
            collected.add([_make(song, album) for song in page.data], page.total)
            index += len(page.data)
            if page.next is None or not page.data or not collected.wants_more:
                return collected.resolution(found.title or found.name)

    @override
    async def _search(self, words: str, limit: int) -> Sequence[Track]:
        found = await self._api.get("/search/track", _Page, q=words, limit=limit)
        return [_make(song, None) for song in found.data[:limit]]


def _judge(body: object) -> Verdict:
    said = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    error = said.get("error")
    if not isinstance(error, dict):
        return Verdict()
    code = cast("dict[str, Any]", error).get("code")
    if code in {_QUOTA, _BUSY}:
        return Verdict(is_too_many=True)
    return Verdict("removed" if code == _NOT_FOUND else "unknown")


def _make(song: _Song, album: _Cover | None) -> Track:
    cover = song.album or album or _Cover()
    names = [one.name for one in song.contributors] or [song.artist.name]
    return make_track(
        DeezerTracks.name,
        str(song.id),
        title=song.title,
        artists=names,
        album=cover.title,
        duration_ms=song.duration * 1000,
        url=song.link or f"https://www.deezer.com/track/{song.id}",
        artwork_url=cover.cover_xl,
        isrc=song.isrc,
    )
