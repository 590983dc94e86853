"""Race, heist, duel and rock-paper-scissors: what they pay and what they are worth."""

from fractions import Fraction
from itertools import product

import pytest
from tests.features.games.people.scripted import NOON, Scripted, move, opening, seeded

from seraphim.features.games.rules import duel, heist, race, rps
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.game import Plain

RACE, HEIST, DUEL, RPS = race.RaceGame(), heist.HeistGame(), duel.DuelGame(), rps.RpsGame()
RACE_TERMS: dict[str, Plain] = {"return_percent": 95, "join_ms": 30_000}
DUEL_TERMS: dict[str, Plain] = {"fee_percent": 4, "accept_ms": 60_000}
RPS_TERMS: dict[str, Plain] = {"win_percent": 190}


# --- the race


@pytest.mark.parametrize("racer", race.RACERS)
@pytest.mark.parametrize("returned", [90, 95, 99])
def test_every_racer_is_worth_the_same(racer: str, returned: int) -> None:
    assert race.expected_value(racer, returned) == Fraction(returned, 100) - 1


def test_the_chances_of_the_racers_are_all_there_are() -> None:
    assert sum(race.RACERS.values()) == 100


@pytest.mark.parametrize(
    ("first", "winner"), [(0, "comet"), (29, "comet"), (30, "falcon"), (89, "hare"), (90, "snail")]
)
def test_the_first_draw_names_the_winner_and_its_bets_are_paid(first: int, winner: str) -> None:
    opened = RACE.open(opening(options={"value": "comet"}, terms=RACE_TERMS), Scripted())
    assert opened.deadline_ms == NOON + 30_000
    step = RACE.act(opened.state, move(1, "join", bet=30, options={"value": "snail"}), Scripted())
    assert step.holds == {1: 30}
    places = [first, 0, 0, 0, 0]
    ways = [1] * 4 + [5] * 25
    paid = [0] if winner in {"comet", "snail"} else []
    stream = Scripted(*places, *ways, *paid)
    done = RACE.timeout(step.state, NOON + 30_000, stream)
    assert done.deadline_ms == NOON + 30_000 + race.FRAME_MS
    for _ in range(race.FRAMES - 1):
        assert not done.is_over
        done = RACE.timeout(done.state, NOON, stream)
    assert done.state.places[0] == winner
    assert done.payouts == {
        0: 100 * 95 // 30 if winner == "comet" else 0,
        1: 30 * 95 // 10 if winner == "snail" else 0,
    }


def test_the_pictures_of_a_race_end_in_the_order_of_the_places() -> None:
    opened = RACE.open(opening(options={"value": "hare"}, terms=RACE_TERMS), Scripted())
    for nonce in range(200):
        state = RACE.timeout(opened.state, NOON + 30_000, seeded(nonce)).state
        ends = dict(zip(race.RACERS, state.frames[-1], strict=True))
        assert sorted(ends, key=lambda racer: -ends[racer]) == list(state.places)
        assert len(set(ends.values())) == len(ends)
        assert max(ends.values()) == race.FINISH
        for before, after in zip(state.frames, state.frames[1:], strict=False):
            assert all(0 < one <= two for one, two in zip(before, after, strict=True))


def test_a_race_refuses_a_second_bet_a_late_bet_and_an_unknown_racer() -> None:
    state = RACE.open(opening(options={"value": "hare"}, terms=RACE_TERMS), Scripted()).state
    hare: dict[str, Plain] = {"value": "hare"}
    for wrong in (
        move(0, "join", bet=10, options=hare),
        move(1, "join", 30_000, bet=10, options=hare),
        move(1, "join", bet=10, options={"value": "horse"}),
        move(1, "bribe", bet=10, options=hare),
    ):
        with pytest.raises(MoveNotPossible):
            RACE.act(state, wrong, Scripted())
    with pytest.raises(MoveNotPossible):
        RACE.open(opening(options={"value": 5}, terms=RACE_TERMS), Scripted())


def test_nobody_bets_on_a_race_that_has_been_seen_whatever_their_clock_says() -> None:
    opened = RACE.open(opening(options={"value": "hare"}, terms=RACE_TERMS), Scripted())
    running = RACE.timeout(opened.state, NOON + 30_000, seeded(1))
    late = move(1, "join", 29_000, bet=10, options={"value": running.state.places[0]})
    with pytest.raises(MoveNotPossible):
        RACE.act(running.state, late, Scripted())


# --- the heist


@pytest.mark.parametrize("crew", range(1, 51))
def test_a_crew_of_any_size_is_worth_the_same(crew: int) -> None:
    assert heist.expected_value(crew, 95) == Fraction(-5, 100)


def test_a_crew_of_one_to_six_has_the_published_chances() -> None:
    assert [heist.chance_percent(crew) for crew in (1, 2, 3, 6, 7, 50)] == [35, 40, 45, 60, 60, 60]


@pytest.mark.parametrize(
    ("drawn", "ending", "paid"),
    [
        (0, "loot", {0: 212, 1: 63}),
        (39, "loot", {0: 212, 1: 63}),
        (40, "escaped", {0: 100, 1: 30}),
        (49, "escaped", {0: 100, 1: 30}),
        (50, "caught", {0: 0, 1: 0}),
        (99, "caught", {0: 0, 1: 0}),
    ],
)
def test_one_draw_decides_for_the_whole_crew(drawn: int, ending: str, paid: dict[int, int]) -> None:
    opened = HEIST.open(opening(terms=RACE_TERMS), Scripted())
    step = HEIST.act(opened.state, move(1, "join", bet=30), Scripted())
    assert step.holds == {1: 30}
    fractions = [0, 0] if ending == "loot" else []
    done = HEIST.timeout(step.state, NOON + 30_000, Scripted(drawn, *fractions))
    assert done.state.ending == ending
    assert done.payouts == paid


def test_a_heist_takes_nobody_twice_or_late() -> None:
    state = HEIST.open(opening(terms=RACE_TERMS), Scripted()).state
    for wrong in (move(0, "join", bet=10), move(1, "join", 30_000, 10), move(1, "leave", bet=10)):
        with pytest.raises(MoveNotPossible):
            HEIST.act(state, wrong, Scripted())


# --- the duel


def test_a_duel_is_worth_the_fee_to_both() -> None:
    total = Fraction(0)
    for hits in product((0, 1), repeat=3):
        winner = 0 if sum(hits) < 2 else 1
        total += Fraction(2 * 96, 100) * (winner == 0) * Fraction(1, 8)
    assert total - 1 == duel.expected_value(4) == Fraction(-4, 100)


@pytest.mark.parametrize(
    ("hits", "winner"), [((0, 0), 0), ((1, 1), 1), ((0, 1, 0), 0), ((1, 0, 1), 1)]
)
def test_who_lands_two_hits_takes_both_bets_less_the_fee(
    hits: tuple[int, ...], winner: int
) -> None:
    opened = DUEL.open(opening(terms=DUEL_TERMS, invited=1), Scripted())
    done = DUEL.act(opened.state, move(1, "accept"), Scripted(*hits, 0))
    assert done.holds == {1: 100}
    assert done.payouts == {winner: 192, 1 - winner: 0}
    assert done.state.winner == winner


@pytest.mark.parametrize(("draw", "prize"), [(0, 1), (7, 1), (8, 2), (99, 2)])
def test_the_fee_on_a_single_coin_is_fair_by_draw(draw: int, prize: int) -> None:
    opened = DUEL.open(opening(1, terms=DUEL_TERMS, invited=1), Scripted())
    done = DUEL.act(opened.state, move(1, "accept"), Scripted(0, 0, draw))
    assert done.payouts == {0: prize, 1: 0}


@pytest.mark.parametrize(("seat", "ending"), [(1, "declined"), (0, "withdrawn")])
def test_a_duel_nobody_fights_gives_the_bet_back(seat: int, ending: str) -> None:
    opened = DUEL.open(opening(terms=DUEL_TERMS, invited=1), Scripted())
    step = DUEL.act(opened.state, move(seat, "decline"), Scripted())
    assert step.released
    assert step.state.ending == ending
    expired = DUEL.timeout(opened.state, NOON + 60_000, Scripted())
    assert expired.released
    assert expired.state.ending == "expired"


def test_a_duel_is_accepted_by_the_challenged_in_time_or_not_at_all() -> None:
    opened = DUEL.open(opening(terms=DUEL_TERMS, invited=1), Scripted())
    for wrong in (move(0, "accept"), move(1, "accept", 60_000), move(1, "dodge")):
        with pytest.raises(MoveNotPossible):
            DUEL.act(opened.state, wrong, Scripted(0, 0, 0))
    with pytest.raises(MoveNotPossible):
        DUEL.open(opening(terms=DUEL_TERMS), Scripted())


# --- rock, paper, scissors


def test_each_throw_beats_one_and_loses_to_one() -> None:
    wins = {(one, two) for one, two in product(rps.THROWS, repeat=2) if rps.beats(one, two)}
    assert wins == {("paper", "rock"), ("scissors", "paper"), ("rock", "scissors")}


def test_is_worth_a_thirtieth_less_than_nothing_whatever_is_thrown() -> None:
    for mine in rps.THROWS:
        total = 0
        for theirs in range(3):
            opened = RPS.open(opening(terms=RPS_TERMS), Scripted())
            throw: dict[str, Plain] = {"value": mine}
            done = RPS.act(opened.state, move(0, "throw", options=throw), Scripted(theirs, 0))
            assert done.payouts is not None
            total += done.payouts[0] - 100
        assert Fraction(total, 300) == rps.expected_value(190) == Fraction(-1, 30)


def test_two_members_throw_in_secret_and_the_better_throw_wins() -> None:
    opened = RPS.open(opening(terms=RPS_TERMS, invited=1), Scripted())
    step = RPS.act(opened.state, move(1, "throw", options={"value": "rock"}), Scripted())
    assert step.holds == {1: 100}
    assert not step.is_over
    assert step.deadline_ms == NOON + 1000 + rps.THROW_MS
    with pytest.raises(MoveNotPossible):
        RPS.act(step.state, move(1, "throw", options={"value": "paper"}), Scripted())
    with pytest.raises(MoveNotPossible):
        RPS.act(step.state, move(0, "decline"), Scripted())
    done = RPS.act(step.state, move(0, "throw", options={"value": "paper"}), Scripted(0))
    assert done.payouts == {0: 190, 1: 0}
    tie = RPS.act(step.state, move(0, "throw", options={"value": "rock"}), Scripted(0))
    assert tie.payouts == {0: 100, 1: 100}


def test_a_throw_that_does_not_come_is_drawn_and_a_round_nobody_took_up_goes_back() -> None:
    opened = RPS.open(opening(terms=RPS_TERMS, invited=1), Scripted())
    taken = RPS.act(opened.state, move(1, "throw", options={"value": "rock"}), Scripted())
    done = RPS.timeout(taken.state, NOON + 70_000, Scripted(2, 0))
    assert done.state.throws == ("scissors", "rock")
    assert done.state.is_drawn == (True, False)
    assert done.payouts == {0: 0, 1: 190}
    thrown = RPS.act(opened.state, move(0, "throw", options={"value": "rock"}), Scripted())
    assert thrown.deadline_ms == opened.deadline_ms, "the other's time does not grow"
    assert RPS.timeout(thrown.state, NOON + 60_000, Scripted()).released
    alone = RPS.open(opening(terms=RPS_TERMS), Scripted())
    drawn = RPS.timeout(alone.state, NOON + 60_000, Scripted(1, 0, 0))
    assert drawn.payouts == {0: 190}


def test_rps_refuses_strangers_late_throws_and_no_throws() -> None:
    house = RPS.open(opening(terms=RPS_TERMS), Scripted()).state
    pair = RPS.open(opening(terms=RPS_TERMS, invited=1), Scripted()).state
    rock: dict[str, Plain] = {"value": "rock"}
    for state, wrong in (
        (house, move(1, "throw", options=rock)),
        (pair, move(2, "throw", options=rock)),
        (house, move(0, "throw", 60_000, options=rock)),
        (house, move(0, "throw", options={"value": "lizard"})),
        (house, move(0, "decline")),
    ):
        with pytest.raises(MoveNotPossible):
            RPS.act(state, wrong, Scripted(0, 0))
    assert RPS.act(pair, move(1, "decline"), Scripted()).released
    assert RPS.act(pair, move(0, "decline"), Scripted()).state.ending == "withdrawn"
