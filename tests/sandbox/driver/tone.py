"""A tone as Opus packets."""

from typing import Any, cast

import av
import numpy as np

TONE_HZ = 440
SAMPLES = 960
_RATE = 48_000


def opus_tone(seconds: float) -> list[bytes]:
    """Packets of 20 ms; the encoder's delay makes the last one come at the flush."""
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate = _RATE
    encoder.layout = "stereo"
    encoder.format = "s16"
    encoder.bit_rate = 96_000
    encoder.open()
    count = round(seconds * _RATE / SAMPLES)
    packets: list[bytes] = []
    for number in range(count):
        at = (np.arange(SAMPLES) + number * SAMPLES) / _RATE
        wave = (np.sin(2 * np.pi * TONE_HZ * at) * 16_000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(
            np.repeat(wave, 2).reshape(1, -1), format="s16", layout="stereo"
        )
        frame.sample_rate = _RATE
        frame.pts = number * SAMPLES
        packets += [bytes(one) for one in cast("list[Any]", encoder.encode(frame))]  # pyright: ignore[reportUnknownMemberType] - PyAV's generic packet
    return packets
