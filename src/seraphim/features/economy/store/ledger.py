"""The books: the one way by which coins move, and what is known of a movement.

On SQLite a movement is a few prepared statements (there is one writer, so what was read stays
true); on PostgreSQL it is one call of ``ledger_post``, which locks accounts in a fixed order. Both
write nothing when they refuse, so a caller may catch the refusal and go on in its transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import msgspec
from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.ledger import (
    HOUSE_ID,
    MAX_BALANCE,
    MAX_DETAILS_BYTES,
    JsonValue,
    Order,
)
from seraphim.kernel.db.direct import fetch_all, fetch_one, run
from seraphim.kernel.ids import GuildId, UserId

type Refusal = Literal["funds", "frozen", "limit", "escrow_empty", "escrow_closed"]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing moved. ``subject`` is the person's id (0: the escrow), ``have`` its balance."""

    why: Refusal
    subject: int = 0
    have: int = 0


@dataclass(frozen=True, slots=True)
class Posted:
    """A movement in the books. ``balances`` are those of the persons just after it."""

    transfer_id: int
    balances: Mapping[UserId, int]


@dataclass(frozen=True, slots=True)
class Known:
    """A movement that a key stands for already."""

    transfer_id: int
    kind: str
    amount: int
    details: Mapping[str, JsonValue]
    balances: Mapping[UserId, int]


def post(conn: Connection, order: Order) -> Posted | Refused | None:
    """Write a movement into the books; None when its key is known already.

    Raises:
        ValueError: The order does not sum to zero or its details are too long (a caller's bug).
    """
    if not order.drain and not order.clip:
        total = sum(order.persons.values()) + sum(order.systems.values()) + order.escrow_delta
        if total != 0:
            raise ValueError(f"a transfer of {order.kind} sums to {total}")
    if conn.dialect.name == "sqlite":
        return _post_on_sqlite(conn, order)
    return _post_on_postgres(conn, order)


def find(conn: Connection, guild_id: GuildId, key: str) -> Known | None:
    """Return the movement that ``key`` stands for in a guild, or None."""
    row = fetch_one(
        conn,
        "SELECT id, kind, amount, details FROM transfers WHERE guild_id = ? AND key = ?",
        (guild_id, key),
    )
    if row is None:
        return None
    balances = fetch_all(
        conn,
        "SELECT a.user_id, p.balance_after FROM postings p JOIN accounts a ON a.id = p.account_id"
        " WHERE p.transfer_id = ? AND a.user_id IS NOT NULL",
        (row[0],),
    )
    return Known(
        transfer_id=row[0],
        kind=row[1],
        amount=row[2],
        details=msgspec.json.decode(row[3]),
        balances={UserId(user): after for user, after in balances},
    )


def balance_of(conn: Connection, guild_id: GuildId, user_id: UserId) -> int:
    """Return what a person holds; 0 without an account."""
    row = fetch_one(
        conn,
        "SELECT balance FROM accounts WHERE guild_id = ? AND user_id = ? AND user_id IS NOT NULL",
        (guild_id, user_id),
    )
    return 0 if row is None else row[0]


def escrow_balance(conn: Connection, guild_id: GuildId, name: str) -> int:
    """Return what an escrow holds; 0 when it was never used or is paid out."""
    row = fetch_one(
        conn,
        "SELECT balance FROM accounts WHERE guild_id = ? AND escrow = ? AND escrow IS NOT NULL",
        (guild_id, name),
    )
    return 0 if row is None else row[0]


def contributions(
    conn: Connection, guild_id: GuildId, name: str
) -> tuple[dict[UserId, int], dict[int, int]]:
    """Return what is still in an open escrow by whom it came from: persons, system accounts.

    The escrow is locked until the transaction ends (PostgreSQL), so that it stays true.
    """
    find_open = (
        "SELECT id FROM accounts"
        " WHERE guild_id = ? AND escrow = ? AND escrow IS NOT NULL AND NOT closed"
    )
    if conn.dialect.name != "sqlite":
        find_open += " FOR UPDATE"
    found = fetch_one(conn, find_open, (guild_id, name))
    if found is None:
        return {}, {}
    rows = fetch_all(
        conn,
        "SELECT p.account_id, a.user_id, CAST(-sum(p.amount) AS BIGINT)"
        " FROM postings e JOIN postings p ON p.transfer_id = e.transfer_id"
        " LEFT JOIN accounts a ON a.id = p.account_id"
        " WHERE e.guild_id = ? AND e.account_id = ? AND p.account_id <> e.account_id"
        " GROUP BY p.account_id, a.user_id HAVING sum(p.amount) <> 0",
        (guild_id, found[0]),
    )
    persons = {UserId(user): amount for _, user, amount in rows if user is not None}
    # What an erased person had put in goes to the house: there is nobody to give it back to.
    systems: dict[int, int] = {}
    for account, user, amount in rows:
        if user is None:
            target = account if account < 0 else HOUSE_ID
            systems[target] = systems.get(target, 0) + amount
    return persons, systems


# --- SQLite -----------------------------------------------------------------------------------


def _post_on_sqlite(conn: Connection, order: Order) -> Posted | Refused | None:
    guild_id = order.guild_id
    inserted = fetch_one(
        conn,
        "INSERT INTO transfers (guild_id, key, kind, amount, reason, actor_id, details, at_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (guild_id, key) DO NOTHING RETURNING id",
        _transfer_values(order),
    )
    if inserted is None:
        return None
    transfer_id: int = inserted[0]
    legs: list[tuple[int, int, int | None]] = []  # account, gains, balance after
    refused = _escrow_leg(conn, order, legs) if order.escrow is not None else None
    balances: dict[UserId, int] = {}
    if refused is None:
        refused = _person_legs(conn, order, legs, balances)
    if refused is not None:
        run(conn, "DELETE FROM transfers WHERE id = ?", (transfer_id,))
        return refused
    systems = dict(order.systems)
    rest = -sum(leg[1] for leg in legs) - sum(systems.values())
    if rest:
        systems[HOUSE_ID] = systems.get(HOUSE_ID, 0) + rest
    legs.extend((account, gain, None) for account, gain in systems.items())
    values: list[object] = []
    for account, gain, after in legs:
        if gain:
            values += (transfer_id, account, guild_id, gain, after)
    run(conn, _insert_postings(len(values) // 5), values)
    return Posted(transfer_id, balances)


def _escrow_leg(
    conn: Connection, order: Order, legs: list[tuple[int, int, int | None]]
) -> Refused | None:
    held = fetch_one(
        conn,
        "SELECT id, balance, closed FROM accounts"
        " WHERE guild_id = ? AND escrow = ? AND escrow IS NOT NULL",
        (order.guild_id, order.escrow),
    )
    leaves = order.drain or order.escrow_delta < 0
    if held is None:
        if leaves:
            return Refused("escrow_empty")
        made = fetch_one(
            conn,
            "INSERT INTO accounts (guild_id, escrow, balance, frozen, closed)"
            " VALUES (?, ?, 0, 0, 0) RETURNING id",
            (order.guild_id, order.escrow),
        )
        held = (made[0] if made else 0, 0, 0)
    account, balance, closed = held
    if closed or (order.drain and balance == 0):
        return Refused("escrow_empty" if leaves else "escrow_closed")
    gain = -balance if order.drain else order.escrow_delta
    if balance + gain < 0:
        return Refused("funds", 0, balance)
    if balance + gain > MAX_BALANCE:
        return Refused("limit")
    legs.append((account, gain, balance + gain))
    if order.drain:
        run(conn, "UPDATE accounts SET closed = 1 WHERE id = ?", (account,))
    return None


def _person_legs(
    conn: Connection,
    order: Order,
    legs: list[tuple[int, int, int | None]],
    balances: dict[UserId, int],
) -> Refused | None:
    persons = order.persons
    if not persons:
        return None
    found = {
        row[0]: row
        for row in fetch_all(conn, _select_persons(len(persons)), (order.guild_id, *persons))
    }
    limited: Refused | None = None
    new: list[tuple[UserId, int]] = []
    for user_id, wanted in persons.items():
        row = found.get(user_id)
        account, balance, frozen = (0, 0, 0) if row is None else row[1:]
        gain = min(wanted, MAX_BALANCE - balance) if order.clip else wanted
        after = balance + gain
        if frozen and not order.unfreeze:
            return Refused("frozen", user_id)
        if after < 0:
            return Refused("funds", user_id, balance)
        if after > MAX_BALANCE:
            limited = Refused("limit", user_id)
        balances[user_id] = after
        if row is not None:
            legs.append((account, gain, after))
        elif gain:
            new.append((user_id, gain))
    if limited is not None:
        return limited
    for user_id, gain in new:
        made = fetch_one(
            conn,
            "INSERT INTO accounts (guild_id, user_id, balance, frozen, closed)"
            " VALUES (?, ?, 0, 0, 0) RETURNING id",
            (order.guild_id, user_id),
        )
        legs.append((made[0] if made else 0, gain, gain))
    return None


@lru_cache(maxsize=512)
def _select_persons(count: int) -> str:
    return (
        "SELECT user_id, id, balance, frozen FROM accounts WHERE guild_id = ? AND user_id IN ("  # noqa: S608 - placeholders only
        + ", ".join("?" * count)
        + ") AND user_id IS NOT NULL"
    )


@lru_cache(maxsize=512)
def _insert_postings(count: int) -> str:
    return (
        "INSERT INTO postings (transfer_id, account_id, guild_id, amount, balance_after) VALUES "  # noqa: S608 - as above
        + ", ".join(["(?, ?, ?, ?, ?)"] * count)
    )


# --- PostgreSQL -------------------------------------------------------------------------------

_STATUS: tuple[Refusal | None, ...] = (
    None,
    None,
    "funds",
    "frozen",
    "limit",
    "escrow_empty",
    "escrow_closed",
)
_KNOWN = 1


def _post_on_postgres(conn: Connection, order: Order) -> Posted | Refused | None:
    guild_id, key, kind, amount, reason, actor_id, details, at_ms = _transfer_values(order)
    row = fetch_one(
        conn,
        "SELECT * FROM ledger_post(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(guild_id, key, kind, amount, reason, actor_id, details, at_ms),
            *(list(order.persons), list(order.persons.values())),
            *(list(order.systems), list(order.systems.values())),
            *(order.escrow, order.escrow_delta, order.drain, order.unfreeze, order.clip),
        ),
    )
    if row is None:
        raise RuntimeError("ledger_post returned nothing")
    status, transfer_id, subject, have, users, afters = row
    if status == _KNOWN:
        return None
    why = _STATUS[int(status)]
    if why is not None:
        return Refused(why, subject or 0, have or 0)
    return Posted(transfer_id, dict(zip(users, afters, strict=True)))


# --- both -------------------------------------------------------------------------------------


def _transfer_values(order: Order) -> tuple[object, ...]:
    details = msgspec.json.encode(order.details).decode() if order.details else "{}"
    if len(details) > MAX_DETAILS_BYTES:
        raise ValueError(f"the details of a {order.kind} take {len(details)} characters")
    return (
        order.guild_id,
        order.key,
        order.kind,
        order.amount,
        order.reason,
        order.actor_id,
        details,
        order.at_ms,
    )
