"""Making, changing and deleting incoming webhooks (discord-api-docs, "Webhook")."""

from __future__ import annotations

import secrets

from discord_sandbox.interactions.answers import invalid_form
from discord_sandbox.interactions.checks import Json, Problems, Shape, Snowflake, Text
from discord_sandbox.interactions.webhook_routes import webhook_of
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, unknown
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.guilds import webhook_json
from discord_sandbox.world.constants import AuditAction, Permission
from discord_sandbox.world.models import Channel, Dispatch, Webhook

MAX_WEBHOOKS = 15
"""Webhooks a channel may have (error 30007)."""

_BASE = "/webhooks/{webhook_id}"
_TOKEN = _BASE + "/{webhook_token}"
_FORBIDDEN_NAMES = ("clyde", "discord")


async def _read(ctx: RequestContext, *, new: bool = False, move: bool = False) -> Json:
    body = await ctx.json()
    problems = Problems()
    name = {"name": Text(1, 80)}
    may = {"channel_id": Snowflake()} if move else {}
    shape = Shape(name, may) if new else Shape({}, {**name, **may})
    cleaned: Json = shape.check(body, problems)
    lowered = str(cleaned.get("name", "")).lower()
    for word in _FORBIDDEN_NAMES:
        if word in lowered:
            problems.at("name").add(
                "USERNAME_INVALID_CONTAINS", f'Username cannot contain "{word}"'
            )
    if problems:
        raise invalid_form(problems)
    return cleaned


def _announce(ctx: RequestContext, channel: Channel) -> None:
    guild_id = channel.guild_id
    data = {"guild_id": str(guild_id), "channel_id": str(channel.id)}
    ctx.world.emit(Dispatch("WEBHOOKS_UPDATE", data, guild_id=guild_id, channel_id=channel.id))


def _managed(ctx: RequestContext) -> Webhook:
    webhook = ctx.world.webhooks.get(ctx.id("webhook_id"))
    if webhook is None:
        raise unknown(10015)
    ctx.require(webhook.channel, Permission.MANAGE_WEBHOOKS)
    return webhook


def _json(ctx: RequestContext, webhook: Webhook, *, with_token: bool = True) -> Json:
    return webhook_json(webhook, ctx.world.base_url, with_token=with_token)


async def _create(ctx: RequestContext) -> Json:
    channel = ctx.channel(need=Permission.MANAGE_WEBHOOKS)
    body = await _read(ctx, new=True)
    here = [one for one in ctx.world.webhooks.values() if one.channel is channel]
    if len(here) >= MAX_WEBHOOKS:
        raise ApiError(400, 30007, f"Maximum number of webhooks reached ({MAX_WEBHOOKS})")
    webhook = Webhook(
        id=ctx.world.new_id(),
        channel=channel,
        name=body["name"],
        token=secrets.token_urlsafe(51),
        user=ctx.user,
        application_id=ctx.application.id,
    )
    ctx.world.webhooks[webhook.id] = webhook
    if channel.guild is not None:
        ctx.world.audit(
            channel.guild, AuditAction.WEBHOOK_CREATE, ctx.user.id, webhook.id, reason=ctx.reason
        )
    _announce(ctx, channel)
    return _json(ctx, webhook)


async def _list_channel(ctx: RequestContext) -> list[Json]:
    channel = ctx.channel(need=Permission.MANAGE_WEBHOOKS)
    return [_json(ctx, one) for one in ctx.world.webhooks.values() if one.channel is channel]


async def _list_guild(ctx: RequestContext) -> list[Json]:
    guild = ctx.guild()
    ctx.require_in_guild(guild, Permission.MANAGE_WEBHOOKS)
    return [_json(ctx, one) for one in ctx.world.webhooks.values() if one.channel.guild is guild]


async def _get(ctx: RequestContext) -> Json:
    return _json(ctx, _managed(ctx))


async def _edit(ctx: RequestContext) -> Json:
    webhook = _managed(ctx)
    body = await _read(ctx, move=True)
    webhook.name = body.get("name", webhook.name)
    if "channel_id" in body:
        channel = ctx.world.channels.get(int(body["channel_id"]))
        if channel is None or channel.guild is not webhook.channel.guild:
            raise unknown(10003)
        ctx.require(channel, Permission.MANAGE_WEBHOOKS)
        webhook.channel = channel
    _announce(ctx, webhook.channel)
    return _json(ctx, webhook)


def _remove(ctx: RequestContext, webhook: Webhook) -> None:
    del ctx.world.webhooks[webhook.id]
    _announce(ctx, webhook.channel)


async def _delete(ctx: RequestContext) -> None:
    webhook = _managed(ctx)
    guild = webhook.channel.guild
    if guild is not None:
        ctx.world.audit(
            guild, AuditAction.WEBHOOK_DELETE, ctx.user.id, webhook.id, reason=ctx.reason
        )
    _remove(ctx, webhook)


async def _get_by_token(ctx: RequestContext) -> Json:
    data = _json(ctx, webhook_of(ctx))
    del data["user"]  # "does not require authentication and returns no user" (docs)
    return data


async def _edit_by_token(ctx: RequestContext) -> Json:
    webhook = webhook_of(ctx)
    webhook.name = (await _read(ctx)).get("name", webhook.name)
    _announce(ctx, webhook.channel)
    data = _json(ctx, webhook)
    del data["user"]
    return data


async def _delete_by_token(ctx: RequestContext) -> None:
    _remove(ctx, webhook_of(ctx))


ROUTES: list[RouteDef] = [
    route("POST", "/channels/{channel_id}/webhooks")(_create),
    route("GET", "/channels/{channel_id}/webhooks")(_list_channel),
    route("GET", "/guilds/{guild_id}/webhooks")(_list_guild),
    route("GET", _BASE)(_get),
    route("PATCH", _BASE)(_edit),
    route("DELETE", _BASE)(_delete),
    route("GET", _TOKEN, auth="none")(_get_by_token),
    route("PATCH", _TOKEN, auth="none")(_edit_by_token),
    route("DELETE", _TOKEN, auth="none")(_delete_by_token),
]
