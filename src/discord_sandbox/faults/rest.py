"""Faults of the REST API: late, failing, silent and cut-off answers."""

import asyncio
import fnmatch
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from aiohttp import web

from discord_sandbox.faults.fault import Fault

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Effect = Literal["fail", "delay", "hang", "truncate", "cut"]
EFFECTS: tuple[Effect, ...] = ("fail", "delay", "hang", "truncate", "cut")

_API_PREFIX = re.compile(r"^/api(/v\d+)?")


@dataclass(frozen=True, slots=True)
class RouteFault:
    """What happens to requests that match.

    Attributes:
        method: `GET`, `POST` ... or `*`.
        path: Shell pattern for the path below `/api/v10`; `*` also matches slashes.
        effect: `fail` answers `status`; `delay` answers late; `hang` never answers;
            `truncate` sends half a body and drops the connection; `cut` drops it at once.
        status: HTTP status of `fail`: 401, 429, 500, 502, 503 ...
        seconds: How late `delay` is; what a 429 names as `retry_after`.
        after: The request takes effect first; only its answer is spoilt.
        is_global: Whether a 429 counts for everything.
    """

    method: str
    path: str
    effect: Effect
    status: int = 500
    seconds: float = 0.0
    after: bool = False
    is_global: bool = False

    def matches(self, request: web.Request) -> bool:
        """Whether the request is meant."""
        if self.method not in ("*", request.method):
            return False
        return fnmatch.fnmatchcase(_API_PREFIX.sub("", request.path), self.path)


class RouteFaults:
    """All faults of routes, in the order they were asked for."""

    def __init__(self) -> None:
        self._faults: list[tuple[RouteFault, Fault]] = []

    def add(self, route: RouteFault, fault: Fault) -> None:
        """Put a fault in force."""
        self._faults.append((route, fault))

    def remove(self, fault: Fault) -> None:
        """Take a fault out of force."""
        self._faults = [pair for pair in self._faults if pair[1] is not fault]

    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request, spoilt by the first fault that matches."""
        for route, fault in self._faults:
            if route.matches(request):
                fault.strike()
                return await self._spoil(route, fault, request, handler)
        return await handler(request)

    async def _spoil(
        self, route: RouteFault, fault: Fault, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if route.effect == "delay":
            await asyncio.sleep(route.seconds)
            return await handler(request)
        answer = await handler(request) if route.after or route.effect == "truncate" else None
        if route.effect == "fail":
            return failure(route)
        if route.effect == "truncate" and isinstance(answer, web.Response):
            return await _send_half(request, answer)
        if route.effect == "hang":
            # A one-time fault is healed by its own strike: then the client's patience decides.
            if fault.healed:
                await asyncio.Event().wait()
            await fault.wait_healed()
        _cut(request)
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)


def failure(route: RouteFault) -> web.Response:
    """The answer of a `fail`, in the form Discord or the proxy before it gives."""
    status = HTTPStatus(route.status)
    if status in (HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT):
        page = f"<html><head><title>{status.value} {status.phrase}</title></head></html>"
        return web.Response(status=status, text=page, content_type="text/html")
    headers: dict[str, str] = {}
    body: dict[str, object] = {"message": f"{status.value}: {status.phrase}", "code": 0}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        body = {
            "message": "You are being rate limited.",
            "retry_after": route.seconds,
            "global": route.is_global,
        }
        headers["Retry-After"] = str(max(1, round(route.seconds)))
        headers["X-RateLimit-Reset-After"] = str(route.seconds)
        headers["X-RateLimit-Scope"] = "global" if route.is_global else "shared"
        if route.is_global:
            headers["X-RateLimit-Global"] = "true"
    return web.Response(
        status=status,
        body=json.dumps(body).encode(),
        headers={**headers, "Content-Type": "application/json", "Via": "1.1 google"},
    )


async def _send_half(request: web.Request, answer: web.Response) -> web.StreamResponse:
    body = answer.body if isinstance(answer.body, bytes) else b""
    response = web.StreamResponse(status=answer.status)
    response.content_length = len(body) + 1
    response.headers["Content-Type"] = answer.headers.get("Content-Type", "application/json")
    await response.prepare(request)
    await response.write(body[: len(body) // 2])
    _cut(request)
    return response


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
