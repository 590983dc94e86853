"""From a recipe to Lavalink's filters."""

import math
from typing import Final

from seraphim.adapters.lavalink.messages import Json
from seraphim.features.music.ports import Filters, Swing

_LEAST_GAIN: Final = -0.25
_MOST_GAIN: Final = 1.0
_FLAT_DB: Final = 0.05
_SAMPLE_RATE: Final = 48_000
_VOICE_BAND_HZ: Final = 220.0
_VOICE_WIDTH_HZ: Final = 100.0
"""Lavalink's own defaults for karaoke."""


def gain_of(decibels: float) -> float:
    """Return Lavalink's gain: it multiplies a band by ``1 + 4 x gain``, so -0.25 mutes it."""
    return min(_MOST_GAIN, max(_LEAST_GAIN, (10 ** (decibels / 20) - 1) / 4))


def mapped(filters: Filters) -> Json:
    """Return what to send as ``filters``; an empty object takes all filters away."""
    recipe = filters.recipe()
    sent: Json = {}
    bands = [
        {"band": band, "gain": round(gain_of(gain), 4)}
        for band, gain in enumerate(recipe.equalizer_db)
        if abs(gain) >= _FLAT_DB
    ]
    if bands:
        sent["equalizer"] = bands
    if recipe.speed != 1.0 or recipe.pitch != 1.0:
        sent["timescale"] = {"speed": recipe.speed, "pitch": recipe.pitch, "rate": 1.0}
    if recipe.low_pass_hz is not None:
        sent["lowPass"] = {"smoothing": _SAMPLE_RATE / (2 * math.pi * recipe.low_pass_hz)}
    if recipe.karaoke:
        sent["karaoke"] = {
            "level": recipe.karaoke,
            "monoLevel": recipe.karaoke,
            "filterBand": _VOICE_BAND_HZ,
            "filterWidth": _VOICE_WIDTH_HZ,
        }
    if recipe.tremolo is not None:
        sent["tremolo"] = _swing(recipe.tremolo)
    if recipe.vibrato is not None:
        sent["vibrato"] = _swing(recipe.vibrato)
    if recipe.rotation_hz:
        sent["rotation"] = {"rotationHz": recipe.rotation_hz}
    return sent


def _swing(swing: Swing) -> Json:
    return {"frequency": swing.hz, "depth": swing.depth}
