"""Tags and length of a remote file from its first and last bytes, without fetching the middle."""

import io
from collections.abc import Buffer
from dataclasses import dataclass
from typing import override

import av
import av.container
import av.error

FORMATS = "ogg,mp3,flac,wav,aiff,caf,aac,matroska,webm,mov,mp4,m4a"
"""The demuxers that may look at a stranger's bytes; none of them opens another address."""


class ProbeFailed(Exception):
    """The bytes are not audio that can be played."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What the container says; the tags are still as the stranger wrote them."""

    metadata: dict[str, str]
    duration_ms: int | None


class SparseFile(io.RawIOBase):
    """A file of which only the head and the tail are known; what lies between reads as nothing."""

    def __init__(self, head: bytes, tail: bytes = b"", size: int | None = None) -> None:
        super().__init__()
        self._head = head
        self._tail = tail
        self._size = len(head) if size is None else max(size, len(head))
        self._position = 0

    @override
    def readable(self) -> bool:
        """Say yes."""
        return True

    @override
    def seekable(self) -> bool:
        """Say yes."""
        return True

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move within the whole size, known or not."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    @override
    def tell(self) -> int:
        """Return where the next read begins."""
        return self._position

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        """Fill from the head or the tail; 0 (the end) in the unknown middle."""
        view = memoryview(buffer).cast("B")
        tail_start = self._size - len(self._tail)
        if self._position < len(self._head):
            data = self._head[self._position : self._position + len(view)]
        elif self._position >= tail_start:
            begin = self._position - tail_start
            data = self._tail[begin : begin + len(view)]
        else:
            data = b""
        view[: len(data)] = data
        self._position += len(data)
        return len(data)


def probe(head: bytes, tail: bytes = b"", size: int | None = None) -> Probe:
    """Read what the container says. Blocking: call it in a worker thread.

    Args:
        head: The first bytes.
        tail: The last bytes, if the server sends ranges (Ogg keeps its length there).
        size: The whole size in bytes, if known.

    Raises:
        ProbeFailed: There is no audio stream in it.
    """
    source = io.BufferedReader(SparseFile(head, tail, size))
    try:
        with av.open(source, mode="r", options={"format_whitelist": FORMATS}) as container:
            if not container.streams.audio:
                raise ProbeFailed("There is no audio in it.")
            return Probe(_metadata(container), _duration_ms(container))
    except (av.error.FFmpegError, ValueError, OSError, UnicodeError) as error:
        raise ProbeFailed(str(error)) from error


def _metadata(container: av.container.InputContainer) -> dict[str, str]:
    return {**container.streams.audio[0].metadata, **container.metadata}


def _duration_ms(container: av.container.InputContainer) -> int | None:
    stream = container.streams.audio[0]
    if stream.duration is not None and stream.duration > 0:
        return round(stream.duration * stream.time_base * 1000)
    if container.duration is not None and container.duration > 0:
        return container.duration // 1000  # AV_TIME_BASE: microseconds
    return None
