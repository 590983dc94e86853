"""RTP packets and Discord's IP discovery, as bytes.

Only what a voice server has to read and write: the fixed RTP header of RFC 3550
section 5.1 with contributing sources and the extension preamble, and the 74-byte
discovery packet of Discord's "IP Discovery" section.
"""

import struct
from dataclasses import dataclass

FIXED_HEADER_BYTES = 12
DISCOVERY_BYTES = 74
DISCOVERY_REQUEST = 1
DISCOVERY_RESPONSE = 2
DISCOVERY_BODY_BYTES = 70
OPUS_PAYLOAD_TYPE = 0x78
SILENCE_FRAME = b"\xf8\xff\xfe"
"""The Opus frame that a client sends five times before it stops."""

_HEADER = struct.Struct(">BBHII")
_DISCOVERY = struct.Struct(">HHI")
_VERSION_MASK = 0xC0
_VERSION_2 = 0x80
_PADDING = 0x20
_EXTENSION = 0x10
_CSRC_COUNT = 0x0F
_PAYLOAD_TYPE = 0x7F
_WORD_BYTES = 4
_PREAMBLE_BYTES = 4


class MalformedPacket(ValueError):
    """The bytes are no RTP version 2 packet."""


@dataclass(frozen=True, slots=True)
class RtpHeader:
    """What an RTP header says.

    Attributes:
        payload_type: 0x78 for Opus on Discord.
        sequence: 16 bits, wraps.
        timestamp: 32 bits in samples of 48 kHz, wraps.
        ssrc: The stream's number, given out by the voice gateway.
        size_bytes: Bytes in the clear under the `rtpsize` ciphers: the fixed header,
            contributing sources, and the extension's four-byte preamble.
        extension_words: 32-bit words of extension body at the start of the plain text.
        padded: Whether the plain text ends in padding that counts itself.
    """

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    size_bytes: int
    extension_words: int = 0
    padded: bool = False


def read_header(packet: bytes) -> RtpHeader:
    """Read the clear part of a packet.

    Args:
        packet: The datagram as received.

    Raises:
        MalformedPacket: Shorter than its own header, or not RTP version 2.
    """
    if len(packet) < FIXED_HEADER_BYTES or packet[0] & _VERSION_MASK != _VERSION_2:
        raise MalformedPacket("not an RTP version 2 packet")
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(packet)
    size = FIXED_HEADER_BYTES + _WORD_BYTES * (first & _CSRC_COUNT)
    words = 0
    if first & _EXTENSION:
        if len(packet) < size + _PREAMBLE_BYTES:
            raise MalformedPacket("the header extension is cut off")
        words = int.from_bytes(packet[size + 2 : size + 4], "big")
        size += _PREAMBLE_BYTES
    return RtpHeader(
        payload_type=second & _PAYLOAD_TYPE,
        sequence=sequence,
        timestamp=timestamp,
        ssrc=ssrc,
        size_bytes=size,
        extension_words=words,
        padded=bool(first & _PADDING),
    )


def strip_plaintext(header: RtpHeader, plaintext: bytes) -> bytes:
    """The Opus packet inside a decrypted payload, without extension body and padding.

    Raises:
        MalformedPacket: Extension or padding is longer than the payload.
    """
    start = header.extension_words * _WORD_BYTES
    end = len(plaintext) - (plaintext[-1] if header.padded and plaintext else 0)
    if start > end:
        raise MalformedPacket("extension or padding exceeds the payload")
    return plaintext[start:end]


def write_header(sequence: int, timestamp: int, ssrc: int) -> bytes:
    """A plain 12-byte header for an Opus packet; numbers wrap as RTP's do."""
    return _HEADER.pack(
        _VERSION_2, OPUS_PAYLOAD_TYPE, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc
    )


def discovery_request(ssrc: int) -> bytes:
    """What a client sends to learn its outer address."""
    return _DISCOVERY.pack(DISCOVERY_REQUEST, DISCOVERY_BODY_BYTES, ssrc) + bytes(66)


def read_discovery_request(packet: bytes) -> int | None:
    """The SSRC asked about, or None when the datagram is no discovery request."""
    if len(packet) != DISCOVERY_BYTES:
        return None
    kind, length, ssrc = _DISCOVERY.unpack_from(packet)
    if kind != DISCOVERY_REQUEST or length != DISCOVERY_BODY_BYTES:
        return None
    return int(ssrc)


def discovery_response(ssrc: int, host: str, port: int) -> bytes:
    """The answer: the address the request came from, null-padded to 64 bytes."""
    head = _DISCOVERY.pack(DISCOVERY_RESPONSE, DISCOVERY_BODY_BYTES, ssrc)
    return head + host.encode("ascii").ljust(64, b"\0") + port.to_bytes(2, "big")
