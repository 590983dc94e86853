"""The audit log."""

from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.guilds import audit_entry_json
from discord_sandbox.wire.users import user_json
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Json


@route("GET", "/guilds/{guild_id}/audit-logs")
async def get_audit_log(ctx: RequestContext) -> Json:
    """List the newest lines, filtered by user, target and action."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.VIEW_AUDIT_LOG)
    limit = ctx.query_int("limit", 50, 1, 100)
    action = ctx.query_int("action_type", 0, 0, 1000)
    user_id, target_id = ctx.query_id("user_id"), ctx.query_id("target_id")
    before, after = ctx.query_id("before"), ctx.query_id("after")
    found = [
        each
        for each in guild.audit_log
        if (not action or each.action_type == action)
        and (user_id is None or each.user_id == user_id)
        and (target_id is None or each.target_id == target_id)
        and (before is None or each.id < before)
        and (after is None or each.id > after)
    ]
    page = found[:limit] if after is not None else list(reversed(found[-limit:]))
    named = dict.fromkeys(
        number for each in page for number in (each.user_id, each.target_id) if number is not None
    )
    users = [ctx.world.users[number] for number in named if number in ctx.world.users]
    return {
        "audit_log_entries": [audit_entry_json(each) for each in page],
        "users": [user_json(each) for each in users],
        "integrations": [],
        "webhooks": [],
        "guild_scheduled_events": [],
        "threads": [],
        "application_commands": [],
        "auto_moderation_rules": [],
    }


ROUTES: list[RouteDef] = [get_audit_log]
