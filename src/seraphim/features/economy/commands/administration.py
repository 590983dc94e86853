"""``/eco add|remove|set|balance|freeze|unfreeze``: what administrators do with accounts."""

from collections.abc import Awaitable, Callable

import discord
from discord import app_commands

from seraphim.features.economy.commands.owners_words import account_embed, adjustment_embed
from seraphim.features.economy.rules.amounts import CoinWords
from seraphim.features.economy.service.administration import Administration, Change, Order
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import traits
from seraphim.surfaces.discord.components import Component, UnknownComponent, custom_id
from seraphim.surfaces.discord.guards import guild_id_of, require_permissions
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import button, row_view
from seraphim.surfaces.discord.replies import embed, reply, update

type WordsOf = Callable[[GuildId], Awaitable[CoinWords]]

_PRIVATE = dict(traits(private=True, free_text=("amount", "reason")))


class BotAccount(SeraphimError):
    """Bots have no coins."""

    code = "economy.bot_account"
    http_status = 422
    message = N_("Bots have no coins.")


class AdministrationCommands:
    """The commands that change accounts, and the undo button."""

    def __init__(self, administration: Administration, words: WordsOf) -> None:
        self._administration = administration
        self._words = words

    def components(self) -> tuple[Component, ...]:
        """Return what the undo button needs."""
        return (Component("economy", "eco-undo", self._undo),)

    def add_to(self, group: app_commands.Group) -> None:
        """Put the commands into ``/eco``."""
        self._add_change(
            group, "add", N_("Create coins for a member."), N_("How many: 250, 1,000, 1.5k")
        )
        self._add_change(
            group, "remove", N_("Take coins from a member."), N_("How many: 250, 1.5k, half, all")
        )
        self._add_change(group, "set", N_("Set a member's coins."), N_("How many there will be"))
        self._add_balance(group)
        self._add_freeze(group, "freeze", N_("Freeze a member's coins."), frozen=True)
        self._add_freeze(group, "unfreeze", N_("Let a member's coins move again."), frozen=False)

    def _add_change(
        self, group: app_commands.Group, change: Change, description: str, amounts: str
    ) -> None:
        @group.command(name=change, description=description, extras=dict(_PRIVATE))
        @app_commands.describe(
            member=N_("Whose coins"), amount=amounts, reason=N_("Why; it goes into the books")
        )
        async def run(
            interaction: discord.Interaction,
            member: discord.User,
            amount: app_commands.Range[str, 1, 32],
            reason: app_commands.Range[str, 1, 200],
        ) -> None:
            order = _order(interaction, member, reason)
            done = await self._administration.change(order, change, amount)
            translate = translator_for(interaction)
            shown = adjustment_embed(done, await self._words(order.guild_id), translate)
            undo = button(
                translate(N_("Undo")),
                custom_id("economy", "eco-undo", done.transfer_id),
                emoji="↩️",
            )
            await reply(interaction, embed=shown, view=row_view([undo]), ephemeral=True)

    def _add_balance(self, group: app_commands.Group) -> None:
        @group.command(
            name="balance",
            description=N_("See a member's account."),
            extras=dict(traits(private=True)),
        )
        @app_commands.describe(member=N_("Whose account"))
        async def balance(interaction: discord.Interaction, member: discord.User) -> None:
            require_permissions(interaction, administrator=True)
            guild_id = guild_id_of(interaction)
            account = await self._administration.look(guild_id, UserId(member.id))
            translate = translator_for(interaction)
            shown = account_embed(member, account, await self._words(guild_id), translate)
            await reply(interaction, embed=shown, ephemeral=True)

    def _add_freeze(
        self, group: app_commands.Group, name: str, description: str, *, frozen: bool
    ) -> None:
        @group.command(name=name, description=description, extras=dict(_PRIVATE))
        @app_commands.describe(member=N_("Whose coins"), reason=N_("Why; it goes into the books"))
        async def run(
            interaction: discord.Interaction,
            member: discord.User,
            reason: app_commands.Range[str, 1, 200],
        ) -> None:
            order = _order(interaction, member, reason)
            await self._administration.freeze(order, frozen=frozen)
            translate = translator_for(interaction)
            said = (
                N_("The coins of {member} are frozen: none leave, none come in.")
                if frozen
                else N_("The coins of {member} move again.")
            )
            text = translate(said, member=member.mention)
            why = translate(N_("Reason: {reason}"), reason=reason)
            await reply(interaction, embed=embed(None, f"{text}\n{why}", "good"), ephemeral=True)

    async def _undo(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        require_permissions(interaction, administrator=True)
        guild_id = guild_id_of(interaction)
        match args:
            case (number,) if number.isdecimal():
                done = await self._administration.take_back(
                    guild_id, UserId(interaction.user.id), int(number)
                )
            case _:
                raise UnknownComponent
        translate = translator_for(interaction)
        words = await self._words(guild_id)
        await update(interaction, embed=adjustment_embed(done, words, translate, undone=True))


def _order(interaction: discord.Interaction, member: discord.abc.User, reason: str) -> Order:
    require_permissions(interaction, administrator=True)
    if member.bot:
        raise BotAccount
    return Order(
        guild_id_of(interaction),
        UserId(interaction.user.id),
        UserId(member.id),
        " ".join(reason.split()),
        str(interaction.id),
    )
