"""Sound files made on the spot, and ways to compare what came out with what went in."""

from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from numpy.typing import NDArray

from seraphim.adapters.voice_embedded.opus import OpusDecoder
from seraphim.adapters.voice_embedded.reel import Reel

RATE = 48_000

type Samples = NDArray[np.int16]
"""Interleaved stereo as ``(samples, 2)``."""


def sweep(seconds: float, rate: int = RATE, level: float = 0.4) -> NDArray[np.float64]:
    """Return two rising tones, left and right, as ``(samples, 2)`` in -1..1."""
    time = np.arange(int(rate * seconds)) / rate
    left = np.sin(2 * np.pi * (200 + 60 * time) * time)
    right = np.sin(2 * np.pi * (320 + 40 * time) * time)
    return np.stack([left, right], 1) * level


def write(
    path: Path,
    codec: str,
    *,
    seconds: float = 4,
    rate: int = RATE,
    level: float = 0.4,
    options: dict[str, str] | None = None,
    sound: NDArray[np.float64] | None = None,
) -> Path:
    """Write a sound file; the container follows the suffix."""
    wave = sweep(seconds, rate, level) if sound is None else sound
    with av.open(str(path), "w") as container:
        # PyAV's types cannot know from a codec's name that the stream is one of sound.
        untyped = cast("Any", container)
        stream = untyped.add_stream(codec, rate=rate, options=options or {})
        stream.layout = "stereo"
        frame = av.AudioFrame.from_ndarray(
            (wave * 32767).astype(np.int16).reshape(1, -1), format="s16", layout="stereo"
        )
        frame.sample_rate = rate
        frame.pts = 0
        frame.time_base = Fraction(1, rate)
        context: Any = stream.codec_context
        cutter = av.AudioResampler(
            format=context.format, layout="stereo", rate=rate, frame_size=context.frame_size or 1024
        )
        for part in [*cutter.resample(frame), *cutter.resample(None)]:
            untyped.mux(stream.encode(part))
        untyped.mux(stream.encode(None))
    return path


def packets_of(path: Path) -> list[bytes]:
    """Return the packets in a file, as its container holds them."""
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def drain(reel: Reel) -> list[bytes]:
    """Fill and empty a reel to its end."""
    packets: list[bytes] = []
    while not reel.finished:
        reel.fill()
        while (packet := reel.take()) is not None:
            packets.append(packet)
    return packets


def decode(packets: list[bytes]) -> Samples:
    """Decode a run of packets into ``(samples, 2)``."""
    decoder = OpusDecoder()
    sound = b"".join(decoder.decode(packet) for packet in packets)
    return np.frombuffer(sound, np.int16).reshape(-1, 2)


def resemblance(heard: Samples, meant: NDArray[np.float64], most_shift: int = 3000) -> float:
    """Return the best correlation (0..1) of the left channels within ``most_shift`` samples."""
    length = min(len(heard), len(meant)) - most_shift
    a = heard[:, 0].astype(np.float64)
    b = meant[:length, 0]
    # The cross-correlation by Fourier transform; then an exact figure at the best shift.
    size = 1 << (len(a) + length).bit_length()
    spectrum = np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size))
    shift = int(np.argmax(np.fft.irfft(spectrum, size)[: most_shift + 1]))
    return float(np.corrcoef(a[shift : shift + length], b)[0, 1])


def level_db(samples: Samples) -> float:
    """Return the root mean square in dB relative to full scale."""
    return float(20 * np.log10(np.sqrt(np.mean((samples / 32768.0) ** 2)) + 1e-12))


def noise(seconds: float, level: float = 0.2, seed: int = 1) -> NDArray[np.float64]:
    """Return noise of 150 to 4000 Hz, in which every place can be told from every other."""
    count = int(RATE * seconds)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(hertz < 150) | (hertz > 4000)] = 0
    wave = np.fft.irfft(spectrum, count)
    wave *= level / np.sqrt(np.mean(wave**2)) / 2
    return np.stack([wave, wave], 1)


def place_of(heard: Samples, meant: NDArray[np.float64]) -> tuple[int, float]:
    """Find where in ``meant`` the sound lies: the sample, and the correlation there (0..1)."""
    a = heard[:, 0].astype(np.float64)
    b = meant[:, 0]
    size = 1 << (len(a) + len(b)).bit_length()
    spectrum = np.fft.rfft(b, size) * np.conj(np.fft.rfft(a, size))
    place = int(np.argmax(np.fft.irfft(spectrum, size)[: len(b) - len(a)]))
    return place, float(np.corrcoef(a, b[place : place + len(a)])[0, 1])


def above(samples: Samples, hertz: float) -> float:
    """Return the level (dB of full scale) of what lies above a frequency: clicks, mostly."""
    spectrum = np.fft.rfft(samples[:, 0] * np.hanning(len(samples)) / 32768)
    spectrum[np.fft.rfftfreq(len(samples), 1 / RATE) < hertz] = 0
    power = np.sum(np.abs(spectrum) ** 2) * 2 / len(samples) ** 2
    return float(10 * np.log10(power + 1e-15))
