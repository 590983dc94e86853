"""``/eco supply`` and ``/eco audit``: all coins of a server at a glance, and the proof."""

import discord
from discord import app_commands

from seraphim.features.economy.commands.administration import WordsOf
from seraphim.features.economy.commands.owners_words import supply_embed, supply_picture
from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.rules.supply import SPANS_DAYS
from seraphim.features.economy.service.ledger_audit import LedgerWatch
from seraphim.features.economy.service.supply import SupplyBook
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_, Translator
from seraphim.surfaces.discord.commands import traits
from seraphim.surfaces.discord.components import Component, UnknownComponent, custom_id
from seraphim.surfaces.discord.guards import guild_id_of, require_permissions
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import SentView, button, row_view
from seraphim.surfaces.discord.replies import defer, embed, reply, update
from seraphim.surfaces.pictures import Picture, paint

_DEFAULT_DAYS = 30
_AUDIT_COST = 5.0
_MAX_LISTED = 5


class SupplyCommands:
    """The supply with its chart, and the audit."""

    def __init__(self, book: SupplyBook, watch: LedgerWatch, words: WordsOf) -> None:
        self._book = book
        self._watch = watch
        self._words = words

    def components(self) -> tuple[Component, ...]:
        """Return what the buttons below the chart need."""
        return (Component("economy", "eco-supply", self._turn),)

    def add_to(self, group: app_commands.Group) -> None:
        """Put the commands into ``/eco``."""

        @group.command(
            name="supply",
            description=N_("See how many coins there are, and where they come from and go."),
            extras=dict(traits(private=True)),
        )
        async def supply(interaction: discord.Interaction) -> None:
            require_permissions(interaction, administrator=True)
            shown, view, picture = await self._shown(interaction, _DEFAULT_DAYS)
            await reply(interaction, embed=shown, view=view, picture=picture, ephemeral=True)

        @group.command(
            name="audit",
            description=N_("Check the books: every transfer, every account."),
            extras=dict(traits(private=True, cost=_AUDIT_COST)),
        )
        async def audit(interaction: discord.Interaction) -> None:
            require_permissions(interaction, administrator=True)
            await defer(interaction, ephemeral=True)
            guild_id = guild_id_of(interaction)
            shown = await self._audited(guild_id, translator_for(interaction))
            await reply(interaction, embed=shown, ephemeral=True)

    async def _turn(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        require_permissions(interaction, administrator=True)
        match args:
            case (days,) if days.isdecimal() and int(days) in SPANS_DAYS:
                shown, view, picture = await self._shown(interaction, int(days))
            case _:
                raise UnknownComponent
        await update(interaction, embed=shown, view=view, picture=picture)

    async def _shown(
        self, interaction: discord.Interaction, span_days: int
    ) -> tuple[discord.Embed, SentView, Picture | None]:
        guild_id = guild_id_of(interaction)
        translate = translator_for(interaction)
        view = await self._book.look(guild_id, span_days)
        buttons = [
            button(
                translate(N_("{days} days"), days=days),
                custom_id("economy", "eco-supply", days),
                style=discord.ButtonStyle.primary
                if days == span_days
                else discord.ButtonStyle.secondary,
                disabled=days == span_days,
            )
            for days in SPANS_DAYS
        ]
        picture = await paint("supply.png", supply_picture(view, translate))
        shown = supply_embed(view, await self._words(guild_id), translate)
        return shown, row_view(buttons), picture

    async def _audited(self, guild_id: GuildId, translate: Translator) -> discord.Embed:
        report = await self._watch.audit()
        supply, from_days = await self._book.compare(guild_id)
        words = await self._words(guild_id)
        ours = [each for each in report.findings if each.guild_id == guild_id]
        issued = supply.minted - supply.burned
        checks = (
            (N_("Every transfer gives as much as it takes"), not ours),
            (N_("Every account holds what its transfers say"), not ours),
            (N_("All accounts together hold what was issued"), supply.total == issued),
            (N_("The totals of each day say the same"), supply.total == from_days),
        )
        holds = all(held for _, held in checks)
        lines = [f"{'✅' if held else '❌'} {translate(text)}" for text, held in checks]
        lines += [
            f"-# {each.rule}: {each.detail} (no. {each.subject})" for each in ours[:_MAX_LISTED]
        ]
        title = N_("The books are right") if holds else N_("The books are wrong")
        shown = embed(translate(title), "\n".join(lines), "good" if holds else "bad")
        figures = (
            (N_("With members"), supply.persons),
            (N_("In open games and orders"), supply.escrow),
            (N_("Of erased members"), supply.erased),
            (N_("Issued"), supply.minted),
            (N_("Taken back in"), supply.burned),
            (N_("Coins that exist"), supply.total),
        )
        for name, amount in figures:
            shown.add_field(name=translate(name), value=format_coins(amount, words))
        return shown.set_footer(
            text=translate(
                N_("Checked, of all servers: transfers {transfers}, accounts {accounts}"),
                transfers=f"{report.transfers:,}",
                accounts=f"{report.accounts:,}",
            )
        )
