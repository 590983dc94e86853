"""What the database itself refuses, should a bug in the program ask for it; and its indexes."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from seraphim.features.economy.public import MAX_BALANCE, MINT, AmountInvalid, Bank, person
from seraphim.features.economy.rules.ledger import Order
from seraphim.features.economy.store import ledger as store
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database, direct, open_database
from seraphim.kernel.ids import GuildId, UserId

GUILD = GuildId(1_000_000_000_000_000_001)
ANN = UserId(2_000_000_000_000_000_001)


@pytest.fixture
async def books(database: Database) -> Database:
    bank = Bank(ManualClock())
    await database.write(bank.transfer, GUILD, MINT, person(ANN), 100, key="k", kind="daily")
    await database.write(bank.hold, GUILD, ANN, 10, escrow="game:1", key="h", kind="dice")
    return database


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts SET balance = -1",
        f"UPDATE accounts SET balance = {MAX_BALANCE + 1}",
        "UPDATE accounts SET escrow = 'x' WHERE user_id IS NOT NULL",
        (
            "INSERT INTO accounts (guild_id, user_id, balance, frozen, closed)"
            f" VALUES ({GUILD}, {ANN}, 0, false, false)"
        ),
        (
            "INSERT INTO accounts (guild_id, escrow, balance, frozen, closed)"
            f" VALUES ({GUILD}, 'game:1', 0, false, false)"
        ),
        (
            "INSERT INTO transfers (guild_id, key, kind, amount, reason, details, at_ms)"
            f" VALUES ({GUILD}, 'k', 'x', 1, '', '', 0)"
        ),
        "UPDATE transfers SET amount = -1",
        "UPDATE postings SET amount = 0",
        "INSERT INTO postings (transfer_id, account_id, guild_id, amount) VALUES (99, 1, 1, 1)",
        (
            "INSERT INTO postings (transfer_id, account_id, guild_id, amount)"
            " SELECT transfer_id, account_id, guild_id, 1 FROM postings"
        ),
    ],
)
async def test_the_schema_refuses(books: Database, statement: str) -> None:
    with pytest.raises(IntegrityError):
        await books.write(lambda conn: conn.execute(text(statement)) and None)
    with pytest.raises(IntegrityError):
        await books.write(direct.run, statement, ())


async def test_an_order_that_makes_coins_is_a_bug(books: Database) -> None:
    order = Order(
        guild_id=GUILD, key="bad", kind="x", amount=1, at_ms=0, persons={ANN: 2}, systems={-1: -1}
    )
    with pytest.raises(ValueError, match="sums to 1"):
        await books.write(store.post, order)


async def test_callers_words_are_bounded(books: Database) -> None:
    bank = Bank(ManualClock())

    def move(conn: Connection, key: str, kind: str, note: str) -> None:
        bank.transfer(conn, GUILD, MINT, person(ANN), 1, key=key, kind=kind, details={"n": note})

    for wrong in (("k" * 201, "x", ""), ("", "x", ""), ("new", "", ""), ("new", "x", "y" * 20_000)):
        with pytest.raises(ValueError, match=r"characters"):
            await books.write(move, *wrong)
    with pytest.raises(AmountInvalid):
        await books.write(bank.settle, GUILD, "game:1", {ANN: -1}, key="s", kind="dice")
    assert await books.read(bank.balance, GUILD, ANN) == 90


@pytest.mark.parametrize(
    ("sql", "index"),
    [
        (
            (
                f"SELECT balance FROM accounts WHERE guild_id = {GUILD} AND user_id = {ANN}"
                " AND user_id IS NOT NULL"
            ),
            "uq_accounts_guild_id_user_id",
        ),
        (
            (
                f"SELECT user_id, balance FROM accounts WHERE guild_id = {GUILD}"
                " AND user_id IS NOT NULL AND balance > 0"
                " ORDER BY balance DESC, user_id DESC LIMIT 10 OFFSET 20"
            ),
            "COVERING INDEX ix_accounts_guild_id_balance",
        ),
        (
            (
                f"SELECT count(*) FROM accounts WHERE guild_id = {GUILD} AND user_id IS NOT NULL"
                f" AND (balance, user_id) > (5, {ANN})"
            ),
            "COVERING INDEX ix_accounts_guild_id_balance",
        ),
        (
            (
                "SELECT t.kind, p.amount FROM postings p JOIN transfers t ON t.id = p.transfer_id"
                f" WHERE p.guild_id = {GUILD} AND p.account_id = 1 AND p.transfer_id < 99"
                " ORDER BY p.transfer_id DESC LIMIT 10"
            ),
            "ix_postings_guild_id_account_id",
        ),
        (
            (
                f"SELECT account_id, sum(amount) FROM postings WHERE guild_id = {GUILD}"
                " AND account_id < 0 GROUP BY account_id"
            ),
            "COVERING INDEX ix_postings_guild_id_account_id",
        ),
        (
            (
                f"SELECT sum(balance) FROM accounts WHERE guild_id = {GUILD}"
                " AND user_id IS NULL AND balance > 0"
            ),
            "ix_accounts_guild_id_held",
        ),
        (
            f"UPDATE transfers SET actor_id = NULL WHERE guild_id = {GUILD} AND actor_id = {ANN}",
            "ix_transfers_guild_id_actor_id",
        ),
    ],
)
async def test_what_is_read_often_has_an_index(sqlite_template: Path, sql: str, index: str) -> None:
    """On SQLite: the planner of PostgreSQL prefers scans while tables are small."""

    def plan(conn: Connection) -> str:
        rows = conn.execute(text(f"EXPLAIN QUERY PLAN {sql}"))
        return "\n".join(str(row[3]) for row in rows)

    database = await open_database(f"sqlite:///{sqlite_template}")
    try:
        found = await database.read(plan)
    finally:
        await database.close()
    assert index in found
    assert "TEMP B-TREE" not in found
    assert "SCAN accounts" not in found
