"""Token buckets, in memory and on a real server."""

import asyncio

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs
from tests.support.servers import ValkeyServer

from seraphim.kernel.clock import ManualClock
from seraphim.kernel.errors import Unavailable
from seraphim.kernel.telemetry import Metrics
from seraphim.surfaces.discord.rate_limit import (
    MemoryRateLimiter,
    RateLimiter,
    TooFast,
)
from seraphim.surfaces.discord.redis_rate_limit import OUTAGE_SECONDS, RedisRateLimiter

GUILD, ADA, BOB = 1, 10, 11


async def spend(limiter: RateLimiter, times: int, user_id: int = ADA) -> None:
    for _ in range(times):
        await limiter.take(GUILD, user_id)


async def test_five_commands_pass_and_the_sixth_is_told_how_long_to_wait() -> None:
    limiter = MemoryRateLimiter(ManualClock(), capacity=5, window_seconds=10)
    await spend(limiter, 5)
    with pytest.raises(TooFast) as refused:
        await limiter.take(GUILD, ADA)
    assert refused.value.parameters["retry_after_seconds"] == 2
    assert "2 s" in str(refused.value)


async def test_the_bucket_refills_steadily_and_never_above_its_size() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(clock, capacity=5, window_seconds=10)
    await spend(limiter, 5)
    await clock.advance(1.9)
    with pytest.raises(TooFast):
        await limiter.take(GUILD, ADA)
    await clock.advance(0.2)
    await limiter.take(GUILD, ADA)
    await clock.advance(3600)
    await spend(limiter, 5)
    with pytest.raises(TooFast):
        await limiter.take(GUILD, ADA)


async def test_fractions_of_a_refill_are_kept() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(clock, capacity=5, window_seconds=10)
    await spend(limiter, 5)
    for _ in range(4):  # 4 x 0.5 s are one command, though no single step is
        await clock.advance(0.5)
        await limiter.look(GUILD, ADA)
    await limiter.take(GUILD, ADA)


async def test_members_and_guilds_have_their_own_buckets() -> None:
    limiter = MemoryRateLimiter(ManualClock(), capacity=1, window_seconds=10)
    await limiter.take(GUILD, ADA)
    await limiter.take(GUILD, BOB)
    await limiter.take(2, ADA)
    with pytest.raises(TooFast):
        await limiter.take(GUILD, ADA)


async def test_a_refused_command_costs_nothing() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(clock, capacity=1, window_seconds=1)
    await limiter.take(GUILD, ADA)
    for _ in range(50):
        with pytest.raises(TooFast):
            await limiter.take(GUILD, ADA)
    await clock.advance(1.0)
    await limiter.take(GUILD, ADA)


async def test_costly_commands_take_more() -> None:
    limiter = MemoryRateLimiter(ManualClock(), capacity=5, window_seconds=10)
    await limiter.take(GUILD, ADA, cost=3)
    with pytest.raises(TooFast):
        await limiter.take(GUILD, ADA, cost=3)
    await limiter.take(GUILD, ADA, cost=2)


async def test_a_reset_fills_the_bucket_at_once() -> None:
    limiter = MemoryRateLimiter(ManualClock(), capacity=5, window_seconds=10)
    await spend(limiter, 5)
    left = await limiter.look(GUILD, ADA)
    assert (left.remaining, left.retry_after_seconds) == (0, 2)
    await limiter.reset(GUILD, ADA)
    assert (await limiter.look(GUILD, ADA)).remaining == 5
    await spend(limiter, 5)


async def test_memory_is_bounded_and_the_longest_unused_is_forgotten() -> None:
    limiter = MemoryRateLimiter(ManualClock(), capacity=1, window_seconds=10, max_members=3)
    for user_id in range(4):
        await limiter.take(GUILD, user_id)
    await limiter.take(GUILD, 0)
    with pytest.raises(TooFast):
        await limiter.take(GUILD, 3)


async def test_on_redis_the_bucket_is_shared_by_processes(redis_url: str) -> None:
    one, other = Redis.from_url(redis_url), Redis.from_url(redis_url)  # pyright: ignore[reportUnknownMemberType]  # untyped **kwargs
    async with one, other:
        here = RedisRateLimiter(one, ManualClock(), Metrics(), capacity=4, window_seconds=600)
        there = RedisRateLimiter(other, ManualClock(), Metrics(), capacity=4, window_seconds=600)
        taken = await asyncio.gather(
            *(limiter.take(GUILD, ADA) for limiter in (here, there) for _ in range(4)),
            return_exceptions=True,
        )
        refused = [each for each in taken if isinstance(each, TooFast)]
        assert len(refused) == 4
        assert 0 < int(refused[0].parameters["retry_after_seconds"]) <= 150
        assert (await there.look(GUILD, ADA)).remaining < 1
        await here.reset(GUILD, ADA)
        assert (await there.look(GUILD, ADA)).remaining == 4


async def test_on_redis_the_bucket_refills_and_is_forgotten_in_time(redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:  # pyright: ignore[reportUnknownMemberType]  # untyped **kwargs
        limiter = RedisRateLimiter(redis, ManualClock(), Metrics(), capacity=1, window_seconds=0.05)
        await limiter.take(GUILD, ADA)
        async with asyncio.timeout(5):
            while (await limiter.look(GUILD, ADA)).remaining < 1:  # the server's own clock
                await asyncio.sleep(0.005)
        await limiter.take(GUILD, ADA)
        assert 1 <= await redis.ttl(f"seraphim:commands:{GUILD}:{ADA}") <= 2


UNLIMITED = "seraphim_command_limit_outage_total"


async def test_while_redis_is_away_commands_pass_and_it_is_said_once() -> None:
    server = ValkeyServer()
    server.start()
    clock, metrics = ManualClock(), Metrics()
    limiter = RedisRateLimiter.at(server.url, clock, metrics, 2, 600)
    try:
        await spend(limiter, 2)
        with pytest.raises(TooFast):
            await limiter.take(GUILD, ADA)
        server.stop()
        with capture_logs() as logs:
            await spend(limiter, 4)
            await clock.advance(OUTAGE_SECONDS)
            await spend(limiter, 4)
            assert (await limiter.look(GUILD, ADA)).remaining == 2
            with pytest.raises(Unavailable, match="Redis"):
                await limiter.reset(GUILD, ADA)
        said = [entry for entry in logs if entry["event"].startswith("command limit off")]
        assert [entry["log_level"] for entry in said] == ["warning"]
        assert metrics.registry.get_sample_value(UNLIMITED) == 8
        server.start()
        await clock.advance(OUTAGE_SECONDS)
        await spend(limiter, 2)
        with pytest.raises(TooFast):
            await limiter.take(GUILD, ADA)
        assert metrics.registry.get_sample_value(UNLIMITED) == 8
    finally:
        await limiter.close()
        server.remove()


async def test_closing_closes_the_connections(redis_url: str) -> None:
    limiter = RedisRateLimiter.at(redis_url, ManualClock(), Metrics(), 2, 600)
    await limiter.take(GUILD, ADA)
    async with Redis.from_url(redis_url) as watcher, asyncio.timeout(10):  # pyright: ignore[reportUnknownMemberType]  # untyped **kwargs
        assert await _connections(watcher) == 2
        await limiter.close()
        while await _connections(watcher) > 1:
            pass  # the server has not read the end of the connection yet


async def _connections(redis: Redis) -> int:
    facts: dict[str, int] = await redis.info("clients")  # pyright: ignore[reportUnknownMemberType]  # untyped **kwargs
    return facts["connected_clients"]
