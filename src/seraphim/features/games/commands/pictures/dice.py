"""Two dice on the felt."""

from seraphim.surfaces.pictures import badge, canvas, die, text, theme


def dice_picture(dice: tuple[int, int], *, won: bool) -> str:
    """Return two dice, their sum, and whether the guess was right."""
    one, two = dice
    return canvas(
        480,
        220,
        die(62, 52, 104, one, turn=-8),
        die(204, 62, 104, two, turn=11),
        text(408, 112, str(one + two), size=64, weight="bold", anchor="middle"),
        badge(
            408, 138, f"{one} + {two}", anchor="middle", fill=theme.GOOD if won else theme.BAD,
            size=18,
        ),
        ground="felt",
    )  # fmt: skip
