"""Leases: one holder at a time, and the late former one is fenced off."""

import asyncio

import pytest

from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.leases import Lease, LeaseLost, Leases, check_lease


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def one(database: Database, clock: ManualClock) -> Leases:
    return Leases(database, clock, "one")


@pytest.fixture
def two(database: Database, clock: ManualClock) -> Leases:
    return Leases(database, clock, "two")


async def held(leases: Leases, name: str = "shard-0") -> Lease:
    lease = await leases.acquire(name, 15)
    assert lease is not None
    return lease


async def test_only_one_of_two_holds_a_lease(one: Leases, two: Leases) -> None:
    lease = await held(one)
    assert lease.holder == "one"
    assert await two.acquire("shard-0", 15) is None
    assert await two.acquire("shard-1", 15) is not None


async def test_the_holder_prolongs_without_a_new_epoch(
    one: Leases, two: Leases, clock: ManualClock
) -> None:
    lease = await held(one)
    await clock.advance(10)
    assert (await held(one)).epoch == lease.epoch
    renewed = await one.renew(lease, 15)
    assert renewed.expires_ms > lease.expires_ms
    await clock.advance(10)
    assert await two.acquire("shard-0", 15) is None


async def test_a_lease_that_ran_out_is_taken_over_with_a_higher_epoch(
    one: Leases, two: Leases, clock: ManualClock, database: Database
) -> None:
    old = await held(one)
    await clock.advance(15)
    new = await held(two)
    assert new.epoch > old.epoch
    with pytest.raises(LeaseLost, match="taken over shard-0"):
        await one.renew(old, 15)
    with pytest.raises(LeaseLost):
        await database.write(check_lease, old)
    await database.write(check_lease, new)


async def test_even_the_same_holder_gets_a_new_epoch_after_its_lease_ran_out(
    one: Leases, clock: ManualClock
) -> None:
    old = await held(one)
    await clock.advance(20)
    assert (await held(one)).epoch > old.epoch


async def test_a_released_lease_is_free_at_once_and_its_epoch_goes_on(
    one: Leases, two: Leases
) -> None:
    lease = await held(one)
    await one.release(lease)
    assert (await held(two)).epoch > lease.epoch


async def test_releasing_a_lost_lease_does_not_disturb_the_new_holder(
    one: Leases, two: Leases, clock: ManualClock, database: Database
) -> None:
    old = await held(one)
    await clock.advance(15)
    new = await held(two)
    await one.release(old)
    await database.write(check_lease, new)
    assert await one.acquire("shard-0", 15) is None


async def test_of_many_who_rush_exactly_one_wins(database: Database, clock: ManualClock) -> None:
    rivals = [Leases(database, clock, f"rival-{number}") for number in range(20)]
    won = await asyncio.gather(*(rival.acquire("leader", 15) for rival in rivals))
    assert sum(lease is not None for lease in won) == 1
