"""Roulette: the European wheel with one zero; several bets on a table, one wheel for all."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, text_of
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import Move, Opening, Plain, Step
from seraphim.kernel.marks import N_

POCKETS = 37
HIGHEST = POCKETS - 1
RED = frozenset({1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36})
WHEEL = (
    *(0, 32, 15, 19, 4, 21, 2, 25, 17, 34, 6, 27, 13, 36, 11, 30, 8, 23, 10, 5, 24, 16, 33, 1),
    *(20, 14, 31, 9, 22, 18, 29, 7, 28, 12, 35, 3, 26),
)
"""The pockets in their order on the wheel, for the picture."""
MAX_BETS = 60
MAX_BETS_SEAT = 10
MAX_ON_TABLE = 10**12
"""Coins of one seat; with the highest payout far below what an account holds."""

SPACES: Mapping[str, frozenset[int]] = {
    "red": RED,
    "black": frozenset(range(1, POCKETS)) - RED,
    "odd": frozenset(range(1, POCKETS, 2)),
    "even": frozenset(range(2, POCKETS, 2)),
    "low": frozenset(range(1, 19)),
    "high": frozenset(range(19, POCKETS)),
    "dozen1": frozenset(range(1, 13)),
    "dozen2": frozenset(range(13, 25)),
    "dozen3": frozenset(range(25, POCKETS)),
    "column1": frozenset(range(1, POCKETS, 3)),
    "column2": frozenset(range(2, POCKETS, 3)),
    "column3": frozenset(range(3, POCKETS, 3)),
    **{str(number): frozenset({number}) for number in range(POCKETS)},
}
"""Where chips can lie, and the pockets that win there. A space of n pockets pays 36 / n."""
_NUMBER = re.compile(r"^[0-9]{1,2}$")


class Chip(msgspec.Struct, frozen=True):
    """One bet on the table."""

    seat: int
    space: str
    coins: int


class Roulette(msgspec.Struct, frozen=True):
    """A table. ``pocket`` is None until the wheel has turned."""

    spins_ms: int
    chips: tuple[Chip, ...]
    pocket: int | None = None


class RouletteGame:
    """Whoever opens the table bets first; everybody may bet until the wheel turns.

    It turns when its opener says so, or by itself when the time is over. Draws: the pocket,
    0 to 36.
    """

    kind = "roulette"
    state_type = Roulette
    shared = True
    versioned = False
    joins = frozenset({"bet"})
    one_a_channel = True

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return how long bets are taken; the payouts are those of every European wheel."""
        return {"open_seconds": settings["roulette_open_seconds"]}

    def open(self, opening: Opening, stream: FairStream) -> Step[Roulette]:
        """Open the table with a first bet."""
        del stream
        spins_ms = opening.at_ms + 1000 * number_of(opening.terms, "open_seconds")
        chip = Chip(0, space_of(text_of(opening.options, "space")), opening.stake)
        return Step(Roulette(spins_ms, (chip,)), deadline_ms=spins_ms)

    def act(self, state: Roulette, move: Move, stream: FairStream) -> Step[Roulette]:
        """Place a bet, or (the opener) turn the wheel."""
        if move.action == "spin":
            if move.seat != 0:
                raise MoveNotPossible(reason=N_("Only who opened the table turns the wheel."))
            return _spun(state, stream)
        if move.action != "bet":
            raise MoveNotPossible(reason=N_("That is not a choice in this game."))
        if move.at_ms >= state.spins_ms:
            raise MoveNotPossible(reason=N_("No more bets: the wheel is turning."))
        named = text_of(move.options, "value") or text_of(move.options, "space")
        chip = Chip(move.seat, space_of(named), move.bet)
        mine = [one for one in state.chips if one.seat == move.seat]
        if move.bet < 1:
            raise MoveNotPossible(reason=N_("A bet needs coins."))
        if len(state.chips) >= MAX_BETS or len(mine) >= MAX_BETS_SEAT:
            raise MoveNotPossible(reason=N_("There is no room for another bet on this table."))
        if sum(one.coins for one in mine) + move.bet > MAX_ON_TABLE:
            raise MoveNotPossible(reason=N_("That is more than this table takes of one player."))
        after = msgspec.structs.replace(state, chips=(*state.chips, chip))
        return Step(after, holds={move.seat: move.bet}, deadline_ms=state.spins_ms)

    def timeout(self, state: Roulette, at_ms: int, stream: FairStream) -> Step[Roulette]:
        """Turn the wheel."""
        del at_ms
        return _spun(state, stream)


def space_of(typed: str) -> str:
    """Return the space that a text names: 17, red, odd, low, dozen1, column3.

    Raises:
        MoveNotPossible: None of them.
    """
    word = typed.strip().lower()
    if _NUMBER.match(word):
        word = str(int(word))
    if word not in SPACES:
        raise MoveNotPossible(
            reason=N_("Bet on a number from 0 to 36, a colour, odd, even, a half, dozen or column.")
        )
    return word


def pays(space: str) -> int:
    """Return the multiple of the bet that a space pays, the bet included."""
    return HIGHEST // len(SPACES[space])


def colour_of(pocket: int) -> str:
    """Return red, black or green."""
    if pocket == 0:
        return "green"
    return "red" if pocket in RED else "black"


def expected_value(space: str) -> Fraction:
    """Return what a player can expect of a bet on a space, exactly: -1/37 for each."""
    return Fraction(len(SPACES[space]) * pays(space), POCKETS) - 1


def won_by(chip: Chip, pocket: int) -> int:
    """Return what a bet pays when the ball lies in a pocket."""
    return chip.coins * pays(chip.space) if pocket in SPACES[chip.space] else 0


def _spun(state: Roulette, stream: FairStream) -> Step[Roulette]:
    pocket = stream.integer(0, HIGHEST)
    payouts: dict[int, int] = {}
    for chip in state.chips:
        payouts[chip.seat] = payouts.get(chip.seat, 0) + won_by(chip, pocket)
    return Step(msgspec.structs.replace(state, pocket=pocket), payouts=payouts)
