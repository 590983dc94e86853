"""Coinflip: heads or tails."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import PERCENT, Move, Opening, Plain, Step
from seraphim.kernel.marks import N_

SIDES = ("heads", "tails")


class Coinflip(msgspec.Struct, frozen=True):
    """A coin that has fallen."""

    called: str
    fell: str


class CoinflipGame:
    """Who calls the coin right gets ``payout_percent`` of the bet.

    Draws: the side, 0 heads and 1 tails; then one for the fraction of a coin.
    """

    kind = "coinflip"
    state_type = Coinflip
    shared = False
    versioned = True
    joins: frozenset[str] = frozenset()
    one_a_channel = False

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
        won = paid if fell == called else 0
        return Step(Coinflip(str(called), fell), payouts={0: won})

    def act(self, state: Coinflip, move: Move, stream: FairStream) -> Step[Coinflip]:
        """Nothing follows a throw."""
        del state, move, stream
        raise MoveNotPossible(reason=N_("The coin has fallen."))

    def timeout(self, state: Coinflip, at_ms: int, stream: FairStream) -> Step[Coinflip]:
        """Never happens: the throw is the end."""
        del at_ms, stream
        return Step(state, released=True)


def expected_value(payout_percent: int) -> Fraction:
    """Return what a player can expect of one coin, exactly."""
    return Fraction(payout_percent, 2 * PERCENT) - 1
