"""The audit: proves from the rows alone that the books are right, in slices that stay short."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from seraphim.kernel.db.direct import fetch_all, fetch_one
from seraphim.kernel.ids import GuildId

TRANSFERS_A_SLICE = 50_000
ACCOUNTS_A_SLICE = 20_000
MAX_FINDINGS = 20

type EscrowIsOpen = Callable[[Connection, GuildId, str], bool]
"""Tells whether what an escrow of that guild and name was opened for is still undecided."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that must never be. ``subject`` is the id of the transfer or account."""

    rule: str
    guild_id: GuildId
    subject: int
    detail: str


def last_ids(conn: Connection) -> tuple[int, int]:
    """Return the ids of the newest transfer and the newest account; 0 without any."""
    row = fetch_one(
        conn,
        "SELECT coalesce((SELECT max(id) FROM transfers), 0),"
        " coalesce((SELECT max(id) FROM accounts), 0)",
        (),
    )
    return (row[0], row[1]) if row else (0, 0)


def audit_transfers(conn: Connection, after: int, until: int) -> list[Finding]:
    """Return the transfers with ``after < id <= until`` whose postings do not sum to zero."""
    rows = fetch_all(
        conn,
        "SELECT t.id, t.guild_id, count(p.account_id), CAST(coalesce(sum(p.amount), 0) AS BIGINT),"
        " CAST(coalesce(sum(CASE WHEN p.guild_id <> t.guild_id THEN 1 ELSE 0 END), 0) AS BIGINT)"
        " FROM transfers t LEFT JOIN postings p ON p.transfer_id = t.id"
        " WHERE t.id > ? AND t.id <= ? GROUP BY t.id, t.guild_id"
        " HAVING count(p.account_id) < 2 OR sum(p.amount) <> 0"
        " OR sum(CASE WHEN p.guild_id <> t.guild_id THEN 1 ELSE 0 END) > 0"
        " ORDER BY t.id LIMIT ?",
        (after, until, MAX_FINDINGS),
    )
    return [
        Finding(
            "transfer sums to zero",
            GuildId(guild),
            transfer,
            f"{count} postings sum to {total}, {strays} of another guild",
        )
        for transfer, guild, count, total, strays in rows
    ]


def audit_accounts(conn: Connection, after: int, until: int) -> list[Finding]:
    """Return the accounts with ``after < id <= until`` that differ from their own postings."""
    rows = fetch_all(
        conn,
        "SELECT id, guild_id, balance, total FROM ("
        " SELECT a.id, a.guild_id, a.balance, CAST(coalesce((SELECT sum(p.amount) FROM postings p"
        "  WHERE p.guild_id = a.guild_id AND p.account_id = a.id), 0) AS BIGINT) AS total"
        " FROM accounts a WHERE a.id > ? AND a.id <= ?) AS checked"
        " WHERE balance <> total OR balance < 0 ORDER BY id LIMIT ?",
        (after, until, MAX_FINDINGS),
    )
    return [
        Finding(
            "balance equals postings",
            GuildId(guild),
            account,
            f"holds {balance}, its postings sum to {total}",
        )
        for account, guild, balance, total in rows
    ]


def audit_strays(conn: Connection, after: int, until: int) -> list[Finding]:
    """Return postings of transfers ``after < id <= until`` to accounts that do not exist."""
    rows = fetch_all(
        conn,
        "SELECT p.transfer_id, p.guild_id, p.account_id FROM postings p"
        " LEFT JOIN accounts a ON a.id = p.account_id"
        " WHERE p.transfer_id > ? AND p.transfer_id <= ? AND p.account_id > 0"
        " AND (a.id IS NULL OR a.guild_id <> p.guild_id) ORDER BY p.transfer_id LIMIT ?",
        (after, until, MAX_FINDINGS),
    )
    return [
        Finding("posting has an account", GuildId(guild), transfer, f"account {account}")
        for transfer, guild, account in rows
    ]


def audit_escrows(conn: Connection, reasons: Mapping[str, EscrowIsOpen]) -> list[Finding]:
    """Return escrows that hold coins though nothing is open that they could be for.

    ``reasons`` has for each prefix (before the first ``:``) who can tell; an escrow of an unknown
    prefix is a finding too.
    """
    rows = fetch_all(
        conn,
        "SELECT id, guild_id, escrow, balance, closed FROM accounts"
        " WHERE user_id IS NULL AND balance > 0 AND escrow IS NOT NULL ORDER BY id LIMIT ?",
        (ACCOUNTS_A_SLICE,),
    )
    found: list[Finding] = []
    for account, guild, name, balance, closed in rows:
        is_open = reasons.get(name.partition(":")[0])
        if not closed and is_open is not None and is_open(conn, GuildId(guild), name):
            continue
        # On PostgreSQL each statement sees a moment of its own: what was paid out between the two
        # is no finding. Whoever ends the reason empties the escrow in the same transaction.
        if fetch_one(conn, "SELECT id FROM accounts WHERE id = ? AND balance > 0", (account,)):
            found.append(
                Finding("escrow is open", GuildId(guild), account, f"{name} holds {balance}")
            )
    return found[:MAX_FINDINGS]
