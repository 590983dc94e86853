"""The cards of high or low."""

from collections.abc import Sequence

from seraphim.surfaces.pictures import (
    RATIO,
    Suit,
    canvas,
    card,
    card_back,
    coin,
    faded,
    panel,
    short_number,
    text,
    theme,
)

_SIZE = (480, 204)
_SUITS: tuple[Suit, ...] = ("spades", "hearts", "diamonds", "clubs")
_ORDER = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")
_RANKS = len(_ORDER)
_WIDTH = 104.0
_TOP = 28.0
_LEFT, _LEFT_ALONE = 122.0, 74.0
_EARLIER = 3
_EARLIER_WIDTH = 58.0
_POT_X = 414.0


def highlow_picture(cards: Sequence[int], *, waiting: bool, pot: int) -> str:
    """Return the card that was called upon, the one that came, and the pot.

    Args:
        cards: 0 to 51, oldest first.
        waiting: Whether a call is awaited; the next card lies face down.
        pot: Coins; 0 once the game is lost.
    """
    before = len(cards) - (1 if waiting or len(cards) == 1 else 2)
    earlier = cards[max(0, before - _EARLIER) : before]
    left = _LEFT if earlier else _LEFT_ALONE
    right = left + _WIDTH + 14
    row = [_face(drawn, 20 + 30 * n, 62, _EARLIER_WIDTH) for n, drawn in enumerate(earlier)]
    pieces = [faded(row, 0.6), _face(cards[before], left, _TOP, _WIDTH)]
    if waiting:
        pieces.append(card_back(right, _TOP, width=_WIDTH, turn=4))
    elif before + 1 < len(cards):
        glow = theme.GOOD if pot else theme.BAD
        height = _WIDTH * RATIO
        pieces.append(panel(right - 7, _TOP - 7, _WIDTH + 14, height + 14, fill=glow, radius=16))
        pieces.append(_face(cards[-1], right, _TOP, _WIDTH))
    pieces.append(coin(_POT_X, 76, 34) if pot else _nothing())
    colour = theme.GOLD if pot else theme.BAD
    pieces.append(
        text(
            _POT_X, 148, short_number(pot), size=30, colour=colour, weight="bold",
            anchor="middle", width=118,
        )
    )  # fmt: skip
    return canvas(*_SIZE, *pieces, ground="felt")


def _face(drawn: int, x: float, y: float, width: float) -> str:
    return card(x, y, _ORDER[drawn % _RANKS], _SUITS[drawn // _RANKS], width=width)


def _nothing() -> str:
    """Return where the coin was."""
    return (
        f'<circle cx="{_POT_X:g}" cy="76" r="33" fill="none" stroke="{theme.BAD}"'
        ' stroke-width="4" stroke-dasharray="9 7"/>'
    )
