"""Forgetting a member: the name goes, every sum stays."""

import asyncio

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.util import await_only
from tests.features.economy.owners.ledgers import ADA, ANN, BEN, GUILD, Ledger, order

from seraphim.features.economy.public import AccountFrozen, Bank, escrow, person
from seraphim.features.economy.service.administration import Administration
from seraphim.features.economy.service.ledger_audit import audit
from seraphim.features.economy.service.privacy import EconomyPrivacy, StakesOpen
from seraphim.features.economy.service.supply import SupplyBook
from seraphim.kernel.db import open_database
from seraphim.kernel.errors import NotFound
from seraphim.kernel.ids import GuildId, SequenceIds, UserId


class Pockets:
    """Another part of the economy that knows something."""

    def __init__(self) -> None:
        self.erased: list[UserId] = []

    async def export(self, guild_id: GuildId, user_id: UserId) -> dict[str, object]:
        del guild_id, user_id
        return {"pockets": ["lint"]}

    async def erase(self, guild_id: GuildId, user_id: UserId) -> None:
        del guild_id
        self.erased.append(user_id)


@pytest.fixture
def pockets() -> Pockets:
    return Pockets()


@pytest.fixture
def privacy(ledger: Ledger, pockets: Pockets) -> EconomyPrivacy:
    return EconomyPrivacy(ledger.db, (pockets,))


async def test_the_export_has_account_movements_and_what_the_parts_know(
    ledger: Ledger, privacy: EconomyPrivacy
) -> None:
    await ledger.earn(ANN, 100)
    await ledger.move(person(ANN), person(BEN), 30, "give")
    known = await privacy.export(GUILD, ANN)
    assert (known["balance"], known["frozen"], known["pockets"]) == (70, False, ["lint"])
    movements = known["movements"]
    assert isinstance(movements, list)
    assert [each["amount"] for each in movements] == [-30, 100]  # pyright: ignore[reportUnknownVariableType] - JSON
    msgspec.json.encode(known)
    assert "balance" not in await privacy.export(GUILD, ADA)


async def test_erasing_keeps_every_sum_and_no_name(
    ledger: Ledger, privacy: EconomyPrivacy, pockets: Pockets
) -> None:
    office = Administration(ledger.db, ledger.bank, ledger.clock, SequenceIds())
    await ledger.earn(ANN, 100)
    await ledger.move(person(ANN), person(BEN), 20, "give")
    await ledger.db.write(
        ledger.bank.transfer, GUILD, person(ANN), person(BEN), 10,
        key=f"trade:1:{ANN}", kind="trade",
    )  # fmt: skip
    done = await office.change(order(ANN, reason="for Ann"), "add", "5")
    book = SupplyBook(ledger.db, ledger.clock)
    before, _ = await book.compare(GUILD)
    await privacy.erase(GUILD, ANN)
    after, from_days = await book.compare(GUILD)
    assert (after.total, from_days) == (before.total, before.total)
    assert (after.erased, after.persons) == (75, 30)
    assert (await audit(ledger.db, Bank(ledger.clock), ledger.clock)).findings == ()
    assert pockets.erased == [ANN]
    assert await ledger.balance(ANN) == 0
    assert "balance" not in await privacy.export(GUILD, ANN)

    def named(conn: object) -> int:
        sql = "SELECT count(*) FROM transfers WHERE details || key LIKE '%{0}%' OR actor_id = {0}"
        return conn.exec_driver_sql(sql.format(ANN)).scalar_one()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] - a connection

    assert await ledger.db.read(named) == 0
    with pytest.raises(NotFound):
        await office.take_back(GUILD, ADA, int(done.transfer_id))
    await ledger.earn(ANN, 1)
    assert await ledger.balance(ANN) == 1, "coming back begins anew"


async def test_coins_in_an_open_game_keep_the_account(
    ledger: Ledger, privacy: EconomyPrivacy, pockets: Pockets
) -> None:
    await ledger.earn(ANN, 100)
    await ledger.move(person(ANN), escrow("game:1"), 60, "game.dice")
    with pytest.raises(StakesOpen):
        await privacy.erase(GUILD, ANN)
    assert pockets.erased == []
    assert await ledger.balance(ANN) == 40
    await ledger.db.write(ledger.bank.settle, GUILD, "game:1", {}, key="settled", kind="game.dice")
    await privacy.erase(GUILD, ANN)
    assert await ledger.balance(ANN) == 0


async def test_forgetting_is_no_way_out_of_a_freeze(
    ledger: Ledger, privacy: EconomyPrivacy
) -> None:
    office = Administration(ledger.db, ledger.bank, ledger.clock, SequenceIds())
    await ledger.earn(ANN, 100)
    await office.freeze(order(ANN), frozen=True)
    await privacy.erase(GUILD, ANN)
    assert await ledger.balance(ANN) == 0
    with pytest.raises(AccountFrozen):
        await ledger.earn(ANN, 1)
    await privacy.erase(GUILD, ANN)
    with pytest.raises(AccountFrozen):
        await ledger.earn(ANN, 1)
    await office.freeze(order(ANN), frozen=False)
    await ledger.earn(ANN, 1)


async def test_others_stakes_hinder_nobody(ledger: Ledger, privacy: EconomyPrivacy) -> None:
    await ledger.earn(ANN, 100)
    await ledger.earn(BEN, 100)
    await ledger.move(person(BEN), escrow("game:1"), 60, "game.dice")
    await privacy.erase(GUILD, ANN)
    await privacy.erase(GUILD, ADA)
    assert await ledger.balance(BEN) == 40


async def test_a_stake_that_is_put_in_at_this_moment_is_seen(
    ledger: Ledger, privacy: EconomyPrivacy, database_url: str
) -> None:
    await ledger.earn(ANN, 100)
    ledger.bank.explain_escrows("game", lambda _conn, _guild, _name: True)
    held, go_on = asyncio.Event(), asyncio.Event()

    def hold(conn: Connection) -> None:
        ledger.bank.hold(conn, GUILD, ANN, 10, escrow="game:1", key="h", kind="game.duel")
        if conn.dialect.name != "sqlite":  # there the two could not meet: one writer
            held.set()
            await_only(go_on.wait())

    other = await open_database(database_url)
    holding = asyncio.create_task(other.write(hold))
    if other.dialect == "sqlite":
        await holding
    else:
        await held.wait()
    forgetting = asyncio.create_task(privacy.erase(GUILD, ANN))
    while other.dialect != "sqlite" and not await other.read(_somebody_waits):
        assert not forgetting.done()
        await asyncio.sleep(0)
    go_on.set()
    await holding
    with pytest.raises(StakesOpen):
        await forgetting
    assert await ledger.balance(ANN) == 90
    await other.close()


def _somebody_waits(conn: Connection) -> bool:
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    return bool(conn.execute(text(waiting)).scalar_one())
