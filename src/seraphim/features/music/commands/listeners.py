"""What happens in the guild that the player follows."""

import discord

from seraphim.features.music.service import MusicParts
from seraphim.kernel.ids import GuildId, MessageId
from seraphim.surfaces.discord.client import Listen

INTENTS = frozenset({"guilds", "guild_messages", "voice_states"})
"""``guild_messages`` (not their content) for the deletion of a controller."""


def listeners(parts: MusicParts) -> tuple[Listen, ...]:
    """Return the client events that the player follows."""

    async def voice_state_update(
        member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        moved = before.channel != after.channel
        if moved and member.id != member.guild.me.id:
            await parts.voice_changed(GuildId(member.guild.id))

    async def raw_message_delete(payload: discord.RawMessageDeleteEvent) -> None:
        if payload.guild_id is not None:
            deleted = [MessageId(payload.message_id)]
            await parts.music.controller_deleted(GuildId(payload.guild_id), deleted)

    async def raw_bulk_message_delete(payload: discord.RawBulkMessageDeleteEvent) -> None:
        if payload.guild_id is not None:
            deleted = [MessageId(message_id) for message_id in payload.message_ids]
            await parts.music.controller_deleted(GuildId(payload.guild_id), deleted)

    async def guild_available(guild: discord.Guild) -> None:
        await parts.guild_is_back(GuildId(guild.id))

    return (
        Listen("voice_state_update", voice_state_update),
        Listen("raw_message_delete", raw_message_delete),
        Listen("raw_bulk_message_delete", raw_bulk_message_delete),
        Listen("guild_available", guild_available),
    )
