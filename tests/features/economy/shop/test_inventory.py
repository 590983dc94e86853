"""Using items: effects go in force once, are spent once, and end in time."""

import asyncio

import pytest
from tests.features.economy.shop.shops import ALICE, BOB, GUILD, House, buyer

from seraphim.features.economy.rules.items import Item, Terms
from seraphim.features.economy.rules.shop import ItemUnknown, NotEnoughItems, NotUsable
from seraphim.features.economy.store.item_effects import (
    consume_effect,
    consume_shield,
    find_effect,
    has_shield,
)
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.errors import InvalidInput

HOUR = 3600


@pytest.fixture
async def shield(house: House) -> Item:
    """Alice has three shields that wait an hour."""
    found = await house.add(Terms("Aegis", "effect", 10, effect="shield", duration_seconds=HOUR))
    await house.pay(ALICE, 1000)
    await house.shop.buy(buyer(ALICE), "Aegis", 3, key="shields")
    return found


async def _shielded(house: House) -> bool:
    return await house.db.read(has_shield, GUILD, ALICE, house.clock.now_ms())


async def _rob(house: House) -> bool:
    return await house.db.write(consume_shield, GUILD, ALICE, house.clock.now_ms())


async def test_a_shield_stops_one_robbery(house: House, shield: Item) -> None:
    assert not await _shielded(house)
    used = await house.inventories.use(GUILD, ALICE, "aegis", 1, key="a")
    assert (used.left, used.uses, used.effect) == (2, 1, "shield")
    assert await _shielded(house)
    assert [await _rob(house), await _rob(house)] == [True, False]
    assert not await _shielded(house)
    assert (await house.item(shield)).used == 1
    await house.check()


async def test_a_shield_waits_only_so_long(house: House, shield: Item) -> None:
    del shield
    await house.inventories.use(GUILD, ALICE, "Aegis", 1, key="a")
    await house.clock.advance(HOUR)
    assert not await _rob(house)
    used = await house.inventories.use(GUILD, ALICE, "Aegis", 1, key="b")
    assert used.uses == 1  # what ran out does not come back


async def test_several_add_up(house: House, shield: Item) -> None:
    del shield
    await house.inventories.use(GUILD, ALICE, "Aegis", 2, key="a")
    used = await house.inventories.use(GUILD, ALICE, "Aegis", 1, key="b")
    assert (used.uses, used.left) == (3, 0)
    assert [await _rob(house) for _ in range(4)] == [True, True, True, False]


async def test_the_same_interaction_uses_once_and_answers_the_same(
    house: House, shield: Item
) -> None:
    first = await house.inventories.use(GUILD, ALICE, "Aegis", 2, key="a")
    assert await house.inventories.use(GUILD, ALICE, "Aegis", 2, key="a") == first
    assert await house.owned(ALICE, shield) == 1
    await house.editing.remove(GUILD, "Aegis", BOB)
    last = await house.inventories.use(GUILD, ALICE, "Aegis", 1, key="b")
    assert await house.inventories.use(GUILD, ALICE, "Aegis", 1, key="b") == last
    assert last.left == 0


async def test_nobody_uses_what_they_do_not_have(house: House, shield: Item) -> None:
    with pytest.raises(NotEnoughItems):
        await house.inventories.use(GUILD, ALICE, "Aegis", 4, key="a")
    with pytest.raises(NotEnoughItems):
        await house.inventories.use(GUILD, BOB, "Aegis", 1, key="b")
    with pytest.raises(ItemUnknown):
        await house.inventories.use(GUILD, BOB, "Excalibur", 1, key="c")
    with pytest.raises(InvalidInput):
        await house.inventories.use(GUILD, ALICE, "Aegis", 0, key="d")
    assert await house.owned(ALICE, shield) == 3


async def test_a_collectible_is_to_have(house: House) -> None:
    await house.add(Terms("Gem", "collectible", 10))
    await house.pay(ALICE, 10)
    await house.shop.buy(buyer(ALICE), "Gem", 1, key="a")
    with pytest.raises(NotUsable):
        await house.inventories.use(GUILD, ALICE, "Gem", 1, key="b")


async def test_what_is_off_sale_can_still_be_used(house: House, shield: Item) -> None:
    await house.editing.remove(GUILD, "Aegis", BOB)
    assert (await house.inventories.use(GUILD, ALICE, "Aegis", 1, key="a")).left == 2
    assert await house.owned(ALICE, shield) == 2


async def test_a_booster_doubles_once(house: House) -> None:
    await house.add(Terms("Coffee", "effect", 10, effect="work"))
    await house.pay(ALICE, 10)
    await house.shop.buy(buyer(ALICE), "Coffee", 1, key="a")
    now_ms = house.clock.now_ms()
    assert await house.db.write(consume_effect, GUILD, ALICE, "work", now_ms) == 100
    await house.inventories.use(GUILD, ALICE, "Coffee", 1, key="b")
    active = await house.db.read(find_effect, GUILD, ALICE, "work", now_ms)
    assert active is not None
    assert await house.db.write(consume_effect, GUILD, BOB, "work", now_ms) == 100
    assert await house.db.write(consume_effect, GUILD, ALICE, "daily", now_ms) == 100
    assert await house.db.write(consume_effect, GUILD, ALICE, "work", now_ms) == 200
    assert await house.db.write(consume_effect, GUILD, ALICE, "work", now_ms) == 100


async def test_belongings_show_pieces_effects_and_when_a_role_ends(
    house: House, shield: Item
) -> None:
    await house.inventories.use(GUILD, ALICE, "Aegis", 1, key="a")
    seen = await house.inventories.look(GUILD, ALICE)
    assert [(one.item.item_id, one.quantity) for one in seen.possessions] == [(shield.item_id, 2)]
    assert [(one.kind.name, one.uses) for one in seen.effects] == [("shield", 1)]
    assert (await house.inventories.look(GUILD, BOB)).possessions == ()
    assert (await house.inventories.look(type(GUILD)(2), ALICE)).possessions == ()


async def test_the_last_piece_is_used_once_by_two_processes(
    database: Database, database_url: str, house: House, shield: Item
) -> None:
    await house.inventories.use(GUILD, ALICE, "Aegis", 2, key="first")
    other = house
    second: Database | None = None
    if database.dialect == "postgresql":
        second = await open_database(database_url)
        other = House(second, house.clock)
    outcomes = await asyncio.gather(
        *(
            (house if number % 2 else other).inventories.use(
                GUILD, ALICE, "Aegis", 1, key=f"u{number}"
            )
            for number in range(4)
        ),
        return_exceptions=True,
    )
    if second is not None:
        await second.close()
    refused = [each for each in outcomes if isinstance(each, NotEnoughItems)]
    assert len(refused) == 3
    assert (await house.item(shield)).used == 3
    await house.check()
