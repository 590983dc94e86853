"""The control API, ``/sandbox/control/...``: what a portal, an owner or a test would do by hand.

It takes and answers JSON, needs no token and is answered only to loopback addresses.
"""

import ipaddress
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast

import msgspec
from aiohttp import web

from discord_sandbox.rest import control_guilds
from discord_sandbox.rest.api import json_response
from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.control_call import Call, ControlHandler, ControlRoute
from discord_sandbox.rest.errors import ApiError, not_found
from discord_sandbox.wire.users import application_json, user_json
from discord_sandbox.world.models import Application, Json

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox


async def seed_info(call: Call) -> Json:
    """Answer what the seed made: guild, application with token, people."""
    seeded = call.sandbox.seeded
    if seeded is None:
        raise not_found()
    return {
        "guild_id": str(seeded.guild.id),
        "application": _application(seeded.application),
        "people": {name: str(user.id) for name, user in seeded.people.items()},
        "channels": {each.name: str(each.id) for each in seeded.guild.channels.values()},
        "roles": {each.name: str(each.id) for each in seeded.guild.roles.values()},
    }


def _application(application: Application) -> Json:
    return application_json(application) | {
        "token": application.token,
        "client_secret": application.client_secret,
    }


async def list_applications(call: Call) -> list[Json]:
    """List applications with their tokens."""
    return [_application(each) for each in call.world.applications.values()]


async def create_application(call: Call) -> Json:
    """Make an application: ``{"name", "redirect_uris"?}``."""
    name = call.body.text("name", lowest=1, highest=32, required=True) or ""
    uris = call.body.items("redirect_uris") or []
    call.body.done()
    application = call.world.create_application(name)
    application.redirect_uris = [str(each) for each in uris]
    return _application(application)


async def edit_application(call: Call) -> Json:
    """Change ``redirect_uris`` of an application."""
    uris = call.body.items("redirect_uris")
    call.body.done()
    application = call.application
    if uris is not None:
        application.redirect_uris = [str(each) for each in uris]
    return _application(application)


async def revoke_token(call: Call) -> Json:
    """Make an application's token stop working."""
    call.world.revoke_token(call.application)
    return {}


async def reset_token(call: Call) -> Json:
    """Give an application a new token: ``{"token"}``."""
    return {"token": call.world.reset_token(call.application)}


async def list_users(call: Call) -> list[Json]:
    """List all accounts."""
    return [user_json(each) for each in call.world.users.values()]


async def set_rate_limits(call: Call) -> Json:
    """Switch the rate limits: ``{"enabled"?, "global_limit"?}``; answers both."""
    limits = call.sandbox.rest.limits
    enabled, most = call.body.boolean("enabled"), call.body.integer("global_limit", lowest=1)
    call.body.done()
    if enabled is not None:
        limits.enabled = enabled
        limits.reset()
    limits.global_limit = most or limits.global_limit
    return {"enabled": limits.enabled, "global_limit": limits.global_limit}


_ROUTES: tuple[ControlRoute, ...] = (
    *control_guilds.ROUTES,
    ("GET", "/seed", seed_info),
    ("GET", "/users", list_users),
    ("GET", "/applications", list_applications),
    ("POST", "/applications", create_application),
    ("PATCH", "/applications/{application_id}", edit_application),
    ("POST", "/tokens/{application_id}/revoke", revoke_token),
    ("POST", "/tokens/{application_id}/reset", reset_token),
    ("PUT", "/rate-limits", set_rate_limits),
)


def _answering(
    sandbox: "Sandbox", handler: ControlHandler
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        if not is_loopback(request.remote):
            return json_response(not_found().body(), 404)
        try:
            body = _read(await request.read())
            return json_response(await handler(Call(sandbox, request, body)))
        except ApiError as error:
            return json_response(error.body(), error.status)

    return answer


def _read(raw: bytes) -> Body:
    try:
        sent: object = msgspec.json.decode(raw) if raw else {}
    except msgspec.DecodeError:
        sent = None
    if not isinstance(sent, dict):
        raise ApiError(400, 50109, "The request body contains invalid JSON.")
    return Body(cast("Json", sent))


def is_loopback(address: str | None) -> bool:
    """Return whether the peer's address is this machine's own."""
    try:
        return address is not None and ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def attach(app: web.Application, sandbox: "Sandbox") -> None:
    """Answer below ``/sandbox/control``."""
    for method, path, handler in _ROUTES:
        app.router.add_route(method, f"/sandbox/control{path}", _answering(sandbox, handler))
