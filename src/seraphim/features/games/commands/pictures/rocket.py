"""The rocket of crash, and the rocket before its start."""

from seraphim.surfaces.pictures import canvas, theme

_SIZE = (480, 200)
_SHOWN_RIDERS = 9
_SUITS = ("#8f81ff", "#3fc28b", "#f3b44b", "#4cb4e8", "#e07bd0")
_STARS = (
    *((38, 40, 2.2), (92, 88, 1.6), (140, 30, 1.8), (190, 70, 2.4), (70, 128, 1.4)),
    *((300, 34, 1.6), (352, 84, 2.2), (396, 26, 1.8), (444, 62, 2.4), (420, 116, 1.6)),
)


def rocket(x: float, y: float, *, scale: float = 1.0, turn: float = 0.0, burns: bool = True) -> str:
    """Return a rocket around ``x``, ``y``, 72 units high at ``scale`` 1; ``turn`` in degrees."""
    flame = (
        f'<path d="M-9 34Q0 74 9 34Z" fill="{theme.WARN}"/>'
        f'<path d="M-4.5 34Q0 56 4.5 34Z" fill="#fff3c4"/>'
        if burns
        else ""
    )
    return (
        f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn:.1f}) scale({scale:g})">{flame}'
        f'<path d="M-12 12L-24 36L-10 32ZM12 12L24 36L10 32Z" fill="{theme.BAD}"/>'
        '<path d="M0 -38C16 -24 18 4 12 34H-12C-18 4 -16 -24 0 -38Z" fill="#f4f2ff"'
        ' stroke="#b9b5d2" stroke-width="2"/>'
        f'<path d="M0 -38C7 -32 11 -25 13 -16H-13C-11 -25 -7 -32 0 -38Z" fill="{theme.BAD}"/>'
        '<circle cx="0" cy="-2" r="7.5" fill="#4cb4e8" stroke="#35314f" stroke-width="3"/></g>'
    )


def boarding_picture(riders: int) -> str:
    """Return the rocket on its pad at night, with who has boarded beside it."""
    width, height = _SIZE
    stars = "".join(
        f'<circle cx="{x}" cy="{y}" r="{size}" fill="#ffffff" fill-opacity="0.75"/>'
        for x, y, size in _STARS
    )
    ground = (
        f'<path d="M2 {height - 34}Q{width / 2:g} {height - 60} {width - 2} {height - 34}'
        f'V{height - 20}a18 18 0 0 1 -18 18H20a18 18 0 0 1 -18 -18Z" fill="#35314f"/>'
        f'<rect x="{width / 2 - 46:g}" y="{height - 52}" width="92" height="12" rx="4"'
        ' fill="#8a8fb0"/>'
    )
    shown = min(riders, _SHOWN_RIDERS)
    crowd = "".join(_rider(n, height - 26) for n in range(shown))
    return canvas(
        width, height, stars, ground, rocket(width / 2, 92, scale=1.5, burns=False), crowd
    )


def _rider(number: int, foot: float) -> str:
    """Draw somebody in a space suit, in turn to the left and to the right of the rocket."""
    away = 78 + 40 * (number // 2)
    x = _SIZE[0] / 2 + (away if number % 2 else -away)
    suit = _SUITS[number % len(_SUITS)]
    return (
        f'<path d="M{x - 14:g} {foot + 14:g}V{foot - 4:g}Q{x - 14:g} {foot - 18:g} {x:g}'
        f" {foot - 18:g}Q{x + 14:g} {foot - 18:g} {x + 14:g} {foot - 4:g}V{foot + 14:g}Z"
        f'" fill="{suit}"/>'
        f'<circle cx="{x:g}" cy="{foot - 28:g}" r="14" fill="#f4f2ff"/>'
        f'<rect x="{x - 9:g}" y="{foot - 35:g}" width="18" height="12" rx="6" fill="#23213a"/>'
    )
