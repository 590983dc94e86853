"""The ladder of double or nothing."""

from collections.abc import Sequence

from seraphim.surfaces.pictures import canvas, coin, panel, short_number, text, theme

_THROWS = 100
_SCALE_X, _SCALE_Y, _SCALE_WIDTH = 28.0, 58.0, 226.0


def ladder_picture(
    steps: Sequence[int], climbed: int, *, fallen: bool, throw: int, limit: int
) -> str:
    """Return a stair of pots, and the last throw on a scale.

    Args:
        steps: The pot on each step, lowest first.
        climbed: How many steps are reached.
        fallen: Whether the last throw missed; then nothing is left.
        throw: The number thrown, 1 to 100.
        limit: Up to this number a throw doubles.
    """
    pieces: list[str] = [_scale(throw, limit)]
    for number, pot in enumerate(steps):
        height = 44 + number * 27
        left = 24 + number * 88
        reached = number < climbed
        fill = theme.PANEL
        if reached:
            fill = theme.BAD if fallen else theme.GOOD
        opacity = 0.45 if fallen and reached else 1.0
        pieces.append(panel(left, 210 - height, 80, height, fill=fill, radius=8, opacity=opacity))
        colour = theme.TEXT if reached else theme.MUTED
        pieces.append(
            text(left + 40, 199, short_number(pot), size=22, colour=colour, weight="bold",
                 anchor="middle", width=76)
        )  # fmt: skip
    if climbed and not fallen:
        top = 210 - (44 + (climbed - 1) * 27)
        pieces.append(coin(24 + (climbed - 1) * 88 + 40, top - 24, 22))
    return canvas(480, 228, *pieces)


def _scale(throw: int, limit: int) -> str:
    """Draw the numbers 1 to 100: those that double in green, and where the throw fell."""
    split = _SCALE_X + _SCALE_WIDTH * limit / _THROWS
    x = _SCALE_X + _SCALE_WIDTH * throw / _THROWS
    colour = theme.GOOD if throw <= limit else theme.BAD
    return (
        panel(_SCALE_X, _SCALE_Y, _SCALE_WIDTH, 14, fill=theme.BAD, radius=7, opacity=0.55)
        + panel(_SCALE_X, _SCALE_Y, split - _SCALE_X, 14, fill=theme.GOOD, radius=7, opacity=0.8)
        + f'<path d="M{x:.1f} {_SCALE_Y + 16:g}l-11 -24h22z" fill="#ffffff" stroke="{colour}"'
        ' stroke-width="3" stroke-linejoin="round"/>'
        + text(
            min(max(x, 46), 240), _SCALE_Y - 16, str(throw), size=32, colour=colour,
            weight="bold", anchor="middle",
        )
    )  # fmt: skip
