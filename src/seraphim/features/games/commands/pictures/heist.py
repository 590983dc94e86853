"""The vault."""

import math

from seraphim.surfaces.pictures import canvas, coin, panel, theme

_SIZE = (480, 252)
_CENTRE = (240.0, 98.0)
_RADIUS = 76.0
_BOLTS = 12
_SHOWN_CREW = 9
_THIEF = 1.5
"""How large the crew is drawn."""


def heist_picture(ending: str, crew: int) -> str:
    """Return the vault: shut, open with the loot, or behind bars; the crew stands below.

    Args:
        ending: ``loot``, ``escaped``, ``caught``, or empty while the crew gathers.
        crew: How many they are.
    """
    width, height = _SIZE
    pieces = [panel(20, 16, width - 40, height - 52, opacity=0.5)]
    pieces.append(_open_vault() if ending == "loot" else _shut_vault(alarm=ending == "escaped"))
    shown = min(crew, _SHOWN_CREW)
    left = width / 2 - (shown - 1) * 24
    pieces.extend(
        f'<g transform="translate({left + 48 * n:g} {height - 22}) scale({_THIEF})">'
        f"{_thief(0, 0)}</g>"
        for n in range(shown)
    )
    if ending == "caught":
        bars = "".join(f"M{x} 16V{height - 8}" for x in range(44, width - 30, 34))
        pieces.append(f'<path d="{bars}" stroke="#b9bdd3" stroke-width="7" stroke-opacity="0.85"/>')
    return canvas(width, height, *pieces)


def _shut_vault(*, alarm: bool) -> str:
    x, y = _CENTRE
    rim = theme.BAD if alarm else "#8a8fb0"
    pieces = [
        f'<circle cx="{x}" cy="{y}" r="{_RADIUS}" fill="#5b5f7e" stroke="{rim}" stroke-width="8"/>',
        f'<circle cx="{x}" cy="{y}" r="{_RADIUS - 22}" fill="#6d7192"/>',
    ]
    for n in range(_BOLTS):
        angle = 2 * math.pi * n / _BOLTS
        bolt_x, bolt_y = x + (_RADIUS - 11) * math.cos(angle), y + (_RADIUS - 11) * math.sin(angle)
        pieces.append(f'<circle cx="{bolt_x:.1f}" cy="{bolt_y:.1f}" r="5" fill="#c8cbe0"/>')
    for n in range(5):
        angle = 2 * math.pi * n / 5 - math.pi / 2
        end_x, end_y = x + 40 * math.cos(angle), y + 40 * math.sin(angle)
        pieces.append(
            f'<path d="M{x} {y}L{end_x:.1f} {end_y:.1f}" stroke="#d9dcef" stroke-width="7"'
            ' stroke-linecap="round"/>'
        )
    pieces.append(f'<circle cx="{x}" cy="{y}" r="13" fill="{theme.GOLD}"/>')
    return "".join(pieces)


def _open_vault() -> str:
    x, y = _CENTRE
    hole = (
        f'<circle cx="{x}" cy="{y}" r="{_RADIUS}" fill="#14131f" stroke="{theme.GOLD}"'
        ' stroke-width="8"/>'
    )
    door = (
        f'<ellipse cx="{x - _RADIUS - 34}" cy="{y}" rx="30" ry="{_RADIUS}" fill="#5b5f7e"'
        ' stroke="#8a8fb0" stroke-width="6"/>'
    )
    heap = ((0, 44, 20), (-34, 46, 18), (34, 46, 18), (-17, 18, 18), (17, 18, 18), (0, -8, 18))
    return hole + door + "".join(coin(x + dx, y + dy, radius) for dx, dy, radius in heap)


def _thief(x: float, foot: float) -> str:
    return (
        f'<path d="M{x - 13:g} {foot + 12:g}V{foot - 8:g}Q{x - 13:g} {foot - 22:g} {x:g}'
        f' {foot - 22:g}Q{x + 13:g} {foot - 22:g} {x + 13:g} {foot - 8:g}V{foot + 12:g}Z"'
        f' fill="#14131f" stroke="#8f86c8" stroke-width="2"/>'
        f'<circle cx="{x:g}" cy="{foot - 28:g}" r="10" fill="#e9c9a4"/>'
        f'<rect x="{x - 10:g}" y="{foot - 33:g}" width="20" height="7" fill="#15141f"/>'
        f'<circle cx="{x - 4:g}" cy="{foot - 29.5:g}" r="1.8" fill="#ffffff"/>'
        f'<circle cx="{x + 4:g}" cy="{foot - 29.5:g}" r="1.8" fill="#ffffff"/>'
    )
