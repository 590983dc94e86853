"""Two throws of rock, paper, scissors."""

from collections.abc import Sequence

from seraphim.surfaces.pictures import canvas, panel, text, theme

_SIZE = (480, 190)


def rps_picture(one: str, other: str, winner: int | None) -> str:
    """Return both throws side by side; the better one has a golden edge."""
    width, height = _SIZE
    pieces: list[str] = []
    for side, throw in enumerate((one, other)):
        left = 24.0 if side == 0 else width - 184.0
        stroke = theme.GOLD if side == winner else theme.LINE
        pieces.append(panel(left, 20, 160, 150, stroke=stroke, opacity=0.9))
        pieces.append(_THROWS[throw](left + 80, 95))
    middle = "=" if winner is None else ">" if winner == 0 else "<"
    pieces.append(
        text(width / 2, 108, middle, size=40, weight="bold", colour=theme.MUTED, anchor="middle")
    )
    return canvas(width, height, *pieces)


def rps_waiting_picture(thrown: Sequence[bool]) -> str:
    """Return two covered throws; a tick for whoever has thrown already."""
    width, height = _SIZE
    pieces: list[str] = []
    for side, ready in enumerate(thrown):
        left = 24.0 if side == 0 else width - 184.0
        pieces.append(panel(left, 20, 160, 150, stroke=theme.LINE, opacity=0.9))
        if ready:
            pieces.append(
                f'<path d="M{left + 44:g} 98l26 28l48 -58" fill="none" stroke="{theme.GOOD}"'
                ' stroke-width="16" stroke-linecap="round" stroke-linejoin="round"/>'
            )
        else:
            pieces.append(
                text(left + 80, 126, "?", size=88, weight="bold", colour=theme.MUTED,
                     anchor="middle")
            )  # fmt: skip
    pieces.append(
        text(width / 2, 108, ":", size=48, weight="bold", colour=theme.MUTED, anchor="middle")
    )
    return canvas(width, height, *pieces)


def _rock(x: float, y: float) -> str:
    points = ((-46, 22), (-50, -8), (-26, -38), (12, -44), (44, -20), (50, 14), (26, 40), (-20, 42))
    path = "L".join(f"{x + dx:g} {y + dy:g}" for dx, dy in points)
    return (
        f'<path d="M{path}Z" fill="#8d90a8" stroke="#5f627c" stroke-width="4"'
        ' stroke-linejoin="round"/>'
        f'<path d="M{x - 24:g} {y - 20:g}L{x + 4:g} {y - 28:g}M{x - 14:g} {y + 6:g}'
        f'L{x + 22:g} {y - 4:g}" stroke="#c3c6d8" stroke-width="5" stroke-linecap="round"/>'
    )


def _paper(x: float, y: float) -> str:
    left, top = x - 36, y - 46
    lines = "".join(f"M{left + 14:g} {top + 26 + 15 * n:g}h44" for n in range(4))
    return (
        f'<path d="M{left:g} {top:g}h52l20 20v72h-72z" fill="{theme.CARD}"/>'
        f'<path d="M{left + 52:g} {top:g}v20h20z" fill="{theme.CARD_EDGE}"/>'
        f'<path d="{lines}" stroke="#b9b5d2" stroke-width="4" stroke-linecap="round"/>'
    )


def _scissors(x: float, y: float) -> str:
    blades = (
        f'<path d="M{x - 22:g} {y + 24:g}L{x + 26:g} {y - 46:g}M{x + 22:g} {y + 24:g}'
        f'L{x - 26:g} {y - 46:g}" stroke="#d9dcef" stroke-width="9" stroke-linecap="round"/>'
    )
    rings = "".join(
        f'<circle cx="{x + dx:g}" cy="{y + 34:g}" r="15" fill="none" stroke="{theme.BAD}"'
        ' stroke-width="8"/>'
        for dx in (-27, 27)
    )
    return blades + rings + f'<circle cx="{x:g}" cy="{y - 7:g}" r="4.5" fill="#5f627c"/>'


_THROWS = {"rock": _rock, "paper": _paper, "scissors": _scissors}
