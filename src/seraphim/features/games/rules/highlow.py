"""High or low: is the next card higher or lower?"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import PERCENT, Move, Opening, Plain, Step
from seraphim.kernel.marks import N_

RANKS = 13
"""Ace is 1 and the lowest, king is 13."""
SUITS = 4
MAX_GUESSES = 9
MAX_MULTIPLE = 1_000
"""A pot of so many times the bet is paid out at once."""
LIMIT_MS = 10 * 60 * 1000


class HighLow(msgspec.Struct, frozen=True):
    """``cards`` are 0 to 51 (rank - 1 + 13 * suit), oldest first; ``pot`` is what can be taken.

    ``guesses`` are the calls so far, one fewer than cards. A lost game has a pot of 0.
    """

    stake: int
    keep_percent: int
    cards: tuple[int, ...]
    guesses: tuple[str, ...] = ()
    pot: int = 0
    taken: bool = False


class HighLowGame:
    """Every card comes from a whole deck. A right guess multiplies the pot by what would be fair.

    The house keeps a part of each. Equal ranks lose. After a right guess the pot can be taken;
    after nine, or at a thousand times the bet, it is paid out. After ten minutes without a move the
    pot is taken; before the first guess, the likelier side is called first (higher when both are
    as likely), so that looking at a card is not free. Draws: each card 0 to 51; after a right
    guess, one for the fraction of a coin.
    """

    kind = "highlow"
    state_type = HighLow
    shared = False
    versioned = True
    joins: frozenset[str] = frozenset()
    one_a_channel = False

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return the share of a fair payout."""
        return {"keep_percent": settings["highlow_keep_percent"]}

    def open(self, opening: Opening, stream: FairStream) -> Step[HighLow]:
        """Show the first card."""
        keep = number_of(opening.terms, "keep_percent")
        card = _draw(stream)
        state = HighLow(opening.stake, keep, (card,), pot=opening.stake)
        return Step(state, deadline_ms=opening.at_ms + LIMIT_MS)

    def act(self, state: HighLow, move: Move, stream: FairStream) -> Step[HighLow]:
        """Call higher or lower, or take the pot."""
        if move.action == "take":
            if not state.guesses:
                raise MoveNotPossible(reason=N_("Call a card first; then you can take the pot."))
            return _taken(state)
        if move.action not in {"higher", "lower"} or ways(state.cards[-1], move.action) == 0:
            raise MoveNotPossible(reason=N_("No card can be that."))
        return _guessed(state, move.action, stream, move.at_ms)

    def timeout(self, state: HighLow, at_ms: int, stream: FairStream) -> Step[HighLow]:
        """Take the pot, after a first call."""
        if state.guesses:
            return _taken(state)
        card = state.cards[-1]
        call = "higher" if ways(card, "higher") >= ways(card, "lower") else "lower"
        step = _guessed(state, call, stream, at_ms)
        return step if step.is_over else _taken(step.state)


def rank_of(card: int) -> int:
    """Return the rank of a card, 1 (ace) to 13 (king)."""
    return card % RANKS + 1


def ways(card: int, call: str) -> int:
    """Return how many of the 13 ranks make a call right."""
    rank = rank_of(card)
    return RANKS - rank if call == "higher" else rank - 1


def pays(card: int, call: str, keep_percent: int) -> Fraction:
    """Return what a right call multiplies the pot with."""
    return Fraction(RANKS * keep_percent, ways(card, call) * PERCENT)


def expected_value(keep_percent: int, guesses: int) -> Fraction:
    """Return what a player can expect who takes the pot after so many right guesses, exactly.

    Each call is worth ``keep_percent`` of the pot, whatever the card and the side.
    """
    return Fraction(keep_percent, PERCENT) ** guesses - 1


def _draw(stream: FairStream) -> int:
    return stream.integer(0, RANKS * SUITS - 1)


def _guessed(state: HighLow, call: str, stream: FairStream, at_ms: int) -> Step[HighLow]:
    shown = state.cards[-1]
    card = _draw(stream)
    difference = rank_of(card) - rank_of(shown)
    right = difference > 0 if call == "higher" else difference < 0
    cards, guesses = (*state.cards, card), (*state.guesses, call)
    if not right:
        lost = msgspec.structs.replace(state, cards=cards, guesses=guesses, pot=0)
        return Step(lost, payouts={0: 0})
    worth = state.pot * RANKS * state.keep_percent
    pot = whole_coins(worth, ways(shown, call) * PERCENT, stream)
    after = msgspec.structs.replace(state, cards=cards, guesses=guesses, pot=pot)
    if len(guesses) == MAX_GUESSES or pot >= state.stake * MAX_MULTIPLE:
        return _taken(after)
    return Step(after, deadline_ms=at_ms + LIMIT_MS)


def _taken(state: HighLow) -> Step[HighLow]:
    return Step(msgspec.structs.replace(state, taken=True), payouts={0: state.pot})
