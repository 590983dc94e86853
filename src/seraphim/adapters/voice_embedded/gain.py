"""Loudness: a factor on 16-bit samples, with a ramp where it changes so that nothing clicks.

numpy is imported where it is used, here and in the modules beside this one: it takes a fifth of a
second, and a bot that only passes Opus through never needs it.
"""

from functools import cache
from typing import TYPE_CHECKING

from seraphim.adapters.voice_embedded.tuning import CHANNELS, FRAME_SAMPLES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

type Samples = NDArray[np.int16]
"""Interleaved stereo samples of one frame: 1920 values."""


@cache
def _ramp() -> "NDArray[np.float32]":
    """Return a frame that rises evenly from almost 0 to 1, the same for both channels."""
    import numpy as np  # noqa: PLC0415 - see above

    rise = np.arange(1, FRAME_SAMPLES + 1, dtype=np.float32) / np.float32(FRAME_SAMPLES)
    return np.repeat(rise, CHANNELS)


def factor(volume_percent: int) -> float:
    """Return the factor for a volume: 50 % is half the amplitude, which is -6 dB."""
    return max(0, min(200, volume_percent)) / 100


def apply(samples: Samples, start: float, end: float) -> Samples:
    """Scale one frame, moving evenly from ``start`` to ``end`` (factors); clips at full scale."""
    if start == end == 1.0:
        return samples
    import numpy as np  # noqa: PLC0415 - see above

    gains = np.float32(end) if start == end else start + (end - start) * _ramp()
    return np.clip(np.rint(samples * gains), -32768, 32767).astype(np.int16)
