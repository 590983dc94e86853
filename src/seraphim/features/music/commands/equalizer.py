"""The equalizer as a picture: fifteen bars around a middle line."""

from collections.abc import Sequence

from seraphim.features.music.rules.filters import BANDS_HZ, MAX_GAIN_DB
from seraphim.features.music.rules.sound import band_name
from seraphim.surfaces.pictures import canvas, text, theme
from seraphim.surfaces.pictures.shapes import Anchor

WIDTH, HEIGHT = 400, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 14, 20, 40
_SHARE = 0.55
"""How much of its column a bar fills."""
_TEXT_SIZE = 15
"""Still read on a phone, where the picture is some 290 points wide."""
_STUB = 2.0
"""A band that changes nothing is a thin line, so that one sees it is there."""


def draw_equalizer(gains_db: Sequence[float]) -> str:
    """Return an SVG of the gains, in decibels from -12 to 12, one for each band."""
    height = HEIGHT - _TOP - _BOTTOM
    middle = _TOP + height / 2
    column = (WIDTH - _LEFT - _RIGHT) / len(BANDS_HZ)
    pieces: list[str] = []
    for gain in (MAX_GAIN_DB, 0.0, -MAX_GAIN_DB):
        y = middle - gain / MAX_GAIN_DB * height / 2
        pieces += [
            f'<path d="M{_LEFT} {y:.1f}H{WIDTH - _RIGHT}" stroke="{theme.LINE}"/>',
            text(
                _LEFT - 8,
                y + 5,
                f"{gain:+g}" if gain else "0",
                size=_TEXT_SIZE,
                colour=theme.MUTED,
                anchor="end",
            ),
        ]
    for index, (hz, gain) in enumerate(zip(BANDS_HZ, gains_db, strict=True)):
        x = _LEFT + column * (index + (1 - _SHARE) / 2)
        length = max(_STUB, abs(gain) / MAX_GAIN_DB * height / 2)
        y = middle - length if gain > 0 else middle
        colour = theme.GOOD if gain > 0 else theme.WARN if gain < 0 else theme.MUTED
        pieces.append(_bar(x, y, column * _SHARE, length, colour))
        if index % 2 == 0:  # there is room for every other name
            pieces.append(
                _label(_LEFT + column * (index + 0.5), HEIGHT - 14, band_name(hz), "middle")
            )
    return canvas(WIDTH, HEIGHT, *pieces)


def _bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} rx="3" fill="{colour}"/>'


def _label(x: float, y: float, words: str, anchor: Anchor) -> str:
    return text(x, y, words, size=_TEXT_SIZE, colour=theme.MUTED, anchor=anchor)
