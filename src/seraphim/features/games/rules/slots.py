"""Slots: three reels, a table of payouts."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, whole_coins
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import PERCENT, Opening, Plain, Step
from seraphim.features.games.rules.instant import Instant

REELS = 3
WEIGHTS: Mapping[str, int] = {
    "cherry": 7,
    "lemon": 6,
    "bell": 4,
    "star": 3,
    "gem": 2,
    "seven": 1,
}
"""How often each symbol is on a reel; all three reels are alike."""
THREE: Mapping[str, int] = {
    "cherry": 500,
    "lemon": 800,
    "bell": 2_000,
    "star": 3_500,
    "gem": 7_500,
    "seven": 50_000,
}
"""What three alike pay, in hundredths of the bet."""
TWO_CHERRIES = 200
SYMBOLS = tuple(WEIGHTS)


class Slots(msgspec.Struct, frozen=True):
    """Reels that have stopped, and what they paid in hundredths of the bet."""

    reels: tuple[str, str, str]
    hundredths: int


class SlotsGame(Instant[Slots]):
    """Three alike pay by the table, two cherries pay double.

    Draws: one symbol a reel by its weight (0 to 22); then one for the fraction of a coin.
    """

    kind = "slots"
    state_type = Slots

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return the share of the table that is paid."""
        return {"payout_percent": settings["slots_payout_percent"]}

    def open(self, opening: Opening, stream: FairStream) -> Step[Slots]:
        """Turn the reels."""
        weights = tuple(WEIGHTS.values())
        first, second, third = (SYMBOLS[stream.weighted(weights)] for _ in range(REELS))
        reels = (first, second, third)
        hundredths = table_of(reels)
        percent = number_of(opening.terms, "payout_percent")
        paid = whole_coins(opening.stake * hundredths * percent, PERCENT * PERCENT, stream)
        return Step(Slots(reels, hundredths), payouts={0: paid})


def table_of(reels: Sequence[str]) -> int:
    """Return what three symbols pay, in hundredths of the bet."""
    if len(set(reels)) == 1:
        return THREE[reels[0]]
    return TWO_CHERRIES if list(reels).count("cherry") == REELS - 1 else 0


def expected_value(payout_percent: int) -> Fraction:
    """Return what a player can expect of a spin, exactly: all 216 outcomes with their weights."""
    total = sum(WEIGHTS.values()) ** REELS
    paid = sum(
        WEIGHTS[one] * WEIGHTS[two] * WEIGHTS[three] * table_of((one, two, three))
        for one, two, three in product(WEIGHTS, repeat=REELS)
    )
    return Fraction(paid * payout_percent, total * PERCENT * PERCENT) - 1
