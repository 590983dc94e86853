"""Channels, threads and their parts as JSON."""

from discord_sandbox.wire.users import user_json
from discord_sandbox.wire.values import ids, optional_id, optional_timestamp, timestamp
from discord_sandbox.world.constants import FORUM_LIKE, VOICE_LIKE, ChannelType
from discord_sandbox.world.models import Channel, Json, Overwrite, ThreadMember

_SHOWN_MEMBERS_AT_MOST = 50


def overwrite_json(overwrite: Overwrite) -> Json:
    """Return a permission overwrite."""
    return {
        "id": str(overwrite.id),
        "type": overwrite.type,
        "allow": str(overwrite.allow),
        "deny": str(overwrite.deny),
    }


def thread_member_json(thread: Channel, member: ThreadMember) -> Json:
    """Return one follower of a thread."""
    return {
        "id": str(thread.id),
        "user_id": str(member.user_id),
        "join_timestamp": timestamp(member.joined_at),
        "flags": member.flags,
    }


def thread_json(channel: Channel, viewer_id: int | None = None) -> Json:
    """Return a thread; ``member`` is there when ``viewer_id`` follows it."""
    state = channel.thread
    if state is None:
        raise ValueError(f"channel {channel.id} is no thread")
    metadata: Json = {
        "archived": state.archived,
        "archive_timestamp": timestamp(state.archive_timestamp),
        "auto_archive_duration": state.auto_archive_minutes,
        "locked": state.locked,
        "create_timestamp": timestamp(state.created_at),
    }
    if channel.type == ChannelType.PRIVATE_THREAD:
        metadata["invitable"] = state.invitable
    data: Json = {
        "id": str(channel.id),
        "type": channel.type,
        "guild_id": optional_id(channel.guild_id),
        "parent_id": optional_id(channel.parent_id),
        "name": channel.name,
        "owner_id": str(state.owner_id),
        "flags": channel.flags,
        "last_message_id": optional_id(channel.last_message_id),
        "rate_limit_per_user": channel.rate_limit_per_user,
        "thread_metadata": metadata,
        "message_count": state.message_count,
        "total_message_sent": state.total_message_sent,
        "member_count": min(len(state.members), _SHOWN_MEMBERS_AT_MOST),
    }
    if channel.last_pin_at is not None:
        data["last_pin_timestamp"] = timestamp(channel.last_pin_at)
    if state.applied_tags:
        data["applied_tags"] = ids(state.applied_tags)
    if viewer_id is not None and viewer_id in state.members:
        data["member"] = thread_member_json(channel, state.members[viewer_id])
    return data


def channel_json(channel: Channel, viewer_id: int | None = None) -> Json:
    """Return any channel in the form its type has.

    Args:
        channel: A guild channel, thread or direct-message channel.
        viewer_id: Who looks: left out of a direct message's ``recipients``, and given their own
            ``member`` in a thread.
    """
    if channel.thread is not None:
        return thread_json(channel, viewer_id)
    if channel.guild is None:
        return private_channel_json(channel, viewer_id)
    data: Json = {
        "id": str(channel.id),
        "type": channel.type,
        "guild_id": str(channel.guild.id),
        "name": channel.name,
        "position": channel.position,
        "flags": channel.flags,
        "parent_id": optional_id(channel.parent_id),
        "permission_overwrites": [overwrite_json(each) for each in channel.overwrites.values()],
    }
    if channel.type == ChannelType.GUILD_CATEGORY:
        return data
    data["nsfw"] = channel.nsfw
    data["rate_limit_per_user"] = channel.rate_limit_per_user
    data["last_message_id"] = optional_id(channel.last_message_id)
    if channel.type in VOICE_LIKE:
        data["bitrate"] = channel.bitrate
        data["user_limit"] = channel.user_limit
        data["rtc_region"] = channel.rtc_region
        data["video_quality_mode"] = channel.video_quality_mode
        return data
    data["topic"] = channel.topic
    if channel.default_auto_archive_minutes is not None:
        data["default_auto_archive_duration"] = channel.default_auto_archive_minutes
    data["default_thread_rate_limit_per_user"] = channel.default_thread_rate_limit_per_user
    if channel.type in FORUM_LIKE:
        _add_forum_fields(data, channel)
    else:
        data["last_pin_timestamp"] = optional_timestamp(channel.last_pin_at)
    return data


def _add_forum_fields(data: Json, channel: Channel) -> None:
    data["available_tags"] = [
        {
            "id": str(tag.id),
            "name": tag.name,
            "moderated": tag.moderated,
            "emoji_id": optional_id(tag.emoji_id),
            "emoji_name": tag.emoji_name,
        }
        for tag in channel.available_tags
    ]
    data["default_reaction_emoji"] = channel.default_reaction_emoji
    data["default_sort_order"] = channel.default_sort_order
    if channel.type == ChannelType.GUILD_FORUM:
        data["default_forum_layout"] = channel.default_forum_layout


def private_channel_json(channel: Channel, viewer_id: int | None = None) -> Json:
    """Return a direct-message channel as ``viewer_id`` sees it."""
    return {
        "id": str(channel.id),
        "type": channel.type,
        "flags": channel.flags,
        "last_message_id": optional_id(channel.last_message_id),
        "recipients": [user_json(user) for user in channel.recipients if user.id != viewer_id],
    }
