"""``/shop`` and ``/buy``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from seraphim.features.economy.commands.shop_roles import refund_embed
from seraphim.features.economy.commands.shop_words import (
    FEATURE,
    MAX_CHOICES,
    buyer_of,
    item_lines,
    key_of,
    menu_emoji,
    menu_price,
    plain,
    stock_words,
)
from seraphim.features.economy.ports import Refund
from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.rules.items import MAX_QUANTITY, Item
from seraphim.features.economy.rules.shop import PriceChanged, purchase_choice, read_choice
from seraphim.features.economy.service.shop import Deal, Shop, ShopRules
from seraphim.features.economy.service.shop_delivery import Delivery
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import GuildId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.commands import AnyCommand, slash
from seraphim.surfaces.discord.components import (
    Component,
    UnknownComponent,
    custom_id,
    modal_values,
    selected,
)
from seraphim.surfaces.discord.guards import guild_id_of
from seraphim.surfaces.discord.handling import translator_for
from seraphim.surfaces.discord.layout import (
    Field,
    RowItem,
    SentView,
    button,
    modal,
    option,
    row_view,
    select,
)
from seraphim.surfaces.discord.paginator import Page, Paginator
from seraphim.surfaces.discord.replies import embed, open_modal, reply, update

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

PAGE_SIZE = 6
ROLE_SECONDS = 1.5
"""How long a purchase waits for Discord to give the role before it answers; Discord itself waits
three seconds for the answer."""


class ShopCommands:
    """The shop's pages, the menu below them, and buying."""

    def __init__(self, shop: Shop, delivery: Delivery) -> None:
        self._shop = shop
        self._delivery = delivery
        self._pages = Paginator(FEATURE, "shop-pages", self._page)

    def commands(self) -> tuple[AnyCommand, ...]:
        """Return the commands."""

        @slash("shop", N_("What you can buy here with your coins."))
        async def shop(interaction: discord.Interaction) -> None:
            guild_id_of(interaction)
            await self._pages.send(interaction)

        @slash("buy", N_("Buy something from the shop."))
        @app_commands.describe(item=N_("What you want"), quantity=N_("How many"))
        @app_commands.autocomplete(item=self.suggest)
        async def buy(
            interaction: discord.Interaction,
            item: str,
            quantity: app_commands.Range[int, 1, MAX_QUANTITY] = 1,
        ) -> None:
            shown = await self._buy(interaction, item, quantity)
            await reply(interaction, embed=shown)

        return shop, buy

    def components(self) -> tuple[Component, ...]:
        """Return what the menus and buttons need."""
        return (
            self._pages.component,
            Component(FEATURE, "shop-pick", self._pick),
            Component(FEATURE, "shop-buy", self._press_buy),
            Component(FEATURE, "shop-many", self._ask_many),
            Component(FEATURE, "shop-amount", self._buy_many),
        )

    async def suggest(
        self, interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        """Return the items on sale that match; each choice carries the price that is shown."""
        if interaction.guild_id is None:
            return []
        guild_id = GuildId(interaction.guild_id)
        words = await self._shop.rules(guild_id)
        wanted = typed.strip().casefold()
        found = [
            item
            for item in await self._shop.list_items(guild_id)
            if wanted in item.terms.name.casefold() and item.stock != 0
        ]
        return [
            app_commands.Choice(
                name=f"{item.terms.name} — {menu_price(item.terms.price, words)}"[:100],
                value=purchase_choice(item),
            )
            for item in found[:MAX_CHOICES]
        ]

    async def _page(
        self, interaction: discord.Interaction, number: int, _: tuple[str, ...]
    ) -> Page:
        say = translator_for(interaction, public=True)
        guild_id = guild_id_of(interaction)
        items, words = await self._shop.list_items(guild_id), await self._shop.rules(guild_id)
        pages = max(1, -(-len(items) // PAGE_SIZE))
        number = min(max(1, number), pages)
        here = items[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
        if not here:
            empty = say(
                N_("The shelves are still empty. Administrators fill them with {command}."),
                command="`/shopadmin add`",
            )
            return Page(embed(say(N_("🛍️ Shop")), empty), 1, 1)
        text = "\n\n".join(item_lines(item, words, say) for item in here)
        shown = embed(say(N_("🛍️ Shop")), text)
        shown.set_footer(text=say(N_("Choose below what you want, or use /buy.")))
        return Page(shown, number, pages, _menu(here, words, interaction.guild, say))

    async def _pick(self, interaction: discord.Interaction, _: tuple[str, ...]) -> None:
        """Show the chosen item to the one who chose it, with the price on the button."""
        chosen = selected(interaction)
        if not chosen:
            raise UnknownComponent
        guild_id = guild_id_of(interaction)
        item = await self._shop.get_item(guild_id, chosen[0])
        seen = read_choice(chosen[0])
        if seen is not None and seen[1] != item.terms.price:
            raise PriceChanged(item=item.terms.name, seen=seen[1], now=item.terms.price)
        say, words = translator_for(interaction), await self._shop.rules(guild_id)
        shown = embed(None, item_lines(item, words, say))
        await reply(interaction, embed=shown, view=_card(item, words, say), ephemeral=True)

    async def _press_buy(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        shown = await self._buy(interaction, _choice(args), 1)
        await update(interaction, embed=shown)

    async def _ask_many(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        say = translator_for(interaction)
        field = Field("quantity", say(N_("How many?")), placeholder="1", max_length=4)
        form_id = custom_id(FEATURE, "shop-amount", *args)
        await open_modal(interaction, modal(form_id, say(N_("Buy several")), field))

    async def _buy_many(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        typed = modal_values(interaction).get("quantity", "")
        shown = await self._buy(interaction, _choice(args), read_quantity(typed))
        await update(interaction, embed=shown)

    async def _buy(
        self, interaction: discord.Interaction, named: str, quantity: int
    ) -> discord.Embed:
        buyer = await buyer_of(interaction, self._shop)
        deal = await self._shop.buy(buyer, named, quantity, key=key_of(interaction))
        say, words = translator_for(interaction), await self._shop.rules(buyer.guild_id)
        if deal.order_id is None:
            return _bought(deal, words, say)
        order = await self._delivery.wait(deal.order_id, ROLE_SECONDS)
        if order is not None and order.refusal is not None:
            return refund_embed(
                Refund(
                    order.guild_id,
                    order.user_id,
                    order.channel_id,
                    plain(deal.name),
                    order.paid,
                    order.refusal,
                ),
                say,
            )
        shown = _bought(deal, words, say)
        arrived = order is not None and order.state == "delivered"
        note = (
            say(N_("The role is yours."))
            if arrived
            else say(
                N_(
                    "The role is on its way. "
                    "If I cannot give it, your coins come back by themselves."
                )
            )
        )
        shown.description = f"{shown.description}\n{note}"
        return shown


def read_quantity(typed: str) -> int:
    """Return a typed number of pieces.

    Raises:
        InvalidInput: It is none.
    """
    text = typed.strip()
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= MAX_QUANTITY:
        raise InvalidInput(reason=N_("Choose 1 to 1,000 pieces."))
    return int(text)


def _choice(args: tuple[str, ...]) -> str:
    match args:
        case (item_id, price):
            return f"{item_id}@{price}"
        case _:
            raise UnknownComponent


def _menu(
    items: Sequence[Item], words: ShopRules, guild: discord.Guild | None, say: "Translator"
) -> Sequence[Sequence[RowItem]]:
    options = [
        option(
            item.terms.name,
            purchase_choice(item),
            description=" · ".join(
                part
                for part in (menu_price(item.terms.price, words), stock_words(item, say))
                if part
            ),
            emoji=menu_emoji(item, guild),
        )
        for item in items
    ]
    menu_id = custom_id(FEATURE, "shop-pick")
    return ((select(menu_id, options, placeholder=say(N_("What do you want?"))),),)


def _card(item: Item, words: ShopRules, say: "Translator") -> SentView:
    price = menu_price(item.terms.price, words)
    gone = item.stock == 0
    buttons: list[RowItem] = [
        button(
            say(N_("Buy for {price}"), price=price),
            custom_id(FEATURE, "shop-buy", item.item_id, item.terms.price),
            style=discord.ButtonStyle.success,
            disabled=gone,
        )
    ]
    if item.terms.kind != "role":
        many = custom_id(FEATURE, "shop-many", item.item_id, item.terms.price)
        buttons.append(button(say(N_("Several …")), many, disabled=gone))
    return row_view(buttons)


def _bought(deal: Deal, words: ShopRules, say: "Translator") -> discord.Embed:
    count = f"{deal.quantity:,} x " if deal.quantity > 1 else ""
    text = say(
        N_("{item} for {coins}. You have {balance} left."),
        item=f"{count}{deal.picture} **{plain(deal.name)}**",
        coins=f"**{format_coins(deal.coins, words)}**",
        balance=f"**{format_coins(deal.balance, words)}**",
    )
    return embed(say(N_("Bought")), text, "good")
