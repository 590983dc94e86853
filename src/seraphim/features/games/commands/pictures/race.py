"""The race track."""

from collections.abc import Sequence

from seraphim.surfaces.pictures import canvas, panel, text, theme

_WIDTH = 480
_LANE = 48
_TOP = 18
_START, _END = 142.0, 436.0
_FINISH = 100
_COLOURS = (theme.VIOLET, theme.WARN, theme.GOOD, "#e07bd0", "#4cb4e8")


def race_picture(names: Sequence[str], places: Sequence[int], winner: int | None) -> str:
    """Return the track.

    Args:
        names: Of the racers, lane by lane.
        places: How far each has come, 0 to 100.
        winner: The lane that has won; None while they run.
    """
    height = _TOP * 2 + _LANE * len(names)
    pieces: list[str] = []
    for lane, (name, place) in enumerate(zip(names, places, strict=True)):
        middle = _TOP + _LANE * lane + _LANE / 2
        won = lane == winner
        pieces.append(
            panel(
                16, middle - _LANE / 2 + 3, _WIDTH - 32, _LANE - 6,
                stroke=theme.GOLD if won else None, opacity=0.65, radius=9,
            )
        )  # fmt: skip
        weight = "bold" if won else "regular"
        colour = theme.GOLD if won else theme.TEXT
        pieces.append(text(30, middle + 7, name, size=21, weight=weight, colour=colour, width=98))
        pieces.append(_runner(middle, place, _COLOURS[lane % len(_COLOURS)], name, won=won))
    pieces.append(_flag(_END + 12, _TOP, height - _TOP))
    return canvas(_WIDTH, height, *pieces)


def _runner(y: float, place: int, colour: str, name: str, *, won: bool) -> str:
    x = _START + (_END - _START) * min(place, _FINISH) / _FINISH
    trail = (
        f'<path d="M{_START:g} {y:g}H{x:.1f}" stroke="{colour}" stroke-width="6"'
        ' stroke-opacity="0.45" stroke-linecap="round"/>'
        if place
        else ""
    )
    edge = theme.GOLD if won else "#ffffff"
    disc = (
        f'<circle cx="{x:.1f}" cy="{y:g}" r="17" fill="{colour}" stroke="{edge}" stroke-width="3"/>'
    )
    return trail + disc + text(x, y + 7, name[:1], size=19, weight="bold", anchor="middle")


def _flag(x: float, top: float, foot: float) -> str:
    """Return the chequered line."""
    size = 6.0
    squares = "".join(
        f"M{x + size * column:g} {y:g}h{size:g}v{size:g}h-{size:g}z"
        for row, y in enumerate(_steps(top, foot, size))
        for column in range(2)
        if (row + column) % 2 == 0
    )
    return (
        f'<rect x="{x:g}" y="{top:g}" width="{2 * size:g}" height="{foot - top:g}" fill="#f4f2ff"/>'
        f'<path d="{squares}" fill="#23213a"/>'
    )


def _steps(top: float, foot: float, size: float) -> list[float]:
    return [top + size * n for n in range(int((foot - top) / size))]
