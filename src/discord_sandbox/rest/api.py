"""The HTTP endpoint of the REST API: token, limits, route, handler, answer."""

import urllib.parse
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from discord_sandbox.rest.context import Reply, RequestContext
from discord_sandbox.rest.errors import ApiError, not_found, unauthorized
from discord_sandbox.rest.limits import RateLimits
from discord_sandbox.rest.router import Answer, RouteDef, Router
from discord_sandbox.world.models import Application

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

_ENCODE = msgspec.json.Encoder().encode
_JSON_TYPE = "application/json"

type Guard = Callable[[RequestContext], Awaitable[web.StreamResponse | None]]
"""Called after the route is found and before its handler; answering takes the handler's place."""


class RestApi:
    """Everything below ``/api``.

    Attributes:
        router: The routes.
        guards: Asked in order before each handler (fault injection).
        limits: The rate limits; off unless switched on.
    """

    def __init__(self, sandbox: "Sandbox", *, rate_limits: bool = False) -> None:
        self._sandbox = sandbox
        self.router = Router()
        self.guards: list[Guard] = []
        self.limits = RateLimits(sandbox.world.clock, enabled=rate_limits)

    def attach(self, app: web.Application) -> None:
        """Answer below ``/api``, with or without a version."""
        app.router.add_route("*", "/api/{tail:.*}", self.answer)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        context: RequestContext | None = None
        template: str | None = None
        headers: dict[str, str] = {}
        try:
            route, path = self._route(request)
            template = route.template
            bot, bearer = self._authenticate(request, route)
            headers = self.limits.take(route, path, None if bot is None else bot.id)
            context = RequestContext(self._sandbox, request, route, path, bot, bearer)
            for guard in self.guards:
                taken = await guard(context)
                if taken is not None:
                    self._observe(request, template, taken, context)
                    return taken
            response = to_response(await route.handler(context))
        except ApiError as error:
            response = json_response(error.body(), error.status)
            headers = headers | error.headers
        if headers and not response.prepared:
            response.headers.update(headers)
        self._observe(request, template, response, context)
        return response

    def _route(self, request: web.Request) -> tuple[RouteDef, dict[str, str]]:
        segments = request.rel_url.raw_path.split("/")[2:]
        version = segments[0] if segments else ""
        if version[:1] == "v" and version[1:].isdecimal():
            if version not in {"v9", "v10"}:
                raise ApiError(400, 50041, "Invalid API version provided")
            segments = segments[1:]
        if not segments:
            raise not_found()
        if "%" in request.rel_url.raw_path:
            segments = [urllib.parse.unquote(each) for each in segments]
        return self.router.find(request.method, segments)

    def _authenticate(
        self, request: web.Request, route: RouteDef
    ) -> tuple[Application | None, str | None]:
        if route.auth == "none":
            return None, None
        sent = request.headers.get("Authorization", "")
        if sent.startswith("Bot "):
            bot = self._sandbox.world.bot_by_token(sent[4:])
            if bot is None:
                raise unauthorized()
            return bot, None
        if route.auth == "any":
            return None, sent[7:] if sent.startswith("Bearer ") else None
        raise unauthorized()

    def _observe(
        self,
        request: web.Request,
        template: str | None,
        response: web.StreamResponse,
        context: RequestContext | None,
    ) -> None:
        if not self._sandbox.observers:
            return
        sent = None if context is None else context.sent_body
        body = response.body if isinstance(response, web.Response) else None
        for observer in self._sandbox.observers:
            observer.on_exchange(
                request.method,
                template,
                request.rel_url.raw_path,
                response.status,
                None if sent is None else _ENCODE(sent),
                bytes(body) if isinstance(body, (bytes, bytearray)) else None,
                response.headers.get("Content-Type", ""),
            )


def json_response(data: object, status: int = 200) -> web.Response:
    """Return a JSON response; its type is exactly ``application/json``, as Discord's."""
    return web.Response(body=_ENCODE(data), status=status, headers={"Content-Type": _JSON_TYPE})


def to_response(answer: Answer) -> web.StreamResponse:
    """Return what a handler answered as an HTTP response."""
    if answer is None:
        return web.Response(status=204)
    if isinstance(answer, Reply):
        if answer.body is None:
            return web.Response(status=answer.status)
        return json_response(answer.body, answer.status)
    if isinstance(answer, web.StreamResponse):
        return answer
    return json_response(answer)
