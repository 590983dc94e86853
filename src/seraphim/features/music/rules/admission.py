"""Which songs a guild lets into its queue."""

from collections.abc import Sequence
from dataclasses import dataclass

from seraphim.features.music.rules.errors import AlreadyQueued, SourceNotAllowed, TrackTooLong
from seraphim.features.music.rules.picture import clock_time
from seraphim.features.music.rules.queue import Queue
from seraphim.features.music.rules.text import MAX_NAME, escape
from seraphim.features.music.rules.track import Track
from seraphim.kernel.errors import SeraphimError

_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Admission:
    """What a guild wants."""

    max_track_minutes: int
    allows_duplicates: bool = True
    sources: frozenset[str] = frozenset()
    """Names of the sources that are allowed; empty allows all."""


def admit(tracks: Sequence[Track], queue: Queue, admission: Admission) -> tuple[Track, ...]:
    """Return the tracks that may enter the queue, in order; at least one.

    Raises:
        TrackTooLong, AlreadyQueued, SourceNotAllowed: Why the first one may not, when none may.
    """
    known: set[tuple[str, str]] = set()
    if not admission.allows_duplicates:
        entries = queue.upcoming if queue.current is None else (queue.current, *queue.upcoming)
        known = {(entry.track.source, entry.track.identifier) for entry in entries}
    admitted: list[Track] = []
    first_refusal: SeraphimError | None = None
    for track in tracks:
        refusal = _refusal(track, admission, known)
        if refusal is None:
            admitted.append(track)
            if not admission.allows_duplicates:
                known.add((track.source, track.identifier))
        else:
            first_refusal = first_refusal or refusal
    if not admitted and first_refusal is not None:
        raise first_refusal
    return tuple(admitted)


def _refusal(
    track: Track, admission: Admission, known: set[tuple[str, str]]
) -> SeraphimError | None:
    if admission.sources and track.source not in admission.sources:
        return SourceNotAllowed(source=track.source)
    longest_ms = admission.max_track_minutes * _MINUTE_MS
    if track.duration_ms is not None and track.duration_ms > longest_ms:
        return TrackTooLong(
            title=escape(track.title, MAX_NAME),
            length=clock_time(track.duration_ms),
            limit=clock_time(longest_ms),
        )
    if (track.source, track.identifier) in known:
        return AlreadyQueued(title=escape(track.title, MAX_NAME))
    return None
