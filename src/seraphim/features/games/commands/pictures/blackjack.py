"""The table of blackjack."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from seraphim.features.games.rules.cards import rank_of, suit_of
from seraphim.surfaces.pictures import (
    Suit,
    badge,
    canvas,
    card,
    card_back,
    panel,
    text,
    theme,
)

_SIZE = (480, 352)
_SUITS: dict[str, Suit] = {"♠": "spades", "♥": "hearts", "♦": "diamonds", "♣": "clubs"}
_CARD = 88.0
_HAND_TOP = 214.0
_FEW = 3
_TONES = {"good": theme.GOOD, "even": theme.WARN, "bad": theme.BAD}


@dataclass(frozen=True, slots=True)
class PaintedHand:
    """A hand as it is drawn."""

    cards: tuple[int, ...]
    total: int
    name: str
    caption: str
    """On a badge over the cards; empty for none."""
    is_active: bool
    """Whether it is this one's turn, of two."""
    tone: Literal["good", "even", "bad"]


def blackjack_picture(
    dealer_name: str,
    dealer: Sequence[int],
    dealer_total: int,
    hands: Sequence[PaintedHand],
    *,
    hole_hidden: bool,
) -> str:
    """Return the table: the dealer above, one or two hands below."""
    width, height = _SIZE
    row = _row(dealer, 24, 46, width - 48, hole_hidden=hole_hidden)
    pieces = [
        text(24, 35, f"{dealer_name} · {dealer_total}", size=23, weight="bold", width=420),
        row,
    ]
    room = (width - 24) / len(hands)
    for number, hand in enumerate(hands):
        left = 24 + room * number
        if hand.is_active:
            pieces.append(
                panel(
                    left - 12, _HAND_TOP - 36, room - 2, height - _HAND_TOP + 28,
                    fill=theme.FELT_EDGE, stroke=theme.GOLD, opacity=0.35,
                )
            )  # fmt: skip
        label = f"{hand.name} · {hand.total}"
        pieces.append(text(left, _HAND_TOP - 11, label, size=23, weight="bold", width=room - 30))
        pieces.append(_row(hand.cards, left, _HAND_TOP + 2, room - 24))
        if hand.caption:
            fill, top = _TONES[hand.tone], _HAND_TOP + 44
            if len(hands) == 1 and len(hand.cards) <= _FEW:  # there is room beside the cards
                pieces.append(
                    badge(width - 24, top, hand.caption, fill=fill, size=26, anchor="end")
                )
                continue
            middle = left + (room - 24) / 2
            pieces.append(badge(middle, top, hand.caption, fill=fill, size=23, anchor="middle"))
    return canvas(width, height, *pieces, ground="felt")


def _row(
    cards: Sequence[int], left: float, top: float, room: float, *, hole_hidden: bool = False
) -> str:
    """Draw cards side by side, closer together the more there are."""
    count = len(cards) + hole_hidden
    step = min(_CARD + 8, (room - _CARD) / max(1, count - 1))
    pieces = [
        card(left + step * n, top, rank_of(each), _SUITS[suit_of(each)], width=_CARD)
        for n, each in enumerate(cards)
    ]
    if hole_hidden:
        pieces.append(card_back(left + step * len(cards), top, width=_CARD))
    return "".join(pieces)
