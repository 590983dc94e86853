"""The slot machine."""

from collections.abc import Sequence

from seraphim.features.games.commands.pictures.symbols import symbol
from seraphim.surfaces.pictures import canvas, panel, text, theme


def slots_picture(reels: Sequence[str], caption: str, *, won: bool) -> str:
    """Return three reels that have stopped; ``caption`` is written below them."""
    pieces: list[str] = [panel(24, 18, 432, 156, fill="#191827", stroke=theme.GOLD_DEEP)]
    for number, name in enumerate(reels):
        left = 40 + number * 136
        pieces.append(panel(left, 32, 128, 128, fill="#fbfaff", radius=14))
        pieces.append(symbol(name, left + 64, 96, 96))
    line = theme.GOOD if won else theme.LINE
    pieces.append(f'<path d="M14 96h14M452 96h14" stroke="{line}" stroke-width="6"/>')
    colour = theme.GOLD if won else theme.MUTED
    pieces.append(
        text(240, 208, caption, size=24, colour=colour, weight="bold", anchor="middle", width=440)
    )
    return canvas(480, 230, *pieces)
