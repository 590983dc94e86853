"""The curve of a rocket that has flown."""

import math
from collections.abc import Sequence

from seraphim.features.games.commands.pictures.rocket import rocket
from seraphim.features.games.rules.crash import GROWTH_MS, ONE, elapsed_to
from seraphim.surfaces.pictures import canvas, text, theme

_SIZE = (480, 232)
_LEFT, _RIGHT, _TOP, _FOOT = 72.0, 424.0, 48.0, 196.0
_POINTS = 48
_LINES = 3
_MARKS = 12


def crash_picture(height: int, lefts: Sequence[int], label: str, *, has_burst: bool) -> str:
    """Return the curve up to where the round ended.

    Args:
        height: Where it ended, in hundredths.
        lefts: Where riders got off, in hundredths.
        label: The height in words.
        has_burst: Whether it burst there, or everybody was off.
    """
    colour = theme.BAD if has_burst else theme.GOOD
    last_ms = max(1, elapsed_to(height))
    top = max(height, ONE + 20)
    points = [_point(last_ms * n / _POINTS, last_ms, top) for n in range(_POINTS + 1)]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    end_x, end_y = points[-1]
    pieces = [*_grid(top)]
    pieces.append(
        f'<path d="M{_LEFT:g} {_FOOT:g}L{path}L{end_x:.1f} {_FOOT:g}Z" fill="{colour}"'
        ' fill-opacity="0.18"/>'
    )
    pieces.append(
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="4"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    )
    for left in sorted(set(lefts))[:_MARKS]:
        x, y = _point(elapsed_to(left), last_ms, top)
        pieces.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{theme.GOLD}" stroke="#ffffff"'
            ' stroke-width="2"/>'
        )
    pieces.append(_star(end_x, end_y) if has_burst else rocket(end_x, end_y, scale=0.8, turn=48))
    pieces.append(
        text(_LEFT + 14, _TOP + 36, label, size=48, weight="bold", colour=colour, width=230)
    )
    return canvas(*_SIZE, *pieces)


def _point(elapsed_ms: float, last_ms: int, top: int) -> tuple[float, float]:
    height = ONE * math.exp(elapsed_ms / GROWTH_MS)
    x = _LEFT + (_RIGHT - _LEFT) * min(1.0, elapsed_ms / last_ms)
    y = _FOOT - (_FOOT - _TOP) * min(1.0, (height - ONE) / (top - ONE))
    return x, y


def _grid(top: int) -> list[str]:
    pieces: list[str] = []
    for n in range(_LINES + 1):
        y = _FOOT - (_FOOT - _TOP) * n / _LINES
        times = (ONE + (top - ONE) * n / _LINES) / ONE
        digits = 0 if top >= 20 * ONE else 1 if top >= 2 * ONE else 2
        shown = f"{times:.{digits}f}x"
        pieces.append(
            f'<path d="M{_LEFT:g} {y:.1f}H{_RIGHT + 16:g}" stroke="{theme.LINE}" stroke-width="1"/>'
        )
        pieces.append(
            text(_LEFT - 9, y + 7, shown, size=19, colour=theme.MUTED, anchor="end", width=60)
        )
    return pieces


def _star(x: float, y: float) -> str:
    corners: list[str] = []
    for n in range(16):
        radius = 30 if n % 2 == 0 else 14
        angle = math.pi * n / 8
        corners.append(f"{x + radius * math.cos(angle):.1f} {y + radius * math.sin(angle):.1f}")
    return (
        f'<path d="M{"L".join(corners)}Z" fill="{theme.WARN}" stroke="{theme.BAD}"'
        ' stroke-width="3" stroke-linejoin="round"/>'
    )
