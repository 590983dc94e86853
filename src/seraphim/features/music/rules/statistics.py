"""What a guild's listening comes to: songs, people and hours, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from seraphim.features.music.rules.queue import Entry, Outcome
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import GuildId, UserId

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
MAX_STEP_MS = 15_000
"""A longer time between two looks is not credited: nobody knows who listened then."""


@dataclass(frozen=True, slots=True)
class Played:
    """One line of the history."""

    sequence: int
    """Counts up for the guild; names this line."""
    entry: Entry
    outcome: Outcome
    ended_at_ms: int


@dataclass(frozen=True, slots=True)
class TopSong:
    """A song and how often it was played to its end."""

    track: Track
    times: int
    sequence: int
    """The newest line of the history that has it."""


@dataclass(frozen=True, slots=True)
class TopListener:
    """A member and how long they listened."""

    user_id: UserId
    listened_ms: int


@dataclass(frozen=True, slots=True)
class Day:
    """One day, from midnight to midnight UTC."""

    day: int
    """Days since 1970."""
    sounded_ms: int = 0
    """How long music was heard by anybody."""
    listened_ms: int = 0
    """The same, once for each listener."""


type Shares = Mapping[tuple[GuildId, int], int]
"""Milliseconds of music by guild and day."""
type MemberShares = Mapping[tuple[GuildId, int, UserId], int]
"""Milliseconds listened by guild, day and member."""


def day_of(at_ms: int) -> int:
    """Return the day (UTC, days since 1970) a moment belongs to."""
    return at_ms // DAY_MS


def credit(elapsed_ms: int) -> int:
    """Return how much of the time between two looks counts as listened."""
    return max(0, min(elapsed_ms, MAX_STEP_MS))


def whole_span(days: Sequence[Day], first_day: int, last_day: int) -> list[Day]:
    """Return every day of a span, those without music too."""
    known = {each.day: each for each in days}
    return [known.get(day, Day(day)) for day in range(first_day, last_day + 1)]


def hours(milliseconds: int) -> float:
    """Return a length in hours."""
    return milliseconds / HOUR_MS
