"""Members of a guild: list, search, change, roles, kick, bans, prune."""

from datetime import timedelta

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, missing_permissions, unknown
from discord_sandbox.rest.images import take_image
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.users import member_json, user_json
from discord_sandbox.world.changes import Changes
from discord_sandbox.world.constants import AuditAction, Permission
from discord_sandbox.world.models import Ban, Guild, Json, Member, Role, User
from discord_sandbox.world.permissions import can_act_on, can_manage_role, compute_base
from discord_sandbox.world.snowflakes import moment_of

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


# -- bans ----------------------------------------------------------------------------------------


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
    list_bans,
    get_ban,
    ban,
    unban,
    bulk_ban,
    preview_prune,
]
