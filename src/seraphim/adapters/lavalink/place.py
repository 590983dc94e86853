"""How far a track is, between two things the node says."""

from dataclasses import dataclass

from seraphim.adapters.lavalink.messages import Json


@dataclass(slots=True)
class Place:
    """A position that runs on by itself, in milliseconds of the medium.

    A node counts the milliseconds it has sent since the last seek (lavaplayer counts samples behind
    the filters), so that at double speed its position falls behind the medium. Every jump makes
    both equal again; from there on the medium advances by speed for each millisecond of the node's.

    Times are the event loop's seconds.
    """

    base_ms: float = 0.0
    """Where the last jump went to."""
    speed: float = 1.0
    runs: bool = False
    length_ms: int | None = None
    _media_ms: float = 0.0
    _at: float = 0.0

    def now(self, at: float) -> int:
        """Return the position at a time; not before what was said, not after the track's end."""
        ran = max(0.0, at - self._at) * 1000 * self.speed if self.runs else 0.0
        position = self._media_ms + ran
        if self.length_ms is not None:
            position = min(position, max(self.length_ms, self._media_ms))
        return int(position)

    def jump(self, position_ms: float, at: float) -> None:
        """Begin anew somewhere."""
        self.base_ms = self._media_ms = float(position_ms)
        self._at = at

    def report(self, node_ms: int, at: float) -> None:
        """Take over what the node says."""
        self._media_ms = self.base_ms + (node_ms - self.base_ms) * self.speed
        self._at = at

    def run(self, at: float, *, runs: bool) -> None:
        """Let it run, or hold it where it is."""
        if runs != self.runs:
            self._media_ms, self._at = float(self.now(at)), at
            self.runs = runs

    def noted(self) -> Json:
        """Return what is needed to read the node's position in another process."""
        return {"base": round(self.base_ms), "speed": self.speed}
