"""Routes: how a handler says which requests it answers, and how a request finds it."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from aiohttp import web

from discord_sandbox.rest.context import Reply, RequestContext
from discord_sandbox.rest.errors import ApiError, method_not_allowed, not_found
from discord_sandbox.world.models import Json

type Answer = Json | list[Json] | list[str] | Reply | web.StreamResponse | None
type Handler = Callable[[RequestContext], Awaitable[Answer]]
type Auth = Literal["bot", "none", "any"]


@dataclass(frozen=True, slots=True)
class RouteDef:
    """One route.

    Attributes:
        method: ``GET``, ``POST`` ...
        template: As the OpenAPI description writes it, ``/channels/{channel_id}/messages``.
        handler: Answers JSON, a list, a :class:`~discord_sandbox.rest.context.Reply` with a status
            of its own, a ready response, or None for 204.
        auth: ``bot`` needs a bot token; ``none`` reads no token; ``any`` takes a bot's or a
            bearer token, or none, and the handler decides.
        bucket: The path's names that have their own rate limit each (Discord's major parameters),
            separated by spaces.
        limit: Requests in a window, as Discord's usual buckets.
        window_seconds: The window.
    """

    method: str
    template: str
    handler: Handler
    auth: Auth = "bot"
    bucket: str = ""
    limit: int = 5
    window_seconds: float = 5.0


def route(
    method: str,
    template: str,
    *,
    auth: Auth = "bot",
    bucket: str | None = None,
    limit: int = 5,
    window_seconds: float = 5.0,
) -> Callable[[Handler], RouteDef]:
    """Turn a handler into a :class:`RouteDef`.

    ``bucket`` None takes the major parameter in the template: ``channel_id``, ``guild_id``, or
    ``webhook_id`` with ``webhook_token`` (docs: topics/rate-limits).
    """
    if bucket is None:
        bucket = _major_parameter(template)

    def make(handler: Handler) -> RouteDef:
        return RouteDef(method, template, handler, auth, bucket, limit, window_seconds)

    return make


def _major_parameter(template: str) -> str:
    for prefix, names in (
        ("/channels/{channel_id}", "channel_id"),
        ("/guilds/{guild_id}", "guild_id"),
        ("/webhooks/{webhook_id}/{webhook_token}", "webhook_id webhook_token"),
        ("/interactions/", "interaction_id interaction_token"),
    ):
        if template.startswith(prefix):
            return names
    return ""


@dataclass(slots=True)
class _Node:
    fixed: "dict[str, _Node]" = field(default_factory=dict[str, "_Node"])
    variable: "_Node | None" = None
    routes: dict[str, tuple[RouteDef, tuple[str, ...]]] = field(
        default_factory=dict[str, tuple[RouteDef, tuple[str, ...]]]
    )


class Router:
    """A tree of path segments; fixed segments win over variable ones."""

    def __init__(self, routes: Iterable[RouteDef] = ()) -> None:
        self._root = _Node()
        self.routes: list[RouteDef] = []
        self.add(routes)

    def add(self, routes: Iterable[RouteDef]) -> None:
        """Add routes; two with the same method and shape are a mistake and raise ValueError."""
        for each in routes:
            node = self._root
            names: list[str] = []
            for segment in each.template.strip("/").split("/"):
                if segment.startswith("{"):
                    names.append(segment.strip("{}"))
                    if node.variable is None:
                        node.variable = _Node()
                    node = node.variable
                else:
                    node = node.fixed.setdefault(segment, _Node())
            if each.method in node.routes:
                raise ValueError(f"{each.method} {each.template} is routed twice")
            node.routes[each.method] = (each, tuple(names))
            self.routes.append(each)

    def find(self, method: str, segments: list[str]) -> tuple[RouteDef, dict[str, str]]:
        """Return the route and the path's values; raises the 404 or 405 Discord answers."""
        found = self._match(self._root, segments, 0, ())
        if found is None:
            raise not_found()
        node, values = found
        hit = node.routes.get(method)
        if hit is None:
            raise method_not_allowed()
        return hit[0], dict(zip(hit[1], values, strict=True))

    def _match(
        self, node: _Node, segments: list[str], at: int, values: tuple[str, ...]
    ) -> tuple[_Node, tuple[str, ...]] | None:
        if at == len(segments):
            return (node, values) if node.routes else None
        fixed = node.fixed.get(segments[at])
        if fixed is not None:
            found = self._match(fixed, segments, at + 1, values)
            if found is not None:
                return found
        if node.variable is not None and segments[at]:
            return self._match(node.variable, segments, at + 1, (*values, segments[at]))
        return None


__all__ = [
    "Answer",
    "ApiError",
    "Auth",
    "Handler",
    "Reply",
    "RequestContext",
    "RouteDef",
    "Router",
    "route",
]
