"""How a trade looks."""

from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.commands.shop_words import FEATURE, item_name
from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.rules.items import MAX_QUANTITY
from seraphim.features.economy.rules.trade import Offer, Trade, TradeStatus
from seraphim.features.economy.service.shop import ShopRules
from seraphim.features.economy.service.trade import Table
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.components import custom_id
from seraphim.surfaces.discord.layout import SentView, button, row_view
from seraphim.surfaces.discord.replies import Tone, embed

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

_TITLES: dict[TradeStatus, tuple[str, Tone]] = {
    "open": (N_("🤝 Trade"), "info"),
    "done": (N_("🤝 Done"), "good"),
    "cancelled": (N_("🤝 Called off"), "bad"),
    "expired": (N_("🤝 Time is up"), "warn"),
}


def trade_embed(table: Table, words: ShopRules, say: "Translator") -> discord.Embed:
    """Return both offers, and what is to be done."""
    trade = table.trade
    title, tone = _TITLES[trade.status]
    parts = [
        _side(trade.first_id, trade.first, table, words, say),
        _side(trade.second_id, trade.second, table, words, say),
    ]
    if trade.status == "open":
        until = f"<t:{trade.expires_ms // 1000}:R>"
        parts.append(
            "-# "
            + say(
                N_(
                    "Nothing moves before both confirm; any change takes both confirmations back. "
                    "It ends {time}."
                ),
                time=until,
            )
        )
    elif trade.status != "done":
        parts.append("-# " + say(N_("Nothing changed hands.")))
    return embed(say(title), "\n\n".join(parts), tone)


def _side(user_id: UserId, offer: Offer, table: Table, words: ShopRules, say: "Translator") -> str:
    done = table.trade.status == "done"
    if done:
        head = say(N_("{member} gave"), member=f"<@{user_id}>")
    elif offer.confirmed:
        head = say(N_("{member} gives — confirmed ✅"), member=f"<@{user_id}>")
    else:
        head = say(N_("{member} gives"), member=f"<@{user_id}>")
    lines: list[str] = []
    if offer.coins:
        lines.append(f"> **{format_coins(offer.coins, words)}**")
    for item_id, count in offer.items.items():
        found = table.items.get(item_id)
        name = f"#{item_id}" if found is None else item_name(found)
        lines.append(f"> {name} x {count:,}")
    return "\n".join([head, *(lines or [f"> {say(N_('nothing'))}"])])


def trade_view(trade: Trade, say: "Translator") -> SentView | None:
    """Return the buttons of an open trade, None when it is over."""
    if trade.status != "open":
        return None
    number = trade.trade_id
    empty = trade.first.is_empty and trade.second.is_empty
    return row_view(
        [
            button(say(N_("Coins")), custom_id(FEATURE, "trade-coins", number), emoji="🪙"),
            button(say(N_("Things")), custom_id(FEATURE, "trade-items", number), emoji="🎒"),
            button(say(N_("Clear mine")), custom_id(FEATURE, "trade-clear", number)),
        ],
        [
            button(
                say(N_("Confirm")),
                custom_id(FEATURE, "trade-confirm", number, trade.version),
                style=discord.ButtonStyle.success,
                disabled=empty,
            ),
            button(
                say(N_("Call off")),
                custom_id(FEATURE, "trade-cancel", number),
                style=discord.ButtonStyle.danger,
            ),
        ],
    )


def read_pieces(typed: str) -> int:
    """Return a typed number of pieces, 0 included.

    Raises:
        InvalidInput: It is none.
    """
    text = typed.strip()
    if not (text.isascii() and text.isdecimal()) or int(text) > MAX_QUANTITY:
        raise InvalidInput(reason=N_("Offer 0 to 1,000 pieces."))
    return int(text)
