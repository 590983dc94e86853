"""Playing cards as numbers 0 to 51: ``rank * 4 + suit``."""

from collections.abc import Sequence

DECK = 52
RANKS = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")
SUITS = ("♠", "♥", "♦", "♣")
BLACKJACK = 21
_SOFT = 10
_ACE = 1


def rank_of(card: int) -> str:
    """Return ``A``, ``2`` ... ``K``."""
    return RANKS[card // len(SUITS)]


def suit_of(card: int) -> str:
    """Return the suit's sign."""
    return SUITS[card % len(SUITS)]


def name_of(card: int) -> str:
    """Return what people write: ``10♥``."""
    return rank_of(card) + suit_of(card)


def points_of(card: int) -> int:
    """Return a card's points in blackjack, the ace as 1 and pictures as 10."""
    return min(card // len(SUITS) + 1, 10)


def total_of(cards: Sequence[int]) -> tuple[int, bool]:
    """Return a hand's best total, and whether an ace counts 11 in it (a soft hand)."""
    points = [points_of(card) for card in cards]
    hard = sum(points)
    if _ACE in points and hard + _SOFT <= BLACKJACK:
        return hard + _SOFT, True
    return hard, False


def is_natural(cards: Sequence[int]) -> bool:
    """Whether it is an ace and a ten as the first two cards."""
    return len(cards) == 2 and total_of(cards)[0] == BLACKJACK  # noqa: PLR2004 - the first two
