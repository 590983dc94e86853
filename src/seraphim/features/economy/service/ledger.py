"""The bank: the few verbs by which coins move."""

from collections.abc import Mapping
from typing import NoReturn

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.errors import (
    AccountFrozen,
    BalanceLimit,
    EscrowClosed,
    EscrowEmpty,
    IdempotencyConflict,
    InsufficientFunds,
    SelfTransfer,
)
from seraphim.features.economy.rules.ledger import (
    MAX_BALANCE,
    MAX_PAYOUTS,
    Account,
    JsonValue,
    Order,
    Receipt,
    check_amount,
    check_words,
    escrow,
    person,
)
from seraphim.features.economy.store import ledger as store
from seraphim.features.economy.store.ledger_audit import EscrowIsOpen
from seraphim.kernel.clock import Clock
from seraphim.kernel.ids import GuildId, UserId

_NOTHING: Mapping[str, JsonValue] = {}


class Bank:
    """Moves coins inside the caller's transaction: kept or lost together with the caller's rows.

    Every verb takes a ``key``, unique in the guild. The same key again moves nothing and returns
    the first receipt with ``repeated=True``; with another kind or amount it raises
    IdempotencyConflict. A refused verb has written nothing, so the caller may catch the error and
    go on.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reasons: dict[str, EscrowIsOpen] = {}

    @property
    def escrow_reasons(self) -> Mapping[str, EscrowIsOpen]:
        """Who can tell, by the prefix of an escrow's name, whether it still has a reason."""
        return self._reasons

    def explain_escrows(self, prefix: str, is_open: EscrowIsOpen) -> None:
        """Let ``is_open(conn, guild_id, name)`` answer for the escrows named ``<prefix>:...``.

        The audit asks it: coins in an escrow that nobody explains are a finding.
        """
        self._reasons[prefix] = is_open

    def balance(self, conn: Connection, guild_id: GuildId, user_id: UserId) -> int:
        """Return what a person holds; 0 without an account."""
        return store.balance_of(conn, guild_id, user_id)

    def escrow_balance(self, conn: Connection, guild_id: GuildId, name: str) -> int:
        """Return what an escrow holds; 0 when it was never used or is paid out."""
        return store.escrow_balance(conn, guild_id, name)

    def find(self, conn: Connection, guild_id: GuildId, key: str) -> Receipt | None:
        """Return the receipt of what a key did already, or None."""
        known = store.find(conn, guild_id, key)
        return None if known is None else _repeated(known)

    def transfer(  # noqa: PLR0913 - a movement has that many facts; all but the accounts are named
        self,
        conn: Connection,
        guild_id: GuildId,
        source: Account,
        target: Account,
        amount: int,
        *,
        key: str,
        kind: str,
        reason: str = "",
        actor_id: UserId | None = None,
        details: Mapping[str, JsonValue] = _NOTHING,
        unfreeze: bool = False,
    ) -> Receipt:
        """Move ``amount`` coins (1 to MAX_BALANCE) from one account to another.

        Args:
            conn: The caller's transaction.
            guild_id: Whose books.
            source: Who gives; persons and escrows cannot go below zero.
            target: Who gets.
            amount: Coins.
            key: What makes it happen once.
            kind: What it is for, e.g. ``daily``; the statement shows it.
            reason: An administrator's words.
            actor_id: Who ordered it, when it is not the person whose coins move.
            details: Stored with it, so that a repeated command can answer the same.
            unfreeze: Move coins of frozen persons too (administrators).

        Raises:
            InsufficientFunds: The source holds less.
            AccountFrozen: One of the persons is frozen.
            BalanceLimit: The target would hold more than MAX_BALANCE.
            AmountInvalid: The amount is not a whole number from 1 to MAX_BALANCE.
            SelfTransfer: Both are the same account.
            EscrowEmpty: The source is an escrow that has been paid out.
            EscrowClosed: The target is an escrow that has been paid out.
            IdempotencyConflict: The key did something else.
        """
        check_amount(amount)
        if source == target:
            raise SelfTransfer
        persons, systems, name, escrow_delta = _legs(source, target, amount)
        return self._post(
            conn,
            Order(
                guild_id=guild_id,
                key=key,
                kind=kind,
                amount=amount,
                at_ms=self._clock.now_ms(),
                persons=persons,
                systems=systems,
                escrow=name,
                escrow_delta=escrow_delta,
                unfreeze=unfreeze,
                reason=reason,
                actor_id=actor_id,
                details=details,
            ),
        )

    def hold(
        self,
        conn: Connection,
        guild_id: GuildId,
        user_id: UserId,
        amount: int,
        *,
        escrow: str,
        key: str,
        kind: str,
        details: Mapping[str, JsonValue] = _NOTHING,
    ) -> Receipt:
        """Move a person's stake into the escrow of that name; raises what :meth:`transfer` does."""
        target = _escrow(escrow)
        return self.transfer(
            conn, guild_id, person(user_id), target, amount, key=key, kind=kind, details=details
        )

    def settle(
        self,
        conn: Connection,
        guild_id: GuildId,
        escrow: str,
        payouts: Mapping[UserId, int],
        *,
        key: str,
        kind: str,
        details: Mapping[str, JsonValue] = _NOTHING,
    ) -> Receipt:
        """Empty an escrow for good: ``payouts`` to persons, the rest to the house.

        The house gives what is missing when more is paid than was held. Payouts of 0 are allowed.
        A frozen person is paid too (and stays frozen); what would lift a person above MAX_BALANCE
        goes to the house, a payout that is larger itself included: a decided game is never left
        open. ``Receipt.amount`` is the sum of ``payouts``, each MAX_BALANCE at most.

        Raises:
            EscrowEmpty: It holds nothing, or was settled under another key.
            AmountInvalid: A payout is negative.
            IdempotencyConflict: The key did something else.
        """
        if len(payouts) > MAX_PAYOUTS:
            raise ValueError(f"one settlement pays at most {MAX_PAYOUTS} persons")
        payouts = {
            user_id: check_amount(min(amount, MAX_BALANCE), low=0)
            for user_id, amount in payouts.items()
        }
        return self._post(
            conn,
            Order(
                guild_id=guild_id,
                key=key,
                kind=kind,
                amount=sum(payouts.values()),
                at_ms=self._clock.now_ms(),
                persons=payouts,
                escrow=escrow,
                drain=True,
                unfreeze=True,
                clip=True,
                details=details,
            ),
        )

    def release(
        self,
        conn: Connection,
        guild_id: GuildId,
        escrow: str,
        *,
        key: str,
        kind: str,
        only: UserId | None = None,
        details: Mapping[str, JsonValue] = _NOTHING,
    ) -> Receipt:
        """Give everything in an escrow back to whom it came from, and close it.

        With ``only``, that person's part alone goes back and the escrow stays open for the others.
        ``Receipt.amount`` is what the persons got back.

        Raises:
            EscrowEmpty: It holds nothing (of that person).
            IdempotencyConflict: The key did something else.
            ValueError: Somebody got more out of it by :meth:`transfer` than they had put in.
        """
        known = store.find(conn, guild_id, key)
        if known is not None:
            if known.kind != kind:
                raise IdempotencyConflict
            return _repeated(known)
        persons, systems = store.contributions(conn, guild_id, escrow)
        if any(part < 0 for part in (*persons.values(), *systems.values())):
            raise ValueError(f"{escrow} has paid somebody by a transfer; settle it instead")
        if only is not None:
            persons = {only: persons[only]} if only in persons else {}
            systems = {}
        if not persons and not systems:
            raise EscrowEmpty
        amount = sum(persons.values())
        return self._post(
            conn,
            Order(
                guild_id=guild_id,
                key=key,
                kind=kind,
                amount=amount,
                at_ms=self._clock.now_ms(),
                persons=persons,
                systems=systems,
                escrow=escrow,
                escrow_delta=-amount,
                drain=only is None,
                unfreeze=True,
                clip=True,
                details=details,
            ),
        )

    def _post(self, conn: Connection, order: Order) -> Receipt:
        check_words(order.key, order.kind, order.reason, order.escrow)
        outcome = store.post(conn, order)
        if isinstance(outcome, store.Posted):
            return Receipt(str(outcome.transfer_id), order.amount, outcome.balances, order.details)
        if isinstance(outcome, store.Refused):
            _refuse(order, outcome)
        known = store.find(conn, order.guild_id, order.key)
        if known is None:
            raise RuntimeError(f"the transfer of the key {order.key} has vanished")
        if known.kind != order.kind or known.amount != order.amount:
            raise IdempotencyConflict
        return _repeated(known)


def _escrow(name: str) -> Account:
    return escrow(name)


def _repeated(known: store.Known) -> Receipt:
    return Receipt(
        str(known.transfer_id), known.amount, known.balances, known.details, repeated=True
    )


def _refuse(order: Order, refused: store.Refused) -> NoReturn:
    if refused.why == "funds":
        needed = -(order.persons.get(UserId(refused.subject), order.escrow_delta))
        raise InsufficientFunds(balance=refused.have, needed=needed)
    if refused.why == "frozen":
        raise AccountFrozen(user_id=refused.subject)
    if refused.why == "limit":
        raise BalanceLimit(limit=MAX_BALANCE)
    raise EscrowEmpty if refused.why == "escrow_empty" else EscrowClosed


def _legs(
    source: Account, target: Account, amount: int
) -> tuple[dict[UserId, int], dict[int, int], str | None, int]:
    """Return what the persons, the system accounts and the one escrow gain by a movement."""
    persons: dict[UserId, int] = {}
    systems: dict[int, int] = {}
    escrow: str | None = None
    escrow_gain = 0
    for account, gain in ((source, -amount), (target, amount)):
        if account.kind == "person":
            persons[UserId(account.number)] = gain
        elif account.kind == "system":
            systems[account.number] = gain
        elif escrow is None:
            escrow, escrow_gain = account.name, gain
        else:
            raise ValueError("a transfer has at most one escrow")
    return persons, systems, escrow, escrow_gain
