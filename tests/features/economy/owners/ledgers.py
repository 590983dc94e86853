"""A guild with coins, for the tests of the owners' view."""

from dataclasses import dataclass

from seraphim.features.economy.public import (
    HOUSE,
    MINT,
    TREASURY,
    Account,
    Bank,
    Receipt,
    person,
)
from seraphim.features.economy.service.administration import Order
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId

GUILD = GuildId(1_000_000_000_000_000_001)
ELSEWHERE = GuildId(1_000_000_000_000_000_002)
ADA = UserId(2_000_000_000_000_000_000)
ANN = UserId(2_000_000_000_000_000_001)
BEN = UserId(2_000_000_000_000_000_002)
DAY = 86_400.0


@dataclass
class Ledger:
    """A database, its clock and its bank."""

    db: Database
    clock: ManualClock
    bank: Bank
    moved: int = 0

    async def move(
        self, source: Account, target: Account, amount: int, kind: str, guild: GuildId = GUILD
    ) -> Receipt:
        """Move coins under a key of its own."""
        self.moved += 1
        return await self.db.write(
            self.bank.transfer, guild, source, target, amount, key=f"t{self.moved}", kind=kind
        )

    async def earn(self, user: UserId, amount: int, kind: str = "daily") -> Receipt:
        """Mint coins for somebody."""
        return await self.move(MINT, person(user), amount, kind)

    async def lose(self, user: UserId, amount: int, kind: str = "game.dice") -> Receipt:
        """Let the house take coins."""
        return await self.move(person(user), HOUSE, amount, kind)

    async def win(self, user: UserId, amount: int, kind: str = "game.dice") -> Receipt:
        """Let the house pay coins."""
        return await self.move(HOUSE, person(user), amount, kind)

    async def shop(self, user: UserId, amount: int) -> Receipt:
        """Let the treasury take coins."""
        return await self.move(person(user), TREASURY, amount, "shop_income")

    async def balance(self, user: UserId) -> int:
        """Return what somebody holds."""
        return await self.db.read(self.bank.balance, GUILD, user)


def order(
    user: UserId = ANN, key: str = "k", reason: str = "a prize", actor: UserId = ADA
) -> Order:
    """Return what an administrator wants."""
    return Order(GUILD, actor, user, reason, key)
