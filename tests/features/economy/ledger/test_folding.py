"""Escrows that were paid out long ago are folded together: fewer rows, the same books."""

import random
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection

from seraphim.features.economy.public import MINT, Bank, EscrowEmpty, Receipt, person
from seraphim.features.economy.service.folding import KEEP_MS, EscrowFolding
from seraphim.features.economy.service.ledger_audit import audit
from seraphim.features.economy.store import folding as store
from seraphim.features.economy.store.ledger_reading import page_of_statement, supply
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId

GUILDS = (GuildId(1), GuildId(2))
ANN, BEN = UserId(11), UserId(12)
MONTH = KEEP_MS / 1000


class Books:
    """Two guilds, two players each, and games that begin and end."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.bank = Bank(self.clock)
        self.bank.explain_escrows("game", lambda _conn, _guild, _name: True)
        self.folding = EscrowFolding(db, self.clock)
        self.chance = random.Random(5)  # noqa: S311 - a fixed sequence

    async def fund(self) -> None:
        for guild in GUILDS:
            for user in (ANN, BEN):
                await self.db.write(
                    self.bank.transfer, guild, MINT, person(user), 1_000,
                    key=f"fund{user}", kind="daily",
                )  # fmt: skip

    async def play(self, guild: GuildId, number: int, *, to_the_end: bool = True) -> None:
        name = f"game:{number}"
        for user in (ANN, BEN):
            await self.db.write(
                self.bank.hold, guild, user, 5, escrow=name, key=f"{name}:{user}", kind="game.duel"
            )
        if not to_the_end:
            return
        if self.chance.random() < 0.3:
            await self.db.write(
                self.bank.release, guild, name, key=f"{name}:back", kind="game.duel"
            )
            return
        winner = self.chance.choice((ANN, BEN))
        await self.db.write(
            self.bank.settle, guild, name, {winner: self.chance.choice((0, 9, 10, 12))},
            key=f"{name}:end", kind="game.duel",
        )  # fmt: skip

    async def escrows(self) -> list[str]:
        def read(conn: Connection) -> list[str]:
            names = text("SELECT escrow FROM accounts WHERE escrow IS NOT NULL ORDER BY id")
            return list(conn.execute(names).scalars())

        return await self.db.read(read)

    async def facts(self) -> list[object]:
        """Return all that must not change by folding."""
        report = await audit(self.db, self.bank, self.clock)
        assert report.findings == ()
        found: list[object] = []
        for guild in GUILDS:
            found.append(await self.db.read(supply, guild))
            for user in (ANN, BEN):
                lines = await self.db.read(page_of_statement, guild, user, limit=200)
                found.append([(line.transfer_id, line.amount, line.balance) for line in lines])
        return found


@pytest.fixture
async def books(database: Database) -> Books:
    made = Books(database)
    await made.fund()
    return made


async def test_old_escrows_become_one_and_every_sum_stays(books: Books) -> None:
    for number in range(20):
        await books.play(GUILDS[number % 2], number)
    await books.play(GUILDS[0], 100, to_the_end=False)
    await books.clock.advance(MONTH + 1)
    await books.play(GUILDS[0], 200)
    before = await books.facts()
    assert await books.folding.fold() == 20
    assert await books.facts() == before
    assert sorted(await books.escrows()) == ["folded", "folded", "game:100", "game:200"]
    # Another night: the same accounts take what has become old, and nothing is done twice.
    await books.clock.advance(MONTH + 1)
    assert await books.folding.fold() == 1
    assert await books.folding.fold() == 0
    assert await books.facts() == before
    # What was open stays open, and what was paid out is paid out.
    back = await books.db.write(
        books.bank.release, GUILDS[0], "game:100", key="late", kind="game.duel"
    )
    assert back.amount == 10
    with pytest.raises(EscrowEmpty):
        await books.db.write(books.bank.settle, GUILDS[0], "game:0", {ANN: 5}, key="x", kind="y")


async def test_a_repeated_end_of_a_folded_game_answers_as_before(books: Books) -> None:
    await books.play(GUILDS[0], 1, to_the_end=False)

    async def end() -> Receipt:
        return await books.db.write(
            books.bank.settle, GUILDS[0], "game:1", {ANN: 9}, key="end", kind="game.duel"
        )

    first = await end()
    await books.clock.advance(MONTH + 1)
    await books.folding.fold()
    again = await end()
    assert (again.repeated, again.transfer_id, again.balances) == (
        True,
        first.transfer_id,
        first.balances,
    )


async def test_many_are_folded_in_short_transactions(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "SLICE", 4)
    for number in range(11):
        await books.play(GUILDS[0], number)
    await books.clock.advance(MONTH + 1)
    for number in range(20, 26):
        await books.play(GUILDS[0], number)
    before = await books.facts()
    assert await books.folding.fold() == 11
    assert len(await books.escrows()) == 7
    assert await books.facts() == before


async def test_looking_for_old_escrows_reads_no_accounts_of_persons(books: Books) -> None:
    def explain(conn: Connection) -> str:
        if conn.dialect.name != "sqlite":  # for a table this small it would read all rows
            conn.execute(text("SET LOCAL enable_seqscan = off"))
        head = "EXPLAIN QUERY PLAN " if conn.dialect.name == "sqlite" else "EXPLAIN "
        rows = conn.execute(
            text(f"{head}SELECT id FROM accounts a WHERE a.closed AND a.id > 5 ORDER BY a.id")
        )
        return "\n".join(str(row) for row in rows)

    assert "ix_accounts_closed" in await books.db.write(explain)
