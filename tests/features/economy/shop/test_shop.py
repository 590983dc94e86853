"""Buying and selling on both engines: what may be had, what it costs, and what is refused."""

import asyncio

import pytest
from tests.features.economy.shop.shops import ALICE, BOB, GUILD, ROLE, House, buyer

from seraphim.features.economy.rules.errors import AnswerForgotten, InsufficientFunds
from seraphim.features.economy.rules.items import Terms
from seraphim.features.economy.rules.shop import (
    HasRoleAlready,
    ItemUnknown,
    LevelRequired,
    MemberLimit,
    NotEnoughItems,
    NotSellable,
    OutOfStock,
    PriceChanged,
    RoleRequired,
    SoldOut,
    purchase_choice,
)
from seraphim.features.economy.service.shop import ShopRules
from seraphim.features.economy.store.ledger_reading import forget_person
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.ids import RoleId, UserId

GEM = Terms("Gem", "collectible", 100)


async def test_a_purchase_moves_price_stock_and_piece(house: House) -> None:
    gem = await house.add(GEM, 5)
    await house.pay(ALICE, 1000)
    deal = await house.shop.buy(buyer(ALICE), "gem", 3, key="a")
    assert (deal.coins, deal.balance, deal.owned, deal.repeated) == (300, 700, 3, False)
    assert (await house.item(gem)).stock == 2
    assert await house.owned(ALICE, gem) == 3
    await house.check()


async def test_the_same_interaction_buys_once_and_answers_the_same(house: House) -> None:
    gem = await house.add(GEM, 5)
    await house.pay(ALICE, 1000)
    first = await house.shop.buy(buyer(ALICE), "Gem", 2, key="a")
    second = await house.shop.buy(buyer(ALICE), "Gem", 2, key="a")
    assert second.repeated
    assert (second.coins, second.balance, second.owned) == (
        first.coins,
        first.balance,
        first.owned,
    )
    assert await house.balance(ALICE) == 800
    assert (await house.item(gem)).stock == 3


async def test_the_same_interaction_answers_the_same_even_when_nothing_is_left(
    house: House,
) -> None:
    gem = await house.add(GEM, 1)
    await house.pay(ALICE, 100)
    await house.shop.buy(buyer(ALICE), "Gem", 1, key="a")
    await house.editing.remove(GUILD, "Gem", BOB)
    again = await house.shop.buy(buyer(ALICE), purchase_choice(gem), 1, key="a")
    assert again.repeated
    assert again.owned == 1


async def test_too_little_money_buys_nothing_and_keeps_the_stock(house: House) -> None:
    gem = await house.add(GEM, 5)
    await house.pay(ALICE, 150)
    with pytest.raises(InsufficientFunds):
        await house.shop.buy(buyer(ALICE), "Gem", 2, key="a")
    assert (await house.item(gem)).stock == 5
    assert await house.balance(ALICE) == 150
    assert await house.owned(ALICE, gem) == 0


async def test_what_is_sold_out_or_too_few_is_said(house: House) -> None:
    await house.add(GEM, 1)
    await house.pay(ALICE, 1000)
    with pytest.raises(OutOfStock, match="only 1 left"):
        await house.shop.buy(buyer(ALICE), "Gem", 2, key="a")
    await house.shop.buy(buyer(ALICE), "Gem", 1, key="b")
    with pytest.raises(SoldOut, match="sold out"):
        await house.shop.buy(buyer(ALICE), "Gem", 1, key="c")
    assert await house.balance(ALICE) == 900


async def test_an_endless_stock_stays_endless(house: House) -> None:
    gem = await house.add(GEM)
    await house.pay(ALICE, 100_000)
    await house.shop.buy(buyer(ALICE), "Gem", 1000, key="a")
    assert (await house.item(gem)).stock is None
    assert (await house.item(gem)).sold == 1000


async def test_a_changed_price_buys_nothing(house: House) -> None:
    gem = await house.add(GEM, 5)
    await house.pay(ALICE, 1000)
    seen = purchase_choice(gem)
    await house.editing.edit(GUILD, "Gem", {"price": 40}, BOB)
    with pytest.raises(PriceChanged, match="from 100 to 40"):
        await house.shop.buy(buyer(ALICE), seen, 1, key="a")
    assert await house.balance(ALICE) == 1000
    assert (await house.item(gem)).stock == 5


async def test_a_limit_counts_what_the_member_holds(house: House) -> None:
    gem = await house.add(Terms("Gem", "collectible", 10, member_limit=2), 9)
    await house.pay(ALICE, 1000)
    with pytest.raises(MemberLimit):
        await house.shop.buy(buyer(ALICE), "Gem", 3, key="a")
    await house.shop.buy(buyer(ALICE), "Gem", 2, key="b")
    with pytest.raises(MemberLimit, match="There would be 3"):
        await house.shop.buy(buyer(ALICE), "Gem", 1, key="c")
    assert (await house.item(gem)).stock == 7
    assert await house.balance(ALICE) == 980
    await house.shop.sell(GUILD, ALICE, "Gem", 1, key="d")
    assert (await house.shop.buy(buyer(ALICE), "Gem", 1, key="e")).owned == 2


async def test_requirements_are_checked(house: House) -> None:
    await house.add(Terms("Crown", "collectible", 10, required_role_id=RoleId(5)))
    await house.add(Terms("Sword", "collectible", 10, required_level=3))
    await house.pay(ALICE, 100)
    with pytest.raises(RoleRequired, match="<@&5>"):
        await house.shop.buy(buyer(ALICE, 4), "Crown", 1, key="a")
    with pytest.raises(LevelRequired, match="level 3"):
        await house.shop.buy(buyer(ALICE, level=2), "Sword", 1, key="b")
    with pytest.raises(LevelRequired):
        await house.shop.buy(buyer(ALICE), "Sword", 1, key="c")
    await house.shop.buy(buyer(ALICE, 4, 5), "Crown", 1, key="d")
    await house.shop.buy(buyer(ALICE, level=3), "Sword", 1, key="e")
    assert await house.balance(ALICE) == 80


async def test_what_the_shop_does_not_have_is_said(house: House) -> None:
    await house.add(GEM)
    for named in (
        "Gold",
        "99@1",
        "1@",
        "@",
        "\uff11@100",
        "9" * 50 + "@1",
        "9" * 20 + "@1",
        "1@" + "9" * 30,
    ):
        with pytest.raises(ItemUnknown):
            await house.shop.buy(buyer(ALICE), named, 1, key=named)


async def test_selling_pays_the_guilds_share_and_refills_the_shelf(house: House) -> None:
    gem = await house.add(GEM, 5)
    await house.pay(ALICE, 300)
    await house.shop.buy(buyer(ALICE), "Gem", 3, key="a")
    house.rules = ShopRules(sell_back_percent=25)
    deal = await house.shop.sell(GUILD, ALICE, "Gem", 2, key="b")
    again = await house.shop.sell(GUILD, ALICE, "Gem", 2, key="b")
    assert (deal.coins, deal.balance, deal.owned) == (50, 50, 1)
    assert (again.coins, again.owned, again.repeated) == (50, 1, True)
    assert (await house.item(gem)).stock == 4
    await house.check()


async def test_an_old_purchase_is_not_repeated_for_who_was_forgotten(house: House) -> None:
    gem = await house.add(GEM, 5)
    await house.pay(ALICE, 300)
    await house.shop.buy(buyer(ALICE), "Gem", 1, key="a")
    await house.shop.sell(GUILD, ALICE, "Gem", 1, key="b")
    await house.privacy.erase(GUILD, ALICE)
    await house.db.write(forget_person, GUILD, ALICE)
    with pytest.raises(AnswerForgotten):
        await house.shop.buy(buyer(ALICE), "Gem", 1, key="a")
    with pytest.raises(AnswerForgotten):
        await house.shop.sell(GUILD, ALICE, "Gem", 1, key="b")
    assert (await house.item(gem)).stock == 5


async def test_a_raised_price_makes_no_coins(house: House) -> None:
    await house.add(GEM, 50)
    await house.pay(ALICE, 400)
    await house.shop.buy(buyer(ALICE), "Gem", 3, key="a")
    await house.editing.edit(GUILD, "Gem", {"price": 90_000}, UserId(1))
    assert (await house.shop.sell(GUILD, ALICE, "Gem", 1, key="b")).coins == 100
    assert (await house.shop.sell(GUILD, ALICE, "Gem", 2, key="c")).coins == 200
    assert await house.balance(ALICE) == 400
    await house.check()


async def test_pieces_of_two_prices_cost_their_average_and_no_more(house: House) -> None:
    await house.add(GEM, 50)
    await house.pay(ALICE, 1000)
    await house.shop.buy(buyer(ALICE), "Gem", 2, key="a")
    await house.editing.edit(GUILD, "Gem", {"price": 301}, UserId(1))
    await house.shop.buy(buyer(ALICE), "Gem", 1, key="b")
    await house.editing.edit(GUILD, "Gem", {"price": 90_000}, UserId(1))
    deals = [await house.shop.sell(GUILD, ALICE, "Gem", 1, key=f"c{n}") for n in range(3)]
    assert [deal.coins for deal in deals] == [167, 167, 167]
    assert await house.balance(ALICE) == 1000


async def test_a_role_that_was_temporary_is_not_sold_when_it_becomes_one_for_good(
    house: House,
) -> None:
    terms = Terms("Guest", "role", 100, role_id=ROLE, duration_seconds=3600)
    await house.add(terms, 5)
    await house.pay(ALICE, 100)
    await house.shop.buy(buyer(ALICE), "Guest", 1, key="a")
    await house.worker.run_due()
    await house.editing.edit(GUILD, "Guest", {"duration_seconds": None}, UserId(1))
    with pytest.raises(NotSellable):
        await house.shop.sell(GUILD, ALICE, "Guest", 1, key="b")
    assert await house.balance(ALICE) == 0


async def test_a_role_held_for_good_is_not_bought_again_as_a_temporary_one(house: House) -> None:
    await house.add(Terms("Guest", "role", 100, role_id=ROLE), 5)
    await house.pay(ALICE, 200)
    await house.shop.buy(buyer(ALICE), "Guest", 1, key="a")
    await house.worker.run_due()
    await house.editing.edit(GUILD, "Guest", {"duration_seconds": 3600}, UserId(1))
    with pytest.raises(HasRoleAlready):
        await house.shop.buy(buyer(ALICE, ROLE), "Guest", 1, key="b")
    assert await house.balance(ALICE) == 100


async def test_nobody_sells_what_they_do_not_have(house: House) -> None:
    gem = await house.add(GEM, 5)
    await house.pay(ALICE, 100)
    await house.shop.buy(buyer(ALICE), "Gem", 1, key="a")
    with pytest.raises(NotEnoughItems, match="you have 1, not 2"):
        await house.shop.sell(GUILD, ALICE, "Gem", 2, key="b")
    with pytest.raises(NotEnoughItems):
        await house.shop.sell(GUILD, BOB, "Gem", 1, key="c")
    assert (await house.item(gem)).stock == 4
    assert await house.balance(BOB) == 0


async def test_what_is_worth_nothing_is_not_taken(house: House) -> None:
    await house.add(Terms("Pebble", "collectible", 1), 5)
    await house.pay(ALICE, 2)
    await house.shop.buy(buyer(ALICE), "Pebble", 2, key="a")
    with pytest.raises(NotSellable):
        await house.shop.sell(GUILD, ALICE, "Pebble", 1, key="b")
    assert (await house.shop.sell(GUILD, ALICE, "Pebble", 2, key="c")).coins == 1


async def test_a_member_may_not_hold_another_guilds_item(house: House) -> None:
    gem = await house.add(GEM, 5)
    stranger = buyer(ALICE)
    other = type(stranger)(type(GUILD)(2), ALICE, stranger.channel_id)
    with pytest.raises(ItemUnknown):
        await house.shop.buy(other, purchase_choice(gem), 1, key="a")


async def test_of_many_who_want_the_last_piece_exactly_one_gets_it(
    database: Database, database_url: str, house: House
) -> None:
    gem = await house.add(GEM, 1)
    people = [UserId(100 + number) for number in range(8)]
    for user_id in people:
        await house.pay(user_id, 100)
    other = house
    second: Database | None = None
    if database.dialect == "postgresql":  # two processes
        second = await open_database(database_url)
        other = House(second, house.clock)
    outcomes = await asyncio.gather(
        *(
            (house if number % 2 else other).shop.buy(buyer(user_id), "Gem", 1, key=f"k{user_id}")
            for number, user_id in enumerate(people)
        ),
        return_exceptions=True,
    )
    if second is not None:
        await second.close()
    bought = [each for each in outcomes if not isinstance(each, BaseException)]
    assert len(bought) == 1
    assert all(isinstance(each, SoldOut) for each in outcomes if each not in bought)
    assert (await house.item(gem)).stock == 0
    assert sum([await house.owned(user_id, gem) for user_id in people]) == 1
    assert sum([await house.balance(user_id) for user_id in people]) == 700


async def test_one_interaction_taken_by_two_processes_at_once_buys_once(
    database: Database, database_url: str, house: House
) -> None:
    gem = await house.add(GEM, 9)
    await house.pay(ALICE, 1000)
    other = house
    second: Database | None = None
    if database.dialect == "postgresql":
        second = await open_database(database_url)
        other = House(second, house.clock)
    deals = await asyncio.gather(
        *(
            (house if number % 2 else other).shop.buy(buyer(ALICE), "Gem", 2, key="same")
            for number in range(6)
        )
    )
    if second is not None:
        await second.close()
    assert [deal.repeated for deal in deals].count(False) == 1
    assert {(deal.coins, deal.balance, deal.owned) for deal in deals} == {(200, 800, 2)}
    assert await house.owned(ALICE, gem) == 2
    assert (await house.item(gem)).stock == 7
