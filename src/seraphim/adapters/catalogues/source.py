"""What the three services have in common as sources of tracks."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar, Final

from seraphim.adapters.catalogues.links import Kind, Named, host_of
from seraphim.adapters.catalogues.web_api import WebApi
from seraphim.features.music.ports import (
    LinkFollower,
    Media,
    OnlyDescribed,
    Progress,
    Reach,
    Resolution,
)
from seraphim.features.music.rules.text import MAX_NAME, clean
from seraphim.features.music.rules.track import Track
from seraphim.kernel.marks import N_

TOP_TRACKS: Final = 50
"""So many songs of an artist are taken."""


class CatalogueTracks(ABC):
    """Reads links of a service that plays nothing; its songs are found elsewhere.

    Args:
        api: How the service is asked.
        follower: Says what short links stand for; without it they are not understood.
    """

    name: ClassVar[str]
    reach: ClassVar[Reach] = "links"
    hosts: ClassVar[frozenset[str]]

    def __init__(self, api: WebApi, follower: LinkFollower | None = None) -> None:
        self._api = api
        self._follower = follower

    def claims(self, query: str) -> bool:
        """Claim the service's links, also those it cannot read, and its own short form."""
        text = query.strip()
        return host_of(text) in self.hosts or self._read(text) is not None

    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        """Return what a link names, lists whole and in order; words find their best match."""
        text = query.strip()
        if not self.claims(text):
            return Resolution(tuple(await self.search(text, limit=1)))
        named = self._read(text) or await self._follow(text)
        if named is None:
            sentence = N_("From {service} I can read songs, albums, playlists and artists.")
            raise self._api.failed("unsupported", sentence)
        if named.kind == "track":
            return Resolution((await self._track(named),))
        return await self._list(named, min(limit, _LIMITS.get(named.kind, limit)), progress)

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Return the service's own best matches."""
        words = clean(text)
        return await self._search(words, limit) if words else ()

    async def open(self, track: Track) -> Media:
        """Refuse: the service describes songs and does not play them to bots."""
        _ = track
        raise OnlyDescribed

    @abstractmethod
    async def ping(self) -> None:
        """Raise when the service does not accept the key, where it needs one."""

    async def close(self) -> None:
        """Close the connections."""
        await self._api.close()

    async def _follow(self, link: str) -> Named | None:
        """Read what a short link stands for; hosts of the service only are asked."""
        if self._follower is None:
            return None
        return self._read(
            await self._follower.follow(link, until=lambda one: self._read(one) is not None)
        )

    @abstractmethod
    def _read(self, query: str) -> Named | None:
        """Return what a link names, or None when it is none that can be read."""

    @abstractmethod
    async def _track(self, named: Named) -> Track:
        """Return a song; raises SourceFailed."""

    @abstractmethod
    async def _list(self, named: Named, limit: int, progress: Progress | None) -> Resolution:
        """Return an album, a playlist or an artist's best songs; raises SourceFailed."""

    @abstractmethod
    async def _search(self, words: str, limit: int) -> Sequence[Track]:
        """Return the service's best matches for words; raises SourceFailed."""


_LIMITS: Final[dict[Kind, int]] = {"artist": TOP_TRACKS}


class Collected:
    """A list that is being read page by page.

    Args:
        limit: How many tracks are wanted.
        progress: Told after each page.
    """

    def __init__(self, limit: int, progress: Progress | None) -> None:
        self._limit = limit
        self._progress = progress
        self._tracks: list[Track] = []

    @property
    def wants_more(self) -> bool:
        """Whether another page is needed; one track more than the limit tells that there is one."""
        return len(self._tracks) <= self._limit

    def add(self, tracks: Sequence[Track], total: int | None) -> None:
        """Take the tracks of a page."""
        self._tracks += tracks
        if self._progress is not None:
            most = None if total is None else min(total, self._limit)
            self._progress(min(len(self._tracks), self._limit), most)

    def resolution(self, title: str) -> Resolution:
        """Return the list."""
        found = tuple(self._tracks[: self._limit])
        return Resolution(found, clean(title) or None, len(self._tracks) > self._limit)


def make_track(  # noqa: PLR0913 - one for each thing that is known of a song
    source: str,
    identifier: str,
    *,
    title: str,
    artists: Sequence[str],
    album: str | None,
    duration_ms: int | None,
    url: str | None,
    artwork_url: str | None,
    isrc: str | None,
) -> Track:
    """Return a track whose texts are fit to be shown."""
    number = (isrc or "").replace("-", "").upper()
    return Track(
        source=source,
        identifier=identifier,
        title=clean(title) or identifier,
        artist=clean(", ".join(artist for artist in artists if artist), MAX_NAME) or None,
        album=clean(album or "", MAX_NAME) or None,
        duration_ms=duration_ms or None,
        url=url,
        artwork_url=artwork_url,
        isrc=number if len(number) == 12 and number.isalnum() else None,  # noqa: PLR2004 - ISO 3901
    )
