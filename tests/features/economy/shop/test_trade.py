"""Trades on both engines: offers, confirmations, one exchange, and every way out without one."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.features.economy.shop.shops import ALICE, BOB, CAROL, CHANNEL, GUILD, ROLE, House, buyer

from seraphim.features.economy.rules.errors import AccountFrozen, InsufficientFunds
from seraphim.features.economy.rules.items import Item, Terms
from seraphim.features.economy.rules.shop import MemberLimit, NotEnoughItems
from seraphim.features.economy.rules.trade import (
    MAX_OFFERED_ITEMS,
    MAX_OPEN_TRADES,
    NotTradable,
    NotYourTrade,
    OfferTooLong,
    TooManyTrades,
    Trade,
    TradeEmpty,
    TradeMoved,
    TradeOver,
    TradeShort,
    TradeWithSelf,
)
from seraphim.features.economy.service.shop import ShopRules
from seraphim.features.economy.service.trade import Verdict
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import UserId


@pytest.fixture
async def gem(house: House) -> Item:
    """Alice has five gems and 500 coins, bob 300 coins."""
    found = await house.add(Terms("Gem", "collectible", 100), 20)
    await house.pay(ALICE, 1000)
    await house.pay(BOB, 300)
    await house.shop.buy(buyer(ALICE), "Gem", 5, key="gems")
    return found


async def _open(house: House, first: UserId = ALICE, second: UserId = BOB) -> Trade:
    table = await house.trades.open(GUILD, CHANNEL, first, second, key=house.key())
    return table.trade


async def _look(house: House, trade: Trade) -> Trade:
    return (await house.trades.look(GUILD, trade.trade_id)).trade


async def _confirm(house: House, trade: Trade, user_id: UserId) -> Verdict:
    """Confirm what is on the table now."""
    now = await _look(house, trade)
    return await house.trades.confirm(GUILD, trade.trade_id, user_id, now.version, key=house.key())


async def _offer(house: House, trade: Trade, user_id: UserId, item: Item, pieces: int) -> None:
    await house.trades.set_item(
        GUILD, trade.trade_id, user_id, item.item_id, pieces, key=house.key()
    )


async def _coins(house: House, trade: Trade, user_id: UserId, coins: int) -> None:
    await house.trades.set_coins(GUILD, trade.trade_id, user_id, coins, key=house.key())


async def test_two_confirmations_move_everything_both_ways(house: House, gem: Item) -> None:
    trade = await _open(house)
    await _offer(house, trade, ALICE, gem, 2)
    await _coins(house, trade, ALICE, 10)
    await _coins(house, trade, BOB, 250)
    first = await _confirm(house, trade, ALICE)
    assert first.table.trade.status == "open"
    assert await house.owned(BOB, gem) == 0
    done = await _confirm(house, trade, BOB)
    assert done.problem is None
    assert done.table.trade.status == "done"
    assert (await house.owned(ALICE, gem), await house.owned(BOB, gem)) == (3, 2)
    assert (await house.balance(ALICE), await house.balance(BOB)) == (740, 60)
    await house.check()


async def test_what_a_thing_had_cost_goes_with_it(house: House, gem: Item) -> None:
    trade = await _open(house)
    await _offer(house, trade, ALICE, gem, 2)
    await _confirm(house, trade, ALICE)
    await _confirm(house, trade, BOB)
    await house.editing.edit(GUILD, "Gem", {"price": 90_000}, UserId(1))
    assert (await house.shop.sell(GUILD, BOB, "Gem", 2, key="bob")).coins == 200
    assert (await house.shop.sell(GUILD, ALICE, "Gem", 3, key="alice")).coins == 300
    await house.check()


@pytest.mark.parametrize("who", [ALICE, BOB])
@pytest.mark.parametrize("agreed", [ALICE, BOB])
async def test_any_change_takes_both_confirmations_back(
    house: House, gem: Item, who: UserId, agreed: UserId
) -> None:
    trade = await _open(house)
    other = BOB if agreed == ALICE else ALICE
    await _offer(house, trade, ALICE, gem, 1)
    await _coins(house, trade, BOB, 100)
    changes: list[Callable[[], Awaitable[object]]] = [
        lambda: _coins(house, trade, who, 1),
        lambda: house.trades.clear(GUILD, trade.trade_id, who, key=house.key()),
    ]
    if who == ALICE:
        changes.append(lambda: _offer(house, trade, who, gem, 2))
    for change in changes:
        await _confirm(house, trade, agreed)
        old = await _look(house, trade)
        assert old.offer_of(agreed).confirmed
        await change()
        now = await _look(house, trade)
        assert not now.first.confirmed
        assert not now.second.confirmed
        with pytest.raises(TradeMoved):  # the old button
            await house.trades.confirm(GUILD, trade.trade_id, other, old.version, key=house.key())
        await _coins(house, trade, BOB, 100)
    assert await house.owned(BOB, gem) == 0


async def test_one_side_alone_settles_nothing(house: House, gem: Item) -> None:
    trade = await _open(house)
    await _offer(house, trade, ALICE, gem, 1)
    for _ in range(3):
        await _confirm(house, trade, ALICE)
    now = await _look(house, trade)
    assert now.status == "open"
    assert (now.first.confirmed, now.second.confirmed) == (True, False)


async def test_strangers_change_and_confirm_nothing(house: House, gem: Item) -> None:
    trade = await _open(house)
    await _offer(house, trade, ALICE, gem, 1)
    before = await _look(house, trade)
    for act in (
        lambda: _coins(house, trade, CAROL, 1),
        lambda: _offer(house, trade, CAROL, gem, 1),
        lambda: _confirm(house, trade, CAROL),
        lambda: house.trades.clear(GUILD, trade.trade_id, CAROL, key=house.key()),
        lambda: house.trades.cancel(GUILD, trade.trade_id, CAROL, key=house.key()),
        lambda: house.trades.look_open(GUILD, trade.trade_id, CAROL),
    ):
        with pytest.raises(NotYourTrade):
            await act()
    assert await _look(house, trade) == before


async def test_nobody_offers_more_than_they_have(house: House, gem: Item) -> None:
    trade = await _open(house)
    with pytest.raises(InsufficientFunds):
        await _coins(house, trade, BOB, 301)
    with pytest.raises(InsufficientFunds):
        await _coins(house, trade, BOB, -1)
    with pytest.raises(NotEnoughItems):
        await _offer(house, trade, ALICE, gem, 6)
    with pytest.raises(NotEnoughItems):
        await _offer(house, trade, BOB, gem, 1)
    with pytest.raises(InvalidInput):
        await _offer(house, trade, ALICE, gem, -1)
    assert (await _look(house, trade)).version == 1


async def test_an_empty_trade_cannot_be_confirmed(house: House, gem: Item) -> None:
    trade = await _open(house)
    with pytest.raises(TradeEmpty):
        await _confirm(house, trade, ALICE)
    await _offer(house, trade, ALICE, gem, 1)
    await _offer(house, trade, ALICE, gem, 0)
    with pytest.raises(TradeEmpty):
        await _confirm(house, trade, ALICE)


async def test_what_was_spent_meanwhile_moves_nothing_and_both_confirm_anew(
    house: House, gem: Item
) -> None:
    trade = await _open(house)
    await _offer(house, trade, ALICE, gem, 5)
    await _coins(house, trade, BOB, 300)
    await _confirm(house, trade, ALICE)
    await house.shop.sell(GUILD, ALICE, "Gem", 1, key="sold")
    verdict = await _confirm(house, trade, BOB)
    assert isinstance(verdict.problem, TradeShort)
    assert "5 x Gem" in str(verdict.problem)
    now = verdict.table.trade
    assert (now.status, now.first.confirmed, now.second.confirmed) == ("open", False, False)
    assert (await house.owned(ALICE, gem), await house.owned(BOB, gem)) == (4, 0)
    assert await house.balance(BOB) == 300
    await _offer(house, trade, ALICE, gem, 4)
    await _confirm(house, trade, ALICE)
    assert (await _confirm(house, trade, BOB)).table.trade.status == "done"
    assert await house.owned(BOB, gem) == 4
    await house.check()


async def test_coins_that_only_the_other_side_would_bring_do_not_count(
    house: House, gem: Item
) -> None:
    trade = await _open(house)
    await _coins(house, trade, ALICE, 400)
    await _coins(house, trade, BOB, 300)
    await _confirm(house, trade, ALICE)
    await house.shop.buy(buyer(BOB), "Gem", 1, key="spent")
    verdict = await _confirm(house, trade, BOB)
    assert isinstance(verdict.problem, TradeShort)
    assert (await house.balance(ALICE), await house.balance(BOB)) == (500, 200)
    assert await house.owned(BOB, gem) == 1


async def test_a_limit_a_member_holds_in_trades_too(house: House) -> None:
    crown = await house.add(Terms("Crown", "collectible", 10, member_limit=1))
    for user_id in (ALICE, BOB):
        await house.pay(user_id, 100)
        await house.shop.buy(buyer(user_id), "Crown", 1, key=f"crown{user_id}")
    trade = await _open(house)
    await _offer(house, trade, ALICE, crown, 1)
    await _confirm(house, trade, ALICE)
    verdict = await _confirm(house, trade, BOB)
    assert isinstance(verdict.problem, MemberLimit)
    assert (await house.owned(ALICE, crown), await house.owned(BOB, crown)) == (1, 1)
    swap = await _open(house)  # one against one leaves each with one
    await _offer(house, swap, ALICE, crown, 1)
    await _offer(house, swap, BOB, crown, 1)
    await _confirm(house, swap, ALICE)
    assert (await _confirm(house, swap, BOB)).table.trade.status == "done"


async def test_roles_stay_with_who_bought_them(house: House, gem: Item) -> None:
    del gem
    knight = await house.add(Terms("Knight", "role", 100, role_id=ROLE))
    await house.shop.buy(buyer(ALICE), "Knight", 1, key="role")
    trade = await _open(house)
    with pytest.raises(NotTradable):
        await _offer(house, trade, ALICE, knight, 1)
    assert [item.terms.name for item, _ in await house.trades.tradable(GUILD, ALICE)] == ["Gem"]


async def test_a_frozen_member_neither_gives_nor_takes(house: House, gem: Item) -> None:
    trade = await _open(house)
    await _offer(house, trade, ALICE, gem, 1)
    await _confirm(house, trade, ALICE)
    await house.freeze(ALICE)
    verdict = await _confirm(house, trade, BOB)
    assert isinstance(verdict.problem, AccountFrozen)
    assert await house.owned(BOB, gem) == 0


async def test_a_called_off_trade_is_over(house: House, gem: Item) -> None:
    trade = await _open(house)
    await _offer(house, trade, ALICE, gem, 1)
    await house.trades.cancel(GUILD, trade.trade_id, BOB, key=house.key())
    for act in (
        lambda: _coins(house, trade, ALICE, 1),
        lambda: _confirm(house, trade, ALICE),
        lambda: house.trades.cancel(GUILD, trade.trade_id, ALICE, key=house.key()),
    ):
        with pytest.raises(TradeOver):
            await act()
    assert await house.owned(ALICE, gem) == 5


async def test_a_forgotten_trade_expires_after_the_last_change(house: House, gem: Item) -> None:
    house.rules = ShopRules(trade_minutes=10)
    trade = await _open(house)
    await house.clock.advance(9 * 60)
    await _offer(house, trade, ALICE, gem, 1)
    await house.clock.advance(60)
    await house.worker.run_due()
    assert (await _look(house, trade)).status == "open"
    await house.clock.advance(9 * 60 - 1)
    await _confirm(house, trade, ALICE)  # a confirmation gives no more time
    await house.clock.advance(1)
    with pytest.raises(TradeOver):  # even before the job has run
        await _confirm(house, trade, BOB)
    await house.worker.run_due()
    assert (await _look(house, trade)).status == "expired"
    assert await house.owned(ALICE, gem) == 5


async def test_the_same_interaction_acts_once(house: House, gem: Item) -> None:
    first = await house.trades.open(GUILD, CHANNEL, ALICE, BOB, key="open")
    again = await house.trades.open(GUILD, CHANNEL, ALICE, BOB, key="open")
    assert first.trade.trade_id == again.trade.trade_id
    trade = first.trade
    for _ in range(2):
        await house.trades.set_coins(GUILD, trade.trade_id, ALICE, 50, key="coins")
    assert (await _look(house, trade)).version == 2
    await house.trades.confirm(GUILD, trade.trade_id, ALICE, 2, key="a")
    done = await house.trades.confirm(GUILD, trade.trade_id, BOB, 2, key="b")
    repeated = await house.trades.confirm(GUILD, trade.trade_id, BOB, 2, key="b")
    assert done == repeated
    assert (await house.balance(ALICE), await house.balance(BOB)) == (450, 350)
    del gem


async def test_a_trade_takes_two_and_few_at_a_time(house: House) -> None:
    with pytest.raises(TradeWithSelf):
        await _open(house, ALICE, ALICE)
    for _ in range(MAX_OPEN_TRADES):
        await _open(house, ALICE, BOB)
    with pytest.raises(TooManyTrades, match=f"<@{ALICE}>"):
        await _open(house, ALICE, CAROL)
    with pytest.raises(TooManyTrades, match=f"<@{BOB}>"):
        await _open(house, CAROL, BOB)
    await house.clock.advance(3600)
    await _open(house, ALICE, CAROL)


async def test_an_offer_is_bounded(house: House) -> None:
    await house.pay(ALICE, 1000)
    trade = await _open(house)
    for number in range(MAX_OFFERED_ITEMS + 1):
        item = await house.add(Terms(f"Thing {number}", "collectible", 1))
        await house.shop.buy(buyer(ALICE), f"Thing {number}", 1, key=f"thing{number}")
        if number < MAX_OFFERED_ITEMS:
            await _offer(house, trade, ALICE, item, 1)
        else:
            with pytest.raises(OfferTooLong):
                await _offer(house, trade, ALICE, item, 1)


async def test_another_guilds_trade_is_none(house: House) -> None:
    trade = await _open(house)
    with pytest.raises(TradeOver):
        await house.trades.look(type(GUILD)(2), trade.trade_id)


async def test_both_confirming_at_once_exchange_once(
    database: Database, database_url: str, house: House, gem: Item
) -> None:
    other = house
    second: Database | None = None
    if database.dialect == "postgresql":
        second = await open_database(database_url)
        other = House(second, house.clock)
    for number in range(5):
        trade = await _open(house)
        await _offer(house, trade, ALICE, gem, 1)
        await _coins(house, trade, BOB, 10)
        version = (await _look(house, trade)).version
        verdicts = await asyncio.gather(
            house.trades.confirm(GUILD, trade.trade_id, ALICE, version, key=f"a{number}"),
            other.trades.confirm(GUILD, trade.trade_id, BOB, version, key=f"b{number}"),
        )
        assert sorted(each.table.trade.status for each in verdicts) == ["done", "open"]
    if second is not None:
        await second.close()
    assert (await house.owned(ALICE, gem), await house.owned(BOB, gem)) == (0, 5)
    assert (await house.balance(ALICE), await house.balance(BOB)) == (550, 250)
    await house.check()


async def test_trades_crosswise_over_the_same_things_wait_for_each_other(
    database: Database, database_url: str, house: House, gem: Item
) -> None:
    await house.pay(BOB, 1000)
    await house.shop.buy(buyer(BOB), "Gem", 5, key="bobs")
    coin = await house.add(Terms("Medal", "collectible", 1), 100)
    for user_id in (ALICE, BOB):
        await house.shop.buy(buyer(user_id), "Medal", 10, key=f"medal{user_id}")
    trades = [await _open(house, *pair) for pair in ((ALICE, BOB), (BOB, ALICE), (ALICE, BOB))]
    for trade in trades:
        await _offer(house, trade, trade.first_id, gem, 1)
        await _coins(house, trade, trade.first_id, 5)
        await _offer(house, trade, trade.second_id, coin, 1)
        await _coins(house, trade, trade.second_id, 7)
        await _confirm(house, trade, trade.first_id)
    other = house
    second: Database | None = None
    if database.dialect == "postgresql":
        second = await open_database(database_url)
        other = House(second, house.clock)
    verdicts = await asyncio.gather(
        *(
            _confirm(house if number % 2 else other, trade, trade.second_id)
            for number, trade in enumerate(trades)
        )
    )
    if second is not None:
        await second.close()
    assert [each.table.trade.status for each in verdicts] == ["done"] * 3
    assert (await house.owned(ALICE, gem), await house.owned(BOB, gem)) == (4, 6)
    assert (await house.owned(ALICE, coin), await house.owned(BOB, coin)) == (11, 9)
    await house.check()
