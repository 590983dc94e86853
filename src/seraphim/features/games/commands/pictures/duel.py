"""The exchanges of a duel."""

from collections.abc import Sequence

from seraphim.surfaces.pictures import canvas, panel, theme, turned

_SIZE = (480, 200)
_SIDES = (theme.VIOLET, "#4cb4e8")
_ROUNDS = 3


def duel_picture(hits: Sequence[int], winner: int | None) -> str:
    """Return two crossed swords, each side's hits beside them, the winner's shield in gold.

    Without a winner it is the challenge: nobody has landed a hit.
    """
    width, height = _SIZE
    middle = width / 2
    pieces: list[str] = []
    for side, colour in enumerate(_SIDES):
        left = 24.0 if side == 0 else width - 164.0
        stroke = theme.GOLD if side == winner else None
        pieces.append(panel(left, 34, 140, 132, stroke=stroke, opacity=0.9))
        pieces.append(_shield(left + 70, 84, 38, theme.GOLD if side == winner else colour))
        landed = [n for n, seat in enumerate(hits) if seat == side]
        for n in range(_ROUNDS):
            fill = theme.GOOD if n in landed else theme.LINE
            pieces.append(f'<circle cx="{left + 40 + 30 * n:g}" cy="146" r="8" fill="{fill}"/>')
    pieces.append(_sword(middle, height / 2, 45))
    pieces.append(_sword(middle, height / 2, -45))
    return canvas(width, height, *pieces)


def _shield(x: float, y: float, size: float, fill: str) -> str:
    top, half = y - size, size * 0.8
    return (
        f'<path d="M{x - half:g} {top:g}H{x + half:g}V{y:g}Q{x + half:g} {y + size * 0.7:g} {x:g}'
        f' {y + size:g}Q{x - half:g} {y + size * 0.7:g} {x - half:g} {y:g}Z" fill="{fill}"'
        f' stroke="#ffffff" stroke-opacity="0.35" stroke-width="3"/>'
    )


def _sword(x: float, y: float, degrees: float) -> str:
    blade = (
        f'<path d="M{x - 5:g} {y + 30:g}V{y - 58:g}L{x:g} {y - 72:g}L{x + 5:g} {y - 58:g}'
        f'V{y + 30:g}Z" fill="#dfe3f5" stroke="#8f94b8" stroke-width="1.5"/>'
    )
    guard = (
        f'<rect x="{x - 20:g}" y="{y + 28:g}" width="40" height="7" rx="3" fill="{theme.GOLD}"/>'
    )
    grip = f'<rect x="{x - 4:g}" y="{y + 35:g}" width="8" height="24" rx="3" fill="#7a4b2a"/>'
    knob = f'<circle cx="{x:g}" cy="{y + 62:g}" r="6" fill="{theme.GOLD}"/>'
    return turned(blade + guard + grip + knob, degrees, x, y)
