"""Every payment happens once, with its pause, whatever is repeated, simultaneous or out of time."""

import asyncio
from dataclasses import replace

import pytest
from tests.features.economy.earning.till import ANN, BEN, DAY, HOUR, MINUTE, Till

from seraphim.features.economy.public import AccountFrozen, BalanceLimit
from seraphim.features.economy.rules.earning import StillWaiting
from seraphim.features.economy.rules.errors import AnswerForgotten
from seraphim.features.economy.rules.items import EFFECTS
from seraphim.features.economy.rules.ledger import MAX_BALANCE
from seraphim.features.economy.rules.stories import BEG, CRIME_LOST, CRIME_WON, WORK
from seraphim.features.economy.service import upkeep as upkeep_module
from seraphim.features.economy.service.earning import ACTIONS, Earned
from seraphim.features.economy.service.upkeep import KEPT_MS, SWEEP_KIND, CooldownUpkeep
from seraphim.features.economy.store.cooldowns import list_claims
from seraphim.features.economy.store.item_effects import add_effect
from seraphim.features.economy.store.ledger_reading import forget_person
from seraphim.kernel.ids import UserId
from seraphim.kernel.jobs import Job

PAUSES = {
    "daily": DAY,
    "work": HOUR,
    "beg": 30 * MINUTE,
    "crime": 2 * HOUR,
    "fish": 30 * MINUTE,
    "mine": 45 * MINUTE,
    "hunt": HOUR,
}


def test_every_action_has_its_pause_here() -> None:
    assert set(PAUSES) == set(ACTIONS)


@pytest.mark.parametrize("action", ACTIONS)
async def test_it_pays_what_it_says_and_waits_as_long_as_it_says(till: Till, action: str) -> None:
    await till.fund(ANN, 1_000)
    first = await till.earn(action)
    assert first.balance == 1_000 + first.coins == await till.balance()
    assert first.again_ms == till.clock.now_ms() + PAUSES[action] * 1000
    with pytest.raises(StillWaiting) as refused:
        await till.earn(action)
    assert refused.value.until_ms == first.again_ms
    assert f"/{action}" in str(refused.value)
    assert await till.balance() == first.balance
    await till.clock.advance(PAUSES[action] - 0.001)
    with pytest.raises(StillWaiting):
        await till.earn(action)
    await till.clock.advance(0.001)
    second = await till.earn(action)
    assert await till.balance() == first.balance + second.coins


@pytest.mark.parametrize("action", ACTIONS)
async def test_the_same_key_answers_the_same_and_pays_once(till: Till, action: str) -> None:
    first = await till.earn(action, key="twice")
    again = await till.earn(action, key="twice")
    assert again == replace(first, repeated=True)
    await till.clock.advance(3 * DAY)
    assert await till.earn(action, key="twice") == replace(first, repeated=True)
    assert await till.balance() == max(0, first.coins)


async def test_an_old_key_answers_the_same_after_a_newer_claim(till: Till) -> None:
    first = await till.earn("work", key="old")
    await till.clock.advance(HOUR)
    second = await till.earn("work", key="new")
    await till.clock.advance(HOUR)
    assert await till.earn("work", key="old") == replace(first, repeated=True)
    assert await till.balance() == second.balance


@pytest.mark.parametrize("action", ACTIONS)
async def test_two_claims_at_once_pay_once(till: Till, action: str) -> None:
    for turn in range(3):
        before = await till.balance()
        made = await asyncio.gather(*(till.earn(action) for _ in range(6)), return_exceptions=True)
        paid = [one for one in made if isinstance(one, Earned)]
        refused = [one for one in made if isinstance(one, StillWaiting)]
        assert (len(paid), len(refused)) == (1, 5), f"turn {turn}: {made}"
        assert await till.balance() == before + paid[0].coins
        await till.clock.advance(PAUSES[action])


@pytest.mark.parametrize("action", ACTIONS)
async def test_the_same_interaction_twice_at_once_answers_the_same(till: Till, action: str) -> None:
    made = await asyncio.gather(*(till.earn(action, key="one click") for _ in range(5)))
    first = next(one for one in made if not one.repeated)
    assert sorted(made, key=lambda one: one.repeated) == [
        first,
        *[replace(first, repeated=True)] * 4,
    ]
    assert await till.balance() == max(0, first.coins)


async def test_members_do_not_wait_for_each_other(till: Till) -> None:
    made = await asyncio.gather(till.earn("daily", ANN), till.earn("daily", BEN))
    assert [one.balance for one in made] == [100, 100]


@pytest.mark.parametrize("back", [MINUTE, HOUR, 30 * DAY])
async def test_a_clock_moved_back_pays_no_second_daily(till: Till, back: float) -> None:
    await till.earn("daily")
    till.clock.set_back(back)
    with pytest.raises(StillWaiting):
        await till.earn("daily")
    await till.clock.advance(DAY - 1)
    with pytest.raises(StillWaiting):
        await till.earn("daily")
    assert await till.balance() == 100


async def test_a_streak_grows_day_by_day_and_is_lost_after_two(till: Till) -> None:
    paid: list[tuple[int, int]] = []
    for wait in (0, DAY, 2 * DAY, DAY, 2 * DAY + 1, DAY):
        await till.clock.advance(wait)
        earned = await till.earn("daily")
        paid.append((earned.streak, earned.coins))
    assert paid == [(1, 100), (2, 110), (3, 120), (4, 130), (1, 100), (2, 110)]


async def test_a_fine_takes_no_more_than_there_is(till: Till) -> None:
    till.dice.next = [100, 0, "high"]  # fails, the first story, the dearest fine
    await till.fund(ANN, 60)
    caught = await till.earn("crime")
    assert (caught.success, caught.coins, caught.balance) == (False, -60, 0)
    await till.clock.advance(2 * HOUR)
    till.dice.next = [100, 0, "high"]
    broke = await till.earn("crime", key="broke")
    assert (broke.success, broke.coins, broke.balance) == (False, 0, 0)
    assert await till.earn("crime", key="broke") == replace(broke, repeated=True)


async def test_a_hunt_without_luck_costs_only_the_pause(till: Till) -> None:
    till.dice.next = [71]
    hunted = await till.earn("hunt", key="unlucky")
    assert (hunted.success, hunted.coins, hunted.what) == (False, 0, "escaped")
    assert await till.earn("hunt", key="unlucky") == replace(hunted, repeated=True)
    with pytest.raises(StillWaiting):
        await till.earn("hunt")


async def test_each_outcome_tells_a_story_that_exists(till: Till) -> None:
    told: dict[str, set[str]] = {"work": set(), "beg": set(), "crime": set()}
    for _ in range(12):
        for action, found in told.items():
            found.add((await till.earn(action)).what)
        await till.clock.advance(2 * HOUR)
    assert told["work"] <= set(WORK)
    assert told["beg"] <= set(BEG)
    assert told["crime"] <= {*CRIME_WON, *CRIME_LOST}
    assert all(len(found) > 1 for found in told.values())


async def test_a_member_is_told_what_is_ready_and_what_will_be(till: Till) -> None:
    ann = till.who(ANN)
    assert await till.earning.waiting(ann) == {}
    worked, begged = await till.earn("work"), await till.earn("beg")
    expected = {"work": worked.again_ms, "beg": begged.again_ms}
    assert await till.earning.waiting(ann) == expected
    assert await till.earning.waiting(till.who(BEN)) == {}
    till.clock.set_back(DAY)
    assert await till.earning.waiting(ann) == expected
    await till.clock.advance(DAY + 30 * MINUTE)
    assert await till.earning.waiting(ann) == {"work": worked.again_ms}


async def test_a_guilds_numbers_count_from_the_next_command(till: Till) -> None:
    await till.change(work_min=7, work_max=7, work_minutes=5)
    earned = await till.earn("work")
    assert (earned.coins, earned.again_ms) == (7, till.clock.now_ms() + 5 * 60_000)
    await till.change(work_minutes=1)
    await till.clock.advance(MINUTE)
    assert (await till.earn("work")).coins == 7


async def test_what_pays_nothing_starts_its_pause_all_the_same(till: Till) -> None:
    await till.change(work_min=0, work_max=0)
    assert (await till.earn("work", key="free")).coins == 0
    assert (await till.earn("work", key="free")).repeated
    with pytest.raises(StillWaiting):
        await till.earn("work")


@pytest.mark.parametrize("action", ["daily", "crime", "hunt"])
async def test_a_frozen_account_earns_nothing_and_waits_for_nothing(
    till: Till, action: str
) -> None:
    await till.freeze(ANN)
    till.dice.next = [100]  # crime and hunt fail: even then nothing happens
    with pytest.raises(AccountFrozen):
        await till.earn(action)
    till.dice.next = []
    assert await till.db.read(list_claims, till.guild_id, ANN) == []


async def test_a_full_account_is_told_so_and_does_not_wait(till: Till) -> None:
    await till.fund(ANN, MAX_BALANCE - 10)
    with pytest.raises(BalanceLimit):
        await till.earn("daily")
    assert await till.balance() == MAX_BALANCE - 10
    await till.give(ANN, BEN, "100")
    assert (await till.earn("daily")).coins == 100


async def test_a_booster_counts_once_and_is_told(till: Till) -> None:
    until_ms = till.clock.now_ms() + 10**9
    effect = EFFECTS["work"]
    await till.db.write(add_effect, till.guild_id, ANN, effect, 1, until_ms, till.clock.now_ms())
    till.dice.next = [0, "low"]
    boosted = await till.earn("work", key="boosted")
    assert boosted.boost_percent == effect.percent
    assert boosted.coins == 50 * effect.percent // 100
    assert await till.earn("work", key="boosted") == replace(boosted, repeated=True)


async def test_forgetting_a_member_gives_no_second_daily(till: Till) -> None:
    upkeep = CooldownUpkeep(till.db, till.clock)
    await till.earn("daily", key="before")
    await till.earn("beg")
    await till.clock.advance(HOUR)
    assert len(dict(await upkeep.export(till.guild_id, ANN))["cooldowns"]) == 2  # type: ignore[arg-type]  # rows
    await upkeep.erase(till.guild_id, ANN)
    await till.db.write(forget_person, till.guild_id, ANN)
    left = await till.db.read(list_claims, till.guild_id, ANN)
    assert [(row["action"], row["streak"], row["outcome"]) for row in left] == [("daily", 0, {})]
    with pytest.raises(StillWaiting):
        await till.earn("daily", key="after")
    with pytest.raises(AnswerForgotten):
        await till.earn("daily", key="before")
    await till.clock.advance(DAY)
    with pytest.raises(AnswerForgotten):
        await till.earn("daily", key="before")
    assert (await till.earn("daily")).balance == 100


async def test_many_old_pauses_are_swept_up_in_one_night(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep_module, "SWEEP_ROWS", 2)
    for user in range(5):
        await till.earn("work", UserId(100 + user))
    await till.clock.advance(KEPT_MS / 1000 + HOUR + 1)
    sweep = CooldownUpkeep(till.db, till.clock).handler.run
    assert sweep is not None
    await sweep(Job("1", SWEEP_KIND, {}, None, 0, 1, None))
    for user in range(5):
        assert await till.db.read(list_claims, till.guild_id, UserId(100 + user)) == []


async def test_old_pauses_are_swept_up_and_running_ones_stay(till: Till) -> None:
    upkeep = CooldownUpkeep(till.db, till.clock)
    sweep = upkeep.handler.run
    assert sweep is not None
    assert upkeep.recurring.kind == upkeep.handler.kind == SWEEP_KIND
    job = Job("1", SWEEP_KIND, {}, None, 0, 1, None)
    await till.earn("work", ANN)
    await till.clock.advance(KEPT_MS / 1000 + HOUR)
    await till.earn("work", BEN)
    await sweep(job)
    assert len(await till.db.read(list_claims, till.guild_id, ANN)) == 1, "not a moment too early"
    await till.clock.advance(1)
    await sweep(job)
    assert await till.db.read(list_claims, till.guild_id, ANN) == []
    assert len(await till.db.read(list_claims, till.guild_id, BEN)) == 1
