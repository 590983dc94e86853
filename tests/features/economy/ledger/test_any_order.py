"""Whatever is done in whatever order: the books equal a plain model, on both engines.

One database serves all examples of an engine; each example has a guild of its own.
"""

import asyncio
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,  # pyright: ignore[reportUnknownVariableType] - hypothesis leaves it untyped
)
from sqlalchemy import text
from sqlalchemy.engine import Connection

from seraphim.features.economy.public import (
    HOUSE,
    MAX_BALANCE,
    MINT,
    TREASURY,
    Account,
    AccountFrozen,
    BalanceLimit,
    Bank,
    EscrowClosed,
    EscrowEmpty,
    IdempotencyConflict,
    InsufficientFunds,
    Receipt,
    SelfTransfer,
    escrow,
    person,
)
from seraphim.features.economy.store import ledger_audit, ledger_reading
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId, UserId

PERSONS = [UserId(10**18 + number) for number in range(4)]
NAMES = ["game:1", "game:2", "trade:1"]
SYSTEMS = [MINT, HOUSE, TREASURY]
GUILDS = itertools.count(10**18)

accounts = st.one_of(
    st.sampled_from(PERSONS).map(person),
    st.sampled_from(PERSONS).map(person),
    st.sampled_from(SYSTEMS),
    st.sampled_from(NAMES).map(escrow),
)
amounts = st.one_of(
    st.integers(1, 100), st.integers(1, 100), st.sampled_from([MAX_BALANCE, MAX_BALANCE - 50])
)
users = st.sampled_from(PERSONS)
names = st.sampled_from(NAMES)
keys = st.integers(0, 400)
"""A key used by chance twice is a duplicate with other contents."""


class BrokenUnitError(Exception):
    """Raised by the test inside a unit of work: nothing of it may stay."""


@dataclass
class Model:
    """What the books should say, kept as plainly as can be."""

    held: dict[Account, int] = field(default_factory=dict[Account, int])
    stakes: dict[str, dict[Account, int]] = field(default_factory=dict[str, dict[Account, int]])
    closed: set[str] = field(default_factory=set[str])
    frozen: set[UserId] = field(default_factory=set[UserId])
    done: dict[str, tuple[str, int, Mapping[UserId, int]]] = field(
        default_factory=dict[str, tuple[str, int, Mapping[UserId, int]]]
    )

    def of(self, account: Account) -> int:
        return self.held.get(account, 0)

    def move(self, account: Account, gain: int) -> None:
        self.held[account] = self.of(account) + gain

    def refusals(self, account: Account, gain: int) -> set[type[SeraphimError]]:
        found: set[type[SeraphimError]] = set()
        if account.kind == "system":
            return found
        if account.kind == "escrow" and account.name in self.closed:
            return {EscrowEmpty if gain < 0 else EscrowClosed}
        if account.kind == "escrow" and gain < 0 and account.name not in self.stakes:
            return {EscrowEmpty}
        if account.kind == "person" and account.number in self.frozen:
            found.add(AccountFrozen)
        if self.of(account) + gain < 0:
            found.add(InsufficientFunds)
        if self.of(account) + gain > MAX_BALANCE:
            found.add(BalanceLimit)
        return found

    def after(self, *touched: UserId) -> dict[UserId, int]:
        return {user: self.of(person(user)) for user in touched}


class Books(RuleBasedStateMachine):
    """Commands in any order, against the model."""

    run: asyncio.Runner
    db: Database

    def __init__(self) -> None:
        super().__init__()
        self.guild = GuildId(next(GUILDS))
        self.bank = Bank(ManualClock())
        self.model = Model()
        for user in PERSONS[:3]:
            self.transfer(MINT, person(user), 100, 1000 + user, fails_later=False)

    def do[T](self, work: Callable[[Connection], T]) -> T:
        return self.run.run(self.db.write(work))

    def attempt(
        self,
        work: Callable[[Connection], Receipt],
        key: str,
        movement: tuple[str, int],
        expected: set[type[SeraphimError]],
        *,
        fails_later: bool,
    ) -> Receipt | None:
        """Run a verb; returns the receipt of something new, None when nothing may have moved."""
        known = self.model.done.get(key)
        if known is not None:
            expected = set() if known[:2] == movement else {IdempotencyConflict}

        def unit(conn: Connection) -> Receipt:
            receipt = work(conn)
            if fails_later:
                raise BrokenUnitError
            return receipt

        try:
            receipt = self.do(unit)
        except BrokenUnitError:
            assert not expected
            return None
        except SeraphimError as error:
            assert type(error) in expected, (error, expected)  # noqa: PT017 - any of several
            return None
        assert not expected
        if known is not None:
            assert receipt.repeated
            assert receipt.balances == known[2]
            return None
        assert not receipt.repeated
        return receipt

    def note(self, key: str, movement: tuple[str, int], receipt: Receipt, *moved: UserId) -> None:
        assert receipt.balances == self.model.after(*moved)
        self.model.done[key] = (*movement, receipt.balances)

    @rule(giver=accounts, taker=accounts, amount=amounts, number=keys, fails_later=st.booleans())
    def transfer(
        self, giver: Account, taker: Account, amount: int, number: int, *, fails_later: bool
    ) -> None:
        if giver.kind == taker.kind == "escrow" and giver != taker:
            return
        key = f"key:{number}"
        expected = {SelfTransfer} if giver == taker else set[type[SeraphimError]]()
        if giver == taker and key in self.model.done:
            return
        expected |= self.model.refusals(giver, -amount) | self.model.refusals(taker, amount)
        receipt = self.attempt(
            lambda conn: self.bank.transfer(
                conn, self.guild, giver, taker, amount, key=key, kind="move"
            ),
            key,
            ("move", amount),
            expected,
            fails_later=fails_later,
        )
        if receipt is None:
            return
        for account, other, gain in ((giver, taker, -amount), (taker, giver, amount)):
            self.model.move(account, gain)
            if account.kind == "escrow":
                stakes = self.model.stakes.setdefault(account.name, {})
                stakes[other] = stakes.get(other, 0) + gain
        touched = [UserId(a.number) for a in (giver, taker) if a.kind == "person"]
        self.note(key, ("move", amount), receipt, *touched)

    @rule(user=users, name=names, amount=amounts, number=keys, fails_later=st.booleans())
    def hold(self, user: UserId, name: str, amount: int, number: int, *, fails_later: bool) -> None:
        key = f"key:{number}"
        source, target = person(user), escrow(name)
        receipt = self.attempt(
            lambda conn: self.bank.hold(
                conn, self.guild, user, amount, escrow=name, key=key, kind="stake"
            ),
            key,
            ("stake", amount),
            self.model.refusals(source, -amount) | self.model.refusals(target, amount),
            fails_later=fails_later,
        )
        if receipt is None:
            return
        self.model.move(source, -amount)
        self.model.move(target, amount)
        stakes = self.model.stakes.setdefault(name, {})
        stakes[source] = stakes.get(source, 0) + amount
        self.note(key, ("stake", amount), receipt, user)

    @rule(
        name=names,
        payouts=st.dictionaries(users, st.one_of(st.just(0), amounts), max_size=4),
        number=keys,
        fails_later=st.booleans(),
    )
    def settle(
        self, name: str, payouts: dict[UserId, int], number: int, *, fails_later: bool
    ) -> None:
        key = f"key:{number}"
        movement = ("settle", sum(payouts.values()))
        receipt = self.attempt(
            lambda conn: self.bank.settle(conn, self.guild, name, payouts, key=key, kind="settle"),
            key,
            movement,
            set() if self.model.of(escrow(name)) else {EscrowEmpty},
            fails_later=fails_later,
        )
        if receipt is None:
            return
        stake = self.model.of(escrow(name))
        for user, amount in payouts.items():
            paid = min(amount, MAX_BALANCE - self.model.of(person(user)))
            self.model.move(person(user), paid)
            stake -= paid
        self.close(name, {HOUSE: stake})
        self.note(key, movement, receipt, *payouts)

    @rule(name=names, only=st.one_of(st.none(), users), number=keys, fails_later=st.booleans())
    def release(self, name: str, only: UserId | None, number: int, *, fails_later: bool) -> None:
        key = f"key:{number}"
        known = self.model.done.get(key)
        stakes = {a: n for a, n in self.model.stakes.get(name, {}).items() if n}
        if name in self.model.closed:
            stakes = {}
        if only is not None:
            stakes = {a: n for a, n in stakes.items() if a == person(only)}
        if any(n < 0 for n in self.model.stakes.get(name, {}).values()):
            return  # somebody took out what others had put in: a caller's bug
        back = {UserId(a.number): n for a, n in stakes.items() if a.kind == "person"}
        # A release does not say how much; repeating it is judged by its kind alone.
        movement = ("release", known[1] if known else sum(back.values()))
        receipt = self.attempt(
            lambda conn: self.bank.release(
                conn, self.guild, name, key=key, kind="release", only=only
            ),
            key,
            movement,
            set() if stakes else {EscrowEmpty},
            fails_later=fails_later,
        )
        if receipt is None:
            return
        over = 0
        for user, amount in back.items():
            paid = min(amount, MAX_BALANCE - self.model.of(person(user)))
            self.model.move(person(user), paid)
            over += amount - paid
            self.model.move(escrow(name), -amount)
            self.model.stakes[name][person(user)] = 0
        self.model.move(HOUSE, over)
        if only is None:
            self.close(name, {a: n for a, n in stakes.items() if a.kind == "system"})
        self.note(key, movement, receipt, *back)

    @rule(user=users, frozen=st.booleans())
    def freeze(self, user: UserId, *, frozen: bool) -> None:
        changed = self.do(
            lambda conn: ledger_reading.set_frozen(conn, self.guild, user, frozen=frozen)
        )
        assert changed == ((user in self.model.frozen) != frozen)
        (self.model.frozen.add if frozen else self.model.frozen.discard)(user)

    @rule(user=users, amount=st.integers(1, 50), number=keys)
    def the_same_at_once(self, user: UserId, amount: int, number: int) -> None:
        key = f"key:{number}"
        if key in self.model.done or self.model.refusals(person(user), amount):
            return

        async def both() -> list[Receipt]:
            return list(
                await asyncio.gather(
                    *(
                        self.db.write(
                            self.bank.transfer,
                            self.guild,
                            MINT,
                            person(user),
                            amount,
                            key=key,
                            kind="move",
                        )
                        for _ in range(3)
                    )
                )
            )

        receipts = self.run.run(both())
        self.model.move(MINT, -amount)
        self.model.move(person(user), amount)
        assert sorted(receipt.repeated for receipt in receipts) == [False, True, True]
        for receipt in receipts:
            self.note(key, ("move", amount), receipt, user)

    def close(self, name: str, rest: Mapping[Account, int]) -> None:
        self.model.held[escrow(name)] = 0
        self.model.closed.add(name)
        for account, amount in rest.items():
            self.model.move(account, amount)

    @invariant()
    def the_books_are_the_model(self) -> None:
        def read(conn: Connection) -> tuple[dict[Account, int], ledger_reading.Supply, int]:
            held = {person(user): self.bank.balance(conn, self.guild, user) for user in PERSONS}
            held |= {
                escrow(name): self.bank.escrow_balance(conn, self.guild, name) for name in NAMES
            }
            total: Any = conn.execute(
                text("SELECT count(*) FROM transfers WHERE guild_id = :guild"),
                {"guild": self.guild},
            ).scalar_one()
            return held, ledger_reading.supply(conn, self.guild), int(total)

        held, supply, transfers = self.run.run(self.db.read(read))
        assert held == {account: self.model.of(account) for account in held}
        assert all(0 <= amount <= MAX_BALANCE for amount in held.values())
        for system in SYSTEMS:
            flow = supply.systems[system.name]
            assert flow.taken - flow.paid == self.model.of(system)
        assert supply.total == supply.minted - supply.burned == sum(held.values())
        assert transfers == len(self.model.done)

    def teardown(self) -> None:
        def findings(conn: Connection) -> list[ledger_audit.Finding]:
            transfer, account = ledger_audit.last_ids(conn)
            return [
                *ledger_audit.audit_transfers(conn, transfer - 500, transfer),
                *ledger_audit.audit_strays(conn, transfer - 500, transfer),
                *ledger_audit.audit_accounts(conn, account - 100, account),
            ]

        assert self.run.run(self.db.read(findings)) == []


def test_any_order_of_commands_keeps_the_books(database_url: str) -> None:
    with asyncio.Runner() as runner:
        db = runner.run(open_database(database_url))
        kind = type("BooksOnEngine", (Books,), {"run": runner, "db": db})
        try:
            run_state_machine_as_test(
                kind,
                settings=settings(
                    max_examples=40,
                    stateful_step_count=30,
                    deadline=None,
                    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
                ),
            )
        finally:
            runner.run(db.close())
