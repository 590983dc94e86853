"""The binary frames of `/sandbox/people/listen`.

Version 1: ``version u8, user u64, ssrc u32, sequence u16, timestamp u32``, big endian, then the
Opus packet. Version 2 has ``received u64`` (nanoseconds of the sandbox's monotonic clock at
arrival) before the packet; ask for it with ``?v=2``.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

_VERSION_1 = struct.Struct(">BQIHI")
_VERSION_2 = struct.Struct(">BQIHIQ")


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """One Opus packet as a person hears it.

    Attributes:
        user_id: Who sent it.
        ssrc: Their stream.
        sequence: RTP sequence, 16 bits, wraps.
        timestamp: RTP timestamp, 32 bits, samples of 48 kHz, wraps.
        opus: The packet, byte for byte.
        received_ns: Arrival on the sandbox machine's monotonic clock; 0 in version 1.
    """

    user_id: int
    ssrc: int
    sequence: int
    timestamp: int
    opus: bytes
    received_ns: int = 0


def pack_frame(frame: HeardFrame, version: int = 1) -> bytes:
    """The frame as it goes over the WebSocket."""
    fields = (frame.user_id, frame.ssrc, frame.sequence, frame.timestamp)
    if version == 1:
        return _VERSION_1.pack(1, *fields) + frame.opus
    return _VERSION_2.pack(2, *fields, frame.received_ns) + frame.opus


def unpack_frame(data: bytes) -> HeardFrame:
    """Read a frame of either version.

    Raises:
        ValueError: Neither version, or too short.
    """
    layout = {1: _VERSION_1, 2: _VERSION_2}.get(data[0] if data else 0)
    if layout is None or len(data) < layout.size:
        raise ValueError("not a frame of version 1 or 2")
    _, user_id, ssrc, sequence, timestamp, *received = layout.unpack_from(data)
    return HeardFrame(
        user_id, ssrc, sequence, timestamp, data[layout.size :], received[0] if received else 0
    )
