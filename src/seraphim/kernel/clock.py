"""Time as an argument: the only module that asks the system what time it is."""

import asyncio
import heapq
import itertools
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What time it is, and a way to wait."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def now_ms(self) -> int:
        """Return Unix time in milliseconds; this is what the database stores."""
        ...

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back; only differences mean anything."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; returns at once when ``seconds`` is not positive."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)

    def now_ms(self) -> int:
        """Return Unix time in milliseconds."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """Return seconds of the system's monotonic clock."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait on the running event loop."""
        await asyncio.sleep(max(0.0, seconds))


class ManualClock:
    """A clock that tests move by hand; sleepers wake when their moment is reached."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._epoch_seconds = start.timestamp()
        self._elapsed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the moment the test has set."""
        return datetime.fromtimestamp(self._epoch_seconds + self._elapsed, UTC)

    def now_ms(self) -> int:
        """Return the moment the test has set, in Unix milliseconds."""
        return round((self._epoch_seconds + self._elapsed) * 1000)

    def monotonic(self) -> float:
        """Return the seconds the test has let pass."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Wait until :meth:`advance` has moved the clock by ``seconds``."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        wake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), wake))
        await wake

    async def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass, waking each sleeper at its moment, in order."""
        target = self._elapsed + seconds
        await _settle()
        while self._sleepers and self._sleepers[0][0] <= target:
            moment, _, wake = heapq.heappop(self._sleepers)
            self._elapsed = max(self._elapsed, moment)
            if not wake.done():
                wake.set_result(None)
            await _settle()
        self._elapsed = target

    @property
    def sleepers(self) -> int:
        """How many wait for their moment: a test lets time pass once those it is about do."""
        return sum(not wake.done() for _, _, wake in self._sleepers)

    def set_back(self, seconds: float) -> None:
        """Move the wall clock back while the monotonic clock stays, as a bad NTP step does."""
        self._epoch_seconds -= seconds


async def _settle() -> None:
    """Give the tasks that are ready a few turns of the loop."""
    for _ in range(10):
        await asyncio.sleep(0)
