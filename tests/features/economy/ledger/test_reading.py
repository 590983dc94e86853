"""Statements, standings, supply, freezing, forgetting, and the audit that watches them."""

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from seraphim.features.economy.public import (
    HOUSE,
    MINT,
    AccountFrozen,
    Bank,
    InsufficientFunds,
    escrow,
    person,
)
from seraphim.features.economy.rules.ledger import Account
from seraphim.features.economy.service.ledger_audit import LedgerWatch, audit, quick_audit
from seraphim.features.economy.store import ledger_reading as reading
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.jobs import Job

GUILD = GuildId(1_000_000_000_000_000_001)
OTHER_GUILD = GuildId(1_000_000_000_000_000_002)
ANN = UserId(2_000_000_000_000_000_001)
BEN = UserId(2_000_000_000_000_000_002)
CAT = UserId(2_000_000_000_000_000_003)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def bank(clock: ManualClock) -> Bank:
    bank = Bank(clock)
    bank.explain_escrows("game", lambda _conn, _guild, name: name == "game:open")
    return bank


def give(conn: Connection, bank: Bank, user: UserId, amount: int, guild: GuildId = GUILD) -> None:
    bank.transfer(
        conn, guild, MINT, person(user), amount, key=f"give:{user}:{amount}", kind="daily"
    )


async def test_a_statement_is_newest_first_in_pages(
    database: Database, bank: Bank, clock: ManualClock
) -> None:
    def work(conn: Connection) -> None:
        give(conn, bank, ANN, 100)
        give(conn, bank, BEN, 100)
        bank.transfer(
            conn,
            GUILD,
            person(ANN),
            person(BEN),
            30,
            key="1",
            kind="give",
            reason="because",
            actor_id=CAT,
            details={"note": "hi"},
        )
        bank.hold(conn, GUILD, ANN, 20, escrow="game:open", key="2", kind="dice")

    await database.write(work)
    await database.write(give, bank, ANN, 7, OTHER_GUILD)
    lines = await database.read(reading.page_of_statement, GUILD, ANN, limit=2)
    assert [(line.kind, line.amount, line.balance) for line in lines] == [
        ("dice", -20, 50),
        ("give", -30, 70),
    ]
    assert lines[0].others == (escrow("game:open"),)
    assert lines[1].others == (person(BEN),)
    assert (lines[1].reason, lines[1].actor_id, lines[1].details) == (
        "because",
        CAT,
        {"note": "hi"},
    )
    assert lines[1].at_ms == clock.now_ms()
    older = await database.read(
        reading.page_of_statement, GUILD, ANN, before=lines[-1].transfer_id, limit=2
    )
    assert [(line.kind, line.amount, line.others) for line in older] == [("daily", 100, (MINT,))]
    assert await database.read(reading.page_of_statement, GUILD, CAT) == []


async def test_the_leaderboard_and_the_own_rank_agree(database: Database, bank: Bank) -> None:
    def work(conn: Connection) -> None:
        for user, amount in ((1, 50), (2, 70), (3, 50), (4, 10), (5, 1)):
            give(conn, bank, UserId(user), amount)
        bank.transfer(conn, GUILD, person(UserId(5)), MINT, 1, key="gone", kind="burn")
        give(conn, bank, UserId(9), 1000, OTHER_GUILD)

    await database.write(work)
    page = await database.read(reading.page_of_leaderboard, GUILD)
    assert [(line.position, line.user_id, line.balance) for line in page] == [
        (1, 2, 70),
        (2, 3, 50),
        (3, 1, 50),
        (4, 4, 10),
    ]
    for line in page:
        rank = await database.read(reading.rank_of, GUILD, line.user_id)
        assert rank == reading.Rank(line.position, line.balance)
    assert await database.read(reading.rank_of, GUILD, UserId(5)) is None
    assert await database.read(reading.rank_of, GUILD, UserId(77)) is None
    second = await database.read(reading.page_of_leaderboard, GUILD, start=2, limit=1)
    assert [(line.position, line.user_id) for line in second] == [(3, 1)]
    assert await database.read(reading.count_holders, GUILD, at_most=100) == 4
    assert await database.read(reading.count_holders, GUILD, at_most=3) == 3


async def test_the_supply_is_what_came_out_minus_what_went_in(
    database: Database, bank: Bank
) -> None:
    def work(conn: Connection) -> None:
        give(conn, bank, ANN, 100)
        give(conn, bank, BEN, 60)
        bank.transfer(conn, GUILD, person(BEN), MINT, 5, key="fee", kind="fee")
        bank.hold(conn, GUILD, ANN, 30, escrow="game:open", key="h", kind="dice")
        bank.hold(conn, GUILD, ANN, 10, escrow="game:done", key="h2", kind="dice")
        bank.settle(conn, GUILD, "game:done", {ANN: 25}, key="s", kind="dice")
        give(conn, bank, ANN, 1, OTHER_GUILD)
        reading.forget_person(conn, GUILD, BEN)

    await database.write(work)
    supply = await database.read(reading.supply, GUILD)
    assert (supply.persons, supply.escrow, supply.erased) == (85, 30, 55)
    assert supply.accounts == 1
    assert supply.systems == {
        "mint": reading.SystemFlow(160, 5),
        "house": reading.SystemFlow(15, 0),
        "treasury": reading.SystemFlow(0, 0),
    }
    assert supply.total == supply.minted - supply.burned == 170


async def test_a_frozen_account_neither_sends_nor_receives(database: Database, bank: Bank) -> None:
    await database.write(give, bank, ANN, 100)
    await database.write(give, bank, BEN, 100)
    await database.write(bank.hold, GUILD, ANN, 10, escrow="game:open", key="h", kind="dice")
    assert await database.write(reading.set_frozen, GUILD, ANN, frozen=True)
    assert not await database.write(reading.set_frozen, GUILD, ANN, frozen=True)
    assert await database.read(reading.is_frozen, GUILD, ANN)
    for source, target in ((ANN, BEN), (BEN, ANN)):
        with pytest.raises(AccountFrozen):
            await database.write(
                bank.transfer, GUILD, person(source), person(target), 1, key="f", kind="give"
            )
    # What is decided is paid, and administrators may.
    await database.write(bank.settle, GUILD, "game:open", {ANN: 15}, key="s", kind="dice")
    await database.write(
        bank.transfer, GUILD, person(ANN), MINT, 5, key="a", kind="burn", unfreeze=True
    )
    assert await database.read(bank.balance, GUILD, ANN) == 100
    assert await database.write(reading.set_frozen, GUILD, ANN, frozen=False)
    await database.write(bank.transfer, GUILD, person(ANN), person(BEN), 1, key="f", kind="give")


async def test_somebody_without_an_account_can_be_frozen(database: Database, bank: Bank) -> None:
    assert not await database.write(reading.set_frozen, GUILD, CAT, frozen=False)
    assert not await database.read(reading.is_frozen, GUILD, CAT)
    assert await database.write(reading.set_frozen, GUILD, CAT, frozen=True)
    with pytest.raises(AccountFrozen):
        await database.write(give, bank, CAT, 1)


async def test_forgetting_keeps_the_sums_and_takes_the_name(
    database: Database, bank: Bank, clock: ManualClock
) -> None:
    def work(conn: Connection) -> None:
        give(conn, bank, ANN, 100)
        give(conn, bank, BEN, 100)
        bank.hold(conn, GUILD, ANN, 10, escrow="game:open", key="h", kind="dice")
        bank.transfer(
            conn, GUILD, person(ANN), person(BEN), 1, key="g", kind="give", details={"to": BEN}
        )
        bank.transfer(
            conn, GUILD, MINT, person(BEN), 1, key="m", kind="mint", reason="prize", actor_id=ANN
        )

    await database.write(work)
    assert await database.write(reading.forget_person, GUILD, ANN)
    assert not await database.write(reading.forget_person, GUILD, ANN)
    assert await database.read(bank.balance, GUILD, ANN) == 0
    assert await database.read(reading.page_of_statement, GUILD, ANN) == []
    mint, gift, _ = await database.read(reading.page_of_statement, GUILD, BEN)
    assert (mint.actor_id, mint.reason) == (None, "prize")
    assert (gift.others, gift.details) == ((Account("person"),), {})
    assert (await audit(database, bank, clock)).findings == ()
    # A stake of somebody erased goes to the house when the game is called off.
    await database.write(bank.release, GUILD, "game:open", key="r", kind="dice")
    assert (await database.read(reading.supply, GUILD)).systems["house"].taken == 10
    assert (await audit(database, bank, clock)).findings == ()
    with pytest.raises(InsufficientFunds):
        await database.write(bank.transfer, GUILD, person(ANN), HOUSE, 1, key="x", kind="x")


async def test_sound_books_have_no_findings(
    database: Database, bank: Bank, clock: ManualClock
) -> None:
    await database.write(give, bank, ANN, 100)
    await database.write(bank.hold, GUILD, ANN, 10, escrow="game:open", key="h", kind="dice")
    report = await audit(database, bank, clock)
    assert report.findings == ()
    assert (report.transfers, report.accounts) == (2, 2)


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("UPDATE accounts SET balance = balance + 1 WHERE user_id = :ann", "balance equals"),
        ("UPDATE postings SET amount = amount + 1 WHERE account_id = -1", "sums to zero"),
        ("DELETE FROM postings", "sums to zero"),
        ("UPDATE postings SET guild_id = 3 WHERE account_id = -1", "sums to zero"),
        ("DELETE FROM accounts WHERE user_id = :ann", "posting has an account"),
    ],
)
async def test_damage_is_found(
    database: Database, bank: Bank, clock: ManualClock, damage: str, rule: str
) -> None:
    await database.write(give, bank, ANN, 100)
    await database.write(lambda conn: conn.execute(text(damage), {"ann": ANN}) and None)
    report = await audit(database, bank, clock)
    assert any(rule in finding.rule for finding in report.findings)


@pytest.mark.parametrize("name", ["game:over", "nobody:knows"])
async def test_coins_in_an_escrow_without_a_reason_are_found(
    database: Database, bank: Bank, clock: ManualClock, name: str
) -> None:
    await database.write(give, bank, ANN, 100)
    await database.write(bank.hold, GUILD, ANN, 10, escrow=name, key="h", kind="dice")
    report = await quick_audit(database, bank, clock)
    assert [finding.rule for finding in report.findings] == ["escrow is open"]
    assert name in report.findings[0].detail


async def test_health_tells_what_the_audit_found(
    database: Database, bank: Bank, clock: ManualClock
) -> None:
    watch = LedgerWatch(database, bank, clock)
    await database.write(give, bank, ANN, 100)
    assert (await watch.check()).state == "healthy"
    assert watch.handler.run is not None
    await watch.handler.run(Job("j", watch.recurring.kind, {}, None, 0, 1, None))
    await clock.advance(120)
    healthy = await watch.check()
    assert healthy.state == "healthy"
    assert "2 min ago" in healthy.detail
    # Only the full audit compares balances; the health page remembers what it found.
    await database.write(
        lambda conn: conn.execute(text("UPDATE accounts SET balance = 99")) and None
    )
    await watch.audit()
    sick = await watch.check()
    assert sick.state == "unhealthy"
    assert "holds 99, its postings sum to 100" in sick.detail
