"""Crash: where it bursts, who is paid, and that no height is better than another."""

import math
from fractions import Fraction

import pytest
from tests.features.games.people.scripted import NOON, Scripted, move, opening

from seraphim.features.games.rules import crash
from seraphim.features.games.rules.crash import (
    AWAY_MS,
    GRACE_MS,
    INTERRUPTED,
    LATE_START_MS,
    MOST,
    Crash,
    CrashGame,
    burst_of,
    chance_of,
    elapsed_to,
    expected_value,
    height_at,
    read_auto,
)
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.game import Plain, Step

GAME = CrashGame()
TERMS: dict[str, Plain] = {"edge_percent": 3, "join_ms": 15_000}
START = 15_000
RANGE = 1 << 52


def draw_for(height: int) -> int:
    """A draw that bursts at exactly this height."""
    return RANGE - 97 * RANGE // height


def opened(burst: int, stake: int = 100, auto: int | None = None) -> Step[Crash]:
    options: dict[str, Plain] = {} if auto is None else {"auto": f"{auto / 100:.2f}"}
    return GAME.open(opening(stake, options=options, terms=TERMS), Scripted(draw_for(burst)))


def boarded(step: Step[Crash], seat: int, bet: int, auto: int | None = None) -> Step[Crash]:
    options: dict[str, Plain] = {} if auto is None else {"auto": f"{auto / 100:.2f}"}
    return GAME.act(step.state, move(seat, "join", 5000, bet, options), Scripted())


def flying(step: Step[Crash]) -> Step[Crash]:
    """Lift off on time."""
    return GAME.timeout(step.state, NOON + START, Scripted())


def reached(height: int) -> int:
    """Milliseconds after the opening at which the rocket is this high."""
    return START + elapsed_to(height)


def test_bursts_where_the_draw_says() -> None:
    assert burst_of(0, 3) == 100  # 0.97 is below the start: at once
    assert burst_of(RANGE // 2, 3) == 194
    assert burst_of(RANGE - 1, 3) == MOST
    assert burst_of(draw_for(250), 3) == 250


@pytest.mark.parametrize("height", [101, 150, 200, 777, 5000, MOST])
@pytest.mark.parametrize("edge", [1, 3, 10])
def test_is_worth_the_edge_at_every_height(height: int, edge: int) -> None:
    value = expected_value(height, edge)
    assert Fraction(-edge, 100) - Fraction(1, 10**9) < value <= Fraction(-edge, 100)


def test_the_chance_of_a_height_is_the_share_of_draws_that_reach_it() -> None:
    for height in (101, 194, 1000):
        first = RANGE - (chance_of(height, 3) * RANGE).numerator
        assert burst_of(first, 3) >= height > burst_of(first - 1, 3)


def test_the_height_follows_from_the_clock_alone() -> None:
    assert height_at(-5) == height_at(0) == 100
    for elapsed in (1, 500, 11_552, 60_000, 115_000):
        assert height_at(elapsed) == pytest.approx(100 * math.exp(elapsed / 16_667), abs=1)
    assert height_at(10**9) == MOST
    for height in (100, 101, 194, 1000, MOST):
        assert height_at(elapsed_to(height)) >= height > height_at(elapsed_to(height) - 1) - 1


def test_a_click_is_paid_at_the_height_of_its_moment() -> None:
    step = flying(boarded(opened(300), 1, 50))
    step = GAME.act(step.state, move(0, "leave", reached(200)), Scripted())
    assert step.payouts is None
    assert step.deadline_ms == NOON + reached(300) + GRACE_MS
    done = GAME.timeout(step.state, step.deadline_ms or 0, Scripted(0))
    assert done.payouts == {0: 200, 1: 0}


def test_the_round_ends_when_the_last_one_has_got_off() -> None:
    step = flying(boarded(opened(300, auto=150), 1, 50))
    done = GAME.act(step.state, move(1, "leave", reached(250)), Scripted(0, 0))
    assert done.payouts == {0: 150, 1: 125}
    assert done.state.ended_at == 250


def test_a_named_height_is_paid_exactly_or_not_at_all() -> None:
    step = boarded(opened(300, auto=300), 1, 50, auto=301)
    assert step.holds == {1: 50}
    step = flying(step)
    assert step.deadline_ms == NOON + reached(300) + GRACE_MS
    done = GAME.timeout(step.state, step.deadline_ms or 0, Scripted(0))
    assert done.payouts == {0: 300, 1: 0}


def test_ends_early_when_everybody_has_named_a_height_it_reaches() -> None:
    step = flying(opened(5000, auto=120))
    assert step.deadline_ms == NOON + reached(120) + GRACE_MS
    done = GAME.timeout(step.state, step.deadline_ms or 0, Scripted(0))
    assert done.payouts == {0: 120}


def test_a_fraction_of_a_coin_is_decided_by_a_draw() -> None:
    step = flying(opened(300, stake=3, auto=133))
    assert step.deadline_ms is not None
    paid = [GAME.timeout(step.state, step.deadline_ms, Scripted(n)).payouts for n in range(100)]
    assert sum(each[0] for each in paid if each) == 3 * 133


@pytest.mark.parametrize(
    ("action", "after_ms"),
    [("leave", reached(300) + 200), ("join", 5000), ("fly", reached(200))],
)
def test_refuses_what_comes_too_late_or_twice(action: str, after_ms: int) -> None:
    with pytest.raises(MoveNotPossible):
        GAME.act(flying(opened(300)).state, move(0, action, after_ms), Scripted())


def test_nobody_gets_off_before_the_start_or_on_board_after_it() -> None:
    for wrong in (move(0, "leave", 14_000), move(0, "leave", START + 50), move(0, "join", 5000)):
        with pytest.raises(MoveNotPossible):
            GAME.act(opened(300).state, wrong, Scripted())
    with pytest.raises(MoveNotPossible):
        GAME.act(flying(opened(300)).state, move(1, "join", 14_000, 50), Scripted())


def test_the_flight_counts_from_the_real_start() -> None:
    """A bot that was away at the planned moment cheats nobody: it starts when the bot is back."""
    late = GAME.timeout(opened(300).state, NOON + 60_000, Scripted())
    assert late.deadline_ms == NOON + 60_000 + elapsed_to(300) + GRACE_MS
    left = GAME.act(late.state, move(0, "leave", 60_000 + elapsed_to(200)), Scripted(0))
    assert left.payouts == {0: 200}


def test_refuses_strangers_and_late_boarders() -> None:
    state = opened(300).state
    with pytest.raises(MoveNotPossible):
        GAME.act(flying(opened(300)).state, move(1, "leave", reached(200)), Scripted())
    with pytest.raises(MoveNotPossible):
        GAME.act(state, move(1, "join", START, 50), Scripted())


def test_nobody_gets_off_twice() -> None:
    step = flying(boarded(opened(300), 1, 50))
    step = GAME.act(step.state, move(0, "leave", reached(150)), Scripted())
    with pytest.raises(MoveNotPossible):
        GAME.act(step.state, move(0, "leave", reached(200)), Scripted())


def _crew() -> Step[Crash]:
    """Four on board of a rocket that bursts at 5.00; one has got off at 1.50."""
    step = boarded(opened(500), 1, 50, auto=200)
    step = boarded(step, 2, 50, auto=400)
    step = flying(boarded(step, 3, 70))
    return GAME.act(step.state, move(0, "leave", reached(150)), Scripted())


def test_a_round_interrupted_in_flight_pays_what_was_reached_and_gives_back_the_rest() -> None:
    done = GAME.act(_crew().state, move(-1, INTERRUPTED, reached(300)), Scripted(0, 0))
    assert done.payouts == {0: 150, 1: 100, 2: 50, 3: 70}
    assert done.state.was_interrupted
    assert done.state.ended_at == 300


def test_a_rider_does_not_interrupt_the_round() -> None:
    with pytest.raises(MoveNotPossible):
        GAME.act(_crew().state, move(3, INTERRUPTED, reached(300)), Scripted(0, 0))


def test_a_rocket_that_could_not_start_in_time_gives_every_bet_back() -> None:
    step = boarded(opened(300), 1, 50, auto=200)
    still = GAME.timeout(step.state, NOON + START + LATE_START_MS, Scripted())
    assert still.state.is_flying
    late = GAME.timeout(step.state, NOON + START + LATE_START_MS + 1, Scripted())
    assert late.released
    assert late.payouts is None


def test_a_round_that_nobody_watched_to_its_end_counts_as_interrupted() -> None:
    step = _crew()
    assert step.deadline_ms is not None
    done = GAME.timeout(step.state, step.deadline_ms + AWAY_MS + 1, Scripted(0, 0, 0))
    assert done.payouts == {0: 150, 1: 100, 2: 200, 3: 70}
    in_time = GAME.timeout(step.state, step.deadline_ms + AWAY_MS, Scripted(0, 0, 0))
    assert in_time.payouts == {0: 150, 1: 100, 2: 200, 3: 0}


def test_who_is_still_on_board_at_the_very_top_gets_off_there() -> None:
    step = flying(GAME.open(opening(terms=TERMS), Scripted(RANGE - 1)))
    assert step.deadline_ms is not None
    assert GAME.timeout(step.state, step.deadline_ms, Scripted(0)).payouts == {0: 100_000}


@pytest.mark.parametrize(
    ("typed", "height"),
    [("", None), ("2", 200), ("1.5", 150), ("2,25x", 225), (" 1000 ", MOST), ("1.01", 101)],
)
def test_reads_a_height(typed: str, height: int | None) -> None:
    assert read_auto(typed) == height


@pytest.mark.parametrize(
    "typed", ["1", "1.00", "0", "-2", "1001", "1.234", "abc", "1e3", "٢", "2.", ".5", "9" * 30]
)
def test_refuses_what_is_no_height(typed: str) -> None:
    with pytest.raises(MoveNotPossible):
        read_auto(typed)


def test_no_option_smuggles_a_height_in() -> None:
    for auto in ("1", "0", "-1", "1000.01", "two"):
        with pytest.raises(MoveNotPossible):
            GAME.open(opening(options={"auto": auto}, terms=TERMS), Scripted(5))


def test_knows_no_more_riders_than_seats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crash, "MAX_SEATS", 2)
    step = boarded(opened(300), 1, 50)
    with pytest.raises(MoveNotPossible):
        boarded(step, 2, 50)
