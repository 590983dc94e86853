"""The coin of coinflip and double or nothing."""

from seraphim.surfaces.pictures import canvas, coin, text, theme


def coin_picture(label: str, caption: str, *, won: bool) -> str:
    """Return a coin that has fallen.

    Args:
        label: Up to a few letters on the coin.
        caption: Written below it.
        won: Colours the caption.
    """
    colour = theme.GOOD if won else theme.BAD
    return canvas(
        480,
        220,
        coin(240, 92, 66, label),
        text(240, 200, caption, size=22, colour=colour, weight="bold", anchor="middle"),
    )
