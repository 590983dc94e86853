"""Changes of the sound a guild can wish for, in a form that every backend can make.

:class:`Filters` is what a member chose; :class:`Recipe` is what it means, in the few effects that
FFmpeg and Lavalink v4 have in common. Backends read recipes only, so that a preset sounds alike
on both.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from seraphim.kernel.errors import SeraphimError

type Preset = Literal[
    "flat",
    "bassboost",
    "nightcore",
    "vaporwave",
    "karaoke",
    "8d",
    "tremolo",
    "vibrato",
    "soft",
    "clarity",
]

PRESETS: Final[tuple[Preset, ...]] = get_args(Preset.__value__)
"""Every preset, in the order they are offered."""

BANDS_HZ: Final = (25, 40, 63, 100, 160, 250, 400, 630, 1000, 1600, 2500, 4000, 6300, 10000, 16000)
"""The centres of the 15 equalizer bands; Lavalink's, two thirds of an octave apart."""
FLAT_DB: Final = (0.0,) * len(BANDS_HZ)
MAX_GAIN_DB: Final = 12.0
MIN_SPEED: Final = 0.25
MAX_SPEED: Final = 3.0
MIN_PITCH: Final = 0.5
MAX_PITCH: Final = 2.0


class FiltersInvalid(SeraphimError):
    """A filter value is out of range; ``reason`` is a sentence that names the range."""

    code = "music.filters_invalid"
    http_status = 422
    message = "{reason}"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


@dataclass(frozen=True, slots=True)
class Swing:
    """A regular up and down, as in tremolo (loudness) and vibrato (pitch)."""

    hz: float
    """Swings a second, 0.1 to 14."""
    depth: float
    """How far, over 0 to 1."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """The effects to put in line, in the order of the fields; the default is none.

    The equalizer is in decibels at the band's centre. Lavalink counts differently: its gain ``g``
    turns the amplitude ``a`` of a band into ``a * (1 + 4 * g)``, so that
    ``g = (10 ** (db / 20) - 1) / 4`` (lavaplayer, ``Equalizer``).
    """

    speed: float = 1.0
    """Media milliseconds that pass in a millisecond of sound."""
    pitch: float = 1.0
    """A factor on every frequency; independent of the speed (Lavalink: timescale, rate 1)."""
    equalizer_db: tuple[float, ...] = FLAT_DB
    low_pass_hz: float | None = None
    """Where a first-order low pass has fallen by 3 dB. Lavalink's ``smoothing`` is
    ``48000 / (2 * pi * hz)``."""
    karaoke: float = 0.0
    """How much of what both channels share, the voice mostly, is taken away: 0 to 1."""
    tremolo: Swing | None = None
    vibrato: Swing | None = None
    rotation_hz: float = 0.0
    """Turns of the sound around the listener in a second; 0 stands still."""


_NEUTRAL: Final = Recipe()


def _bands(*gains_db: float) -> tuple[float, ...]:
    return (*gains_db, *FLAT_DB[len(gains_db) :])


_RECIPES: Final[Mapping[Preset, Recipe]] = {
    "flat": _NEUTRAL,
    "bassboost": Recipe(equalizer_db=_bands(7, 7, 6, 5, 3, 1.5, 0, -0.5, -0.5)),
    "nightcore": Recipe(speed=1.2, pitch=1.2),
    "vaporwave": Recipe(speed=0.82, pitch=0.82, equalizer_db=_bands(2, 2, 1.5, 1)),
    "karaoke": Recipe(karaoke=1.0),
    "8d": Recipe(rotation_hz=0.2),
    "tremolo": Recipe(tremolo=Swing(5.0, 0.5)),
    "vibrato": Recipe(vibrato=Swing(6.0, 0.4)),
    "soft": Recipe(low_pass_hz=4000.0),
    "clarity": Recipe(
        equalizer_db=_bands(-3, -2, -1, -1, -1.5, -2, -2, -1, 0, 1.5, 3, 3.5, 3, 3, 2)
    ),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the members chose; the default changes nothing, so that Opus can pass through.

    Equalizer, speed and pitch come on top of the preset's own: gains add up, factors multiply.
    A JSON object of the four fields round-trips through ``msgspec``.

    Raises:
        FiltersInvalid: A value is out of range, or the preset or number of bands is unknown.
    """

    preset: Preset = "flat"
    equalizer_db: tuple[float, ...] = FLAT_DB
    """The gain of each of the 15 bands of :data:`BANDS_HZ`, -12 to 12 dB."""
    speed: float = 1.0
    """0.25 to 3; the pitch stays."""
    pitch: float = 1.0
    """0.5 to 2; the speed stays."""

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            known = ", ".join(PRESETS)
            raise FiltersInvalid(f"There is no sound preset of that name; try: {known}.")
        if len(self.equalizer_db) != len(BANDS_HZ):
            raise FiltersInvalid(f"The equalizer has {len(BANDS_HZ)} bands.")
        if not all(-MAX_GAIN_DB <= gain <= MAX_GAIN_DB for gain in self.equalizer_db):
            raise FiltersInvalid(f"A band goes from -{MAX_GAIN_DB:g} to {MAX_GAIN_DB:g} dB.")
        if not MIN_SPEED <= self.speed <= MAX_SPEED:
            raise FiltersInvalid(f"The speed goes from {MIN_SPEED:g} to {MAX_SPEED:g}.")
        if not MIN_PITCH <= self.pitch <= MAX_PITCH:
            raise FiltersInvalid(f"The pitch goes from {MIN_PITCH:g} to {MAX_PITCH:g}.")

    @property
    def neutral(self) -> bool:
        """Whether nothing is changed, so that Opus can be handed on untouched."""
        return self.recipe() == _NEUTRAL

    def recipe(self) -> Recipe:
        """Return what to do: the preset with the members' own values on top, within the limits."""
        base = _RECIPES[self.preset]
        gains = zip(base.equalizer_db, self.equalizer_db, strict=True)
        return Recipe(
            speed=_within(base.speed * self.speed, MIN_SPEED, MAX_SPEED),
            pitch=_within(base.pitch * self.pitch, MIN_PITCH, MAX_PITCH),
            equalizer_db=tuple(_within(a + b, -MAX_GAIN_DB, MAX_GAIN_DB) for a, b in gains),
            low_pass_hz=base.low_pass_hz,
            karaoke=base.karaoke,
            tremolo=base.tremolo,
            vibrato=base.vibrato,
            rotation_hz=base.rotation_hz,
        )


NO_FILTERS: Final = Filters()


def _within(value: float, low: float, high: float) -> float:
    limited = max(low, min(high, value))
    # 1.2 * (1 / 1.2) must count as 1: a neutral recipe is told by equality.
    return 1.0 if math.isclose(limited, 1.0, abs_tol=1e-9) else limited
