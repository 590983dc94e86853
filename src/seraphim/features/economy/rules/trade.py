"""A trade between two members: offers, confirmations, and what one change does to the other.

Nothing is held while two people bargain: both offers are only words until the second confirmation,
which checks and moves everything in one transaction. Holding would lock coins and items of people
who only look, and every hold is something that must be given back by a crash, a timeout and a
cancellation alike; with nothing held, no way out of a trade can lose anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId
from seraphim.kernel.marks import N_

type TradeStatus = Literal["open", "done", "cancelled", "expired"]

MAX_OFFERED_ITEMS = 10
"""Different items on one side."""
MAX_OPEN_TRADES = 3
"""Trades a member may have open at a time."""


class TradeWithSelf(SeraphimError):
    """A trade takes two."""

    code = "economy.trade_with_self"
    http_status = 422
    message = N_("A trade takes two: choose somebody else.")


class TradeWithBot(SeraphimError):
    """Bots own nothing."""

    code = "economy.trade_with_bot"
    http_status = 422
    message = N_("Bots own nothing to trade.")


class PartnerLeft(SeraphimError):
    """The other one is not on the server."""

    code = "economy.partner_left"
    http_status = 404
    message = N_("This person is not on the server any more.")


class TooManyTrades(SeraphimError):
    """One person bargains at too many tables."""

    code = "economy.too_many_trades"
    http_status = 409
    message = N_("{who} has {limit} open trades already. End one first.")


class NotYourTrade(SeraphimError):
    """Somebody else's trade."""

    code = "economy.not_your_trade"
    http_status = 403
    message = N_("This is a trade between two others. Start your own with /trade.")


class TradeOver(SeraphimError):
    """The trade has ended."""

    code = "economy.trade_over"
    http_status = 409
    message = N_("This trade is over.")


class TradeMoved(SeraphimError):
    """The offers have changed since the button was shown."""

    code = "economy.trade_moved"
    http_status = 409
    message = N_("The offers changed just now. Look at them again, then decide.")


class TradeEmpty(SeraphimError):
    """Nobody offers anything."""

    code = "economy.trade_empty"
    http_status = 422
    message = N_("Nobody offers anything yet.")


class OfferTooLong(SeraphimError):
    """Too many different items."""

    code = "economy.offer_too_long"
    http_status = 422
    message = N_("One side offers at most {limit} different items.")


class NotTradable(SeraphimError):
    """Roles stay with the member who bought them."""

    code = "economy.not_tradable"
    http_status = 422
    message = N_("{item} is a role and stays with who bought it.")


class TradeShort(SeraphimError):
    """At the moment of the exchange somebody has less than offered."""

    code = "economy.trade_short"
    http_status = 409
    message = N_(
        "{who} no longer has all that was offered ({what}). Nothing changed hands; "
        "both have to confirm anew."
    )


@dataclass(frozen=True, slots=True)
class Offer:
    """What one side gives."""

    coins: int = 0
    items: Mapping[int, int] = field(default_factory=dict[int, int])
    """Pieces by item id; never 0."""
    confirmed: bool = False

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is offered."""
        return self.coins == 0 and not self.items


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade as it is stored."""

    trade_id: int
    guild_id: GuildId
    channel_id: ChannelId
    message_id: MessageId | None
    first_id: UserId
    second_id: UserId
    first: Offer
    second: Offer
    status: TradeStatus
    version: int
    """Counts the changes of the offers; a button carries the version it was shown with."""
    expires_ms: int
    last_key: str
    """The interaction that changed it last; the same one again changes nothing."""

    def offer_of(self, user_id: UserId) -> Offer:
        """Return one side's offer.

        Raises:
            NotYourTrade: The user is on neither side.
        """
        if user_id == self.first_id:
            return self.first
        if user_id == self.second_id:
            return self.second
        raise NotYourTrade

    @property
    def is_settled(self) -> bool:
        """Say whether both have confirmed."""
        return self.first.confirmed and self.second.confirmed


def check_open(trade: Trade, user_id: UserId, version: int | None, now_ms: int) -> None:
    """Check that this person may act on the trade as they see it.

    Raises:
        NotYourTrade: Somebody else's.
        TradeOver: It has ended, or its time is up.
        TradeMoved: ``version`` is given and not the present one.
    """
    trade.offer_of(user_id)
    if trade.status != "open" or now_ms >= trade.expires_ms:
        raise TradeOver
    if version is not None and version != trade.version:
        raise TradeMoved


def with_coins(trade: Trade, user_id: UserId, coins: int) -> Trade:
    """Return the trade with one side's coins set; both confirmations are withdrawn."""
    return _changed(trade, user_id, replace(trade.offer_of(user_id), coins=coins))


def with_item(trade: Trade, user_id: UserId, item_id: int, quantity: int) -> Trade:
    """Return the trade with one side's pieces of an item set (0 takes it out).

    Raises:
        OfferTooLong: More different items than one side may offer.
    """
    offer = trade.offer_of(user_id)
    items = {key: count for key, count in offer.items.items() if key != item_id}
    if quantity:
        items[item_id] = quantity
    if len(items) > MAX_OFFERED_ITEMS:
        raise OfferTooLong(limit=MAX_OFFERED_ITEMS)
    return _changed(trade, user_id, replace(offer, items=items))


def emptied(trade: Trade, user_id: UserId) -> Trade:
    """Return the trade with nothing on one side; both confirmations are withdrawn."""
    return _changed(trade, user_id, Offer())


def confirmed(trade: Trade, user_id: UserId) -> Trade:
    """Return the trade with one side's confirmation; the offers and the version stay.

    Raises:
        TradeEmpty: Neither side offers anything.
    """
    if trade.first.is_empty and trade.second.is_empty:
        raise TradeEmpty
    return _with_offer(trade, user_id, replace(trade.offer_of(user_id), confirmed=True))


def unconfirmed(trade: Trade) -> Trade:
    """Return the trade with both confirmations withdrawn, as a new version."""
    return replace(
        trade,
        first=replace(trade.first, confirmed=False),
        second=replace(trade.second, confirmed=False),
        version=trade.version + 1,
    )


def _changed(trade: Trade, user_id: UserId, offer: Offer) -> Trade:
    return unconfirmed(_with_offer(trade, user_id, offer))


def _with_offer(trade: Trade, user_id: UserId, offer: Offer) -> Trade:
    if user_id == trade.first_id:
        return replace(trade, first=offer)
    return replace(trade, second=offer)
