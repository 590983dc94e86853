"""Dice: two dice, and a guess about what they show."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, text_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import PERCENT, Opening, Plain, Step
from seraphim.features.games.rules.instant import Instant
from seraphim.kernel.marks import N_

FACES = range(1, 7)
ROLLS = 36
SEVEN = 7

GUESSES: Mapping[str, Callable[[int, int], bool]] = {
    "under": lambda one, two: one + two < SEVEN,
    "seven": lambda one, two: one + two == SEVEN,
    "over": lambda one, two: one + two > SEVEN,
    "odd": lambda one, two: (one + two) % 2 == 1,
    "even": lambda one, two: (one + two) % 2 == 0,
    "doubles": lambda one, two: one == two,
    "snake_eyes": lambda one, two: one == two == 1,
}
"""What can be guessed about two dice."""
WAYS: Mapping[str, int] = {
    name: sum(holds(one, two) for one, two in product(FACES, FACES))
    for name, holds in GUESSES.items()
}
"""How many of the 36 rolls make a guess right."""


class Dice(msgspec.Struct, frozen=True):
    """Two dice that have been thrown."""

    guess: str
    dice: tuple[int, int]


class DiceGame(Instant[Dice]):
    """A right guess pays ``return_percent`` of what would be fair: 36 / ways of the guess.

    Draws: the first die, the second die (1 to 6); then one for the fraction of a coin.
    """

    kind = "dice"
    state_type = Dice

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return the share of a fair payout."""
        return {"return_percent": settings["dice_return_percent"]}

    def open(self, opening: Opening, stream: FairStream) -> Step[Dice]:
        """Throw the dice."""
        guess = text_of(opening.options, "guess")
        if guess not in GUESSES:
            raise MoveNotPossible(reason=N_("That is not a choice in this game."))
        dice = (stream.integer(1, 6), stream.integer(1, 6))
        percent = number_of(opening.terms, "return_percent")
        paid = whole_coins(opening.stake * percent * ROLLS, PERCENT * WAYS[guess], stream)
        return Step(Dice(guess, dice), payouts={0: paid if GUESSES[guess](*dice) else 0})


def pays(guess: str, return_percent: int) -> Fraction:
    """Return the multiple of the bet that a right guess pays."""
    return Fraction(return_percent * ROLLS, PERCENT * WAYS[guess])


def expected_value(guess: str, return_percent: int) -> Fraction:
    """Return what a player can expect of a guess, exactly."""
    return Fraction(WAYS[guess], ROLLS) * pays(guess, return_percent) - 1
