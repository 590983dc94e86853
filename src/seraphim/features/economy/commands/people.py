"""Whom a command means: a person on this server who is somebody else and no bot."""

import discord

from seraphim.features.economy.rules.members import HasLeft, IsBot, IsYourself
from seraphim.kernel.ids import UserId


def other_person(interaction: discord.Interaction, user: discord.User | discord.Member) -> UserId:
    """Return the id of the member that was named.

    Raises:
        IsYourself: It is the one who runs the command.
        IsBot: It is a bot.
        HasLeft: Discord knows the user, but not as a member of this server.
    """
    if user.id == interaction.user.id:
        raise IsYourself
    if user.bot:
        raise IsBot
    if not isinstance(user, discord.Member):
        raise HasLeft(member=user.mention)
    return UserId(user.id)
