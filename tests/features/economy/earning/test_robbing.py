"""Robbing: who may, whom, how often, and what it moves."""

import asyncio
from dataclasses import replace

import pytest
from tests.features.economy.earning.till import ANN, BEN, CID, HOUR, Till

from seraphim.features.economy.public import AccountFrozen
from seraphim.features.economy.rules.earning import StillWaiting
from seraphim.features.economy.rules.errors import AnswerForgotten
from seraphim.features.economy.rules.items import EFFECTS
from seraphim.features.economy.rules.ledger import MAX_BALANCE
from seraphim.features.economy.rules.members import IsYourself
from seraphim.features.economy.rules.robbing import (
    RobberTooPoor,
    RobbingOff,
    TargetLeftInPeace,
    TargetTooPoor,
)
from seraphim.features.economy.service.robbing import Robbed
from seraphim.features.economy.service.upkeep import CooldownUpkeep
from seraphim.features.economy.store.item_effects import add_effect, has_shield
from seraphim.features.economy.store.ledger_reading import forget_person
from seraphim.kernel.errors import SeraphimError

WORKS, FAILS = 50, 51


@pytest.fixture
async def rich(till: Till) -> Till:
    """Ann with 1,000 coins, ben with 2,000."""
    await till.fund(ANN, 1_000)
    await till.fund(BEN, 2_000)
    return till


async def test_a_robbery_that_works_moves_a_share_of_the_targets_coins(rich: Till) -> None:
    rich.dice.next = [WORKS, 15]
    robbed = await rich.rob(ANN, BEN, "one")
    assert (robbed.end, robbed.coins, robbed.balance) == ("robbed", 300, 1_300)
    assert robbed.again_ms == rich.clock.now_ms() + 3 * 3_600_000
    assert await rich.balance(BEN) == 1_700
    assert await rich.rob(ANN, BEN, "one") == replace(robbed, repeated=True)
    assert await rich.balance(BEN) == 1_700


async def test_a_robbery_that_fails_costs_a_tenth_of_the_robbers_coins(rich: Till) -> None:
    rich.dice.next = [FAILS, 15]
    robbed = await rich.rob(ANN, BEN, "one")
    assert (robbed.end, robbed.coins, robbed.balance) == ("caught", -100, 900)
    assert await rich.balance(BEN) == 2_000
    assert await rich.total() == 2_900
    assert await rich.rob(ANN, BEN, "one") == replace(robbed, repeated=True)
    assert await rich.balance() == 900


async def test_after_three_hours_another_target_and_after_a_day_the_same(rich: Till) -> None:
    await rich.fund(CID, 2_000)
    rich.dice.next = [WORKS, 5]
    await rich.rob(ANN, BEN)
    with pytest.raises(StillWaiting):
        await rich.rob(ANN, CID)
    await rich.clock.advance(3 * HOUR)
    with pytest.raises(TargetLeftInPeace):
        await rich.rob(ANN, BEN)
    rich.dice.next = [WORKS, 5]
    assert (await rich.rob(ANN, CID)).target_id == CID
    await rich.clock.advance(21 * HOUR - 0.001)
    with pytest.raises(TargetLeftInPeace):
        await rich.rob(ANN, BEN)
    await rich.clock.advance(0.001)
    assert (await rich.rob(ANN, BEN)).target_id == BEN


async def test_peace_with_one_robber_is_none_with_another(rich: Till) -> None:
    await rich.fund(CID, 100)
    await rich.rob(ANN, BEN)
    assert (await rich.rob(CID, BEN)).target_id == BEN


async def test_a_target_below_a_hundred_is_left_alone(till: Till) -> None:
    await till.fund(ANN, 1_000)
    await till.fund(BEN, 99)
    with pytest.raises(TargetTooPoor, match="100 ✨"):
        await till.rob(ANN, BEN)
    await till.fund(BEN, 1)
    assert (await till.rob(ANN, BEN)).target_id == BEN


async def test_a_robber_below_fifty_stays_at_home(till: Till) -> None:
    await till.fund(ANN, 49)
    await till.fund(BEN, 1_000)
    with pytest.raises(RobberTooPoor, match="49 ✨"):
        await till.rob(ANN, BEN)
    await till.fund(ANN, 1)
    assert (await till.rob(ANN, BEN)).target_id == BEN


async def test_what_is_refused_starts_no_pause(rich: Till) -> None:
    with pytest.raises(TargetTooPoor):
        await rich.rob(ANN, CID)
    with pytest.raises(IsYourself):
        await rich.rob(ANN, ANN)
    assert (await rich.rob(ANN, BEN)).target_id == BEN


async def test_a_guild_can_switch_it_off(rich: Till) -> None:
    await rich.change(rob_enabled=False)
    with pytest.raises(RobbingOff):
        await rich.rob(ANN, BEN)
    assert await rich.total() == 3_000


async def test_a_guild_can_do_without_the_targets_peace(rich: Till) -> None:
    await rich.change(rob_target_hours=0, rob_minutes=1)
    await rich.rob(ANN, BEN)
    await rich.clock.advance(60)
    assert (await rich.rob(ANN, BEN)).target_id == BEN


async def test_a_shield_stops_one_robbery_and_is_spent(rich: Till) -> None:
    now_ms = rich.clock.now_ms()
    shield = replace(EFFECTS["shield"], uses=1)
    await rich.db.write(add_effect, rich.guild_id, BEN, shield, 1, now_ms + 10**12, now_ms)
    stopped = await rich.rob(ANN, BEN, "shielded")
    assert (stopped.end, stopped.coins, stopped.balance) == ("shielded", 0, 1_000)
    assert await rich.rob(ANN, BEN, "shielded") == replace(stopped, repeated=True)
    assert not await rich.db.read(has_shield, rich.guild_id, BEN, now_ms)
    with pytest.raises(StillWaiting):
        await rich.rob(ANN, CID)
    await rich.fund(CID, 100)
    rich.dice.next = [WORKS, 5]
    assert (await rich.rob(CID, BEN)).end == "robbed"


async def test_a_robber_keeps_no_name_of_a_victim_who_was_forgotten(rich: Till) -> None:
    rich.dice.next = [WORKS, 15]
    robbed = await rich.rob(ANN, BEN, "one")
    await CooldownUpkeep(rich.db, rich.clock).erase(rich.guild_id, BEN)
    await rich.db.write(forget_person, rich.guild_id, BEN)
    told = await CooldownUpkeep(rich.db, rich.clock).export(rich.guild_id, ANN)
    outcomes = [row["outcome"] for row in told["cooldowns"]]  # type: ignore[attr-defined]  # rows
    assert outcomes == [{}, {}]
    with pytest.raises(AnswerForgotten):
        await rich.rob(ANN, BEN, "one")
    with pytest.raises(StillWaiting):
        await rich.rob(ANN, BEN, "two")
    assert await rich.balance(ANN) == robbed.balance


async def test_a_refused_robbery_spends_no_shield(till: Till) -> None:
    await till.fund(BEN, 1_000)
    now_ms = till.clock.now_ms()
    await till.db.write(
        add_effect, till.guild_id, BEN, EFFECTS["shield"], 1, now_ms + 10**12, now_ms
    )
    with pytest.raises(RobberTooPoor):
        await till.rob(ANN, BEN)
    assert await till.db.read(has_shield, till.guild_id, BEN, now_ms)


@pytest.mark.parametrize("frozen", [ANN, BEN])
@pytest.mark.parametrize("chance", [WORKS, FAILS])
async def test_nobody_robs_with_or_from_a_frozen_account(
    rich: Till, frozen: int, chance: int
) -> None:
    await rich.freeze(ANN if frozen == ANN else BEN)
    rich.dice.next = [chance, 5]
    with pytest.raises(AccountFrozen):
        await rich.rob(ANN, BEN)
    rich.dice.next = []
    assert await rich.total() == 3_000


async def test_a_robber_whose_account_is_full_takes_what_fits(till: Till) -> None:
    await till.fund(ANN, MAX_BALANCE - 3)
    await till.fund(BEN, 1_000)
    till.dice.next = [WORKS, 15]
    robbed = await till.rob(ANN, BEN)
    assert (robbed.coins, robbed.balance) == (3, MAX_BALANCE)


async def test_two_robberies_at_once_are_one(rich: Till) -> None:
    await rich.fund(CID, 2_000)
    made = await asyncio.gather(
        rich.rob(ANN, BEN), rich.rob(ANN, CID), rich.rob(ANN, BEN), return_exceptions=True
    )
    assert sum(isinstance(one, Robbed) for one in made) == 1, made
    assert all(isinstance(one, Robbed | SeraphimError) for one in made), made


async def test_a_clock_moved_back_allows_no_second_robbery(rich: Till) -> None:
    await rich.rob(ANN, BEN)
    rich.clock.set_back(30 * HOUR)
    await rich.clock.advance(3 * HOUR)
    with pytest.raises(StillWaiting):
        await rich.rob(ANN, BEN)


async def test_two_who_rob_each_other_at_once_keep_the_sum(rich: Till) -> None:
    rich.dice.next = [WORKS, 10, WORKS, 10]
    made = await asyncio.gather(rich.rob(ANN, BEN), rich.rob(BEN, ANN))
    assert {one.end for one in made} == {"robbed"}
    assert await rich.total() == 3_000


async def test_a_target_who_spends_at_the_same_moment_loses_no_more_than_is_there(
    rich: Till,
) -> None:
    rich.dice.next = [WORKS, 15]
    made = await asyncio.gather(
        rich.rob(ANN, BEN), rich.give(BEN, CID, "all"), return_exceptions=True
    )
    assert all(not isinstance(one, BaseException) or isinstance(one, SeraphimError) for one in made)
    assert await rich.total() == 3_000
