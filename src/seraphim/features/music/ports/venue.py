"""The guild around the music, as far as the player needs it."""

from collections.abc import Sequence
from typing import Protocol

from seraphim.features.music.rules.control import VoiceRoom
from seraphim.features.music.rules.notices import Notice
from seraphim.features.music.rules.picture import Picture
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId


class NotShown(Exception):
    """Discord could not be reached; the message stays as it was, and may be edited later."""


class Venue(Protocol):
    """The guild around the music: who is where, and where the player can speak and be seen."""

    def knows(self, guild_id: GuildId) -> bool:
        """Say whether the guild is there right now; Discord may have taken it out of service."""
        ...

    def room(self, guild_id: GuildId, channel_id: ChannelId) -> VoiceRoom | None:
        """Return a voice channel as the bot sees it, or None when there is none."""
        ...

    def channel_of(self, guild_id: GuildId, user_id: UserId) -> ChannelId | None:
        """Return the voice channel a member is in."""
        ...

    def listening(self, guild_id: GuildId, channel_id: ChannelId) -> Sequence[UserId]:
        """Return the people in a voice channel who can hear it: no bots, nobody deafened."""
        ...

    async def say(self, guild_id: GuildId, channel_id: ChannelId, notice: Notice) -> None:
        """Send a message; it is dropped (and logged) when the channel does not take it."""
        ...

    async def show(
        self,
        guild_id: GuildId,
        channel_id: ChannelId,
        message_id: MessageId | None,
        picture: Picture,
    ) -> MessageId | None:
        """Edit the controller, or send it where there is none (any more).

        Returns:
            The message that now shows the picture; None when the channel takes no messages.

        Raises:
            NotShown: A message that is there could not be edited now.
        """
        ...

    async def remove(self, guild_id: GuildId, channel_id: ChannelId, message_id: MessageId) -> None:
        """Delete an old controller; it does not matter whether it still exists."""
        ...
