"""A clock that waits for nobody."""

from typing import override

import pytest

from seraphim.kernel.clock import ManualClock


class HastyClock(ManualClock):
    """Time passes as soon as somebody waits for it; remembers for how long they wanted to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waited: list[float] = []

    @override
    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        await self.advance(seconds)


@pytest.fixture
def clock() -> HastyClock:
    return HastyClock()
