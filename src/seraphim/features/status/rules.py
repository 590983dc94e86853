"""What the parts' answers mean for the whole, and which command a member probably means."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from seraphim.kernel.feature import HealthState

_SEVERITY: dict[HealthState, int] = {"healthy": 0, "degraded": 1, "unhealthy": 2}


@dataclass(frozen=True, slots=True)
class PartHealth:
    """One part's state, as measured."""

    name: str
    state: HealthState
    detail: str
    latency_ms: float
    since_ms: int
    """Unix milliseconds since when it has been in this state."""
    figures: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class Health:
    """The whole at one moment."""

    state: HealthState
    since_ms: int
    checked_ms: int
    parts: tuple[PartHealth, ...]


def worst(states: Iterable[HealthState]) -> HealthState:
    """Return the worst of the states; nothing to ask means healthy."""
    found: HealthState = "healthy"
    for state in states:
        if _SEVERITY[state] > _SEVERITY[found]:
            found = state
    return found


def pages_of[T](items: Sequence[T], size: int) -> list[Sequence[T]]:
    """Cut ``items`` into pages of ``size``; always at least one page."""
    return [items[start : start + size] for start in range(0, len(items), size)] or [items]


def clamp(number: int, pages: int) -> int:
    """Return the nearest page that exists, counting from 1."""
    return min(max(1, number), max(1, pages))
