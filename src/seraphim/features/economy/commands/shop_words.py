"""How items, prices and members are put into words and menus."""

from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.rules.amounts import format_coins
from seraphim.features.economy.rules.items import (
    EFFECTS,
    Item,
    custom_emoji_id,
    fits_menus,
    show_duration,
)
from seraphim.features.economy.rules.shop import Buyer
from seraphim.features.economy.service.shop import Shop, ShopRules
from seraphim.kernel.ids import ChannelId, UserId
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.guards import guild_id_of

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

FEATURE = "economy"
MAX_CHOICES = 25
_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "\\*_~`|>#[]()"})


def plain(text: str) -> str:
    """Return text that administrators wrote, so that Discord shows it as it is."""
    return text.translate(_MARKDOWN)


async def buyer_of(interaction: discord.Interaction, shop: Shop) -> Buyer:
    """Return who buys; raises GuildOnly in direct messages."""
    guild_id, user = guild_id_of(interaction), interaction.user
    roles = [role.id for role in user.roles] if isinstance(user, discord.Member) else []
    user_id = UserId(user.id)
    level = await shop.level_of(guild_id, user_id)
    return Buyer(guild_id, user_id, ChannelId(interaction.channel_id or 0), roles, level)


def item_name(item: Item) -> str:
    """Return picture and name."""
    return f"{item.terms.picture} **{plain(item.terms.name)}**"


def facts_line(item: Item, say: "Translator") -> str:
    """Return what there is to know of an item besides name and price, in one small line."""
    terms = item.terms
    facts: list[str] = []
    if terms.role_id is not None:
        facts.append(f"<@&{terms.role_id}>")
    if terms.effect is not None:
        effect = EFFECTS[terms.effect]
        facts.append(say(effect.sentence, percent=effect.percent))
    if terms.duration_seconds is not None:
        facts.append(say(N_("for {time}"), time=show_duration(terms.duration_seconds)))
    if item.stock is not None:
        facts.append(stock_words(item, say))
    if terms.member_limit is not None:
        facts.append(say(N_("at most {limit} a member"), limit=f"{terms.member_limit:,}"))
    if terms.required_role_id is not None:
        facts.append(say(N_("only for {role}"), role=f"<@&{terms.required_role_id}>"))
    if terms.required_level is not None:
        facts.append(say(N_("from level {level}"), level=terms.required_level))
    return " · ".join(facts)


def stock_words(item: Item, say: "Translator") -> str:
    """Return how many are left; nothing for an endless stock."""
    if item.stock is None:
        return ""
    if item.stock == 0:
        return say(N_("sold out"))
    return say.plural("{n} left", "{n} left", item.stock)


def item_lines(item: Item, words: ShopRules, say: "Translator") -> str:
    """Return an item as the shop shows it: two or three lines."""
    price = format_coins(item.terms.price, words)
    gone = item.stock == 0
    first = f"{item_name(item)} — ~~{price}~~" if gone else f"{item_name(item)} — {price}"
    lines = [first]
    if item.terms.description:
        lines.append(plain(item.terms.description))
    facts = facts_line(item, say)
    if facts:
        lines.append(f"-# {facts}")
    return "\n".join(lines)


def menu_price(amount: int, words: ShopRules) -> str:
    """Return an amount for menus and buttons, which do not show a server's own emoji in text."""
    if words.currency_symbol.startswith("<"):
        return f"{amount:,} {words.currency_name}"
    return format_coins(amount, words)


def menu_emoji(item: Item, guild: discord.Guild | None) -> str | None:
    """Return the item's emoji if Discord surely takes it in a menu here."""
    emoji = item.terms.picture
    own = custom_emoji_id(emoji)
    if own is not None:
        return emoji if guild is not None and guild.get_emoji(own) is not None else None
    return emoji if fits_menus(emoji) else None


def key_of(interaction: discord.Interaction) -> str:
    """Return the idempotency key of an interaction."""
    return str(interaction.id)
