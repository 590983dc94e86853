"""Loudness: factors on samples, ramps where they change, and a limiter instead of clipping.

numpy is imported where it is used, here and in the modules beside this one: it takes a fifth of a
second, and a bot that only passes Opus through never needs it.
"""

import math
from functools import cache
from typing import TYPE_CHECKING, Final, cast

from seraphim.adapters.voice_embedded.tuning import CHANNELS, FRAME_BYTES, FRAME_SAMPLES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

type Samples = NDArray[np.int16]
"""Interleaved stereo samples as integers."""
type Floats = NDArray[np.float32]
"""Interleaved stereo samples, full scale at 1; filters may go beyond it."""
type Sound = bytes | Floats
"""20 ms of sound: 1920 interleaved samples, 16-bit integers in native order, or floats."""

SILENT_FRAME: Final = bytes(FRAME_BYTES)
_FULL_SCALE: Final = 32_768.0
_LARGEST: Final = 32_767.0


def factor(volume_percent: int) -> float:
    """Return the factor for a volume: 50 % is half the amplitude, which is -6 dB."""
    return max(0, min(200, volume_percent)) / 100


def floats(sound: Sound) -> Floats:
    """Return sound as floats."""
    if not isinstance(sound, bytes):
        return sound
    import numpy as np  # noqa: PLC0415 - see above

    return np.frombuffer(sound, np.int16) * np.float32(1 / _FULL_SCALE)


def integers(sound: Sound) -> bytes:
    """Return sound as 16-bit samples; what exceeds full scale is cut off."""
    if isinstance(sound, bytes):
        return sound
    import numpy as np  # noqa: PLC0415 - see above

    rounded = np.rint(sound * np.float32(_FULL_SCALE))
    return np.clip(rounded, -_FULL_SCALE, _LARGEST).astype(np.int16).tobytes()


def apply(sound: Sound, start: float, end: float) -> Sound:
    """Scale one frame, moving evenly from ``start`` to ``end`` (factors)."""
    if start == end == 1.0:
        return sound
    import numpy as np  # noqa: PLC0415 - see above

    gains = np.float32(end) if start == end else _line(start, end, FRAME_SAMPLES)
    return cast("Floats", floats(sound) * gains)


def blend(old: Sound, new: Sound) -> Floats:
    """Return one frame that turns from ``old`` into ``new``."""
    before, after = floats(old), floats(new)
    return cast("Floats", before + (after - before) * _rise(FRAME_SAMPLES))


@cache
def _rise(samples: int) -> "Floats":
    """Return an even rise from almost 0 to 1, the same for both channels."""
    import numpy as np  # noqa: PLC0415 - see above

    rise = np.arange(1, samples + 1, dtype=np.float32) / np.float32(samples)
    return np.repeat(rise, CHANNELS)


def _line(start: float, end: float, samples: int) -> Floats:
    """Return factors that go evenly from ``start`` to ``end``."""
    import numpy as np  # noqa: PLC0415 - see above

    return np.float32(start) + np.float32(end - start) * _rise(samples)


class Limiter:
    """Keeps peaks below full scale by turning the loudness down around them.

    It hears 5 ms ahead: the factor falls evenly before a peak and comes back slowly after it, so
    that no edge is cut off. Sound that stays below full scale comes out as it went in.
    """

    BLOCK_SAMPLES: Final = 240
    """How much is held back to look at what follows."""
    _CEILING: Final = 0.97
    """What Opus makes of a peak may be a little higher than the peak (-0.26 dB)."""
    _RELEASE: Final = 0.01
    """How much the factor may rise in a block of 5 ms: from half to full in a quarter second."""

    def __init__(self) -> None:
        self._block: Floats | None = None
        self._block_factor: float = 1.0
        self._factor: float = 1.0

    def push(self, sound: Floats) -> Floats:
        """Take whole blocks of 5 ms; return what was held back and all but the last of these."""
        import numpy as np  # noqa: PLC0415 - see above

        length = self.BLOCK_SAMPLES * CHANNELS
        blocks = sound.reshape(-1, length)
        peaks = cast("list[float]", np.abs(blocks).max(axis=1).tolist())
        calm = all(peak <= self._CEILING for peak in peaks)
        if calm and self._factor == self._block_factor == 1.0:
            held, self._block = self._block, blocks[-1].copy()
            before = np.empty(0, np.float32) if held is None else held
            return np.concatenate([before, *blocks[:-1]])
        ready: list[Floats] = []
        for loud, peak in zip(blocks, peaks, strict=True):
            # What is no number would never leave the factors again.
            block = loud if math.isfinite(peak) else np.zeros_like(loud)
            wanted = min(1.0, self._CEILING / peak) if 0 < peak < math.inf else 1.0
            # The factor at the border of two blocks satisfies both; a line between two borders
            # of a block then never exceeds what that block allows.
            border = min(self._block_factor, wanted, self._factor + self._RELEASE)
            if self._block is not None:
                ready.append(self._block * _line(self._factor, border, self.BLOCK_SAMPLES))
            self._factor, self._block, self._block_factor = border, block.copy(), wanted
        return np.concatenate(ready) if ready else np.empty(0, np.float32)
