"""Roles of a guild."""

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, missing_permissions, unknown
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.guilds import role_json
from discord_sandbox.world.changes import Changes
from discord_sandbox.world.constants import AuditAction, Permission
from discord_sandbox.world.models import Guild, Json, Member, Role
from discord_sandbox.world.permissions import can_manage_role, compute_base

_ROLES_AT_MOST = 250


def _role(ctx: RequestContext, guild: Guild) -> Role:
    role = guild.roles.get(ctx.id("role_id"))
    if role is None:
        raise unknown(10011)
    return role


@route("GET", "/guilds/{guild_id}/roles")
async def list_roles(ctx: RequestContext) -> list[Json]:
    """List a guild's roles."""
    return [role_json(each) for each in ctx.guild().roles.values()]


@route("GET", "/guilds/{guild_id}/roles/{role_id}")
async def get_role(ctx: RequestContext) -> Json:
    """Answer one role."""
    return role_json(_role(ctx, ctx.guild()))


@route("GET", "/guilds/{guild_id}/roles/member-counts")
async def count_members(ctx: RequestContext) -> Json:
    """Answer how many members have each role."""
    guild = ctx.guild()
    return {
        str(number): sum(1 for each in guild.members.values() if number in each.role_ids)
        for number in guild.roles
        if number != guild.id
    }


def _read(body: Body, changes: Changes, guild: Guild, own: Member) -> None:
    if "name" in body:
        changes.set("name", body.text("name", lowest=1, highest=100))
    colors = body.object("colors")
    color = body.integer("color", lowest=0, highest=0xFFFFFF)
    if colors is not None:
        color = colors.integer("primary_color", lowest=0, highest=0xFFFFFF)
    changes.set("color", color)
    changes.set("hoist", body.boolean("hoist"))
    changes.set("mentionable", body.boolean("mentionable"))
    if "unicode_emoji" in body:
        changes.put("unicode_emoji", body.text("unicode_emoji", highest=100))
    bits = body.permissions("permissions")
    changes.set("permissions", bits)
    body.done()
    if bits is not None and bits & ~compute_base(guild, own):
        raise missing_permissions()


@route("POST", "/guilds/{guild_id}/roles")
async def create_role(ctx: RequestContext) -> Json:
    """Make a role at the bottom."""
    guild = ctx.guild()
    own = ctx.require_in_guild(guild, Permission.MANAGE_ROLES)
    if len(guild.roles) >= _ROLES_AT_MOST:
        raise ApiError(400, 30005, "Maximum number of guild roles reached (250)")
    draft = Role(id=0, name="new role", permissions=guild.everyone.permissions)
    changes = Changes(draft)
    _read(Body(await ctx.json()), changes, guild, own)
    changes.apply()
    role = ctx.world.create_role(
        guild,
        draft.name,
        permissions=draft.permissions,
        color=draft.color,
        hoist=draft.hoist,
        mentionable=draft.mentionable,
    )
    role.unicode_emoji = draft.unicode_emoji
    ctx.world.audit(
        guild,
        AuditAction.ROLE_CREATE,
        ctx.user.id,
        role.id,
        changes=[{"key": "name", "new_value": role.name}],
        reason=ctx.reason,
    )
    return role_json(role)


@route("PATCH", "/guilds/{guild_id}/roles/{role_id}")
async def edit_role(ctx: RequestContext) -> Json:
    """Change a role below the bot's highest."""
    guild = ctx.guild()
    own = ctx.require_in_guild(guild, Permission.MANAGE_ROLES)
    role = _role(ctx, guild)
    if role.id != guild.id and not can_manage_role(guild, own, role):
        raise missing_permissions()
    changes = Changes(role)
    _read(Body(await ctx.json()), changes, guild, own)
    if changes.apply():
        ctx.world.update_role(guild, role)
        ctx.world.audit(
            guild,
            AuditAction.ROLE_UPDATE,
            ctx.user.id,
            role.id,
            changes=changes.listed,
            reason=ctx.reason,
        )
    return role_json(role)


@route("PATCH", "/guilds/{guild_id}/roles")
async def move_roles(ctx: RequestContext) -> list[Json]:
    """Change the order of roles below the bot's highest."""
    guild = ctx.guild()
    own = ctx.require_in_guild(guild, Permission.MANAGE_ROLES)
    wanted: list[tuple[Role, int]] = []
    for item in await ctx.json_list():
        body = Body(item)
        number = body.snowflake("id", required=True)
        position = body.integer("position", lowest=0)
        body.done()
        role = guild.roles.get(number or 0)
        if role is None:
            raise unknown(10011)
        if not can_manage_role(guild, own, role):
            raise missing_permissions()
        if position is not None:
            wanted.append((role, position))
    for role, position in wanted:
        if role.position != position:
            role.position = position
            ctx.world.update_role(guild, role)
    return [role_json(each) for each in guild.roles.values()]


@route("DELETE", "/guilds/{guild_id}/roles/{role_id}")
async def delete_role(ctx: RequestContext) -> None:
    """Delete a role below the bot's highest."""
    guild = ctx.guild()
    own = ctx.require_in_guild(guild, Permission.MANAGE_ROLES)
    role = _role(ctx, guild)
    if role.id == guild.id or role.managed:
        raise ApiError(400, 50028, "Invalid Role")
    if not can_manage_role(guild, own, role):
        raise missing_permissions()
    ctx.world.delete_role(guild, role)
    ctx.world.audit(
        guild,
        AuditAction.ROLE_DELETE,
        ctx.user.id,
        role.id,
        changes=[{"key": "name", "old_value": role.name}],
        reason=ctx.reason,
    )


ROUTES: list[RouteDef] = [
    list_roles,
    get_role,
    count_members,
    create_role,
    edit_role,
    move_roles,
    delete_role,
]
