"""The pieces of a medium around the place that is playing, so that they can be made anew."""

from collections import deque
from typing import NamedTuple, Protocol


class Piece(NamedTuple):
    """20 ms of a medium: its own packet, or 960 samples; one of the two."""

    packet: bytes | None
    samples: bytes | None
    """Interleaved 16-bit stereo at 48 kHz."""


class Track(Protocol):
    """Yields pieces; used by one thread at a time."""

    def next(self) -> Piece | None:
        """Return the next 20 ms, None at the end; raises MediaFailed."""
        ...

    def close(self) -> None:
        """Close the file."""
        ...


class Spool:
    """Reads a track and keeps what may be needed again; pieces are counted from 0.

    Args:
        track: The opened medium.
    """

    def __init__(self, track: Track) -> None:
        self._track = track
        self._kept: deque[Piece] = deque()
        self._ended = False
        self.first = 0
        """The oldest piece that is kept."""
        self.next = 0
        """The piece that :meth:`read` returns next."""

    def read(self) -> Piece | None:
        """Return the next piece, None at the end; raises MediaFailed."""
        place = self.next - self.first
        if place < len(self._kept):
            self.next += 1
            return self._kept[place]
        if self._ended:
            return None
        piece = self._track.next()
        if piece is None:
            self._ended = True
            return None
        self._kept.append(piece)
        self.next += 1
        return piece

    def peek(self) -> Piece | None:
        """Return the next piece and stay before it."""
        piece = self.read()
        if piece is not None:
            self.next -= 1
        return piece

    def behind(self, count: int) -> list[Piece]:
        """Return up to ``count`` kept pieces before the next one, in their order."""
        place = self.next - self.first
        return [self._kept[index] for index in range(max(0, place - count), place)]

    def rewind(self, piece: int) -> None:
        """Go to a piece that is kept, or to the nearest one."""
        self.next = max(self.first, min(piece, self.first + len(self._kept)))

    def trim(self, before: int) -> None:
        """Forget pieces that nobody will want again."""
        while self.first < before and self._kept:
            self._kept.popleft()
            self.first += 1

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._ended = True

    def close(self) -> None:
        """Close the track."""
        self._track.close()
