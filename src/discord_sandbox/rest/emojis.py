"""Custom emoji of guilds and of applications."""

import re

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import Reply, RequestContext
from discord_sandbox.rest.errors import ApiError, missing_permissions, unknown
from discord_sandbox.rest.images import read_image
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.users import emoji_json
from discord_sandbox.world.constants import AuditAction, Permission
from discord_sandbox.world.models import Application, Emoji, Guild, Json

_NAME = re.compile(r"\w{2,32}")
_GUILD_EMOJI_AT_MOST = 50
_APPLICATION_EMOJI_AT_MOST = 2000
_BYTES_AT_MOST = 256 * 1024
_OF_GUILD = "/guilds/{guild_id}/emojis"
_OF_APPLICATION = "/applications/{application_id}/emojis"


def _read_name(body: Body, *, required: bool) -> str | None:
    name = body.text("name", lowest=2, highest=32, required=required)
    if name is not None and not _NAME.fullmatch(name):
        body.note("name", "STRING_TYPE_REGEX", "String value did not match validation regex.")
    return name


def _make(ctx: RequestContext, body: Body) -> Emoji:
    name = _read_name(body, required=True) or ""
    role_ids = body.snowflakes("roles") or []
    body.done()
    content_type, content = read_image(body.sent.get("image"), "image")
    if len(content) > _BYTES_AT_MOST:
        body.note("image", "BINARY_TYPE_MAX_SIZE", "File cannot be larger than 256.0 kb.")
        body.done()
    return Emoji(
        id=ctx.world.new_id(),
        name=name,
        user=ctx.user,
        animated=content_type == "image/gif",
        role_ids=role_ids,
        content=content,
        content_type=content_type,
    )


def _announce(ctx: RequestContext, guild: Guild) -> None:
    emojis = [emoji_json(each) for each in guild.emojis.values()]
    data: Json = {"guild_id": str(guild.id), "emojis": emojis}
    ctx.world.dispatch("GUILD_EMOJIS_UPDATE", data, guild)


def _audit(ctx: RequestContext, guild: Guild, action: AuditAction, emoji: Emoji) -> None:
    ctx.world.audit(
        guild,
        action,
        ctx.user.id,
        emoji.id,
        changes=[{"key": "name", "new_value": emoji.name}],
        reason=ctx.reason,
    )


def _found(holder: Guild | Application, ctx: RequestContext) -> Emoji:
    emoji = holder.emojis.get(ctx.id("emoji_id"))
    if emoji is None:
        raise unknown(10014)
    return emoji


def _require_manage(ctx: RequestContext, guild: Guild, emoji: Emoji) -> None:
    """Its maker needs CREATE_GUILD_EXPRESSIONS, others MANAGE_GUILD_EXPRESSIONS."""
    own = emoji.user.id == ctx.user.id
    need = Permission.CREATE_GUILD_EXPRESSIONS if own else Permission.MANAGE_GUILD_EXPRESSIONS
    try:
        ctx.require_in_guild(guild, need)
    except ApiError:
        ctx.require_in_guild(guild, Permission.MANAGE_GUILD_EXPRESSIONS)


@route("GET", _OF_GUILD)
async def list_of_guild(ctx: RequestContext) -> list[Json]:
    """List a guild's emoji."""
    return [emoji_json(each) for each in ctx.guild().emojis.values()]


@route("GET", _OF_GUILD + "/{emoji_id}")
async def get_of_guild(ctx: RequestContext) -> Json:
    """Answer one emoji."""
    return emoji_json(_found(ctx.guild(), ctx))


@route("POST", _OF_GUILD)
async def create_in_guild(ctx: RequestContext) -> Reply:
    """Make an emoji."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.CREATE_GUILD_EXPRESSIONS)
    emoji = _make(ctx, Body(await ctx.json()))
    if len(guild.emojis) >= _GUILD_EMOJI_AT_MOST:
        raise ApiError(400, 30008, "Maximum number of emojis reached (50)")
    guild.emojis[emoji.id] = emoji
    _announce(ctx, guild)
    _audit(ctx, guild, AuditAction.EMOJI_CREATE, emoji)
    return Reply(201, emoji_json(emoji))


@route("PATCH", _OF_GUILD + "/{emoji_id}")
async def edit_in_guild(ctx: RequestContext) -> Json:
    """Change an emoji's name or roles."""
    guild = ctx.guild()
    emoji = _found(guild, ctx)
    _require_manage(ctx, guild, emoji)
    body = Body(await ctx.json())
    name, role_ids = _read_name(body, required=False), body.snowflakes("roles")
    body.done()
    emoji.name = name or emoji.name
    emoji.role_ids = emoji.role_ids if role_ids is None else role_ids
    _announce(ctx, guild)
    _audit(ctx, guild, AuditAction.EMOJI_UPDATE, emoji)
    return emoji_json(emoji)


@route("DELETE", _OF_GUILD + "/{emoji_id}")
async def delete_in_guild(ctx: RequestContext) -> None:
    """Delete an emoji."""
    guild = ctx.guild()
    emoji = _found(guild, ctx)
    _require_manage(ctx, guild, emoji)
    del guild.emojis[emoji.id]
    _announce(ctx, guild)
    _audit(ctx, guild, AuditAction.EMOJI_DELETE, emoji)


def _own_application(ctx: RequestContext) -> Application:
    if ctx.id("application_id") != ctx.application.id:
        raise missing_permissions()
    return ctx.application


@route("GET", _OF_APPLICATION)
async def list_of_application(ctx: RequestContext) -> Json:
    """List the application's emoji."""
    return {"items": [emoji_json(each) for each in _own_application(ctx).emojis.values()]}


@route("GET", _OF_APPLICATION + "/{emoji_id}")
async def get_of_application(ctx: RequestContext) -> Json:
    """Answer one emoji of the application."""
    return emoji_json(_found(_own_application(ctx), ctx))


@route("POST", _OF_APPLICATION)
async def create_in_application(ctx: RequestContext) -> Reply:
    """Make an emoji of the application."""
    application = _own_application(ctx)
    emoji = _make(ctx, Body(await ctx.json()))
    if len(application.emojis) >= _APPLICATION_EMOJI_AT_MOST:
        raise ApiError(400, 30008, "Maximum number of emojis reached (2000)")
    application.emojis[emoji.id] = emoji
    return Reply(201, emoji_json(emoji))


@route("PATCH", _OF_APPLICATION + "/{emoji_id}")
async def edit_in_application(ctx: RequestContext) -> Json:
    """Rename an emoji of the application."""
    emoji = _found(_own_application(ctx), ctx)
    body = Body(await ctx.json())
    name = _read_name(body, required=True)
    body.done()
    emoji.name = name or emoji.name
    return emoji_json(emoji)


@route("DELETE", _OF_APPLICATION + "/{emoji_id}")
async def delete_in_application(ctx: RequestContext) -> None:
    """Delete an emoji of the application."""
    application = _own_application(ctx)
    del application.emojis[_found(application, ctx).id]


ROUTES: list[RouteDef] = [
    list_of_guild,
    get_of_guild,
    create_in_guild,
    edit_in_guild,
    delete_in_guild,
    list_of_application,
    get_of_application,
    create_in_application,
    edit_in_application,
    delete_in_application,
]
