"""YouTube, SoundCloud and the other sites yt-dlp knows, as sources of tracks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from urllib.parse import urlsplit

from seraphim.adapters.ytdlp.messages import Answer, Ask, Item, Step
from seraphim.adapters.ytdlp.pool import WorkerPool
from seraphim.adapters.ytdlp.streams import StreamCache
from seraphim.features.music.ports import (
    FailureClass,
    LinkFollower,
    Media,
    Progress,
    Reach,
    Recommendation,
    Resolution,
    SourceFailed,
)
from seraphim.features.music.rules.segments import video_id_of
from seraphim.features.music.rules.text import MAX_NAME, clean
from seraphim.features.music.rules.track import Track
from seraphim.kernel.marks import N_
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

SEARCH_SECONDS: Final = 15.0
OPEN_SECONDS: Final = 25.0
LIST_SECONDS: Final = 90.0
RECOMMEND_SECONDS: Final = 12.0
_SMUGGLED: Final = "__youtubedl_smuggle"
"""yt-dlp's own mark for orders to an extractor inside an address: never from a member."""
_SENTENCES: Final[dict[FailureClass, str]] = {
    "network": N_("{site} cannot be reached right now."),
    "login": N_("{site} shows that only to people who are signed in."),
    "region": N_("{site} does not offer that in the country this bot runs in."),
    "age": N_("{site} wants proof of age for that."),
    "removed": N_("That is not on {site} any more, or it is private."),
    "unsupported": N_("{site} has that only in a form that I cannot play."),
    "drm": N_("{site} protects that against copying, so I cannot play it."),
    "too_long": N_("That is too long for me."),
    "refused": N_("{site} leads into a private network, so I will not open it."),
    "unknown": N_("I could not read what {site} sent; the site may have changed."),
}


@dataclass(frozen=True, slots=True)
class Site:
    """One site, or all the others.

    Attributes:
        label: What it is called in sentences; empty for the host of each address.
        hosts: The hosts whose addresses it claims, subdomains included; empty for every one.
        search: yt-dlp's name of its search, such as ``ytsearch``; empty when it has none.
        short: Hosts of its short links, which yt-dlp cannot read.
    """

    label: str = ""
    hosts: tuple[str, ...] = ()
    search: str = ""
    short: tuple[str, ...] = ()


YOUTUBE: Final = Site("YouTube", ("youtube.com", "youtu.be", "youtube-nocookie.com"), "ytsearch")
SOUNDCLOUD: Final = Site(
    "SoundCloud", ("soundcloud.com",), "scsearch", short=("on.soundcloud.com",)
)
EVERYWHERE: Final = Site()


class YtdlpTracks:
    """Finds and opens tracks of one site by yt-dlp; implements ``TrackSource``.

    Args:
        pool: Where yt-dlp runs.
        streams: Remembers where sounds lie.
        site: Which addresses and which search.
        follower: Says what short links stand for.
    """

    name: ClassVar[str] = "web"
    reach: ClassVar[Reach] = "links"

    def __init__(
        self,
        pool: WorkerPool,
        streams: StreamCache,
        site: Site = EVERYWHERE,
        *,
        follower: LinkFollower | None = None,
    ) -> None:
        self._pool = pool
        self._streams = streams
        self._site = site
        self._follower = follower

    def claims(self, query: str) -> bool:
        """Claim web addresses of the site."""
        host = _host(query.strip())
        if host is None:
            return False
        hosts = self._site.hosts
        if not hosts:
            return not any(_is_on(host, one) for one in (*YOUTUBE.hosts, *SOUNDCLOUD.hosts))
        return any(_is_on(host, one) for one in hosts)

    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        """Return what an address leads to, or the best match for words."""
        text = query.strip()
        if not self.claims(text):
            return Resolution(tuple(await self.search(text, limit=1)))
        if _SMUGGLED in text:
            raise SourceFailed(N_("That is not an address I can read."), failure="refused")
        if self._follower is not None and _host(text) in self._site.short:
            text = await self._follower.follow(text, until=self._is_long)
            if not self._is_long(text):
                raise self._failed("removed", text)

        def tell(step: Step) -> None:
            if progress is not None:
                progress(step.done, step.total)

        answer = await self._pool.ask(
            Ask("find", text, limit), site=self._label(text), seconds=LIST_SECONDS, tell=tell
        )
        self._check(answer, text)
        tracks = tuple(self._track(item) for item in answer.items)
        title = None if answer.title is None else clean(answer.title) or self._label(text)
        return Resolution(tracks, title, answer.truncated)

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Return the site's own best matches."""
        words = clean(text)
        if not self._site.search or not words:
            return ()
        answer = await self._pool.ask(
            Ask("find", f"{self._site.search}{limit}:{words}", limit),
            site=self._label(""),
            seconds=SEARCH_SECONDS,
            tell=lambda _: None,
        )
        self._check(answer, words)
        return [self._track(item) for item in answer.items]

    async def open(self, track: Track) -> Media:
        """Return where the sound lies now; the guarded fetcher judges that address as well."""
        page = track.identifier
        stream = self._streams.find(page)
        if stream is None:
            answer = await self._pool.ask(
                Ask("open", page),
                site=self._label(page),
                seconds=OPEN_SECONDS,
                tell=lambda _: None,
            )
            self._check(answer, page)
            stream = answer.items[0].stream if answer.items else None
            if stream is None:
                raise self._failed("unsupported", page)
            self._streams.keep(page, stream)
        # Sounds of limited length are read as files even when the page calls them live.
        headers = tuple(sorted(stream.headers.items()))
        is_stream = track.is_stream or stream.is_live
        return Media(
            *("http", stream.url), is_stream, headers=headers, piece_bytes=stream.piece_bytes
        )

    async def ping(self) -> None:
        """Fine: the sites themselves are asked when somebody wants something of them."""

    async def close(self) -> None:
        """End the processes, which all sites share."""
        await self._pool.close()

    def _is_long(self, link: str) -> bool:
        return self.claims(link) and _host(link) not in self._site.short

    def _track(self, item: Item) -> Track:
        if item.stream is not None:
            self._streams.keep(item.url, item.stream)
        return Track(
            source=self.name,
            identifier=item.url,
            title=clean(item.title) or self._label(item.url),
            artist=clean(item.artist or "", MAX_NAME) or None,
            album=clean(item.album or "", MAX_NAME) or None,
            duration_ms=None if item.is_live else item.duration_ms,
            url=item.url,
            artwork_url=item.artwork_url,
            is_stream=item.is_live,
            isrc=item.isrc,
        )

    def _check(self, answer: Answer, query: str) -> None:
        if answer.failure is not None:
            _log.info("ytdlp.failed", failure=answer.failure, said=answer.detail)
            raise self._failed(answer.failure, query)

    def _failed(self, failure: FailureClass, query: str) -> SourceFailed:
        return SourceFailed(_SENTENCES[failure], failure=failure, site=self._label(query))

    def _label(self, query: str) -> str:
        return self._site.label or clean(_host(query) or "", MAX_NAME) or self.name


class YouTubeTracks(YtdlpTracks):
    """YouTube and YouTube Music; implements :class:`RecommendsTracks` as well.

    Args:
        pool: Where yt-dlp runs.
        streams: Remembers where sounds lie.
        site: Which addresses and which search.
        mix: Returns the address of the list that a video begins, or None when it is no video.
    """

    name: ClassVar[str] = "youtube"
    reach: ClassVar[Reach] = "words"

    def __init__(
        self,
        pool: WorkerPool,
        streams: StreamCache,
        site: Site = YOUTUBE,
        *,
        mix: Callable[[Track], str | None] | None = None,
    ) -> None:
        super().__init__(pool, streams, site)
        self._mix = mix or _mix_of

    async def recommend(self, track: Track, *, limit: int, order: int) -> Sequence[Recommendation]:
        """Return what YouTube itself plays behind a video: the first songs of its mix."""
        _ = order  # the list is short, and its beginning fits best
        mix = self._mix(track) if track.source == self.name else None
        if mix is None:
            return ()
        answer = await self._pool.ask(
            Ask("list", mix, limit + 1),
            site=self._label(mix),
            seconds=RECOMMEND_SECONDS,
            tell=lambda _: None,
        )
        self._check(answer, mix)
        found = [self._track(item) for item in answer.items]
        others = [other for other in found if _identity(other) != _identity(track)]
        return [Recommendation(other, "similar", track.title) for other in others[:limit]]


class SoundCloudTracks(YtdlpTracks):
    """SoundCloud."""

    name: ClassVar[str] = "soundcloud"
    reach: ClassVar[Reach] = "words"

    def __init__(
        self,
        pool: WorkerPool,
        streams: StreamCache,
        site: Site = SOUNDCLOUD,
        *,
        follower: LinkFollower | None = None,
    ) -> None:
        super().__init__(pool, streams, site, follower=follower)


def _mix_of(track: Track) -> str | None:
    video = video_id_of(track)
    return None if video is None else f"https://www.youtube.com/watch?v={video}&list=RD{video}"


def _identity(track: Track) -> str:
    """Return what is the same for all addresses of a video."""
    return video_id_of(track) or track.identifier


def _is_on(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _host(query: str) -> str | None:
    """Return the host of a web address, or None when it is none."""
    if not query.startswith(("http://", "https://")):
        return None
    try:
        return (urlsplit(query).hostname or "").lower() or None
    except ValueError:
        return None
