"""REST of application commands and their permissions.

Source: discord-api-docs, "Application Commands", "Endpoints".
"""

from __future__ import annotations

from typing import Any, cast

from discord_sandbox.interactions.checks import (
    Flag,
    Json,
    ListOf,
    OneOf,
    Problems,
    Shape,
    Snowflake,
)
from discord_sandbox.interactions.registry import (
    Command,
    CommandRegistry,
    CommandsInvalid,
    TooManyCommands,
    command_json,
)
from discord_sandbox.rest.context import Reply, RequestContext
from discord_sandbox.rest.errors import ApiError, missing_access, missing_permissions, unknown
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Dispatch
from discord_sandbox.world.permissions import compute

_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
_MAX_OVERWRITES = 100


def _registry(ctx: RequestContext) -> CommandRegistry:
    return ctx.sandbox.interactions.commands


def _scope(ctx: RequestContext) -> tuple[int, int | None]:
    """The application and guild of the path; only the application itself may ask."""
    application_id = ctx.id("application_id")
    if application_id != ctx.application.id:
        # "You can only make requests for your own application's commands."
        raise ApiError(
            403, 20012, "You are not authorized to perform this action on this application"
        )
    if "guild_id" not in ctx.path:
        return application_id, None
    guild_id = ctx.id("guild_id")
    guild = ctx.world.guilds.get(guild_id)
    if guild is None or ctx.application.bot.id not in guild.members:
        raise missing_access()
    return application_id, guild_id


def _command(ctx: RequestContext) -> Command:
    command = _registry(ctx).find(*_scope(ctx), ctx.id("command_id"))
    if command is None:
        raise unknown(10063)
    return command


def _invalid(error: CommandsInvalid) -> ApiError:
    return ApiError(400, 50035, "Invalid Form Body", error.errors)


async def _list(ctx: RequestContext) -> list[Json]:
    localizations = ctx.query_flag("with_localizations")
    # Without localizations the requester's locale decides, taken from this header.
    locale = None if localizations else ctx.request.headers.get("X-Discord-Locale")
    return [
        command_json(command, with_localizations=localizations, locale=locale)
        for command in _registry(ctx).list_commands(*_scope(ctx))
    ]


async def _create(ctx: RequestContext) -> Reply:
    try:
        command, new = _registry(ctx).create(*_scope(ctx), await ctx.json())
    except CommandsInvalid as error:
        raise _invalid(error) from error
    except TooManyCommands as error:
        raise ApiError(
            400, 30032, f"Maximum number of application commands reached ({error.limit})"
        ) from error
    return Reply(201 if new else 200, command_json(command))


async def _overwrite(ctx: RequestContext) -> list[Json]:
    try:
        commands = _registry(ctx).overwrite(*_scope(ctx), await ctx.json_list())
    except CommandsInvalid as error:
        raise _invalid(error) from error
    return [command_json(command) for command in commands]


async def _get(ctx: RequestContext) -> Json:
    return command_json(_command(ctx))


async def _edit(ctx: RequestContext) -> Json:
    command = _command(ctx)
    try:
        return command_json(_registry(ctx).edit(command, await ctx.json()))
    except CommandsInvalid as error:
        raise _invalid(error) from error


async def _delete(ctx: RequestContext) -> None:
    _registry(ctx).delete(_command(ctx))


def _permissions_json(ctx: RequestContext, subject_id: int, overwrites: list[Json]) -> Json:
    return {
        "id": str(subject_id),
        "application_id": str(ctx.id("application_id")),
        "guild_id": str(ctx.id("guild_id")),
        "permissions": overwrites,
    }


async def _list_permissions(ctx: RequestContext) -> list[Json]:
    application_id, guild_id = _scope(ctx)
    found = _registry(ctx).list_permissions(application_id, cast("int", guild_id))
    return [_permissions_json(ctx, subject, overwrites) for subject, overwrites in found.items()]


def _subject(ctx: RequestContext) -> tuple[int, int, int]:
    """Application, guild and the command's id, or the application's own for all commands."""
    application_id, guild_id = _scope(ctx)
    subject = ctx.id("command_id")
    registry = _registry(ctx)
    known = registry.find(application_id, guild_id, subject) or registry.find(
        application_id, None, subject
    )
    if subject != application_id and known is None:
        raise unknown(10063)
    return application_id, cast("int", guild_id), subject


async def _get_permissions(ctx: RequestContext) -> Json:
    subject = _subject(ctx)
    overwrites = _registry(ctx).permissions(*subject)
    if overwrites is None:
        raise unknown(10066)
    return _permissions_json(ctx, subject[2], overwrites)


async def _set_permissions(ctx: RequestContext) -> Json:
    """Set overwrites, with a bearer token of a member who manages the guild and its roles.

    Discord refuses a bot's own token here (docs: "Edit Application Command Permissions" needs a
    Bearer token with `applications.commands.permissions.update`).
    """
    application_id, guild_id = ctx.id("application_id"), ctx.id("guild_id")
    registry = _registry(ctx)
    grant = ctx.sandbox.oauth2.find_grant(ctx.bearer)
    if grant is None or "applications.commands.permissions.update" not in grant.scopes:
        raise ApiError(403, 20001, "Bots cannot use this endpoint")
    member = ctx.world.find_member(guild_id, grant.user.id)
    if member is None or grant.application.id != application_id:
        raise missing_access()
    needed = Permission.MANAGE_GUILD | Permission.MANAGE_ROLES
    if needed & ~compute(ctx.world.guilds[guild_id], member):
        raise missing_permissions()
    subject = ctx.id("command_id")
    body: Any = await ctx.json()
    problems = Problems()
    shape = Shape(
        {
            "permissions": ListOf(
                Shape({"id": Snowflake(), "type": OneOf((1, 2, 3)), "permission": Flag()}),
                0,
                _MAX_OVERWRITES,
            )
        }
    )
    cleaned: Json = shape.check(body, problems)
    if problems:
        raise ApiError(400, 50035, "Invalid Form Body", problems.tree)
    registry.set_permissions(application_id, guild_id, subject, cleaned["permissions"])
    answer = _permissions_json(ctx, subject, cleaned["permissions"])
    ctx.world.emit(Dispatch("APPLICATION_COMMAND_PERMISSIONS_UPDATE", answer, guild_id=guild_id))
    return answer


ROUTES: list[RouteDef] = [
    *(
        found
        for base in (_GLOBAL, _GUILD)
        for found in (
            route("GET", base)(_list),
            route("POST", base)(_create),
            route("PUT", base)(_overwrite),
            route("GET", base + "/{command_id}")(_get),
            route("PATCH", base + "/{command_id}")(_edit),
            route("DELETE", base + "/{command_id}")(_delete),
        )
    ),
    route("GET", _GUILD + "/permissions")(_list_permissions),
    route("GET", _GUILD + "/{command_id}/permissions")(_get_permissions),
    route("PUT", _GUILD + "/{command_id}/permissions", auth="any")(_set_permissions),
]
