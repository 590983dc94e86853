"""Users, the bot itself, its application, its guilds and its direct messages."""

from discord_sandbox.oauth2.routes import (
    own_guilds_by_bearer,
    own_member_by_bearer,
    own_user_by_bearer,
)
from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, invalid, unknown
from discord_sandbox.rest.images import take_image
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.channels import private_channel_json
from discord_sandbox.wire.users import application_json, member_json, own_user_json, user_json
from discord_sandbox.world.models import Json
from discord_sandbox.world.permissions import compute


@route("GET", "/users/@me", auth="any")
async def get_own_user(ctx: RequestContext) -> Json:
    """Answer the bot's own user."""
    if ctx.find_application is None:
        return own_user_by_bearer(ctx)
    return own_user_json(ctx.user)


@route("PATCH", "/users/@me")
async def edit_own_user(ctx: RequestContext) -> Json:
    """Change the bot's name, avatar or banner."""
    body = Body(await ctx.json())
    username = body.text("username", lowest=2, highest=32)
    body.done()
    user = ctx.user
    if username is not None:
        user.username = username
    for key in ("avatar", "banner"):
        if key in body.sent:
            setattr(user, key, take_image(ctx.world, body.sent[key], key))
    ctx.world.dispatch("USER_UPDATE", own_user_json(user), only=frozenset({user.id}))
    for guild in ctx.world.guilds_of(user.id):
        ctx.world.update_member(guild, guild.members[user.id])
    return own_user_json(user)


@route("GET", "/users/{user_id}")
async def get_user(ctx: RequestContext) -> Json:
    """Answer any user."""
    user = ctx.world.users.get(ctx.id("user_id"))
    if user is None:
        raise unknown(10013)
    return user_json(user)


@route("GET", "/users/@me/guilds", auth="any")
async def list_own_guilds(ctx: RequestContext) -> list[Json]:
    """List the guilds the bot is in."""
    if ctx.find_application is None:
        return own_guilds_by_bearer(ctx)
    limit = ctx.query_int("limit", 200, 1, 200)
    before, after = ctx.query_id("before"), ctx.query_id("after")
    found = sorted(ctx.world.guilds_of(ctx.user.id), key=lambda guild: guild.id)
    if before is not None:
        found = [each for each in found if each.id < before][-limit:]
    if after is not None:
        found = [each for each in found if each.id > after]
    result: list[Json] = []
    for guild in found[:limit]:
        data: Json = {
            "id": str(guild.id),
            "name": guild.name,
            "icon": guild.icon,
            "banner": guild.banner,
            "owner": guild.owner_id == ctx.user.id,
            "permissions": str(compute(guild, guild.members[ctx.user.id])),
            "features": guild.features,
        }
        if ctx.query_flag("with_counts"):
            data["approximate_member_count"] = len(guild.members)
            data["approximate_presence_count"] = len(guild.members)
        result.append(data)
    return result


@route("GET", "/users/@me/guilds/{guild_id}/member", auth="any")
async def get_own_member(ctx: RequestContext) -> Json:
    """Answer the bot's own member of a guild."""
    if ctx.find_application is None:
        return own_member_by_bearer(ctx)
    return member_json(ctx.own_member(ctx.guild()))


@route("DELETE", "/users/@me/guilds/{guild_id}")
async def leave_guild(ctx: RequestContext) -> None:
    """Leave a guild."""
    guild = ctx.world.guilds.get(ctx.id("guild_id"))
    if guild is None or ctx.user.id not in guild.members:
        raise unknown(10004)
    if guild.owner_id == ctx.user.id:
        raise ApiError(400, 50055, "Invalid Guild")
    ctx.world.remove_member(guild, ctx.user)


@route("POST", "/users/@me/channels")
async def create_dm(ctx: RequestContext) -> Json:
    """Open the direct-message channel with a user."""
    body = Body(await ctx.json())
    recipient_id = body.snowflake("recipient_id", required=True)
    body.done()
    user = ctx.world.users.get(recipient_id or 0)
    if user is None:
        raise invalid("recipient_id", "UNKNOWN_USER", "Unknown user.")
    if user.bot:
        raise ApiError(403, 50007, "Cannot send messages to this user")
    return private_channel_json(ctx.world.dm_channel(ctx.user, user), ctx.user.id)


@route("GET", "/users/@me/connections", auth="any")
async def list_connections(_: RequestContext) -> list[Json]:
    """List connected accounts: a local Discord has none."""
    return []


async def _application(ctx: RequestContext) -> Json:
    count = sum(1 for _ in ctx.world.guilds_of(ctx.user.id))
    return application_json(ctx.application, count)


async def _edit_application(ctx: RequestContext) -> Json:
    body = Body(await ctx.json())
    description = body.text("description", highest=400)
    install = body.text("custom_install_url", highest=2048)
    flags = body.integer("flags")
    body.done()
    application = ctx.application
    if description is not None:
        application.description = description
    if install is not None:
        application.custom_install_url = install
    if flags is not None:
        application.flags = flags
    if "icon" in body.sent:
        application.icon = take_image(ctx.world, body.sent["icon"], "icon")
    if isinstance(body.sent.get("tags"), list):
        application.tags = body.sent["tags"]
    return await _application(ctx)


async def _application_by_id(ctx: RequestContext) -> Json:
    if ctx.id("application_id") != ctx.application.id:
        raise ApiError(
            403, 20012, "You are not authorized to perform this action on this application"
        )
    return await _application(ctx)


async def _edit_application_by_id(ctx: RequestContext) -> Json:
    await _application_by_id(ctx)
    return await _edit_application(ctx)


ROUTES: list[RouteDef] = [
    get_own_user,
    edit_own_user,
    get_user,
    list_own_guilds,
    get_own_member,
    leave_guild,
    create_dm,
    list_connections,
    route("GET", "/applications/@me")(_application),
    route("GET", "/oauth2/applications/@me")(_application),
    route("PATCH", "/applications/@me")(_edit_application),
    route("GET", "/applications/{application_id}")(_application_by_id),
    route("PATCH", "/applications/{application_id}")(_edit_application_by_id),
]
