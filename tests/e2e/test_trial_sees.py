"""The trial of the money finds what it looks for: a trial that could not fail proves nothing."""

from sqlalchemy import delete, update
from sqlalchemy.engine import Connection
from tests.support.money import books
from tests.support.money.promises import Promise, claimed, dealt, given

from seraphim.features.economy.public import MINT, Bank, person
from seraphim.features.economy.store.tables import accounts, postings
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId

GUILD, ALICE = GuildId(1), UserId(11)


def pay(conn: Connection, key: str, kind: str) -> None:
    """Pay Alice."""
    Bank(ManualClock()).transfer(conn, GUILD, MINT, person(ALICE), 100, key=key, kind=kind)


async def sums(database: Database) -> books.Findings:
    """Return what the sums say."""
    found = books.Findings()
    await database.read(books.check_sums, found)
    return found


def test_promises_are_read_off_the_answers_words() -> None:
    paid = claimed("7", ALICE, "work", "Well done.\n## +100 ✨\nBalance\n**1,100 ✨**\nAgain")
    assert paid == Promise("transfer", "7", ALICE, "work", 100, 1100)
    assert claimed("7", ALICE, "hunt", "You lost nothing but time.") is None
    gave = given("8", ALICE, "💝 <@11> gave **1,500 ✨** to <@12>.\nBalance\n**20 ✨**")
    assert gave == Promise("transfer", "8", ALICE, "give", 1500, 20)
    bought = dealt("9", ALICE, "buy", "💎 **Gem** for **10 ✨**. You have **90 ✨** left.")
    assert bought == Promise("transfer", "9", ALICE, "buy", 10, 90)


async def test_a_payment_that_is_gone_or_another_is_lost(database: Database) -> None:
    await database.write(pay, "1", "work")
    kept = Promise("transfer", "1", ALICE, "work", 100, 100)
    assert await database.read(books.check_promises, [kept]) == []
    for other in (
        Promise("transfer", "2", ALICE, "work", 100, 100),
        Promise("transfer", "1", ALICE, "work", 101, 100),
        Promise("transfer", "1", ALICE, "work", 100, 99),
        Promise("game", "1", ALICE, "coinflip"),
        Promise("move", "1", ALICE, "blackjack"),
        Promise("trade", "1", ALICE, "trade"),
    ):
        assert len(await database.read(books.check_promises, [other])) == 1, other


async def test_coins_from_nowhere_and_coins_forgotten_are_seen(database: Database) -> None:
    await database.write(pay, "1", "work")
    assert (await sums(database)).created == 0
    await database.write(
        lambda conn: conn.execute(update(accounts).values(balance=accounts.c.balance + 5))
    )
    assert (await sums(database)).created >= 5


async def test_a_stake_whose_game_is_unknown_is_seen(database: Database) -> None:
    def stake(conn: Connection) -> None:
        pay(conn, "1", "work")
        bank = Bank(ManualClock())
        bank.hold(conn, GUILD, ALICE, 10, escrow="game:gone", key="2", kind="game.dice")

    await database.write(stake)
    assert "game:gone" in (await sums(database)).faults[0]


async def test_half_a_transfer_is_seen(database: Database) -> None:
    await database.write(pay, "1", "work")
    await database.write(
        lambda conn: conn.execute(delete(postings).where(postings.c.account_id < 0))
    )
    assert (await sums(database)).created >= 100


async def test_a_claim_within_its_pause_is_seen(database: Database) -> None:
    def claim(conn: Connection, key: str, at_ms: int) -> None:
        Bank(ManualClock()).transfer(
            conn, GUILD, MINT, person(ALICE), 100,
            key=key, kind="work", details={"again_ms": at_ms + 60_000},
        )  # fmt: skip

    pauses = {"work": 60_000}
    await database.write(claim, "1", 1_000)
    await database.write(claim, "2", 61_000)
    assert await database.read(books.count_claims_paid_twice, pauses) == []
    await database.write(claim, "3", 61_500)
    twice = await database.read(books.count_claims_paid_twice, pauses)
    assert twice == [f"/work of {ALICE} was paid 59500 ms too early"]
