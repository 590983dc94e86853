"""Three boxes, closed or open."""

from collections.abc import Sequence

from seraphim.surfaces.pictures import canvas, coin, faded, panel, text, theme

_COLOURS = ("#7c6cf0", "#3fb883", "#e8a93c")


def boxes_picture(contents: Sequence[str] | None, opened: int | None) -> str:
    """Return three boxes.

    Args:
        contents: What is in each, as text such as ``1.5x``; None while all are closed.
        opened: The number of the box that was chosen, from 0.
    """
    pieces: list[str] = []
    for number, colour in enumerate(_COLOURS):
        left = 30 + number * 145
        if contents is None:
            pieces.append(_closed(left, colour, str(number + 1)))
            continue
        box = _open(left, colour, contents[number])
        pieces.append(box if number == opened else faded([box], 0.4))
    return canvas(480, 220, *pieces)


def _closed(left: float, colour: str, label: str) -> str:
    return (
        panel(left, 78, 130, 112, fill=colour, radius=10)
        + panel(left - 6, 54, 142, 36, fill=colour, stroke="#1c1b2a", radius=8)
        + panel(left + 53, 54, 24, 136, fill="#fbfaff", radius=2, opacity=0.85)
        + f'<path d="M{left + 65:g} 54c-14 -34 -46 -22 -34 -4c6 8 22 6 34 4c12 2 28 4 34 -4'
        'c12 -18 -20 -30 -34 4z" fill="none" stroke="#fbfaff" stroke-width="8"/>'
        + text(left + 24, 150, label, size=30, weight="bold", anchor="middle")
    )


def _open(left: float, colour: str, label: str) -> str:
    lid = f'<g transform="rotate(-14 {left:g} 60)">' + panel(left - 6, 40, 142, 26, fill=colour)
    return (
        lid
        + "</g>"
        + (coin(left + 65, 104, 40) if label[0] != "0" or "." in label else "")
        + panel(left, 128, 130, 66, fill=colour, radius=10)
        + text(left + 65, 172, label, size=26, weight="bold", anchor="middle", colour=theme.TEXT)
    )
