"""A shop for tests: a real database, a bank, and a Discord that obeys the test."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from seraphim.features.economy.ports import Refund, RoleOutcome
from seraphim.features.economy.rules.items import Item, Terms
from seraphim.features.economy.rules.ledger import MINT, person
from seraphim.features.economy.rules.shop import Buyer, Refusal
from seraphim.features.economy.service.inventory import Inventories
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.service.ledger_audit import audit
from seraphim.features.economy.service.shop import Shop, ShopRules
from seraphim.features.economy.service.shop_delivery import Delivery
from seraphim.features.economy.service.shop_editing import ShopEditing
from seraphim.features.economy.service.shop_health import shop_check
from seraphim.features.economy.service.shop_privacy import ShopPrivacy
from seraphim.features.economy.service.trade import Trades
from seraphim.features.economy.store import inventory, items
from seraphim.features.economy.store.ledger_reading import set_frozen
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import ChannelId, GuildId, Ids, RoleId, UserId
from seraphim.kernel.job_worker import JobWorker
from seraphim.kernel.jobs import Job, JobHandler
from seraphim.kernel.outbox import Outbox
from seraphim.kernel.system_ids import SystemIds
from seraphim.kernel.telemetry import Metrics

GUILD, CHANNEL = GuildId(1), ChannelId(5)
ALICE, BOB, CAROL = UserId(11), UserId(12), UserId(13)
PEOPLE = (ALICE, BOB, CAROL)
ROLE = RoleId(77)


class FakeRoles:
    """A Discord whose roles a test can look at, and that refuses when told to."""

    def __init__(self) -> None:
        self.everywhere: set[tuple[int, int, int]] = set()
        self.refusal: Refusal | None = None
        self.outage = False
        self.loses_answers = False
        self.grants = 0
        self.before_revoke: Callable[[], Awaitable[None]] | None = None

    @property
    def held(self) -> set[tuple[int, int]]:
        """Return who has which role in the usual guild."""
        return self.of(GUILD)

    def of(self, guild_id: GuildId) -> set[tuple[int, int]]:
        """Return who has which role in a guild."""
        return {(user, role) for guild, user, role in self.everywhere if guild == guild_id}

    async def grant(self, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> RoleOutcome:
        if self.outage:
            raise ConnectionError("Discord is away")
        if self.refusal is not None:
            return RoleOutcome(self.refusal)
        self.grants += 1
        self.everywhere.add((guild_id, user_id, role_id))
        if self.loses_answers:
            raise TimeoutError("Discord has done it, but its answer was lost")
        return RoleOutcome()

    async def revoke(self, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> RoleOutcome:
        if self.outage:
            raise ConnectionError("Discord is away")
        if self.refusal is not None:
            return RoleOutcome(self.refusal)
        if self.before_revoke is not None:
            meanwhile, self.before_revoke = self.before_revoke, None
            await meanwhile()
        self.everywhere.discard((guild_id, user_id, role_id))
        return RoleOutcome()

    async def can_grant(self, guild_id: GuildId, role_id: RoleId) -> RoleOutcome:
        del guild_id, role_id
        return RoleOutcome(self.refusal)


class FakeNotices:
    """Remembers what it was to tell."""

    def __init__(self) -> None:
        self.refunds: list[Refund] = []

    async def role_refunded(self, refund: Refund) -> None:
        self.refunds.append(refund)


@dataclass
class House:
    """Everything a shop is made of, on one database."""

    db: Database
    clock: ManualClock
    ids: Ids = field(default_factory=SystemIds)
    rules: ShopRules = field(default_factory=ShopRules)
    levels: dict[int, int] = field(default_factory=dict[int, int])
    roles: FakeRoles = field(default_factory=FakeRoles)
    notices: FakeNotices = field(default_factory=FakeNotices)

    def __post_init__(self) -> None:
        metrics = Metrics()
        self.bank = Bank(self.clock)
        self.shop = Shop(
            self.db, self.bank, self.clock, self.ids, self._rules_of, level=self._level_of
        )
        self.delivery = Delivery(self.db, self.bank, self.clock, self.ids, self.roles, self.notices)
        self.inventories = Inventories(self.db, self.clock)
        self.editing = ShopEditing(self.db, self.clock, self.ids)
        self.privacy = ShopPrivacy(self.db, self.clock, self.ids)
        self.health = shop_check(self.db)
        self.trades = Trades(self.db, self.bank, self.clock, self.ids, self._rules_of)
        self.worker = JobWorker(self.db, self.clock, self.ids, metrics, self.ids.new())
        for handler in (*self.delivery.jobs(), *self.trades.jobs()):
            self.worker.handle(handler)
        self.outbox = Outbox(self.db, self.clock, metrics, None)
        for listener in self.delivery.listeners():
            self.outbox.subscribe(listener)
        self._keys = 0

    async def _rules_of(self, guild_id: GuildId) -> ShopRules:
        del guild_id
        return self.rules

    async def _level_of(self, guild_id: GuildId, user_id: UserId) -> int | None:
        del guild_id
        return self.levels.get(user_id)

    def key(self) -> str:
        """Return a new interaction's key."""
        self._keys += 1
        return f"key-{self._keys}"

    async def pay(self, user_id: UserId, amount: int) -> None:
        """Give a member coins out of nothing."""
        await self.db.write(
            self.bank.transfer,
            GUILD,
            MINT,
            person(user_id),
            amount,
            key=self.ids.new(),
            kind="mint",
        )

    async def balance(self, user_id: UserId) -> int:
        return await self.db.read(self.bank.balance, GUILD, user_id)

    async def owned(self, user_id: UserId, item: Item) -> int:
        return await self.db.read(inventory.owned, GUILD, user_id, item.item_id)

    async def add(self, terms: Terms, stock: int | None = None) -> Item:
        """Put an item on the shelf."""
        return (await self.editing.add(GUILD, terms, stock, UserId(1))).item

    async def item(self, item: Item) -> Item:
        """Return the item as it is now."""
        found = await self.db.read(items.find_item, GUILD, item.item_id)
        assert found is not None
        return found

    async def freeze(self, user_id: UserId) -> None:
        await self.db.write(set_frozen, GUILD, user_id, frozen=True)

    async def hear(self) -> None:
        """Let the listeners take the events that are there."""
        await self.outbox.deliver_pending()

    async def worker_claims(self, kind: str, meanwhile: Callable[[], None]) -> None:
        """Run what is due; ``meanwhile`` happens between a job's claim and its work."""
        handler = next(each for each in self.delivery.jobs() if each.kind == kind)
        assert handler.handle is not None
        work = handler.handle

        def later(conn: Connection, job: Job) -> None:
            meanwhile()
            work(conn, job)

        worker = JobWorker(self.db, self.clock, self.ids, Metrics(), self.ids.new())
        worker.handle(JobHandler(kind, handle=later))
        await worker.run_due()

    async def run_other_kinds(self, kind: str) -> None:
        """Run what is due of all kinds but one, as another process does at the same time."""
        worker = JobWorker(self.db, self.clock, self.ids, Metrics(), self.ids.new())
        for handler in self.delivery.jobs():
            if handler.kind != kind:
                worker.handle(handler)
        await worker.run_due()

    async def check(self) -> None:
        """The books are in order, and every piece that was sold is with a member or used up."""
        report = await audit(self.db, self.bank, self.clock)
        assert report.findings == ()
        wrong, _, _ = await self.db.read(items.list_miscounted)
        assert wrong == []


def buyer(user_id: UserId, *roles: int, level: int | None = None) -> Buyer:
    """Return somebody who buys."""
    return Buyer(GUILD, user_id, CHANNEL, roles, level)
