"""Reading the ledger page by page, and the key of signed links."""

from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.exporting import PostingRow
from seraphim.kernel.db.direct import fetch_all, fetch_one, run
from seraphim.kernel.ids import GuildId

PAGE_TRANSFERS = 500
_MAX_POSTINGS = 600
"""Sides of one transfer: as many as a settlement pays, and its escrow and house."""
LEDGER_KEY = "ledger"

type Place = tuple[int, int]
"""Time in ms and id of a transfer, in the order of the export."""


def read_page(
    conn: Connection, guild_id: GuildId, after: Place, until_ms: int
) -> tuple[list[PostingRow], Place | None]:
    """Return the sides of the next transfers up to ``until_ms``, and where the page after begins.

    None as the second: there is no more.
    """
    places = fetch_all(
        conn,
        "SELECT at_ms, id FROM transfers WHERE guild_id = ? AND at_ms <= ?"
        " AND (at_ms, id) > (?, ?) ORDER BY at_ms, id LIMIT ?",
        (guild_id, until_ms, *after, PAGE_TRANSFERS),
    )
    if not places:
        return [], None
    last = (places[-1][0], places[-1][1])
    # By their ids, and not by the span once more: so both engines look the sides up one by one
    # instead of reading all of them for every page.
    marks = ", ".join("?" * len(places))
    rows = fetch_all(
        conn,
        "SELECT t.id, t.at_ms, t.kind, t.reason, t.actor_id, t.details,"  # noqa: S608 - placeholders only
        " p.account_id, a.user_id, a.escrow, p.amount, p.balance_after"
        " FROM transfers t JOIN postings p ON p.transfer_id = t.id"
        " LEFT JOIN accounts a ON a.id = p.account_id"
        f" WHERE p.transfer_id IN ({marks})"
        " ORDER BY t.at_ms, t.id, p.account_id LIMIT ?",
        (*(place[1] for place in places), PAGE_TRANSFERS * _MAX_POSTINGS),
    )
    return [PostingRow(*row) for row in rows], last if len(places) == PAGE_TRANSFERS else None


def get_or_make_key(conn: Connection, proposed: str, now_ms: int) -> str:
    """Return the key of the ledger's links; ``proposed`` becomes it when there is none yet."""
    run(
        conn,
        "INSERT INTO economy_link_keys (name, secret, made_ms) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO NOTHING",
        (LEDGER_KEY, proposed, now_ms),
    )
    row = fetch_one(conn, "SELECT secret FROM economy_link_keys WHERE name = ?", (LEDGER_KEY,))
    if row is None:
        raise RuntimeError("the key of signed links has vanished")
    return row[0]
