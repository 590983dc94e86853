"""What blackjack is worth, exactly: every hand against every dealer, by recursion.

The shoe is endless, so a hand is its hard points, whether it holds an ace, and the dealer's first
card; the recursion over them is finite and the result is no estimate.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Literal

from seraphim.features.games.rules.blackjack import DEALER_STANDS
from seraphim.features.games.rules.cards import BLACKJACK

type Policy = Literal["best", "stand", "dealer"]

_RANKS = 13
_TEN = 10
_SOFT = 10
POINTS: tuple[tuple[int, Fraction], ...] = tuple(
    (points, Fraction(4 if points == _TEN else 1, _RANKS)) for points in range(1, _TEN + 1)
)
"""Points of one card, the ace as 1, and how likely they are."""


@cache
def dealer_ends(hard: int, ace: bool, cards: int = 1) -> dict[int, Fraction]:  # noqa: FBT001 - part of the state
    """Return how likely each final total of the dealer is (22: bust), no natural being possible.

    With one card (``cards`` 1) the second is drawn knowing that it makes no natural, because the
    dealer has looked.
    """
    total = _total(hard, ace)
    if cards > 1 and total >= DEALER_STANDS:
        return {min(total, BLACKJACK + 1): Fraction(1)}
    odds = POINTS
    if cards == 1:
        odds = tuple((p, chance) for p, chance in POINTS if {p, hard} != {1, _TEN})
    whole = sum(chance for _, chance in odds)
    ends: dict[int, Fraction] = {}
    for points, chance in odds:
        after = dealer_ends(hard + points, ace or points == 1, 2)
        for total_after, likely in after.items():
            ends[total_after] = ends.get(total_after, Fraction(0)) + chance / whole * likely
    return ends


@cache
def stand_value(total: int, up: int) -> Fraction:
    """Return the expected win, in bets, of standing on ``total`` against ``up``."""
    if total > BLACKJACK:
        return Fraction(-1)
    value = Fraction(0)
    for dealer, chance in dealer_ends(up, up == 1).items():
        if dealer > BLACKJACK or total > dealer:
            value += chance
        elif total < dealer:
            value -= chance
    return value


@cache
def hit_value(hard: int, ace: bool, up: int, policy: Policy) -> Fraction:  # noqa: FBT001 - as above
    """Return the expected win of taking a card and going on by ``policy``."""
    return _over_cards(lambda p: play_value(hard + p, ace or p == 1, up, policy))


@cache
def play_value(hard: int, ace: bool, up: int, policy: Policy) -> Fraction:  # noqa: FBT001 - as above
    """Return the expected win of a hand of three or more cards."""
    total = _total(hard, ace)
    if total >= BLACKJACK:
        return stand_value(total, up)
    stand = stand_value(total, up)
    if policy == "stand":
        return stand
    if policy == "dealer":
        return stand if total >= DEALER_STANDS else hit_value(hard, ace, up, policy)
    return max(stand, hit_value(hard, ace, up, policy))


@cache
def pair_value(one: int, two: int, up: int, policy: Policy, *, was_split: bool) -> Fraction:
    """Return the expected win of two cards, no natural among them unless split."""
    hard, ace = one + two, 1 in (one, two)
    value = play_value(hard, ace, up, policy)
    if policy != "best" or _total(hard, ace) == BLACKJACK:
        return value
    doubled = 2 * _over_cards(lambda p: stand_value(_total(hard + p, ace or p == 1), up))
    value = max(value, doubled)
    if one == two and not was_split:
        value = max(value, split_value(one, up))
    return value


@cache
def split_value(card: int, up: int) -> Fraction:
    """Return the expected win, in first bets, of splitting two cards worth ``card``."""
    if card == 1:
        return 2 * _over_cards(lambda p: stand_value(_total(1 + p, ace=True), up))
    return 2 * _over_cards(lambda p: pair_value(card, p, up, "best", was_split=True))


@cache
def expected_value(policy: Policy = "best") -> Fraction:
    """Return what a player can expect of one coin, exactly.

    Args:
        policy: ``best`` is the best play there is; ``stand`` stands on the first two cards, as an
            abandoned round does; ``dealer`` plays as the dealer must.
    """
    value = Fraction(0)
    for one, p1 in POINTS:
        for two, p2 in POINTS:
            for up, pu in POINTS:
                value += p1 * p2 * pu * _first_value(one, two, up, policy)
    return value


def _first_value(one: int, two: int, up: int, policy: Policy) -> Fraction:
    natural = {one, two} == {1, _TEN}
    dealer_natural = Fraction(0)
    for hole, chance in POINTS:
        if {hole, up} == {1, _TEN}:
            dealer_natural += chance
    if natural:
        return (1 - dealer_natural) * Fraction(3, 2)
    played = pair_value(one, two, up, policy, was_split=False)
    return (1 - dealer_natural) * played - dealer_natural


def _over_cards(value: Callable[[int], Fraction]) -> Fraction:
    total = Fraction(0)
    for points, chance in POINTS:
        total += chance * value(points)
    return total


def _total(hard: int, ace: bool) -> int:  # noqa: FBT001 - part of the state
    return hard + _SOFT if ace and hard + _SOFT <= BLACKJACK else hard
