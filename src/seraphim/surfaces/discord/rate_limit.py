"""A token bucket for each member: so many commands at once, refilled steadily.

Own, and not a library's, because throttled-py's token bucket counts whole seconds, drops the
fractions of a refill, and reads its own clock instead of the one it is given.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

from seraphim.kernel.clock import Clock
from seraphim.kernel.errors import RateLimited
from seraphim.kernel.texts import N_

MAX_MEMBERS = 50_000
"""Buckets kept in memory, the least recently used forgotten first: about 10 MB."""


class TooFast(RateLimited):
    """The member's bucket is empty."""

    message = N_("Easy there! You can use the next command in {retry_after_seconds} s.")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a member has left."""

    remaining: float
    """Commands, with fractions."""
    capacity: int
    retry_after_seconds: float
    """Until the next command is allowed; 0 when it already is."""


class RateLimiter(Protocol):
    """Decides whether a member may go on."""

    @property
    def capacity(self) -> int:
        """Return how many commands fit into a full bucket."""
        ...

    @property
    def window_seconds(self) -> float:
        """Return how long an empty bucket takes to fill."""
        ...

    async def take(self, guild_id: int, user_id: int, cost: float = 1.0) -> None:
        """Take ``cost`` tokens.

        Raises:
            TooFast: There are not enough; says when there will be.
        """
        ...

    async def look(self, guild_id: int, user_id: int) -> Allowance:
        """Return what the member has left, taking nothing."""
        ...

    async def reset(self, guild_id: int, user_id: int) -> None:
        """Fill the member's bucket."""
        ...

    async def close(self) -> None:
        """Let go of what the buckets lie on."""
        ...


class MemoryRateLimiter:
    """Buckets in this process; enough while a guild is served by one process, as it always is.

    Args:
        clock: Its monotonic side is used, so that a jump of the wall clock changes nothing.
        capacity: Commands in a full bucket.
        window_seconds: How long an empty bucket takes to fill.
        max_members: Upper bound of buckets in memory.
    """

    def __init__(
        self,
        clock: Clock,
        capacity: int = 5,
        window_seconds: float = 10.0,
        max_members: int = MAX_MEMBERS,
    ) -> None:
        self.capacity: int = capacity
        self.window_seconds: float = window_seconds
        self._clock = clock
        self._rate = capacity / window_seconds
        self._max_members = max_members
        self._buckets: OrderedDict[tuple[int, int], tuple[float, float]] = OrderedDict()

    async def take(self, guild_id: int, user_id: int, cost: float = 1.0) -> None:
        """Take ``cost`` tokens, or raise :class:`TooFast`."""
        key = (guild_id, user_id)
        now = self._clock.monotonic()
        tokens = self._tokens(key, now)
        if tokens < cost:
            raise TooFast(retry_after_seconds=whole_seconds((cost - tokens) / self._rate))
        self._buckets[key] = (tokens - cost, now)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._max_members:
            self._buckets.popitem(last=False)

    async def look(self, guild_id: int, user_id: int) -> Allowance:
        """Return what the member has left."""
        tokens = self._tokens((guild_id, user_id), self._clock.monotonic())
        return Allowance(tokens, self.capacity, max(0.0, (1 - tokens) / self._rate))

    async def reset(self, guild_id: int, user_id: int) -> None:
        """Fill the member's bucket."""
        self._buckets.pop((guild_id, user_id), None)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _tokens(self, key: tuple[int, int], now: float) -> float:
        bucket = self._buckets.get(key)
        if bucket is None:
            return float(self.capacity)
        tokens, since = bucket
        return min(float(self.capacity), tokens + (now - since) * self._rate)


def whole_seconds(seconds: float) -> int:
    """Return whole seconds, at least 1: "try again in 0 s" would send a member straight back."""
    return max(1, math.ceil(seconds))
