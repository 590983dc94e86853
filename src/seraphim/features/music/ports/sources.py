"""Where tracks come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from seraphim.features.music.ports.failures import SourceFailed
from seraphim.features.music.ports.media import Media
from seraphim.features.music.rules.track import Track


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a query turned into: nothing, one track, or a list (a folder, an album)."""

    tracks: tuple[Track, ...]
    playlist_title: str | None = None
    """Set when the query named a list and not a single track."""
    truncated: bool = False
    """More tracks matched than ``limit`` allowed."""


class TrackSource(Protocol):
    """Finds tracks and opens them. Errors are :class:`SourceFailed`."""

    name: ClassVar[str]
    """Short and stable; stored with every track."""

    def claims(self, query: str) -> bool:
        """Say whether ``query`` is this source's own form (a URL, say); no I/O."""
        ...

    async def resolve(self, query: str, *, limit: int) -> Resolution:
        """Turn what the member typed into at most ``limit`` tracks; empty when nothing fits."""
        ...

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Return the best matches, best first; fast enough for autocomplete (< 200 ms)."""
        ...

    async def open(self, track: Track) -> Media:
        """Return what the backend should open; raises SourceFailed when it is gone."""
        ...

    async def ping(self) -> None:
        """Raise when the source cannot work right now; feeds the health page."""
        ...

    async def close(self) -> None:
        """Let go of connections and watchers."""
        ...


class NullTrackSource:
    """The source of an installation without any: finds nothing, and says what to set."""

    name: ClassVar[str] = "null"

    def claims(self, query: str) -> bool:
        """Claim nothing."""
        _ = query
        return False

    async def resolve(self, query: str, *, limit: int) -> Resolution:
        """Refuse, naming the setting."""
        _ = query, limit
        reason = "No music source is set up. Set SERAPHIM_LIBRARY to a folder with songs."
        raise SourceFailed(reason, failure="unsupported")

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Find nothing."""
        _ = text, limit
        return ()

    async def open(self, track: Track) -> Media:
        """Refuse: nothing can have come from here."""
        raise SourceFailed(f"Nothing can open {track.title}.", failure="unsupported")

    async def ping(self) -> None:
        """Fine: there is nothing to reach."""

    async def close(self) -> None:
        """Nothing to let go of."""
