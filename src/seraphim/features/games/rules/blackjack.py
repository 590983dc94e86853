"""Blackjack against the house, from an endless shoe.

Every card is one draw of 52, each as likely whatever lay before, so there is nothing to count. The
dealer looks for a natural first, and stands on every 17. Two cards of the same value may be split
once; split aces get one card each; any first two cards but split aces may be doubled. A natural
pays 3:2 (not after a split), an equal total gives the bet back.

An abandoned hand stands. Standing is a move the member could have made, so walking away is never
better than playing (:mod:`~seraphim.features.games.rules.blackjack_value` has the figures).
"""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from seraphim.features.games.rules.cards import (
    BLACKJACK,
    DECK,
    is_natural,
    points_of,
    total_of,
)
from seraphim.features.games.rules.coins import whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import Move, Opening, Plain, Step
from seraphim.kernel.marks import N_

type Action = Literal["hit", "stand", "double", "split"]

DEALER_STANDS = 17
_PAIR = 2
_ACE = 1


class Hand(msgspec.Struct, frozen=True):
    """Cards of the member's, and what is bet on them."""

    cards: tuple[int, ...]
    stake: int
    is_done: bool = False

    @property
    def total(self) -> int:
        """The best total."""
        return total_of(self.cards)[0]

    @property
    def is_bust(self) -> bool:
        """Whether it is over 21."""
        return self.total > BLACKJACK


class Blackjack(msgspec.Struct, frozen=True):
    """A round. ``dealer`` holds the hidden second card too; pictures hide it until the end."""

    hands: tuple[Hand, ...]
    dealer: tuple[int, ...]
    is_over: bool = False

    @property
    def active(self) -> int | None:
        """The hand to be played now; None when all are done."""
        return next((n for n, hand in enumerate(self.hands) if not hand.is_done), None)

    @property
    def is_split(self) -> bool:
        """Whether there are two hands."""
        return len(self.hands) > 1


class BlackjackGame:
    """The rules. Draws: member, dealer, member, dealer; then one a card, as they are dealt."""

    kind = "blackjack"
    state_type = Blackjack
    shared = False
    versioned = True
    joins: frozenset[str] = frozenset()
    one_a_channel = False

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return nothing: the rules are the same everywhere."""
        del settings
        return {}

    def open(self, opening: Opening, stream: FairStream) -> Step[Blackjack]:
        """Deal; a natural on either side ends the round at once."""
        first, up, second, hole = (_card(stream) for _ in range(4))
        state = Blackjack((Hand((first, second), opening.stake),), (up, hole))
        if is_natural(state.dealer) or is_natural(state.hands[0].cards):
            return _ended(state, stream)
        return Step(state)

    def act(self, state: Blackjack, move: Move, stream: FairStream) -> Step[Blackjack]:
        """Hit, stand, double or split the hand that is to be played."""
        active = state.active
        if move.action not in possible(state) or active is None:
            raise MoveNotPossible(reason=N_("This hand cannot be played that way."))
        hand = state.hands[active]
        match move.action:
            case "hit":
                return _played(state, _dealt(hand, stream), {}, stream)
            case "stand":
                return _played(state, _changed(hand, is_done=True), {}, stream)
            case "double":
                last = _changed(_dealt(hand, stream), stake=2 * hand.stake, is_done=True)
                return _played(state, last, {0: hand.stake}, stream)
            case _:
                return _split(state, hand, stream)

    def timeout(self, state: Blackjack, at_ms: int, stream: FairStream) -> Step[Blackjack]:
        """Stand on every hand that is not done."""
        del at_ms
        stood = tuple(_changed(hand, is_done=True) for hand in state.hands)
        return _ended(msgspec.structs.replace(state, hands=stood), stream)


def possible(state: Blackjack) -> tuple[Action, ...]:
    """Return what may be done with the active hand; nothing when the round is over."""
    active = state.active
    if state.is_over or active is None:
        return ()
    hand = state.hands[active]
    if len(hand.cards) != _PAIR:
        return ("hit", "stand")
    one, other = (points_of(card) for card in hand.cards)
    if one == other and not state.is_split:
        return ("hit", "stand", "double", "split")
    return ("hit", "stand", "double")


def won(state: Blackjack, hand: Hand) -> Literal["natural", "win", "push", "lose"]:
    """Return how a hand of a finished round stands against the dealer."""
    natural = is_natural(hand.cards) and not state.is_split
    if is_natural(state.dealer):
        return "push" if natural else "lose"
    if natural:
        return "natural"
    dealer = total_of(state.dealer)[0]
    if hand.is_bust or dealer > BLACKJACK:
        return "lose" if hand.is_bust else "win"
    if hand.total == dealer:
        return "push"
    return "win" if hand.total > dealer else "lose"


def _card(stream: FairStream) -> int:
    return stream.integer(0, DECK - 1)


def _dealt(hand: Hand, stream: FairStream) -> Hand:
    """Add a card; a hand of 21 or more has nothing left to decide."""
    dealt = _changed(hand, cards=(*hand.cards, _card(stream)))
    return _changed(dealt, is_done=dealt.total >= BLACKJACK)


def _changed(hand: Hand, **changes: object) -> Hand:
    return msgspec.structs.replace(hand, **changes)


def _split(state: Blackjack, hand: Hand, stream: FairStream) -> Step[Blackjack]:
    aces = points_of(hand.cards[0]) == _ACE
    halves: list[Hand] = []
    for card in hand.cards:
        dealt = _dealt(Hand((card,), hand.stake), stream)
        halves.append(_changed(dealt, is_done=True) if aces else dealt)
    after = msgspec.structs.replace(state, hands=tuple(halves))
    return _next(after, {0: hand.stake}, stream)


def _played(
    state: Blackjack, hand: Hand, holds: Mapping[int, int], stream: FairStream
) -> Step[Blackjack]:
    active = state.active
    hands = tuple(hand if n == active else old for n, old in enumerate(state.hands))
    return _next(msgspec.structs.replace(state, hands=hands), holds, stream)


def _next(state: Blackjack, holds: Mapping[int, int], stream: FairStream) -> Step[Blackjack]:
    if state.active is not None:
        return Step(state, holds)
    return _ended(state, stream, holds)


def _ended(
    state: Blackjack, stream: FairStream, holds: Mapping[int, int] | None = None
) -> Step[Blackjack]:
    """Let the dealer draw, unless every hand is decided already, and pay."""
    dealer = state.dealer
    decided = is_natural(dealer) or all(
        hand.is_bust or (is_natural(hand.cards) and not state.is_split) for hand in state.hands
    )
    while not decided and total_of(dealer)[0] < DEALER_STANDS:
        dealer = (*dealer, _card(stream))
    hands = tuple(_changed(hand, is_done=True) for hand in state.hands)
    after = Blackjack(hands, dealer, is_over=True)
    paid = sum(_payout(after, hand, stream) for hand in hands)
    return Step(after, holds or {}, payouts={0: paid})


def _payout(state: Blackjack, hand: Hand, stream: FairStream) -> int:
    match won(state, hand):
        case "natural":
            return hand.stake + whole_coins(3 * hand.stake, 2, stream)
        case "win":
            return 2 * hand.stake
        case "push":
            return hand.stake
        case "lose":
            return 0
