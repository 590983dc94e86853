"""The guild around the music, through discord.py."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp
import discord

from seraphim.features.music.commands.paint import paint_buttons, paint_embed
from seraphim.features.music.ports import NotShown
from seraphim.features.music.rules.control import VoiceRoom
from seraphim.features.music.rules.notices import Notice
from seraphim.features.music.rules.picture import Picture
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId
from seraphim.kernel.telemetry import get_logger
from seraphim.surfaces.discord.replies import NO_MENTIONS, embed

if TYPE_CHECKING:
    from seraphim.kernel.texts import Texts, Translator

_log = get_logger(__name__)
_UNKNOWN_MESSAGE = 10008
"""Discord, "JSON Error Codes"."""
_NEEDED = (("view_channel", "View Channel"), ("connect", "Connect"), ("speak", "Speak"))


class DiscordVenue:
    """Implements :class:`Venue` on a client that is made after this object.

    Args:
        client: Returns the client; called at each use.
        texts: Translates into the guild's language.
    """

    def __init__(self, client: Callable[[], discord.Client], texts: "Texts") -> None:
        self._client = client
        self._texts = texts

    def knows(self, guild_id: GuildId) -> bool:
        """Say whether the guild is there and in service."""
        guild = self._client().get_guild(guild_id)
        return guild is not None and not guild.unavailable

    def room(self, guild_id: GuildId, channel_id: ChannelId) -> VoiceRoom | None:
        """Return the voice channel as the bot sees it."""
        guild = self._client().get_guild(guild_id)
        channel = None if guild is None else guild.get_channel(channel_id)
        if guild is None or not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            return None
        held = channel.permissions_for(guild.me)
        inside = channel.voice_states
        full = 0 < channel.user_limit <= len(inside) and guild.me.id not in inside
        return VoiceRoom(
            channel_id=channel_id,
            name=channel.name,
            listeners=sum(1 for user_id in inside if self._is_person(guild, user_id)),
            missing_permissions=tuple(name for key, name in _NEEDED if not getattr(held, key)),
            is_full=full and not held.move_members,
            is_stage=isinstance(channel, discord.StageChannel),
        )

    def channel_of(self, guild_id: GuildId, user_id: UserId) -> ChannelId | None:
        """Return the voice channel a member is in."""
        guild = self._client().get_guild(guild_id)
        if guild is None:
            return None
        member = guild.get_member(user_id)
        if member is not None:
            channel = None if member.voice is None else member.voice.channel
            return None if channel is None else ChannelId(channel.id)
        for channel in (*guild.voice_channels, *guild.stage_channels):
            if user_id in channel.voice_states:
                return ChannelId(channel.id)
        return None

    def listening(self, guild_id: GuildId, channel_id: ChannelId) -> tuple[UserId, ...]:
        """Return the people in the channel who have not switched off their sound."""
        guild = self._client().get_guild(guild_id)
        channel = None if guild is None else guild.get_channel(channel_id)
        if guild is None or not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            return ()
        return tuple(
            UserId(user_id)
            for user_id, state in channel.voice_states.items()
            if not (state.deaf or state.self_deaf) and self._is_person(guild, user_id)
        )

    async def say(self, guild_id: GuildId, channel_id: ChannelId, notice: Notice) -> None:
        """Send a message; one that cannot be sent is logged."""
        translate = self._translator(guild_id)
        parameters = dict(notice.parameters)
        if isinstance(reason := parameters.get("reason"), str):
            parameters["reason"] = translate(reason, **parameters)
        shown = embed(None, translate(notice.text, **parameters), notice.tone)
        channel = self._client().get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            await channel.send(embed=shown, silent=notice.silent, allowed_mentions=NO_MENTIONS)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.info("music.notice_not_sent", channel_id=channel_id, reason=str(error))

    async def show(
        self,
        guild_id: GuildId,
        channel_id: ChannelId,
        message_id: MessageId | None,
        picture: Picture,
    ) -> MessageId | None:
        """Edit the controller, or send it; None when the channel does not take it."""
        translate = self._translator(guild_id)
        shown, view = paint_embed(picture, translate), paint_buttons(picture)
        channel = self._client().get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            if message_id is not None:
                try:
                    await channel.get_partial_message(message_id).edit(
                        embed=shown, view=view, allowed_mentions=NO_MENTIONS
                    )
                except discord.NotFound as error:
                    if error.code != _UNKNOWN_MESSAGE:
                        return None
                else:
                    return message_id
            sent = await channel.send(
                embed=shown, view=view, silent=True, allowed_mentions=NO_MENTIONS
            )
        except (discord.Forbidden, discord.NotFound) as error:
            _log.info("music.controller_refused", channel_id=channel_id, reason=str(error))
            return None
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.warning("music.controller_not_shown", channel_id=channel_id, reason=str(error))
            if message_id is not None:
                raise NotShown from error
            return None  # whether it was sent is not known; a second one would stay for good
        return MessageId(sent.id)

    async def remove(self, guild_id: GuildId, channel_id: ChannelId, message_id: MessageId) -> None:
        """Delete an old controller, if it is still there."""
        channel = self._client().get_partial_messageable(channel_id, guild_id=guild_id)
        try:
            await channel.get_partial_message(message_id).delete()
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.debug("music.controller_not_removed", channel_id=channel_id, reason=str(error))

    def _translator(self, guild_id: GuildId) -> "Translator":
        guild = self._client().get_guild(guild_id)
        locale = None if guild is None else str(guild.preferred_locale.value)
        return self._texts.translator(locale)

    def _is_person(self, guild: discord.Guild, user_id: int) -> bool:
        if user_id == guild.me.id:
            return False
        member = guild.get_member(user_id)
        return member is None or not member.bot
