"""Buying and selling."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy.engine import Connection

from seraphim.features.economy.ports import Level, no_levels
from seraphim.features.economy.rules.errors import AnswerForgotten
from seraphim.features.economy.rules.items import MAX_QUANTITY, Item
from seraphim.features.economy.rules.ledger import TREASURY, JsonValue, Receipt, person
from seraphim.features.economy.rules.shop import (
    Buyer,
    ItemUnknown,
    MemberLimit,
    NotEnoughItems,
    NotSellable,
    OneAtATime,
    OutOfStock,
    PriceChanged,
    RoleOnItsWay,
    SoldOut,
    check_requirements,
    check_role_purchase,
    read_choice,
    sale_value,
)
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.shop_delivery import enqueue_delivery, enqueue_sync
from seraphim.features.economy.store import inventory, shop_orders
from seraphim.features.economy.store import items as store
from seraphim.features.economy.store.shop_orders import Order
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, write_keyed
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import GuildId, Ids, UserId
from seraphim.kernel.marks import N_


@dataclass(frozen=True, slots=True)
class ShopRules:
    """What a guild sets of the shop."""

    sell_back_percent: int = 50
    trade_minutes: int = 10
    currency_symbol: str = "✨"
    currency_name: str = "coins"


type RulesOf = Callable[[GuildId], Awaitable[ShopRules]]


@dataclass(frozen=True, slots=True)
class Deal:
    """What a purchase or a sale did; a repeated command gets the same again."""

    item_id: int
    name: str
    picture: str
    quantity: int
    coins: int
    """Paid or received in total."""
    balance: int
    owned: int
    """Pieces the member had just after."""
    order_id: str | None = None
    """Of a role: it is given by Discord, after the payment."""
    repeated: bool = False


class Shop:
    """Sells items for coins and buys them back."""

    def __init__(
        self,
        db: Database,
        bank: Bank,
        clock: Clock,
        ids: Ids,
        rules: RulesOf,
        *,
        level: Level = no_levels,
    ) -> None:
        self._db = db
        self._bank = bank
        self._clock = clock
        self._ids = ids
        self._rules = rules
        self._level = level

    async def list_items(self, guild_id: GuildId) -> list[Item]:
        """Return what is on sale, cheapest first."""
        return await self._db.read(store.list_items, guild_id)

    async def get_item(self, guild_id: GuildId, named: str) -> Item:
        """Return the item on sale that was chosen or typed.

        Raises:
            ItemUnknown: There is none.
        """
        return await self._db.read(find_named, guild_id, named)

    async def level_of(self, guild_id: GuildId, user_id: UserId) -> int | None:
        """Return a member's level; None: there are no levels."""
        return await self._level(guild_id, user_id)

    async def rules(self, guild_id: GuildId) -> ShopRules:
        """Return what the guild has set."""
        return await self._rules(guild_id)

    async def buy(self, buyer: Buyer, named: str, quantity: int, *, key: str) -> Deal:
        """Buy pieces of an item: price, stock and inventory change in one transaction.

        Args:
            buyer: Who, with roles and level of this moment.
            named: A choice of :func:`rules.shop.purchase_choice`, which carries the price the
                member saw, or a typed name.
            quantity: 1 to MAX_QUANTITY pieces.
            key: The interaction's; the same again buys nothing more and returns the same.

        Raises:
            ItemUnknown: It is not on sale.
            PriceChanged: The price is not the one that was seen.
            SoldOut: None are left.
            OutOfStock: Too few are left.
            MemberLimit: The member would have too many.
            RoleRequired: The member lacks a role.
            LevelRequired: The member's level is too low.
            HasRoleAlready: The item's role is theirs.
            RoleOnItsWay: The item's role is being given at this moment.
            InsufficientFunds: The price is too high for the member's account.
            AccountFrozen: The member's account is frozen.
            AnswerForgotten: The key is known; the member was forgotten since.
        """
        check_quantity(quantity)
        return await write_keyed(self._db, self._buy, buyer, named, quantity, key)

    async def sell(
        self, guild_id: GuildId, user_id: UserId, named: str, quantity: int, *, key: str
    ) -> Deal:
        """Sell pieces back for the guild's share of the present price, at most what they cost.

        Raises:
            ItemUnknown: It is not on sale any more.
            PriceChanged: The price is not the one that was seen.
            NotEnoughItems: The member has fewer.
            NotSellable: The shop does not take it back: a temporary role, or worth nothing.
            RoleOnItsWay: The role is still being given.
        """
        check_quantity(quantity)
        percent = (await self._rules(guild_id)).sell_back_percent
        return await write_keyed(
            self._db, self._sell, guild_id, user_id, named, quantity, percent, key
        )

    def _buy(self, conn: Connection, buyer: Buyer, named: str, quantity: int, key: str) -> Deal:
        known = self._bank.find(conn, buyer.guild_id, key)
        if known is not None:
            return _deal(known, buyer.user_id)
        item = _locked(conn, buyer.guild_id, named)
        # Now that the item's row is ours, purchases of it come one by one: look again.
        known = self._bank.find(conn, buyer.guild_id, key)
        if known is not None:
            return _deal(known, buyer.user_id)
        check_requirements(item, buyer)
        if not store.take_from_stock(conn, item, quantity):
            if not item.stock:
                raise SoldOut(item=item.terms.name)
            raise OutOfStock(item=item.terms.name, left=item.stock)
        if item.terms.role_id is not None:
            self._check_role(conn, item, buyer, quantity)
        limit = item.terms.member_limit
        owned = inventory.give(
            conn, buyer.guild_id, buyer.user_id, item.item_id, quantity, limit,
            paid=item.terms.price * quantity,
        )  # fmt: skip
        if owned is None:
            have = inventory.owned(conn, buyer.guild_id, buyer.user_id, item.item_id)
            raise MemberLimit(item=item.terms.name, limit=limit or 0, wanted=have + quantity)
        return self._pay(conn, item, buyer, quantity, owned, key)

    def _check_role(self, conn: Connection, item: Item, buyer: Buyer, quantity: int) -> None:
        guild_id, user_id = buyer.guild_id, buyer.user_id
        held = shop_orders.find_held(conn, guild_id, user_id, item.item_id)
        role_id = item.terms.role_id
        if role_id is not None and shop_orders.is_granting(conn, guild_id, user_id, role_id):
            raise RoleOnItsWay(item=item.terms.name)
        check_role_purchase(
            item, buyer, quantity,
            holds=held is not None,
            for_good=held is not None and held.expires_ms is None,
        )  # fmt: skip

    def _pay(
        self, conn: Connection, item: Item, buyer: Buyer, quantity: int, owned: int, key: str
    ) -> Deal:
        guild_id, user_id, terms = buyer.guild_id, buyer.user_id, item.terms
        total = terms.price * quantity
        order_id = None if terms.role_id is None else self._ids.new()
        details: dict[str, JsonValue] = {
            "item": item.item_id,
            "name": terms.name,
            "picture": terms.picture,
            "quantity": quantity,
            "owned": owned,
            "order": order_id,
        }
        if order_id is None or terms.role_id is None:
            paid = self._bank.transfer(
                conn, guild_id, person(user_id), TREASURY, total,
                key=key, kind="shop_buy", details=details,
            )  # fmt: skip
            return _deal(paid, user_id)
        # The price of a role waits in escrow until Discord has granted it: what is given back is
        # this very price, whatever the treasury holds by then.
        order = Order(
            order_id, guild_id, user_id, buyer.channel_id, item.item_id, terms.role_id,
            terms.duration_seconds, total, "granting", None, self._clock.now_ms(),
        )  # fmt: skip
        paid = self._bank.hold(
            conn, guild_id, user_id, total,
            escrow=order.escrow, key=key, kind="shop_buy", details=details,
        )  # fmt: skip
        shop_orders.add_order(conn, order)
        enqueue_delivery(conn, order, ids=self._ids, clock=self._clock)
        return _deal(paid, user_id)

    def _sell(
        self,
        conn: Connection,
        guild_id: GuildId,
        user_id: UserId,
        named: str,
        quantity: int,
        percent: int,
        key: str,
    ) -> Deal:
        known = self._bank.find(conn, guild_id, key)
        if known is not None:
            return _deal(known, user_id)
        item = _locked(conn, guild_id, named)
        known = self._bank.find(conn, guild_id, key)
        if known is not None:
            return _deal(known, user_id)
        if item.terms.role_id is not None:
            self._give_up_role(conn, item, guild_id, user_id, quantity)
        taken = inventory.take(conn, guild_id, user_id, item.item_id, quantity)
        if taken is None:
            have = inventory.owned(conn, guild_id, user_id, item.item_id)
            raise NotEnoughItems(item=item.terms.name, owned=have, wanted=quantity)
        value = sale_value(item.terms.price, quantity, percent, taken.paid)
        if value == 0:
            raise NotSellable(item=item.terms.name)
        store.put_back(conn, item.item_id, quantity)
        details: dict[str, JsonValue] = {
            "item": item.item_id,
            "name": item.terms.name,
            "picture": item.terms.picture,
            "quantity": quantity,
            "owned": taken.left,
            "order": None,
        }
        received = self._bank.transfer(
            conn, guild_id, TREASURY, person(user_id), value,
            key=key, kind="shop_sell", details=details,
        )  # fmt: skip
        return _deal(received, user_id)

    def _give_up_role(
        self, conn: Connection, item: Item, guild_id: GuildId, user_id: UserId, quantity: int
    ) -> None:
        if item.terms.duration_seconds is not None:
            raise NotSellable(item=item.terms.name)
        if quantity != 1:
            raise OneAtATime
        held = shop_orders.find_held(conn, guild_id, user_id, item.item_id, to_change=True)
        if held is None:
            if item.terms.role_id is not None and shop_orders.is_granting(
                conn, guild_id, user_id, item.terms.role_id
            ):
                raise RoleOnItsWay(item=item.terms.name)
            raise NotEnoughItems(item=item.terms.name, owned=0, wanted=quantity)
        if held.expires_ms is not None:  # bought when the item was a temporary role
            raise NotSellable(item=item.terms.name)
        shop_orders.remove_held(conn, held)
        enqueue_sync(
            conn, guild_id, user_id, held.role_id, self._clock.now_ms(),
            ids=self._ids, clock=self._clock,
        )  # fmt: skip


def check_quantity(quantity: int) -> None:
    """Check how many pieces a command may move.

    Raises:
        InvalidInput: Not 1 to MAX_QUANTITY.
    """
    if not 1 <= quantity <= MAX_QUANTITY:
        raise InvalidInput(reason=N_("Choose 1 to 1,000 pieces."))


def find_named(conn: Connection, guild_id: GuildId, named: str) -> Item:
    """Return the item on sale that was chosen or typed; raises ItemUnknown."""
    chosen = read_choice(named)
    if chosen is None:
        item = store.find_item_by_name(conn, guild_id, named[:200])
    else:
        item = store.find_item(conn, guild_id, chosen[0])
    if item is None or item.removed:
        raise ItemUnknown(name=named[:60] if chosen is None else f"#{chosen[0]}")
    return item


def _locked(conn: Connection, guild_id: GuildId, named: str) -> Item:
    """Return the item, locked, at the price the member saw, if they saw one."""
    found = find_named(conn, guild_id, named)
    item = store.find_item(conn, guild_id, found.item_id, to_change=True)
    if item is None or item.removed:
        raise ItemUnknown(name=found.terms.name)
    chosen = read_choice(named)
    if chosen is not None and chosen[1] != item.terms.price:
        raise PriceChanged(item=item.terms.name, seen=chosen[1], now=item.terms.price)
    return item


def _deal(receipt: Receipt, user_id: UserId) -> Deal:
    details: Mapping[str, JsonValue] = receipt.details
    if not details:
        raise AnswerForgotten
    order_id = details.get("order")
    return Deal(
        item_id=cast("int", details["item"]),
        name=cast("str", details["name"]),
        picture=cast("str", details["picture"]),
        quantity=cast("int", details["quantity"]),
        coins=receipt.amount,
        balance=receipt.balances.get(user_id, 0),
        owned=cast("int", details["owned"]),
        order_id=None if order_id is None else str(order_id),
        repeated=receipt.repeated,
    )
