"""Who may use which command where.

Source: discord-api-docs, "Application Commands", "Permissions": administrators may use
everything; otherwise overwrites of the command (or of the whole application) decide, and where
there are none, `default_member_permissions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from discord_sandbox.interactions.checks import Json
from discord_sandbox.interactions.registry import Command, CommandRegistry
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Channel, Guild, Member
from discord_sandbox.world.permissions import compute

_ROLE, _USER, _CHANNEL = 1, 2, 3
GUILD, BOT_DM = 0, 1


def may_use(
    registry: CommandRegistry,
    command: Command,
    guild: Guild,
    member: Member,
    channel: Channel,
    now: datetime,
) -> bool:
    """Whether Discord's client would offer the command to this member in this channel.

    A member whose time-out lasts past `now` is offered nothing.
    """
    permissions = compute(guild, member, channel, now=now)
    if permissions & Permission.ADMINISTRATOR:
        return True
    hidden = command.body["nsfw"] and not channel.nsfw
    if hidden or not permissions & Permission.USE_APPLICATION_COMMANDS:
        return False
    whole = registry.permissions(command.application_id, guild.id, command.application_id)
    own = registry.permissions(command.application_id, guild.id, command.id)
    # A command with its own overwrites no longer follows the application's ("unsynced").
    overwrites = own if own is not None else whole
    if overwrites is not None:
        if not _channel_allowed(overwrites, guild, channel):
            return False
        decided = _member_allowed(overwrites, guild, member)
        if decided is not None:
            return decided
    required = command.body["default_member_permissions"]
    if required is None:
        return True
    needed = int(required)
    return needed != 0 and permissions & needed == needed


def _channel_allowed(overwrites: Sequence[Json], guild: Guild, channel: Channel) -> bool:
    """One channel's overwrite beats the one for all channels (its id is the guild's minus 1)."""
    where = channel.parent_id if channel.is_thread else channel.id
    by_id = {int(one["id"]): one["permission"] for one in overwrites if one["type"] == _CHANNEL}
    if where in by_id:
        return bool(by_id[where])
    return bool(by_id.get(guild.id - 1, True))


def _member_allowed(overwrites: Sequence[Json], guild: Guild, member: Member) -> bool | None:
    """A user's overwrite beats the roles', theirs beat @everyone's; any allowing role wins."""
    users = {int(one["id"]): one["permission"] for one in overwrites if one["type"] == _USER}
    if member.id in users:
        return bool(users[member.id])
    roles = {int(one["id"]): one["permission"] for one in overwrites if one["type"] == _ROLE}
    mine = [roles[role_id] for role_id in member.role_ids if role_id in roles]
    if mine:
        return any(mine)
    if guild.id in roles:
        return bool(roles[guild.id])
    return None


def list_offered(
    registry: CommandRegistry,
    guild: Guild | None,
    member: Member | None,
    channel: Channel,
    now: datetime,
) -> list[Command]:
    """The commands a person sees in a channel, in the order Discord lists them.

    In a DM (`guild` None) these are the global commands of the bot on the other side.
    """
    if guild is None or member is None:
        bots = [user.id for user in channel.recipients if user.bot]
        return [one for one in registry.list_usable(None, bots) if one.in_context(BOT_DM)]
    bots = [user_id for user_id, one in guild.members.items() if one.user.bot]
    return [
        command
        for command in registry.list_usable(guild.id, bots)
        if command.in_context(GUILD) and may_use(registry, command, guild, member, channel, now)
    ]
