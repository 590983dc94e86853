"""Webhooks by token: follow-ups of interactions, and incoming webhooks of channels.

Both share their addresses: `/webhooks/{application_id}/{interaction_token}` and
`/webhooks/{webhook_id}/{webhook_token}` (discord-api-docs, "Webhook").
"""

from __future__ import annotations

from discord_sandbox.interactions.answers import (
    edit_answer,
    find_answer,
    find_followed,
    follow_up,
    invalid_form,
)
from discord_sandbox.interactions.checks import Json, Problems, Shape, Text
from discord_sandbox.interactions.exchange import Interaction
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, unknown
from discord_sandbox.rest.message_body import check_message_body
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.messages import message_json
from discord_sandbox.world.models import Channel, Message, User, Webhook

_BASE = "/webhooks/{webhook_id}/{webhook_token}"
_MESSAGE = _BASE + "/messages/{message_id}"
_PERSONA = Shape({}, {"username": Text(1, 80), "avatar_url": Text(1, 2048)})
_FORUM = Shape({}, {"thread_name": Text(1, 100)})


def _followed(ctx: RequestContext) -> Interaction | None:
    return find_followed(ctx.sandbox.interactions, ctx.id("webhook_id"), ctx.path["webhook_token"])


def webhook_of(ctx: RequestContext) -> Webhook:
    """The incoming webhook of the path; 10015 unknown, 50027 wrong token."""
    webhook = ctx.world.webhooks.get(ctx.id("webhook_id"))
    if webhook is None:
        raise unknown(10015)
    if webhook.token != ctx.path["webhook_token"]:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    return webhook


async def _checked(ctx: RequestContext, editing: Message | None = None) -> Json:
    return check_message_body(await ctx.json(), await ctx.uploads(), editing=editing)


async def _execute(ctx: RequestContext) -> Json | None:
    interaction = _followed(ctx)
    if interaction is not None:
        body = await _checked(ctx)
        message = follow_up(ctx.sandbox.interactions, interaction, body, await ctx.uploads())
        return message_json(message, interaction.application.bot.id)
    webhook = webhook_of(ctx)
    body, raw = await _checked(ctx), await ctx.json()
    problems = Problems()
    persona: Json = _PERSONA.check(raw, problems)
    forum: Json = _FORUM.check(raw, problems)
    if problems:
        raise invalid_form(problems)
    if webhook.application_id is None and not ctx.query_flag("with_components"):
        body.pop("components", None)  # "ignored" for webhooks no application owns
    message = ctx.world.post_message(
        _target(ctx, webhook, forum.get("thread_name")),
        _author(webhook, persona),
        body,
        uploads=await ctx.uploads(),
        webhook_id=webhook.id,
        application_id=webhook.application_id,
    )
    return message_json(message) if ctx.query_flag("wait") else None


def _target(ctx: RequestContext, webhook: Webhook, thread_name: str | None) -> Channel:
    """The webhook's channel, one of its threads, or a new post of a forum."""
    thread_id = ctx.query_id("thread_id")
    if thread_id is not None:
        thread = ctx.world.channels.get(thread_id)
        if thread is None or thread.parent_id != webhook.channel.id:
            raise unknown(10003)
        return thread
    if webhook.channel.holds_messages:
        return webhook.channel
    if thread_name is None:
        raise ApiError(
            400,
            220001,
            "Webhooks posted to forum channels must have a thread_name or thread_id",
        )
    return ctx.world.create_thread(webhook.channel, webhook.user, thread_name)


def _author(webhook: Webhook, persona: Json) -> User:
    """A webhook's message shows the webhook as an account with its own id."""
    return User(
        id=webhook.id,
        username=persona.get("username") or webhook.name,
        discriminator="0000",
        bot=True,
        avatar=webhook.avatar,
    )


def _own_message(ctx: RequestContext, webhook: Webhook) -> Message:
    channel = webhook.channel
    thread_id = ctx.query_id("thread_id")
    if thread_id is not None:
        found = ctx.world.channels.get(thread_id)
        if found is None or found.parent_id != channel.id:
            raise unknown(10003)
        channel = found
    message = channel.messages.get(ctx.id("message_id"))
    if message is None or message.webhook_id != webhook.id:
        raise unknown(10008)
    return message


async def _get_message(ctx: RequestContext) -> Json:
    interaction = _followed(ctx)
    if interaction is not None:
        message = find_answer(interaction, ctx.path["message_id"])
        return message_json(message, interaction.application.bot.id)
    return message_json(_own_message(ctx, webhook_of(ctx)))


async def _edit_message(ctx: RequestContext) -> Json:
    interaction = _followed(ctx)
    if interaction is not None:
        message = find_answer(interaction, ctx.path["message_id"])
        body = await _checked(ctx, message)
        service = ctx.sandbox.interactions
        edit_answer(service, interaction, message, body, await ctx.uploads())
        return message_json(message, interaction.application.bot.id)
    message = _own_message(ctx, webhook_of(ctx))
    body = await _checked(ctx, message)
    ctx.world.edit_message(message, body, uploads=await ctx.uploads())
    return message_json(message)


async def _delete_message(ctx: RequestContext) -> None:
    interaction = _followed(ctx)
    if interaction is not None:
        ctx.world.delete_message(find_answer(interaction, ctx.path["message_id"]))
        return
    ctx.world.delete_message(_own_message(ctx, webhook_of(ctx)))


ROUTES: list[RouteDef] = [
    route("POST", _BASE, auth="none")(_execute),
    route("GET", _MESSAGE, auth="none")(_get_message),
    route("PATCH", _MESSAGE, auth="none")(_edit_message),
    route("DELETE", _MESSAGE, auth="none")(_delete_message),
]
