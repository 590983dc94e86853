"""Who asks for music, and from where."""

from dataclasses import dataclass

from seraphim.kernel.ids import ChannelId, GuildId, RoleId, UserId


@dataclass(frozen=True, slots=True)
class Caller:
    """A member at the moment of a command or a click."""

    guild_id: GuildId
    user_id: UserId
    text_channel_id: ChannelId
    role_ids: frozenset[RoleId] = frozenset()
    is_manager: bool = False
    """The member may manage the server."""
