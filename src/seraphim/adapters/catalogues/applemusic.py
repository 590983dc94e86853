"""The Apple Music API's catalogue.

Protocol: https://developer.apple.com/documentation/applemusicapi ("Handling Requests and
Responses", "Handling Relationships and Pagination").
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Final, override

import msgspec

from seraphim.adapters.catalogues.links import APPLE_HOSTS, Named, read_apple
from seraphim.adapters.catalogues.source import CatalogueTracks, Collected, make_track
from seraphim.adapters.catalogues.web_api import WebApi
from seraphim.features.music.ports import LinkFollower, Progress, Resolution
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import Clock

API_URL: Final = "https://api.music.apple.com"
_BELIEVED_SECONDS: Final = 600.0
_ARTWORK: Final = "600"
"""The pixels of a cover's side."""


class _Artwork(msgspec.Struct):
    url: str = ""


class _Attributes(msgspec.Struct, rename="camel"):
    name: str = ""
    artist_name: str = ""
    album_name: str | None = None
    duration_in_millis: int | None = None
    isrc: str | None = None
    url: str | None = None
    artwork: _Artwork | None = None


class _Page(msgspec.Struct):
    data: list["_Resource"] = []
    next: str | None = None


class _Relationships(msgspec.Struct):
    tracks: _Page = msgspec.field(default_factory=_Page)


class _Resource(msgspec.Struct):
    id: str
    type: str = "songs"
    attributes: _Attributes | None = None
    relationships: _Relationships = msgspec.field(default_factory=_Relationships)


class _Results(msgspec.Struct):
    songs: _Page = msgspec.field(default_factory=_Page)


class _Found(msgspec.Struct):
    results: _Results = msgspec.field(default_factory=_Results)


class AppleMusicTracks(CatalogueTracks):
    """Reads songs, albums, playlists and artists.

    Args:
        token: A developer token (a JWT that the owner has made with a key from Apple).
        storefront: The country of the catalogue where a link names none.
        clock: Paces repetitions.
        api_url: Another address of the API: a stand-in.
        follower: Says what links without a country stand for.
    """

    name: ClassVar[str] = "applemusic"
    hosts: ClassVar[frozenset[str]] = APPLE_HOSTS

    def __init__(
        self,
        token: str,
        storefront: str,
        clock: Clock,
        *,
        api_url: str | None = None,
        follower: LinkFollower | None = None,
    ) -> None:
        api = WebApi("Apple Music", api_url or API_URL, clock, authorize=self._authorize)
        super().__init__(api, follower)
        self._clock = clock
        self._fine_until = 0.0
        self._token = token
        self._storefront = storefront

    async def _authorize(self, refused: bool) -> Mapping[str, str]:  # noqa: FBT001 - called by the API with one fact
        _ = refused  # only the owner can make another token
        return {"Authorization": f"Bearer {self._token}"}

    @override
    async def ping(self) -> None:
        """Raise when Apple does not accept the token; what was fine is believed for a while."""
        if self._clock.monotonic() >= self._fine_until:
            await self._api.get(f"/v1/storefronts/{self._storefront}", _Page)
            self._fine_until = self._clock.monotonic() + _BELIEVED_SECONDS

    @override
    def _read(self, query: str) -> Named | None:
        return read_apple(query)

    @override
    async def _track(self, named: Named) -> Track:
        return _make(await self._one(named, "songs"))

    @override
    async def _list(self, named: Named, limit: int, progress: Progress | None) -> Resolution:
        collected = Collected(limit, progress)
        root = self._root(named)
        if named.kind == "artist":
            artist = await self._one(named, "artists")
            page = await self._api.get(f"{root}/artists/{named.id}/view/top-songs", _Page)
            title = artist.attributes.name if artist.attributes else ""
        else:
            found = await self._one(named, f"{named.kind}s")
            page = found.relationships.tracks
            title = found.attributes.name if found.attributes else ""
        while True:
            songs = [one for one in page.data if one.type == "songs" and one.attributes]
            collected.add([_make(song) for song in songs], None)
            if page.next is None or not collected.wants_more:
                return collected.resolution(title)
            page = await self._api.get(page.next, _Page)

    @override
    async def _search(self, words: str, limit: int) -> Sequence[Track]:
        found = await self._api.get(
            f"/v1/catalog/{self._storefront}/search",
            _Found,
            term=words,
            types="songs",
            limit=min(limit, 25),
        )
        return [_make(song) for song in found.results.songs.data if song.attributes]

    async def _one(self, named: Named, kind: str) -> _Resource:
        found = await self._api.get(f"{self._root(named)}/{kind}/{named.id}", _Page)
        if not found.data:
            raise self._api.not_there()
        return found.data[0]

    def _root(self, named: Named) -> str:
        return f"/v1/catalog/{named.storefront or self._storefront}"


def _make(song: _Resource) -> Track:
    said = song.attributes or _Attributes()
    artwork = said.artwork.url if said.artwork is not None else ""
    return make_track(
        AppleMusicTracks.name,
        song.id,
        title=said.name,
        artists=[said.artist_name],
        album=said.album_name,
        duration_ms=said.duration_in_millis,
        url=said.url,
        artwork_url=artwork.replace("{w}", _ARTWORK).replace("{h}", _ARTWORK) or None,
        isrc=said.isrc,
    )
