"""Trades: bargaining in words, and one transaction that moves everything."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.errors import (
    AccountFrozen,
    BalanceLimit,
    InsufficientFunds,
)
from seraphim.features.economy.rules.items import MAX_QUANTITY, Item
from seraphim.features.economy.rules.ledger import person
from seraphim.features.economy.rules.shop import ItemUnknown, MemberLimit, NotEnoughItems
from seraphim.features.economy.rules.trade import (
    MAX_OPEN_TRADES,
    NotTradable,
    Offer,
    TooManyTrades,
    Trade,
    TradeOver,
    TradeShort,
    TradeWithSelf,
    check_open,
    confirmed,
    emptied,
    unconfirmed,
    with_coins,
    with_item,
)
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.shop import RulesOf
from seraphim.features.economy.store import inventory
from seraphim.features.economy.store import items as item_store
from seraphim.features.economy.store import trades as store
from seraphim.features.economy.store.ledger_reading import is_frozen
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, write_keyed
from seraphim.kernel.errors import InvalidInput, SeraphimError
from seraphim.kernel.events import Event, publish
from seraphim.kernel.ids import ChannelId, GuildId, Ids, MessageId, UserId
from seraphim.kernel.jobs import Job, JobHandler, enqueue
from seraphim.kernel.marks import N_

EXPIRE = "economy.trade.expire"

type Change = Callable[[Connection, Trade], Trade]


class TradeExpired(Event, frozen=True, tag="economy.trade_expired"):
    """A trade was not confirmed in time."""

    guild_id: int
    trade_id: int


@dataclass(frozen=True, slots=True)
class Table:
    """A trade with what is on the table."""

    trade: Trade
    items: dict[int, Item]
    """The offered items, by id."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a confirmation led to."""

    table: Table
    problem: SeraphimError | None = None
    """Why nothing changed hands though both had confirmed; both have to confirm anew."""


class Trades:
    """Opens, changes, confirms and ends trades."""

    def __init__(self, db: Database, bank: Bank, clock: Clock, ids: Ids, rules: RulesOf) -> None:
        self._db = db
        self._bank = bank
        self._clock = clock
        self._ids = ids
        self._rules = rules

    def jobs(self) -> tuple[JobHandler, ...]:
        """Return the handler that ends forgotten trades."""
        return (JobHandler(EXPIRE, handle=self._expire),)

    async def open(
        self,
        guild_id: GuildId,
        channel_id: ChannelId,
        first_id: UserId,
        second_id: UserId,
        *,
        key: str,
    ) -> Table:
        """Start a trade between two members; the same key returns the same trade.

        Raises:
            TradeWithSelf: Both are the same.
            TooManyTrades: One of them has as many open trades as one may have.
        """
        if first_id == second_id:
            raise TradeWithSelf
        minutes = (await self._rules(guild_id)).trade_minutes
        trade = await write_keyed(
            self._db, self._open, guild_id, channel_id, first_id, second_id, minutes, key
        )
        return Table(trade, {})

    async def look(self, guild_id: GuildId, trade_id: int) -> Table:
        """Return a trade as it is.

        Raises:
            TradeOver: There is none.
        """
        return await self._db.read(_look, guild_id, trade_id)

    async def look_open(self, guild_id: GuildId, trade_id: int, user_id: UserId) -> Table:
        """Return a trade that this person may still act on.

        Raises:
            TradeOver: It has ended, or its time is up.
            NotYourTrade: The user is on neither side.
        """
        table = await self.look(guild_id, trade_id)
        check_open(table.trade, user_id, None, self._clock.now_ms())
        return table

    async def show_at(self, trade_id: int, message_id: MessageId) -> None:
        """Note which message shows the trade."""
        await self._db.write(store.set_message, trade_id, message_id)

    async def balance(self, guild_id: GuildId, user_id: UserId) -> int:
        """Return what a side has, for "all" and "half"."""
        return await self._db.read(self._bank.balance, guild_id, user_id)

    async def tradable(self, guild_id: GuildId, user_id: UserId) -> list[tuple[Item, int]]:
        """Return what a side could offer, with the pieces they have."""
        return await self._db.read(_tradable, guild_id, user_id)

    async def set_coins(
        self, guild_id: GuildId, trade_id: int, user_id: UserId, coins: int, *, key: str
    ) -> Table:
        """Offer so many coins; both confirmations are withdrawn.

        Raises:
            InsufficientFunds: The side has fewer.
        """

        def change(conn: Connection, trade: Trade) -> Trade:
            have = self._bank.balance(conn, guild_id, user_id)
            if not 0 <= coins <= have:
                raise InsufficientFunds(balance=have, needed=coins)
            return with_coins(trade, user_id, coins)

        return await self._change(guild_id, trade_id, user_id, None, key, change)

    async def set_item(
        self,
        guild_id: GuildId,
        trade_id: int,
        user_id: UserId,
        item_id: int,
        quantity: int,
        *,
        key: str,
    ) -> Table:
        """Offer so many pieces of an item (0: none); both confirmations are withdrawn.

        Raises:
            ItemUnknown: There is no such item.
            NotTradable: It is a role.
            NotEnoughItems: The side has fewer.
            OfferTooLong: The side offers as many different items as it may.
        """
        if not 0 <= quantity <= MAX_QUANTITY:
            raise InvalidInput(reason=N_("Offer 0 to 1,000 pieces."))

        def change(conn: Connection, trade: Trade) -> Trade:
            item = item_store.find_item(conn, guild_id, item_id)
            if item is None:
                raise ItemUnknown(name=f"#{item_id}")
            if item.terms.role_id is not None:
                raise NotTradable(item=item.terms.name)
            have = inventory.owned(conn, guild_id, user_id, item_id)
            if have < quantity:
                raise NotEnoughItems(item=item.terms.name, owned=have, wanted=quantity)
            return with_item(trade, user_id, item_id, quantity)

        return await self._change(guild_id, trade_id, user_id, None, key, change)

    async def clear(self, guild_id: GuildId, trade_id: int, user_id: UserId, *, key: str) -> Table:
        """Take everything off one side; both confirmations are withdrawn."""
        return await self._change(
            guild_id, trade_id, user_id, None, key, lambda _, trade: emptied(trade, user_id)
        )

    async def cancel(self, guild_id: GuildId, trade_id: int, user_id: UserId, *, key: str) -> Table:
        """End the trade without an exchange; either side may."""
        return await self._change(
            guild_id,
            trade_id,
            user_id,
            None,
            key,
            lambda _, trade: replace(trade, status="cancelled"),
        )

    async def confirm(
        self, guild_id: GuildId, trade_id: int, user_id: UserId, version: int, *, key: str
    ) -> Verdict:
        """Agree to the offers of ``version``; the second agreement moves everything.

        Raises:
            TradeMoved: The offers are others by now.
            TradeEmpty: Nobody offers anything.
            TradeOver: The trade has ended.
            NotYourTrade: The user is on neither side.
        """

        def change(conn: Connection, trade: Trade) -> Trade:
            agreed = confirmed(trade, user_id)
            if not agreed.is_settled:
                return agreed
            self._exchange(conn, agreed)
            return replace(agreed, status="done")

        try:
            return Verdict(await self._change(guild_id, trade_id, user_id, version, key, change))
        except (TradeShort, InsufficientFunds, AccountFrozen, BalanceLimit, MemberLimit) as error:
            problem = error
        # Nothing of the exchange was kept. The offers cannot be met, so nobody agrees to them now.
        table = await self._change(
            guild_id, trade_id, user_id, version, key, lambda _, trade: unconfirmed(trade)
        )
        return Verdict(table, problem)

    async def _change(
        self,
        guild_id: GuildId,
        trade_id: int,
        user_id: UserId,
        version: int | None,
        key: str,
        change: Change,
    ) -> Table:
        minutes = (await self._rules(guild_id)).trade_minutes

        def work(conn: Connection) -> Table:
            trade = store.find_trade(conn, guild_id, trade_id, to_change=True)
            if trade is None:
                raise TradeOver
            now_ms = self._clock.now_ms()
            trade.offer_of(user_id)
            if trade.last_key != key:
                check_open(trade, user_id, version, now_ms)
                changed = change(conn, trade)
                if changed.version != trade.version:
                    changed = replace(changed, expires_ms=now_ms + minutes * 60_000)
                trade = replace(changed, last_key=key)
                store.save_trade(conn, trade)
            return _table(conn, trade)

        return await write_keyed(self._db, work)

    def _open(
        self,
        conn: Connection,
        guild_id: GuildId,
        channel_id: ChannelId,
        first_id: UserId,
        second_id: UserId,
        minutes: int,
        key: str,
    ) -> Trade:
        known = store.find_trade_by_key(conn, guild_id, key)
        if known is not None:
            return known
        now_ms = self._clock.now_ms()
        for user_id in (first_id, second_id):
            if store.count_open(conn, guild_id, user_id, now_ms) >= MAX_OPEN_TRADES:
                raise TooManyTrades(who=f"<@{user_id}>", limit=MAX_OPEN_TRADES)
        expires_ms = now_ms + minutes * 60_000
        trade_id = store.add_trade(
            conn, guild_id, channel_id, first_id, second_id,
            key=key, expires_ms=expires_ms, now_ms=now_ms,
        )  # fmt: skip
        if trade_id is not None:
            self._enqueue_expiry(conn, guild_id, trade_id, expires_ms)
        trade = store.find_trade_by_key(conn, guild_id, key)
        if trade is None:
            raise TradeOver
        return trade

    def _exchange(self, conn: Connection, trade: Trade) -> None:
        """Check that both sides have what they offer, and move everything.

        All rows are taken in one order (items by id, members by id), so that two trades of the
        same people wait for each other instead of standing in each other's way.
        """
        offers = {trade.first_id: trade.first, trade.second_id: trade.second}
        for user_id, offer in offers.items():
            if is_frozen(conn, trade.guild_id, user_id):
                raise AccountFrozen(user_id=user_id)
            if self._bank.balance(conn, trade.guild_id, user_id) < offer.coins:
                raise TradeShort(who=f"<@{user_id}>", what=f"{offer.coins:,}")
        ids = sorted({item_id for offer in offers.values() for item_id in offer.items})
        for item_id in ids:
            item = item_store.find_item(conn, trade.guild_id, item_id, to_change=True)
            if item is None:
                raise ItemUnknown(name=f"#{item_id}")
            self._move_pieces(conn, trade, item, offers)
        for giver in sorted(offers):
            taker = trade.second_id if giver == trade.first_id else trade.first_id
            self._move_coins(conn, trade, giver, taker, offers[giver])

    def _move_pieces(
        self, conn: Connection, trade: Trade, item: Item, offers: dict[UserId, Offer]
    ) -> None:
        """Move one item's pieces, first out of both inventories, then into them."""
        moved = [
            (giver, offer.items[item.item_id])
            for giver, offer in sorted(offers.items())
            if item.item_id in offer.items
        ]
        paid: dict[UserId, int] = {}
        for giver, quantity in moved:
            taken = inventory.take(conn, trade.guild_id, giver, item.item_id, quantity)
            if taken is None:
                raise TradeShort(who=f"<@{giver}>", what=f"{quantity:,} x {item.terms.name}")
            paid[giver] = taken.paid
        limit = item.terms.member_limit
        for giver, quantity in moved:
            taker = trade.second_id if giver == trade.first_id else trade.first_id
            given = inventory.give(
                conn, trade.guild_id, taker, item.item_id, quantity, limit, paid=paid[giver]
            )
            if given is None:
                have = inventory.owned(conn, trade.guild_id, taker, item.item_id)
                raise MemberLimit(item=item.terms.name, limit=limit or 0, wanted=have + quantity)

    def _move_coins(
        self, conn: Connection, trade: Trade, giver: UserId, taker: UserId, offer: Offer
    ) -> None:
        if not offer.coins:
            return
        self._bank.transfer(
            conn, trade.guild_id, person(giver), person(taker), offer.coins,
            key=f"trade:{trade.trade_id}:{giver}", kind="trade",
            details={"trade": trade.trade_id},
        )  # fmt: skip

    def _enqueue_expiry(
        self, conn: Connection, guild_id: GuildId, trade_id: int, at_ms: int
    ) -> None:
        payload = {"guild": guild_id, "trade": trade_id}
        enqueue(conn, EXPIRE, dict(payload), run_at_ms=at_ms, ids=self._ids, clock=self._clock)

    def _expire(self, conn: Connection, job: Job) -> None:
        guild, number = job.payload["guild"], job.payload["trade"]
        if not isinstance(guild, int) or not isinstance(number, int):
            raise TypeError(f"a job's payload holds no trade: {job.payload!r}")
        trade = store.find_trade(conn, GuildId(guild), number, to_change=True)
        if trade is None or trade.status != "open":
            return
        if trade.expires_ms > self._clock.now_ms():  # a change has given it more time
            self._enqueue_expiry(conn, trade.guild_id, trade.trade_id, trade.expires_ms)
            return
        store.save_trade(conn, replace(unconfirmed(trade), status="expired"))
        publish(conn, TradeExpired(guild_id=guild, trade_id=number), self._clock)


def _look(conn: Connection, guild_id: GuildId, trade_id: int) -> Table:
    trade = store.find_trade(conn, guild_id, trade_id)
    if trade is None:
        raise TradeOver
    return _table(conn, trade)


def _table(conn: Connection, trade: Trade) -> Table:
    ids = {*trade.first.items, *trade.second.items}
    return Table(trade, item_store.items_by_id(conn, trade.guild_id, ids) if ids else {})


def _tradable(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[tuple[Item, int]]:
    owned = inventory.list_owned(conn, guild_id, user_id)
    found = item_store.items_by_id(conn, guild_id, [row.item_id for row in owned])
    return [
        (found[row.item_id], row.quantity)
        for row in owned
        if row.item_id in found and found[row.item_id].terms.role_id is None
    ]
