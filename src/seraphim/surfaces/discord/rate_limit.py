"""A token bucket for each member: so many commands at once, refilled steadily.

Own, and not a library's, for three measured reasons: throttled-py's token bucket counts whole
seconds and so forgets fractions of a refill, it reads its own clock, and it costs a command more
than the rest of the guards together.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from seraphim.kernel.clock import Clock
from seraphim.kernel.config import Config
from seraphim.kernel.errors import RateLimited
from seraphim.kernel.texts import N_

if TYPE_CHECKING:
    from redis.asyncio import Redis

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
            raise TooFast(retry_after_seconds=_whole((cost - tokens) / self._rate))
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

    def _tokens(self, key: tuple[int, int], now: float) -> float:
        bucket = self._buckets.get(key)
        if bucket is None:
            return float(self.capacity)
        tokens, since = bucket
        return min(float(self.capacity), tokens + (now - since) * self._rate)


# One round trip and atomic; the server's clock, so that several processes agree. Answers the
# tokens before taking, and whether they sufficed.
_BUCKET_SCRIPT = """
local capacity, rate, cost = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'since')
local tokens = capacity
if bucket[1] then
  tokens = math.min(capacity, tonumber(bucket[1]) + (now - tonumber(bucket[2])) * rate)
end
if cost > 0 and tokens >= cost then
  redis.call('HSET', KEYS[1], 'tokens', tostring(tokens - cost), 'since', tostring(now))
  redis.call('EXPIRE', KEYS[1], math.ceil(capacity / rate) + 1)
end
return tostring(tokens)
"""


class RedisRateLimiter:
    """The same buckets in Redis or Valkey, shared by several processes.

    Args:
        redis: An open client; this class does not close it.
        capacity: Commands in a full bucket.
        window_seconds: How long an empty bucket takes to fill.
    """

    def __init__(self, redis: "Redis", capacity: int = 5, window_seconds: float = 10.0) -> None:
        self.capacity: int = capacity
        self.window_seconds: float = window_seconds
        self._rate = capacity / window_seconds
        self._redis = redis
        self._script = redis.register_script(_BUCKET_SCRIPT)

    async def take(self, guild_id: int, user_id: int, cost: float = 1.0) -> None:
        """Take ``cost`` tokens, or raise :class:`TooFast`."""
        tokens = await self._run(guild_id, user_id, cost)
        if tokens < cost:
            raise TooFast(retry_after_seconds=_whole((cost - tokens) / self._rate))

    async def look(self, guild_id: int, user_id: int) -> Allowance:
        """Return what the member has left."""
        tokens = await self._run(guild_id, user_id, 0)
        return Allowance(tokens, self.capacity, max(0.0, (1 - tokens) / self._rate))

    async def reset(self, guild_id: int, user_id: int) -> None:
        """Fill the member's bucket."""
        await self._redis.delete(_redis_key(guild_id, user_id))

    async def _run(self, guild_id: int, user_id: int, cost: float) -> float:
        answer = await self._script(
            keys=[_redis_key(guild_id, user_id)], args=[self.capacity, self._rate, cost]
        )
        return float(cast("bytes | str", answer))


def _redis_key(guild_id: int, user_id: int) -> str:
    return f"seraphim:commands:{guild_id}:{user_id}"


def _whole(seconds: float) -> int:
    """Return at least 1: "try again in 0 s" would send the member straight back."""
    return max(1, math.ceil(seconds))


def open_limiter(config: Config, clock: Clock) -> RateLimiter:
    """Return the limiter the settings ask for: in memory, or shared by Redis when there is one."""
    capacity, window = config.command_rate_limit, config.command_rate_window_seconds
    if config.redis_url is None:
        return MemoryRateLimiter(clock, capacity, window)
    from redis.asyncio import Redis  # noqa: PLC0415  # 60 ms of imports nobody needs without Redis

    redis = Redis.from_url(config.redis_url)  # pyright: ignore[reportUnknownMemberType]  # untyped **kwargs
    return RedisRateLimiter(redis, capacity, window)
