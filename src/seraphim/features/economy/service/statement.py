"""A member's own statement: pages, and the whole as a table."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime

from seraphim.features.economy.rules.exporting import guarded
from seraphim.features.economy.rules.ledger import Account
from seraphim.features.economy.store.ledger_reading import (
    MAX_PAGE,
    StatementLine,
    page_of_statement,
)
from seraphim.kernel.db import Database
from seraphim.kernel.ids import GuildId, UserId

PAGE_SIZE = 10
MAX_ROWS = 10_000
"""The newest movements of a table; some 90 bytes each."""
_COLUMNS = ("time", "kind", "amount", "balance", "with", "reason", "transfer")


@dataclass(frozen=True, slots=True)
class StatementPage:
    """Some movements, the newest first; ``older`` leads to the next page, None at the end."""

    lines: list[StatementLine]
    older: int | None


class Statements:
    """The use cases of looking at one's own movements."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def page(
        self, guild_id: GuildId, user_id: UserId, before: int | None = None
    ) -> StatementPage:
        """Return a page; ``before`` is the ``older`` of the page before."""
        found = await self._db.read(
            page_of_statement, guild_id, user_id, before=before, limit=PAGE_SIZE + 1
        )
        lines = found[:PAGE_SIZE]
        return StatementPage(lines, lines[-1].transfer_id if len(found) > PAGE_SIZE else None)

    async def table(self, guild_id: GuildId, user_id: UserId) -> bytes:
        """Return the newest MAX_ROWS movements as CSV (RFC 4180, UTF-8), the newest first."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        before: int | None = None
        rows = 0
        while rows < MAX_ROWS:
            limit = min(MAX_PAGE, MAX_ROWS - rows)
            lines = await self._db.read(
                page_of_statement, guild_id, user_id, before=before, limit=limit
            )
            writer.writerows(_row(line) for line in lines)
            rows += len(lines)
            if len(lines) < limit:
                break
            before = lines[-1].transfer_id
        return text.getvalue().encode()


def _row(line: StatementLine) -> tuple[object, ...]:
    at = datetime.fromtimestamp(line.at_ms / 1000, UTC).isoformat(timespec="seconds")
    others = " ".join(_name(other) for other in line.others)
    return (
        at,
        line.kind,
        line.amount,
        line.balance,
        others,
        guarded(line.reason),
        line.transfer_id,
    )


def _name(account: Account) -> str:
    if account.kind == "person":
        return f"member {account.number}" if account.number else "a former member"
    return account.name
