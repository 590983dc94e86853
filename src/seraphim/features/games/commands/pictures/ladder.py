"""The ladder of double or nothing."""

from collections.abc import Sequence

from seraphim.surfaces.pictures import canvas, coin, panel, short_number, text, theme


def ladder_picture(steps: Sequence[int], climbed: int, *, fallen: bool) -> str:
    """Return a stair of pots.

    Args:
        steps: The pot on each step, lowest first.
        climbed: How many steps are reached.
        fallen: Whether the next throw missed; then nothing is left.
    """
    pieces: list[str] = []
    for number, pot in enumerate(steps):
        height = 44 + number * 27
        left = 24 + number * 88
        reached = number < climbed
        fill = theme.PANEL
        if reached:
            fill = theme.BAD if fallen else theme.GOOD
        opacity = 0.45 if fallen and reached else 1.0
        pieces.append(panel(left, 204 - height, 80, height, fill=fill, radius=8, opacity=opacity))
        colour = theme.TEXT if reached else theme.MUTED
        pieces.append(
            text(left + 40, 194, short_number(pot), size=18, colour=colour, weight="bold",
                 anchor="middle", width=74)
        )  # fmt: skip
    if climbed and not fallen:
        top = 204 - (44 + (climbed - 1) * 27)
        pieces.append(coin(24 + (climbed - 1) * 88 + 40, top - 24, 22))
    if fallen:
        pieces.append(
            text(30, 54, "✕", size=44, colour=theme.BAD, weight="bold")
            + text(76, 50, "0", size=40, colour=theme.BAD, weight="bold")
        )
    return canvas(480, 224, *pieces)
