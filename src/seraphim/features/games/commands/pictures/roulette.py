"""The wheel and the table of roulette."""

from collections.abc import Mapping
from functools import lru_cache
from math import cos, pi, sin

from seraphim.features.games.rules.roulette import POCKETS, WHEEL, colour_of
from seraphim.surfaces.pictures import canvas, panel, text, theme

_FILL = {"red": "#c0392b", "black": "#23213a", "green": "#1f8a4c"}
_CELL = 27
_LEFT, _TOP = 250, 34
_WHEEL_X, _WHEEL_Y, _WHEEL_R = 122, 134, 106
_CHIPS = ("#8f81ff", "#3fc28b", "#f3b44b", "#4cb4e8", "#e07bd0")


def roulette_picture(chips: Mapping[str, list[int]], pocket: int | None) -> str:
    """Return the wheel and the table.

    Args:
        chips: For each space the seats that have a bet there.
        pocket: Where the ball lies; None while the wheel waits.
    """
    pieces = [_wheel(), _table()]
    pieces += [_pile(space, seats) for space, seats in chips.items()]
    if pocket is not None:
        pieces += [_ball(pocket), _winner(pocket)]
    return canvas(640, 268, *pieces, ground="felt")


@lru_cache(maxsize=1)
def _wheel() -> str:
    rim = f'<circle cx="{_WHEEL_X}" cy="{_WHEEL_Y}" r="{_WHEEL_R + 8}" fill="#5a3a1c"/>'
    sectors = "".join(_sector(place, pocket) for place, pocket in enumerate(WHEEL))
    hub = (
        f'<circle cx="{_WHEEL_X}" cy="{_WHEEL_Y}" r="62" fill="#7a4f26"/>'
        f'<circle cx="{_WHEEL_X}" cy="{_WHEEL_Y}" r="34" fill="{theme.GOLD_DEEP}"/>'
        f'<circle cx="{_WHEEL_X}" cy="{_WHEEL_Y}" r="12" fill="{theme.GOLD}"/>'
    )
    return rim + sectors + hub


def _sector(place: int, pocket: int) -> str:
    begin, end = _angle(place - 0.5), _angle(place + 0.5)
    x1, y1 = _at(begin, _WHEEL_R)
    x2, y2 = _at(end, _WHEEL_R)
    path = (
        f"M{_WHEEL_X} {_WHEEL_Y}L{x1:.1f} {y1:.1f}A{_WHEEL_R} {_WHEEL_R} 0 0 1 {x2:.1f} {y2:.1f}Z"
    )
    x, y = _at(_angle(place), _WHEEL_R - 11)
    turn = 360 * place / POCKETS
    label = (
        f'<g transform="rotate({turn:.1f} {x:.1f} {y:.1f})">'
        + text(x, y + 4, str(pocket), size=10, weight="bold", anchor="middle")
        + "</g>"
    )
    return f'<path d="{path}" fill="{_FILL[colour_of(pocket)]}" stroke="#e9d9a8"/>{label}'


@lru_cache(maxsize=1)
def _table() -> str:
    pieces = [
        _cell(0, 0, 1, 3, _FILL["green"], "0"),
    ]
    for number in range(1, POCKETS):
        column, row = (number - 1) // 3 + 1, 2 - (number - 1) % 3
        pieces.append(_cell(column, row, 1, 1, _FILL[colour_of(number)], str(number)))
    labels = ("1st 12", "2nd 12", "3rd 12")
    pieces += [_cell(1 + 4 * n, 3, 4, 1, "none", label) for n, label in enumerate(labels)]
    pieces += [_cell(13, 2 - row, 1, 1, "none", "2:1") for row in range(3)]
    names = ("1-18", "even", "", "", "odd", "19-36")
    fills = ("none", "none", _FILL["red"], _FILL["black"], "none", "none")
    pairs = zip(names, fills, strict=True)
    pieces += [
        _cell(1 + 2 * place, 4, 2, 1, fill, name) for place, (name, fill) in enumerate(pairs)
    ]
    return "".join(pieces)


def _cell(column: float, row: float, wide: float, high: float, fill: str, label: str) -> str:
    x, y = _LEFT + column * _CELL, _TOP + row * 40
    width, height = wide * _CELL, high * 40
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" fill="{fill}"'
        ' stroke="#e9f5ef" stroke-opacity="0.8"/>'
        + text(x + width / 2, y + height / 2 + 5, label, size=13, weight="bold", anchor="middle")
    )


_OUTSIDE = {"low": 0, "even": 1, "red": 2, "black": 3, "odd": 4, "high": 5}


def _middle(space: str) -> tuple[float, float]:
    """Return the middle of a space on the table."""
    if space.isdecimal():
        number = int(space)
        if number == 0:
            return _LEFT + _CELL / 2, _TOP + 60
        column, row = (number - 1) // 3 + 1, 2 - (number - 1) % 3
        return _LEFT + (column + 0.5) * _CELL, _TOP + row * 40 + 20
    if space.startswith("dozen"):
        return _LEFT + (3 + 4 * (int(space[5:]) - 1)) * _CELL, _TOP + 140
    if space.startswith("column"):
        return _LEFT + 13.5 * _CELL, _TOP + (3 - int(space[6:])) * 40 + 20
    return _LEFT + (2 + 2 * _OUTSIDE[space]) * _CELL, _TOP + 180


def _pile(space: str, seats: list[int]) -> str:
    x, y = _middle(space)
    pieces = ""
    for place, seat in enumerate(seats[-4:]):
        fill = _CHIPS[seat % len(_CHIPS)]
        pieces += (
            f'<circle cx="{x + 3 * place - 3:g}" cy="{y - 4 * place:g}" r="10" fill="{fill}"'
            ' stroke="#ffffff" stroke-width="2.5" stroke-dasharray="4 3"/>'
        )
    return pieces


def _ball(pocket: int) -> str:
    x, y = _at(_angle(WHEEL.index(pocket)), _WHEEL_R - 30)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="#ffffff" stroke="#8a8a8a"/>'


def _winner(pocket: int) -> str:
    x, y = _middle(str(pocket))
    fill = _FILL[colour_of(pocket)]
    return (
        panel(x - _CELL / 2, y - 20 if pocket else y - 60, _CELL, 40 if pocket else 120,
              fill=theme.GOLD, opacity=0.35, radius=2)
        + f'<circle cx="{_WHEEL_X}" cy="{_WHEEL_Y}" r="32" fill="{fill}" stroke="{theme.GOLD}"'
        ' stroke-width="4"/>'
        + text(_WHEEL_X, _WHEEL_Y + 11, str(pocket), size=32, weight="bold", anchor="middle")
    )  # fmt: skip


def _angle(place: float) -> float:
    return 2 * pi * place / POCKETS - pi / 2


def _at(angle: float, radius: float) -> tuple[float, float]:
    return _WHEEL_X + radius * cos(angle), _WHEEL_Y + radius * sin(angle)
