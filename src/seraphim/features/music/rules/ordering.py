"""Changing what is to come: shuffled, moved, taken out. Pure functions on the queue.

Places are counted from 1, as members see them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace

from seraphim.features.music.rules.errors import (
    NothingToRemove,
    NothingToShuffle,
    PlacesUnclear,
    PlaceUnknown,
)
from seraphim.features.music.rules.queue import Entry, Queue
from seraphim.kernel.ids import UserId

_PART = re.compile(r"(\d{1,6})(?:\s*(?:-|–|\.\.)\s*(\d{1,6}))?")  # noqa: RUF001 - phones write this dash


def shuffle(queue: Queue, order: Sequence[int]) -> Queue:
    """Put what waits into another order.

    Args:
        queue: The queue before.
        order: A permutation of ``range(len(queue.upcoming))``: which old index comes where.

    Raises:
        NothingToShuffle: Fewer than two entries wait.
    """
    if len(queue.upcoming) < 2:  # noqa: PLR2004 - one song has no order
        raise NothingToShuffle
    return _reordered(queue, [queue.upcoming[index] for index in order])


def move(queue: Queue, place: int, to: int) -> tuple[Queue, Entry]:
    """Take one entry to another place; the ones between move up.

    Raises:
        PlaceUnknown: There is no such place.
    """
    for number in (place, to):
        _check_place(queue, number)
    entries = list(queue.upcoming)
    entry = entries.pop(place - 1)
    entries.insert(to - 1, entry)
    return (queue if place == to else _reordered(queue, entries)), entry


def remove(queue: Queue, places: Iterable[int]) -> tuple[Queue, tuple[Entry, ...]]:
    """Take entries out by their places; returns them in the order of the queue.

    Raises:
        PlaceUnknown: One of the places does not exist; then nothing is taken out.
    """
    wanted = set(places)
    for number in wanted:
        _check_place(queue, number)
    gone = {queue.upcoming[number - 1].entry_id for number in wanted}
    return _without(queue, lambda entry: entry.entry_id in gone)


def remove_duplicates(queue: Queue) -> tuple[Queue, tuple[Entry, ...]]:
    """Keep each track once, the earliest; the current song counts as the first.

    Raises:
        NothingToRemove: No track waits twice.
    """
    seen: set[tuple[str, str]] = set()
    if queue.current is not None:
        seen.add((queue.current.track.source, queue.current.track.identifier))

    def is_repeated(entry: Entry) -> bool:
        key = (entry.track.source, entry.track.identifier)
        if key in seen:
            return True
        seen.add(key)
        return False

    return _without(queue, is_repeated)


def remove_by(queue: Queue, user_id: UserId) -> tuple[Queue, tuple[Entry, ...]]:
    """Take out what one member asked for; raises NothingToRemove."""
    return _without(queue, lambda entry: entry.requested_by == user_id)


def remove_absent(queue: Queue, present: Collection[UserId]) -> tuple[Queue, tuple[Entry, ...]]:
    """Take out what members asked for who do not listen any more; raises NothingToRemove."""

    def is_absent(entry: Entry) -> bool:
        return entry.requested_by is not None and entry.requested_by not in present

    return _without(queue, is_absent)


def read_places(typed: str, *, last: int) -> tuple[int, ...]:
    """Return the places that ``3``, ``2-5`` or ``1, 4, 7-9`` mean, each once, ascending.

    Args:
        typed: What the member wrote.
        last: How many entries wait.

    Raises:
        PlacesUnclear: It is none of these forms.
        PlaceUnknown: It names a place that does not exist.
    """
    found: set[int] = set()
    for part in re.split(r"[,;\s]+", re.sub(r"\s*(-|–|\.\.)\s*", r"\1", typed.strip())):  # noqa: RUF001 - as above
        if not part:
            continue
        match = _PART.fullmatch(part) if part.isascii() or "–" in part else None  # noqa: RUF001 - as above
        if match is None:
            raise PlacesUnclear
        first = int(match[1])
        final = int(match[2] or first)
        first, final = min(first, final), max(first, final)
        if first < 1 or final > last:
            raise PlaceUnknown(place=first if first < 1 else final, count=last)
        found.update(range(first, final + 1))
    if not found:
        raise PlacesUnclear
    return tuple(sorted(found))


def _check_place(queue: Queue, place: int) -> None:
    if not 1 <= place <= len(queue.upcoming):
        raise PlaceUnknown(place=place, count=len(queue.upcoming))


def _without(queue: Queue, is_gone: Callable[[Entry], bool]) -> tuple[Queue, tuple[Entry, ...]]:
    gone: list[Entry] = []
    kept: list[Entry] = []
    for entry in queue.upcoming:
        (gone if is_gone(entry) else kept).append(entry)
    if not gone:
        raise NothingToRemove
    return replace(queue, upcoming=tuple(kept)), tuple(gone)


def _reordered(queue: Queue, entries: Sequence[Entry]) -> Queue:
    """Number the entries anew, behind every number in use: no two rows ever share one."""
    start = queue.upcoming[-1].position + 1
    numbered = (replace(entry, position=start + offset) for offset, entry in enumerate(entries))
    return replace(queue, upcoming=tuple(numbered))
