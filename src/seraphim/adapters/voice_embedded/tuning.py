"""The numbers of the embedded voice: what Discord fixes, and what we may turn."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

SAMPLE_RATE: Final = 48_000
"""Opus on Discord always runs at 48 kHz stereo (Discord docs, "Voice Connections")."""
CHANNELS: Final = 2
FRAME_SAMPLES: Final = 960
"""Samples per channel in one packet: 20 ms."""
FRAME_SECONDS: Final = FRAME_SAMPLES / SAMPLE_RATE
FRAME_MS: Final = 20
TIME_BASE: Final = Fraction(1, SAMPLE_RATE)
FRAME_BYTES: Final = FRAME_SAMPLES * CHANNELS * 2
"""One frame as interleaved signed 16-bit samples."""
SILENCE: Final = b"\xf8\xff\xfe"
"""An Opus frame of silence (Discord docs, "Voice Data Interpolation")."""
SILENCE_FRAMES: Final = 5
"""How many silent frames end a run of sound, so that receivers do not interpolate."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """What an operator or a benchmark may turn; the defaults suit two cores."""

    slots: int = 4
    """Parts of the 20 ms beat that players are spread over; 4 means a wake-up every 5 ms."""
    workers: int = 2
    """Threads that read and transcode files."""
    http_workers: int = 8
    """Threads that read and transcode what comes over HTTP, and so may have to wait."""
    buffer_frames: int = 75
    """Packets held ready per player (20 ms each) once it is filled."""
    refill_frames: int = 40
    """A player with fewer packets than this asks for more."""
    slice_frames: int = 10
    """Packets a worker encodes for one player before its next; copied packets count a quarter."""
    bitrate: int = 128_000
    """Bits per second of what we encode ourselves."""
    complexity: int = 5
    """libopus' effort, 0 to 10: 10 costs a fifth more processor time than 5, 0 half of it."""
    http_buffer_bytes: int = 512 * 1024
    """The most that is read ahead of an HTTP body."""
    stall_seconds: float = 10.0
    """How long a read may hang before the playback fails with ``network``."""
    connect_seconds: float = 15.0
    """How long joining a voice channel may take."""
    lost_seconds: float = 60.0
    """How long a broken voice connection may take to come back before it counts as lost."""
    max_lag_seconds: float = 1.0
    """A standstill longer than this is skipped over instead of being caught up with."""
