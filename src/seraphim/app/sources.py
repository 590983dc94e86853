"""Picks where songs come from, from the settings."""

from collections.abc import Sequence

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from seraphim.adapters.catalogues import (
    AppleMusicTracks,
    DeezerTracks,
    SpotifyTracks,
    UnsetAppleMusic,
    UnsetDeezer,
    UnsetSpotify,
)
from seraphim.adapters.direct_http import DirectHttpTracks, GuardedFetcher, ShortLinks
from seraphim.adapters.library import PATH, LibraryTracks
from seraphim.adapters.ytdlp import (
    SoundCloudTracks,
    StreamCache,
    WorkerPlan,
    WorkerPool,
    YouTubeTracks,
    YtdlpTracks,
)
from seraphim.features.music.ports import LinkFollower, NullTrackSource, TrackSource
from seraphim.kernel.config import Config
from seraphim.kernel.kernel import Kernel


def open_sources(
    config: Config, kernel: Kernel, fetcher: GuardedFetcher
) -> tuple[TrackSource, ...]:
    """Return the sources in the order in which a query is offered to them.

    Direct links come late, because they claim every address, and yt-dlp's other sites last: they
    get what turned out to be a page.
    """
    found: list[TrackSource] = []
    if config.library is not None:
        found.append(LibraryTracks(config.library, kernel.clock, public_url=config.web_public_url))
    elif not config.ytdlp:
        found.append(NullTrackSource())
    links = ShortLinks(fetcher)
    catalogues = _catalogues(config, kernel, links)
    if not config.ytdlp:
        return (*found, *catalogues, DirectHttpTracks(fetcher, kernel.clock))
    plan = WorkerPlan(
        memory_megabytes=config.ytdlp_memory_megabytes,
        cookies=config.ytdlp_cookies,
        allow=config.http_allow,
    )
    pool = WorkerPool(plan, kernel.clock, processes=config.ytdlp_processes)
    streams = StreamCache(kernel.clock)
    return (
        *found,
        YouTubeTracks(pool, streams),
        SoundCloudTracks(pool, streams, follower=links),
        *catalogues,
        DirectHttpTracks(fetcher, kernel.clock),
        YtdlpTracks(pool, streams),
    )


def _catalogues(config: Config, kernel: Kernel, links: LinkFollower) -> tuple[TrackSource, ...]:
    """Return what reads the links of services that play nothing to bots."""
    spotify: TrackSource = UnsetSpotify()
    secret, token = config.spotify_client_secret, config.apple_music_token
    if config.spotify_client_id is not None and secret is not None:
        spotify = SpotifyTracks(
            config.spotify_client_id,
            secret.get_secret_value(),
            kernel.clock,
            api_url=config.spotify_api_url,
            follower=links,
        )
    apple: TrackSource = UnsetAppleMusic()
    if token is not None:
        apple = AppleMusicTracks(
            token.get_secret_value(),
            config.apple_music_storefront,
            kernel.clock,
            api_url=config.apple_music_api_url,
            follower=links,
        )
    deezer: TrackSource = UnsetDeezer()
    if config.deezer:
        deezer = DeezerTracks(kernel.clock, api_url=config.deezer_api_url, follower=links)
    return spotify, apple, deezer


def art_routes(sources: Sequence[TrackSource]) -> tuple[object, ...]:
    """Return the web server's routes for the pictures inside songs."""
    libraries = [source for source in sources if isinstance(source, LibraryTracks)]

    @get(f"{PATH}/{{key:str}}", include_in_schema=False)
    async def show_art(key: FromPath[str]) -> Response[bytes]:
        for library in libraries:
            art = await library.find_art(key)
            if art is not None:
                headers = {"Cache-Control": "public, max-age=31536000, immutable"}
                return Response(art.data, media_type=art.media_type, headers=headers)
        raise NotFoundException

    return (show_art,) if libraries else ()
