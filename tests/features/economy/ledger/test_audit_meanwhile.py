"""The audit while coins move: what is paid out at that very moment is no finding."""

from sqlalchemy.engine import Connection
from tests.support.servers import run_apart

from seraphim.features.economy.public import MINT, Bank, person
from seraphim.features.economy.store.ledger_audit import Finding, audit_escrows
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.ids import GuildId, UserId

GUILD, ALICE = GuildId(1), UserId(11)
BANK = Bank(ManualClock())


def stake(conn: Connection) -> None:
    """Put ten coins of Alice into a game's escrow."""
    BANK.transfer(conn, GUILD, MINT, person(ALICE), 10, key="1", kind="test")
    BANK.hold(conn, GUILD, ALICE, 10, escrow="game:1", key="2", kind="test")


async def settle(url: str) -> None:
    """End the game, on a connection of its own."""
    other = await open_database(url)
    await other.write(BANK.settle, GUILD, "game:1", {ALICE: 10}, key="3", kind="test")
    await other.close()


async def test_a_game_that_ends_during_the_audit_is_no_finding(
    database: Database, database_url: str
) -> None:
    await database.write(stake)

    def read(conn: Connection) -> list[Finding]:
        def ends_now(_conn: Connection, _guild_id: GuildId, _name: str) -> bool:
            run_apart(settle(database_url))
            # SQLite's reader goes on seeing the moment at which it began, the game included.
            return database.dialect == "sqlite"

        return audit_escrows(conn, {"game": ends_now})

    assert await database.read(read) == []


async def test_coins_whose_game_has_ended_are_a_finding(database: Database) -> None:
    await database.write(stake)

    def is_over(_conn: Connection, _guild_id: GuildId, _name: str) -> bool:
        return False

    found = await database.read(audit_escrows, {"game": is_over})
    assert [one.detail for one in found] == ["game:1 holds 10"]
