"""What earning pays is exactly what the table of the defaults says, roll by roll."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.features.economy.earning.chances import chance_of, every_way, mean_coins

from seraphim.features.economy.rules import catches, stories
from seraphim.features.economy.rules.catches import ANIMALS, ESCAPED, FISH, ORES, Catch, Span
from seraphim.features.economy.rules.earning import (
    LastClaim,
    Outcome,
    Roll,
    boosted,
    commit_crime,
    daily_coins,
    pay,
    ready_ms,
    streak_at,
)
from seraphim.features.economy.rules.ledger import MAX_BALANCE
from seraphim.features.economy.rules.robbing import Attempt, attempt, robber_gains
from seraphim.features.economy.service.settings import HOUR_MS, EconomySettings

DEFAULTS = EconomySettings()
ALL_CATCHES = {"fish": (FISH, 9, 5, 500), "mine": (ORES, 8, 10, 400), "hunt": (ANIMALS, 8, 30, 750)}
WINS, LOSSES = ("won",), ("lost",)

moments = st.integers(0, 10**13)
balances = st.integers(0, MAX_BALANCE)
claims = st.tuples(moments, st.integers(0, 10**9), st.integers(1, 500)).map(
    lambda drawn: LastClaim(drawn[0], drawn[0] + drawn[1], drawn[2])
)


def always(value: int) -> Roll:
    return lambda low, high: min(max(low, value), high)


def test_pay_is_on_average_the_middle() -> None:
    assert mean_coins(lambda roll: pay(DEFAULTS.work, WINS, roll)) == 100
    assert mean_coins(lambda roll: pay(DEFAULTS.beg, WINS, roll)) == 30


def test_a_crime_brings_eighty_coins_on_average() -> None:
    def crime(roll: Roll) -> Outcome:
        return commit_crime(DEFAULTS.crime, WINS, LOSSES, roll)

    assert mean_coins(crime) == Fraction(60, 100) * 200 - Fraction(40, 100) * 100 == 80
    assert chance_of(crime, "won") == Fraction(60, 100)
    gains = {outcome.coins for _, outcome in every_way(crime)}
    assert gains == {*range(100, 301), *range(-150, -49)}


def test_every_story_can_be_told_and_has_a_sentence() -> None:
    told = {
        outcome.what for _, outcome in every_way(lambda r: pay(DEFAULTS.beg, tuple(stories.BEG), r))
    }
    assert told == set(stories.BEG)
    parts = (stories.WORK, stories.BEG, stories.CRIME_WON, stories.CRIME_LOST)
    assert len(stories.STORIES) == sum(len(part) for part in parts), "two stories share a key"


@pytest.mark.parametrize("name", ALL_CATCHES)
def test_the_catalogue_has_the_promised_size_and_span(name: str) -> None:
    found, count, low, high = ALL_CATCHES[name]
    assert len(found) == len({catch.name for catch in found}) == count
    assert (found[0].coins, found[-1].coins) == (low, high)
    assert [catch.coins for catch in found] == sorted({catch.coins for catch in found})
    assert sum(catch.weight for catch in found) == 1000
    assert all(catch.weight > 0 for catch in found)


@pytest.mark.parametrize(
    ("found", "span", "mean"),
    [
        (FISH, DEFAULTS.fish, Fraction("40.75")),
        (ORES, DEFAULTS.mine, Fraction("52.5")),
        (ANIMALS, DEFAULTS.hunt, Fraction("110.86")),
    ],
)
def test_a_find_is_worth_this_on_average(
    found: tuple[Catch, ...], span: Span, mean: Fraction
) -> None:
    assert mean_coins(lambda roll: catches.find(found, span, roll)) == mean
    assert catches.mean_coins(found, span) == mean
    for catch in found:
        chance = chance_of(lambda roll: catches.find(found, span, roll), catch.name)
        assert chance == Fraction(catch.weight, 1000)


def test_seven_of_ten_hunts_bring_something() -> None:
    def hunt(roll: Roll) -> Outcome:
        return catches.hunt(ANIMALS, DEFAULTS.hunt, DEFAULTS.hunt_percent, roll)

    assert chance_of(hunt, ESCAPED) == Fraction(30, 100)
    assert mean_coins(hunt) == Fraction("77.602")


def test_the_told_chances_are_the_weights() -> None:
    told = [catches.percent_of(catch, FISH) for catch in FISH]
    assert told == ["15", "24", "21", "16", "11", "7", "4", "1.5", "0.5"]


@given(st.sampled_from([FISH, ORES, ANIMALS]), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_guilds_own_span_keeps_the_ends_and_the_order(
    found: tuple[Catch, ...], one: int, other: int
) -> None:
    span = Span(min(one, other), max(one, other))
    worths = [catches.worth(catch, found, span) for catch in found]
    assert worths[0] == span.low
    assert worths[-1] == span.high
    assert worths == sorted(worths)


@pytest.mark.parametrize(
    ("streak", "coins"), [(1, 100), (2, 110), (10, 190), (11, 200), (12, 200), (400, 200)]
)
def test_days_in_a_row_pay_more_up_to_the_tenth_further_day(streak: int, coins: int) -> None:
    assert daily_coins(DEFAULTS.daily, streak) == coins


@pytest.mark.parametrize(("hours", "streak"), [(24, 8), (47.9, 8), (48, 8), (48.001, 1), (1000, 1)])
def test_a_streak_goes_on_for_forty_eight_hours(hours: float, streak: int) -> None:
    last = LastClaim(1_000, 1_000 + 24 * HOUR_MS, 7)
    moment = 1_000 + round(hours * HOUR_MS)
    assert streak_at(last, moment, DEFAULTS.daily.window_ms) == streak


def test_the_first_day_is_day_one() -> None:
    assert streak_at(None, 5, DEFAULTS.daily.window_ms) == 1


@given(claims, st.integers(0, 10**9))
def test_nothing_is_ready_before_the_last_claim(last: LastClaim, pause: int) -> None:
    assert last.claimed_ms <= ready_ms(last, pause) <= last.until_ms


def test_a_shortened_pause_counts_at_once_and_a_longer_one_next_time() -> None:
    last = LastClaim(1_000, 61_000)
    assert ready_ms(last, 30_000) == 31_000
    assert ready_ms(last, 90_000) == 61_000


@pytest.mark.parametrize(
    ("coins", "percent", "expected"),
    [(101, 200, 202), (101, 150, 151), (-50, 200, -50), (0, 200, 0)],
)
def test_a_booster_multiplies_gains_only(coins: int, percent: int, expected: int) -> None:
    assert boosted(coins, percent) == expected


def test_half_of_all_robberies_take_five_to_fifteen_per_cent() -> None:
    tries = list(every_way(lambda roll: attempt(DEFAULTS.rob, roll)))
    assert sum(chance for chance, tried in tries if tried.works) == Fraction(1, 2)
    gains = [(chance, robber_gains(DEFAULTS.rob, tried, 1_000, 2_000)) for chance, tried in tries]
    assert {gain for _, gain in gains if gain > 0} == {
        2_000 * share // 100 for share in range(5, 16)
    }
    assert {gain for _, gain in gains if gain < 0} == {-100}
    # Half the time 10 % of 2,000 on average, half the time 10 % of the robber's own 1,000.
    assert (
        sum(chance * gain for chance, gain in gains) == Fraction(1, 2) * 200 - Fraction(1, 2) * 100
    )


@given(st.builds(Attempt, st.booleans(), st.integers(0, 100)), balances, balances)
@example(Attempt(works=True, share_percent=15), MAX_BALANCE - 3, 1_000)
def test_no_robbery_moves_more_than_there_is(tried: Attempt, robber: int, target: int) -> None:
    gain = robber_gains(DEFAULTS.rob, tried, robber, target)
    assert 0 <= robber + gain <= MAX_BALANCE
    assert gain <= target


def test_the_extreme_rolls_stay_within_the_terms() -> None:
    assert pay(DEFAULTS.work, WINS, always(10**9)).coins == 150
    assert pay(DEFAULTS.work, WINS, always(0)).coins == 50
    assert catches.find(FISH, DEFAULTS.fish, always(1)).what == "boot"
    assert catches.find(FISH, DEFAULTS.fish, always(1000)).what == "koi"
