"""Buying and selling: who may, what comes back, and the errors that say why not."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from seraphim.features.economy.rules.items import Item
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId, UserId
from seraphim.kernel.marks import N_

type OrderState = Literal["granting", "delivered", "refunded"]
type Refusal = Literal["role_gone", "role_too_high", "no_permission", "member_gone", "given_up"]
"""Why Discord does not grant a role."""

REFUSALS: dict[Refusal, str] = {
    "role_gone": N_("The role does not exist any more."),
    "role_too_high": N_("The role is above my own, so I may not give it."),
    "no_permission": N_("I lack the permission to manage roles."),
    "member_gone": N_("You are not on the server any more."),
    "given_up": N_("Discord did not let me give the role, for hours."),
}


class ItemUnknown(SeraphimError):
    """The shop has no such item."""

    code = "economy.item_unknown"
    http_status = 404
    message = N_("The shop has no “{name}”. See /shop.")


class OutOfStock(SeraphimError):
    """Fewer pieces are left than are wanted."""

    code = "economy.out_of_stock"
    http_status = 409
    message = N_("{item}: only {left} left. Nothing was bought.")


class SoldOut(SeraphimError):
    """The last piece is gone."""

    code = "economy.sold_out"
    http_status = 409
    message = N_("{item} is sold out. Nothing was bought.")


class PriceChanged(SeraphimError):
    """The price is not the one the member saw."""

    code = "economy.price_changed"
    http_status = 409
    message = N_(
        "The price of {item} has changed from {seen} to {now}. Nothing was bought or sold."
    )


class MemberLimit(SeraphimError):
    """The member would hold more than allowed."""

    code = "economy.member_limit"
    http_status = 409
    message = N_("{item}: at most {limit} a member. There would be {wanted}.")


class RoleRequired(SeraphimError):
    """The item is for members with a role."""

    code = "economy.role_required"
    http_status = 403
    message = N_("{item} is only for members with the role {role}.")


class LevelRequired(SeraphimError):
    """The item is for members of a level."""

    code = "economy.level_required"
    http_status = 403
    message = N_("{item} needs level {level}.")


class HasRoleAlready(SeraphimError):
    """The member has the role the item would give."""

    code = "economy.has_role_already"
    http_status = 409
    message = N_("You have the role of {item} already. Nothing was bought.")


class OneAtATime(SeraphimError):
    """A role can only be bought once at a time."""

    code = "economy.one_at_a_time"
    http_status = 422
    message = N_("A role is bought one at a time.")


class NotEnoughItems(SeraphimError):
    """The member has fewer pieces than are wanted."""

    code = "economy.not_enough_items"
    http_status = 409
    message = N_("{item}: you have {owned}, not {wanted}.")


class NotSellable(SeraphimError):
    """The shop does not take it back."""

    code = "economy.not_sellable"
    http_status = 409
    message = N_("The shop does not buy {item} back.")


class RoleOnItsWay(SeraphimError):
    """The role is still being given."""

    code = "economy.role_on_its_way"
    http_status = 409
    message = N_("The role of {item} is still on its way. Try again in a moment.")


class NotUsable(SeraphimError):
    """The item does nothing."""

    code = "economy.not_usable"
    http_status = 422
    message = N_("{item} is to have, not to use.")


class ShopFull(SeraphimError):
    """The guild has as many items as it may."""

    code = "economy.shop_full"
    http_status = 409
    message = N_("The shop is full: {limit} items. Remove one first.")


class NameTaken(SeraphimError):
    """Another item has this name."""

    code = "economy.item_name_taken"
    http_status = 409
    message = N_("The shop has an item named {name} already.")


class ItemChanged(SeraphimError):
    """Somebody else changed the item in between."""

    code = "economy.item_changed"
    http_status = 409
    message = N_("Somebody else changed this item just now. Look at it again, then repeat.")


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys, where, and what Discord said of them with this very command."""

    guild_id: GuildId
    user_id: UserId
    channel_id: ChannelId
    role_ids: Collection[int] = ()
    level: int | None = None
    """None: there are no levels here."""


def check_requirements(item: Item, buyer: Buyer) -> None:
    """Check role and level.

    Raises:
        RoleRequired: The buyer lacks the role.
        LevelRequired: The buyer's level is too low, or there are no levels.
    """
    terms = item.terms
    if terms.required_role_id is not None and terms.required_role_id not in buyer.role_ids:
        raise RoleRequired(item=terms.name, role=f"<@&{terms.required_role_id}>")
    if terms.required_level is not None and (buyer.level or 0) < terms.required_level:
        raise LevelRequired(item=terms.name, level=terms.required_level)


def check_role_purchase(
    item: Item, buyer: Buyer, quantity: int, *, holds: bool, for_good: bool
) -> None:
    """Check what only concerns roles.

    Args:
        item: Of the kind role.
        buyer: With the roles they have now.
        quantity: Pieces wanted.
        holds: The buyer has bought this item before and its time is not over.
        for_good: What they hold has no end, whatever the item gives by now.

    Raises:
        OneAtATime: More than one piece is wanted.
        HasRoleAlready: It is theirs for good, or was given by somebody else; taking it back later
            would take what the shop did not give.
    """
    if quantity != 1:
        raise OneAtATime
    if holds and (for_good or item.terms.duration_seconds is None):
        raise HasRoleAlready(item=item.terms.name)
    if not holds and item.terms.role_id in buyer.role_ids:
        raise HasRoleAlready(item=item.terms.name)


def share_of(paid: int, owned: int, quantity: int) -> int:
    """Return what was paid for ``quantity`` of ``owned`` pieces that cost ``paid`` in all.

    All pieces of one item are alike, so each has cost the same: the average, rounded down. The
    last pieces take what is left, so that the parts add up to the whole.
    """
    return paid if quantity >= owned else paid // owned * quantity


def sale_value(price: int, quantity: int, percent: int, paid: int) -> int:
    """Return the coins for selling pieces back.

    The percentage of today's price, rounded down, but never more than the ``paid`` coins that the
    shop once got for them: a price that is raised between buying and selling makes no coins.
    """
    return min(price * quantity * percent // 100, paid)


def extend(expires_ms: int | None, duration_seconds: int, now_ms: int) -> int:
    """Return when a temporary role ends that is bought now, after what is left of an older one."""
    return max(now_ms, expires_ms or 0) + duration_seconds * 1000


def matches(item: Item, typed: str) -> bool:
    """Say whether typed text names the item."""
    return item.terms.name.casefold() == " ".join(typed.split()).casefold()


def purchase_choice(item: Item) -> str:
    """Return what autocomplete and menus carry: the item and the price the member sees."""
    return f"{item.item_id}@{item.terms.price}"


def read_choice(value: str) -> tuple[int, int] | None:
    """Return the item's id and the seen price of a choice, None for a typed name."""
    number, at, price = value.partition("@")
    digits = number + price
    if not at or not number or not price or not (digits.isascii() and digits.isdecimal()):
        return None
    if len(number) > _MAX_DIGITS or len(price) > _MAX_DIGITS:
        return None
    return int(number), int(price)


_MAX_DIGITS = 18
"""Of an id and of a price: what fits 64 bits. Longer texts are no choices of ours."""
