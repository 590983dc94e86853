"""Tracks: what lavaplayer makes of an identifier, and its binary form in base64."""

# PyAV's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import asyncio
import base64
import struct
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import av
import av.error

type Json = dict[str, Any]
_VERSIONED = 1 << 30
_VERSION = 3
_ENDLESS = 2**63 - 1


class LoadError(Exception):
    """A source knows the identifier and cannot load it."""

    def __init__(self, message: str, severity: str = "suspicious") -> None:
        super().__init__(message)
        self.message = message
        self.severity = severity


@dataclass(frozen=True)
class NodeTrack:
    """A track as the node knows it."""

    identifier: str
    title: str
    author: str
    length: int
    is_stream: bool
    uri: str | None
    source: str
    media: str = ""
    """What FFmpeg opens."""
    isrc: str | None = None
    artwork: str | None = None
    user_data: Json = field(default_factory=dict[str, Any])

    def json(self) -> Json:
        """The protocol's Track object."""
        return {
            "encoded": self.encode(),
            "info": {
                "identifier": self.identifier,
                "isSeekable": not self.is_stream,
                "author": self.author,
                "length": self.length,
                "isStream": self.is_stream,
                "position": 0,
                "title": self.title,
                "uri": self.uri,
                "sourceName": self.source,
                "artworkUrl": self.artwork,
                "isrc": self.isrc,
            },
            "pluginInfo": {},
            "userData": self.user_data,
        }

    def encode(self) -> str:
        """Lavaplayer's message format, version 3 (``DefaultAudioPlayerManager.encodeTrack``)."""
        body = bytes([_VERSION]) + _utf(self.title) + _utf(self.author)
        body += struct.pack(">q", self.length) + _utf(self.identifier)
        body += bytes([self.is_stream])
        body += _maybe(self.uri) + _maybe(self.artwork) + _maybe(self.isrc)
        body += _utf(self.source) + _utf("probe") + struct.pack(">q", 0)
        return base64.b64encode(struct.pack(">I", len(body) | _VERSIONED) + body).decode()

    def with_user_data(self, data: Json) -> "NodeTrack":
        """The same track with other user data."""
        return replace(self, user_data=data)


def decode(encoded: str) -> NodeTrack:
    """Read what `NodeTrack.encode` wrote; raises ValueError."""
    try:
        raw = base64.b64decode(encoded, validate=True)
        reader = _Reader(raw[4:])
        if struct.unpack(">I", raw[:4])[0] & 0x3FFFFFFF != len(raw) - 4:
            raise ValueError("not a track")
        version = reader.byte()
        title, author = reader.utf(), reader.utf()
        length, identifier = reader.long(), reader.utf()
        is_stream = bool(reader.byte())
        uri = reader.maybe()
        artwork, isrc = (reader.maybe(), reader.maybe()) if version >= _VERSION else (None, None)
        source = reader.utf()
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError("not a track") from error
    media = identifier if source in {"http", "local"} else ""
    return NodeTrack(
        identifier, title, author, length, is_stream, uri, source, media, isrc, artwork
    )


async def probe(media: str, source: str) -> NodeTrack:
    """Open a file or URL as lavaplayer's local and http sources do; raises LoadError."""
    try:
        return await asyncio.to_thread(_probe, media, source)
    except (av.error.FFmpegError, OSError) as error:
        if isinstance(error, av.error.InvalidDataError):
            raise LoadError("Unknown file format.") from error
        raise LoadError(f"Connecting to the URL failed: {type(error).__name__}") from error


def _probe(media: str, source: str) -> NodeTrack:
    with av.open(media, timeout=10) as container:
        if not container.streams.audio:
            raise LoadError("Unknown file format.")
        tags = {key.lower(): value for key, value in container.metadata.items()}
        tags |= {k.lower(): v for k, v in container.streams.audio[0].metadata.items()}
        duration = container.duration
        name = unquote(Path(urlsplit(media).path).stem) or "Unknown title"
        return NodeTrack(
            identifier=media,
            title=str(tags.get("title", name))[:2000],
            author=str(tags.get("artist", "Unknown artist"))[:2000],
            length=_ENDLESS if duration is None else duration // 1000,
            is_stream=duration is None,
            uri=media,
            source=source,
            media=media,
        )


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0

    def byte(self) -> int:
        self._at += 1
        return self._raw[self._at - 1]

    def long(self) -> int:
        self._at += 8
        return int(struct.unpack(">q", self._raw[self._at - 8 : self._at])[0])

    def utf(self) -> str:
        size = struct.unpack(">H", self._raw[self._at : self._at + 2])[0]
        self._at += 2 + size
        return self._raw[self._at - size : self._at].decode()

    def maybe(self) -> str | None:
        return self.utf() if self.byte() else None


def _utf(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">H", len(raw)) + raw


def _maybe(text: str | None) -> bytes:
    return b"\0" if text is None else b"\1" + _utf(text)
