"""The equalizer as a picture: fifteen bars around a middle line."""

from collections.abc import Sequence

from seraphim.features.music.rules.filters import BANDS_HZ, MAX_GAIN_DB
from seraphim.features.music.rules.sound import band_name
from seraphim.surfaces.pictures import canvas, text, theme

WIDTH, HEIGHT = 480, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 16, 18, 34
_SHARE = 0.55
"""How much of its column a bar fills."""
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
            text(_LEFT - 8, y + 4, f"{gain:+g}", size=11, colour=theme.MUTED, anchor="end"),
        ]
    for index, (hz, gain) in enumerate(zip(BANDS_HZ, gains_db, strict=True)):
        x = _LEFT + column * (index + (1 - _SHARE) / 2)
        length = max(_STUB, abs(gain) / MAX_GAIN_DB * height / 2)
        y = middle - length if gain > 0 else middle
        colour = theme.GOOD if gain > 0 else theme.WARN if gain < 0 else theme.MUTED
        pieces += [
            _bar(x, y, column * _SHARE, length, colour),
            text(
                _LEFT + column * (index + 0.5),
                HEIGHT - 14,
                band_name(hz),
                size=11,
                colour=theme.MUTED,
                anchor="middle",
            ),
        ]
    return canvas(WIDTH, HEIGHT, *pieces)


def _bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    size = f'width="{width:.1f}" height="{height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} rx="3" fill="{colour}"/>'
