"""What administrators did, read from the ledger, and what of a member is in it."""

from dataclasses import dataclass

import msgspec
from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.ledger import JsonValue
from seraphim.kernel.db.direct import fetch_all, fetch_one, run
from seraphim.kernel.ids import GuildId, UserId

MAX_EXPORT = 10_000


@dataclass(frozen=True, slots=True)
class StoredAdjustment:
    """A change of a member's coins by an administrator."""

    user_id: UserId
    delta: int
    reason: str


def find_adjustment(
    conn: Connection, guild_id: GuildId, transfer_id: int, kinds: tuple[str, ...]
) -> StoredAdjustment | None:
    """Return an administrator's change by its transfer; None for any other transfer."""
    row = fetch_one(
        conn,
        "SELECT kind, reason, details FROM transfers WHERE id = ? AND guild_id = ?",
        (transfer_id, guild_id),
    )
    if row is None or row[0] not in kinds:
        return None
    details: dict[str, JsonValue] = msgspec.json.decode(row[2])
    user_id, delta = details.get("user"), details.get("delta")
    if not isinstance(user_id, int) or not isinstance(delta, int):
        return None
    return StoredAdjustment(UserId(user_id), delta, row[1])


def make_and_lock_account(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    """Keep a member's account as it is until the transaction ends, as :func:`lock_account` does.

    One that does not exist yet is made, so that two who come first meet at it.
    """
    if conn.dialect.name != "sqlite":
        run(
            conn,
            "INSERT INTO accounts (guild_id, user_id, balance, frozen, closed)"
            " VALUES (?, ?, 0, false, false)"
            " ON CONFLICT (guild_id, user_id) WHERE user_id IS NOT NULL DO NOTHING",
            (guild_id, user_id),
        )
    lock_account(conn, guild_id, user_id)


def lock_account(conn: Connection, guild_id: GuildId, user_id: UserId) -> None:
    """Keep a member's account as it is until the transaction ends, if there is one.

    SQLite has one writer, so there it is so anyway.
    """
    if conn.dialect.name != "sqlite":
        fetch_one(
            conn,
            "SELECT id FROM accounts WHERE guild_id = ? AND user_id = ? AND user_id IS NOT NULL"
            " FOR UPDATE",
            (guild_id, user_id),
        )


def export_member(conn: Connection, guild_id: GuildId, user_id: UserId) -> dict[str, object]:
    """Return a member's account and newest movements, JSON-ready."""
    account = fetch_one(
        conn,
        "SELECT id, balance, frozen FROM accounts WHERE guild_id = ? AND user_id = ?"
        " AND user_id IS NOT NULL",
        (guild_id, user_id),
    )
    if account is None:
        return {}
    rows = fetch_all(
        conn,
        "SELECT t.id, t.at_ms, t.kind, p.amount, p.balance_after, t.reason, t.details"
        " FROM postings p JOIN transfers t ON t.id = p.transfer_id"
        " WHERE p.guild_id = ? AND p.account_id = ? ORDER BY p.transfer_id DESC LIMIT ?",
        (guild_id, account[0], MAX_EXPORT),
    )
    names = ("transfer", "at_ms", "kind", "amount", "balance_after", "reason", "details")
    movements = [dict(zip(names, row, strict=True)) for row in rows]
    for movement in movements:
        movement["details"] = msgspec.json.decode(movement["details"])
    return {"balance": account[1], "frozen": bool(account[2]), "movements": movements}


def has_open_stakes(conn: Connection, guild_id: GuildId, user_id: UserId) -> bool:
    """Tell whether coins of a member lie in an escrow that still holds some."""
    row = fetch_one(
        conn,
        "SELECT 1 FROM accounts e JOIN postings h"
        "  ON h.guild_id = e.guild_id AND h.account_id = e.id"
        " JOIN postings mine ON mine.transfer_id = h.transfer_id"
        " JOIN accounts a ON a.id = mine.account_id"
        " WHERE e.guild_id = ? AND e.user_id IS NULL AND e.escrow IS NOT NULL AND e.balance > 0"
        " AND a.guild_id = ? AND a.user_id = ? LIMIT 1",
        (guild_id, guild_id, user_id),
    )
    return row is not None
