"""What can be read from the books: statements, standings, the supply; and freezing, forgetting.

Every list is bounded, and each has an index that its cost depends on rather than the number of
accounts; :func:`rank_of` alone counts the persons above.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.ledger import (
    SYSTEM_NAMES,
    Account,
    JsonValue,
    escrow,
    person,
)
from seraphim.kernel.db.direct import fetch_all, fetch_one, run
from seraphim.kernel.ids import GuildId, UserId

MAX_PAGE = 200
"""Rows of one page of anything."""
MAX_START = 100_000
"""How deep into the standings a page may begin."""
_LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of a person's account.

    ``amount`` is what the account gained (negative: lost), ``balance`` what it held just after.
    ``others`` are the other sides; an erased person is ``Account("person")`` with number 0.
    """

    transfer_id: int
    at_ms: int
    kind: str
    amount: int
    balance: int
    reason: str
    actor_id: UserId | None
    details: Mapping[str, JsonValue]
    others: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of the leaderboard; ``position`` starts at 1."""

    position: int
    user_id: UserId
    balance: int


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a person stands among those who hold coins; agrees with the leaderboard's pages."""

    position: int
    balance: int


@dataclass(frozen=True, slots=True)
class SystemFlow:
    """What a system account has given to the guild's members (``paid``) and taken from them."""

    paid: int
    taken: int


@dataclass(frozen=True, slots=True)
class Supply:
    """All coins of a guild. ``persons + escrow + erased == paid - taken`` of all systems."""

    persons: int
    escrow: int
    erased: int
    accounts: int
    systems: Mapping[str, SystemFlow] = field(default_factory=dict[str, SystemFlow])

    @property
    def total(self) -> int:
        """Return the coins that exist."""
        return self.persons + self.escrow + self.erased

    @property
    def minted(self) -> int:
        """Return the coins that ever came out of the system accounts."""
        return sum(flow.paid for flow in self.systems.values())

    @property
    def burned(self) -> int:
        """Return the coins that ever went into the system accounts."""
        return sum(flow.taken for flow in self.systems.values())


def page_of_statement(
    conn: Connection,
    guild_id: GuildId,
    user_id: UserId,
    *,
    before: int | None = None,
    limit: int = 10,
) -> list[StatementLine]:
    """Return a person's movements, newest first, at most MAX_PAGE.

    ``before`` is the ``transfer_id`` of the last line of the page before.
    """
    account = fetch_one(
        conn,
        "SELECT id FROM accounts WHERE guild_id = ? AND user_id = ? AND user_id IS NOT NULL",
        (guild_id, user_id),
    )
    if account is None:
        return []
    rows = fetch_all(
        conn,
        "SELECT t.id, t.at_ms, t.kind, p.amount, p.balance_after, t.reason, t.actor_id, t.details"
        " FROM postings p JOIN transfers t ON t.id = p.transfer_id"
        " WHERE p.guild_id = ? AND p.account_id = ? AND p.transfer_id < ?"
        " ORDER BY p.transfer_id DESC LIMIT ?",
        (
            guild_id,
            account[0],
            _LAST if before is None else before,
            max(0, min(limit, MAX_PAGE)),
        ),
    )
    others = _others(conn, account[0], [row[0] for row in rows])
    return [
        StatementLine(
            transfer_id=row[0],
            at_ms=row[1],
            kind=row[2],
            amount=row[3],
            balance=row[4],
            reason=row[5],
            actor_id=row[6],
            details=msgspec.json.decode(row[7]),
            others=tuple(others.get(row[0], ())),
        )
        for row in rows
    ]


def page_of_leaderboard(
    conn: Connection, guild_id: GuildId, *, start: int = 0, limit: int = 10
) -> list[Standing]:
    """Return the richest persons from position ``start + 1`` on, at most MAX_PAGE.

    Persons without coins are left out; equal balances are ordered by the user's id.
    """
    start = max(0, min(start, MAX_START))
    rows = fetch_all(
        conn,
        "SELECT user_id, balance FROM accounts"
        " WHERE guild_id = ? AND user_id IS NOT NULL AND balance > 0"
        " ORDER BY balance DESC, user_id DESC LIMIT ? OFFSET ?",
        (guild_id, max(0, min(limit, MAX_PAGE)), start),
    )
    return [Standing(start + number, UserId(row[0]), row[1]) for number, row in enumerate(rows, 1)]


def rank_of(conn: Connection, guild_id: GuildId, user_id: UserId) -> Rank | None:
    """Return where a person stands, exactly; None without coins.

    Counts those above along the leaderboard's index: its time grows with the rank (some tens of
    milliseconds for the last of a million), not with the number of movements.
    """
    row = fetch_one(
        conn,
        "SELECT balance FROM accounts WHERE guild_id = ? AND user_id = ? AND user_id IS NOT NULL",
        (guild_id, user_id),
    )
    if row is None or row[0] == 0:
        return None
    above = fetch_one(
        conn,
        "SELECT count(*) FROM accounts WHERE guild_id = ? AND user_id IS NOT NULL"
        " AND (balance, user_id) > (?, ?)",
        (guild_id, row[0], user_id),
    )
    return Rank(1 + (above[0] if above else 0), row[0])


def count_holders(conn: Connection, guild_id: GuildId, *, at_most: int) -> int:
    """Count the persons who hold coins, but no further than ``at_most``."""
    row = fetch_one(
        conn,
        "SELECT count(*) FROM (SELECT 1 FROM accounts"
        " WHERE guild_id = ? AND user_id IS NOT NULL AND balance > 0 LIMIT ?) AS counted",
        (guild_id, at_most),
    )
    return row[0] if row else 0


def supply(conn: Connection, guild_id: GuildId) -> Supply:
    """Add up a guild's coins and where they came from.

    Reads every balance and every movement of the system accounts of the guild (along covering
    indexes): for a page that an administrator opens, not for every command.
    """
    held = fetch_one(
        conn,
        "SELECT CAST(coalesce(sum(balance), 0) AS BIGINT), count(*) FROM accounts"
        " WHERE guild_id = ? AND user_id IS NOT NULL AND balance > 0",
        (guild_id,),
    )
    persons, count = held or (0, 0)
    kept = fetch_all(
        conn,
        "SELECT escrow IS NOT NULL, CAST(sum(balance) AS BIGINT) FROM accounts"
        " WHERE guild_id = ? AND user_id IS NULL AND balance > 0 GROUP BY escrow IS NOT NULL",
        (guild_id,),
    )
    by_owner = {bool(is_escrow): total for is_escrow, total in kept}
    flows = fetch_all(
        conn,
        "SELECT account_id,"
        " CAST(-sum(CASE WHEN amount < 0 THEN amount ELSE 0 END) AS BIGINT),"
        " CAST(sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS BIGINT)"
        " FROM postings WHERE guild_id = ? AND account_id < 0 GROUP BY account_id",
        (guild_id,),
    )
    systems = {name: SystemFlow(0, 0) for name in SYSTEM_NAMES.values()}
    for account, paid, taken in flows:
        systems[SYSTEM_NAMES[account]] = SystemFlow(paid, taken)
    return Supply(
        persons=persons,
        escrow=by_owner.get(True, 0),
        erased=by_owner.get(False, 0),
        accounts=count,
        systems=systems,
    )


def set_frozen(conn: Connection, guild_id: GuildId, user_id: UserId, *, frozen: bool) -> bool:
    """Freeze or thaw a person's account (made if need be); False when it was so already."""
    changed = run(
        conn,
        "UPDATE accounts SET frozen = ?"
        " WHERE guild_id = ? AND user_id = ? AND user_id IS NOT NULL AND frozen <> ?",
        (frozen, guild_id, user_id, frozen),
    )
    if changed or not frozen:
        return changed > 0
    return (
        run(
            conn,
            "INSERT INTO accounts (guild_id, user_id, balance, frozen, closed)"
            " VALUES (?, ?, 0, true, false)"
            " ON CONFLICT (guild_id, user_id) WHERE user_id IS NOT NULL DO NOTHING",
            (guild_id, user_id),
        )
        > 0
    )


def is_frozen(conn: Connection, guild_id: GuildId, user_id: UserId) -> bool:
    """Tell whether a person's account is frozen."""
    row = fetch_one(
        conn,
        "SELECT frozen FROM accounts WHERE guild_id = ? AND user_id = ? AND user_id IS NOT NULL",
        (guild_id, user_id),
    )
    return row is not None and bool(row[0])


def forget_person(conn: Connection, guild_id: GuildId, user_id: UserId) -> bool:
    """Make a person's account anonymous; False when there is none.

    Balance and postings stay, so all sums hold; what the movements told of the person (reason,
    details, who ordered them) is wiped. Coming back means a new, empty account; one that an
    administrator has frozen comes back frozen, or forgetting would be the way out of it.
    """
    account = fetch_one(
        conn,
        "SELECT id, frozen FROM accounts"
        " WHERE guild_id = ? AND user_id = ? AND user_id IS NOT NULL",
        (guild_id, user_id),
    )
    run(
        conn,
        "UPDATE transfers SET actor_id = NULL WHERE guild_id = ? AND actor_id = ?",
        (guild_id, user_id),
    )
    if account is None:
        return False
    run(
        conn,
        "UPDATE transfers SET reason = '', details = '{}' WHERE id IN"
        " (SELECT transfer_id FROM postings WHERE guild_id = ? AND account_id = ?)",
        (guild_id, account[0]),
    )
    # Keys work once; that of a trade says whose coins they were.
    run(
        conn,
        "UPDATE transfers SET key = 'erased:' || id WHERE key LIKE ? AND id IN"
        " (SELECT transfer_id FROM postings WHERE guild_id = ? AND account_id = ?)",
        (f"%:{user_id}", guild_id, account[0]),
    )
    run(conn, "UPDATE accounts SET user_id = NULL WHERE id = ?", (account[0],))
    if account[1]:
        set_frozen(conn, guild_id, user_id, frozen=True)
    return True


def _others(
    conn: Connection, account_id: int, transfer_ids: Sequence[int]
) -> dict[int, list[Account]]:
    """Return the other sides of some transfers (no more than a page of them)."""
    if not transfer_ids:
        return {}
    places = ", ".join("?" * len(transfer_ids))
    rows = fetch_all(
        conn,
        "SELECT p.transfer_id, p.account_id, a.user_id, a.escrow"  # noqa: S608 - placeholders only
        " FROM postings p LEFT JOIN accounts a ON a.id = p.account_id"
        f" WHERE p.transfer_id IN ({places}) AND p.account_id <> ? LIMIT 2000",
        (*transfer_ids, account_id),
    )
    found: dict[int, list[Account]] = {}
    for transfer_id, account, user_id, name in rows:
        found.setdefault(transfer_id, []).append(_account(account, user_id, name))
    return found


def _account(account: int, user_id: int | None, name: str | None) -> Account:
    if account < 0:
        return Account("system", account, SYSTEM_NAMES[account])
    if name is not None:
        return escrow(name)
    return person(UserId(user_id or 0))
