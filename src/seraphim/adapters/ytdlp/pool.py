"""Several yt-dlp processes, shared by everybody who asks."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from seraphim.adapters.ytdlp.messages import Answer, Ask, Step
from seraphim.adapters.ytdlp.process import Worker, WorkerGone, WorkerPlan
from seraphim.features.music.ports import SourceFailed
from seraphim.kernel.clock import Clock
from seraphim.kernel.marks import N_
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

MAX_WAITING: Final = 32
"""So many requests may wait for a process; more are refused at once."""
IDLE_SECONDS: Final = 300.0
"""A process that is not needed for so long ends: it takes some 80 MB."""
_GROWN: Final = 0.6
"""A process that has grown to this share of its limit is replaced before it reaches it."""


class WorkerPool:
    """Runs requests in at most so many processes at once.

    Args:
        plan: How processes are started.
        clock: Says how long one has been idle.
        processes: How many there may be.
    """

    def __init__(self, plan: WorkerPlan, clock: Clock, *, processes: int = 2) -> None:
        self._plan = plan
        self._clock = clock
        self._turn = asyncio.Semaphore(processes)
        self._waiting = 0
        self._idle: list[tuple[Worker, float]] = []
        self._busy: set[Worker] = set()
        self._reaper: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def workers(self) -> tuple[Worker, ...]:
        """The processes there are, at work or not."""
        return (*self._busy, *(worker for worker, _ in self._idle))

    async def ask(
        self, ask: Ask, *, site: str, seconds: float, tell: Callable[[Step], None]
    ) -> Answer:
        """Return yt-dlp's answer.

        Args:
            ask: What to do.
            site: What the site is called in sentences.
            seconds: How long it may take; after that the process is killed.
            tell: Told the progress of lists.

        Raises:
            SourceFailed: It took too long, too much memory, or too many wait already.
        """
        if self._waiting >= MAX_WAITING or self._closed:
            reason = N_("Too many people ask {site} right now. Try again in a moment.")
            raise SourceFailed(reason, failure="network", site=site)
        self._waiting += 1
        try:
            await self._turn.acquire()
        finally:
            self._waiting -= 1
        try:
            return await self._run(ask, site, seconds, tell)
        finally:
            self._turn.release()

    async def close(self) -> None:
        """End every process."""
        self._closed = True
        if self._reaper is not None:
            self._reaper.cancel()
            with suppress(asyncio.CancelledError):
                await self._reaper
        idle, self._idle = self._idle, []
        await asyncio.gather(*(worker.close() for worker in (*self._busy, *(w for w, _ in idle))))

    async def _run(
        self, ask: Ask, site: str, seconds: float, tell: Callable[[Step], None]
    ) -> Answer:
        worker = self._idle.pop()[0] if self._idle else Worker(self._plan)
        self._busy.add(worker)
        try:
            return await worker.ask(ask, seconds=seconds, tell=tell)
        except TimeoutError:
            reason = N_("{site} did not answer in time.")
            raise SourceFailed(reason, failure="network", site=site) from None
        except WorkerGone as error:
            _log.warning("ytdlp.worker_gone", verb=ask.verb, reason=str(error))
            reason = N_("Reading {site} took more than this bot may use, so I gave up.")
            raise SourceFailed(reason, failure="unknown", site=site) from error
        finally:
            self._busy.discard(worker)
            await self._put_back(worker)

    async def _put_back(self, worker: Worker) -> None:
        if worker.pid is None or self._closed:
            return
        limit = self._plan.memory_megabytes * 1024 * 1024 * _GROWN
        if worker.resident_bytes() > limit:
            await worker.close()
            return
        self._idle.append((worker, self._clock.monotonic()))
        if self._reaper is None or self._reaper.done():
            self._reaper = asyncio.create_task(self._reap(), name="ytdlp-reaper")

    async def _reap(self) -> None:
        """End processes that nobody has needed for a while; over when there are none."""
        while self._idle:
            oldest = self._idle[0][1]
            await self._clock.sleep(oldest + IDLE_SECONDS - self._clock.monotonic())
            limit = self._clock.monotonic() - IDLE_SECONDS
            for worker in [worker for worker, since in self._idle if since <= limit]:
                self._idle = [(w, since) for w, since in self._idle if w is not worker]
                await worker.close()
