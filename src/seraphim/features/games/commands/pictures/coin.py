"""The coin of coinflip."""

from math import cos, pi, sin

from seraphim.surfaces.pictures import canvas, coin, text, theme

_X, _Y, _RADIUS = 132.0, 110.0, 86.0
_ENGRAVED = "#8a5d0c"
_POINTS = 16


def coin_picture(side: str, caption: str, *, won: bool) -> str:
    """Return a coin that has fallen.

    Args:
        side: ``heads``, which has a seraph on it, or ``tails``, which has a star.
        caption: The side's name, written beside it.
        won: Colours the name and the light around the coin.
    """
    colour = theme.GOOD if won else theme.BAD
    emblem = _seraph() if side == "heads" else _star()
    return canvas(
        480,
        220,
        f'<circle cx="{_X:g}" cy="{_Y:g}" r="{_RADIUS + 10:g}" fill="{colour}" opacity="0.3"/>',
        coin(_X, _Y, _RADIUS),
        f'<g transform="translate({_X:g} {_Y - 4:g})">{emblem}</g>',
        text(348, 126, caption, size=48, colour=colour, weight="bold", anchor="middle", width=220),
    )


def _seraph() -> str:
    """Draw a head under a halo, between two wings."""
    wing = "M8 30C20 24 26 -2 56 -6C58 8 50 16 44 20C48 22 46 32 36 34C34 44 20 48 8 44Z"
    return (
        f'<g fill="{_ENGRAVED}"><circle cx="0" cy="-6" r="18"/><path d="{wing}"/>'
        f'<path d="{wing}" transform="scale(-1 1)"/>'
        '<path d="M-12 22Q0 14 12 22L8 52H-8Z"/></g>'
        f'<ellipse cx="0" cy="-38" rx="27" ry="8" fill="none" stroke="{_ENGRAVED}"'
        ' stroke-width="6"/>'
    )


def _star() -> str:
    corners = "L".join(
        f"{(52 if n % 2 == 0 else 24) * sin(2 * pi * n / _POINTS):.1f}"
        f" {-(52 if n % 2 == 0 else 24) * cos(2 * pi * n / _POINTS):.1f}"
        for n in range(_POINTS)
    )
    return (
        f'<path d="M{corners}Z" fill="{_ENGRAVED}"/>'
        f'<circle cx="0" cy="0" r="13" fill="{theme.GOLD}"/>'
    )
