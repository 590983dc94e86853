"""Changing filters step by step, and reading an equalizer that somebody typed."""

from dataclasses import replace

from seraphim.features.music.rules.errors import BandsUnclear
from seraphim.features.music.rules.filters import (
    BANDS_HZ,
    MAX_GAIN_DB,
    MAX_PITCH,
    MAX_SPEED,
    MIN_PITCH,
    MIN_SPEED,
    Filters,
)

STEP = 0.05
"""How much a press on a speed or pitch button changes."""


def faster(filters: Filters, steps: int) -> Filters:
    """Change the speed by so many steps, within its bounds."""
    speed = round(min(MAX_SPEED, max(MIN_SPEED, filters.speed + steps * STEP)), 2)
    return replace(filters, speed=speed)


def higher(filters: Filters, steps: int) -> Filters:
    """Change the pitch by so many steps, within its bounds."""
    pitch = round(min(MAX_PITCH, max(MIN_PITCH, filters.pitch + steps * STEP)), 2)
    return replace(filters, pitch=pitch)


def read_bands(parts: tuple[str, ...]) -> tuple[float, ...]:
    """Return the gains that were typed, in decibels, in the order of the bands.

    Args:
        parts: Texts with gains separated by spaces; all together as many as there are bands. A
            comma separates too, unless it stands between digits: ``1,5`` is one and a half.

    Raises:
        BandsUnclear: Something is no number, out of range, or the count is wrong.
    """
    gains: list[float] = []
    for word in " ".join(parts).replace(";", " ").replace(", ", " ").split():
        try:
            gain = float(word.strip(",").replace(",", ".").replace("−", "-"))  # noqa: RUF001 - phones write a true minus
        except ValueError:
            raise BandsUnclear(count=len(BANDS_HZ), limit=int(MAX_GAIN_DB)) from None
        if not -MAX_GAIN_DB <= gain <= MAX_GAIN_DB:
            raise BandsUnclear(count=len(BANDS_HZ), limit=int(MAX_GAIN_DB))
        gains.append(gain)
    if len(gains) != len(BANDS_HZ):
        raise BandsUnclear(count=len(BANDS_HZ), limit=int(MAX_GAIN_DB))
    return tuple(gains)


def band_name(hz: int) -> str:
    """Return a band's centre as equalizers write it: 630, 1k, 2.5k."""
    return f"{hz / 1000:g}k" if hz >= 1000 else str(hz)  # noqa: PLR2004 - a kilohertz
