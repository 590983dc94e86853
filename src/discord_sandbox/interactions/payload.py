"""The payload of INTERACTION_CREATE with everything Discord sends in it.

Source: discord-api-docs, "Receiving and Responding", "Interaction Structure" and "Resolved Data
Structure".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from discord_sandbox.interactions.checks import Json
from discord_sandbox.interactions.command_rules import (
    ATTACHMENT,
    CHANNEL,
    MENTIONABLE,
    ROLE,
    USER_OPTION,
)
from discord_sandbox.interactions.exchange import (
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Interaction,
)
from discord_sandbox.interactions.option_values import command_text
from discord_sandbox.wire.channels import channel_json
from discord_sandbox.wire.guilds import role_json
from discord_sandbox.wire.messages import attachment_json, message_json
from discord_sandbox.wire.users import member_json, member_without_user_json, user_json
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Attachment, Channel, Guild, Message, User
from discord_sandbox.world.permissions import compute

ATTACHMENT_SIZE_LIMIT = 10 * 1024 * 1024
"""Bytes of an uploaded file in a guild without boosts."""

# "app_permissions includes ATTACH_FILES | EMBED_LINKS | MENTION_EVERYONE permissions for (G)DMs
# with other users, and additionally includes USE_EXTERNAL_EMOJIS for DMs with the app's bot user"
_BOT_DM_PERMISSIONS = int(
    Permission.ATTACH_FILES
    | Permission.EMBED_LINKS
    | Permission.MENTION_EVERYONE
    | Permission.USE_EXTERNAL_EMOJIS
)


def interaction_json(interaction: Interaction) -> Json:
    """The interaction as its application receives it."""
    guild, channel, user = interaction.guild, interaction.channel, interaction.user
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(interaction.application.id),
        "type": interaction.kind,
        "data": interaction.data,
        "channel_id": str(channel.id),
        "channel": channel_json(channel, interaction.application.bot.id),
        "token": interaction.token,
        "version": 1,
        "locale": user.locale,
        "app_permissions": str(_permissions(guild, interaction.application.bot, channel)),
        "entitlements": [],
        "authorizing_integration_owners": interaction.owners,
        "context": 0 if guild is not None else 1,
        "attachment_size_limit": ATTACHMENT_SIZE_LIMIT,
    }
    if guild is not None:
        member = guild.members[user.id]
        payload["guild_id"] = str(guild.id)
        payload["guild"] = {
            "id": str(guild.id),
            "locale": guild.preferred_locale,
            "features": list(guild.features),
        }
        payload["guild_locale"] = guild.preferred_locale
        payload["member"] = {
            **member_json(member),
            "permissions": str(compute(guild, member, channel)),
        }
    else:
        payload["user"] = user_json(user)
    if interaction.source is not None:
        payload["message"] = message_json(interaction.source, interaction.application.bot.id)
    return payload


def _permissions(guild: Guild | None, user: User, channel: Channel) -> int:
    if guild is None:
        return _BOT_DM_PERMISSIONS
    member = guild.members.get(user.id)
    return compute(guild, member, channel) if member is not None else 0


def metadata_json(interaction: Interaction) -> Json:
    """The `interaction_metadata` of a message that answers the interaction."""
    metadata: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": user_json(interaction.user),
        "authorizing_integration_owners": interaction.owners,
    }
    if interaction.original is not None and interaction.callback_type in (4, 5):
        metadata["original_response_message_id"] = str(interaction.original.id)
    if interaction.kind == COMMAND:
        target = interaction.data.get("target_id")
        if target is not None and interaction.data["type"] == 3:  # noqa: PLR2004 - message command
            metadata["target_message_id"] = target
        elif target is not None:
            metadata["target_user"] = interaction.data["resolved"]["users"][target]
    elif interaction.kind == COMPONENT and interaction.source is not None:
        metadata["interacted_message_id"] = str(interaction.source.id)
    elif interaction.kind == MODAL_SUBMIT and interaction.trigger is not None:
        metadata["triggering_interaction_metadata"] = metadata_json(interaction.trigger)
    return metadata


def legacy_interaction_json(interaction: Interaction) -> Json | None:
    """The older `interaction` field, which only answers to commands have."""
    if interaction.kind != COMMAND:
        return None
    return {
        "id": str(interaction.id),
        "type": interaction.kind,
        "name": command_text(interaction.data["name"], interaction.data.get("options", ())),
        "user": user_json(interaction.user),
    }


def resolved_json(
    guild: Guild | None,
    channel: Channel,
    user: User,
    wanted: Mapping[int, Iterable[int]],
    known: Mapping[int, Attachment],
    messages: Iterable[Message] = (),
    everybody: Mapping[int, User] | None = None,
) -> Json:
    """Full objects for ids that came with an interaction.

    Args:
        guild: Where it happened, None in a DM.
        channel: The channel; in a DM its recipients are the users that can be named.
        user: The person who named them.
        wanted: Ids by option type (6 user, 7 channel, 8 role, 9 mentionable, 11 attachment).
        known: The files the person uploaded, by id.
        messages: Targets of a message command.
        everybody: All users by id, where people may name somebody who is no member: a slash
            command. Such a user comes without a member.
    """
    resolved: Json = {}

    def put(kind: str, key: int, value: Json) -> None:
        resolved.setdefault(kind, {})[str(key)] = value

    for kind, ids in wanted.items():
        for one in ids:
            found = find_user(guild, channel, one) if kind in (USER_OPTION, MENTIONABLE) else None
            if found is None and kind in (USER_OPTION, MENTIONABLE):
                found = (everybody or {}).get(one)
            if found is not None:
                put("users", one, user_json(found))
            if kind == ATTACHMENT and one in known:
                put("attachments", one, attachment_json(known[one]))
            if guild is not None:
                for name, value in _resolved_in_guild(guild, channel, user, kind, one):
                    put(name, one, value)
    for message in messages:
        put("messages", message.id, message_json(message))
    return resolved


def _resolved_in_guild(
    guild: Guild, channel: Channel, user: User, kind: int, one: int
) -> Iterator[tuple[str, Json]]:
    member = guild.members.get(one)
    if kind in (USER_OPTION, MENTIONABLE) and member is not None:
        partial = member_without_user_json(member)
        # Resolved members come without mute and deaf (docs, "Resolved Data Structure").
        partial.pop("mute")
        partial.pop("deaf")
        partial["permissions"] = str(compute(guild, member, channel))
        yield "members", partial
    if kind in (ROLE, MENTIONABLE) and one in guild.roles:
        yield "roles", role_json(guild.roles[one])
    if kind == CHANNEL:
        found = guild.channels.get(one) or guild.threads.get(one)
        if found is not None:
            yield "channels", resolved_channel_json(found, guild, user)


def find_user(guild: Guild | None, channel: Channel, user_id: int) -> User | None:
    """A user that can be named here: a member of the guild, or one of the DM's two."""
    if guild is not None:
        member = guild.members.get(user_id)
        return member.user if member is not None else None
    return next((one for one in channel.recipients if one.id == user_id), None)


def resolved_channel_json(channel: Channel, guild: Guild, user: User) -> Json:
    """A channel in `resolved`: id, name, type, what threads have more, the user's permissions."""
    whole = channel_json(channel)
    keep = ("id", "name", "type", "parent_id", "thread_metadata")
    partial = {name: whole[name] for name in keep if name in whole}
    if channel.thread is None:
        partial.pop("parent_id", None)
    partial["permissions"] = str(_permissions(guild, user, channel))
    return partial
