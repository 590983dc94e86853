"""Messages of channels: read, write, edit, delete, pin, publish, type."""

from datetime import timedelta

from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.context import RequestContext
from discord_sandbox.rest.errors import ApiError, invalid, unknown
from discord_sandbox.rest.message_body import check_message_body
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.wire.messages import message_json
from discord_sandbox.wire.values import timestamp
from discord_sandbox.world.constants import AuditAction, ChannelType, MessageFlag, Permission
from discord_sandbox.world.models import Channel, Json, Message
from discord_sandbox.world.snowflakes import moment_of

_PINS_AT_MOST = 250
_BULK_AGE_AT_MOST = timedelta(days=14)
_READ = int(Permission.READ_MESSAGE_HISTORY)


def _text_channel(ctx: RequestContext, need: int = 0) -> Channel:
    channel = ctx.channel(need=need)
    if not channel.holds_messages:
        raise ApiError(400, 50008, "Cannot send messages in a non-text channel")
    return channel


@route("GET", "/channels/{channel_id}/messages")
async def list_messages(ctx: RequestContext) -> list[Json]:
    """List messages, the newest first; without history permission there are none."""
    channel = _text_channel(ctx)
    limit = ctx.query_int("limit", 50, 1, 100)
    if not ctx.permissions_in(channel) & _READ:
        return []
    around, before, after = (ctx.query_id(name) for name in ("around", "before", "after"))
    shown = [each for each in channel.messages.values() if each.ephemeral_for is None]
    if around is not None:
        older = [each for each in shown if each.id <= around][-(limit // 2 + 1) :]
        newer = [each for each in shown if each.id > around]
        page = older + newer[: max(0, limit - len(older))]
    elif after is not None:
        page = [each for each in shown if each.id > after][:limit]
    else:
        page = [each for each in shown if before is None or each.id < before][-limit:]
    return [message_json(each, ctx.user.id) for each in reversed(page)]


@route("GET", "/channels/{channel_id}/messages/{message_id}")
async def get_message(ctx: RequestContext) -> Json:
    """Answer one message."""
    channel = _text_channel(ctx, _READ)
    return message_json(ctx.message(channel), ctx.user.id)


def _needs_of(channel: Channel, body: Json, *, files: bool) -> int:
    need = int(
        Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    )
    if body.get("tts"):
        need |= Permission.SEND_TTS_MESSAGES
    if files:
        need |= Permission.ATTACH_FILES
    if body.get("message_reference"):
        need |= Permission.READ_MESSAGE_HISTORY
    if body.get("poll"):
        need |= Permission.SEND_POLLS
    return int(need)


@route("POST", "/channels/{channel_id}/messages")
async def create_message(ctx: RequestContext) -> Json:
    """Post a message."""
    channel = _text_channel(ctx)
    sent = await ctx.json()
    uploads = await ctx.uploads()
    ctx.require(channel, _needs_of(channel, sent, files=bool(uploads)))
    body = check_message_body(sent, uploads)
    if channel.thread is not None and channel.thread.archived and channel.thread.locked:
        raise ApiError(400, 50083, "Thread is archived")
    if body.get("embeds") and not ctx.permissions_in(channel) & Permission.EMBED_LINKS:
        body.pop("embeds")
    repeated = _already_posted(ctx, channel, body)
    if repeated is not None:
        return message_json(repeated, ctx.user.id)
    _check_reference(ctx, channel, body)
    message = ctx.world.post_message(channel, ctx.user, body, uploads=uploads, application_id=None)
    return message_json(message, ctx.user.id)


def _already_posted(ctx: RequestContext, channel: Channel, body: Json) -> Message | None:
    """Return the message with the same nonce when the client enforces it (docs: enforce_nonce)."""
    nonce = body.get("nonce")
    if nonce is None or not body.get("enforce_nonce"):
        return None
    recent = list(channel.messages.values())[-100:]
    for message in recent:
        if message.nonce == nonce and message.author is ctx.user:
            return message
    return None


def _check_reference(ctx: RequestContext, channel: Channel, body: Json) -> None:
    reference = body.get("message_reference")
    if not reference:
        return
    message_id = int(reference["message_id"])
    if int(reference.get("type") or 0) == 1:
        source = ctx.world.channels.get(int(reference.get("channel_id") or 0))
        if source is None or message_id not in source.messages:
            raise unknown(10008)
        ctx.require(source, _READ)
        return
    elsewhere = int(reference.get("channel_id") or channel.id) != channel.id
    known = channel.messages.get(message_id)
    if (elsewhere or known is None) and reference.get("fail_if_not_exists", True):
        raise invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
    if known is not None and known.type not in {0, 7, 19, 20, 23}:
        raise invalid(
            "message_reference",
            "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE",
            "Cannot reply to a system message",
        )


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
async def edit_message(ctx: RequestContext) -> Json:
    """Edit the bot's own message (others may suppress its embeds)."""
    channel = _text_channel(ctx)
    message = ctx.message(channel)
    sent = await ctx.json()
    uploads = await ctx.uploads()
    if message.author.id != ctx.user.id:
        if set(sent) - {"flags"}:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        ctx.require(channel, Permission.MANAGE_MESSAGES)
    body = check_message_body(sent, uploads, editing=message)
    if channel.thread is not None and channel.thread.archived:
        raise ApiError(400, 50083, "Thread is archived")
    if set(body) == {"flags"}:
        ctx.world.edit_message(message, body, mark_edited=False)
    else:
        ctx.world.edit_message(message, body, uploads=uploads)
    return message_json(message, ctx.user.id)


@route("DELETE", "/channels/{channel_id}/messages/{message_id}")
async def delete_message(ctx: RequestContext) -> None:
    """Delete a message; another's needs MANAGE_MESSAGES."""
    channel = _text_channel(ctx)
    message = ctx.message(channel)
    own = message.author.id == ctx.user.id
    if not own:
        ctx.require(channel, Permission.MANAGE_MESSAGES)
    ctx.world.delete_message(message)
    if not own and channel.guild is not None:
        ctx.world.audit(
            channel.guild,
            AuditAction.MESSAGE_DELETE,
            ctx.user.id,
            message.author.id,
            options={"channel_id": str(channel.id), "count": "1"},
            reason=ctx.reason,
        )


@route("POST", "/channels/{channel_id}/messages/bulk-delete")
async def bulk_delete(ctx: RequestContext) -> None:
    """Delete 2 to 100 messages younger than two weeks."""
    channel = _text_channel(ctx, Permission.MANAGE_MESSAGES)
    if channel.guild is None:
        raise ApiError(403, 50003, "Cannot execute action on a DM channel")
    body = Body(await ctx.json())
    ids = body.snowflakes("messages", highest=100)
    if ids is None:
        body.note("messages", "BASE_TYPE_REQUIRED", "This field is required")
    elif len(ids) < 2:  # noqa: PLR2004 - Discord's lower bound
        raise ApiError(
            400,
            50016,
            "Provided too few or too many messages to delete. Must provide at least "
            "2 and fewer than 100 messages to delete.",
        )
    body.done()
    oldest = ctx.world.clock.now() - _BULK_AGE_AT_MOST
    if any(moment_of(number) < oldest for number in ids or ()):
        raise ApiError(400, 50034, "You can only bulk delete messages that are under 14 days old.")
    found = [channel.messages[number] for number in ids or () if number in channel.messages]
    if found:
        ctx.world.delete_messages(channel, found)
        ctx.world.audit(
            channel.guild,
            AuditAction.MESSAGE_BULK_DELETE,
            ctx.user.id,
            channel.id,
            options={"count": str(len(found))},
            reason=ctx.reason,
        )


@route("POST", "/channels/{channel_id}/messages/{message_id}/crosspost")
async def crosspost(ctx: RequestContext) -> Json:
    """Publish a message of an announcement channel to its followers."""
    channel = _text_channel(ctx, Permission.SEND_MESSAGES)
    message = ctx.message(channel)
    if channel.type != ChannelType.GUILD_ANNOUNCEMENT:
        raise ApiError(403, 50024, "Cannot execute action on this channel type")
    if message.author.id != ctx.user.id:
        ctx.require(channel, Permission.MANAGE_MESSAGES)
    if message.flags & MessageFlag.CROSSPOSTED:
        raise ApiError(400, 40033, "This message has already been crossposted")
    message.flags |= MessageFlag.CROSSPOSTED
    ctx.world.announce_message_update(message)
    for webhook in list(ctx.world.webhooks.values()):
        if webhook.source_channel is channel:
            body: Json = {"content": message.content, "embeds": message.embeds}
            ctx.world.post_message(
                webhook.channel,
                message.author,
                body,
                webhook_id=webhook.id,
                extra_flags=MessageFlag.IS_CROSSPOST,
            )
    return message_json(message, ctx.user.id)


@route("POST", "/channels/{channel_id}/typing")
async def start_typing(ctx: RequestContext) -> None:
    """Show the bot as typing."""
    channel = _text_channel(ctx, Permission.SEND_MESSAGES)
    ctx.world.start_typing(channel, ctx.user)


# -- pins ----------------------------------------------------------------------------------------


def _pins(channel: Channel) -> list[Message]:
    pinned = [each for each in channel.messages.values() if each.pinned]
    return sorted(pinned, key=lambda each: each.pinned_at or each.created_at, reverse=True)


@route("GET", "/channels/{channel_id}/messages/pins")
async def list_pins(ctx: RequestContext) -> Json:
    """List pins a page at a time, the newest pin first."""
    channel = _text_channel(ctx, _READ)
    limit = ctx.query_int("limit", 50, 1, 50)
    before = ctx.request.query.get("before")
    pins = _pins(channel)
    if before is not None:
        pins = [each for each in pins if timestamp(each.pinned_at or each.created_at) < before]
    return {
        "items": [
            {
                "pinned_at": timestamp(each.pinned_at or each.created_at),
                "message": message_json(each, ctx.user.id),
            }
            for each in pins[:limit]
        ],
        "has_more": len(pins) > limit,
    }


@route("GET", "/channels/{channel_id}/pins")
async def list_pins_as_before(ctx: RequestContext) -> list[Json]:
    """List pins in the older form."""
    channel = _text_channel(ctx, _READ)
    return [message_json(each, ctx.user.id) for each in _pins(channel)[:50]]


async def _pin(ctx: RequestContext) -> None:
    channel = _text_channel(ctx, _READ)
    _require_pin(ctx, channel)
    message = ctx.message(channel)
    if message.pinned:
        return
    if len(_pins(channel)) >= _PINS_AT_MOST:
        raise ApiError(400, 30003, "Maximum number of pins reached for the channel (250)")
    ctx.world.pin_message(message, pinned=True)
    reference: Json = {
        "type": 0,
        "message_id": str(message.id),
        "channel_id": str(channel.id),
    }
    if channel.guild is not None:
        reference["guild_id"] = str(channel.guild.id)
    ctx.world.post_message(channel, ctx.user, {}, type=6, reference=reference)
    _audit_pin(ctx, AuditAction.MESSAGE_PIN, message)


async def _unpin(ctx: RequestContext) -> None:
    channel = _text_channel(ctx, _READ)
    _require_pin(ctx, channel)
    message = ctx.message(channel)
    if message.pinned:
        ctx.world.pin_message(message, pinned=False)
        _audit_pin(ctx, AuditAction.MESSAGE_UNPIN, message)


def _require_pin(ctx: RequestContext, channel: Channel) -> None:
    """Pinning needs PIN_MESSAGES; MANAGE_MESSAGES no longer allows it (docs: change log)."""
    ctx.require(channel, Permission.PIN_MESSAGES)


def _audit_pin(ctx: RequestContext, action: AuditAction, message: Message) -> None:
    if message.guild is None:
        return
    ctx.world.audit(
        message.guild,
        action,
        ctx.user.id,
        message.author.id,
        options={"channel_id": str(message.channel.id), "message_id": str(message.id)},
        reason=ctx.reason,
    )


ROUTES: list[RouteDef] = [
    list_messages,
    get_message,
    create_message,
    edit_message,
    delete_message,
    bulk_delete,
    crosspost,
    start_typing,
    list_pins,
    list_pins_as_before,
    route("PUT", "/channels/{channel_id}/messages/pins/{message_id}")(_pin),
    route("PUT", "/channels/{channel_id}/pins/{message_id}")(_pin),
    route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")(_unpin),
    route("DELETE", "/channels/{channel_id}/pins/{message_id}")(_unpin),
]
