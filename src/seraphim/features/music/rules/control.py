"""Who may control the music, and where it may play."""

import math
from collections.abc import Collection
from dataclasses import dataclass

from seraphim.features.music.rules.errors import (
    ChannelFull,
    ChannelGone,
    NotInVoice,
    OtherChannel,
    PermissionMissing,
    QueryEmpty,
    QueryTooLong,
    StageChannel,
)
from seraphim.kernel.ids import ChannelId, RoleId

MAX_QUERY_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class VoiceRoom:
    """A voice channel as the bot sees it."""

    channel_id: ChannelId
    name: str
    listeners: int = 0
    """People (no bots) who are in it."""
    missing_permissions: tuple[str, ...] = ()
    """Names, as Discord's settings show them, of what the bot lacks to play here."""
    is_full: bool = False
    """The user limit is reached, and the bot is neither inside nor allowed past it."""
    is_stage: bool = False


def check_query(query: str) -> str:
    """Return what was typed without surrounding space; raises QueryEmpty or QueryTooLong."""
    text = query.strip()
    if not text:
        raise QueryEmpty
    if len(text) > MAX_QUERY_CHARACTERS:
        raise QueryTooLong(length=len(text), limit=MAX_QUERY_CHARACTERS)
    return text


def check_room(room: VoiceRoom | None) -> VoiceRoom:
    """Return the room when the bot can play there.

    Raises:
        ChannelGone, StageChannel, PermissionMissing, ChannelFull: What stands against it.
    """
    if room is None:
        raise ChannelGone
    if room.is_stage:
        raise StageChannel(channel=room.name)
    if room.missing_permissions:
        raise PermissionMissing(permissions=", ".join(room.missing_permissions), channel=room.name)
    if room.is_full:
        raise ChannelFull(channel=room.name)
    return room


def check_listener(
    member_channel: ChannelId | None, bot_channel: ChannelId | None, *, listeners: int
) -> ChannelId:
    """Return the channel the member speaks for.

    A member elsewhere may call the bot over only when nobody listens to it where it is.

    Raises:
        NotInVoice: The member is in no voice channel.
        OtherChannel: The bot plays to others in another channel.
    """
    if member_channel is None:
        raise NotInVoice
    if bot_channel is not None and bot_channel != member_channel and listeners > 0:
        raise OtherChannel(channel_id=int(bot_channel))
    return member_channel


def may_steer(
    *,
    dj_role: RoleId | None,
    dj_only: bool,
    role_ids: Collection[RoleId],
    is_manager: bool,
    listeners: int,
) -> bool:
    """Say whether a listener may steer the music for everybody.

    Without a DJ role everybody may. With one, its holders, who manages the server, and whoever
    listens alone. In DJ-only mode, being alone does not help.

    Args:
        dj_role: The guild's DJ role, if it has one.
        dj_only: The guild leaves everything to its DJs.
        role_ids: The member's roles.
        is_manager: The member may manage the server.
        listeners: People in the bot's channel.
    """
    if is_manager or (dj_role is not None and dj_role in role_ids):
        return True
    return not dj_only and (dj_role is None or listeners <= 1)


def votes_needed(listeners: int, percent: int) -> int:
    """Return how many of so many listeners must agree, at least one."""
    return max(1, math.ceil(listeners * percent / 100))
