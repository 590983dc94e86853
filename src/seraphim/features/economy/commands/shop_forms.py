"""The form in which administrators change an item, and reading what they typed."""

from typing import TYPE_CHECKING

import discord

from seraphim.features.economy.commands.shop_words import FEATURE, plain
from seraphim.features.economy.rules.amounts import parse_amount
from seraphim.features.economy.rules.items import (
    KINDS,
    MAX_DESCRIPTION,
    MAX_EMOJI,
    MAX_NAME,
    MAX_PRICE,
    MAX_STOCK,
    Item,
    ItemKind,
    show_duration,
)
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.components import custom_id
from seraphim.surfaces.discord.guards import require_permissions
from seraphim.surfaces.discord.layout import Field, SentModal, cut, modal

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

FIELDS: dict[str, str] = {
    "name": N_("Name"),
    "price": N_("Price"),
    "emoji": N_("Picture"),
    "description": N_("Description"),
    "member_limit": N_("Limit a member"),
    "duration_seconds": N_("Duration"),
    "required_role_id": N_("Required role"),
    "required_level": N_("Required level"),
    "stock": N_("Stock"),
}
"""Titles of the fields that can be changed."""


def read_price(typed: str) -> int:
    """Return a typed price; raises AmountInvalid when it is none."""
    return parse_amount(typed, available=None, high=MAX_PRICE)


def read_limit(typed: str) -> int | None:
    """Return a typed limit, None for an empty one.

    Raises:
        InvalidInput: It is no number of pieces.
    """
    text = typed.strip().replace(",", "")
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(MAX_STOCK)):
        raise InvalidInput(reason=N_("A limit a member is 1 or more; leave it empty for none."))
    return int(text)


def item_form(item: Item, say: "Translator") -> SentModal:
    """Return the form of an item, filled with what holds now."""
    terms = item.terms
    limit = "" if terms.member_limit is None else str(terms.member_limit)
    return modal(
        custom_id(FEATURE, "shop-form", item.item_id, item.version),
        say(N_("Change {item}"), item=terms.name),
        Field("name", say(N_("Name")), default=terms.name, max_length=MAX_NAME),
        Field("price", say(N_("Price")), default=str(terms.price), max_length=32),
        Field(
            "emoji",
            say(N_("Picture (an emoji)")),
            default=terms.emoji or None,
            required=False,
            max_length=MAX_EMOJI,
        ),
        Field(
            "description",
            say(N_("Description")),
            default=terms.description or None,
            required=False,
            paragraph=True,
            max_length=MAX_DESCRIPTION,
        ),
        Field(
            "limit",
            say(N_("Limit a member (empty: none)")),
            default=limit or None,
            required=False,
            max_length=10,
        ),
    )


def read_kind(text: str) -> ItemKind:
    """Return a chosen kind; raises InvalidInput for another text."""
    for kind in KINDS:
        if kind == text:
            return kind
    raise InvalidInput(reason=N_("Choose a kind from the list."))


def check_role(interaction: discord.Interaction, role: discord.Role | None) -> None:
    """Refuse roles that nobody can be given, and roles the administrator may not hand out.

    Raises:
        MemberLacksPermission: Who puts a role on sale could not give it by hand either; buying it
            would be a way to rights that nobody gave them.
        InvalidInput: Says which.
    """
    if role is None:
        return
    require_permissions(interaction, manage_roles=True)
    if role.is_default() or role.managed:
        raise InvalidInput(reason=N_("Discord gives this role itself; choose another."))
    user, guild = interaction.user, interaction.guild
    owns = guild is not None and guild.owner_id == user.id
    if isinstance(user, discord.Member) and not owns and user.top_role <= role:
        raise InvalidInput(reason=N_("You can sell only roles below your own."))


def show_value(name: str, value: object) -> str:
    """Return a field's value the way Discord shows it; nothing is a dash."""
    if value is None or value == "":
        return "—"
    if not isinstance(value, int):
        return plain(cut(" ".join(str(value).split()), _SHOWN_CHARACTERS))
    if name == "required_role_id":
        return f"<@&{value}>"
    return show_duration(value) if name == "duration_seconds" else f"{value:,}"


_SHOWN_CHARACTERS = 80
"""Of a text before and after a change."""
