"""``/trade``: an offer both sides change and confirm on one message."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord import app_commands

from seraphim.features.economy.commands.shop_words import (
    FEATURE,
    item_name,
    key_of,
    menu_emoji,
)
from seraphim.features.economy.commands.trade_words import read_pieces, trade_embed, trade_view
from seraphim.features.economy.rules.amounts import parse_amount
from seraphim.features.economy.rules.trade import (
    PartnerLeft,
    TradeMoved,
    TradeWithBot,
)
from seraphim.features.economy.service.shop import RulesOf
from seraphim.features.economy.service.trade import Table, TradeExpired, Trades
from seraphim.kernel.errors import NotFound
from seraphim.kernel.events import Listener
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId
from seraphim.kernel.telemetry import get_logger
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
    MAX_SELECT_OPTIONS,
    Field,
    SentView,
    modal,
    option,
    row_view,
    select,
)
from seraphim.surfaces.discord.replies import NO_MENTIONS, embed, open_modal, reply, update

if TYPE_CHECKING:
    from seraphim.kernel.texts import Texts, Translator

_log = get_logger(__name__)
_NOTHING_WORDS = frozenset({"", "0", "none", "-"})


class TradeCommands:
    """The command, the buttons on the offer, and the private menu of one's own things."""

    def __init__(
        self,
        trades: Trades,
        rules: RulesOf,
        client: Callable[[], discord.Client],
        texts: "Texts",
    ) -> None:
        self._trades = trades
        self._rules = rules
        self._client = client
        self._texts = texts

    def commands(self) -> tuple[AnyCommand, ...]:
        """Return the command."""

        @slash("trade", N_("Swap coins and things with somebody."))
        @app_commands.describe(user=N_("With whom you want to trade"))
        async def trade(interaction: discord.Interaction, user: discord.User) -> None:
            guild_id = guild_id_of(interaction)
            if user.bot:
                raise TradeWithBot
            if not isinstance(user, discord.Member):
                raise PartnerLeft
            table = await self._trades.open(
                guild_id,
                ChannelId(interaction.channel_id or 0),
                UserId(interaction.user.id),
                UserId(user.id),
                key=key_of(interaction),
            )
            shown, view = await self._painted(interaction, table)
            await reply(interaction, content=f"<@{user.id}>", embed=shown, view=view)
            sent = await interaction.original_response()
            await self._trades.show_at(table.trade.trade_id, MessageId(sent.id))

        return (trade,)

    def components(self) -> tuple[Component, ...]:
        """Return what the buttons, the menu and the forms need."""
        return (
            Component(FEATURE, "trade-coins", self._ask_coins),
            Component(FEATURE, "trade-coins-form", self._offer_coins),
            Component(FEATURE, "trade-items", self._show_items),
            Component(FEATURE, "trade-pick", self._ask_pieces),
            Component(FEATURE, "trade-pieces-form", self._offer_pieces),
            Component(FEATURE, "trade-clear", self._clear),
            Component(FEATURE, "trade-confirm", self._confirm),
            Component(FEATURE, "trade-cancel", self._cancel),
        )

    def listeners(self) -> tuple[Listener, ...]:
        """Return who changes the message of a forgotten trade."""
        return (Listener(TradeExpired, self._expired, "economy.trade_expired.message"),)

    async def _ask_coins(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        trade_id = _number(args)
        offer = await self._own_offer(interaction, trade_id)
        say = translator_for(interaction)
        field = Field(
            "coins",
            say(N_("How many coins? (0: none)")),
            placeholder=say(N_("250, 1.5k, half, all")),
            default=str(offer) if offer else None,
            max_length=32,
        )
        form_id = custom_id(FEATURE, "trade-coins-form", trade_id)
        await open_modal(interaction, modal(form_id, say(N_("Offer coins")), field))

    async def _own_offer(self, interaction: discord.Interaction, trade_id: int) -> int:
        table = await self._trades.look_open(guild_id_of(interaction), trade_id, _user(interaction))
        return table.trade.offer_of(_user(interaction)).coins

    async def _offer_coins(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        guild_id, user_id = guild_id_of(interaction), _user(interaction)
        typed = modal_values(interaction).get("coins", "").strip()
        coins = 0
        if typed.casefold() not in _NOTHING_WORDS:
            coins = parse_amount(typed, available=await self._trades.balance(guild_id, user_id))
        table = await self._trades.set_coins(
            guild_id, _number(args), user_id, coins, key=key_of(interaction)
        )
        await self._show(interaction, table)

    async def _show_items(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        guild_id, user_id, trade_id = guild_id_of(interaction), _user(interaction), _number(args)
        await self._trades.look_open(guild_id, trade_id, user_id)
        say = translator_for(interaction)
        view = await self._menu(interaction, trade_id, say)
        if view is None:
            raise NotFound(what=say(N_("anything in your bag that can be traded")))
        shown = embed(None, say(N_("What do you want to offer?")))
        await reply(interaction, embed=shown, view=view, ephemeral=True)

    async def _menu(
        self, interaction: discord.Interaction, trade_id: int, say: "Translator"
    ) -> SentView | None:
        """Return the menu of one's own things, None without any."""
        found = await self._trades.tradable(guild_id_of(interaction), _user(interaction))
        if not found:
            return None
        options = [
            option(
                item.terms.name,
                str(item.item_id),
                description=say(N_("you have {count}"), count=f"{count:,}"),
                emoji=menu_emoji(item, interaction.guild),
            )
            for item, count in found[:MAX_SELECT_OPTIONS]
        ]
        menu_id = custom_id(FEATURE, "trade-pick", trade_id)
        return row_view([select(menu_id, options, placeholder=say(N_("Your things")))])

    async def _ask_pieces(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        trade_id, chosen = _number(args), selected(interaction)
        if not chosen or not chosen[0].isdecimal():
            raise UnknownComponent
        say = translator_for(interaction)
        field = Field(
            "pieces", say(N_("How many? (0: none)")), default="1", max_length=4, required=True
        )
        form_id = custom_id(FEATURE, "trade-pieces-form", trade_id, chosen[0])
        await open_modal(interaction, modal(form_id, say(N_("Offer a thing")), field))

    async def _offer_pieces(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        match args:
            case (trade, item) if trade.isdecimal() and item.isdecimal():
                trade_id, item_id = int(trade), int(item)
            case _:
                raise UnknownComponent
        pieces = read_pieces(modal_values(interaction).get("pieces", ""))
        table = await self._trades.set_item(
            guild_id_of(interaction),
            trade_id,
            _user(interaction),
            item_id,
            pieces,
            key=key_of(interaction),
        )
        await self._edit(table, self._say_here(interaction))
        say = translator_for(interaction)
        found = table.items.get(item_id)
        name = "" if found is None else item_name(found)
        text = (
            say(N_("You offer {count} x {item}."), count=f"{pieces:,}", item=name)
            if pieces
            else say(N_("You offer it no more."))
        )
        view = await self._menu(interaction, trade_id, say)
        await update(interaction, embed=embed(None, text, "good"), view=view)

    async def _clear(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        table = await self._trades.clear(
            guild_id_of(interaction), _number(args), _user(interaction), key=key_of(interaction)
        )
        await self._show(interaction, table)

    async def _cancel(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        table = await self._trades.cancel(
            guild_id_of(interaction), _number(args), _user(interaction), key=key_of(interaction)
        )
        await self._show(interaction, table)

    async def _confirm(self, interaction: discord.Interaction, args: tuple[str, ...]) -> None:
        match args:
            case (trade, version) if trade.isdecimal() and version.isdecimal():
                trade_id = int(trade)
            case _:
                raise UnknownComponent
        guild_id = guild_id_of(interaction)
        try:
            verdict = await self._trades.confirm(
                guild_id, trade_id, _user(interaction), int(version), key=key_of(interaction)
            )
        except TradeMoved:  # the message lags behind: show what is on the table, then say so
            await self._show(interaction, await self._trades.look(guild_id, trade_id))
            raise
        await self._show(interaction, verdict.table)
        if verdict.problem is not None:
            raise verdict.problem

    async def _painted(
        self, interaction: discord.Interaction, table: Table
    ) -> tuple[discord.Embed, SentView | None]:
        say = self._say_here(interaction)
        words = await self._rules(table.trade.guild_id)
        return trade_embed(table, words, say), trade_view(table.trade, say)

    async def _show(self, interaction: discord.Interaction, table: Table) -> None:
        shown, view = await self._painted(interaction, table)
        await update(interaction, embed=shown, view=view)

    async def _edit(self, table: Table, say: "Translator") -> None:
        """Bring the offer's message up to date from somewhere else."""
        trade = table.trade
        if trade.message_id is None:
            return
        shown = trade_embed(table, await self._rules(trade.guild_id), say)
        channel = self._client().get_partial_messageable(trade.channel_id, guild_id=trade.guild_id)
        try:
            await channel.get_partial_message(trade.message_id).edit(
                embed=shown, view=trade_view(trade, say), allowed_mentions=NO_MENTIONS
            )
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            _log.info("trade.not_shown", trade_id=trade.trade_id, reason=str(error))

    async def _expired(self, event: TradeExpired) -> None:
        guild_id = GuildId(event.guild_id)
        guild = self._client().get_guild(guild_id)
        locale = None if guild is None else str(guild.preferred_locale.value)
        table = await self._trades.look(guild_id, event.trade_id)
        await self._edit(table, self._texts.translator(locale))

    def _say_here(self, interaction: discord.Interaction) -> "Translator":
        return translator_for(interaction, public=True)


def _user(interaction: discord.Interaction) -> UserId:
    return UserId(interaction.user.id)


def _number(args: tuple[str, ...]) -> int:
    if len(args) != 1 or not args[0].isdecimal():
        raise UnknownComponent
    return int(args[0])
