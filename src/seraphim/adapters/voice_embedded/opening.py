"""Opening a medium: fetching, probing and the first packets, off the event loop."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import structlog

from seraphim.adapters.voice_embedded.failure import (
    STALLED,
    UNEXPECTED,
    MediaFailed,
    explain,
)
from seraphim.adapters.voice_embedded.gain import factor
from seraphim.adapters.voice_embedded.http_input import HttpInput
from seraphim.adapters.voice_embedded.pacer import Pacer
from seraphim.adapters.voice_embedded.parts import PartsTrack
from seraphim.adapters.voice_embedded.reel import Reel
from seraphim.adapters.voice_embedded.track import open_track
from seraphim.adapters.voice_embedded.tuning import Tuning
from seraphim.adapters.voice_embedded.voicing import Voicing
from seraphim.adapters.voice_embedded.workers import Workers
from seraphim.features.music.ports import (
    AudioListener,
    Filters,
    HttpBody,
    HttpFetcher,
    Media,
    SourceFailed,
)
from seraphim.kernel.marks import N_

_log = structlog.get_logger(__name__)

_FIRST_FRAMES: Final = 4
"""Packets made before the playback begins; the rest follows while these are sent."""
_NO_FETCHER: Final = N_("Playing from the web is not set up on this bot.")
_NO_NODE: Final = N_("Only an audio node can play this, and this bot plays without one.")


@dataclass(slots=True)
class House:
    """What all sessions share."""

    pacer: Pacer
    disk: Workers
    network: Workers
    tuning: Tuning
    fetcher: HttpFetcher | None
    listener: AudioListener | None = None
    feeds: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    """The tasks that read HTTP bodies."""


async def open_reel(
    house: House,
    media: Media,
    *,
    position_ms: int,
    volume_percent: int,
    filters: Filters,
) -> Reel:
    """Open a medium at a position and return its reel with the first packets in it.

    Raises:
        MediaFailed: It cannot be opened, or there is no sound in it.
        SourceFailed: It cannot be fetched.
    """
    if media.kind == "node":
        raise MediaFailed("unsupported", _NO_NODE)
    voicing = Voicing(factor(volume_percent), filters.recipe())
    arriving: HttpInput | None = None
    workers = house.disk
    if media.kind == "http":
        arriving = await _fetch(house, media, position_ms)
        workers = house.network

    def work() -> Reel:
        if arriving is None:
            track = open_track(media.location, position_ms=position_ms)
        else:
            track = PartsTrack(arriving, position_ms=position_ms)
        reel = Reel(
            track,
            position_ms=position_ms,
            voicing=voicing,
            tuning=house.tuning,
            request=workers.request,
            arriving=arriving,
        )
        reel.fill(_FIRST_FRAMES)
        if reel.failure is not None:
            reel.close()
            raise reel.failure
        return reel

    try:
        return await _in_worker(workers, work)
    except BaseException:
        if arriving is not None:
            arriving.abort()
        raise


async def _fetch(house: House, media: Media, position_ms: int) -> HttpInput:
    if house.fetcher is None:
        raise MediaFailed("unsupported", _NO_FETCHER)
    body = await _open_body(house.fetcher, media, position_ms)
    arriving = HttpInput(
        body,
        limit_bytes=house.tuning.http_buffer_bytes,
        stall_seconds=house.tuning.stall_seconds,
    )
    feed = asyncio.get_running_loop().create_task(arriving.feed(), name="voice-http-feed")
    house.feeds.add(feed)
    feed.add_done_callback(house.feeds.discard)
    return arriving


async def _open_body(fetcher: HttpFetcher, media: Media, position_ms: int) -> HttpBody:
    """Open the address; whatever goes wrong is a sentence, so that nobody waits for a sound."""
    try:
        return await fetcher.open(
            media.location,
            endless=media.is_stream,
            headers=dict(media.headers),
            position_ms=position_ms,
            piece_bytes=media.piece_bytes,
        )
    except SourceFailed:
        raise
    except (OSError, TimeoutError) as error:
        raise MediaFailed("network", STALLED) from error
    except Exception as error:
        _log.exception("voice.fetch_broke")
        raise MediaFailed("unknown", UNEXPECTED) from error


async def _in_worker(workers: Workers, job: Callable[[], Reel]) -> Reel:
    """Run ``job`` in a worker; a reel nobody waits for any more is closed."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Reel] = loop.create_future()

    def deliver(reel: Reel) -> None:
        if future.done():
            reel.close()
        else:
            future.set_result(reel)

    def refuse(error: MediaFailed) -> None:
        if not future.done():
            future.set_exception(error)

    def run() -> None:
        try:
            reel = job()
        except Exception as error:  # noqa: BLE001  # handed to the one who waits, as a sentence
            failed = explain(error)
            if not loop.is_closed():
                loop.call_soon_threadsafe(refuse, failed)
        else:
            if loop.is_closed():
                reel.close()
            else:
                loop.call_soon_threadsafe(deliver, reel)

    workers.submit(run)
    return await future
