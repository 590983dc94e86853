"""What a bet is worth, exactly: every outcome of the real rules with its probability."""

from collections.abc import Callable, Iterator, MutableSequence, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import cast

import pytest

from seraphim.features.games.rules import (
    coinflip,
    dice,
    doubleornothing,
    highlow,
    mysterybox,
    roulette,
    slots,
)
from seraphim.features.games.rules.coins import whole_coins
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import AnyGame, Move, Opening, Plain, Step
from seraphim.features.games.service.catalogue import BY_KIND
from seraphim.features.games.service.settings import GamesSettings

DEFAULTS = GamesSettings()
LOWEST = Fraction(-1, 10)
_ROUNDING = 100
"""Draws from 0 on with at least so many values decide fractions of coins; the stakes here leave
no fraction, so any value does."""


class EveryDraw(FairStream):
    """Stands in for a stream: takes one path of all that are possible and knows the next."""

    def __init__(self, path: list[int]) -> None:
        super().__init__("", "", 0)
        self.path = path
        self.taken = 0
        self.options: list[int] = []
        self.chance = Fraction(1)

    def integer(self, low: int, high: int) -> int:
        width = high - low + 1
        if low == 0 and width >= _ROUNDING:
            return 0
        return low + self._branch([1] * width)

    def weighted(self, weights: Sequence[int]) -> int:
        return self._branch(weights)

    def shuffle[T](self, items: MutableSequence[T]) -> None:
        raise NotImplementedError

    def _branch(self, weights: Sequence[int]) -> int:
        if self.taken == len(self.path):
            self.path.append(0)
        chosen = self.path[self.taken]
        self.taken += 1
        self.options.append(len(weights))
        self.chance *= Fraction(weights[chosen], sum(weights))
        return chosen


def every(play: Callable[[FairStream], Step[object]]) -> Iterator[tuple[Fraction, Step[object]]]:
    """Yield each outcome with its probability."""
    path: list[int] = []
    while True:
        stream = EveryDraw(list(path))
        step = play(stream)
        yield stream.chance, step
        path = stream.path
        while path and path[-1] + 1 == stream.options[len(path) - 1]:
            path.pop()
        if not path:
            return
        path[-1] += 1


def opening(kind: str, stake: int, **options: Plain) -> Opening:
    terms = BY_KIND[kind].terms(DEFAULTS.model_dump())
    return Opening(stake, dict(options), terms, at_ms=0)


def value(play: Callable[[FairStream], Step[object]], stake: int) -> Fraction:
    """Return the expected gain for each coin staked; the probabilities must add up to one."""
    total, expected = Fraction(0), Fraction(0)
    for chance, step in every(play):
        assert step.payouts is not None
        total += chance
        expected += chance * step.payouts[0]
    assert total == 1
    return expected / stake - 1


def game(kind: str) -> AnyGame:
    return BY_KIND[kind]


def test_coinflip() -> None:
    begin = opening("coinflip", 1000, side="heads")
    exact = value(lambda stream: game("coinflip").open(begin, stream), 1000)
    assert exact == coinflip.expected_value(195) == Fraction(-25, 1000)
    assert LOWEST <= exact < 0


@pytest.mark.parametrize("guess", sorted(dice.GUESSES))
def test_dice(guess: str) -> None:
    begin = opening("dice", 9000, guess=guess)
    exact = value(lambda stream: game("dice").open(begin, stream), 9000)
    assert exact == dice.expected_value(guess, 95) == Fraction(-5, 100)
    assert LOWEST <= exact < 0


def test_slots() -> None:
    begin = opening("slots", 10_000)
    exact = value(lambda stream: game("slots").open(begin, stream), 10_000)
    assert exact == slots.expected_value(100)
    assert LOWEST <= exact < 0
    assert round(float(exact), 4) == -0.0571


@pytest.mark.parametrize("box", range(mysterybox.BOXES))
def test_mysterybox_whichever_is_opened(box: int) -> None:
    rules = mysterybox.MysteryBoxGame()

    def play(stream: FairStream) -> Step[object]:
        opened = rules.open(opening("mysterybox", 10_000), stream)
        return cast(
            "Step[object]",
            rules.act(opened.state, Move(0, "box", 0, {"value": str(box)}), stream),
        )

    exact = value(play, 10_000)
    assert exact == mysterybox.expected_value(100) == Fraction(-65, 1000)
    assert LOWEST <= exact < 0


@pytest.mark.parametrize("space", sorted(roulette.SPACES))
def test_roulette_pays_the_same_wherever_the_bet_lies(space: str) -> None:
    rules = roulette.RouletteGame()

    def play(stream: FairStream) -> Step[object]:
        opened = rules.open(opening("roulette", 36, space=space), stream)
        return cast("Step[object]", rules.act(opened.state, Move(0, "spin", 0), stream))

    exact = value(play, 36)
    assert exact == roulette.expected_value(space) == Fraction(-1, 37)


def test_the_wheel_has_every_pocket_once() -> None:
    assert sorted(roulette.WHEEL) == list(range(37))
    colours = [roulette.colour_of(pocket) for pocket in roulette.WHEEL]
    assert (colours.count("red"), colours.count("black"), colours.count("green")) == (18, 18, 1)
    assert all(one != other for one, other in pairwise(colours))


@pytest.mark.parametrize("card", range(highlow.RANKS))
@pytest.mark.parametrize("call", ["higher", "lower"])
def test_each_call_of_highlow_is_worth_the_same(card: int, call: str) -> None:
    """So every way to play is: after n right calls the pot is worth 0.99 to the power of n."""
    stake = 2_772_000  # no fraction, whatever the card
    state = highlow.HighLow(stake, 99, (card,), ("higher",), pot=stake)
    rules = highlow.HighLowGame()
    if highlow.ways(card, call) == 0:
        return
    expected = Fraction(0)
    for chance, step in every(
        lambda stream: cast("Step[object]", rules.act(state, Move(0, call, 0), stream))
    ):
        after = cast("highlow.HighLow", step.state)
        expected += chance * after.pot
    assert expected / stake == Fraction(99, 100)


def test_highlow_stays_within_bounds_for_every_number_of_calls() -> None:
    for calls in range(1, highlow.MAX_GUESSES + 1):
        assert LOWEST <= highlow.expected_value(99, calls) < 0


def test_doubleornothing_for_every_number_of_doublings() -> None:
    rules = doubleornothing.DoubleOrNothingGame()
    for wanted in range(1, doubleornothing.MAX_DOUBLINGS + 1):
        begin = opening("doubleornothing", 100)

        def play(stream: FairStream, wanted: int = wanted, begin: Opening = begin) -> Step[object]:
            step = rules.open(begin, stream)
            while not step.is_over and len(step.state.throws) < wanted:
                step = rules.act(step.state, Move(0, "double", 0), stream)
            if not step.is_over:
                step = rules.act(step.state, Move(0, "take", 0), stream)
            return cast("Step[object]", step)

        if wanted <= 2:  # 100 to the power of more is too many paths; the formula says the same
            assert value(play, 100) == doubleornothing.expected_value(49, wanted)
        assert LOWEST <= doubleornothing.expected_value(49, wanted) < 0


@pytest.mark.parametrize(
    ("numerator", "denominator"), [(1, 3), (1950, 100), (7, 7), (0, 9), (5, 2)]
)
def test_fractions_of_coins_are_exact_on_average(numerator: int, denominator: int) -> None:
    class Fixed(FairStream):
        def __init__(self, draw: int) -> None:
            super().__init__("", "", 0)
            self.draw = draw

        def integer(self, low: int, high: int) -> int:
            assert (low, high) == (0, denominator - 1)
            return self.draw

    paid = sum(whole_coins(numerator, denominator, Fixed(draw)) for draw in range(denominator))
    assert Fraction(paid, denominator) == Fraction(numerator, denominator)


def _seven(percent: int) -> Fraction:
    return dice.expected_value("seven", percent)


def _one_call(percent: int) -> Fraction:
    return highlow.expected_value(percent, 1)


def _one_doubling(percent: int) -> Fraction:
    return doubleornothing.expected_value(percent, 1)


WORTHS: dict[str, Callable[[int], Fraction]] = {
    "coinflip_payout_percent": coinflip.expected_value,
    "dice_return_percent": _seven,
    "slots_payout_percent": slots.expected_value,
    "mysterybox_payout_percent": mysterybox.expected_value,
    "highlow_keep_percent": _one_call,
    "doubleornothing_win_percent": _one_doubling,
}


@pytest.mark.parametrize("field", WORTHS)
def test_no_setting_favours_the_players(field: str) -> None:
    worth = WORTHS[field]
    bounds = {type(each).__name__: each for each in GamesSettings.model_fields[field].metadata}
    highest, lowest = int(bounds["Le"].le), int(bounds["Ge"].ge)
    assert Fraction(-1, 2) < worth(lowest) < worth(highest) <= 0
