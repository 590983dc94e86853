"""The real yt-dlp in its real process, in front of a site on loopback."""

from collections.abc import AsyncIterator

import pytest
from tests.support.services.ytdlp_site import PLUGINS, VideoSite

from seraphim.adapters.ytdlp import Site, StreamCache, WorkerPlan, WorkerPool, YtdlpTracks
from seraphim.kernel.clock import ManualClock

PLAN = WorkerPlan(allow=("127.0.0.0/8",), more_paths=(PLUGINS,))
STAND_IN = Site("Stand-in", ("127.0.0.1",), "standinsearch")


@pytest.fixture
async def site() -> AsyncIterator[VideoSite]:
    made = VideoSite()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def pool(clock: ManualClock) -> AsyncIterator[WorkerPool]:
    made = WorkerPool(PLAN, clock, processes=1)
    yield made
    await made.close()


@pytest.fixture
def tracks(pool: WorkerPool, clock: ManualClock) -> YtdlpTracks:
    return YtdlpTracks(pool, StreamCache(clock), STAND_IN)
