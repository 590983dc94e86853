"""Loudness: a factor on 16-bit samples, with a ramp where it changes so that nothing clicks."""

import numpy as np
from numpy.typing import NDArray

from seraphim.adapters.voice_embedded.tuning import CHANNELS, FRAME_SAMPLES

type Samples = NDArray[np.int16]
"""Interleaved stereo samples of one frame: 1920 values."""

_RAMP = np.repeat(
    np.arange(1, FRAME_SAMPLES + 1, dtype=np.float32) / np.float32(FRAME_SAMPLES), CHANNELS
)


def factor(volume_percent: int) -> float:
    """Return the factor for a volume: 50 % is half the amplitude, which is -6 dB."""
    return max(0, min(200, volume_percent)) / 100


def apply(samples: Samples, start: float, end: float) -> Samples:
    """Scale one frame, moving evenly from ``start`` to ``end`` (factors); clips at full scale."""
    if start == end == 1.0:
        return samples
    gains = np.float32(end) if start == end else start + (end - start) * _RAMP
    return np.clip(np.rint(samples * gains), -32768, 32767).astype(np.int16)
