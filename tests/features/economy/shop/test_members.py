"""A member's data in the shop, and the shop's own health."""

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.engine import Connection
from tests.features.economy.shop.shops import ALICE, BOB, CHANNEL, GUILD, ROLE, House, buyer

from seraphim.features.economy.rules.items import Terms
from seraphim.features.economy.service.shop_privacy import OrderOpen
from seraphim.features.economy.service.shop_upkeep import ShopUpkeep
from seraphim.features.economy.store import inventory, shop_orders
from seraphim.features.economy.store.inventory import find_use
from seraphim.features.economy.store.shop_members import forget_member
from seraphim.features.economy.store.shop_tables import shop_inventory
from seraphim.kernel.db import metadata
from seraphim.kernel.ids import RoleId
from seraphim.kernel.jobs import JOBS, Job


async def _live(house: House) -> None:
    """Let alice buy a role and things, use one, and trade with bob."""
    await house.pay(ALICE, 1000)
    await house.add(Terms("Knight", "role", 100, role_id=ROLE))
    await house.add(Terms("Aegis", "effect", 10, effect="shield"), 9)
    gem = await house.add(Terms("Gem", "collectible", 10), 9)
    await house.shop.buy(buyer(ALICE), "Knight", 1, key="role")
    await house.worker.run_due()
    await house.shop.buy(buyer(ALICE), "Aegis", 2, key="aegis")
    await house.shop.buy(buyer(ALICE), "Gem", 3, key="gem")
    await house.inventories.use(GUILD, ALICE, "Aegis", 1, key="use")
    table = await house.trades.open(GUILD, CHANNEL, ALICE, BOB, key="trade")
    number = table.trade.trade_id
    await house.trades.set_item(GUILD, number, ALICE, gem.item_id, 1, key="offer")
    await house.trades.confirm(GUILD, number, ALICE, 2, key="yes")
    await house.trades.confirm(GUILD, number, BOB, 2, key="yes too")


async def test_a_member_gets_everything_the_shop_knows(house: House) -> None:
    await _live(house)
    data = await house.privacy.export(GUILD, ALICE)
    assert msgspec.json.encode(data)
    found = msgspec.json.decode(msgspec.json.encode(data))
    assert [(one["name"], one["quantity"]) for one in found["inventory"]] == [
        ("Knight", 1),
        ("Aegis", 1),
        ("Gem", 2),
    ]
    assert [one["effect"] for one in found["effects"]] == ["shield"]
    assert [one["role_id"] for one in found["roles"]] == [ROLE]
    assert [one["state"] for one in found["orders"]] == ["delivered"]
    assert [(one["with"], one["status"]) for one in found["trades"]] == [(BOB, "done")]


async def test_a_forgotten_member_is_in_no_table_of_the_shop(house: House) -> None:
    await _live(house)
    await house.privacy.erase(GUILD, ALICE)
    assert await house.db.read(_mentions, ALICE) == []
    await house.worker.run_due()
    assert house.roles.held == set()
    await house.check()
    bobs = await house.privacy.export(GUILD, BOB)
    assert [one["name"] for one in bobs["inventory"]] == ["Gem"]  # pyright: ignore[reportIndexIssue, reportUnknownVariableType, reportGeneralTypeIssues]  # JSON


def _mentions(conn: Connection, user_id: int) -> list[str]:
    columns = [
        column
        for table in metadata.tables.values()
        if table.name.startswith("shop_")
        for column in table.columns
        if column.name in {"user_id", "first_id", "second_id"}
    ]
    return [
        str(column)
        for column in columns
        if conn.execute(select(column).where(column == user_id)).all()
    ]


async def test_who_waits_for_a_role_is_forgotten_later(house: House) -> None:
    await house.pay(ALICE, 1000)
    await house.add(Terms("Knight", "role", 100, role_id=ROLE))
    await house.shop.buy(buyer(ALICE), "Knight", 1, key="role")
    with pytest.raises(OrderOpen):
        await house.privacy.erase(GUILD, ALICE)
    await house.worker.run_due()
    await house.privacy.erase(GUILD, ALICE)
    await house.check()


async def test_who_owns_more_things_than_a_list_shows_is_forgotten_with_all_of_them(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inventory, "MAX_LISTED", 2)
    await house.pay(ALICE, 1000)
    for number in range(5):
        await house.add(Terms(f"Gem {number}", "collectible", 10), 9)
        await house.shop.buy(buyer(ALICE), f"Gem {number}", 2, key=f"k{number}")
    await house.privacy.erase(GUILD, ALICE)
    await house.check()


async def test_an_order_that_is_on_its_way_is_seen_behind_many_newer_ones(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop_orders, "MAX_LISTED", 1)
    await house.pay(ALICE, 1000)
    await house.add(Terms("Knight", "role", 100, role_id=ROLE))
    await house.add(Terms("Squire", "role", 100, role_id=RoleId(78)))
    house.roles.outage = True
    await house.shop.buy(buyer(ALICE), "Knight", 1, key="late")
    await house.worker.run_due()
    house.roles.outage = False
    await house.clock.advance(1)
    await house.shop.buy(buyer(ALICE), "Squire", 1, key="newer")
    await house.worker.run_due()
    with pytest.raises(OrderOpen):
        await house.privacy.erase(GUILD, ALICE)
    await house.check()


async def test_an_order_made_while_its_buyer_is_forgotten_keeps_its_coins(house: House) -> None:
    await house.pay(ALICE, 1000)
    await house.add(Terms("Knight", "role", 100, role_id=ROLE))
    await house.shop.buy(buyer(ALICE), "Knight", 1, key="role")
    await house.db.write(forget_member, GUILD, ALICE)
    await house.worker.run_due()
    await house.check()  # an escrow without its order would be a finding


async def test_no_job_names_a_forgotten_member_for_a_year(house: House) -> None:
    await house.pay(ALICE, 1000)
    await house.add(Terms("Guest", "role", 100, role_id=ROLE, duration_seconds=30 * 86_400))
    for name, one in (("alice", ALICE), ("bob", BOB)):
        await house.pay(one, 1000)
        await house.shop.buy(buyer(one), "Guest", 1, key=name)
    await house.worker.run_due()
    await house.privacy.erase(GUILD, ALICE)
    await house.worker.run_due()

    def promised(conn: Connection) -> list[str]:
        return list(conn.execute(select(JOBS.c.payload).where(JOBS.c.state == "waiting")).scalars())

    (left,) = await house.db.read(promised)
    assert f'"user":{BOB}' in left
    await house.clock.advance(31 * 86_400)
    await house.worker.run_due()
    assert house.roles.held == set()
    await house.check()


async def test_what_ended_long_ago_is_forgotten_and_what_is_open_stays(house: House) -> None:
    await _live(house)
    before = await house.privacy.export(GUILD, ALICE)
    upkeep = ShopUpkeep(house.clock)
    handle = upkeep.handler.handle
    assert handle is not None
    job = Job("job", upkeep.recurring.kind, {}, None, 0, 1, None)
    await house.clock.advance(89 * 86_400)
    await house.trades.open(GUILD, CHANNEL, ALICE, BOB, key="late")
    await house.db.write(handle, job)
    kept = await house.privacy.export(GUILD, ALICE)
    assert kept["orders"] == before["orders"]
    assert await house.db.read(find_use, GUILD, "use") is None
    await house.clock.advance(2 * 86_400)
    await house.db.write(handle, job)
    after = await house.privacy.export(GUILD, ALICE)
    assert after["orders"] == []
    assert after["inventory"] == before["inventory"]
    assert after["roles"] == before["roles"]
    trades = after["trades"]
    assert isinstance(trades, list)
    assert len(trades) == 1  # pyright: ignore[reportUnknownArgumentType]  # JSON
    await house.check()


async def test_health_finds_a_piece_out_of_nothing(house: House) -> None:
    await _live(house)
    assert (await house.health.check()).state == "healthy"
    await house.db.write(
        lambda conn: (
            conn.execute(shop_inventory.update().values(quantity=shop_inventory.c.quantity + 1))
            and None
        )
    )
    report = await house.health.check()
    assert report.state == "unhealthy"
    assert "#1, #2, #3" in report.detail
