"""Who runs a command, in the service's terms."""

import discord

from seraphim.features.music.service import Caller
from seraphim.kernel.ids import ChannelId, UserId
from seraphim.surfaces.discord.guards import guild_id_of


def caller_of(interaction: discord.Interaction) -> Caller:
    """Return the caller; raises GuildOnly in direct messages."""
    guild_id = guild_id_of(interaction)
    channel_id = interaction.channel_id or 0  # Discord always says where a command was run
    return Caller(guild_id, UserId(interaction.user.id), ChannelId(channel_id))
