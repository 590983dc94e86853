"""Spotify's Web API, with the rights of an application and of no user.

Protocol: https://developer.spotify.com/documentation/web-api. What an application is shown has
shrunk over the years (lists of Spotify's own, numbers of recordings, an artist's best songs), so
everything beyond a song's name may be missing.
"""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, cast, override

import msgspec

from seraphim.adapters.catalogues.links import SPOTIFY_HOSTS, Named, read_spotify
from seraphim.adapters.catalogues.source import CatalogueTracks, Collected, make_track
from seraphim.adapters.catalogues.web_api import WebApi
from seraphim.features.music.ports import LinkFollower, Progress, Resolution, SourceFailed
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import Clock
from seraphim.kernel.marks import N_

API_URL: Final = "https://api.spotify.com"
ACCOUNTS_URL: Final = "https://accounts.spotify.com"
_RENEW_SECONDS: Final = 60.0
"""A token is renewed so long before it ends."""
_OK: Final = 200


class _Image(msgspec.Struct):
    url: str


class _Artist(msgspec.Struct):
    name: str = ""


class _Album(msgspec.Struct):
    name: str = ""
    images: list[_Image] = []


class _Song(msgspec.Struct):
    name: str = ""
    id: str | None = None
    type: str = "track"
    is_local: bool = False
    duration_ms: int | None = None
    artists: list[_Artist] = []
    album: _Album | None = None
    external_ids: dict[str, str] = {}
    external_urls: dict[str, str] = {}


class _Line(msgspec.Struct):
    track: Any = None
    item: Any = None
    """The newer name of the same."""


class _SongPage(msgspec.Struct):
    items: list[_Song | None] = []
    next: str | None = None
    total: int | None = None


class _LinePage(msgspec.Struct):
    items: list[_Line | None] = []
    next: str | None = None
    total: int | None = None


class _AlbumFull(msgspec.Struct):
    name: str = ""
    images: list[_Image] = []
    tracks: _SongPage = msgspec.field(default_factory=_SongPage)


class _Playlist(msgspec.Struct):
    name: str = ""
    tracks: _LinePage | None = None
    items: _LinePage | None = None
    """The newer name of the same."""


class _Top(msgspec.Struct):
    tracks: list[_Song] = []


class _Found(msgspec.Struct):
    tracks: _SongPage = msgspec.field(default_factory=_SongPage)


class SpotifyTracks(CatalogueTracks):
    """Reads songs, albums, playlists and artists.

    Args:
        client_id: Of the owner's application.
        client_secret: Of the same.
        clock: Says when a token ends.
        api_url: Another address of the API, and of the accounts service: a stand-in.
        market: The country whose catalogue is read.
        follower: Says what short links stand for.
    """

    name: ClassVar[str] = "spotify"
    hosts: ClassVar[frozenset[str]] = SPOTIFY_HOSTS

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        clock: Clock,
        *,
        api_url: str | None = None,
        market: str = "US",
        follower: LinkFollower | None = None,
    ) -> None:
        api = WebApi("Spotify", api_url or API_URL, clock, authorize=self._authorize)
        super().__init__(api, follower)
        self._token_url = f"{api_url or ACCOUNTS_URL}/api/token"
        self._basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        self._clock = clock
        self._market = market
        self._token = ""
        self._until = 0.0
        self._renewing = asyncio.Lock()

    @override
    async def ping(self) -> None:
        """Raise when Spotify does not accept the key."""
        await self._authorize(refused=False)

    async def _authorize(self, refused: bool) -> Mapping[str, str]:  # noqa: FBT001 - called by the API with one fact
        """Return the header with a token, a new one when the last was refused or is at its end.

        Client credentials flow (RFC 6749, section 4.4).
        """
        before = self._token
        async with self._renewing:
            is_old = self._clock.monotonic() >= self._until
            if is_old or (refused and self._token == before):
                await self._renew()
        return {"Authorization": f"Bearer {self._token}"}

    async def _renew(self) -> None:
        status, body = await self._api.post_form(
            self._token_url,
            {"grant_type": "client_credentials"},
            {"Authorization": f"Basic {self._basic}"},
        )
        said = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
        token, seconds = said.get("access_token"), said.get("expires_in", 0)
        if status >= 500:  # noqa: PLR2004 - theirs, not ours
            raise self._api.failed("network", N_("{service} cannot be reached right now."))
        if status != _OK or not isinstance(token, str) or not isinstance(seconds, int):
            sentence = N_("{service} does not accept this bot's key. Its owner has to look at it.")
            raise self._api.failed("login", sentence)
        self._token = token
        self._until = self._clock.monotonic() + max(0.0, seconds - _RENEW_SECONDS)

    @override
    def _read(self, query: str) -> Named | None:
        return read_spotify(query)

    @override
    async def _track(self, named: Named) -> Track:
        song = await self._api.get(f"/v1/tracks/{named.id}", _Song, market=self._market)
        return _make(song, song.album or _Album())

    @override
    async def _list(self, named: Named, limit: int, progress: Progress | None) -> Resolution:
        collected = Collected(limit, progress)
        if named.kind == "album":
            return await self._album(named.id, collected)
        if named.kind == "artist":
            return await self._artist(named.id, collected)
        return await self._playlist(named.id, collected)

    async def _album(self, album_id: str, collected: Collected) -> Resolution:
        found = await self._api.get(f"/v1/albums/{album_id}", _AlbumFull, market=self._market)
        album = _Album(found.name, found.images)
        page: _SongPage | None = found.tracks
        while page is not None:
            collected.add([_make(song, album) for song in page.items if song], page.total)
            page = await self._next(page.next, _SongPage, collected)
        return collected.resolution(found.name)

    async def _playlist(self, playlist_id: str, collected: Collected) -> Resolution:
        path = f"/v1/playlists/{playlist_id}"
        found = await self._api.get(path, _Playlist, market=self._market)
        page = found.items or found.tracks
        if page is None:
            raise self._api.failed("login", N_("{service} does not show that to bots."))
        while page is not None:
            songs = [_song_of(line) for line in page.items if line]
            made = [_make(song, song.album or _Album()) for song in songs if song]
            collected.add(made, page.total)
            page = await self._next(page.next, _LinePage, collected)
        return collected.resolution(found.name)

    async def _artist(self, artist_id: str, collected: Collected) -> Resolution:
        artist = await self._api.get(f"/v1/artists/{artist_id}", _Artist)
        try:
            top = await self._api.get(
                f"/v1/artists/{artist_id}/top-tracks", _Top, market=self._market
            )
            tracks: Sequence[Track] = [_make(s, s.album or _Album()) for s in top.tracks]
        except SourceFailed as error:
            if error.failure not in {"login", "removed"}:
                raise
            tracks = await self._search(f'artist:"{artist.name}"', 10)
        collected.add(tracks, len(tracks))
        return collected.resolution(artist.name)

    @override
    async def _search(self, words: str, limit: int) -> Sequence[Track]:
        found = await self._api.get(
            "/v1/search", _Found, q=words, type="track", limit=min(limit, 10), market=self._market
        )
        return [_make(song, song.album or _Album()) for song in found.tracks.items if song]

    async def _next[P](self, url: str | None, kind: type[P], collected: Collected) -> P | None:
        if url is None or not collected.wants_more:
            return None
        return await self._api.get(url, kind)


def _song_of(line: _Line) -> _Song | None:
    """Return the song of a playlist's line; None for podcasts, local files and removed songs."""
    said = line.item if line.item is not None else line.track
    try:
        song = msgspec.convert(said, _Song, strict=False)
    except msgspec.ValidationError:
        return None
    return song if song.id and song.type == "track" and not song.is_local else None


def _make(song: _Song, album: _Album) -> Track:
    return make_track(
        SpotifyTracks.name,
        song.id or "",
        title=song.name,
        artists=[artist.name for artist in song.artists],
        album=album.name,
        duration_ms=song.duration_ms,
        url=song.external_urls.get("spotify"),
        artwork_url=album.images[0].url if album.images else None,
        isrc=song.external_ids.get("isrc"),
    )
