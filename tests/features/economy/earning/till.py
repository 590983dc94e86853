"""Earning on a database, with everything that a test wants to move by hand."""

import itertools

from seraphim.features.economy.public import MINT, TREASURY, Bank, person
from seraphim.features.economy.service.accounts import Accounts, Gift
from seraphim.features.economy.service.claims import Earner
from seraphim.features.economy.service.earning import Earned, Earning
from seraphim.features.economy.service.ledger_audit import audit
from seraphim.features.economy.service.robbing import Robbed, Robbing
from seraphim.features.economy.service.settings import EconomySettings
from seraphim.features.economy.store.ledger_reading import set_frozen, supply
from seraphim.kernel.bus import InProcessBus
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.dice import SeededDice
from seraphim.kernel.ids import GuildId, SequenceIds, UserId
from seraphim.kernel.settings import GuildSettings

GUILD = GuildId(10**18 + 1)
ANN, BEN, CID = (UserId(2 * 10**18 + number) for number in range(3))
ADMIN = UserId(9)
MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0


class RiggedDice(SeededDice):
    """Rolls what a test has put in first, then by chance; ``low`` and ``high`` mean the bounds."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(seed)
        self.next: list[int | str] = []

    def integer(self, low: int, high: int) -> int:
        """Return the next rigged roll, or one by chance."""
        if not self.next:
            return super().integer(low, high)
        rigged = self.next.pop(0)
        value = {"low": low, "high": high}.get(rigged, 0) if isinstance(rigged, str) else rigged
        assert low <= value <= high, f"{value} is not between {low} and {high}"
        return value


class Till:
    """The use cases of earning in one process."""

    def __init__(self, db: Database, clock: ManualClock, guild_id: GuildId = GUILD) -> None:
        self.db = db
        self.clock = clock
        self.guild_id = guild_id
        self.dice = RiggedDice()
        self.bank = Bank(clock)
        self.settings = GuildSettings(db, InProcessBus(), clock, SequenceIds(f"change{guild_id}"))
        self.earning = Earning(db, self.settings, clock, self.dice, self.bank)
        self.robbing = Robbing(db, self.settings, clock, self.dice, self.bank)
        self.accounts = Accounts(db, self.bank)
        self._keys = itertools.count(1)

    def key(self) -> str:
        return f"interaction-{next(self._keys)}"

    async def earn(self, action: str, user: UserId = ANN, key: str | None = None) -> Earned:
        return await self.earning.earn(self.who(user), action, key or self.key())

    async def rob(self, robber: UserId, target: UserId, key: str | None = None) -> Robbed:
        return await self.robbing.rob(self.who(robber), target, key or self.key())

    async def give(
        self, giver: UserId, receiver: UserId, amount: str, key: str | None = None
    ) -> Gift:
        return await self.accounts.give(self.who(giver), receiver, amount, key or self.key())

    def who(self, user: UserId) -> Earner:
        return Earner(self.guild_id, user)

    async def fund(self, user: UserId, coins: int) -> None:
        """Make coins for a member."""
        await self.db.write(
            self.bank.transfer,
            self.guild_id,
            MINT,
            person(user),
            coins,
            key=self.key(),
            kind="eco_add",
        )

    async def drain(self, user: UserId) -> None:
        """Take all coins of a member."""
        coins = await self.balance(user)
        await self.db.write(
            self.bank.transfer,
            self.guild_id,
            person(user),
            TREASURY,
            coins,
            key=self.key(),
            kind="eco_remove",
        )

    async def balance(self, user: UserId = ANN) -> int:
        return await self.db.read(self.bank.balance, self.guild_id, user)

    async def freeze(self, user: UserId) -> None:
        await self.db.write(set_frozen, self.guild_id, user, frozen=True)

    async def change(self, **changes: object) -> None:
        await self.settings.change(
            self.guild_id, EconomySettings, changes, actor_id=ADMIN, source="test"
        )

    async def total(self) -> int:
        """All coins that members hold."""
        return (await self.db.read(supply, self.guild_id)).total

    async def assert_sound(self) -> None:
        """The books add up."""
        assert (await audit(self.db, self.bank, self.clock)).findings == ()
