"""Buying, selling, using, trading, refunds, duplicates and time in any order keep everything.

Held against a plain model of who has what. After every step: balances, inventories, stock, used
pieces and escrow are the model's; limits hold; and at the end Discord's roles are exactly those
that are held. One database serves all examples of an engine; each has a guild of its own.
"""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,  # pyright: ignore[reportUnknownVariableType] - hypothesis leaves it untyped
)
from sqlalchemy import select
from sqlalchemy.engine import Connection
from tests.features.economy.shop.shops import CHANNEL, PEOPLE, ROLE, House

from seraphim.features.economy.public import MINT, person
from seraphim.features.economy.rules.items import Item, Terms
from seraphim.features.economy.rules.shop import Buyer, Refusal
from seraphim.features.economy.rules.trade import Offer, TradeMoved
from seraphim.features.economy.service.shop import Deal
from seraphim.features.economy.service.shop_delivery import DELIVERY_ATTEMPTS
from seraphim.features.economy.store import items as item_store
from seraphim.features.economy.store.ledger_reading import supply
from seraphim.features.economy.store.shop_orders import find_order
from seraphim.features.economy.store.shop_tables import shop_inventory, shop_roles
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import open_database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, RoleId, UserId

MINTED = 1000
GUILDS = itertools.count(10**18)
ADMIN = UserId(1)
SHELF: Sequence[tuple[Terms, int | None]] = (
    (Terms("Gem", "collectible", 10, member_limit=2), 8),
    (Terms("Aegis", "effect", 20, effect="shield"), 4),
    (Terms("Pebble", "collectible", 1), None),
    (Terms("Knight", "role", 30, role_id=ROLE), 4),
    (Terms("Guest", "role", 20, role_id=RoleId(78), duration_seconds=3600), 9),
)
people = st.sampled_from(PEOPLE)
shelf = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4])
"""Gems most often: they have a limit a member."""
pieces = st.integers(1, 3)


@dataclass
class Pending:
    """A role that was paid for and is on its way."""

    order_id: str
    user_id: UserId
    number: int
    paid: int


@dataclass
class Model:
    """What should be so, kept as plainly as can be."""

    coins: defaultdict[UserId, int] = field(default_factory=lambda: defaultdict(int))
    owned: defaultdict[tuple[UserId, int], int] = field(default_factory=lambda: defaultdict(int))
    paid: defaultdict[tuple[UserId, int], int] = field(default_factory=lambda: defaultdict(int))
    """Coins the shop got for the pieces somebody has; it never gives back more."""
    stock: list[int | None] = field(default_factory=list[int | None])
    used: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    pending: list[Pending] = field(default_factory=list[Pending])
    held: dict[tuple[UserId, int], tuple[int, int | None]] = field(
        default_factory=dict[tuple[UserId, int], tuple[int, int | None]]
    )
    """Pieces and end of a role, by member and item."""

    def give(self, user_id: UserId, number: int, count: int, paid: int) -> None:
        self.owned[user_id, number] += count
        self.paid[user_id, number] += paid

    def take(self, user_id: UserId, number: int, count: int) -> int:
        """Take pieces; returns what they had cost, all alike."""
        key = (user_id, number)
        paid = self.paid[key]
        if count < self.owned[key]:
            paid = paid // self.owned[key] * count
        self.owned[key] -= count
        self.paid[key] -= paid
        return paid

    def shelve(self, number: int, count: int) -> None:
        left = self.stock[number]
        self.stock[number] = None if left is None else left + count


class ShopInAnyOrder(RuleBasedStateMachine):
    """One guild's shop and its model."""

    run: asyncio.Runner
    house: House

    def __init__(self) -> None:
        super().__init__()
        self.guild = GuildId(next(GUILDS))
        self.model = Model()
        self.items: list[Item] = []
        self.trades: list[tuple[int, UserId, UserId]] = []
        self.deals: list[tuple[Callable[[], Awaitable[Deal]], Deal]] = []

    def do[T](self, work: Awaitable[T]) -> T:
        async def wait() -> T:
            return await work

        return self.run.run(wait())

    @initialize()
    def open_the_shop(self) -> None:
        self.house.roles.refusal, self.house.roles.outage = None, False
        for user_id in PEOPLE:
            self.do(
                self.house.db.write(
                    self.house.bank.transfer,
                    self.guild,
                    MINT,
                    person(user_id),
                    MINTED,
                    key=self.key(),
                    kind="mint",
                )
            )
            self.model.coins[user_id] = MINTED
        for terms, stock in SHELF:
            done = self.do(self.house.editing.add(self.guild, terms, stock, ADMIN))
            self.items.append(done.item)
            self.model.stock.append(stock)
        for user_id in PEOPLE:  # everybody has as many gems as they may, and a shield
            self.buy(user_id, 0, 2)
            self.buy(user_id, 1, 1)

    def key(self) -> str:
        return self.house.ids.new()

    @rule(user_id=people, number=shelf, quantity=pieces)
    def buy(self, user_id: UserId, number: int, quantity: int) -> None:
        roles = [role for member, role in self.house.roles.of(self.guild) if member == user_id]
        who, named, key = (
            Buyer(self.guild, user_id, CHANNEL, roles),
            SHELF[number][0].name,
            self.key(),
        )

        def act() -> Awaitable[Deal]:
            return self.house.shop.buy(who, named, quantity, key=key)

        price, terms = self.price(number), SHELF[number][0]
        left, have = self.model.stock[number], self.model.owned[user_id, number]
        possible = (
            (left is None or left >= quantity)
            and price * quantity <= self.model.coins[user_id]
            and (terms.member_limit is None or have + quantity <= terms.member_limit)
            and (terms.role_id is None or self.may_have_role(user_id, number, quantity, roles))
        )
        try:
            deal = self.do(act())
        except SeraphimError:
            assert not possible
            return
        assert possible
        assert deal.coins == price * quantity
        self.model.coins[user_id] -= deal.coins
        self.model.shelve(number, -quantity)
        self.model.give(user_id, number, quantity, deal.coins)
        if deal.order_id is not None:
            self.model.pending.append(Pending(deal.order_id, user_id, number, deal.coins))
        self.deals.append((act, deal))

    @rule(
        user_id=people,
        number=st.sampled_from([3, 4]),
        refusal=st.sampled_from([None, None, "role_too_high"]),
        outage=st.booleans(),
        seconds=st.sampled_from([0, 0, 1800]),
    )
    def buy_a_role(
        self,
        user_id: UserId,
        number: int,
        refusal: Refusal | None,
        *,
        outage: bool,
        seconds: int,
    ) -> None:
        """Buy a role and let the jobs run at once, whatever Discord says."""
        self.change_discord(refusal=refusal, outage=outage and refusal is None)
        self.buy(user_id, number, 1)
        self.work(seconds)

    def may_have_role(
        self, user_id: UserId, number: int, quantity: int, roles: Sequence[int]
    ) -> bool:
        terms = SHELF[number][0]
        if quantity != 1 or any(
            (one.user_id, one.number) == (user_id, number) for one in self.model.pending
        ):
            return False
        if (user_id, number) in self.model.held:
            return terms.duration_seconds is not None
        return terms.role_id not in roles

    @rule(user_id=people, number=shelf, quantity=pieces)
    def sell(self, user_id: UserId, number: int, quantity: int) -> None:
        key, name = self.key(), SHELF[number][0].name

        def act() -> Awaitable[Deal]:
            return self.house.shop.sell(self.guild, user_id, name, quantity, key=key)

        have, paid = self.model.owned[user_id, number], self.model.paid[user_id, number]
        cost = paid if quantity >= have else paid // have * quantity
        value = min(self.price(number) * quantity * 50 // 100, cost)
        terms, holds = SHELF[number][0], (user_id, number) in self.model.held
        possible = value > 0 and have >= quantity
        if terms.role_id is not None:
            possible = possible and terms.duration_seconds is None and quantity == 1 and holds
        try:
            deal = self.do(act())
        except SeraphimError:
            assert not possible
            return
        assert possible
        assert deal.coins == value
        self.model.coins[user_id] += value
        self.model.take(user_id, number, quantity)
        self.model.shelve(number, quantity)
        self.model.held.pop((user_id, number), None)
        self.deals.append((act, deal))

    @rule(data=st.data())
    def repeat_a_deal(self, data: st.DataObject) -> None:
        if not self.deals:
            return
        act, first = data.draw(st.sampled_from(self.deals))
        assert self.do(act()) == replace(first, repeated=True)

    @rule(user_id=people, quantity=pieces, twice=st.booleans())
    def use(self, user_id: UserId, quantity: int, *, twice: bool) -> None:
        key = self.key()
        for _ in range(2 if twice else 1):
            try:
                self.do(self.house.inventories.use(self.guild, user_id, "Aegis", quantity, key=key))
            except SeraphimError:
                assert self.model.owned[user_id, 1] < quantity
                return
        assert self.model.owned[user_id, 1] >= quantity
        self.model.take(user_id, 1, quantity)
        self.model.used[1] += quantity

    @rule(first=people, second=people)
    def open_a_trade(self, first: UserId, second: UserId) -> None:
        try:
            table = self.do(
                self.house.trades.open(self.guild, CHANNEL, first, second, key=self.key())
            )
        except SeraphimError:
            return
        self.trades.append((table.trade.trade_id, first, second))

    @rule(first=people, second=people, number=shelf, quantity=pieces, coins=st.integers(0, 60))
    def trade_to_the_end(
        self, first: UserId, second: UserId, number: int, quantity: int, coins: int
    ) -> None:
        """The first gives pieces, the second coins, and both agree."""
        trades, guild, item_id = self.house.trades, self.guild, self.items[number].item_id
        try:
            table = self.do(trades.open(guild, CHANNEL, first, second, key=self.key()))
        except SeraphimError:
            return
        trade_id, terms = table.trade.trade_id, SHELF[number][0]
        enough = self.model.owned[first, number] >= quantity and terms.role_id is None
        try:
            self.do(trades.set_item(guild, trade_id, first, item_id, quantity, key=self.key()))
            assert enough
            table = self.do(trades.set_coins(guild, trade_id, second, coins, key=self.key()))
        except SeraphimError:
            assert not enough or coins > self.model.coins[second]
            self.do(trades.cancel(guild, trade_id, first, key=self.key()))
            return
        version = table.trade.version
        self.do(trades.confirm(guild, trade_id, second, version, key=self.key()))
        verdict = self.do(trades.confirm(guild, trade_id, first, version, key=self.key()))
        limit, have = terms.member_limit, self.model.owned[second, number]
        if limit is not None and have + quantity > limit:
            assert verdict.problem is not None
            self.do(trades.cancel(guild, trade_id, first, key=self.key()))
            return
        assert verdict.table.trade.status == "done"
        self.move(first, second, table.trade.first)
        self.move(second, first, table.trade.second)

    @rule(data=st.data(), number=shelf, quantity=st.integers(0, 3), coins=st.integers(0, 300))
    def change_an_offer(self, data: st.DataObject, number: int, quantity: int, coins: int) -> None:
        if not self.trades:
            return
        trade_id, first, second = data.draw(st.sampled_from(self.trades[-3:]))
        who = data.draw(st.sampled_from([first, second]))
        trades, key = self.house.trades, self.key()
        try:
            if data.draw(st.booleans()):
                item_id = self.items[number].item_id
                self.do(trades.set_item(self.guild, trade_id, who, item_id, quantity, key=key))
            else:
                self.do(trades.set_coins(self.guild, trade_id, who, coins, key=key))
        except SeraphimError:
            return

    @rule(data=st.data(), late=st.booleans())
    def confirm_a_trade(self, data: st.DataObject, *, late: bool) -> None:
        if not self.trades:
            return
        trade_id, first, second = data.draw(st.sampled_from(self.trades[-3:]))
        trades = self.house.trades
        trade = self.do(trades.look(self.guild, trade_id)).trade
        version = trade.version - 1 if late else trade.version
        for who in data.draw(st.sampled_from([[first], [second], [first, second], PEOPLE])):
            try:
                verdict = self.do(
                    trades.confirm(self.guild, trade_id, who, version, key=self.key())
                )
            except TradeMoved:
                assert late or trade.status == "open"
                continue
            except SeraphimError:
                continue
            assert not late
            if verdict.table.trade.status == "done":
                self.move(first, second, trade.first)
                self.move(second, first, trade.second)

    def move(self, giver: UserId, taker: UserId, offer: Offer) -> None:
        self.model.coins[giver] -= offer.coins
        self.model.coins[taker] += offer.coins
        numbers = {item.item_id: number for number, item in enumerate(self.items)}
        for item_id, count in offer.items.items():
            paid = self.model.take(giver, numbers[item_id], count)
            self.model.give(taker, numbers[item_id], count, paid)

    @rule(data=st.data())
    def cancel_a_trade(self, data: st.DataObject) -> None:
        if not self.trades:
            return
        trade_id, first, _ = data.draw(st.sampled_from(self.trades))
        try:
            self.do(self.house.trades.cancel(self.guild, trade_id, first, key=self.key()))
        except SeraphimError:
            return

    @rule(number=shelf, price=st.integers(1, 60))
    def change_a_price(self, number: int, price: int) -> None:
        name = SHELF[number][0].name
        self.do(self.house.editing.edit(self.guild, name, {"price": price}, ADMIN))

    @rule(number=st.sampled_from([0, 1, 3, 4]), count=st.integers(-2, 3))
    def restock(self, number: int, count: int) -> None:
        try:
            self.do(self.house.editing.restock(self.guild, SHELF[number][0].name, count, ADMIN))
        except SeraphimError:
            return
        self.model.shelve(number, count)

    @rule(
        refusal=st.sampled_from([None, None, "role_too_high", "role_gone", "member_gone"]),
        outage=st.booleans(),
    )
    def change_discord(self, refusal: Refusal | None, *, outage: bool) -> None:
        self.house.roles.refusal, self.house.roles.outage = refusal, outage

    @rule(seconds=st.sampled_from([0, 0, 0, 60, 700, 3600]))
    def work(self, seconds: int) -> None:
        """Let time pass and the jobs run; an order is given or paid back, and roles end."""
        self.do(self.house.clock.advance(seconds))
        self.do(self.house.worker.run_due())
        now_ms = self.house.clock.now_ms()
        for number in range(len(SHELF)):
            for user_id in PEOPLE:
                count, until_ms = self.model.held.get((user_id, number), (0, None))
                if until_ms is not None and until_ms <= now_ms:
                    del self.model.held[user_id, number]
                    self.model.take(user_id, number, count)
                    self.model.used[number] += count
        for order in tuple(self.model.pending):
            self._follow(order, now_ms)

    def _follow(self, pending: Pending, now_ms: int) -> None:
        order = self.do(self.house.db.read(find_order, pending.order_id))
        assert order is not None
        if order.state == "granting":
            return
        self.model.pending.remove(pending)
        key = (pending.user_id, pending.number)
        if order.state == "refunded":
            self.model.coins[pending.user_id] += pending.paid
            self.model.take(*key, 1)
            self.model.shelve(pending.number, 1)
            return
        count, until_ms = self.model.held.get(key, (0, None))
        seconds = SHELF[pending.number][0].duration_seconds
        if seconds is not None:
            until_ms = max(now_ms, until_ms or 0) + seconds * 1000
        self.model.held[key] = (count + 1, until_ms)

    def price(self, number: int) -> int:
        item = self.do(
            self.house.db.read(item_store.find_item, self.guild, self.items[number].item_id)
        )
        assert item is not None
        return item.terms.price

    @invariant()
    def everything_is_where_the_model_says(self) -> None:
        if not self.items:
            return
        self.do(self.house.db.read(self._compare))

    def _compare(self, conn: Connection) -> None:
        model, bank = self.model, self.house.bank
        coins = {user_id: bank.balance(conn, self.guild, user_id) for user_id in PEOPLE}
        assert coins == {user_id: model.coins[user_id] for user_id in PEOPLE}
        waiting = sum(pending.paid for pending in model.pending)
        books = supply(conn, self.guild)
        assert (books.persons, books.escrow) == (sum(coins.values()), waiting)
        assert books.minted - books.burned == books.total
        assert books.systems["mint"].paid == MINTED * len(PEOPLE)
        found = conn.execute(
            select(shop_inventory).where(shop_inventory.c.guild_id == self.guild)
        ).all()
        assert all(row.quantity or not row.paid for row in found)
        owned = {(row.user_id, row.item_id): row.quantity for row in found if row.quantity}
        for number, known in enumerate(self.items):
            item = item_store.find_item(conn, self.guild, known.item_id)
            assert item is not None
            theirs = [owned.pop((user_id, item.item_id), 0) for user_id in PEOPLE]
            assert theirs == [model.owned[user_id, number] for user_id in PEOPLE]
            assert (item.stock, item.used) == (model.stock[number], model.used[number])
            assert item.sold == sum(theirs) + item.used
            limit = item.terms.member_limit
            assert limit is None or max(theirs) <= limit
        assert owned == {}

    def teardown(self) -> None:
        """Discord comes back: every order ends, and Discord agrees with what is held."""
        if not self.items:
            return
        self.house.roles.refusal, self.house.roles.outage = None, False
        for _ in range(DELIVERY_ATTEMPTS):
            self.do(self.house.clock.advance(4 * 3600))
            self.work(0)
        assert self.model.pending == []
        self.everything_is_where_the_model_says()
        rows = self.do(self.house.db.read(self._held))
        assert self.house.roles.of(self.guild) >= rows
        assert {key[0]: 0 for key in self.model.held}.keys() == {user for user, _ in rows}

    def _held(self, conn: Connection) -> set[tuple[int, int]]:
        c = shop_roles.c
        rows = conn.execute(select(c.user_id, c.role_id).where(c.guild_id == self.guild))
        return {(row.user_id, row.role_id) for row in rows}


def test_any_order_makes_and_loses_nothing(database_url: str) -> None:
    with asyncio.Runner() as runner:
        db = runner.run(open_database(database_url))
        house = House(db, ManualClock())
        kind = type("ShopOnEngine", (ShopInAnyOrder,), {"run": runner, "house": house})
        try:
            run_state_machine_as_test(
                kind,
                settings=settings(
                    max_examples=15,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
                ),
            )
        finally:
            runner.run(db.close())
