"""How a connection's payloads leave: plain, payload-compressed or as one stream.

Discord, "Encoding and Compression". A stream has one context for the whole connection,
so each payload must be encoded exactly once and in the order it is sent.
"""

import zlib
from typing import Protocol

import zstandard

ZLIB_STREAM = "zlib-stream"
ZSTD_STREAM = "zstd-stream"
PAYLOAD_THRESHOLD_BYTES = 1024
"""Below this, payload compression leaves a payload as text ("not all will be compressed")."""


class Encoder(Protocol):
    """Turns payloads into websocket frames: text as `str`, binary as `bytes`."""

    def encode(self, payload: bytes) -> str | bytes:
        """The frame for one payload of UTF-8 JSON."""
        ...


class PlainEncoder:
    """Text frames."""

    def encode(self, payload: bytes) -> str | bytes:
        """See `Encoder.encode`."""
        return payload.decode()


class PayloadEncoder:
    """Each larger payload as a zlib stream of its own (`compress: true` in IDENTIFY)."""

    def encode(self, payload: bytes) -> str | bytes:
        """See `Encoder.encode`."""
        if len(payload) < PAYLOAD_THRESHOLD_BYTES:
            return payload.decode()
        return zlib.compress(payload, 1)


class ZlibStreamEncoder:
    """One zlib stream, flushed after every payload so that it ends in `00 00 FF FF`."""

    def __init__(self) -> None:
        self._stream = zlib.compressobj(1)

    def encode(self, payload: bytes) -> str | bytes:
        """See `Encoder.encode`."""
        return self._stream.compress(payload) + self._stream.flush(zlib.Z_SYNC_FLUSH)


class ZstdStreamEncoder:
    """One zstd frame that never ends, with a block boundary after every payload."""

    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor(level=1).compressobj()

    def encode(self, payload: bytes) -> str | bytes:
        """See `Encoder.encode`."""
        block = self._stream.compress(payload)
        return block + self._stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


def transport_encoder(compress: str | None) -> Encoder:
    """The encoder for the `compress` parameter of the connection's URL.

    An unknown value means no compression, as on Discord.
    """
    if compress == ZLIB_STREAM:
        return ZlibStreamEncoder()
    if compress == ZSTD_STREAM:
        return ZstdStreamEncoder()
    return PlainEncoder()
