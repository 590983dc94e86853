"""Reactions and polls."""

import re

from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, unknown
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.messages import message_json
from discord_sandbox.wire.users import user_json
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.messages import find_reaction
from discord_sandbox.world.models import Channel, Emoji, Json, Message, Reaction

_CUSTOM = re.compile(r"(?:a:)?(\w{2,32}):(\d{15,20})")
_REACTIONS_AT_MOST = 20
_ONE = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"


def _target(ctx: RequestContext, need: int = 0) -> tuple[Channel, Message]:
    channel = ctx.channel(need=int(Permission.READ_MESSAGE_HISTORY) | need)
    return channel, ctx.message(channel)


def _named(ctx: RequestContext) -> tuple[str, int | None]:
    """Return the path's emoji: its name, and its id when it is a custom one."""
    text = ctx.path["emoji_name"]
    custom = _CUSTOM.fullmatch(text)
    if custom is not None:
        return custom.group(1), int(custom.group(2))
    if not text or text.isascii():
        raise unknown(10014)
    return text, None


def _emoji_of(ctx: RequestContext, number: int) -> Emoji:
    """Return a custom emoji the bot can use; 10014 otherwise."""
    for guild in ctx.world.guilds_of(ctx.user.id):
        if number in guild.emojis:
            return guild.emojis[number]
    if number in ctx.application.emojis:
        return ctx.application.emojis[number]
    raise unknown(10014)


def _existing(ctx: RequestContext, message: Message) -> Reaction:
    reaction = find_reaction(message, *_named(ctx))
    if reaction is None:
        raise unknown(10014)
    return reaction


@route("PUT", _ONE + "/@me", limit=1, window_seconds=0.25)
async def add_own(ctx: RequestContext) -> None:
    """React; a new emoji below the message needs ADD_REACTIONS."""
    channel, message = _target(ctx)
    name, number = _named(ctx)
    animated = False
    if find_reaction(message, name, number) is None:
        ctx.require(channel, Permission.ADD_REACTIONS)
        if len(message.reactions) >= _REACTIONS_AT_MOST:
            raise ApiError(400, 30010, "Maximum number of reactions reached (20)")
        if number is not None:
            emoji = _emoji_of(ctx, number)
            name, animated = emoji.name, emoji.animated
    ctx.world.add_reaction(message, ctx.user, name, number, animated=animated)


@route("DELETE", _ONE + "/@me", limit=1, window_seconds=0.25)
async def remove_own(ctx: RequestContext) -> None:
    """Take the bot's own reaction away."""
    _, message = _target(ctx)
    ctx.world.remove_reaction(message, _existing(ctx, message), ctx.user.id)


@route("DELETE", _ONE + "/{user_id}", limit=1, window_seconds=0.25)
async def remove_of_user(ctx: RequestContext) -> None:
    """Take somebody's reaction away."""
    _, message = _target(ctx, Permission.MANAGE_MESSAGES)
    ctx.world.remove_reaction(message, _existing(ctx, message), ctx.id("user_id"))


@route("GET", _ONE)
async def list_users(ctx: RequestContext) -> list[Json]:
    """List who reacted with an emoji."""
    _, message = _target(ctx)
    limit = ctx.query_int("limit", 25, 1, 100)
    after = ctx.query_id("after") or 0
    reaction = _existing(ctx, message)
    found = sorted(number for number in reaction.user_ids if number > after)
    return [user_json(ctx.world.users[number]) for number in found[:limit]]


@route("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions")
async def clear(ctx: RequestContext) -> None:
    """Take all reactions away."""
    _, message = _target(ctx, Permission.MANAGE_MESSAGES)
    ctx.world.clear_reactions(message)


@route("DELETE", _ONE)
async def clear_emoji(ctx: RequestContext) -> None:
    """Take all reactions with one emoji away."""
    _, message = _target(ctx, Permission.MANAGE_MESSAGES)
    ctx.world.clear_reactions(message, _existing(ctx, message))


# -- polls ---------------------------------------------------------------------------------------


@route("GET", "/channels/{channel_id}/polls/{message_id}/answers/{answer_id}")
async def list_voters(ctx: RequestContext) -> Json:
    """List who voted for an answer."""
    _, message = _target(ctx)
    limit = ctx.query_int("limit", 25, 1, 100)
    after = ctx.query_id("after") or 0
    if message.poll is None:
        raise unknown(10008)
    voters = message.poll.votes.get(ctx.id("answer_id"), {})
    found = sorted(number for number in voters if number > after)
    return {"users": [user_json(ctx.world.users[number]) for number in found[:limit]]}


@route("POST", "/channels/{channel_id}/polls/{message_id}/expire")
async def end_poll(ctx: RequestContext) -> Json:
    """End the bot's own poll now."""
    _, message = _target(ctx)
    if message.poll is None:
        raise ApiError(400, 520000, "Poll voting blocked")
    if message.author.id != ctx.user.id:
        raise ApiError(403, 50005, "Cannot edit a message authored by another user")
    if message.poll.finalized:
        raise ApiError(400, 520001, "Poll expired")
    ctx.world.end_poll(message)
    return message_json(message, ctx.user.id)


ROUTES: list[RouteDef] = [
    add_own,
    remove_own,
    remove_of_user,
    list_users,
    clear,
    clear_emoji,
    list_voters,
    end_poll,
]
