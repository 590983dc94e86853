"""The control API, ``/sandbox/control/...``: what a portal, an owner or a test would do by hand.

It takes and answers JSON, needs no token and is answered only to loopback addresses.
"""

import ipaddress
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, cast

import msgspec
from aiohttp import web

from discord_sandbox.rest.api import json_response
from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.errors import ApiError, not_found, unknown
from discord_sandbox.wire.channels import channel_json
from discord_sandbox.wire.guilds import guild_json, role_json
from discord_sandbox.wire.users import application_json, member_json, user_json
from discord_sandbox.world.constants import ALL_PERMISSIONS
from discord_sandbox.world.models import Application, Channel, Guild, Json, Overwrite
from discord_sandbox.world.permissions import compute
from discord_sandbox.world.snowflakes import parse

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

type _Handler = Callable[["Call"], Awaitable[object]]


class Call:
    """One request to the control API."""

    def __init__(self, sandbox: "Sandbox", request: web.Request, body: Body) -> None:
        self.sandbox = sandbox
        self.world = sandbox.world
        self.request = request
        self.body = body

    def _id(self, name: str) -> int:
        return parse(self.request.match_info[name]) or 0

    @property
    def guild(self) -> Guild:
        """The guild of the path."""
        guild = self.world.guilds.get(self._id("guild_id"))
        if guild is None:
            raise unknown(10004)
        return guild

    @property
    def channel(self) -> Channel:
        """The channel of the path."""
        channel = self.world.channels.get(self._id("channel_id"))
        if channel is None:
            raise unknown(10003)
        return channel

    @property
    def application(self) -> Application:
        """The application of the path."""
        application = self.world.applications.get(self._id("application_id"))
        if application is None:
            raise unknown(10002)
        return application


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


async def list_guilds(call: Call) -> list[Json]:
    """List all guilds."""
    return [guild_json(each, with_counts=True) for each in call.world.guilds.values()]


async def create_guild(call: Call) -> Json:
    """Make guilds: ``{"name", "owner_id"?, "count"?, "application_id"?, "channels"?}``.

    ``count`` makes that many alike (load tests); ``application_id`` adds its bot; ``channels`` are
    ``{"name", "type"}``. Answers the last guild, with ``guild_ids`` of all.
    """
    body = call.body
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    owner_id = body.snowflake("owner_id")
    count = body.integer("count", lowest=1, highest=10_000) or 1
    application_id = body.snowflake("application_id")
    channels = body.objects("channels")
    wanted = [
        (each.text("name", required=True) or "", each.integer("type") or 0)
        for each in channels or ()
    ]
    body.done()
    world = call.world
    owner = world.users.get(owner_id) if owner_id else None
    owner = owner or world.create_user("owner")
    application = world.applications.get(application_id) if application_id else None
    made: list[Guild] = []
    for number in range(count):
        guild = world.create_guild(name if count == 1 else f"{name} {number + 1}", owner)
        for channel_name, kind in wanted or [("general", 0)]:
            world.create_channel(guild, channel_name, kind)
        if application is not None:
            world.install_application(guild, application, _bot_permissions(body))
        made.append(guild)
    return guild_json(made[-1]) | {"guild_ids": [str(each.id) for each in made]}


def _bot_permissions(body: Body) -> int:
    return body.permissions("permissions") or ALL_PERMISSIONS


async def delete_guild(call: Call) -> Json:
    """Delete a guild."""
    call.world.delete_guild(call.guild)
    return {}


async def guild_channels(call: Call) -> list[Json]:
    """List a guild's channels."""
    return [channel_json(each) for each in call.guild.channels.values()]


async def guild_members(call: Call) -> list[Json]:
    """List a guild's members."""
    return [member_json(each) for each in call.guild.members.values()]


async def guild_roles(call: Call) -> list[Json]:
    """List a guild's roles."""
    return [role_json(each) for each in call.guild.roles.values()]


async def add_member(call: Call) -> Json:
    """Add a member: ``{"username"}`` makes a person, ``{"user_id"}`` or ``{"application_id"}`` takes one.

    Also ``role_ids``, ``nick``, ``locale``, and ``permissions`` of an application's own role.
    """
    body, guild, world = call.body, call.guild, call.world
    username = body.text("username", lowest=1, highest=32)
    user_id = body.snowflake("user_id")
    application_id = body.snowflake("application_id")
    role_ids = body.snowflakes("role_ids") or []
    nick = body.text("nick", highest=32)
    locale = body.text("locale")
    body.done()
    if application_id is not None:
        application = world.applications.get(application_id)
        if application is None:
            raise unknown(10002)
        return member_json(world.install_application(guild, application, _bot_permissions(body)))
    user = world.users.get(user_id) if user_id is not None else None
    if user is None:
        if username is None:
            raise unknown(10013)
        user = world.create_user(username, global_name=username.capitalize(), user_id=user_id)
    if locale is not None:
        user.locale = locale
    return member_json(world.add_member(guild, user, role_ids=role_ids, nick=nick))


async def edit_member(call: Call) -> Json:
    """Change a member: ``{"role_ids"?, "nick"?, "locale"?, "timeout_until"?}``."""
    guild = call.guild
    member = guild.members.get(parse(call.request.match_info["user_id"]) or 0)
    if member is None:
        raise unknown(10007)
    body = call.body
    role_ids, nick = body.snowflakes("role_ids"), body.text("nick")
    locale, until = body.text("locale"), body.moment("timeout_until")
    body.done()
    if role_ids is not None:
        member.role_ids = role_ids
    if "nick" in body:
        member.nick = nick
    if locale is not None:
        member.user.locale = locale
    if "timeout_until" in body:
        member.timeout_until = until
    call.world.update_member(guild, member)
    return member_json(member)


async def remove_member(call: Call) -> Json:
    """Take a member out of a guild."""
    user = call.world.users.get(parse(call.request.match_info["user_id"]) or 0)
    if user is None:
        raise unknown(10013)
    call.world.remove_member(call.guild, user)
    return {}


async def create_channel(call: Call) -> Json:
    """Make a channel: ``{"name", "type"?, "parent_id"?, "topic"?, "user_limit"?}``."""
    body = call.body
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    kind, parent_id = body.integer("type") or 0, body.snowflake("parent_id")
    topic, user_limit = body.text("topic"), body.integer("user_limit")
    body.done()
    channel = call.world.create_channel(call.guild, name, kind, parent_id=parent_id, topic=topic)
    if user_limit is not None:
        channel.user_limit = user_limit
        call.world.update_channel(channel)
    return channel_json(channel)


async def edit_channel(call: Call) -> Json:
    """Change a channel: ``{"name"?, "user_limit"?, "topic"?, "nsfw"?}``."""
    body, channel = call.body, call.channel
    name, limit = body.text("name"), body.integer("user_limit")
    topic, nsfw = body.text("topic"), body.boolean("nsfw")
    body.done()
    channel.name = name or channel.name
    channel.user_limit = channel.user_limit if limit is None else limit
    channel.topic = topic or channel.topic
    channel.nsfw = channel.nsfw if nsfw is None else nsfw
    call.world.update_channel(channel)
    return channel_json(channel)


async def delete_channel(call: Call) -> Json:
    """Delete a channel or thread."""
    call.world.delete_channel(call.channel)
    return {}


async def create_role(call: Call) -> Json:
    """Make a role: ``{"name", "permissions"?, "color"?}``."""
    body = call.body
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    permissions, color = body.permissions("permissions") or 0, body.integer("color") or 0
    body.done()
    return role_json(call.world.create_role(call.guild, name, permissions=permissions, color=color))


async def edit_role(call: Call) -> Json:
    """Change a role: ``{"permissions"?, "position"?, "name"?}``."""
    guild, body = call.guild, call.body
    role = guild.roles.get(parse(call.request.match_info["role_id"]) or 0)
    if role is None:
        raise unknown(10011)
    permissions, position = body.permissions("permissions"), body.integer("position")
    name = body.text("name")
    body.done()
    role.permissions = role.permissions if permissions is None else permissions
    role.position = role.position if position is None else position
    role.name = name or role.name
    call.world.update_role(guild, role)
    return role_json(role)


async def delete_role(call: Call) -> Json:
    """Delete a role."""
    role = call.guild.roles.get(parse(call.request.match_info["role_id"]) or 0)
    if role is None:
        raise unknown(10011)
    call.world.delete_role(call.guild, role)
    return {}


async def put_overwrite(call: Call) -> Json:
    """Set an overwrite of a channel: ``{"id", "type", "allow"?, "deny"?}``."""
    body, channel = call.body, call.channel
    target = body.snowflake("id", required=True) or 0
    kind = body.choice("type", (0, 1), required=True) or 0
    allow, deny = body.permissions("allow") or 0, body.permissions("deny") or 0
    body.done()
    if allow or deny:
        channel.overwrites[target] = Overwrite(target, kind, allow, deny)
    else:
        channel.overwrites.pop(target, None)
    call.world.update_channel(channel)
    return channel_json(channel)


async def permissions(call: Call) -> Json:
    """Answer a member's permission bits in a channel: ``{"permissions"}``."""
    channel = call.channel
    guild = channel.guild
    if guild is None:
        return {"permissions": str(ALL_PERMISSIONS)}
    member = guild.members.get(parse(call.request.match_info["user_id"]) or 0)
    if member is None:
        raise unknown(10007)
    return {"permissions": str(compute(guild, member, channel, now=call.world.clock.now()))}


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


_GUILD = "/guilds/{guild_id}"
_ROUTES: tuple[tuple[str, str, _Handler], ...] = (
    ("GET", "/seed", seed_info),
    ("GET", "/users", list_users),
    ("GET", "/applications", list_applications),
    ("POST", "/applications", create_application),
    ("PATCH", "/applications/{application_id}", edit_application),
    ("POST", "/tokens/{application_id}/revoke", revoke_token),
    ("POST", "/tokens/{application_id}/reset", reset_token),
    ("GET", "/guilds", list_guilds),
    ("POST", "/guilds", create_guild),
    ("DELETE", _GUILD, delete_guild),
    ("GET", _GUILD + "/channels", guild_channels),
    ("POST", _GUILD + "/channels", create_channel),
    ("GET", _GUILD + "/members", guild_members),
    ("POST", _GUILD + "/members", add_member),
    ("PATCH", _GUILD + "/members/{user_id}", edit_member),
    ("DELETE", _GUILD + "/members/{user_id}", remove_member),
    ("GET", _GUILD + "/roles", guild_roles),
    ("POST", _GUILD + "/roles", create_role),
    ("PATCH", _GUILD + "/roles/{role_id}", edit_role),
    ("DELETE", _GUILD + "/roles/{role_id}", delete_role),
    ("PATCH", "/channels/{channel_id}", edit_channel),
    ("DELETE", "/channels/{channel_id}", delete_channel),
    ("PUT", "/channels/{channel_id}/overwrites", put_overwrite),
    ("GET", "/permissions/{channel_id}/{user_id}", permissions),
    ("PUT", "/rate-limits", set_rate_limits),
)


def _answering(
    sandbox: "Sandbox", handler: _Handler
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        if not is_loopback(request.remote):
            return json_response(not_found().body(), 404)
        try:
            raw = await request.read()
            sent = msgspec.json.decode(raw) if raw else {}
            if not isinstance(sent, dict):
                raise ApiError(400, 50109, "The request body contains invalid JSON.")
            return json_response(await handler(Call(sandbox, request, Body(cast("Json", sent)))))
        except msgspec.DecodeError:
            refused = ApiError(400, 50109, "The request body contains invalid JSON.")
        except ApiError as error:
            refused = error
        return json_response(refused.body(), refused.status)

    return answer


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
