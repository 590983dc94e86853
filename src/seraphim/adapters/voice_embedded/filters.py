"""From the listeners' wishes to a chain of FFmpeg filters."""

from typing import Final

from seraphim.adapters.voice_embedded.failure import MediaFailed
from seraphim.adapters.voice_embedded.tuning import SAMPLE_RATE
from seraphim.features.music.ports import AudioFilters

type FilterChain = tuple[tuple[str, str], ...]
"""Filters in order: name and arguments."""

BANDS_HZ: Final = (25, 40, 63, 100, 160, 250, 400, 630, 1000, 1600, 2500, 4000, 6300, 10000, 16000)
"""The centres of the 15 equalizer bands (two thirds of an octave apart)."""

_BAND_WIDTH_OCTAVES: Final = "0.667"
_MAX_GAIN_DB: Final = 12.0
_FLAT_DB: Final = 0.05
_SLOWEST: Final = 0.5
_FASTEST: Final = 2.0
_SAME_TEMPO: Final = 0.000_5

PRESETS: Final[dict[str, FilterChain]] = {
    "flat": (),
    "bass": (("bass", "g=8:f=110:w=0.6"),),
    "treble": (("treble", "g=6:f=6000:w=0.5"),),
    "soft": (("lowpass", "f=4500"), ("bass", "g=2")),
    "8d": (("apulsator", "hz=0.125"),),
    "tremolo": (("tremolo", "f=5:d=0.5"),),
    "vibrato": (("vibrato", "f=6:d=0.4"),),
    "karaoke": (("stereotools", "mlev=0.03"),),
}


def is_neutral(filters: AudioFilters | None) -> bool:
    """Say whether the filters change nothing, so that Opus can pass through."""
    return filters is None or not chain(filters)


def chain(filters: AudioFilters | None) -> FilterChain:
    """Return the filters to put in line; empty when nothing changes.

    Raises:
        MediaFailed: The preset is unknown, or speed or pitch lie outside 0.5 to 2.
    """
    if filters is None:
        return ()
    if filters.preset not in PRESETS:
        known = ", ".join(sorted(PRESETS))
        raise MediaFailed("unsupported", f"There is no sound preset of that name; try: {known}.")
    if not (_SLOWEST <= filters.speed <= _FASTEST and _SLOWEST <= filters.pitch <= _FASTEST):
        raise MediaFailed("unsupported", "Speed and pitch can go from 0.5 to 2.")
    steps: list[tuple[str, str]] = []
    if filters.pitch != 1.0:
        # Faster sampling raises the pitch and the speed; atempo below takes the speed back.
        steps.append(("asetrate", f"r={round(SAMPLE_RATE * filters.pitch)}"))
        steps.append(("aresample", f"osr={SAMPLE_RATE}"))
    tempo = filters.speed / filters.pitch
    steps.extend(("atempo", f"tempo={part:.6f}") for part in _tempo_parts(tempo))
    for centre, gain in zip(BANDS_HZ, filters.equalizer_db, strict=False):
        if abs(gain) >= _FLAT_DB:
            limited = max(-_MAX_GAIN_DB, min(_MAX_GAIN_DB, gain))
            steps.append(("equalizer", f"f={centre}:t=o:w={_BAND_WIDTH_OCTAVES}:g={limited:.2f}"))
    return (*steps, *PRESETS[filters.preset])


def _tempo_parts(tempo: float) -> list[float]:
    """Split a tempo into steps of 0.5 to 2, in which atempo sounds best."""
    parts: list[float] = []
    while tempo > _FASTEST:
        parts.append(_FASTEST)
        tempo /= _FASTEST
    while tempo < _SLOWEST:
        parts.append(_SLOWEST)
        tempo /= _SLOWEST
    if abs(tempo - 1.0) > _SAME_TEMPO:
        parts.append(tempo)
    return parts
