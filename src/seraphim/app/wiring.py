"""The one place that picks adapters from the settings and gives them to the features."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from seraphim.adapters.direct_http import (
    AddressPolicy,
    FetchLimits,
    GuardedFetcher,
)
from seraphim.adapters.open_services import LrclibLyrics, SponsorBlockSegments
from seraphim.adapters.open_services.lrclib import PUBLIC_URL as LRCLIB_URL
from seraphim.adapters.open_services.sponsorblock import PUBLIC_URL as SPONSORBLOCK_URL
from seraphim.app.audio import Audio, open_audio
from seraphim.app.catalog import Parts, catalog
from seraphim.app.sources import art_routes, open_sources
from seraphim.features.music.ports import TrackSource
from seraphim.features.music.ports.lyrics import LyricsSource
from seraphim.features.music.ports.segments import SegmentSource
from seraphim.kernel.config import Config
from seraphim.kernel.feature import Feature
from seraphim.kernel.kernel import Kernel
from seraphim.kernel.telemetry import get_logger
from seraphim.surfaces.discord.client import SeraphimClient
from seraphim.surfaces.discord.gateway_urls import point_at
from seraphim.surfaces.discord.link import DiscordLink
from seraphim.surfaces.discord.rate_limit import MemoryRateLimiter, RateLimiter

_log = get_logger(__name__)
DRAIN_SECONDS = 5.0
"""How long commands and jobs in hand may take when the bot stops: half of what a stop may take."""
type FeatureBuilder = Callable[[Kernel], Feature]


class Wiring:
    """Everything that was built, and the order in which it starts and stops."""

    def __init__(
        self,
        kernel: Kernel,
        client: SeraphimClient,
        features: Sequence[Feature],
        sources: Sequence[TrackSource],
        audio: Audio,
        limiter: RateLimiter,
    ) -> None:
        self.client = client
        self.features = tuple(features)
        self.routes = (*audio.routes, *art_routes(sources))
        self._kernel = kernel
        self._sources = tuple(sources)
        self._audio = audio
        self._limiter = limiter

    async def connect(self) -> None:
        """Connect to Discord, then let every feature take up what a restart interrupted."""
        token = self._kernel.config.discord_token
        if token is None:
            raise ValueError("a token is needed to connect")
        await self.client.open(token.get_secret_value())
        if self._audio.open is not None:
            await self._audio.open()
        for feature in self.features:
            if feature.start is not None:
                await feature.start()

    def web_listens(self, host: str, port: int) -> None:
        """Tell the parts that hand out addresses where the web server is."""
        if self._audio.web_listens is not None:
            self._audio.web_listens(host, port)

    async def disconnect(self) -> None:
        """Finish what is in hand, then stop the features in reverse, voice, and the connection.

        First of all no new command and no new job is taken and those in hand are finished, so that
        none meets a feature, a backend or a Discord that is closed already; then the events they
        have brought about are delivered or left for the next start.
        """
        await asyncio.gather(
            _attempt("interactions", self.client.pipeline.drain(DRAIN_SECONDS)),
            _attempt("jobs", self._kernel.jobs.stop(DRAIN_SECONDS)),
        )
        for feature in reversed(self.features):
            if feature.stop is not None:
                await _attempt(feature.name, feature.stop())
        await _attempt("events", self._kernel.outbox.stop())
        await _attempt("voice", self._audio.backend.close())
        plays_on = self._audio.backend.plays_on
        goodbye = self.client.shut_down(drain_seconds=0, stays_in_voice=plays_on)
        await _attempt("discord", goodbye)

    async def close(self) -> None:
        """Let go of the sources and of the command limit's server."""
        await _attempt("command limit", self._limiter.close())
        for source in self._sources:
            await _attempt(source.name, source.close())


async def _attempt(part: str, ending: Awaitable[None]) -> None:
    """Wait for one part's ending; a part that fails must not keep the others from ending."""
    try:
        await ending
    except Exception:  # noqa: BLE001 - whatever it is, the next part must still end
        _log.exception("part_did_not_stop_cleanly", part=part)


def wire(kernel: Kernel, more: Sequence[FeatureBuilder] = ()) -> Wiring:
    """Build adapters, features and the client from the kernel's settings; connect nothing."""
    config = kernel.config
    point_at(config.discord_api_url, config.discord_gateway_url)
    link = DiscordLink()
    limiter = _open_limiter(kernel)
    fetcher = GuardedFetcher(
        AddressPolicy.parse(config.http_allow),
        limits=FetchLimits(max_bytes=config.http_max_megabytes * 1024 * 1024),
    )
    audio = open_audio(kernel, lambda: client, fetcher)
    sources = (*audio.sources, *open_sources(config, kernel, fetcher))
    parts = Parts(
        link,
        limiter,
        audio.backend,
        sources,
        lambda: client,
        lyrics=_lyrics(config, kernel),
        segments=_segments(config, kernel),
    )
    features = (*catalog(kernel, parts), *(build(kernel) for build in more))
    parts.finished.extend(features)
    for feature in features:
        for listener in feature.listeners:
            kernel.outbox.subscribe(listener)
        for handler in feature.jobs:
            kernel.jobs.handle(handler)
        for recurring in feature.recurring:
            kernel.jobs.recur(recurring)
    client = SeraphimClient(kernel, features, limiter=limiter, link=link)
    return Wiring(kernel, client, features, sources, audio, limiter)


def _lyrics(config: Config, kernel: Kernel) -> LyricsSource | None:
    """Return where words come from, unless the installation asks nobody."""
    if not config.lyrics:
        return None
    return LrclibLyrics(kernel.clock, url=config.lrclib_url or LRCLIB_URL)


def _segments(config: Config, kernel: Kernel) -> SegmentSource | None:
    """Return who knows what to skip in videos, unless the installation asks nobody."""
    if not config.sponsorblock:
        return None
    return SponsorBlockSegments(kernel.clock, url=config.sponsorblock_url or SPONSORBLOCK_URL)


def _open_limiter(kernel: Kernel) -> RateLimiter:
    """Return the limiter the settings ask for: in memory, or shared by Redis when there is one."""
    config = kernel.config
    capacity, window = config.command_rate_limit, config.command_rate_window_seconds
    if config.redis_url is None:
        return MemoryRateLimiter(kernel.clock, capacity, window)
    from seraphim.surfaces.discord.redis_rate_limit import (  # noqa: PLC0415  # 60 ms of imports nobody needs without Redis
        RedisRateLimiter,
    )

    return RedisRateLimiter.at(config.redis_url, kernel.clock, kernel.metrics, capacity, window)
