"""Folding escrows that were paid out long ago into one account a guild.

Every game and every order leaves an escrow behind that is empty for good. Its postings stay, under
the guild's one account ``folded``, and its row goes: every transfer still sums to zero, and what is
folded together sums to the zero that it holds.
"""

from collections.abc import Sequence

from sqlalchemy.engine import Connection

from seraphim.kernel.db.direct import fetch_all, fetch_one, run
from seraphim.kernel.ids import GuildId

SLICE = 200
"""Escrows that are folded in one transaction."""
FOLDED = "folded"
"""Name of the account; those of escrows have a prefix and a colon."""


def fold_closed(conn: Connection, after: int, before_ms: int) -> tuple[int, int | None]:
    """Fold the next slice of closed escrows whose last movement was before ``before_ms``.

    Args:
        conn: The caller's transaction.
        after: The account's id behind which the slice begins.
        before_ms: Unix ms; younger escrows stay as they are.

    Returns:
        How many were folded, and where the next slice begins; None: there is no more.
    """
    rows = fetch_all(
        conn,
        "SELECT a.id, a.guild_id, t.at_ms FROM accounts a JOIN transfers t ON t.id ="
        " (SELECT max(p.transfer_id) FROM postings p"
        "  WHERE p.guild_id = a.guild_id AND p.account_id = a.id)"
        " WHERE a.closed AND a.escrow <> ? AND a.balance = 0 AND a.id > ?"
        " ORDER BY a.id LIMIT ?",
        (FOLDED, after, SLICE),
    )
    by_guild: dict[GuildId, list[int]] = {}
    for account, guild, at_ms in rows:
        if at_ms < before_ms:
            by_guild.setdefault(GuildId(guild), []).append(account)
    for guild_id, accounts in by_guild.items():
        _fold(conn, guild_id, accounts)
    folded = sum(len(accounts) for accounts in by_guild.values())
    # Ids ascend with time, and no escrow stays open for days: behind a whole slice of young ones
    # there are none but young ones.
    more = len(rows) == SLICE and folded > 0
    return folded, rows[-1][0] if more else None


def _fold(conn: Connection, guild_id: GuildId, accounts: Sequence[int]) -> None:
    run(
        conn,
        "INSERT INTO accounts (guild_id, escrow, balance, frozen, closed)"
        " VALUES (?, ?, 0, false, true)"
        " ON CONFLICT (guild_id, escrow) WHERE escrow IS NOT NULL DO NOTHING",
        (guild_id, FOLDED),
    )
    one = fetch_one(
        conn,
        "SELECT id FROM accounts WHERE guild_id = ? AND escrow = ? AND escrow IS NOT NULL",
        (guild_id, FOLDED),
    )
    if one is None:
        raise RuntimeError("the account of folded escrows has vanished")
    places = ", ".join("?" * len(accounts))
    run(
        conn,
        f"UPDATE postings SET account_id = ? WHERE guild_id = ? AND account_id IN ({places})",  # noqa: S608 - placeholders only
        (one[0], guild_id, *accounts),
    )
    run(conn, f"DELETE FROM accounts WHERE id IN ({places})", accounts)  # noqa: S608 - as above
