"""Guilds: read and change the guild itself, its channels' order, regions and voice states."""

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.images import take_image
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.channels import thread_json, thread_member_json
from discord_sandbox.wire.guilds import guild_json
from discord_sandbox.wire.users import emoji_json
from discord_sandbox.world.changes import Changes
from discord_sandbox.world.constants import AuditAction, Permission
from discord_sandbox.world.models import Json
from discord_sandbox.world.permissions import can_view

_REGIONS = (("rotterdam", "Rotterdam"), ("us-east", "US East"), ("singapore", "Singapore"))


@route("GET", "/guilds/{guild_id}")
async def get_guild(ctx: RequestContext) -> Json:
    """Answer a guild."""
    return guild_json(ctx.guild(), with_counts=ctx.query_flag("with_counts"))


@route("GET", "/guilds/{guild_id}/preview")
async def get_preview(ctx: RequestContext) -> Json:
    """Answer the short form of a guild."""
    guild = ctx.guild()
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": guild.icon,
        "description": guild.description,
        "home_header": None,
        "splash": guild.splash,
        "discovery_splash": None,
        "features": guild.features,
        "approximate_member_count": len(guild.members),
        "approximate_presence_count": len(guild.members),
        "emojis": [emoji_json(each) for each in guild.emojis.values()],
        "stickers": [],
    }


@route("PATCH", "/guilds/{guild_id}")
async def edit_guild(ctx: RequestContext) -> Json:
    """Change a guild's settings."""
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.MANAGE_GUILD)
    body = Body(await ctx.json())
    changes = Changes(guild)
    changes.set("name", body.text("name", lowest=2, highest=100))
    if "description" in body:
        changes.put("description", body.text("description", highest=300))
    for name, allowed in (
        ("verification_level", range(5)),
        ("default_message_notifications", range(2)),
        ("explicit_content_filter", range(3)),
        ("afk_timeout", (60, 300, 900, 1800, 3600)),
    ):
        changes.set(name, body.choice(name, allowed))
    changes.set("system_channel_flags", body.integer("system_channel_flags", lowest=0))
    changes.set("preferred_locale", body.text("preferred_locale", highest=10))
    changes.set("premium_progress_bar_enabled", body.boolean("premium_progress_bar_enabled"))
    for name in (
        "afk_channel_id",
        "system_channel_id",
        "rules_channel_id",
        "public_updates_channel_id",
        "safety_alerts_channel_id",
    ):
        if name in body:
            channel_id = body.snowflake(name)
            if channel_id is not None and channel_id not in guild.channels:
                body.note(name, "CHANNEL_NOT_FOUND", "Channel not found")
            changes.put(name, channel_id)
    body.done()
    for name in ("icon", "splash", "banner"):
        if name in body:
            changes.put(name, take_image(ctx.world, body.sent[name], name), shown=f"{name}_hash")
    if changes.apply():
        ctx.world.update_guild(guild)
        ctx.world.audit(
            guild,
            AuditAction.GUILD_UPDATE,
            ctx.user.id,
            guild.id,
            changes=changes.listed,
            reason=ctx.reason,
        )
    return guild_json(guild)


@route("GET", "/guilds/{guild_id}/threads/active")
async def list_active_threads(ctx: RequestContext) -> Json:
    """List the threads of a guild that are not archived and that the bot can see."""
    guild = ctx.guild()
    threads = [
        each
        for each in guild.threads.values()
        if each.thread is not None
        and not each.thread.archived
        and can_view(guild, ctx.user.id, each)
    ]
    return {
        "threads": [thread_json(each) for each in reversed(threads)],
        "members": [
            thread_member_json(each, each.thread.members[ctx.user.id])
            for each in threads
            if each.thread is not None and ctx.user.id in each.thread.members
        ],
        "has_more": False,
    }


def _regions() -> list[Json]:
    return [
        {"id": key, "name": name, "custom": False, "deprecated": False, "optimal": key == "us-east"}
        for key, name in _REGIONS
    ]


@route("GET", "/voice/regions")
async def list_regions(_: RequestContext) -> list[Json]:
    """List voice regions."""
    return _regions()


@route("GET", "/guilds/{guild_id}/regions")
async def list_guild_regions(ctx: RequestContext) -> list[Json]:
    """List the voice regions of a guild."""
    ctx.guild()
    return _regions()


@route("GET", "/guilds/{guild_id}/integrations")
async def list_integrations(ctx: RequestContext) -> list[Json]:
    """List integrations other than bots: there are none."""
    ctx.require_in_guild(ctx.guild(), Permission.MANAGE_GUILD)
    return []


@route("GET", "/guilds/{guild_id}/stickers")
async def list_stickers(ctx: RequestContext) -> list[Json]:
    """List a guild's stickers: a local Discord has none."""
    ctx.guild()
    return []


@route("GET", "/sticker-packs")
async def list_sticker_packs(_: RequestContext) -> Json:
    """List sticker packs: a local Discord has none."""
    return {"sticker_packs": []}


@route("GET", "/guilds/{guild_id}/soundboard-sounds")
async def list_sounds(ctx: RequestContext) -> Json:
    """List a guild's sounds: a local Discord has none."""
    ctx.guild()
    return {"items": []}


@route("GET", "/soundboard-default-sounds")
async def list_default_sounds(_: RequestContext) -> list[Json]:
    """List the default sounds: a local Discord has none."""
    return []


ROUTES: list[RouteDef] = [
    get_guild,
    get_preview,
    edit_guild,
    list_active_threads,
    list_regions,
    list_guild_regions,
    list_integrations,
    list_stickers,
    list_sticker_packs,
    list_sounds,
    list_default_sounds,
]
