"""The manifest: everything the house must know about a feature, in one value.

The kernel knows no Discord and no HTTP, so commands, components and routes are opaque here; the
surface that understands them takes them out of the manifest and checks them.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from pydantic import BaseModel

    from seraphim.kernel.events import Listener
    from seraphim.kernel.ids import GuildId, UserId
    from seraphim.kernel.jobs import JobHandler, RecurringJob

type HealthState = Literal["healthy", "degraded", "unhealthy"]


@dataclass(frozen=True, slots=True)
class HealthReport:
    """One part's answer to "how are you?"."""

    state: HealthState
    detail: str = ""
    figures: Mapping[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A named question to one part; it must answer within two seconds or counts as unhealthy."""

    name: str
    check: Callable[[], Awaitable[HealthReport]]


class Privacy(Protocol):
    """What a feature knows of a member: handed out on request, and forgotten on request."""

    async def export(self, guild_id: "GuildId", user_id: "UserId") -> Mapping[str, object]:
        """Return everything stored of the member, JSON-ready."""
        ...

    async def erase(self, guild_id: "GuildId", user_id: "UserId") -> None:
        """Forget the member, as far as the feature's promises to others allow."""
        ...


@dataclass(frozen=True, slots=True)
class Feature:
    """A user's noun: one folder below ``features``, described to the rest of the house."""

    name: str
    summary: str
    needs: tuple[str, ...] = ()
    commands: tuple[object, ...] = ()
    """discord.py application commands, groups and context menus."""
    components: tuple[object, ...] = ()
    """``surfaces.discord.components.Component`` handlers, routed by custom id."""
    discord_listeners: tuple[object, ...] = ()
    """``surfaces.discord.client.Listen`` values: raw client events a feature follows."""
    intents: frozenset[str] = frozenset()
    """Names of the gateway intents the feature cannot work without."""
    routes: tuple[object, ...] = ()
    """Litestar route handlers, mounted as they are."""
    listeners: "tuple[Listener, ...]" = ()
    """Handlers of outbox events."""
    jobs: "tuple[JobHandler, ...]" = ()
    recurring: "tuple[RecurringJob, ...]" = ()
    settings: "type[BaseModel] | None" = None
    health: tuple[HealthCheck, ...] = ()
    privacy: Privacy | None = None
    start: Callable[[], Awaitable[None]] | None = None
    """Called once the Discord client is ready; restores what a restart interrupted."""
    stop: Callable[[], Awaitable[None]] | None = None
    """Called before the client closes; finishes what is in hand."""
