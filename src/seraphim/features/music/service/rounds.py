"""Work that is done again and again while the bot runs."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from seraphim.kernel.clock import Clock
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

LAST_ROUND_SECONDS = 2.0


class Rounds:
    """Does something every so many seconds; a round that fails is logged and stops no other.

    Args:
        name: For the log.
        clock: Paces the rounds.
        seconds: The pause between two of them.
        work: One round.
    """

    def __init__(
        self, name: str, clock: Clock, seconds: float, work: Callable[[], Awaitable[None]]
    ) -> None:
        self._name = name
        self._clock = clock
        self._seconds = seconds
        self._work = work
        self._busy = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, unless it runs already."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=self._name)

    async def close(self) -> None:
        """Stop; a round that has begun may finish, within two seconds."""
        if self._task is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_ROUND_SECONDS):
                    await self._busy.acquire()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
            self._busy = asyncio.Lock()

    async def _run(self) -> None:
        while True:
            await self._clock.sleep(self._seconds)
            try:
                async with self._busy:
                    await self._work()
            except Exception:  # noqa: BLE001 - a bad round must not end all later ones
                _log.exception("music.round_failed", work=self._name)
