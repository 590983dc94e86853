"""Members of a guild: list, search, change, roles, kick, bans, prune."""

from datetime import timedelta

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, missing_permissions, unknown
from discord_sandbox.rest.images import take_image
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.users import member_json
from discord_sandbox.world.changes import Changes
from discord_sandbox.world.constants import AuditAction, Permission
from discord_sandbox.world.models import Guild, Json, Member, Role
from discord_sandbox.world.permissions import can_act_on, can_manage_role, compute_base

_TIMEOUT_AT_MOST = timedelta(days=28)
_DELETE_SECONDS_AT_MOST = 604_800


@route("GET", "/guilds/{guild_id}/members", limit=10, window_seconds=10)
async def list_members(ctx: RequestContext) -> list[Json]:
    """List members in the order of their ids."""
    guild = ctx.guild()
    limit = ctx.query_int("limit", 1, 1, 1000)
    after = ctx.query_id("after") or 0
    found = sorted(number for number in guild.members if number > after)[:limit]
    return [member_json(guild.members[number]) for number in found]


@route("GET", "/guilds/{guild_id}/members/search")
async def search_members(ctx: RequestContext) -> list[Json]:
    """List members whose name or nick starts with the query."""
    guild = ctx.guild()
    limit = ctx.query_int("limit", 1, 1, 1000)
    query = ctx.request.query.get("query", "").casefold()
    found = [
        each
        for each in guild.members.values()
        if any(
            name.casefold().startswith(query)
            for name in (each.nick, each.user.global_name, each.user.username)
            if name
        )
    ]
    return [member_json(each) for each in found[:limit]]


@route("GET", "/guilds/{guild_id}/members/{user_id}")
async def get_member(ctx: RequestContext) -> Json:
    """Answer one member."""
    return member_json(ctx.member(ctx.guild()))


@route("PATCH", "/guilds/{guild_id}/members/@me")
async def edit_own_member(ctx: RequestContext) -> Json:
    """Change the bot's own nick, avatar or banner in a guild."""
    guild = ctx.guild()
    member = ctx.own_member(guild)
    body = Body(await ctx.json())
    nick = body.text("nick", highest=32)
    body.done()
    if "nick" in body:
        ctx.require_in_guild(guild, Permission.CHANGE_NICKNAME)
        member.nick = nick or None
    for name in ("avatar", "banner"):
        if name in body:
            setattr(member, name, take_image(ctx.world, body.sent[name], name))
    ctx.world.update_member(guild, member)
    return member_json(member)


@route("PATCH", "/guilds/{guild_id}/members/{user_id}")
async def edit_member(ctx: RequestContext) -> Json:
    """Change a member's nick, roles, time-out, voice flags or voice channel."""
    guild = ctx.guild()
    own = ctx.own_member(guild)
    member = ctx.member(guild)
    body = Body(await ctx.json())
    changes = Changes(member)
    if "nick" in body:
        _read_nick(ctx, body, guild, member, changes)
    new_roles = _read_roles(body, guild, own, member)
    if "communication_disabled_until" in body:
        _read_timeout(ctx, body, guild, own, member, changes)
    _read_voice_flags(ctx, body, guild, changes)
    body.done()
    if "channel_id" in body:
        _move(ctx, guild, member, body.snowflake("channel_id"))
    _apply(ctx, guild, member, changes, new_roles)
    return member_json(member)


def _read_nick(
    ctx: RequestContext, body: Body, guild: Guild, member: Member, changes: Changes
) -> None:
    if member.id == ctx.user.id:
        ctx.require_in_guild(guild, Permission.CHANGE_NICKNAME)
    else:
        own = ctx.require_in_guild(guild, Permission.MANAGE_NICKNAMES)
        if not can_act_on(guild, own, member):
            raise missing_permissions()
    changes.put("nick", body.text("nick", highest=32) or None)


def _read_roles(body: Body, guild: Guild, own: Member, member: Member) -> list[int] | None:
    if body.sent.get("roles") is None:
        return None
    wanted = body.snowflakes("roles") or []
    if not compute_base(guild, own) & Permission.MANAGE_ROLES:
        raise missing_permissions()
    for number in set(wanted) ^ set(member.role_ids):
        role = guild.roles.get(number)
        if role is None:
            raise unknown(10011)
        if not can_manage_role(guild, own, role) or (role.managed and number != guild.id):
            raise missing_permissions()
    return list(dict.fromkeys(wanted))


def _read_timeout(
    ctx: RequestContext, body: Body, guild: Guild, own: Member, member: Member, changes: Changes
) -> None:
    until = body.moment("communication_disabled_until")
    ctx.require_in_guild(guild, Permission.MODERATE_MEMBERS)
    administrator = bool(compute_base(guild, member) & Permission.ADMINISTRATOR)
    if not can_act_on(guild, own, member) or (administrator and until is not None):
        raise missing_permissions()
    if until is not None and until > ctx.world.clock.now() + _TIMEOUT_AT_MOST:
        body.note(
            "communication_disabled_until",
            "GUILD_COMMUNICATION_DISABLED_UNTIL_TOO_LONG",
            "Communication disabled until must be less than 28 days in the future.",
        )
    changes.put("timeout_until", until, shown="communication_disabled_until")


def _read_voice_flags(ctx: RequestContext, body: Body, guild: Guild, changes: Changes) -> None:
    for name, need in (("mute", Permission.MUTE_MEMBERS), ("deaf", Permission.DEAFEN_MEMBERS)):
        value = body.boolean(name)
        if value is not None:
            ctx.require_in_guild(guild, need)
            changes.set(name, value)


def _move(ctx: RequestContext, guild: Guild, member: Member, channel_id: int | None) -> None:
    state = guild.voice_states.get(member.id)
    if state is None:
        raise ApiError(400, 40032, "Target user is not connected to voice.")
    ctx.require_in_guild(guild, Permission.MOVE_MEMBERS)
    if channel_id is not None:
        channel = guild.channels.get(channel_id)
        if channel is None or not channel.is_voice:
            raise unknown(10003)
        ctx.require(channel, Permission.CONNECT)
    ctx.world.set_voice_state(
        guild,
        member.user,
        channel_id,
        self_mute=state.self_mute,
        self_deaf=state.self_deaf,
        self_video=state.self_video,
    )
    action = AuditAction.MEMBER_DISCONNECT if channel_id is None else AuditAction.MEMBER_MOVE
    options: Json = {"count": "1"}
    if channel_id is not None:
        options["channel_id"] = str(channel_id)
    ctx.world.audit(guild, action, ctx.user.id, None, options=options, reason=ctx.reason)


def _apply(
    ctx: RequestContext,
    guild: Guild,
    member: Member,
    changes: Changes,
    new_roles: list[int] | None,
) -> None:
    changed = changes.apply()
    if changed:
        ctx.world.audit(
            guild,
            AuditAction.MEMBER_UPDATE,
            ctx.user.id,
            member.id,
            changes=changes.listed,
            reason=ctx.reason,
        )
    if new_roles is not None and set(new_roles) != set(member.role_ids):
        _audit_roles(ctx, guild, member, new_roles)
        member.role_ids = new_roles
        changed = True
    if not changed:
        return
    ctx.world.update_member(guild, member)
    state = guild.voice_states.get(member.id)
    if state is not None and (state.mute, state.deaf) != (member.mute, member.deaf):
        state.mute, state.deaf = member.mute, member.deaf
        ctx.world.update_voice_state(guild, state)


def _audit_roles(ctx: RequestContext, guild: Guild, member: Member, new: list[int]) -> None:
    def listed(numbers: set[int]) -> list[Json]:
        return [
            {"id": str(number), "name": guild.roles[number].name}
            for number in sorted(numbers)
            if number in guild.roles
        ]

    changes: list[Json] = []
    for key, numbers in (
        ("$add", set(new) - set(member.role_ids)),
        ("$remove", set(member.role_ids) - set(new)),
    ):
        if numbers:
            changes.append({"key": key, "new_value": listed(numbers)})
    ctx.world.audit(
        guild,
        AuditAction.MEMBER_ROLE_UPDATE,
        ctx.user.id,
        member.id,
        changes=changes,
        reason=ctx.reason,
    )


def _role_change(ctx: RequestContext) -> tuple[Guild, Member, Role]:
    guild = ctx.guild()
    own = ctx.require_in_guild(guild, Permission.MANAGE_ROLES)
    member = ctx.member(guild)
    role = guild.roles.get(ctx.id("role_id"))
    if role is None:
        raise unknown(10011)
    if not can_manage_role(guild, own, role) or role.managed or role.id == guild.id:
        raise missing_permissions()
    return guild, member, role


@route("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
async def add_role(ctx: RequestContext) -> None:
    """Give a member a role."""
    guild, member, role = _role_change(ctx)
    if role.id not in member.role_ids:
        _apply(ctx, guild, member, Changes(member), [*member.role_ids, role.id])


@route("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
async def remove_role(ctx: RequestContext) -> None:
    """Take a role from a member."""
    guild, member, role = _role_change(ctx)
    if role.id in member.role_ids:
        left = [number for number in member.role_ids if number != role.id]
        _apply(ctx, guild, member, Changes(member), left)


@route("DELETE", "/guilds/{guild_id}/members/{user_id}")
async def kick(ctx: RequestContext) -> None:
    """Kick a member."""
    guild = ctx.guild()
    own = ctx.require_in_guild(guild, Permission.KICK_MEMBERS)
    member = ctx.member(guild)
    if not can_act_on(guild, own, member):
        raise missing_permissions()
    ctx.world.remove_member(guild, member.user)
    ctx.world.audit(guild, AuditAction.MEMBER_KICK, ctx.user.id, member.id, reason=ctx.reason)


@route("GET", "/guilds/{guild_id}/prune")
async def preview_prune(ctx: RequestContext) -> Json:
    """Answer how many members without roles a prune would remove: everyone here is active."""
    ctx.require_in_guild(ctx.guild(), int(Permission.KICK_MEMBERS | Permission.MANAGE_GUILD))
    ctx.query_int("days", 7, 1, 30)
    return {"pruned": 0}


ROUTES: list[RouteDef] = [
    list_members,
    search_members,
    get_member,
    edit_own_member,
    edit_member,
    add_role,
    remove_role,
    kick,
    preview_prune,
]
