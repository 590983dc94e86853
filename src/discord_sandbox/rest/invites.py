"""Invites."""

import secrets
import string

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, unknown
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.guilds import invite_json
from discord_sandbox.wire.users import user_json
from discord_sandbox.wire.values import optional_timestamp, timestamp
from discord_sandbox.world.constants import FORUM_LIKE, AuditAction, Permission
from discord_sandbox.world.models import Guild, Invite, Json

_WEEK_SECONDS = 604_800
_INVITABLE = frozenset({0, 2, 5, 13}) | FORUM_LIKE


def _valid(ctx: RequestContext, invite: Invite) -> bool:
    expires = invite.expires_at
    return expires is None or expires > ctx.world.clock.now()


def _guild_of(invite: Invite) -> Guild:
    guild = invite.channel.guild
    if guild is None:
        raise unknown(10006)
    return guild


@route("POST", "/channels/{channel_id}/invites")
async def create_invite(ctx: RequestContext) -> Json:
    """Make an invite, or answer the one with the same settings."""
    channel = ctx.channel(need=Permission.CREATE_INSTANT_INVITE)
    guild = channel.guild
    if guild is None or channel.type not in _INVITABLE:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    body = Body(await ctx.json())
    max_age = body.integer("max_age", lowest=0, highest=_WEEK_SECONDS)
    max_uses = body.integer("max_uses", lowest=0, highest=100) or 0
    temporary = bool(body.boolean("temporary"))
    unique = bool(body.boolean("unique"))
    body.done()
    age = 86_400 if max_age is None else max_age
    if not unique:
        for known in ctx.world.invites.values():
            if (known.channel, known.inviter, known.max_age, known.max_uses, known.temporary) == (
                channel,
                ctx.user,
                age,
                max_uses,
                temporary,
            ) and _valid(ctx, known):
                return invite_json(known, with_metadata=True)
    invite = Invite(
        code="".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(8)),
        channel=channel,
        inviter=ctx.user,
        created_at=ctx.world.clock.now(),
        max_age=age,
        max_uses=max_uses,
        temporary=temporary,
    )
    ctx.world.invites[invite.code] = invite
    data: Json = {
        "channel_id": str(channel.id),
        "code": invite.code,
        "created_at": timestamp(invite.created_at),
        "expires_at": optional_timestamp(invite.expires_at),
        "guild_id": str(guild.id),
        "inviter": user_json(ctx.user),
        "max_age": invite.max_age,
        "max_uses": invite.max_uses,
        "temporary": invite.temporary,
        "uses": 0,
    }
    ctx.world.dispatch("INVITE_CREATE", data, guild, channel=channel)
    _audit(ctx, guild, AuditAction.INVITE_CREATE, invite, "new_value")
    return invite_json(invite, with_metadata=True)


def _audit(
    ctx: RequestContext, guild: Guild, action: AuditAction, invite: Invite, side: str
) -> None:
    ctx.world.audit(
        guild,
        action,
        ctx.user.id,
        None,
        changes=[
            {"key": "code", side: invite.code},
            {"key": "channel_id", side: str(invite.channel.id)},
            {"key": "max_age", side: invite.max_age},
            {"key": "max_uses", side: invite.max_uses},
        ],
        reason=ctx.reason,
    )


@route("GET", "/channels/{channel_id}/invites")
async def list_channel_invites(ctx: RequestContext) -> list[Json]:
    """List a channel's invites."""
    channel = ctx.channel(need=Permission.MANAGE_CHANNELS)
    return [
        invite_json(each, with_metadata=True)
        for each in ctx.world.invites.values()
        if each.channel is channel and _valid(ctx, each)
    ]


@route("GET", "/guilds/{guild_id}/invites")
async def list_guild_invites(ctx: RequestContext) -> list[Json]:
    """List a guild's invites."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.MANAGE_GUILD)
    return [
        invite_json(each, with_metadata=True)
        for each in ctx.world.invites.values()
        if each.channel.guild is guild and _valid(ctx, each)
    ]


def _invite(ctx: RequestContext) -> Invite:
    invite = ctx.world.invites.get(ctx.path["code"])
    if invite is None or not _valid(ctx, invite):
        raise unknown(10006)
    return invite


@route("GET", "/invites/{code}", auth="any")
async def get_invite(ctx: RequestContext) -> Json:
    """Answer an invite to anyone."""
    invite = _invite(ctx)
    data = invite_json(invite)
    if ctx.query_flag("with_counts"):
        count = len(_guild_of(invite).members)
        data["approximate_member_count"] = count
        data["approximate_presence_count"] = count
    return data


@route("DELETE", "/invites/{code}")
async def delete_invite(ctx: RequestContext) -> Json:
    """Delete an invite."""
    invite = _invite(ctx)
    guild = _guild_of(invite)
    if not ctx.permissions_in(invite.channel) & Permission.MANAGE_CHANNELS:
        ctx.require_in_guild(guild, Permission.MANAGE_GUILD)
    del ctx.world.invites[invite.code]
    data: Json = {
        "channel_id": str(invite.channel.id),
        "guild_id": str(guild.id),
        "code": invite.code,
    }
    ctx.world.dispatch("INVITE_DELETE", data, guild, channel=invite.channel)
    _audit(ctx, guild, AuditAction.INVITE_DELETE, invite, "old_value")
    return invite_json(invite)


@route("GET", "/guilds/{guild_id}/vanity-url")
async def get_vanity(ctx: RequestContext) -> Json:
    """Answer the vanity URL: a local guild has none."""
    ctx.require_in_guild(ctx.guild(), Permission.MANAGE_GUILD)
    return {"code": None, "uses": 0}


ROUTES: list[RouteDef] = [
    create_invite,
    list_channel_invites,
    list_guild_invites,
    get_invite,
    delete_invite,
    get_vanity,
]
