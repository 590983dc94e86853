"""Who runs a command, in the service's terms."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, cast

import discord
from discord import app_commands

from seraphim.features.music.service import Caller
from seraphim.kernel.ids import ChannelId, RoleId, UserId
from seraphim.surfaces.discord.commands import AnyCommand, traits
from seraphim.surfaces.discord.guards import guild_id_of


def caller_of(interaction: discord.Interaction) -> Caller:
    """Return the caller; raises GuildOnly in direct messages."""
    guild_id = guild_id_of(interaction)
    channel_id = interaction.channel_id or 0  # Discord always says where a command was run
    member = interaction.user
    roles = member.roles if isinstance(member, discord.Member) else ()
    return Caller(
        guild_id,
        UserId(member.id),
        ChannelId(channel_id),
        role_ids=frozenset(RoleId(role.id) for role in roles),
        is_manager=interaction.permissions.manage_guild,
    )


def guild_command(
    name: str, description: str, *, free_text: Sequence[str] = (), private: bool = False
) -> Callable[[Callable[..., Coroutine[Any, Any, None]]], AnyCommand]:
    """Return a decorator that makes a function a command for servers only; see ``traits``."""

    def decorate(function: Callable[..., Coroutine[Any, Any, None]]) -> AnyCommand:
        extras = dict(traits(private=private, free_text=free_text))
        made: AnyCommand = app_commands.Command(
            name=name,
            description=description,
            callback=function,
            extras=cast("dict[Any, Any]", extras),
        )
        made.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        )
        return made

    return decorate
