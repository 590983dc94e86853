"""``/inventory``, ``/use`` and ``/sell``."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.features.economy.commands.shop_words import (
    FEATURE,
    MAX_CHOICES,
    item_name,
    key_of,
    menu_price,
    plain,
)
from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.rules.items import EFFECTS, MAX_QUANTITY, show_duration
from seraphim.features.economy.rules.shop import purchase_choice, sale_value, share_of
from seraphim.features.economy.service.inventory import Belongings, Inventories, Possession
from seraphim.features.economy.service.shop import Shop
from seraphim.features.economy.store.item_effects import ActiveEffect
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.components import Component, UnknownComponent
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed, reply

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

PAGE_SIZE = 10
type Choices = list[app_commands.Choice[str]]
type Label = Callable[[Possession], str]


class InventoryCommands:
    """What members own, and what they do with it."""

    def __init__(self, inventories: Inventories, shop: Shop) -> None:
        self._inventories = inventories
        self._shop = shop
        self._pages = Paginator(FEATURE, "inventory-pages", self._page)

    def components(self) -> tuple[Component, ...]:
        """Return what the page buttons need."""
        return (self._pages.component,)

    def commands(self) -> tuple[AnyCommand, ...]:
        """Return the commands."""

        @slash("inventory", N_("What you own, or somebody else."))
        @app_commands.describe(user=N_("Whose things you want to see"))
        async def inventory(
            interaction: discord.Interaction, user: discord.User | None = None
        ) -> None:
            guild_id_of(interaction)
            await self._pages.send(interaction, (user or interaction.user).id)

        return inventory, self._use_command(), self._sell_command()

    def _use_command(self) -> AnyCommand:
        @slash("use", N_("Use something you own."))
        @app_commands.describe(item=N_("What you want to use"), quantity=N_("How many"))
        @app_commands.autocomplete(item=self._suggest_use)
        async def use(
            interaction: discord.Interaction,
            item: str,
            quantity: app_commands.Range[int, 1, MAX_QUANTITY] = 1,
        ) -> None:
            done = await self._inventories.use(
                guild_id_of(interaction),
                UserId(interaction.user.id),
                item,
                quantity,
                key=key_of(interaction),
            )
            say = translator_for(interaction)
            kind = EFFECTS[done.effect]
            lines = [
                say(kind.sentence, percent=kind.percent),
                "-# "
                + " · ".join(
                    (
                        say.plural("works {n} time", "works {n} times", done.uses),
                        say(N_("until {time}"), time=f"<t:{done.until_ms // 1000}:f>"),
                        say(N_("{left} left in your bag"), left=f"{done.left:,}"),
                    )
                ),
            ]
            await reply(
                interaction,
                embed=embed(f"{done.picture} {plain(done.name)}", "\n".join(lines), "good"),
            )

        return use

    def _sell_command(self) -> AnyCommand:
        @slash("sell", N_("Sell something back to the shop."))
        @app_commands.describe(item=N_("What you want to sell"), quantity=N_("How many"))
        @app_commands.autocomplete(item=self._suggest_sale)
        async def sell(
            interaction: discord.Interaction,
            item: str,
            quantity: app_commands.Range[int, 1, MAX_QUANTITY] = 1,
        ) -> None:
            guild_id = guild_id_of(interaction)
            deal = await self._shop.sell(
                guild_id, UserId(interaction.user.id), item, quantity, key=key_of(interaction)
            )
            say, words = translator_for(interaction), await self._shop.rules(guild_id)
            count = f"{deal.quantity:,} x " if deal.quantity > 1 else ""
            text = say(
                N_("{item} for {coins}. You have {balance} now."),
                item=f"{count}{deal.picture} **{plain(deal.name)}**",
                coins=f"**{format_coins(deal.coins, words)}**",
                balance=f"**{format_coins(deal.balance, words)}**",
            )
            await reply(interaction, embed=embed(say(N_("Sold")), text, "good"))

        return sell

    async def _suggest_use(self, interaction: discord.Interaction, typed: str) -> Choices:
        def label(one: Possession) -> str:
            return f"{one.item.terms.name} ({one.quantity:,})"

        found = await self._owned(interaction, typed)
        return _choices([one for one in found if one.item.terms.effect is not None], label)

    async def _suggest_sale(self, interaction: discord.Interaction, typed: str) -> Choices:
        if interaction.guild_id is None:
            return []
        words = await self._shop.rules(GuildId(interaction.guild_id))

        def label(one: Possession) -> str:
            paid = share_of(one.paid, one.quantity, 1)
            value = sale_value(one.item.terms.price, 1, words.sell_back_percent, paid)
            return f"{one.item.terms.name} ({one.quantity:,}) — {menu_price(value, words)}"

        found = await self._owned(interaction, typed)
        return _choices([one for one in found if not one.item.removed], label)

    async def _owned(self, interaction: discord.Interaction, typed: str) -> list[Possession]:
        if interaction.guild_id is None:
            return []
        owned = await self._inventories.look(
            GuildId(interaction.guild_id), UserId(interaction.user.id)
        )
        wanted = typed.strip().casefold()
        return [one for one in owned.possessions if wanted in one.item.terms.name.casefold()]

    async def _page(
        self, interaction: discord.Interaction, number: int, args: tuple[str, ...]
    ) -> Page:
        if len(args) != 1 or not args[0].isdecimal():
            raise UnknownComponent
        user_id = UserId(int(args[0]))
        say = translator_for(interaction, public=True)
        owned = await self._inventories.look(guild_id_of(interaction), user_id)
        pages = max(1, -(-len(owned.possessions) // PAGE_SIZE))
        number = min(max(1, number), pages)
        here = owned.possessions[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        lines = [f"<@{user_id}>", ""]
        lines += [_line(one, say) for one in here] or [
            say(N_("Nothing yet. {shop} has what you could want."), shop="`/shop`")
        ]
        shown = embed(say(N_("🎒 Inventory")), "\n".join(lines))
        if owned.effects:
            shown.add_field(name=say(N_("In force")), value=_effects(owned, say), inline=False)
        return Page(shown, number, pages)


def _line(one: Possession, say: "Translator") -> str:
    notes: list[str] = []
    if one.expires_ms is not None:
        notes.append(say(N_("until {time}"), time=f"<t:{one.expires_ms // 1000}:f>"))
    effect = one.item.terms.effect
    if effect is not None:
        kind = EFFECTS[effect]
        lasts = show_duration(one.item.terms.duration_seconds or kind.seconds)
        notes.append(say(kind.sentence, percent=kind.percent))
        notes.append(say(N_("waits {time}"), time=lasts))
    head = f"{item_name(one.item)} x {one.quantity:,}"
    return head if not notes else f"{head}\n-# {' · '.join(notes)}"


def _effects(owned: Belongings, say: "Translator") -> str:
    return "\n".join(_effect_line(effect, say) for effect in owned.effects)


def _effect_line(effect: ActiveEffect, say: "Translator") -> str:
    until = say(N_("until {time}"), time=f"<t:{effect.expires_ms // 1000}:f>")
    times = say.plural("works {n} time", "works {n} times", effect.uses)
    return f"**{say(effect.kind.title)}** — {times}, {until}"


def _choices(found: list[Possession], label: Label) -> Choices:
    return [
        app_commands.Choice(name=label(one)[:100], value=purchase_choice(one.item))
        for one in found[:MAX_CHOICES]
    ]
