"""What a person may see of what happens."""

from __future__ import annotations

from discord_sandbox.world.models import Channel, Dispatch, Guild, Message, User
from discord_sandbox.world.permissions import can_view
from discord_sandbox.world.world import World

MAY_CHANGE_SIGHT = frozenset(
    {
        "CHANNEL_UPDATE",
        "GUILD_MEMBER_UPDATE",
        "GUILD_ROLE_CREATE",
        "GUILD_ROLE_DELETE",
        "GUILD_ROLE_UPDATE",
        "GUILD_UPDATE",
    }
)
"""Events after which a member may see other channels and use other commands."""


def sees_channel(user: User, channel: Channel) -> bool:
    """Whether the channel exists for this person."""
    if channel.guild is None:
        return user in channel.recipients
    return can_view(channel.guild, user.id, channel)


def sees_message(user: User, message: Message) -> bool:
    """Whether the message exists for this person; ephemeral ones do for their addressee."""
    return message.ephemeral_for in (None, user.id) and sees_channel(user, message.channel)


def receives(world: World, user: User, guild: Guild | None, dispatch: Dispatch) -> bool:
    """Whether a person whose client shows `guild` gets this event.

    Events of their direct messages come whatever guild they look at.
    """
    if dispatch.only_user_ids is not None:
        here = dispatch.guild_id is None or (guild is not None and dispatch.guild_id == guild.id)
        return here and user.id in dispatch.only_user_ids
    if dispatch.guild_id is None:
        channel = world.channels.get(dispatch.channel_id or 0)
        return channel is not None and sees_channel(user, channel)
    if guild is None or dispatch.guild_id != guild.id:
        return False
    if dispatch.channel_id is None:
        return True
    channel = world.channels.get(dispatch.channel_id)
    # A channel that was just deleted can no longer be asked; its event goes to everybody.
    return channel is None or sees_channel(user, channel)


def visible_channels(user: User, guild: Guild) -> dict[int, Channel]:
    """The guild's channels and threads this person sees, by id."""
    both = {**guild.channels, **guild.threads}
    return {key: one for key, one in both.items() if sees_channel(user, one)}
