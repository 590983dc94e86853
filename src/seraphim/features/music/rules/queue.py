"""The order of songs: what plays, what comes, what was. Frozen values and pure functions.

The order is a number in each entry, never the order of rows. Numbers are sparse and may be
negative, so that putting a song in front or behind touches no other entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from seraphim.features.music.rules.errors import NothingBefore, NothingNext
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import UserId

MAX_HISTORY = 50
"""How many songs one can go back; the statistics keep more."""

type Place = Literal["last", "next", "now"]
type Outcome = Literal["played", "skipped", "failed"]
type Loop = Literal["off", "track", "queue"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A track that somebody asked for; the same track may be queued twice."""

    entry_id: str
    track: Track
    requested_by: UserId | None
    """None once that member has asked to be forgotten."""
    position: int = 0
    """Sorts the queue: smaller plays earlier."""
    reason: str | None = None
    """Why the player chose it by itself; None when somebody asked for it."""


@dataclass(frozen=True, slots=True)
class Past:
    """An entry that has been played, skipped or given up."""

    sequence: int
    """Counts up for the guild; the newest has the largest."""
    entry: Entry
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Queue:
    """All songs of a guild's player."""

    current: Entry | None = None
    upcoming: tuple[Entry, ...] = ()
    """In the order of their positions."""
    history: tuple[Past, ...] = ()
    """Newest last, at most ``MAX_HISTORY``."""
    next_sequence: int = 1

    @property
    def duration_ms(self) -> int:
        """Length of everything that is still to come; streams and unknown lengths count nothing."""
        return sum(entry.track.duration_ms or 0 for entry in self.upcoming)


def add(
    queue: Queue, entries: Iterable[Entry], *, place: Place, limit: int
) -> tuple[Queue, tuple[Entry, ...]]:
    """Put entries into the queue, as many as fit.

    Args:
        queue: The queue before.
        entries: What to add, in the order in which it should play.
        place: Behind everything, or before everything (``next`` and ``now``: starting it is up to
            the caller).
        limit: How many may wait.

    Returns:
        The queue after, and the entries that found room, with their positions.
    """
    room = max(0, limit - len(queue.upcoming))
    fitting = list(entries)[:room]
    if place == "last":
        start = queue.upcoming[-1].position + 1 if queue.upcoming else _after_current(queue)
    else:
        first = queue.upcoming[0].position if queue.upcoming else _after_current(queue)
        start = first - len(fitting)
        if queue.current is not None and start <= queue.current.position:
            queue = replace(queue, current=replace(queue.current, position=start - 1))
    placed = tuple(replace(entry, position=start + offset) for offset, entry in enumerate(fitting))
    upcoming = (*queue.upcoming, *placed) if place == "last" else (*placed, *queue.upcoming)
    return replace(queue, upcoming=upcoming), placed


def advance(queue: Queue, outcome: Outcome, *, steps: int = 1, loop: Loop = "off") -> Queue:
    """Go to the next entry; the ones passed over become history.

    Args:
        queue: The queue before.
        outcome: How the current entry ended. Entries jumped over count as skipped.
        steps: 1 is the next entry, 2 the one after it.
        loop: With ``queue``, what is passed goes behind everything else, unless it failed. With
            ``track``, an entry that was played to its end is the current one again.

    Raises:
        NothingNext: There are fewer entries than ``steps`` (never for one step: then the queue
            runs out and nothing is current).
    """
    if steps > 1 and steps > len(queue.upcoming):
        raise NothingNext(count=len(queue.upcoming))
    past = list(queue.history)
    sequence = queue.next_sequence
    passed: list[Entry] = []
    if queue.current is not None:
        past.append(Past(sequence, queue.current, outcome))
        sequence += 1
        if outcome == "played" and loop == "track":
            return replace(queue, history=tuple(past[-MAX_HISTORY:]), next_sequence=sequence)
        if outcome != "failed":
            passed.append(queue.current)
    for entry in queue.upcoming[: steps - 1]:
        past.append(Past(sequence, entry, "skipped"))
        sequence += 1
        passed.append(entry)
    rest = queue.upcoming[steps - 1 :]
    if loop == "queue":
        last = _last_position(queue)
        again = (replace(entry, position=last + n) for n, entry in enumerate(passed, start=1))
        rest = (*rest, *again)
    return Queue(
        current=rest[0] if rest else None,
        upcoming=rest[1:],
        history=tuple(past[-MAX_HISTORY:]),
        next_sequence=sequence,
    )


def retire(queue: Queue, outcome: Outcome) -> Queue:
    """Move the current entry into the history and start nothing; the rest keeps waiting."""
    upcoming = queue.upcoming
    alone = advance(clear(queue), outcome)
    return replace(alone, upcoming=upcoming)


def back(queue: Queue) -> Queue:
    """Return to the entry before; the current one plays after it.

    An entry that a loop has put behind the others already is taken from there; one that is
    repeated is passed over, because it is no other entry.

    Raises:
        NothingBefore: There is no history.
    """
    history = queue.history
    while history and queue.current is not None and _is_same(history[-1].entry, queue.current):
        history = history[:-1]
    if not history:
        raise NothingBefore
    previous = history[-1].entry
    upcoming = tuple(entry for entry in queue.upcoming if not _is_same(entry, previous))
    if queue.current is not None:
        upcoming = (queue.current, *upcoming)
    first = upcoming[0].position if upcoming else 1
    return replace(
        queue,
        current=replace(previous, position=first - 1),
        upcoming=upcoming,
        history=history[:-1],
    )


def clear(queue: Queue) -> Queue:
    """Forget what is to come; the current entry and the history stay."""
    return replace(queue, upcoming=())


def end(queue: Queue) -> Queue:
    """Stop for good: the current entry becomes history, nothing is to come."""
    return advance(clear(queue), "skipped") if queue.current is not None else clear(queue)


def forget_member(queue: Queue, user_id: UserId) -> Queue:
    """Take a member's name off everything they asked for; the songs stay, they are the guild's."""

    def nameless(entry: Entry) -> Entry:
        return replace(entry, requested_by=None) if entry.requested_by == user_id else entry

    return replace(
        queue,
        current=None if queue.current is None else nameless(queue.current),
        upcoming=tuple(nameless(entry) for entry in queue.upcoming),
        history=tuple(replace(past, entry=nameless(past.entry)) for past in queue.history),
    )


def _is_same(one: Entry, other: Entry) -> bool:
    return one.entry_id == other.entry_id


def _last_position(queue: Queue) -> int:
    entries = queue.upcoming if queue.current is None else (queue.current, *queue.upcoming)
    return entries[-1].position if entries else 0


def _after_current(queue: Queue) -> int:
    return queue.current.position + 1 if queue.current is not None else 0
