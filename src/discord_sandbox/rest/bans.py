"""Bans."""

from datetime import timedelta

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, missing_permissions, unknown
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.users import user_json
from discord_sandbox.world.constants import AuditAction, Permission
from discord_sandbox.world.models import Ban, Guild, Json, Member, User
from discord_sandbox.world.permissions import can_act_on
from discord_sandbox.world.snowflakes import moment_of

_DELETE_SECONDS_AT_MOST = 604_800


def _ban_json(ban: Ban) -> Json:
    return {"user": user_json(ban.user), "reason": ban.reason}


@route("GET", "/guilds/{guild_id}/bans")
async def list_bans(ctx: RequestContext) -> list[Json]:
    """List bans in the order of the users' ids."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.BAN_MEMBERS)
    limit = ctx.query_int("limit", 1000, 1, 1000)
    before, after = ctx.query_id("before"), ctx.query_id("after")
    found = sorted(guild.bans)
    if before is not None:
        found = [number for number in found if number < before][-limit:]
    elif after is not None:
        found = [number for number in found if number > after]
    return [_ban_json(guild.bans[number]) for number in found[:limit]]


@route("GET", "/guilds/{guild_id}/bans/{user_id}")
async def get_ban(ctx: RequestContext) -> Json:
    """Answer one ban."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.BAN_MEMBERS)
    ban = guild.bans.get(ctx.id("user_id"))
    if ban is None:
        raise unknown(10026)
    return _ban_json(ban)


def _delete_seconds(body: Body) -> int:
    seconds = body.integer("delete_message_seconds", lowest=0, highest=_DELETE_SECONDS_AT_MOST)
    days = body.integer("delete_message_days", lowest=0, highest=7)
    return seconds if seconds is not None else (days or 0) * 86_400


def _ban(ctx: RequestContext, guild: Guild, user: User, delete_seconds: int) -> None:
    guild.bans[user.id] = Ban(user, ctx.reason)
    ctx.world.remove_member(guild, user)
    ctx.world.dispatch("GUILD_BAN_ADD", {"guild_id": str(guild.id), "user": user_json(user)}, guild)
    ctx.world.audit(guild, AuditAction.MEMBER_BAN_ADD, ctx.user.id, user.id, reason=ctx.reason)
    if not delete_seconds:
        return
    since = ctx.world.clock.now() - timedelta(seconds=delete_seconds)
    for channel in [*guild.channels.values(), *guild.threads.values()]:
        gone = [
            each
            for each in channel.messages.values()
            if each.author.id == user.id and moment_of(each.id) >= since
        ]
        if gone:
            ctx.world.delete_messages(channel, gone)


def _bannable(ctx: RequestContext, guild: Guild, own: Member, user_id: int) -> User:
    user = ctx.world.users.get(user_id)
    if user is None:
        raise unknown(10013)
    member = guild.members.get(user_id)
    if user_id == ctx.user.id or (member is not None and not can_act_on(guild, own, member)):
        raise missing_permissions()
    return user


@route("PUT", "/guilds/{guild_id}/bans/{user_id}")
async def ban(ctx: RequestContext) -> None:
    """Ban a user, member or not."""
    guild = ctx.guild()
    own = ctx.require_in_guild(guild, Permission.BAN_MEMBERS)
    body = Body(await ctx.json())
    seconds = _delete_seconds(body)
    body.done()
    _ban(ctx, guild, _bannable(ctx, guild, own, ctx.id("user_id")), seconds)


@route("DELETE", "/guilds/{guild_id}/bans/{user_id}")
async def unban(ctx: RequestContext) -> None:
    """Lift a ban."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.BAN_MEMBERS)
    ban = guild.bans.pop(ctx.id("user_id"), None)
    if ban is None:
        raise unknown(10026)
    ctx.world.dispatch(
        "GUILD_BAN_REMOVE", {"guild_id": str(guild.id), "user": user_json(ban.user)}, guild
    )
    ctx.world.audit(
        guild, AuditAction.MEMBER_BAN_REMOVE, ctx.user.id, ban.user.id, reason=ctx.reason
    )


@route("POST", "/guilds/{guild_id}/bulk-ban")
async def bulk_ban(ctx: RequestContext) -> Json:
    """Ban up to 200 users; those who cannot be banned are listed as failed."""
    guild = ctx.guild()
    own = ctx.require_in_guild(guild, int(Permission.BAN_MEMBERS | Permission.MANAGE_GUILD))
    body = Body(await ctx.json())
    ids = body.snowflakes("user_ids", highest=200) or []
    seconds = _delete_seconds(body)
    body.done()
    done: list[str] = []
    failed: list[str] = []
    for number in ids:
        try:
            _ban(ctx, guild, _bannable(ctx, guild, own, number), seconds)
            done.append(str(number))
        except ApiError:
            failed.append(str(number))
    if not done:
        raise ApiError(400, 500000, "Failed to ban users")
    return {"banned_users": done, "failed_users": failed}


ROUTES: list[RouteDef] = [list_bans, get_ban, ban, unban, bulk_ban]
