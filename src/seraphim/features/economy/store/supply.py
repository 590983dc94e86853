"""Totals of each day: a roll-up of the transfers that are old enough, and the others counted live.

A table of totals that every transfer writes would be one hot row a guild and kind. Instead a job
adds up what has been written since the last time, in slices; reading takes those totals and adds up
the rest, in one statement, so that it sees one snapshot and no transfer twice or not at all.
"""

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.ledger import MINT_ID
from seraphim.features.economy.rules.supply import DAY_MS, Flow
from seraphim.kernel.db.direct import fetch_all, fetch_one, run
from seraphim.kernel.ids import GuildId

SLICE = 10_000
"""Transfers a roll-up adds up in one transaction; some 30 ms on SQLite."""
SETTLED_MS = 10 * 60_000
"""Ids are given before commits: a transfer with a lower id may appear later than one with a higher.
No transaction stays open as long as this, so what is older is complete."""

# What the members' accounts gained together; the system accounts' part is one range of the key.
_NET = (
    "-coalesce((SELECT sum(p.amount) FROM postings p"
    " WHERE p.transfer_id = t.id AND p.account_id < 0), 0)"
)


@dataclass(frozen=True, slots=True)
class SpanRows:
    """The flows from a day on, and the coins that existed before it."""

    flows: list[Flow]
    before: int


def roll_up(conn: Connection, now_ms: int) -> int:
    """Add the next slice of settled transfers to the totals; return how many, 0 when up to date."""
    row = fetch_one(conn, "SELECT last_transfer FROM economy_rollup WHERE id = 1", ())
    last = row[0] if row else 0
    until = _settled_until(conn, last, now_ms - SETTLED_MS)
    if until <= last:
        return 0
    # The condition makes a second process that was as far do nothing.
    taken = run(
        conn,
        "UPDATE economy_rollup SET last_transfer = ? WHERE id = 1 AND last_transfer = ?",
        (until, last),
    )
    if not taken:
        return 0
    run(
        conn,
        "INSERT INTO economy_days (guild_id, day, kind, minted, burned, moved, transfers)"  # noqa: S608 - constants
        " SELECT guild_id, day, kind,"
        " CAST(sum(CASE WHEN net > 0 THEN net ELSE 0 END) AS BIGINT),"
        " CAST(sum(CASE WHEN net < 0 THEN -net ELSE 0 END) AS BIGINT),"
        " CAST(sum(amount) AS BIGINT), count(*)"
        f" FROM (SELECT t.guild_id, t.at_ms / {DAY_MS} AS day, t.kind, t.amount, {_NET} AS net"
        "  FROM transfers t WHERE t.id > ? AND t.id <= ?) AS slice"
        " WHERE true GROUP BY guild_id, day, kind"
        " ON CONFLICT (guild_id, day, kind) DO UPDATE SET"
        " minted = economy_days.minted + excluded.minted,"
        " burned = economy_days.burned + excluded.burned,"
        " moved = economy_days.moved + excluded.moved,"
        " transfers = economy_days.transfers + excluded.transfers",
        (last, until),
    )
    return until - last


def _settled_until(conn: Connection, last: int, settled_ms: int) -> int:
    row = fetch_one(
        conn,
        "SELECT max(id) FROM (SELECT id FROM transfers WHERE id > ? ORDER BY id LIMIT ?) AS slice",
        (last, SLICE),
    )
    until: int | None = row[0] if row else None
    if until is None:
        return last
    fresh = fetch_one(
        conn,
        "SELECT min(id) FROM transfers WHERE id > ? AND id <= ? AND at_ms > ?",
        (last, until, settled_ms),
    )
    if fresh is None or fresh[0] is None:
        return until
    return fresh[0] - 1


def read_span(conn: Connection, guild_id: GuildId, first_day: int) -> SpanRows:
    """Return what the transfers of a guild did from ``first_day`` on, and the supply before it."""
    # The plus signs keep both engines from walking all transfers of the guild: the rest that is
    # not rolled up yet is a short range of ids.
    rows = fetch_all(
        conn,
        "SELECT CASE WHEN day < ? THEN -1 ELSE day END AS shown,"  # noqa: S608 - constants
        " CASE WHEN day < ? THEN '' ELSE kind END AS named,"
        " CAST(sum(minted) AS BIGINT), CAST(sum(burned) AS BIGINT),"
        " CAST(sum(moved) AS BIGINT), CAST(sum(transfers) AS BIGINT) FROM ("
        " SELECT day, kind, minted, burned, moved, transfers FROM economy_days WHERE guild_id = ?"
        " UNION ALL"
        " SELECT day, kind, CASE WHEN net > 0 THEN net ELSE 0 END,"
        "  CASE WHEN net < 0 THEN -net ELSE 0 END, amount, 1"
        f" FROM (SELECT t.at_ms / {DAY_MS} AS day, t.kind, t.amount, {_NET} AS net"
        "  FROM transfers t WHERE t.id > (SELECT last_transfer FROM economy_rollup WHERE id = 1)"
        "  AND +t.guild_id = ?) AS rest"
        " ) AS flows GROUP BY shown, named ORDER BY shown, named",
        (first_day, first_day, guild_id, guild_id),
    )
    before = sum(row[2] - row[3] for row in rows if row[0] == -1)
    return SpanRows([Flow(*row) for row in rows if row[0] != -1], before)


def created_since(conn: Connection, guild_id: GuildId, since_ms: int) -> int:
    """Return the coins that came into being after ``since_ms``.

    What the mint issued, and what games and shop paid out above what they took in.
    """
    row = fetch_one(
        conn,
        "SELECT CAST(coalesce(sum(CASE WHEN p.account_id = ? AND p.amount < 0 THEN -p.amount"
        "  ELSE 0 END), 0) AS BIGINT),"
        " CAST(coalesce(sum(CASE WHEN p.account_id <> ? THEN p.amount ELSE 0 END), 0) AS BIGINT)"
        " FROM transfers t JOIN postings p ON p.transfer_id = t.id AND p.account_id < 0"
        " WHERE t.guild_id = ? AND t.at_ms > ?",
        (MINT_ID, MINT_ID, guild_id, since_ms),
    )
    if row is None:
        return 0
    issued, taken_by_others = row
    return issued + max(0, -taken_by_others)


def list_active_guilds(
    conn: Connection, after: int, behind: GuildId | None, limit: int
) -> list[GuildId]:
    """Return guilds whose coins moved after the transfer of that id, at most ``limit``.

    They are ordered by their id; ``behind`` is the last one of the page before.
    """
    rows = fetch_all(
        conn,
        "SELECT DISTINCT guild_id FROM transfers WHERE id > ? AND guild_id > ?"
        " ORDER BY guild_id LIMIT ?",
        (after, behind or 0, limit),
    )
    return [GuildId(row[0]) for row in rows]


def last_rolled_up(conn: Connection) -> int:
    """Return the id of the last transfer in the totals."""
    row = fetch_one(conn, "SELECT last_transfer FROM economy_rollup WHERE id = 1", ())
    return row[0] if row else 0


def find_told_ms(conn: Connection, guild_id: GuildId) -> int | None:
    """Return when the guild was last told of too many new coins."""
    sql = "SELECT told_ms FROM economy_mint_alerts WHERE guild_id = ?"
    row = fetch_one(conn, sql, (guild_id,))
    return None if row is None else row[0]


def save_told(conn: Connection, guild_id: GuildId, at_ms: int) -> None:
    """Remember that the guild has been told."""
    run(
        conn,
        "INSERT INTO economy_mint_alerts (guild_id, told_ms) VALUES (?, ?)"
        " ON CONFLICT (guild_id) DO UPDATE SET told_ms = excluded.told_ms",
        (guild_id, at_ms),
    )
