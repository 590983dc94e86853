"""What arrives in several containers one behind the other, as one medium."""

from seraphim.adapters.voice_embedded.http_input import HttpInput
from seraphim.adapters.voice_embedded.spool import Piece, Track
from seraphim.adapters.voice_embedded.track import open_track


class PartsTrack:
    """The parts of an HTTP body; each is opened when the one before has been read.

    Args:
        arriving: The bytes.
        position_ms: Where in the medium to begin; the first part may begin later than the medium.

    Raises:
        MediaFailed: The first part cannot be opened, or there is no sound in it.
    """

    def __init__(self, arriving: HttpInput, *, position_ms: int) -> None:
        self._arriving = arriving
        self._part: Track = open_track(
            arriving, position_ms=max(0, position_ms - arriving.start_ms)
        )

    def next(self) -> Piece | None:
        """Return the next 20 ms, None at the end; raises MediaFailed."""
        while (piece := self._part.next()) is None:
            if not self._arriving.next_part():
                return None
            self._part.close()
            self._part = open_track(self._arriving, position_ms=0)
        return piece

    def close(self) -> None:
        """Close what is open."""
        self._part.close()
