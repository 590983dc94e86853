"""The cards of high or low."""

from collections.abc import Sequence

from seraphim.surfaces.pictures import RATIO, Suit, canvas, card, card_back, text, theme

_SUITS: tuple[Suit, ...] = ("spades", "hearts", "diamonds", "clubs")
_ORDER = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")
_SHOWN = 4
_PLACE = 96
_WIDTH = 86
_RANKS = len(_ORDER)


def highlow_picture(cards: Sequence[int], *, waiting: bool, pot: str) -> str:
    """Return the newest cards in a row, and a covered one while a call is awaited.

    Args:
        cards: 0 to 51, oldest first.
        waiting: Whether a next card can follow.
        pot: Written at the right.
    """
    shown = list(cards[-_SHOWN:])
    pieces: list[str] = []
    for number, drawn in enumerate(shown):
        rank, suit = _ORDER[drawn % _RANKS], _SUITS[drawn // _RANKS]
        newest = number == len(shown) - 1
        face = card(24 + number * _PLACE, 40, rank, suit, width=_WIDTH)
        pieces.append(face if newest else f'<g opacity="0.55">{face}</g>')
    if waiting and len(shown) <= _SHOWN:
        pieces.append(card_back(24 + len(shown) * _PLACE, 40, width=_WIDTH, turn=4))
    middle = 40 + _WIDTH * RATIO / 2
    pieces.append(text(566, middle - 12, "POT", size=16, colour=theme.MUTED, anchor="middle"))
    pieces.append(
        text(
            566, middle + 22, pot, size=28, colour=theme.GOLD, weight="bold", anchor="middle",
            width=128,
        )
    )  # fmt: skip
    return canvas(640, 216, *pieces, ground="felt")
