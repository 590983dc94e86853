"""An endless Ogg Opus stream, page by page.

Sources: RFC 3533 (the Ogg page), RFC 7845 (OpusHead, OpusTags, granule positions at 48 kHz).
"""

from __future__ import annotations

import struct

from discord_sandbox.people.opus_length import packet_samples

_CRC_POLYNOMIAL = 0x04C11DB7
_CONTINUED, _FIRST = 0x00, 0x02
_SEGMENT = 255


def _crc_table() -> tuple[int, ...]:
    table: list[int] = []
    for byte in range(256):
        value = byte << 24
        for _ in range(8):
            value = (value << 1) ^ (_CRC_POLYNOMIAL if value & 0x80000000 else 0)
        table.append(value & 0xFFFFFFFF)
    return tuple(table)


_TABLE = _crc_table()


def _crc(page: bytes) -> int:
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFFFFFF) ^ _TABLE[(value >> 24) ^ byte]
    return value


class OggOpusStream:
    """Packs Opus packets into Ogg pages, one packet a page, so that nothing waits for more.

    Args:
        serial: The logical stream's number.
        channels: As the header announces them; Discord's are 2.
    """

    def __init__(self, serial: int, channels: int = 2) -> None:
        self._serial = serial
        self._channels = channels
        self._sequence = 0
        self._granule = 0

    def header(self) -> bytes:
        """The two header pages every listener needs first."""
        head = b"OpusHead" + struct.pack("<BBHIhB", 1, self._channels, 0, 48_000, 0, 0)
        vendor = b"discord_sandbox"
        tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
        return self._page(head, _FIRST) + self._page(tags, _CONTINUED)

    def page(self, packet: bytes) -> bytes:
        """One packet as one page; the granule position is the end of the packet."""
        self._granule += packet_samples(packet)
        return self._page(packet, _CONTINUED)

    def _page(self, packet: bytes, kind: int) -> bytes:
        lacing = bytes([_SEGMENT] * (len(packet) // _SEGMENT) + [len(packet) % _SEGMENT])
        header = struct.pack(
            "<4sBBqIIIB",
            b"OggS",
            0,
            kind,
            self._granule,
            self._serial,
            self._sequence,
            0,
            len(lacing),
        )
        self._sequence += 1
        page = header + lacing + packet
        return page[:22] + struct.pack("<I", _crc(page)) + page[26:]
