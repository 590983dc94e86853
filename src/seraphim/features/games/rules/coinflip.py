"""Coinflip: heads or tails."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import PERCENT, Opening, Plain, Step
from seraphim.features.games.rules.instant import Instant
from seraphim.kernel.marks import N_

SIDES = ("heads", "tails")


class Coinflip(msgspec.Struct, frozen=True):
    """A coin that has fallen."""

    called: str
    fell: str


class CoinflipGame(Instant[Coinflip]):
    """Who calls the coin right gets ``payout_percent`` of the bet.

    Draws: the side, 0 heads and 1 tails; then 0 to 99 for the fraction of a coin.
    """

    kind = "coinflip"
    state_type = Coinflip

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return the payout."""
        return {"payout_percent": settings["coinflip_payout_percent"]}

    def open(self, opening: Opening, stream: FairStream) -> Step[Coinflip]:
        """Throw the coin."""
        called = opening.options.get("side")
        if called not in SIDES:
            raise MoveNotPossible(reason=N_("Call heads or tails."))
        fell = stream.choice(SIDES)
        percent = number_of(opening.terms, "payout_percent")
        paid = whole_coins(opening.stake * percent, PERCENT, stream)
        return Step(Coinflip(str(called), fell), payouts={0: paid if fell == called else 0})


def expected_value(payout_percent: int) -> Fraction:
    """Return what a player can expect of one coin, exactly."""
    return Fraction(payout_percent, 2 * PERCENT) - 1
