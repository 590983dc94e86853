"""The duel: two members, equal bets, three exchanges, each a fair coin.

Who lands two hits takes both bets less the fee. Nobody can do anything to be better than the other,
so a coin is worth ``1 - fee`` to each.
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

HITS_TO_WIN = 2
_CHALLENGER, _CHALLENGED = 0, 1


class Duel(msgspec.Struct, frozen=True):
    """A challenge, and what came of it. ``hits`` are the seats that landed each exchange."""

    stake: int
    fee_percent: int
    until_ms: int
    hits: tuple[int, ...] = ()
    ending: str = ""
    """``fought``, ``declined``, ``withdrawn``, ``expired``; empty while it is open."""

    @property
    def winner(self) -> int | None:
        """The seat that landed two hits."""
        seats = (_CHALLENGER, _CHALLENGED)
        return next((seat for seat in seats if self.hits.count(seat) == HITS_TO_WIN), None)


class DuelGame:
    """The rules. Draws: up to three exchanges, 0 or 1; one for the fraction of a coin."""

    kind = "duel"
    state_type = Duel
    shared = True
    versioned = False
    joins: frozenset[str] = frozenset({"accept"})
    one_a_channel = False

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return the fee and how long the other may think about it."""
        return {
            "fee_percent": settings["duel_fee_percent"],
            "accept_ms": settings["duel_accept_seconds"] * 1000,
        }

    def open(self, opening: Opening, stream: FairStream) -> Step[Duel]:
        """Challenge one member."""
        del stream
        if opening.invited != 1:
            raise MoveNotPossible(reason=N_("Challenge one member."))
        until_ms = opening.at_ms + number_of(opening.terms, "accept_ms")
        state = Duel(opening.stake, number_of(opening.terms, "fee_percent"), until_ms)
        return Step(state, deadline_ms=until_ms)

    def act(self, state: Duel, move: Move, stream: FairStream) -> Step[Duel]:
        """Accept or decline (the challenged), or withdraw (the challenger)."""
        if move.at_ms >= state.until_ms:
            raise MoveNotPossible(reason=N_("The time to answer this challenge is over."))
        match move.seat, move.action:
            case (1, "accept"):
                return self._fight(state, stream)
            case (1, "decline"):
                return _released(state, "declined")
            case (0, "decline"):
                return _released(state, "withdrawn")
            case _:
                raise MoveNotPossible(reason=N_("Only the one who was challenged can do that."))

    def timeout(self, state: Duel, at_ms: int, stream: FairStream) -> Step[Duel]:
        """Nobody answered: the bet goes back."""
        del at_ms, stream
        return _released(state, "expired")

    def _fight(self, state: Duel, stream: FairStream) -> Step[Duel]:
        hits: list[int] = []
        while max(hits.count(_CHALLENGER), hits.count(_CHALLENGED)) < HITS_TO_WIN:
            hits.append(stream.integer(_CHALLENGER, _CHALLENGED))
        after = msgspec.structs.replace(state, hits=tuple(hits), ending="fought")
        kept = 2 * state.stake * (PERCENT - state.fee_percent)
        prize = whole_coins(kept, PERCENT, stream)
        winner = after.winner
        payouts = {seat: prize if seat == winner else 0 for seat in (_CHALLENGER, _CHALLENGED)}
        return Step(after, {_CHALLENGED: state.stake}, payouts=payouts)


def expected_value(fee_percent: int) -> Fraction:
    """Return what a coin of either side can expect, exactly."""
    return Fraction(PERCENT - fee_percent, PERCENT) - 1


def _released(state: Duel, ending: str) -> Step[Duel]:
    return Step(msgspec.structs.replace(state, ending=ending), released=True)
