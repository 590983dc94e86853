"""Makes small audio files of every kind the players meet."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import av.container
import numpy as np

RATE = 48_000
CODECS = {
    ".opus": ("ogg", "libopus"),
    ".ogg": ("ogg", "libopus"),
    ".mp3": ("mp3", "libmp3lame"),
    ".flac": ("flac", "flac"),
    ".wav": ("wav", "pcm_s16le"),
    ".m4a": ("ipod", "aac"),
    ".webm": ("webm", "libopus"),
}


def make_song(
    path: Path,
    *,
    seconds: float = 1.0,
    hertz: float = 440.0,
    tags: Mapping[str, str] | None = None,
) -> Path:
    """Write a sine as the kind of file the suffix says, and return its path."""
    container_format, codec = CODECS[path.suffix]
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w", format=container_format) as container:
        stream: Any = container.add_stream(codec, rate=RATE)  # pyright: ignore[reportUnknownMemberType] - PyAV types its options loosely
        stream.layout = "stereo"
        container.metadata.update(tags or {})
        times = np.arange(round(seconds * RATE)) / RATE
        wave = (0.3 * np.sin(2 * math.pi * hertz * times) * 32767).astype(np.int16)
        size = stream.codec_context.frame_size or 960
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="stereo", rate=RATE, frame_size=size
        )
        frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2)[np.newaxis, :], "s16", "stereo")
        frame.sample_rate = RATE
        frame.pts = 0
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            _mux(container, stream.encode(piece))
        _mux(container, stream.encode(None))
    return path


def _mux(container: av.container.OutputContainer, packets: Any) -> None:
    container.mux(packets)  # pyright: ignore[reportUnknownMemberType] - as above
