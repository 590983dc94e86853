"""Rock, paper, scissors: against the house, or against a member with hidden throws.

The winner's coin brings ``win_percent``; a tie gives the bets back. The house's throw is one fair
draw, so no throw against it is better than another. Between members the fee is the same for both;
who reads the other's mind wins from the other, never from the house. A throw that does not come in
time is drawn.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import PERCENT, Move, Opening, Plain, Step
from seraphim.kernel.marks import N_

THROWS = ("rock", "paper", "scissors")
"""Each beats the one before it, and the first beats the last."""
THROW_MS = 60_000
"""How long each has to throw."""
_OPENER, _OTHER = 0, 1


class Rps(msgspec.Struct, frozen=True):
    """A round. Throws stay hidden from pictures until it is over; None: not thrown yet."""

    stake: int
    win_percent: int
    is_against_house: bool
    until_ms: int
    throws: tuple[str | None, str | None] = (None, None)
    is_drawn: tuple[bool, bool] = (False, False)
    """Whether the throw was drawn because none came in time."""
    ending: str = ""
    """``thrown``, ``declined``, ``withdrawn``, ``expired``; empty while it is open."""

    @property
    def winner(self) -> int | None:
        """The seat that has won; None for a tie or while it is open."""
        mine, theirs = self.throws
        if self.ending != "thrown" or mine is None or theirs is None or mine == theirs:
            return None
        return _OPENER if beats(mine, theirs) else _OTHER


class RpsGame:
    """The rules. Draws: a throw for whoever has none (the house has none); one for the fraction."""

    kind = "rps"
    state_type = Rps
    shared = True
    versioned = False
    joins: frozenset[str] = frozenset({"throw"})
    one_a_channel = False

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return what a winning coin brings."""
        return {"win_percent": settings["rps_win_percent"]}

    def open(self, opening: Opening, stream: FairStream) -> Step[Rps]:
        """Hold out a fist, to the house or to one member."""
        del stream
        until_ms = opening.at_ms + THROW_MS
        state = Rps(
            opening.stake,
            number_of(opening.terms, "win_percent"),
            is_against_house=opening.invited == 0,
            until_ms=until_ms,
        )
        return Step(state, deadline_ms=until_ms)

    def act(self, state: Rps, move: Move, stream: FairStream) -> Step[Rps]:
        """Throw, or decline."""
        if move.at_ms >= state.until_ms:
            raise MoveNotPossible(reason=N_("The time to throw is over."))
        if move.seat not in {_OPENER, _OTHER} or (state.is_against_house and move.seat != _OPENER):
            raise MoveNotPossible(reason=N_("This round is between two others."))
        if move.action == "decline":
            return _declined(state, move.seat)
        throw = move.options.get("value")
        if move.action != "throw" or throw not in THROWS:
            raise MoveNotPossible(reason=N_("Throw rock, paper or scissors."))
        if state.throws[move.seat] is not None:
            raise MoveNotPossible(reason=N_("You have thrown already. It cannot be changed."))
        holds = {_OTHER: state.stake} if move.seat == _OTHER else {}
        throws = list(state.throws)
        throws[move.seat] = str(throw)
        after = msgspec.structs.replace(
            state, throws=(throws[0], throws[1]), until_ms=move.at_ms + THROW_MS
        )
        if state.is_against_house or None not in throws:
            return _over(after, holds, stream)
        if move.seat == _OPENER:  # the other has the whole time that was promised, no more
            after = msgspec.structs.replace(after, until_ms=state.until_ms)
        return Step(after, holds, deadline_ms=after.until_ms)

    def timeout(self, state: Rps, at_ms: int, stream: FairStream) -> Step[Rps]:
        """Draw the missing throw; without an opponent the bet goes back."""
        del at_ms
        if not state.is_against_house and state.throws[_OTHER] is None:
            return Step(msgspec.structs.replace(state, ending="expired"), released=True)
        return _over(state, {}, stream)


def beats(one: str, other: str) -> bool:
    """Whether throw ``one`` beats ``other``."""
    return (THROWS.index(one) - THROWS.index(other)) % len(THROWS) == 1


def expected_value(win_percent: int) -> Fraction:
    """Return what a coin can expect against fair throws, exactly."""
    return Fraction(win_percent + PERCENT, 3 * PERCENT) - 1


def _declined(state: Rps, seat: int) -> Step[Rps]:
    if state.is_against_house or state.throws[_OTHER] is not None:
        raise MoveNotPossible(reason=N_("There is no way back now: throw."))
    ending = "declined" if seat == _OTHER else "withdrawn"
    return Step(msgspec.structs.replace(state, ending=ending), released=True)


def _over(state: Rps, holds: Mapping[int, int], stream: FairStream) -> Step[Rps]:
    throws = [throw or stream.choice(THROWS) for throw in state.throws]
    is_drawn = (state.throws[0] is None, state.throws[1] is None)
    after = msgspec.structs.replace(
        state, throws=(throws[0], throws[1]), is_drawn=is_drawn, ending="thrown"
    )
    prize = whole_coins(state.stake * state.win_percent, PERCENT, stream)
    seats = (_OPENER,) if state.is_against_house else (_OPENER, _OTHER)
    tied = throws[0] == throws[1]
    payouts = {
        seat: state.stake if tied else prize if after.winner == seat else 0 for seat in seats
    }
    return Step(after, holds, payouts=payouts)
