"""From pieces of a medium to packets: decoder, filters, loudness, limiter, encoder.

Everything that delays sound is made up for, so that a packet carries exactly the 20 ms that the
file's own packet in its place would carry: playback can change between the two at any packet.
"""

import contextlib
from dataclasses import dataclass
from typing import Final

import av
from av.audio.frame import AudioFrame
from av.error import FFmpegError

from seraphim.adapters.voice_embedded import gain as loudness
from seraphim.adapters.voice_embedded.fifo import INT16_BYTES, Fifo
from seraphim.adapters.voice_embedded.filters import FilterChain
from seraphim.adapters.voice_embedded.gain import SILENT_FRAME, Limiter, Sound
from seraphim.adapters.voice_embedded.graph import Line
from seraphim.adapters.voice_embedded.opus import LOOKAHEAD_SAMPLES, OpusDecoder, OpusEncoder
from seraphim.adapters.voice_embedded.spool import Piece
from seraphim.adapters.voice_embedded.tuning import (
    CHANNELS,
    SAMPLE_RATE,
    TIME_BASE,
    Tuning,
)
from seraphim.features.music.ports import Recipe

_NEUTRAL: Final = Recipe()
_FLOAT_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Voicing:
    """How the medium shall sound."""

    gain: float = 1.0
    recipe: Recipe = _NEUTRAL

    @property
    def unfiltered(self) -> bool:
        """Whether nothing but the loudness is changed."""
        return self.recipe == _NEUTRAL

    @property
    def untouched(self) -> bool:
        """Whether a file's own packets sound just so."""
        return self.gain == 1.0 and self.unfiltered

    @property
    def may_exceed(self) -> bool:
        """Whether peaks can come out above full scale."""
        return self.gain > 1.0 or not self.unfiltered


class Shaper:
    """Pieces in, frames of filtered sound out.

    Args:
        filters: What to put in line; empty for none.
        skip_samples: How many samples that come out first are thrown away: those of pieces that
            only bring the decoder and the filters in tune.
    """

    def __init__(self, filters: FilterChain, *, skip_samples: int = 0) -> None:
        self._line = _line(filters) if filters else None
        self._decoder: OpusDecoder | None = None
        self._skip = skip_samples
        self._fifo = Fifo(_FLOAT_BYTES if filters else INT16_BYTES)
        self.ended = False
        """Whether :meth:`end` was called."""

    def put(self, piece: Piece) -> None:
        """Take the next piece of the medium."""
        if piece.samples is not None:
            samples = piece.samples
        else:
            self._decoder = self._decoder or OpusDecoder()
            samples = self._decoder.decode(piece.packet or b"")
        if self._line is None:
            self._fifo.put(samples)
        else:
            self._line.push(audio_frame(samples))
            self._pull(self._line)
        if self._skip:
            self._skip = self._fifo.drop(self._skip)

    def end(self) -> None:
        """Get out what the filters still hold; nothing may be put any more."""
        self.ended = True
        if self._line is not None:
            with contextlib.suppress(FFmpegError, ValueError):
                self._line.push(None)
                self._pull(self._line)
            self._line = None
        self._skip = self._fifo.drop(self._skip)

    def take(self) -> Sound | None:
        """Return the next 20 ms, or None when more has to be put."""
        return self._sound(self._fifo.take())

    def rest(self) -> Sound | None:
        """Return the last frame, filled up with silence; None when nothing is left."""
        return self._sound(self._fifo.rest())

    def _sound(self, frame: bytes | None) -> Sound | None:
        if frame is None or len(frame) == len(SILENT_FRAME):
            return frame
        import numpy as np  # noqa: PLC0415 - see gain.py

        return np.frombuffer(frame, np.float32)

    def _pull(self, line: Line) -> None:
        for frame in line.pull():
            size = frame.samples * CHANNELS * _FLOAT_BYTES
            self._fifo.put(memoryview(frame.planes[0])[:size])


def audio_frame(samples: bytes) -> AudioFrame:
    """Return interleaved 16-bit stereo samples as a frame for FFmpeg."""
    frame = av.AudioFrame(
        format="s16", layout="stereo", samples=len(samples) // (CHANNELS * INT16_BYTES)
    )
    frame.sample_rate = SAMPLE_RATE
    frame.time_base = TIME_BASE
    plane = frame.planes[0]
    if plane.buffer_size == len(samples):
        plane.update(samples)
    else:
        memoryview(plane)[: len(samples)] = samples
    return frame


def _line(filters: FilterChain) -> Line:
    # Floating point from end to end: what a boost lifts above full scale is the limiter's work.
    common = f"sample_rates={SAMPLE_RATE}:channel_layouts=stereo"
    inside, outside = f"sample_fmts=fltp:{common}", f"sample_fmts=flt:{common}"
    return Line(
        sample_format="s16",
        sample_rate=SAMPLE_RATE,
        layout="stereo",
        time_base=TIME_BASE,
        steps=[("aformat", inside), *filters, ("aformat", outside)],
    )


class Encoding:
    """Frames of sound in, packets out; each packet one frame after the sound it carries.

    libopus hears 6.5 ms ahead, so that a decoder would play every frame that much too late. The
    encoder is therefore fed that much early: the packet of a frame is made when the frame after
    it is there, which the limiter has to look at anyhow.

    Args:
        tuning: The encoder's settings.
        limited: Whether peaks may exceed full scale.
    """

    def __init__(self, tuning: Tuning, *, limited: bool) -> None:
        self._encoder = OpusEncoder(tuning)
        self._limiter = Limiter() if limited else None
        self._skip = LOOKAHEAD_SAMPLES
        self._fifo = Fifo()

    def put(self, sound: Sound, start: float, end: float) -> bytes | None:
        """Take 20 ms, scaled by factors from ``start`` to ``end``.

        Returns:
            The packet of the frame before; None at the first one.
        """
        sound = loudness.apply(sound, start, end)
        if self._limiter is not None:
            sound = self._limiter.push(loudness.floats(sound))
        self._fifo.put(loudness.integers(sound))
        if self._skip:
            self._skip = self._fifo.drop(self._skip)
        frame = self._fifo.take()
        return self._encoder.encode(audio_frame(frame)) if frame is not None else None

    def end(self) -> bytes | None:
        """Return the packet of the last frame."""
        return self.put(SILENT_FRAME, 1.0, 1.0)
