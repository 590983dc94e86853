"""Cover pictures inside songs, shown in Discord by way of the bot's own web server."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import av.container
import av.error
from av.stream import Disposition, Stream

PATH: Final = "/music/art"
"""Where the pictures are on the web server."""
MAX_BYTES: Final = 5 * 1024 * 1024
"""Discord shows no larger ones."""
_KEY_LENGTH: Final = 32
_KINDS: Final[Mapping[bytes, str]] = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
"""What a picture begins with, whatever the file says that it is."""


@dataclass(frozen=True, slots=True)
class Art:
    """One picture."""

    data: bytes
    media_type: str


def art_key(name: str, mtime_ns: int) -> str:
    """Return the name of a song's picture: another one whenever the file has changed.

    It says nothing about the path, and lets everybody keep the picture for ever.
    """
    text = f"{name}\0{mtime_ns}"
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:_KEY_LENGTH]


def has_art(container: av.container.InputContainer) -> bool:
    """Say whether an open file holds a picture."""
    return _picture_of(container) is not None


def read_art(path: Path, formats: str) -> Art | None:
    """Return the picture in a file; None when there is none that can be shown. Blocking.

    Args:
        path: The file.
        formats: The demuxers that may open it.
    """
    try:
        with av.open(str(path), mode="r", options={"format_whitelist": formats}) as container:
            stream = _picture_of(container)
            packet = None if stream is None else next(iter(container.demux(stream)), None)
            data = b"" if packet is None or packet.size > MAX_BYTES else bytes(packet)
    except (av.error.FFmpegError, ValueError, OSError):
        return None
    for start, media_type in _KINDS.items():
        if data.startswith(start):
            return Art(data, media_type)
    return None


def _picture_of(container: av.container.InputContainer) -> Stream | None:
    for stream in container.streams.video:
        if stream.disposition & Disposition.attached_pic:
            return stream
    return None
