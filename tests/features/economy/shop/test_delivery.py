"""Bought roles: given, paid back exactly once, prolonged, and taken away in time."""

import asyncio

import pytest
from tests.features.economy.shop.shops import ALICE, BOB, GUILD, ROLE, House, buyer

from seraphim.features.economy.rules.errors import InsufficientFunds
from seraphim.features.economy.rules.items import Item, Terms
from seraphim.features.economy.rules.ledger import MAX_BALANCE
from seraphim.features.economy.rules.shop import (
    HasRoleAlready,
    NotEnoughItems,
    NotSellable,
    OneAtATime,
    Refusal,
    RoleOnItsWay,
)
from seraphim.features.economy.service.shop_delivery import (
    DELIVER,
    DELIVERY_ATTEMPTS,
    EXPIRE,
    SYNC,
    OrderEnded,
)
from seraphim.features.economy.store import shop_orders
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.ids import UserId
from seraphim.kernel.jobs import JOBS, Job, enqueue, list_jobs

DAY = 86_400
FOR_GOOD = Terms("Knight", "role", 100, role_id=ROLE)
FOR_A_DAY = Terms("Guest", "role", 100, role_id=ROLE, duration_seconds=DAY)


@pytest.fixture
async def knight(house: House) -> Item:
    """A role for good, of which there are three; alice can pay for ten."""
    await house.pay(ALICE, 1000)
    return await house.add(FOR_GOOD, 3)


@pytest.fixture
async def guest(house: House) -> Item:
    """A role for a day, of which there are three; alice can pay for ten."""
    await house.pay(ALICE, 1000)
    return await house.add(FOR_A_DAY, 3)


async def _buy(house: House, name: str, user_id: UserId = ALICE) -> str:
    deal = await house.shop.buy(buyer(user_id), name, 1, key=house.key())
    assert deal.order_id is not None
    return deal.order_id


async def _run_again(house: House, order_id: str) -> None:
    """Let the job of an order run a second time, as after a crash before it was marked done."""
    await house.db.write(
        lambda conn: (
            enqueue(
                conn,
                DELIVER,
                {"order": order_id},
                run_at_ms=0,
                ids=house.ids,
                clock=house.clock,
            )
            and None
        )
    )
    await house.worker.run_due()


async def test_a_granted_role_is_paid_from_escrow_to_the_treasury(
    house: House, knight: Item
) -> None:
    order_id = await _buy(house, "Knight")
    escrow = f"shop:{order_id}"
    assert await house.balance(ALICE) == 900
    assert await house.db.read(house.bank.escrow_balance, GUILD, escrow) == 100
    await house.worker.run_due()
    order = await house.db.read(shop_orders.find_order, order_id)
    assert order is not None
    assert order.state == "delivered"
    assert house.roles.held == {(ALICE, ROLE)}
    assert await house.db.read(house.bank.escrow_balance, GUILD, escrow) == 0
    assert (await house.item(knight)).stock == 2
    await house.check()


@pytest.mark.parametrize("refusal", ["role_gone", "role_too_high", "no_permission", "member_gone"])
async def test_a_refused_role_is_paid_back_once_and_the_member_told(
    house: House, knight: Item, refusal: Refusal
) -> None:
    house.roles.refusal = refusal
    order_id = await _buy(house, "Knight")
    await house.worker.run_due()
    await _run_again(house, order_id)
    order = await house.db.read(shop_orders.find_order, order_id)
    assert order is not None
    assert (order.state, order.refusal) == ("refunded", refusal)
    assert await house.balance(ALICE) == 1000
    assert await house.owned(ALICE, knight) == 0
    assert (await house.item(knight)).stock == 3
    await house.hear()
    assert [(one.user_id, one.coins, one.refusal) for one in house.notices.refunds] == [
        (ALICE, 100, refusal)
    ]
    await house.check()


@pytest.mark.parametrize("refusal", [None, "role_gone"])
async def test_an_order_ends_once_though_two_workers_hold_it(
    house: House, knight: Item, refusal: Refusal | None
) -> None:
    """As when a worker was so slow that its claim ran out and another took the job."""
    house.roles.refusal = refusal
    order_id = await _buy(house, "Knight")
    deliver = next(each.run for each in house.delivery.jobs() if each.kind == DELIVER)
    assert deliver is not None
    job = Job("job", DELIVER, {"order": order_id}, None, 0, 1, None)
    endings = [await deliver(job), await deliver(job)]
    for ending in endings:
        assert ending is not None
        await house.db.write(ending)
    held = refusal is None
    assert await house.balance(ALICE) == (900 if held else 1000)
    assert await house.owned(ALICE, knight) == int(held)
    assert (await house.item(knight)).stock == (2 if held else 3)
    await house.check()


async def test_a_refund_reaches_a_frozen_and_a_full_account(house: House, knight: Item) -> None:
    del knight
    house.roles.refusal = "role_gone"
    await _buy(house, "Knight")
    await house.freeze(ALICE)
    await house.worker.run_due()
    assert await house.balance(ALICE) == 1000
    await house.pay(BOB, MAX_BALANCE)
    await _buy(house, "Knight", BOB)
    await house.worker.run_due()
    assert await house.balance(BOB) == MAX_BALANCE
    await house.check()


async def test_an_outage_is_waited_out(house: House, knight: Item) -> None:
    del knight
    house.roles.outage = True
    order_id = await _buy(house, "Knight")
    await house.worker.run_due()
    assert await house.balance(ALICE) == 900
    house.roles.outage = False
    await house.clock.advance(60)
    await house.worker.run_due()
    order = await house.db.read(shop_orders.find_order, order_id)
    assert order is not None
    assert order.state == "delivered"
    assert house.roles.held == {(ALICE, ROLE)}


async def test_an_endless_outage_is_paid_back(house: House, knight: Item) -> None:
    house.roles.outage = True
    await _buy(house, "Knight")
    for _ in range(DELIVERY_ATTEMPTS):
        await house.worker.run_due()
        await house.clock.advance(4 * 3600)
    assert await house.balance(ALICE) == 1000
    assert (await house.item(knight)).stock == 3
    assert await house.db.read(list_jobs, state="failed") == []
    await house.check()


async def test_who_is_paid_back_keeps_no_role_whose_answer_was_lost(
    house: House, knight: Item
) -> None:
    house.roles.loses_answers = True
    await house.shop.buy(buyer(ALICE), knight.terms.name, 1, key="buy")
    while await house.balance(ALICE) < 1000:
        await house.worker.run_due()
        await house.clock.advance(4 * 3600)
    assert house.roles.held == set()
    await house.check()


async def test_who_waits_for_the_order_tells_the_refund(house: House, knight: Item) -> None:
    del knight
    house.roles.refusal = "role_too_high"
    order_id = await _buy(house, "Knight")
    waiting = asyncio.create_task(house.delivery.wait(order_id, 10))
    while not house.delivery.is_awaited(order_id):
        await asyncio.sleep(0)
    await house.worker.run_due()
    await house.hear()
    order = await waiting
    assert order is not None
    assert order.refusal == "role_too_high"
    assert house.notices.refunds == []


async def test_waiting_ends_when_discord_takes_long(house: House, knight: Item) -> None:
    del knight
    order_id = await _buy(house, "Knight")
    order = await house.delivery.wait(order_id, 0.01)
    assert order is not None
    assert order.state == "granting"


async def test_a_role_is_bought_once(house: House, knight: Item) -> None:
    del knight
    with pytest.raises(OneAtATime):
        await house.shop.buy(buyer(ALICE), "Knight", 2, key="two")
    await _buy(house, "Knight")
    with pytest.raises(RoleOnItsWay):
        await _buy(house, "Knight")
    await house.worker.run_due()
    with pytest.raises(HasRoleAlready):
        await _buy(house, "Knight")
    assert await house.balance(ALICE) == 900


async def test_a_role_somebody_else_gave_is_not_sold_to_its_owner(
    house: House, knight: Item
) -> None:
    del knight
    with pytest.raises(HasRoleAlready):
        await house.shop.buy(buyer(ALICE, ROLE), "Knight", 1, key="a")
    assert await house.balance(ALICE) == 1000


async def test_a_sold_role_is_taken_back(house: House, knight: Item) -> None:
    await _buy(house, "Knight")
    with pytest.raises(RoleOnItsWay):
        await house.shop.sell(GUILD, ALICE, "Knight", 1, key="early")
    await house.worker.run_due()
    deal = await house.shop.sell(GUILD, ALICE, "Knight", 1, key="sell")
    assert deal.coins == 50
    assert (await house.item(knight)).stock == 3
    await house.worker.run_due()
    assert house.roles.held == set()
    with pytest.raises(NotEnoughItems):
        await house.shop.sell(GUILD, ALICE, "Knight", 1, key="again")
    await house.check()


async def test_a_temporary_role_ends_and_is_used_up(house: House, guest: Item) -> None:
    await _buy(house, "Guest")
    await house.worker.run_due()
    with pytest.raises(NotSellable):
        await house.shop.sell(GUILD, ALICE, "Guest", 1, key="sell")
    await house.clock.advance(DAY - 1)
    await house.worker.run_due()
    assert house.roles.held == {(ALICE, ROLE)}
    await house.clock.advance(1)
    await house.worker.run_due()
    assert house.roles.held == set()
    assert await house.owned(ALICE, guest) == 0
    after = await house.item(guest)
    assert (after.stock, after.sold, after.used) == (2, 1, 1)
    await house.check()


async def test_bought_again_it_lasts_on(house: House, guest: Item) -> None:
    await _buy(house, "Guest")
    await house.worker.run_due()
    await house.clock.advance(DAY / 2)
    deal = await house.shop.buy(buyer(ALICE, ROLE), "Guest", 1, key="again")
    assert deal.owned == 2
    await house.worker.run_due()
    await house.clock.advance(DAY * 1.5 - 1)
    await house.worker.run_due()
    assert house.roles.held == {(ALICE, ROLE)}
    await house.clock.advance(1)
    await house.worker.run_due()
    assert house.roles.held == set()
    assert (await house.item(guest)).used == 2
    await house.check()


async def test_a_refused_prolongation_is_paid_back_and_the_role_ends_as_before(
    house: House, guest: Item
) -> None:
    await _buy(house, "Guest")
    await house.worker.run_due()
    house.roles.refusal = "role_too_high"
    await house.shop.buy(buyer(ALICE, ROLE), "Guest", 1, key="again")
    await house.worker.run_due()
    assert await house.balance(ALICE) == 900
    assert await house.owned(ALICE, guest) == 1
    house.roles.refusal = None
    await house.clock.advance(DAY)
    await house.worker.run_due()
    assert house.roles.held == set()
    await house.check()


async def test_a_role_ends_while_the_next_purchase_is_on_its_way(house: House, guest: Item) -> None:
    await _buy(house, "Guest")
    await house.worker.run_due()
    await house.clock.advance(DAY - 30)
    house.roles.outage = True
    await house.shop.buy(buyer(ALICE, ROLE), "Guest", 1, key="again")
    await house.worker.run_due()
    await house.clock.advance(30)
    await house.worker.run_due()  # the first piece's time is over, the second is not yet given
    assert await house.owned(ALICE, guest) == 1
    house.roles.outage = False
    await house.clock.advance(120)
    await house.worker.run_due()
    assert house.roles.held == {(ALICE, ROLE)}
    await house.clock.advance(DAY)
    await house.worker.run_due()
    assert house.roles.held == set()
    await house.check()


async def test_a_role_two_items_give_stays_until_both_end(house: House, guest: Item) -> None:
    del guest
    await house.add(Terms("Long guest", "role", 100, role_id=ROLE, duration_seconds=2 * DAY))
    await _buy(house, "Guest")
    await house.worker.run_due()
    with pytest.raises(HasRoleAlready):  # Discord says she has it; another item gave it
        await house.shop.buy(buyer(ALICE, ROLE), "Long guest", 1, key="a")
    await house.shop.buy(buyer(ALICE), "Long guest", 1, key="b")
    await house.worker.run_due()
    await house.clock.advance(DAY)
    await house.worker.run_due()
    assert house.roles.held == {(ALICE, ROLE)}
    await house.clock.advance(DAY)
    await house.worker.run_due()
    assert house.roles.held == set()


async def test_a_clock_set_back_neither_ends_a_role_early_nor_forgets_it(
    house: House, guest: Item
) -> None:
    del guest
    await _buy(house, "Guest")
    await house.worker.run_due()
    await house.clock.advance(DAY)

    def set_back_in_the_last_moment() -> None:
        house.clock.set_back(3600)

    await house.worker_claims(EXPIRE, set_back_in_the_last_moment)
    assert house.roles.held == {(ALICE, ROLE)}
    await house.clock.advance(3600)
    await house.worker.run_due()
    assert house.roles.held == set()


async def test_bought_in_the_moment_in_which_it_is_taken_the_role_stays(
    house: House, guest: Item
) -> None:
    del guest
    await _buy(house, "Guest")
    await house.worker.run_due()
    await house.clock.advance(DAY)

    async def buy_meanwhile() -> None:
        await house.shop.buy(buyer(ALICE), "Guest", 1, key="late")
        await house.run_other_kinds(SYNC)

    house.roles.before_revoke = buy_meanwhile
    for _ in range(3):
        await house.worker.run_due()
        await house.clock.advance(60)
    assert house.roles.held == {(ALICE, ROLE)}
    await house.check()


async def test_a_role_that_cannot_be_taken_stays_visible_as_a_failed_job(
    house: House, guest: Item
) -> None:
    del guest
    await _buy(house, "Guest")
    await house.worker.run_due()
    house.roles.refusal = "no_permission"
    for _ in range(12):
        await house.clock.advance(DAY)
        await house.worker.run_due()
    failed = await house.db.read(list_jobs, state="failed")
    assert [job.kind for job in failed] == [SYNC]


async def test_an_item_taken_off_sale_is_still_delivered_and_ended(
    house: House, guest: Item
) -> None:
    await _buy(house, "Guest")
    await house.editing.remove(GUILD, "Guest", BOB)
    await house.worker.run_due()
    assert house.roles.held == {(ALICE, ROLE)}
    await house.clock.advance(DAY)
    await house.worker.run_due()
    assert house.roles.held == set()
    assert await house.owned(ALICE, guest) == 0
    await house.check()


async def test_two_processes_grant_and_refund_no_order_twice(
    database: Database, database_url: str, house: House, knight: Item
) -> None:
    house.roles.refusal = "role_gone"
    people = [UserId(100 + number) for number in range(3)]
    for user_id in people:
        await house.pay(user_id, 100)
        await _buy(house, "Knight", user_id)
    if database.dialect == "postgresql":
        second = await open_database(database_url)
        other = House(second, house.clock, roles=house.roles)
        await asyncio.gather(house.worker.run_due(), other.worker.run_due())
        await second.close()
    else:
        await asyncio.gather(house.worker.run_due(), house.worker.run_due())
    assert [await house.balance(user_id) for user_id in people] == [100, 100, 100]
    assert (await house.item(knight)).stock == 3
    await house.check()


async def test_who_cannot_pay_gets_no_order(house: House) -> None:
    await house.add(FOR_GOOD, 3)
    with pytest.raises(InsufficientFunds):
        await _buy(house, "Knight", BOB)
    assert await house.db.read(lambda conn: conn.execute(JOBS.select()).all()) == []


def test_the_event_keeps_its_stored_name() -> None:
    assert OrderEnded.type_name() == "economy.order_ended"
