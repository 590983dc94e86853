"""The wheel behind the table of roulette."""

from collections.abc import Mapping
from functools import lru_cache
from math import cos, pi, sin

from seraphim.features.games.rules.roulette import POCKETS, SPACES, WHEEL, colour_of
from seraphim.surfaces.pictures import canvas, chip, text, theme

_FILL = {"red": "#c0392b", "black": "#23213a", "green": "#1f8a4c"}
_LINE = "#e9f5ef"
_SIZE = (480, 416)
_WHEEL_X, _WHEEL_Y = 240.0, 384.0
_RIM, _RING, _TRACK = 366.0, 352.0, 276.0
"""Radii: the wood, and the outer and inner edge of the pockets."""
_BESIDE = 6
"""Pockets that are seen on each side of the one on top."""
_TABLE = 206.0
"""Where the table begins and hides the rest of the wheel."""
_LEFT, _TOP = 17.0, 216.0
_CELL, _ROW, _OUTER_ROW = 32.0, 40.0, 34.0
_CHIPS = ("#8f81ff", "#3fc28b", "#f3b44b", "#4cb4e8", "#e07bd0")
_OUTSIDE = ("low", "even", "red", "black", "odd", "high")


def roulette_picture(chips: Mapping[str, list[int]], pocket: int | None) -> str:
    """Return the upper part of the wheel, and the table.

    Args:
        chips: For each space the seats that have a bet there.
        pocket: Where the ball lies; None while the wheel waits.
    """
    pieces = [_wheel(0 if pocket is None else pocket), _turning() if pocket is None else _ball()]
    pieces.append(_table())
    if pocket is not None:
        pieces += [_frame(space) for space, pockets in SPACES.items() if pocket in pockets]
        pieces.append(_number(pocket))
    pieces += [_pile(space, seats) for space, seats in chips.items()]
    return canvas(*_SIZE, *pieces, ground="felt")


def _wheel(top: int) -> str:
    """Draw the wheel turned so that this pocket is on top."""
    first = WHEEL.index(top)
    beside = range(-_BESIDE, _BESIDE + 1)
    sectors = "".join(_sector(n, WHEEL[(first + n) % POCKETS]) for n in beside)
    middle = f'cx="{_WHEEL_X:g}" cy="{_WHEEL_Y:g}"'
    hub = (
        f'<circle {middle} r="{_TRACK:g}" fill="#7a4f26" stroke="{_LINE}" stroke-width="2"/>'
        f'<circle {middle} r="{_TRACK - 46:g}" fill="#8d5e30"/>'
    )
    return (
        f'<clipPath id="wheel"><rect x="2" y="2" width="{_SIZE[0] - 4}" height="{_TABLE:g}"'
        f' rx="16"/></clipPath><g clip-path="url(#wheel)">'
        f'<circle {middle} r="{_RIM:g}" fill="#5a3a1c" stroke="{theme.GOLD_DEEP}"'
        f' stroke-width="3"/>{sectors}{hub}</g>'
    )


def _sector(place: int, pocket: int) -> str:
    begin, end = _angle(place - 0.5), _angle(place + 0.5)
    x1, y1 = _at(begin, _RING)
    x2, y2 = _at(end, _RING)
    path = (
        f"M{_WHEEL_X:g} {_WHEEL_Y:g}L{x1:.1f} {y1:.1f}A{_RING:g} {_RING:g} 0 0 1 {x2:.1f} {y2:.1f}Z"
    )
    x, y = _at(_angle(place), _RING - 25)
    label = text(x, y + 9, str(pocket), size=25, weight="bold", anchor="middle")
    return (
        f'<path d="{path}" fill="{_FILL[colour_of(pocket)]}" stroke="{_LINE}" stroke-width="2"/>'
        f'<g transform="rotate({360 * place / POCKETS:.1f} {x:.1f} {y:.1f})">{label}</g>'
    )


def _ball() -> str:
    x, y = _at(_angle(0), _TRACK + 17)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="#ffffff" stroke="#8a8a8a"/>'


def _turning() -> str:
    """Draw the ball on its way around the rim."""
    radius = _TRACK - 22
    x1, y1 = _at(_angle(-3.4), radius)
    x2, y2 = _at(_angle(2.2), radius)
    return (
        f'<path d="M{x1:.1f} {y1:.1f}A{radius:g} {radius:g} 0 0 1 {x2:.1f} {y2:.1f}" fill="none"'
        ' stroke="#ffffff" stroke-opacity="0.35" stroke-width="10" stroke-linecap="round"/>'
        f'<circle cx="{x2:.1f}" cy="{y2:.1f}" r="11" fill="#ffffff" stroke="#8a8a8a"/>'
    )


def _number(pocket: int) -> str:
    return (
        f'<circle cx="{_WHEEL_X:g}" cy="160" r="38" fill="{_FILL[colour_of(pocket)]}"'
        f' stroke="{theme.GOLD}" stroke-width="5"/>'
        + text(_WHEEL_X, 175, str(pocket), size=42, weight="bold", anchor="middle")
    )


@lru_cache(maxsize=1)
def _table() -> str:
    labels = {"dozen1": "1st 12", "dozen2": "2nd 12", "dozen3": "3rd 12"}
    labels |= {f"column{n}": "2:1" for n in (1, 2, 3)}
    labels |= {"low": "1-18", "even": "even", "red": "", "black": "", "odd": "odd", "high": "19-36"}
    labels |= {str(number): str(number) for number in range(POCKETS)}
    ground = (
        f'<path d="M2 {_TABLE:g}H{_SIZE[0] - 2}V{_SIZE[1] - 20}a18 18 0 0 1 -18 18H20a18 18 0 0 1'
        f' -18 -18Z" fill="{theme.FELT_BOTTOM}"/>'
        f'<path d="M2 {_TABLE:g}H{_SIZE[0] - 2}" stroke="{theme.GOLD_DEEP}" stroke-width="3"/>'
    )
    return ground + "".join(_cell(space, label) for space, label in labels.items())


def _cell(space: str, label: str) -> str:
    x, y, width, height = _box(space)
    fill = "none"
    if space.isdecimal():
        fill = _FILL[colour_of(int(space))]
    elif space in {"red", "black"}:
        fill = _FILL[space]
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"'
        f' stroke="{_LINE}" stroke-opacity="0.8"/>'
        + text(x + width / 2, y + height / 2 + 6, label, size=17, weight="bold", anchor="middle")
    )


def _box(space: str) -> tuple[float, float, float, float]:
    """Return where a space is on the table: left, top, width, height."""
    if space == "0":
        return _LEFT, _TOP, _CELL, 3 * _ROW
    if space.isdecimal():
        number = int(space)
        column, row = (number - 1) // 3 + 1, 2 - (number - 1) % 3
        return _LEFT + column * _CELL, _TOP + row * _ROW, _CELL, _ROW
    if space.startswith("column"):
        return _LEFT + 13 * _CELL, _TOP + (3 - int(space[-1])) * _ROW, _CELL, _ROW
    below = _TOP + 3 * _ROW
    if space.startswith("dozen"):
        return _LEFT + (4 * int(space[-1]) - 3) * _CELL, below, 4 * _CELL, _OUTER_ROW
    left = _LEFT + (1 + 2 * _OUTSIDE.index(space)) * _CELL
    return left, below + _OUTER_ROW, 2 * _CELL, _OUTER_ROW


def _frame(space: str) -> str:
    """Mark a space that has won."""
    x, y, width, height = _box(space)
    return (
        f'<rect x="{x + 1:g}" y="{y + 1:g}" width="{width - 2:g}" height="{height - 2:g}"'
        f' fill="{theme.GOLD}" fill-opacity="0.15" stroke="{theme.GOLD}" stroke-width="3"/>'
    )


def _pile(space: str, seats: list[int]) -> str:
    x, y, width, height = _box(space)
    right, foot = x + width - 11, y + height - 11
    return "".join(
        chip(right - 3 * place, foot - 5 * place, 9.5, fill=_CHIPS[seat % len(_CHIPS)])
        for place, seat in enumerate(seats[-4:])
    )


def _angle(place: float) -> float:
    return 2 * pi * place / POCKETS - pi / 2


def _at(angle: float, radius: float) -> tuple[float, float]:
    return _WHEEL_X + radius * cos(angle), _WHEEL_Y + radius * sin(angle)
