"""Where tracks come from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, runtime_checkable

from seraphim.features.music.ports.failures import SourceFailed
from seraphim.features.music.ports.media import Media
from seraphim.features.music.rules.track import Track
from seraphim.kernel.marks import N_

type Reach = Literal["typing", "words", "links"]
"""When a source is asked: while somebody types and for any words; for words that a quicker source
does not know; only for its own links, and for words when the member names the source."""
type Progress = Callable[[int, int | None], None]
"""Told how many tracks of a list are there already, and how many there will be (None: unknown)."""


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
    reach: ClassVar[Reach]

    def claims(self, query: str) -> bool:
        """Say whether ``query`` is this source's own form (a URL, say); no I/O."""
        ...

    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        """Turn what the member typed into at most ``limit`` tracks; empty when nothing fits."""
        ...

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Return the best matches, best first; under 200 ms for a source of reach ``typing``."""
        ...

    async def open(self, track: Track) -> Media:
        """Return what the backend should open; raises SourceFailed when it is gone.

        A source that only describes songs raises :class:`OnlyDescribed`.
        """
        ...

    async def ping(self) -> None:
        """Raise when the source cannot work right now; feeds the health page."""
        ...

    async def close(self) -> None:
        """Let go of connections and watchers."""
        ...


class LinkFollower(Protocol):
    """Finds out what short links stand for."""

    async def follow(self, link: str, *, until: Callable[[str], bool]) -> str:
        """Return the first address on a link's way that ``until`` accepts, or where it ends.

        Raises:
            AddressRefused: The way leads into a private network.
            SourceFailed: It cannot be followed.
        """
        ...


type Likeness = Literal["similar", "artist", "album", "genre"]


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A track that goes with another one, and in what."""

    track: Track
    likeness: Likeness
    detail: str = ""
    """The artist, album or genre they share; the other track's title when they are similar."""


@runtime_checkable
class RecommendsTracks(Protocol):
    """What a source may offer besides: tracks that could follow one. Autoplay asks for it."""

    name: ClassVar[str]

    async def recommend(self, track: Track, *, limit: int, order: int) -> Sequence[Recommendation]:
        """Return tracks that go with ``track``, of this source or another one.

        Args:
            track: What plays.
            limit: At most so many of each likeness.
            order: Any number; decides which ones, where more would fit.

        Raises:
            SourceFailed: They cannot be found right now.
        """
        ...


@runtime_checkable
class TellsTitles(Protocol):
    """What a source may offer besides: the songs that its streams say they play."""

    def live_title(self, track: Track) -> str | None:
        """Return what an open stream says it plays now; None when it says nothing."""
        ...

    def follow_titles(self, follower: Callable[[str], None]) -> None:
        """Call ``follower`` with the identifier of each stream that says something new."""
        ...


class NullTrackSource:
    """The source of an installation without any: finds nothing, and says what to set."""

    name: ClassVar[str] = "null"
    reach: ClassVar[Reach] = "words"

    def claims(self, query: str) -> bool:
        """Claim nothing."""
        _ = query
        return False

    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        """Refuse, naming the setting."""
        _ = query, limit, progress
        reason = N_("No music source is set up. Set SERAPHIM_LIBRARY to a folder with songs.")
        raise SourceFailed(reason, failure="unsupported")

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Find nothing."""
        _ = text, limit
        return ()

    async def open(self, track: Track) -> Media:
        """Refuse: nothing can have come from here."""
        reason = N_("Nothing can open {title}.")
        raise SourceFailed(reason, failure="unsupported", title=track.title)

    async def ping(self) -> None:
        """Fine: there is nothing to reach."""

    async def close(self) -> None:
        """Nothing to let go of."""
