"""Channels of a guild: list, make, change, order, delete, and their permission overwrites."""

from discord_sandbox.rest.channel_fields import read_fields, read_overwrites, read_tags
from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import Reply, RequestContext
from discord_sandbox.rest.errors import ApiError, missing_permissions, unknown
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.rest.threads import edit_thread
from discord_sandbox.wire.channels import channel_json
from discord_sandbox.world.changes import Changes
from discord_sandbox.world.constants import (
    TEXT_LIKE,
    AuditAction,
    ChannelType,
    Permission,
)
from discord_sandbox.world.models import Channel, Guild, Json, Overwrite

_CHANNELS_AT_MOST = 500
_MAKEABLE = frozenset({0, 2, 4, 5, 13, 15, 16})


@route("GET", "/channels/{channel_id}")
async def get_channel(ctx: RequestContext) -> Json:
    """Answer a channel or thread."""
    return channel_json(ctx.channel(), ctx.user.id)


@route("GET", "/guilds/{guild_id}/channels")
async def list_channels(ctx: RequestContext) -> list[Json]:
    """List a guild's channels without its threads."""
    guild = ctx.guild()
    return [channel_json(each) for each in guild.channels.values()]


def _in_channel_form(name: str, kind: int) -> str:
    """Return the name as Discord stores it: text-like channels are lower case with dashes."""
    if kind in TEXT_LIKE and kind not in {2, 13}:
        return "-".join(name.lower().split())
    return name


@route("POST", "/guilds/{guild_id}/channels")
async def create_channel(ctx: RequestContext) -> Reply:
    """Make a channel."""
    guild = ctx.guild()
    member = ctx.require_in_guild(guild, Permission.MANAGE_CHANNELS)
    sent = await ctx.json()
    body = Body(sent)
    name = body.text("name", lowest=1, highest=100, required=True) or ""
    kind = body.choice("type", _MAKEABLE) or 0
    channel = Channel(
        id=ctx.world.new_id(), type=kind, guild=guild, name=_in_channel_form(name, kind)
    )
    changes = Changes(channel)
    read_fields(body, channel, changes)
    position = body.integer("position", lowest=0)
    overwrites = read_overwrites(body, guild, member)
    tags = read_tags(body, channel, ctx.world)
    body.done()
    if len(guild.channels) >= _CHANNELS_AT_MOST:
        raise ApiError(400, 30013, "Maximum number of guild channels reached (500)")
    changes.apply()
    highest = max((each.position for each in guild.channels.values()), default=-1)
    channel.position = highest + 1 if position is None else position
    if overwrites is not None:
        channel.overwrites = overwrites
    elif channel.parent_id is not None:
        # A channel made in a category starts in sync with it.
        parent = guild.channels[channel.parent_id]
        channel.overwrites = {
            each.id: Overwrite(each.id, each.type, each.allow, each.deny)
            for each in parent.overwrites.values()
        }
    if tags is not None:
        channel.available_tags = tags
    ctx.world.add_channel(channel)
    ctx.world.audit(
        guild,
        AuditAction.CHANNEL_CREATE,
        ctx.user.id,
        channel.id,
        changes=[
            {"key": "name", "new_value": channel.name},
            {"key": "type", "new_value": channel.type},
        ],
        reason=ctx.reason,
    )
    return Reply(201, channel_json(channel))


@route("PATCH", "/guilds/{guild_id}/channels")
async def move_channels(ctx: RequestContext) -> None:
    """Change the order of channels."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.MANAGE_CHANNELS)
    for item in await ctx.json_list():
        body = Body(item)
        channel_id = body.snowflake("id", required=True)
        position = body.integer("position", lowest=0)
        parent_id = body.snowflake("parent_id")
        body.done()
        channel = guild.channels.get(channel_id or 0)
        if channel is None:
            raise unknown(10003)
        changes = Changes(channel)
        changes.set("position", position)
        if "parent_id" in body:
            changes.put("parent_id", parent_id)
        if changes.apply():
            ctx.world.update_channel(channel)


@route("PATCH", "/channels/{channel_id}")
async def edit_channel(ctx: RequestContext) -> Json:
    """Change a channel or thread."""
    channel = ctx.channel()
    guild = channel.guild
    if guild is None:
        raise ApiError(403, 50003, "Cannot execute action on a DM channel")
    if channel.thread is not None:
        return await edit_thread(ctx, channel)
    ctx.require(channel, Permission.MANAGE_CHANNELS)
    body = Body(await ctx.json())
    changes = Changes(channel)
    name = body.text("name", lowest=1, highest=100)
    if name is not None:
        changes.set("name", _in_channel_form(name, channel.type))
    kind = body.integer("type")
    if kind is not None and {kind, channel.type} <= {0, 5}:
        changes.set("type", kind)
    changes.set("position", body.integer("position", lowest=0))
    read_fields(body, channel, changes)
    overwrites = read_overwrites(body, guild, ctx.own_member(guild))
    tags = read_tags(body, channel, ctx.world)
    body.done()
    changed = changes.apply()
    if overwrites is not None:
        if not ctx.permissions_in(channel) & Permission.MANAGE_ROLES:
            raise missing_permissions()
        channel.overwrites = overwrites
    if tags is not None:
        channel.available_tags = tags
    if changed or overwrites is not None or tags is not None:
        ctx.world.update_channel(channel)
        ctx.world.audit(
            guild,
            AuditAction.CHANNEL_UPDATE,
            ctx.user.id,
            channel.id,
            changes=changes.listed,
            reason=ctx.reason,
        )
    return channel_json(channel)


@route("DELETE", "/channels/{channel_id}")
async def delete_channel(ctx: RequestContext) -> Json:
    """Delete a channel or thread; a direct message is only closed."""
    channel = ctx.channel()
    guild = channel.guild
    if guild is None:
        return channel_json(channel, ctx.user.id)
    thread = channel.is_thread
    ctx.require(channel, Permission.MANAGE_THREADS if thread else Permission.MANAGE_CHANNELS)
    data = channel_json(channel)
    ctx.world.delete_channel(channel)
    ctx.world.audit(
        guild,
        AuditAction.THREAD_DELETE if thread else AuditAction.CHANNEL_DELETE,
        ctx.user.id,
        channel.id,
        changes=[
            {"key": "name", "old_value": channel.name},
            {"key": "type", "old_value": channel.type},
        ],
        reason=ctx.reason,
    )
    return data


# -- permission overwrites -----------------------------------------------------------------------


def _overwritable(ctx: RequestContext) -> tuple[Channel, Guild]:
    channel = ctx.channel(need=Permission.MANAGE_ROLES)
    if channel.guild is None or channel.is_thread:
        raise ApiError(403, 50024, "Cannot execute action on this channel type")
    return channel, channel.guild


@route("PUT", "/channels/{channel_id}/permissions/{overwrite_id}")
async def put_overwrite(ctx: RequestContext) -> None:
    """Set one role's or member's overwrite."""
    channel, guild = _overwritable(ctx)
    target_id = ctx.id("overwrite_id")
    body = Body(await ctx.json())
    kind = body.choice("type", (0, 1), required=True) or 0
    allow = body.permissions("allow") or 0
    deny = body.permissions("deny") or 0
    body.done()
    if (kind == 0 and target_id not in guild.roles) or (
        kind == 1 and target_id not in ctx.world.users
    ):
        raise unknown(10009)
    own = ctx.permissions_in(channel)
    if (allow | deny) & ~own:
        raise missing_permissions()
    known = channel.overwrites.get(target_id)
    channel.overwrites[target_id] = Overwrite(target_id, kind, allow, deny)
    ctx.world.update_channel(channel)
    action = (
        AuditAction.CHANNEL_OVERWRITE_CREATE
        if known is None
        else AuditAction.CHANNEL_OVERWRITE_UPDATE
    )
    _audit_overwrite(ctx, action, channel, guild, channel.overwrites[target_id])


@route("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}")
async def delete_overwrite(ctx: RequestContext) -> None:
    """Take one role's or member's overwrite away."""
    channel, guild = _overwritable(ctx)
    overwrite = channel.overwrites.pop(ctx.id("overwrite_id"), None)
    if overwrite is None:
        raise unknown(10009)
    ctx.world.update_channel(channel)
    _audit_overwrite(ctx, AuditAction.CHANNEL_OVERWRITE_DELETE, channel, guild, overwrite)


def _audit_overwrite(
    ctx: RequestContext, action: AuditAction, channel: Channel, guild: Guild, target: Overwrite
) -> None:
    options: Json = {"id": str(target.id), "type": str(target.type)}
    role = guild.roles.get(target.id)
    if role is not None:
        options["role_name"] = role.name
    ctx.world.audit(
        guild,
        action,
        ctx.user.id,
        channel.id,
        changes=[
            {"key": "allow", "new_value": str(target.allow)},
            {"key": "deny", "new_value": str(target.deny)},
        ],
        options=options,
        reason=ctx.reason,
    )


@route("PUT", "/channels/{channel_id}/voice-status")
async def set_voice_status(ctx: RequestContext) -> None:
    """Set the line shown below a voice channel."""
    channel = ctx.channel()
    if channel.type != ChannelType.GUILD_VOICE or channel.guild is None:
        raise ApiError(403, 50024, "Cannot execute action on this channel type")
    body = Body(await ctx.json())
    status = body.text("status", highest=500)
    body.done()
    channel.voice_status = status or None
    ctx.world.dispatch(
        "VOICE_CHANNEL_STATUS_UPDATE",
        {"id": str(channel.id), "guild_id": str(channel.guild.id), "status": channel.voice_status},
        channel.guild,
        channel=channel,
    )


ROUTES: list[RouteDef] = [
    get_channel,
    list_channels,
    create_channel,
    move_channels,
    edit_channel,
    delete_channel,
    put_overwrite,
    delete_overwrite,
    set_voice_status,
]
