"""The house's own questions to the kernel: jobs, events, the event loop, Redis."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Protocol

from seraphim.kernel.clock import Clock
from seraphim.kernel.feature import HealthCheck, HealthReport
from seraphim.kernel.job_store import JobsState
from seraphim.kernel.outbox import OutboxState
from seraphim.kernel.telemetry import Metrics

LATE_SECONDS = 60.0
"""A job or an event that waits longer than this was not merely unlucky."""
SAMPLE_SECONDS = 1.0
SAMPLES = 60
"""Kept: the last minute."""
SLUGGISH_SECONDS = 0.1
"""Above it packets of voice, which leave every 20 ms, and clicks are felt to hang."""


class Jobs(Protocol):
    """What is asked of the job worker."""

    async def state(self) -> JobsState:
        """Return its figures."""
        ...


class Events(Protocol):
    """What is asked of the outbox."""

    async def state(self) -> OutboxState:
        """Return its figures."""
        ...


def jobs_check(jobs: Jobs) -> HealthCheck:
    """Return the check of the jobs: degraded when one is a minute late or was given up."""

    async def check() -> HealthReport:
        state = await jobs.state()
        late_seconds = state.overdue_ms / 1000
        figures = {"waiting": state.waiting, "failed": state.failed, "late_seconds": late_seconds}
        if late_seconds > LATE_SECONDS:
            return HealthReport("degraded", f"a job is {late_seconds:.0f} s late", figures)
        if state.failed:
            return HealthReport("degraded", f"jobs given up: {state.failed}", figures)
        return HealthReport("healthy", "", figures)

    return HealthCheck("jobs", check)


def events_check(outbox: Events, clock: Clock) -> HealthCheck:
    """Return the check of the outbox: degraded when an event waits a minute or was given up."""

    async def check() -> HealthReport:
        state = await outbox.state()
        oldest_ms = state.oldest_waiting_ms
        waited = 0.0 if oldest_ms is None else max(0, clock.now_ms() - oldest_ms) / 1000
        figures = {
            "waiting": state.waiting,
            "retrying": state.retrying,
            "failed": state.failed,
            "oldest_seconds": waited,
        }
        if waited > LATE_SECONDS:
            detail = f"events waiting: {state.waiting}, the oldest for {waited:.0f} s"
            return HealthReport("degraded", detail, figures)
        if state.failed:
            return HealthReport("degraded", f"events given up: {state.failed}", figures)
        return HealthReport("healthy", "", figures)

    return HealthCheck("events", check)


def redis_check(ping: Callable[[], Awaitable[None]]) -> HealthCheck:
    """Return the check of Redis: degraded without it, as the bot goes on, only alone.

    Args:
        ping: Raises when Redis does not answer.
    """

    async def check() -> HealthReport:
        try:
            await ping()
        except Exception as error:  # noqa: BLE001  # whatever it throws is the answer
            return HealthReport("degraded", str(error) or type(error).__name__)
        return HealthReport("healthy")

    return HealthCheck("redis", check)


class LoopLag:
    """How late the event loop wakes a sleeper: what every handler has to wait at least.

    Args:
        clock: Sleeps and measures.
        metrics: Gets the worst of the last minute as ``seraphim_event_loop_lag_seconds``.
    """

    def __init__(self, clock: Clock, metrics: Metrics) -> None:
        self._clock = clock
        self._samples: deque[float] = deque(maxlen=SAMPLES)
        self._task: asyncio.Task[None] | None = None
        metrics.gauge(
            "seraphim_event_loop_lag_seconds", "Worst delay of the event loop in the last minute."
        ).read_from(lambda: self.worst_seconds)

    @property
    def worst_seconds(self) -> float:
        """The worst delay of the last minute."""
        return max(self._samples, default=0.0)

    def start(self) -> None:
        """Measure once a second from now on."""
        self._task = asyncio.create_task(self._measure(), name="event loop lag")

    async def stop(self) -> None:
        """Measure no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def check(self) -> HealthCheck:
        """Return the check: degraded above a tenth of a second.

        Never unhealthy: a loop that answers turns again, and one that does not answer fails the
        probe by itself.
        """

        async def check() -> HealthReport:
            worst = self.worst_seconds
            figures = {"worst_ms": round(worst * 1000, 1)}
            if worst > SLUGGISH_SECONDS:
                detail = f"something held it up for {worst:.2f} s in the last minute"
                return HealthReport("degraded", detail, figures)
            return HealthReport("healthy", "", figures)

        return HealthCheck("event_loop", check)

    async def _measure(self) -> None:
        while True:
            began = self._clock.monotonic()
            await self._clock.sleep(SAMPLE_SECONDS)
            self._samples.append(max(0.0, self._clock.monotonic() - began - SAMPLE_SECONDS))
