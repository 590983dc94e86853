"""Samples that arrive in any amount and leave in frames of 20 ms."""

from typing import Final

from seraphim.adapters.voice_embedded.tuning import CHANNELS, FRAME_SAMPLES

INT16_BYTES: Final = 2


class Fifo:
    """Samples in, frames of 20 ms out.

    Args:
        sample_bytes: The size of one sample of one channel.
    """

    def __init__(self, sample_bytes: int = INT16_BYTES) -> None:
        self._bytes = bytearray()
        self._step = sample_bytes * CHANNELS
        self._frame = FRAME_SAMPLES * self._step

    def put(self, samples: bytes | memoryview) -> None:
        """Add interleaved stereo samples."""
        self._bytes += samples

    def drop(self, count: int) -> int:
        """Forget up to ``count`` samples per channel; return how many are still to be dropped."""
        have = len(self._bytes) // self._step
        del self._bytes[: min(count, have) * self._step]
        return max(0, count - have)

    def take(self) -> bytes | None:
        """Return a whole frame, or None when there is not enough for one."""
        if len(self._bytes) < self._frame:
            return None
        frame = bytes(memoryview(self._bytes)[: self._frame])
        del self._bytes[: self._frame]
        return frame

    def rest(self) -> bytes | None:
        """Return the last, incomplete frame filled up with silence; None when nothing is left."""
        if not self._bytes:
            return None
        self._bytes += bytes(self._frame - len(self._bytes))
        return self.take()
