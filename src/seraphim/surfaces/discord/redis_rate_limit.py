"""The members' token buckets in Redis or Valkey, shared by several processes."""

from typing import cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from seraphim.kernel.clock import Clock
from seraphim.kernel.errors import Unavailable
from seraphim.kernel.telemetry import Metrics, get_logger
from seraphim.surfaces.discord.rate_limit import Allowance, TooFast, whole_seconds

_log = get_logger(__name__)
ANSWER_SECONDS = 0.5
"""A command waits no longer for Redis."""
OUTAGE_SECONDS = 5.0
"""For so long after a failure nobody waits for Redis at all; then one command tries again."""

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
    """Buckets in Redis; while Redis is away every command is let through.

    The limit protects the members from each other's floods. Without it the bot still works, and
    without the bot there is nothing to protect: so an outage fails open, is logged once and counted
    in ``seraphim_command_limit_outage_total``.

    Args:
        redis: An open client; :meth:`close` closes it.
        clock: Times the pause after a failure.
        metrics: Counts what was let through unlimited.
        capacity: Commands in a full bucket.
        window_seconds: How long an empty bucket takes to fill.
    """

    def __init__(
        self,
        redis: Redis,
        clock: Clock,
        metrics: Metrics,
        capacity: int = 5,
        window_seconds: float = 10.0,
    ) -> None:
        self.capacity: int = capacity
        self.window_seconds: float = window_seconds
        self._rate = capacity / window_seconds
        self._redis = redis
        self._clock = clock
        self._script = redis.register_script(_BUCKET_SCRIPT)
        self._away_until: float | None = None
        self._unlimited = metrics.counter(
            "seraphim_command_limit_outage_total",
            "Commands that were let through unlimited because Redis was away.",
        )

    @classmethod
    def at(
        cls, url: str, clock: Clock, metrics: Metrics, capacity: int, window_seconds: float
    ) -> "RedisRateLimiter":
        """Return a limiter on the server at ``url``; connects with the first command."""
        redis = Redis.from_url(  # pyright: ignore[reportUnknownMemberType]  # untyped **kwargs
            url,
            socket_timeout=ANSWER_SECONDS,
            socket_connect_timeout=ANSWER_SECONDS,
            # One more attempt, for a connection that lay idle while the server was restarted.
            retry=Retry(NoBackoff(), 1),
        )
        return cls(redis, clock, metrics, capacity, window_seconds)

    async def take(self, guild_id: int, user_id: int, cost: float = 1.0) -> None:
        """Take ``cost`` tokens, or raise :class:`TooFast`."""
        tokens = await self._run(guild_id, user_id, cost)
        if tokens is None:
            self._unlimited.add()
        elif tokens < cost:
            raise TooFast(retry_after_seconds=whole_seconds((cost - tokens) / self._rate))

    async def look(self, guild_id: int, user_id: int) -> Allowance:
        """Return what the member has left; everything, while nobody is limited."""
        tokens = await self._run(guild_id, user_id, 0)
        if tokens is None:
            tokens = float(self.capacity)
        return Allowance(tokens, self.capacity, max(0.0, (1 - tokens) / self._rate))

    async def reset(self, guild_id: int, user_id: int) -> None:
        """Fill the member's bucket.

        Raises:
            Unavailable: Redis is away, so the bucket stays as it is.
        """
        try:
            await self._redis.delete(_key(guild_id, user_id))
        except (RedisError, OSError) as error:
            raise Unavailable(what="Redis") from error

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.aclose()

    async def _run(self, guild_id: int, user_id: int, cost: float) -> float | None:
        """Return the tokens before taking; None while Redis is away."""
        if self._away_until is not None and self._clock.monotonic() < self._away_until:
            return None
        try:
            answer = await self._script(
                keys=[_key(guild_id, user_id)], args=[self.capacity, self._rate, cost]
            )
        except (RedisError, OSError) as error:
            if self._away_until is None:
                _log.warning("command limit off: Redis is away", reason=str(error))
            self._away_until = self._clock.monotonic() + OUTAGE_SECONDS
            return None
        if self._away_until is not None:
            self._away_until = None
            _log.info("command limit on: Redis is back")
        return float(cast("bytes | str", answer))


def _key(guild_id: int, user_id: int) -> str:
    return f"seraphim:commands:{guild_id}:{user_id}"
