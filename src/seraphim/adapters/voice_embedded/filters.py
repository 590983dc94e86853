"""From the listeners' wishes to a chain of FFmpeg filters."""

from collections.abc import Iterator
from typing import Final

from seraphim.adapters.voice_embedded.tuning import SAMPLE_RATE
from seraphim.features.music.ports import BANDS_HZ, Recipe

type FilterChain = tuple[tuple[str, str], ...]
"""Filters in order: name and arguments."""

_BAND_WIDTH_OCTAVES: Final = "0.667"
_FLAT_DB: Final = 0.05
_LEAST_TEMPO: Final = 0.5
_SAME_TEMPO: Final = 0.000_5


def chain(recipe: Recipe) -> FilterChain:
    """Return the filters to put in line; empty when nothing changes."""
    return tuple(_steps(recipe))


def _steps(recipe: Recipe) -> Iterator[tuple[str, str]]:
    rate = round(SAMPLE_RATE * recipe.pitch)
    if rate != SAMPLE_RATE:
        # Faster sampling raises the pitch and the speed; atempo below takes the speed back.
        yield "asetrate", f"r={rate}"
        yield "aresample", f"osr={SAMPLE_RATE}"
    yield from _tempo(recipe.speed / (rate / SAMPLE_RATE))
    for centre, gain in zip(BANDS_HZ, recipe.equalizer_db, strict=True):
        if abs(gain) >= _FLAT_DB:
            yield "equalizer", f"f={centre}:t=o:w={_BAND_WIDTH_OCTAVES}:g={gain:.2f}"
    if recipe.low_pass_hz is not None:
        yield "lowpass", f"f={recipe.low_pass_hz:.0f}:p=1"
    if recipe.karaoke > 0:
        # The middle of the stereo picture goes, except for its bass.
        yield "stereotools", f"mlev={max(0.016, 1 - recipe.karaoke):.3f}"
    if recipe.tremolo is not None:
        yield "tremolo", f"f={recipe.tremolo.hz}:d={recipe.tremolo.depth}"
    if recipe.vibrato is not None:
        yield "vibrato", f"f={recipe.vibrato.hz}:d={recipe.vibrato.depth}"
    if recipe.rotation_hz > 0:
        yield "apulsator", f"hz={recipe.rotation_hz}"


def _tempo(tempo: float) -> Iterator[tuple[str, str]]:
    """Split a tempo into steps that atempo takes (0.5 to 100)."""
    while tempo < _LEAST_TEMPO:
        yield "atempo", f"tempo={_LEAST_TEMPO}"
        tempo /= _LEAST_TEMPO
    if abs(tempo - 1.0) > _SAME_TEMPO:
        yield "atempo", f"tempo={tempo:.6f}"
