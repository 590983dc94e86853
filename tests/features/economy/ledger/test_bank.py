"""What the bank promises to whoever moves coins with it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.engine import Connection

from seraphim.features.economy.public import (
    HOUSE,
    MAX_BALANCE,
    MINT,
    AmountInvalid,
    BalanceLimit,
    Bank,
    EscrowClosed,
    EscrowEmpty,
    IdempotencyConflict,
    InsufficientFunds,
    Receipt,
    SelfTransfer,
    escrow,
    person,
)
from seraphim.features.economy.service.ledger_audit import audit
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId

GUILD = GuildId(1_000_000_000_000_000_001)
OTHER_GUILD = GuildId(1_000_000_000_000_000_002)
ANN = UserId(2_000_000_000_000_000_001)
BEN = UserId(2_000_000_000_000_000_002)
CAT = UserId(2_000_000_000_000_000_003)


@pytest.fixture
def bank() -> Bank:
    bank = Bank(ManualClock())
    for prefix in ("game", "g"):
        bank.explain_escrows(prefix, lambda _conn, _guild, _name: True)
    return bank


@pytest.fixture(autouse=True)
async def books_that_add_up(database: Database, bank: Bank) -> AsyncIterator[None]:
    yield
    assert (await audit(database, bank, ManualClock())).findings == ()


async def give(db: Database, bank: Bank, user: UserId, amount: int, key: str = "") -> Receipt:
    return await db.write(
        bank.transfer,
        GUILD,
        MINT,
        person(user),
        amount,
        key=key or f"give:{user}:{amount}",
        kind="test",
    )


async def balances(db: Database, bank: Bank, *users: UserId) -> list[int]:
    return [await db.read(bank.balance, GUILD, user) for user in users]


async def test_a_transfer_takes_from_one_and_gives_to_the_other(
    database: Database, bank: Bank
) -> None:
    await give(database, bank, ANN, 100)
    receipt = await database.write(
        bank.transfer, GUILD, person(ANN), person(BEN), 30, key="k", kind="give"
    )
    assert receipt.balances == {ANN: 70, BEN: 30}
    assert (receipt.amount, receipt.repeated) == (30, False)
    assert await balances(database, bank, ANN, BEN, CAT) == [70, 30, 0]
    assert await database.read(bank.balance, OTHER_GUILD, ANN) == 0


async def test_the_same_key_moves_once_and_answers_the_same(database: Database, bank: Bank) -> None:
    await give(database, bank, ANN, 100)
    first = await database.write(
        bank.transfer, GUILD, person(ANN), person(BEN), 30, key="k", kind="give", details={"n": [1]}
    )
    await give(database, bank, ANN, 5)
    again = await database.write(
        bank.transfer, GUILD, person(ANN), person(BEN), 30, key="k", kind="give"
    )
    assert again == Receipt(first.transfer_id, 30, {ANN: 70, BEN: 30}, {"n": [1]}, repeated=True)
    assert await database.read(bank.find, GUILD, "k") == again
    assert await balances(database, bank, ANN, BEN) == [75, 30]


@pytest.mark.parametrize(("amount", "kind"), [(31, "give"), (30, "other")])
async def test_a_key_is_refused_for_another_movement(
    database: Database, bank: Bank, amount: int, kind: str
) -> None:
    await give(database, bank, ANN, 100)
    await database.write(bank.transfer, GUILD, person(ANN), person(BEN), 30, key="k", kind="give")
    with pytest.raises(IdempotencyConflict):
        await database.write(
            bank.transfer, GUILD, person(ANN), person(BEN), amount, key="k", kind=kind
        )
    assert await balances(database, bank, ANN, BEN) == [70, 30]


async def test_a_key_belongs_to_its_guild(database: Database, bank: Bank) -> None:
    await give(database, bank, ANN, 100, key="k")
    await database.write(bank.transfer, OTHER_GUILD, MINT, person(ANN), 7, key="k", kind="test")
    assert await database.read(bank.balance, OTHER_GUILD, ANN) == 7
    assert await database.read(bank.find, GUILD, "unknown") is None


async def test_nobody_goes_below_zero(database: Database, bank: Bank) -> None:
    await give(database, bank, ANN, 10)
    with pytest.raises(InsufficientFunds) as refused:
        await database.write(bank.transfer, GUILD, person(ANN), person(BEN), 11, key="k", kind="g")
    assert (refused.value.balance, refused.value.needed) == (10, 11)
    with pytest.raises(InsufficientFunds):
        await database.write(bank.transfer, GUILD, person(CAT), MINT, 1, key="k", kind="g")
    assert await balances(database, bank, ANN, BEN) == [10, 0]


async def test_a_refusal_may_be_caught_and_leaves_nothing(database: Database, bank: Bank) -> None:
    await give(database, bank, ANN, 10)

    def work(conn: Connection) -> int:
        with pytest.raises(InsufficientFunds):
            bank.transfer(conn, GUILD, person(ANN), person(BEN), 11, key="k", kind="give")
        return bank.transfer(
            conn, GUILD, person(ANN), person(BEN), 4, key="k", kind="give"
        ).balances[BEN]

    assert await database.write(work) == 4
    assert await balances(database, bank, ANN, BEN) == [6, 4]


async def test_no_account_holds_more_than_the_limit(database: Database, bank: Bank) -> None:
    await give(database, bank, ANN, MAX_BALANCE)
    with pytest.raises(BalanceLimit):
        await give(database, bank, ANN, 1)
    await give(database, bank, BEN, 1)
    with pytest.raises(BalanceLimit):
        await database.write(bank.transfer, GUILD, person(BEN), person(ANN), 1, key="k", kind="g")
    assert await balances(database, bank, ANN, BEN) == [MAX_BALANCE, 1]


@pytest.mark.parametrize("amount", [0, -1, MAX_BALANCE + 1, 10**30, True, 1.5])
async def test_only_whole_bounded_amounts_move(database: Database, bank: Bank, amount: int) -> None:
    with pytest.raises(AmountInvalid):
        await give(database, bank, ANN, amount)
    assert await balances(database, bank, ANN) == [0]


async def test_nothing_moves_to_oneself(database: Database, bank: Bank) -> None:
    await give(database, bank, ANN, 10)
    with pytest.raises(SelfTransfer):
        await database.write(bank.transfer, GUILD, person(ANN), person(ANN), 1, key="k", kind="g")


async def test_a_stake_is_held_and_settled_once(database: Database, bank: Bank) -> None:
    await give(database, bank, ANN, 100)
    await give(database, bank, BEN, 100)
    for user in (ANN, BEN):
        await database.write(
            bank.hold, GUILD, user, 40, escrow="game:1", key=f"h{user}", kind="duel"
        )
    assert await database.read(bank.escrow_balance, GUILD, "game:1") == 80
    receipt = await database.write(
        bank.settle, GUILD, "game:1", {ANN: 76, BEN: 0}, key="s", kind="duel"
    )
    assert receipt.balances == {ANN: 136, BEN: 60}
    assert receipt.amount == 76
    with pytest.raises(EscrowEmpty):
        await database.write(bank.settle, GUILD, "game:1", {BEN: 80}, key="t", kind="duel")
    with pytest.raises(EscrowClosed):
        await database.write(bank.hold, GUILD, BEN, 1, escrow="game:1", key="u", kind="duel")
    again = await database.write(
        bank.settle, GUILD, "game:1", {ANN: 76, BEN: 0}, key="s", kind="duel"
    )
    assert again.repeated
    assert await balances(database, bank, ANN, BEN) == [136, 60]


async def test_the_house_pays_what_the_stake_does_not_cover(database: Database, bank: Bank) -> None:
    await give(database, bank, ANN, 100)
    await database.write(bank.hold, GUILD, ANN, 10, escrow="g", key="h", kind="slots")
    receipt = await database.write(bank.settle, GUILD, "g", {ANN: 500}, key="s", kind="slots")
    assert receipt.balances == {ANN: 590}
    assert await database.read(bank.escrow_balance, GUILD, "g") == 0


async def test_settling_never_fails_for_a_full_or_frozen_winner(
    database: Database, bank: Bank
) -> None:
    await give(database, bank, ANN, MAX_BALANCE)
    await database.write(bank.hold, GUILD, ANN, 10, escrow="g", key="h", kind="slots")
    receipt = await database.write(bank.settle, GUILD, "g", {ANN: 500}, key="s", kind="slots")
    assert receipt.balances == {ANN: MAX_BALANCE}


async def test_settling_never_fails_for_a_payout_no_account_holds(
    database: Database, bank: Bank
) -> None:
    await give(database, bank, ANN, 10)
    await database.write(bank.hold, GUILD, ANN, 10, escrow="g", key="h", kind="slots")
    won = {ANN: 1_000 * MAX_BALANCE, BEN: 1}
    receipt = await database.write(bank.settle, GUILD, "g", won, key="s", kind="slots")
    assert receipt.balances == {ANN: MAX_BALANCE, BEN: 1}
    assert (await audit(database, bank, ManualClock())).findings == ()


async def test_a_release_gives_everybody_their_own_back(database: Database, bank: Bank) -> None:
    await give(database, bank, ANN, 100)
    await give(database, bank, BEN, 100)
    for user, amount, key in ((ANN, 10, "1"), (BEN, 25, "2"), (ANN, 5, "3")):
        await database.write(bank.hold, GUILD, user, amount, escrow="g", key=key, kind="race")
    await database.write(bank.transfer, GUILD, HOUSE, escrow("g"), 50, key="4", kind="race")
    receipt = await database.write(
        bank.release, GUILD, "g", only=BEN, key="leave", kind="race_leave"
    )
    assert receipt.balances == {BEN: 100}
    receipt = await database.write(bank.release, GUILD, "g", key="r", kind="race_off")
    assert receipt.balances == {ANN: 100}
    assert receipt.amount == 15
    again = await database.write(bank.release, GUILD, "g", key="r", kind="race_off")
    assert again.repeated
    with pytest.raises(EscrowEmpty):
        await database.write(bank.release, GUILD, "g", key="r2", kind="race_off")
    with pytest.raises(EscrowEmpty):
        await database.write(bank.release, GUILD, "never", key="r3", kind="race_off")
