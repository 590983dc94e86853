"""Waiting for a moment or a wake-up, whichever comes first."""

import asyncio

from seraphim.kernel.clock import Clock


class Waker:
    """A sleeper that can be woken early; a wake-up while nobody sleeps is not lost."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._event = asyncio.Event()

    def wake(self) -> None:
        """End the current wait, or the next one, at once. Call it on the loop."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Return after ``seconds`` of the clock, or when woken."""
        if not self._event.is_set():
            woken = asyncio.ensure_future(self._event.wait())
            slept = asyncio.ensure_future(self._clock.sleep(seconds))
            try:
                await asyncio.wait((woken, slept), return_when=asyncio.FIRST_COMPLETED)
            finally:
                woken.cancel()
                slept.cancel()
        self._event.clear()
