"""What administrators do with coins and accounts: always with a reason, always in the audit log."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.amounts import parse_amount
from seraphim.features.economy.rules.errors import AnswerForgotten
from seraphim.features.economy.rules.ledger import MINT, Receipt, person
from seraphim.features.economy.service.ledger import Bank
from seraphim.features.economy.store import ledger_reading as reading
from seraphim.features.economy.store.ledger_reading import StatementLine
from seraphim.features.economy.store.owners import (
    StoredAdjustment,
    find_adjustment,
    make_and_lock_account,
)
from seraphim.kernel.audit import AuditEntry, record
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, write_keyed
from seraphim.kernel.errors import NotFound, SeraphimError
from seraphim.kernel.ids import GuildId, Ids, UserId
from seraphim.kernel.marks import N_

type Change = Literal["add", "remove", "set"]

ADD, REMOVE, UNDO = "eco.add", "eco.remove", "eco.undo"
SOURCE = "discord"
LINES = 5


class NothingToChange(SeraphimError):
    """The account is as it should be already."""

    code = "economy.nothing_to_change"
    http_status = 409
    message = N_("It is like that already; nothing was changed.")


@dataclass(frozen=True, slots=True)
class Order:
    """What an administrator wants done, and under which idempotency key."""

    guild_id: GuildId
    actor_id: UserId
    user_id: UserId
    reason: str
    key: str


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change of somebody's coins by an administrator; ``delta`` is negative when taken."""

    transfer_id: str
    user_id: UserId
    delta: int
    balance: int
    reason: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class AccountView:
    """A member's account as administrators see it."""

    balance: int
    frozen: bool
    lines: tuple[StatementLine, ...]


class Administration:
    """The use cases behind ``/eco``."""

    def __init__(self, db: Database, bank: Bank, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._bank = bank
        self._clock = clock
        self._ids = ids

    async def change(self, order: Order, change: Change, amount: str) -> Adjustment:
        """Mint to a member, burn from a member, or do what makes the balance ``amount``.

        ``amount`` is as people write it; "all" and "half" refer to the member's balance. The coins
        come from the mint and go to it, whether the account is frozen or not.

        Raises:
            AmountInvalid: The text is no amount, or is not positive (0 is taken for set alone).
            InsufficientFunds: More is to be removed than is there.
            BalanceLimit: More is to be added than an account holds.
            NothingToChange: The balance to be set is there already.
            AnswerForgotten: The key is known; the member was forgotten since.
        """
        return await write_keyed(self._db, self._change, order, change, amount)

    async def take_back(self, guild_id: GuildId, actor_id: UserId, transfer_id: int) -> Adjustment:
        """Undo a change by its counter-transfer: once, however often and by whom it is asked for.

        Raises:
            NotFound: There is no such change here (or its member was erased).
            InsufficientFunds: The member has spent what would be taken back.
        """
        return await write_keyed(self._db, self._take_back, guild_id, actor_id, transfer_id)

    async def freeze(self, order: Order, *, frozen: bool) -> None:
        """Freeze or thaw an account: nothing leaves a frozen one and nothing comes in.

        Raises:
            NothingToChange: It is so already.
        """
        await self._db.write(self._freeze, order, frozen)

    async def look(self, guild_id: GuildId, user_id: UserId) -> AccountView:
        """Return a member's balance, whether it is frozen, and the newest movements."""
        return await self._db.read(self._look, guild_id, user_id)

    def _look(self, conn: Connection, guild_id: GuildId, user_id: UserId) -> AccountView:
        return AccountView(
            self._bank.balance(conn, guild_id, user_id),
            reading.is_frozen(conn, guild_id, user_id),
            tuple(reading.page_of_statement(conn, guild_id, user_id, limit=LINES)),
        )

    def _change(self, conn: Connection, order: Order, change: Change, amount: str) -> Adjustment:
        # What is to be done depends on the balance, and a twin of this click on the ledger.
        make_and_lock_account(conn, order.guild_id, order.user_id)
        known = self._bank.find(conn, order.guild_id, order.key)
        if known is not None:
            return _again(order, known)
        balance = self._bank.balance(conn, order.guild_id, order.user_id)
        delta = _delta(change, amount, balance)
        receipt = self._move(conn, order, delta, ADD if delta > 0 else REMOVE)
        if not receipt.repeated:
            self._record(conn, order, f"economy.{change}", balance, balance + delta)
        return _adjustment(order, delta, receipt)

    def _take_back(
        self, conn: Connection, guild_id: GuildId, actor_id: UserId, transfer_id: int
    ) -> Adjustment:
        done: StoredAdjustment | None = find_adjustment(conn, guild_id, transfer_id, (ADD, REMOVE))
        if done is None:
            raise NotFound(what="that change")
        order = Order(guild_id, actor_id, done.user_id, done.reason, f"eco.undo:{transfer_id}")
        receipt = self._move(conn, order, -done.delta, UNDO)
        if not receipt.repeated:
            after = receipt.balances[done.user_id]
            self._record(conn, order, "economy.undo", after + done.delta, after)
        return _adjustment(order, -done.delta, receipt)

    def _move(self, conn: Connection, order: Order, delta: int, kind: str) -> Receipt:
        member = person(order.user_id)
        source, target = (MINT, member) if delta > 0 else (member, MINT)
        return self._bank.transfer(
            conn, order.guild_id, source, target, abs(delta), key=order.key, kind=kind,
            reason=order.reason, actor_id=order.actor_id, unfreeze=True,
            details={"user": order.user_id, "delta": delta},
        )  # fmt: skip

    def _freeze(self, conn: Connection, order: Order, frozen: bool) -> None:  # noqa: FBT001  # a unit of work gets its values in order
        if not reading.set_frozen(conn, order.guild_id, order.user_id, frozen=frozen):
            raise NothingToChange
        action = "economy.freeze" if frozen else "economy.unfreeze"
        self._record(conn, order, action, not frozen, frozen)

    def _record(
        self, conn: Connection, order: Order, action: str, before: object, after: object
    ) -> None:
        record(
            conn,
            AuditEntry(
                id=self._ids.new(),
                at_ms=self._clock.now_ms(),
                guild_id=order.guild_id,
                actor_id=order.actor_id,
                action=action,
                subject=str(order.user_id),
                before={"value": before},
                after={"value": after, "reason": order.reason},
                source=SOURCE,
            ),
        )


def _delta(change: Change, amount: str, balance: int) -> int:
    if change == "add":
        return parse_amount(amount, available=None)
    if change == "remove":
        return -parse_amount(amount, available=balance)
    wanted = 0 if amount.strip() == "0" else parse_amount(amount, available=balance)
    if wanted == balance:
        raise NothingToChange
    return wanted - balance


def _adjustment(order: Order, delta: int, receipt: Receipt) -> Adjustment:
    return Adjustment(
        receipt.transfer_id,
        order.user_id,
        delta,
        receipt.balances[order.user_id],
        order.reason,
        receipt.repeated,
    )


def _again(order: Order, known: Receipt) -> Adjustment:
    delta = known.details.get("delta")
    if not isinstance(delta, int) or known.details.get("user") != order.user_id:
        raise AnswerForgotten
    return _adjustment(order, delta, known)
