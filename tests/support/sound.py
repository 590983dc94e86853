"""Songs for tests: made here, so that every sample is known."""

# PyAV's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from numpy.typing import NDArray

RATE = 48_000
type Samples = NDArray[np.float32]


def melody(seconds: float, seed: int = 1) -> Samples:
    """Return shape (n, 2) in -0.5..0.5: notes that never repeat, so that any moment is unique."""
    generator = np.random.default_rng(seed)
    step = RATE // 5
    parts: list[NDArray[np.float64]] = []
    for _ in range(round(seconds * 5)):
        time = np.arange(step) / RATE
        tone = np.zeros(step)
        for harmonic, weight in ((1, 0.5), (2, 0.25), (3, 0.12)):
            frequency = 110.0 * 2 ** (generator.integers(0, 36) / 12) * harmonic
            tone += weight * np.sin(2 * np.pi * frequency * time + generator.uniform(0, 6.28))
        parts.append(tone * np.minimum(1, np.minimum(time, time[::-1]) * 200) * 0.5)
    left = np.concatenate(parts)
    return np.stack([left, np.roll(left, 480) * 0.8], axis=1).astype(np.float32)


def write_song(
    path: Path, samples: Samples, *, title: str, codec: str, bit_rate: int, **tags: str
) -> Path:
    """Encode ``samples`` (n, 2) at 48 kHz into ``path``; its ending names the container."""
    with av.open(str(path), "w") as container:
        stream = cast("AudioStream", container.add_stream(codec, rate=RATE))
        stream.layout = "stereo"
        stream.bit_rate = bit_rate
        container.metadata.update(title=title, **tags)
        resampler = av.AudioResampler(format=stream.format.name, layout="stereo", rate=RATE)
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1).copy(), "flt", "stereo")
        frame.sample_rate = RATE
        frame.time_base = Fraction(1, RATE)
        frame.pts = 0
        for ready in [*resampler.resample(frame), None]:
            container.mux(stream.encode(ready))
    return path


def decode_file(path: Path) -> Samples:
    """Decode a file to (n, 2) float32 at 48 kHz."""
    parts: list[Samples] = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
        for frame in container.decode(audio=0):
            parts += [_interleaved(ready) for ready in resampler.resample(frame)]
        parts += [_interleaved(ready) for ready in resampler.resample(None)]
    return np.concatenate(parts)


def _interleaved(frame: av.AudioFrame) -> Samples:
    return frame.to_ndarray().reshape(-1, 2).astype(np.float32)


def opus_packets(path: Path) -> list[bytes]:
    """Return the Opus packets of a file as they stand in it."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def find(heard: Samples, source: Samples) -> tuple[int, float]:
    """Find where in ``source`` the ``heard`` samples come from.

    Returns:
        The offset in samples, and the correlation there (1.0: the same waveform).
    """
    needle, hay = heard.mean(axis=1), source.mean(axis=1)
    size = 1 << (len(hay) + len(needle)).bit_length()
    product = np.fft.rfft(hay, size) * np.conj(np.fft.rfft(needle, size))
    products = np.fft.irfft(product, size)[: max(1, len(hay) - len(needle) + 1)]
    energy = np.cumsum(np.concatenate([[0.0], hay.astype(np.float64) ** 2]))
    window = energy[len(needle) :] - energy[: -len(needle)]
    norm = np.sqrt(np.maximum(window[: len(products)], 1e-9) * float(np.sum(needle**2)) + 1e-12)
    scores = products[: len(norm)] / norm
    best = int(np.argmax(scores))
    return best, float(scores[best])


def level_db(samples: Samples) -> float:
    """Return the loudness (root mean square) in decibels below full scale."""
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(np.float64) ** 2)) + 1e-12))
