"""Opus: what a packet says about itself, and the libopus inside the PyAV wheel."""

import contextlib
from collections.abc import Buffer, Callable, Iterator
from dataclasses import dataclass
from typing import Final, cast

import av
from av.error import FFmpegError

from seraphim.adapters.voice_embedded.graph import dismantle
from seraphim.adapters.voice_embedded.tuning import FRAME_SAMPLES, SAMPLE_RATE, Tuning

LOOKAHEAD_SAMPLES: Final = 312
"""How far libopus hears ahead in its "audio" mode at 48 kHz: what comes out of a decoder is that
much later than what went into the encoder (``OPUS_GET_LOOKAHEAD``; files call it pre-skip)."""
_CELT_SAMPLES = (120, 240, 480, 960)
_SILK_SAMPLES = (480, 960, 1920, 2880)
_FIRST_HYBRID, _FIRST_CELT = 12, 16
_ANY_COUNT = 3
_STEREO = 2
_HEAD_BYTES = 19
_SAMPLE_BYTES = 4
"""A left and a right sample of 16 bits."""


def packet_samples(packet: bytes) -> int:
    """Return how many samples (at 48 kHz) an Opus packet holds; 0 for a broken one.

    Read from the packet's first byte or two (RFC 6716, section 3.1).
    """
    if not packet:
        return 0
    config, code = packet[0] >> 3, packet[0] & 3
    if config < _FIRST_HYBRID:
        samples = _SILK_SAMPLES[config & 3]
    elif config < _FIRST_CELT:
        samples = _CELT_SAMPLES[2 + (config & 1)]
    else:
        samples = _CELT_SAMPLES[config & 3]
    if code == 0:
        return samples
    if code < _ANY_COUNT:
        return samples * 2
    return samples * (packet[1] & 0x3F) if len(packet) > 1 else 0


@dataclass(frozen=True, slots=True)
class OpusHead:
    """The identification header of an Opus stream (RFC 7845, section 5.1)."""

    channels: int
    pre_skip: int
    gain: int
    family: int

    @property
    def plain(self) -> bool:
        """Whether packets mean the same without the header: mono or stereo, no gain."""
        return self.channels <= _STEREO and self.family == 0 and self.gain == 0


def parse_head(extradata: bytes | None) -> OpusHead | None:
    """Read an ``OpusHead``, or None when there is none."""
    if extradata is None or len(extradata) < _HEAD_BYTES or not extradata.startswith(b"OpusHead"):
        return None
    return OpusHead(
        channels=extradata[9],
        pre_skip=int.from_bytes(extradata[10:12], "little"),
        gain=int.from_bytes(extradata[16:18], "little", signed=True),
        family=extradata[18],
    )


class OpusEncoder:
    """libopus at 48 kHz stereo, 20 ms a packet."""

    def __init__(self, tuning: Tuning) -> None:
        self._codec = codec = av.CodecContext.create("libopus", "w")
        codec.sample_rate = SAMPLE_RATE
        codec.layout = "stereo"
        codec.format = "s16"
        codec.bit_rate = tuning.bitrate
        codec.options = {
            "application": "audio",
            "frame_duration": "20",
            "compression_level": str(tuning.complexity),
            "vbr": "on",
        }
        codec.open()
        self._pts = 0

    def __del__(self) -> None:
        """Let go of the graph through which PyAV sends the samples of an encoder."""
        dismantle(self._codec)

    def encode(self, frame: av.AudioFrame) -> bytes:
        """Return the packet of a frame of 960 samples."""
        frame.pts = self._pts
        self._pts += FRAME_SAMPLES
        encode = cast("Callable[[av.AudioFrame], list[Buffer]]", self._codec.encode)  # pyright: ignore[reportUnknownMemberType]  # PyAV leaves a type argument open
        packets = encode(frame)
        return bytes(packets[0])


class OpusDecoder:
    """libopus, one packet at a time, to interleaved stereo samples; survives broken packets."""

    def __init__(self) -> None:
        codec = av.CodecContext.create("libopus", "r")
        codec.sample_rate = SAMPLE_RATE
        codec.layout = "stereo"
        self._codec = codec

    def decode(self, packet: bytes) -> bytes:
        """Return the samples of a packet; silence of the right length when it is broken."""
        with contextlib.suppress(FFmpegError):
            sound = b"".join(interleaved(frame) for frame in self._frames(packet))
            if sound:
                return sound
        return bytes(packet_samples(packet) * _SAMPLE_BYTES)

    def _frames(self, packet: bytes) -> Iterator[av.AudioFrame]:
        if packet:
            yield from self._codec.decode(av.Packet(packet))  # pyright: ignore[reportUnknownMemberType]  # PyAV leaves a type argument open


def interleaved(frame: av.AudioFrame) -> bytes:
    """Return the samples of a packed 16-bit stereo frame; FFmpeg pads the buffer behind them."""
    return bytes(memoryview(frame.planes[0])[: frame.samples * _SAMPLE_BYTES])
