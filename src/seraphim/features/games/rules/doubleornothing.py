"""Double or nothing: each throw doubles the pot or ends it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import PERCENT, Move, Opening, Plain, Step
from seraphim.kernel.marks import N_

MAX_DOUBLINGS = 5
LIMIT_MS = 10 * 60 * 1000


class DoubleOrNothing(msgspec.Struct, frozen=True):
    """``throws`` are the numbers 1 to 100 so far; up to ``win_percent`` they double the pot."""

    stake: int
    win_percent: int
    throws: tuple[int, ...] = ()
    pot: int = 0
    taken: bool = False


class DoubleOrNothingGame:
    """The first throw comes with the bet; then the member throws again or takes the pot.

    After five doublings the pot is paid out. After ten minutes it is taken. Draws: each throw,
    1 to 100.
    """

    kind = "doubleornothing"
    state_type = DoubleOrNothing
    shared = False
    versioned = True
    joins: frozenset[str] = frozenset()
    one_a_channel = False

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return the chance of a doubling."""
        return {"win_percent": settings["doubleornothing_win_percent"]}

    def open(self, opening: Opening, stream: FairStream) -> Step[DoubleOrNothing]:
        """Make the first throw."""
        percent = number_of(opening.terms, "win_percent")
        state = DoubleOrNothing(opening.stake, percent, pot=opening.stake)
        return _thrown(state, stream, opening.at_ms)

    def act(self, state: DoubleOrNothing, move: Move, stream: FairStream) -> Step[DoubleOrNothing]:
        """Throw again, or take the pot."""
        if move.action == "take":
            return _taken(state)
        if move.action != "double":
            raise MoveNotPossible(reason=N_("That is not a choice in this game."))
        return _thrown(state, stream, move.at_ms)

    def timeout(
        self, state: DoubleOrNothing, at_ms: int, stream: FairStream
    ) -> Step[DoubleOrNothing]:
        """Take the pot."""
        del at_ms, stream
        return _taken(state)


def expected_value(win_percent: int, doublings: int) -> Fraction:
    """Return what a player can expect who wants so many doublings, exactly."""
    return Fraction(2 * win_percent, PERCENT) ** doublings - 1


def _thrown(state: DoubleOrNothing, stream: FairStream, at_ms: int) -> Step[DoubleOrNothing]:
    throw = stream.integer(1, PERCENT)
    throws = (*state.throws, throw)
    if throw > state.win_percent:
        lost = msgspec.structs.replace(state, throws=throws, pot=0)
        return Step(lost, payouts={0: 0})
    after = msgspec.structs.replace(state, throws=throws, pot=2 * state.pot)
    if len(throws) == MAX_DOUBLINGS:
        return _taken(after)
    return Step(after, deadline_ms=at_ms + LIMIT_MS)


def _taken(state: DoubleOrNothing) -> Step[DoubleOrNothing]:
    return Step(msgspec.structs.replace(state, taken=True), payouts={0: state.pot})
