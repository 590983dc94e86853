"""``/balance`` and ``/give``."""

import discord
from discord import app_commands

from seraphim.features.economy.commands.words import SettingsOf, account_embed, earner_of
from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.service.accounts import Accounts
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.replies import reply


def money_commands(accounts: Accounts, settings: SettingsOf) -> tuple[AnyCommand, ...]:
    """Return the commands."""
    return (_balance(accounts, settings),)


def _balance(accounts: Accounts, settings: SettingsOf) -> AnyCommand:
    @slash("balance", N_("How many coins you have, or somebody else."))
    @app_commands.describe(user=N_("Whose coins you want to see"))
    async def balance(interaction: discord.Interaction, user: discord.User | None = None) -> None:
        who = earner_of(interaction)
        shown_user = interaction.user if user is None else user
        held = await accounts.holdings(who.guild_id, UserId(shown_user.id))
        words = await settings(who.guild_id)
        say = translator_for(interaction, public=True)
        shown = account_embed(shown_user, f"## {format_coins(held.balance, words)}")
        if held.position is not None:
            shown.add_field(name=say(N_("Rank")), value=f"#{held.position:,}")
        await reply(interaction, embed=shown)

    return balance
