"""Playing cards, drawn: no font has to know the suits."""

from typing import Literal

from seraphim.surfaces.pictures import theme
from seraphim.surfaces.pictures.shapes import panel, text, turned

type Suit = Literal["spades", "hearts", "diamonds", "clubs"]

RANKS = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")
RATIO = 1.4
"""Height of a card by its width."""

_SUITS: dict[Suit, str] = {
    "hearts": (
        '<path d="M50 90C20 64 6 48 6 31C6 17 17 9 28 9C38 9 46 15 50 24C54 15 62 9 72 9'
        'C83 9 94 17 94 31C94 48 80 64 50 90Z"/>'
    ),
    "diamonds": '<path d="M50 4L86 50L50 96L14 50Z"/>',
    "spades": (
        '<path d="M50 6C80 32 94 46 94 62C94 75 84 82 74 82C65 82 58 77 54 70C55 81 58 89 64 94'
        'L36 94C42 89 45 81 46 70C42 77 35 82 26 82C16 82 6 75 6 62C6 46 20 32 50 6Z"/>'
    ),
    "clubs": (
        '<circle cx="50" cy="27" r="22"/><circle cx="27" cy="58" r="22"/>'
        '<circle cx="73" cy="58" r="22"/>'
        '<path d="M45 45L55 45C55 75 58 88 67 95L33 95C42 88 45 75 45 45Z"/>'
    ),
}
_LEFT, _MIDDLE, _RIGHT = 0.36, 0.5, 0.64
_SIDES = (_LEFT, _RIGHT)
_PIPS: dict[str, tuple[tuple[float, float], ...]] = {
    "2": ((_MIDDLE, 0.22), (_MIDDLE, 0.78)),
    "3": ((_MIDDLE, 0.22), (_MIDDLE, 0.5), (_MIDDLE, 0.78)),
    "4": tuple((x, y) for x in _SIDES for y in (0.22, 0.78)),
    "5": (*((x, y) for x in _SIDES for y in (0.22, 0.78)), (_MIDDLE, 0.5)),
    "6": tuple((x, y) for x in _SIDES for y in (0.22, 0.5, 0.78)),
    "7": (*((x, y) for x in _SIDES for y in (0.22, 0.5, 0.78)), (_MIDDLE, 0.36)),
    "8": (*((x, y) for x in _SIDES for y in (0.22, 0.5, 0.78)), (_MIDDLE, 0.36), (_MIDDLE, 0.64)),
    "9": (*((x, y) for x in _SIDES for y in (0.2, 0.4, 0.6, 0.8)), (_MIDDLE, 0.5)),
    "10": (
        *((x, y) for x in _SIDES for y in (0.2, 0.4, 0.6, 0.8)),
        (_MIDDLE, 0.3),
        (_MIDDLE, 0.7),
    ),
}


def suit_mark(x: float, y: float, size: float, suit: Suit, *, colour: str | None = None) -> str:
    """Return a suit's sign around its middle ``x``, ``y``."""
    scale = size / 100
    return (
        f'<g transform="translate({x - size / 2:g} {y - size / 2:g}) scale({scale:g})"'
        f' fill="{colour or _colour(suit)}">{_SUITS[suit]}</g>'
    )


def card(x: float, y: float, rank: str, suit: Suit, *, width: float = 72, turn: float = 0.0) -> str:
    """Return the face of a card whose upper left corner is at ``x``, ``y``.

    Args:
        x: Left edge.
        y: Upper edge.
        rank: One of :data:`RANKS`.
        suit: Which suit.
        width: The height follows from it (:data:`RATIO`).
        turn: Degrees clockwise around the middle.

    Raises:
        ValueError: There is no such rank.
    """
    if rank not in RANKS:
        raise ValueError(f"no card has the rank {rank}")
    height = width * RATIO
    colour = _colour(suit)
    corner = text(
        x + width * 0.15, y + width * 0.25, rank, size=width * (0.24 if len(rank) == 1 else 0.2),
        colour=colour, weight="bold", anchor="middle",
    ) + suit_mark(x + width * 0.15, y + width * 0.37, width * 0.16, suit)  # fmt: skip
    middle = x + width / 2, y + height / 2
    body = _sheet(x, y, width, theme.CARD) + corner + turned(corner, 180, *middle)
    if rank in _PIPS:
        for across, down in _PIPS[rank]:
            at = x + width * across, y + height * down
            pip = suit_mark(*at, width * 0.2, suit)
            body += turned(pip, 180, *at) if down > 0.5 else pip  # noqa: PLR2004  # the lower half
    elif rank == "A":
        body += suit_mark(*middle, width * 0.5, suit)
    else:
        body += _court(x, y, width, rank, suit)
    return turned(body, turn, *middle)


def card_back(x: float, y: float, *, width: float = 72, turn: float = 0.0) -> str:
    """Return a card that lies face down."""
    height = width * RATIO
    inset = width * 0.09
    middle = x + width / 2, y + height / 2
    foot = f"l{width * 0.04:g} {-width * 0.2:g}h{-width * 0.08:g}z"
    rays = "".join(
        f'<path d="M{middle[0]:g} {middle[1]:g}m0 {-width * 0.12:g}{foot}" fill="#ffffff"'
        f' fill-opacity="0.8"'
        f' transform="rotate({degrees} {middle[0]:g} {middle[1]:g})"/>'
        for degrees in range(0, 360, 45)
    )
    body = (
        _sheet(x, y, width, theme.CARD)
        + panel(
            x + inset, y + inset, width - 2 * inset, height - 2 * inset, fill=theme.VIOLET,
            radius=width * 0.06,
        )
        + f'<circle cx="{middle[0]:g}" cy="{middle[1]:g}" r="{width * 0.08:g}" fill="#ffffff"/>'
        + rays
    )  # fmt: skip
    return turned(body, turn, *middle)


def _colour(suit: Suit) -> str:
    return theme.CARD_RED if suit in {"hearts", "diamonds"} else theme.CARD_BLACK


def _sheet(x: float, y: float, width: float, fill: str) -> str:
    height, radius = width * RATIO, width * 0.1
    shadow = panel(x, y + width * 0.04, width, height, fill="#000000", radius=radius, opacity=0.35)
    return shadow + panel(x, y, width, height, fill=fill, stroke=theme.CARD_EDGE, radius=radius)


def _court(x: float, y: float, width: float, rank: str, suit: Suit) -> str:
    """King, queen and jack: their letter under a crown, between two suits."""
    height, colour = width * RATIO, _colour(suit)
    left, top = x + width * 0.27, y + height * 0.15
    frame = panel(
        left, top, width * 0.46, height * 0.7, fill=colour, opacity=0.08, radius=width * 0.05
    )
    middle = x + width / 2
    crown_y = y + height * 0.38
    unit = width * 0.05
    points = [(-3, 0), (-3.4, -3), (-1.6, -1.4), (0, -3.8), (1.6, -1.4), (3.4, -3), (3, 0)]
    path = "L".join(f"{middle + dx * unit:g} {crown_y + dy * unit:g}" for dx, dy in points)
    crown = f'<path d="M{path}Z" fill="{theme.GOLD}" stroke="{theme.GOLD_DEEP}"/>'
    letter = text(
        middle, y + height * 0.62, rank, size=width * 0.42, colour=colour, weight="bold",
        anchor="middle",
    )  # fmt: skip
    mark = suit_mark(middle, y + height * 0.74, width * 0.14, suit)
    return frame + crown + letter + mark
