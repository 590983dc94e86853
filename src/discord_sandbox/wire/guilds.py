"""Guilds and what belongs to them as JSON."""

from discord_sandbox.wire.channels import channel_json, thread_json
from discord_sandbox.wire.users import emoji_json, member_json, user_json
from discord_sandbox.wire.values import optional_id, optional_timestamp, timestamp
from discord_sandbox.world.models import (
    AuditLogEntry,
    Guild,
    Invite,
    Json,
    Role,
    ScheduledEvent,
    StageInstance,
    VoiceState,
    Webhook,
)

_EXTERNAL = 3
_GUILD_ONLY = 2


def role_json(role: Role) -> Json:
    """Return a role."""
    data: Json = {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": role.hoist,
        "managed": role.managed,
        "mentionable": role.mentionable,
        "icon": role.icon,
        "unicode_emoji": role.unicode_emoji,
        "flags": role.flags,
    }
    if role.tags is not None:
        data["tags"] = role.tags
    return data


def _shared_fields(guild: Guild) -> Json:
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": guild.icon,
        "description": guild.description,
        "splash": guild.splash,
        "discovery_splash": None,
        "features": guild.features,
        "banner": guild.banner,
        "owner_id": str(guild.owner_id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": optional_id(guild.afk_channel_id),
        "afk_timeout": guild.afk_timeout,
        "system_channel_id": optional_id(guild.system_channel_id),
        "system_channel_flags": guild.system_channel_flags,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": guild.verification_level,
        "roles": [role_json(role) for role in guild.roles.values()],
        "default_message_notifications": guild.default_message_notifications,
        "mfa_level": guild.mfa_level,
        "explicit_content_filter": guild.explicit_content_filter,
        "max_presences": None,
        "max_members": 500_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": guild.premium_tier,
        "premium_subscription_count": 0,
        "preferred_locale": guild.preferred_locale,
        "rules_channel_id": optional_id(guild.rules_channel_id),
        "safety_alerts_channel_id": optional_id(guild.safety_alerts_channel_id),
        "public_updates_channel_id": optional_id(guild.public_updates_channel_id),
        "premium_progress_bar_enabled": guild.premium_progress_bar_enabled,
        "nsfw_level": guild.nsfw_level,
        "emojis": [emoji_json(emoji) for emoji in guild.emojis.values()],
        "stickers": [],
        "incidents_data": None,
    }


def guild_json(guild: Guild, *, with_counts: bool = False) -> Json:
    """Return the guild as the REST API answers it."""
    data = _shared_fields(guild)
    data["home_header"] = None
    data["nsfw"] = False
    if with_counts:
        data["approximate_member_count"] = len(guild.members)
        data["approximate_presence_count"] = len(guild.members)
    return data


def guild_update_json(guild: Guild) -> Json:
    """Return the payload of GUILD_UPDATE."""
    data = _shared_fields(guild)
    data["hub_type"] = None
    return data


def guild_create_json(
    guild: Guild, viewer_id: int, *, members: list[Json] | None = None, large_threshold: int = 50
) -> Json:
    """Return the payload of GUILD_CREATE for one member.

    Args:
        guild: The guild.
        viewer_id: The member who receives it (``joined_at`` is theirs).
        members: The members to send, as JSON; None sends everyone.
        large_threshold: ``large`` is set above this number of members.
    """
    data = guild_update_json(guild)
    viewer = guild.members[viewer_id]
    data["joined_at"] = timestamp(viewer.joined_at)
    data["large"] = len(guild.members) > large_threshold
    data["unavailable"] = False
    data["member_count"] = len(guild.members)
    data["voice_states"] = [base_voice_state_json(state) for state in guild.voice_states.values()]
    if members is None:
        members = [member_json(member) for member in guild.members.values()]
    data["members"] = members
    data["channels"] = [channel_json(channel) for channel in guild.channels.values()]
    data["threads"] = [
        thread_json(thread, viewer_id)
        for thread in guild.threads.values()
        if thread.thread is not None and not thread.thread.archived
    ]
    data["presences"] = []
    data["stage_instances"] = [stage_json(stage) for stage in guild.stages.values()]
    data["guild_scheduled_events"] = [
        scheduled_event_json(event) for event in guild.scheduled_events.values()
    ]
    data["soundboard_sounds"] = []
    return data


def base_voice_state_json(state: VoiceState, *, left: bool = False) -> Json:
    """Return a voice state as GUILD_CREATE holds it, without guild and member."""
    return {
        "channel_id": None if left else str(state.channel_id),
        "user_id": str(state.user_id),
        "session_id": state.session_id,
        "deaf": state.deaf,
        "mute": state.mute,
        "self_deaf": state.self_deaf,
        "self_mute": state.self_mute,
        "self_stream": state.self_stream,
        "self_video": state.self_video,
        "suppress": state.suppress,
        "request_to_speak_timestamp": optional_timestamp(state.request_to_speak_at),
    }


def voice_state_json(guild: Guild, state: VoiceState, *, left: bool = False) -> Json:
    """Return a voice state with guild and member; ``left`` writes a null channel."""
    data = base_voice_state_json(state, left=left)
    data["guild_id"] = str(guild.id)
    member = guild.members.get(state.user_id)
    if member is not None:
        data["member"] = member_json(member)
    return data


def stage_json(stage: StageInstance) -> Json:
    """Return a stage instance."""
    return {
        "id": str(stage.id),
        "guild_id": str(stage.guild_id),
        "channel_id": str(stage.channel_id),
        "topic": stage.topic,
        "privacy_level": _GUILD_ONLY,
        "discoverable_disabled": True,
        "guild_scheduled_event_id": None,
    }


def scheduled_event_json(event: ScheduledEvent, *, with_count: bool = False) -> Json:
    """Return a scheduled event as the gateway sends it; REST adds the exceptions list."""
    data: Json = {
        "id": str(event.id),
        "guild_id": str(event.guild_id),
        "name": event.name,
        "description": event.description,
        "channel_id": optional_id(event.channel_id),
        "creator_id": str(event.creator.id),
        "creator": user_json(event.creator),
        "image": event.image,
        "scheduled_start_time": timestamp(event.scheduled_start),
        "scheduled_end_time": optional_timestamp(event.scheduled_end),
        "status": event.status,
        "entity_type": event.entity_type,
        "entity_id": None,
        "recurrence_rule": None,
        "privacy_level": _GUILD_ONLY,
        "entity_metadata": (
            {"location": event.location} if event.entity_type == _EXTERNAL else None
        ),
    }
    if with_count:
        data["user_count"] = len(event.user_ids)
    return data


def invite_json(invite: Invite, *, with_metadata: bool = False) -> Json:
    """Return an invite; ``with_metadata`` adds uses and ages."""
    guild = invite.channel.guild
    if guild is None:
        raise ValueError(f"invite {invite.code} leads to no guild")
    data: Json = {
        "type": 0,
        "code": invite.code,
        "inviter": user_json(invite.inviter),
        "expires_at": optional_timestamp(invite.expires_at),
        "flags": 0,
        "guild": {
            "id": str(guild.id),
            "name": guild.name,
            "splash": guild.splash,
            "banner": guild.banner,
            "description": guild.description,
            "icon": guild.icon,
            "features": guild.features,
            "verification_level": guild.verification_level,
            "vanity_url_code": None,
            "nsfw_level": guild.nsfw_level,
            "nsfw": False,
            "premium_subscription_count": 0,
        },
        "guild_id": str(guild.id),
        "channel": {
            "id": str(invite.channel.id),
            "type": invite.channel.type,
            "name": invite.channel.name,
        },
    }
    if with_metadata:
        data["uses"] = invite.uses
        data["max_uses"] = invite.max_uses
        data["max_age"] = invite.max_age
        data["temporary"] = invite.temporary
        data["created_at"] = timestamp(invite.created_at)
    return data


def webhook_json(webhook: Webhook, base_url: str, *, with_token: bool = True) -> Json:
    """Return a webhook; the token is left out of what a token itself fetches."""
    data: Json = {
        "id": str(webhook.id),
        "type": webhook.type,
        "name": webhook.name,
        "avatar": webhook.avatar,
        "channel_id": str(webhook.channel.id),
        "guild_id": optional_id(webhook.channel.guild_id),
        "application_id": optional_id(webhook.application_id),
        "user": user_json(webhook.user),
    }
    if webhook.type == 1 and with_token:
        data["token"] = webhook.token
        data["url"] = f"{base_url}/api/webhooks/{webhook.id}/{webhook.token}"
    source = webhook.source_channel
    if source is not None and source.guild is not None:
        data["source_guild"] = {
            "id": str(source.guild.id),
            "name": source.guild.name,
            "icon": source.guild.icon,
        }
        data["source_channel"] = {"id": str(source.id), "name": source.name}
    return data


def audit_entry_json(entry: AuditLogEntry) -> Json:
    """Return one line of the audit log."""
    data: Json = {
        "id": str(entry.id),
        "action_type": entry.action_type,
        "user_id": optional_id(entry.user_id),
        "target_id": optional_id(entry.target_id),
    }
    if entry.changes:
        data["changes"] = entry.changes
    if entry.options is not None:
        data["options"] = entry.options
    if entry.reason is not None:
        data["reason"] = entry.reason
    return data
