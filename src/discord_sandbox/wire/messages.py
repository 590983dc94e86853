"""Messages and their parts as JSON."""

from discord_sandbox.wire.channels import thread_json
from discord_sandbox.wire.users import member_without_user_json, user_json
from discord_sandbox.wire.values import ids, optional_timestamp, timestamp
from discord_sandbox.world.models import Attachment, Json, Message, Poll, Reaction, User

_REPLY = 19
_THREAD_STARTER = 21


def attachment_json(attachment: Attachment) -> Json:
    """Return one attachment."""
    data: Json = {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": attachment.size,
        "url": attachment.url,
        "proxy_url": attachment.url,
        "content_type": attachment.content_type,
    }
    if attachment.width is not None and attachment.height is not None:
        data["width"] = attachment.width
        data["height"] = attachment.height
    if attachment.description is not None:
        data["description"] = attachment.description
    if attachment.title is not None:
        data["title"] = attachment.title
    if attachment.duration_seconds is not None:
        data["duration_secs"] = attachment.duration_seconds
    if attachment.waveform is not None:
        data["waveform"] = attachment.waveform
    if attachment.flags:
        data["flags"] = attachment.flags
    if attachment.ephemeral:
        data["ephemeral"] = True
    return data


def reaction_emoji_json(reaction: Reaction) -> Json:
    """Return the partial emoji of a reaction."""
    data: Json = {
        "id": None if reaction.emoji_id is None else str(reaction.emoji_id),
        "name": reaction.emoji_name,
    }
    if reaction.animated:
        data["animated"] = True
    return data


def reaction_json(reaction: Reaction, viewer_id: int | None) -> Json:
    """Return a reaction's count; ``me`` is whether ``viewer_id`` put it there."""
    count = len(reaction.user_ids)
    return {
        "emoji": reaction_emoji_json(reaction),
        "count": count,
        "count_details": {"burst": 0, "normal": count},
        "burst_colors": [],
        "me_burst": False,
        "me": viewer_id in reaction.user_ids,
    }


def poll_json(poll: Poll, viewer_id: int | None = None) -> Json:
    """Return a poll with its results so far."""
    return {
        "question": poll.question,
        "answers": [
            {"answer_id": answer_id, "poll_media": media} for answer_id, media in poll.answers
        ],
        "expiry": timestamp(poll.expires_at),
        "allow_multiselect": poll.allow_multiselect,
        "layout_type": poll.layout_type,
        "results": {
            "answer_counts": [
                {"id": answer_id, "count": len(voters), "me_voted": viewer_id in voters}
                for answer_id, voters in poll.votes.items()
                if voters
            ],
            "is_finalized": poll.finalized,
        },
    }


def mention_json(message: Message, user: User, *, with_member: bool) -> Json:
    """Return a mentioned user; the gateway adds the member."""
    data = user_json(user)
    guild = message.guild
    if with_member and guild is not None:
        member = guild.members.get(user.id)
        if member is not None:
            data["member"] = member_without_user_json(member)
    return data


def _core_json(message: Message, *, gateway: bool) -> Json:
    data: Json = {
        "id": str(message.id),
        "type": message.type,
        "content": message.content,
        "channel_id": str(message.channel.id),
        "author": user_json(message.author),
        "attachments": [attachment_json(each) for each in message.attachments],
        "embeds": message.embeds,
        "mentions": [
            mention_json(message, user, with_member=gateway) for user in message.mentioned
        ],
        "mention_roles": ids(message.mention_role_ids),
        "pinned": message.pinned,
        "mention_everyone": message.mention_everyone,
        "tts": message.tts,
        "timestamp": timestamp(message.created_at),
        "edited_timestamp": optional_timestamp(message.edited_at),
        "flags": message.flags,
        "components": message.components,
    }
    if message.nonce is not None:
        data["nonce"] = message.nonce
    if message.webhook_id is not None:
        data["webhook_id"] = str(message.webhook_id)
    if message.application_id is not None:
        data["application_id"] = str(message.application_id)
    if message.reference is not None:
        data["message_reference"] = message.reference
    if message.interaction is not None:
        data["interaction"] = message.interaction
    if message.interaction_metadata is not None:
        data["interaction_metadata"] = message.interaction_metadata
    if message.position is not None:
        data["position"] = message.position
    if message.snapshots:
        data["message_snapshots"] = message.snapshots
    return data


def message_json(message: Message, viewer_id: int | None = None) -> Json:
    """Return the message as the REST API answers it to ``viewer_id``."""
    data = _core_json(message, gateway=False)
    _add_relations(data, message, viewer_id)
    if message.reactions:
        data["reactions"] = [reaction_json(each, viewer_id) for each in message.reactions]
    return data


def gateway_message_json(message: Message) -> Json:
    """Return the message as MESSAGE_CREATE and MESSAGE_UPDATE carry it (one form for everybody)."""
    data = _core_json(message, gateway=True)
    _add_relations(data, message, None)
    data["channel_type"] = message.channel.type
    if message.reactions:
        data["reactions"] = [reaction_json(each, None) for each in message.reactions]
    guild = message.guild
    if guild is not None:
        data["guild_id"] = str(guild.id)
        if message.webhook_id is None or message.interaction_metadata is not None:
            member = guild.members.get(message.author.id)
            if member is not None:
                data["member"] = member_without_user_json(member)
    return data


def _add_relations(data: Json, message: Message, viewer_id: int | None) -> None:
    if message.poll is not None:
        data["poll"] = poll_json(message.poll, viewer_id)
    if message.thread is not None:
        data["thread"] = thread_json(message.thread, viewer_id)
    if message.type in {_REPLY, _THREAD_STARTER}:
        referenced = message.referenced
        data["referenced_message"] = (
            None if referenced is None else _core_json(referenced, gateway=False)
        )
