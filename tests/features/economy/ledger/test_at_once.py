"""Many at once: nothing is lost, paid twice or made from nothing."""

import asyncio
import random

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.util import await_only

from seraphim.features.economy.public import (
    MINT,
    Bank,
    InsufficientFunds,
    Receipt,
    escrow,
    person,
)
from seraphim.features.economy.service.ledger_audit import audit
from seraphim.features.economy.store import ledger_reading
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.ids import GuildId, UserId

GUILD = GuildId(1_000_000_000_000_000_001)
PERSONS = [UserId(2_000_000_000_000_000_000 + number) for number in range(10)]
ANN, BEN, *_ = PERSONS


@pytest.fixture
def bank() -> Bank:
    bank = Bank(ManualClock())
    bank.explain_escrows("game", lambda _conn, _guild, _name: True)
    return bank


def give(conn: Connection, bank: Bank, user: UserId, amount: int, key: str) -> Receipt:
    return bank.transfer(conn, GUILD, MINT, person(user), amount, key=key, kind="daily")


def move(
    conn: Connection, bank: Bank, pair: tuple[UserId, UserId], amount: int, key: str
) -> Receipt:
    return bank.transfer(
        conn, GUILD, person(pair[0]), person(pair[1]), amount, key=key, kind="give"
    )


async def assert_sound(db: Database, bank: Bank, total: int) -> None:
    supply = await db.read(ledger_reading.supply, GUILD)
    assert supply.total == total == supply.minted - supply.burned
    assert (await audit(db, bank, ManualClock())).findings == ()


async def test_fifty_deposits_at_once_all_count(database: Database, bank: Bank) -> None:
    await database.write(give, bank, ANN, 1_000, "start")
    await asyncio.gather(*(database.write(give, bank, ANN, 10, f"d{n}") for n in range(50)))
    assert await database.read(bank.balance, GUILD, ANN) == 1_500
    await assert_sound(database, bank, 1_500)


async def test_two_hundred_random_transfers_keep_every_coin(database: Database, bank: Bank) -> None:
    chance = random.Random(7)  # noqa: S311 - a fixed sequence
    for user in PERSONS:
        await database.write(give, bank, user, 500, f"start{user}")
    results = await asyncio.gather(
        *(
            database.write(
                move,
                bank,
                (source, target),
                chance.randint(1, 400),
                f"t{number}",
            )
            for number in range(200)
            for source, target in [chance.sample(PERSONS, 2)]
        ),
        return_exceptions=True,
    )
    moved = [result for result in results if isinstance(result, Receipt)]
    refused = [result for result in results if isinstance(result, InsufficientFunds)]
    assert len(moved) + len(refused) == 200
    assert len(moved) > 100
    assert refused
    await assert_sound(database, bank, 5_000)


async def test_two_claims_with_one_key_pay_once(database: Database, bank: Bank) -> None:
    for number in range(50):
        key = f"daily:{number}"
        receipts = await asyncio.gather(
            *(database.write(give, bank, ANN, 100, key) for _ in range(2))
        )
        assert sorted(receipt.repeated for receipt in receipts) == [False, True]
        assert receipts[0].balances == receipts[1].balances
    assert await database.read(bank.balance, GUILD, ANN) == 5_000


async def test_a_hot_account_serves_everybody(database: Database, bank: Bank) -> None:
    for user in PERSONS:
        await database.write(give, bank, user, 100, f"start{user}")
    await asyncio.gather(
        *(
            database.write(
                move, bank, (user, ANN) if number % 2 else (ANN, user), 1, f"{number}:{user}"
            )
            for number in range(20)
            for user in PERSONS[1:]
        )
    )
    assert await database.read(bank.balance, GUILD, ANN) == 100
    await assert_sound(database, bank, 1_000)


async def test_one_game_is_settled_once_by_two_processes(database_url: str, bank: Bank) -> None:
    """Two handles on one database are what two processes have."""
    one, two = [await open_database(database_url) for _ in range(2)]
    try:
        await one.write(give, bank, ANN, 1_000, "start")
        for number in range(20):
            name = f"game:{number}"
            await one.write(bank.hold, GUILD, ANN, 10, escrow=name, key=f"h{number}", kind="dice")
            results = await asyncio.gather(
                one.write(bank.settle, GUILD, name, {BEN: 20}, key=f"s{number}", kind="dice"),
                two.write(bank.settle, GUILD, name, {BEN: 20}, key=f"s{number}", kind="dice"),
                two.write(bank.release, GUILD, name, key=f"r{number}", kind="off"),
                return_exceptions=True,
            )
            done = [r for r in results if isinstance(r, Receipt) and not r.repeated]
            assert len(done) == 1, results
        assert await one.read(bank.escrow_balance, GUILD, "game:0") == 0
        supply = await two.read(ledger_reading.supply, GUILD)
        await assert_sound(one, bank, supply.total)
    finally:
        await two.close()
        await one.close()


@pytest.mark.parametrize("paid", [True, False])
async def test_who_is_forgotten_while_their_coins_move_is_nobody_the_house_stands_in_for(
    database_url: str,
    bank: Bank,
    paid: bool,  # noqa: FBT001 - a case
) -> None:
    one, two = [await open_database(database_url) for _ in range(2)]
    try:
        await one.write(give, bank, ANN, 100, "start")
        await one.write(give, bank, BEN, 1, "start too")
        forgotten, go_on = asyncio.Event(), asyncio.Event()

        def forget(conn: Connection) -> None:
            ledger_reading.forget_person(conn, GUILD, ANN)
            if conn.dialect.name != "sqlite":  # there the two could not meet: one writer
                forgotten.set()
                await_only(go_on.wait())

        forgetting = asyncio.create_task(one.write(forget))
        if one.dialect == "sqlite":
            await forgetting
        else:
            await forgotten.wait()
        if paid:
            moving = asyncio.create_task(two.write(give, bank, ANN, 50, "late"))
        else:
            moving = asyncio.create_task(two.write(move, bank, (ANN, BEN), 50, "late"))
        while one.dialect != "sqlite" and not await one.read(_somebody_waits):
            await asyncio.sleep(0)
        go_on.set()
        await forgetting
        if paid:
            assert (await moving).balances == {ANN: 50}
        else:
            with pytest.raises(InsufficientFunds):
                await moving
        supply = await one.read(ledger_reading.supply, GUILD)
        assert (supply.erased, supply.persons) == (100, 51 if paid else 1)
        assert supply.systems["house"] == ledger_reading.SystemFlow(0, 0)
        await assert_sound(one, bank, 151 if paid else 101)
    finally:
        await two.close()
        await one.close()


def _somebody_waits(conn: Connection) -> bool:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    return bool(conn.execute(text(waiting)).scalar_one())


async def test_two_processes_move_the_same_coins_crosswise(database_url: str, bank: Bank) -> None:
    one, two = [await open_database(database_url) for _ in range(2)]
    try:
        await one.write(give, bank, ANN, 500, "a")
        await one.write(give, bank, BEN, 500, "b")
        await asyncio.gather(
            *(one.write(move, bank, (ANN, BEN), 1, f"x{n}") for n in range(60)),
            *(two.write(move, bank, (BEN, ANN), 1, f"y{n}") for n in range(60)),
            *(two.write(move, bank, (ANN, BEN), 1, f"x{n}") for n in range(60)),
        )
        assert await two.read(bank.balance, GUILD, ANN) == 500
        await assert_sound(two, bank, 1_000)
    finally:
        await two.close()
        await one.close()


async def test_holds_of_many_arrive_in_one_escrow(database: Database, bank: Bank) -> None:
    for user in PERSONS:
        await database.write(give, bank, user, 100, f"start{user}")
    await asyncio.gather(
        *(
            database.write(bank.hold, GUILD, user, 30, escrow="game:1", key=f"h{user}", kind="race")
            for user in PERSONS
        ),
        database.write(bank.transfer, GUILD, MINT, escrow("game:1"), 5, key="extra", kind="race"),
    )
    assert await database.read(bank.escrow_balance, GUILD, "game:1") == 305
    await database.write(bank.release, GUILD, "game:1", key="off", kind="race")
    assert [await database.read(bank.balance, GUILD, user) for user in PERSONS] == [100] * 10
    await assert_sound(database, bank, 1_000)
