"""What is played: a track as it is stored in the queue, whichever source it came from."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Track:
    """One song or stream. ``(source, identifier)`` names it for good within this installation."""

    source: str
    """The :class:`~seraphim.features.music.ports.TrackSource` that opens it: ``library``, say."""
    identifier: str
    """What that source needs to open it again: a path below the library, or a URL."""
    title: str
    artist: str | None = None
    album: str | None = None
    duration_ms: int | None = None
    """Length; None when unknown or endless."""
    url: str | None = None
    """A page a person can open, never an internal path."""
    artwork_url: str | None = None
    is_stream: bool = False
    """Endless: it has no position to seek to or to resume from."""
    isrc: str | None = None
    """The recording's own number (ISO 3901), where the source knows it."""
