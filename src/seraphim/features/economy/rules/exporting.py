"""How the ledger is written down for other programs: CSV and JSON Lines, one posting a line."""

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Literal

from seraphim.features.economy.rules.ledger import SYSTEM_NAMES

type ExportFormat = Literal["csv", "jsonl"]

FORMATS: tuple[ExportFormat, ...] = ("csv", "jsonl")
CONTENT_TYPES: Mapping[ExportFormat, str] = {
    "csv": "text/csv",
    "jsonl": "application/x-ndjson",
}
COLUMNS = (
    "transfer_id",
    "at",
    "kind",
    "account",
    "amount",
    "balance_after",
    "actor_id",
    "reason",
    "details",
)
# What spreadsheets take for the beginning of a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One side of a transfer, as it is stored."""

    transfer_id: int
    at_ms: int
    kind: str
    reason: str
    actor_id: int | None
    details: str
    account_id: int
    user_id: int | None
    escrow: str | None
    amount: int
    balance_after: int | None


def account_name(row: PostingRow) -> str:
    """Return whose side it is: a user's id, ``mint``, ``escrow game:1`` or ``erased 17``."""
    if row.account_id < 0:
        return SYSTEM_NAMES[row.account_id]
    if row.escrow is not None:
        return f"escrow {row.escrow}"
    return f"erased {row.account_id}" if row.user_id is None else str(row.user_id)


def guarded(text: str) -> str:
    """Return a text that a spreadsheet shows instead of computing it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def head(form: ExportFormat) -> bytes:
    """Return what stands before the first line."""
    return _csv_line(COLUMNS) if form == "csv" else b""


def lines(form: ExportFormat, rows: Iterable[PostingRow]) -> bytes:
    """Return the rows as lines; ids in JSON are text, as they exceed what JavaScript holds."""
    return b"".join(map(_to_csv if form == "csv" else _to_json, rows))


def _to_csv(row: PostingRow) -> bytes:
    return _csv_line(
        (
            row.transfer_id,
            moment(row.at_ms),
            guarded(row.kind),
            guarded(account_name(row)),
            row.amount,
            "" if row.balance_after is None else row.balance_after,
            "" if row.actor_id is None else row.actor_id,
            guarded(row.reason),
            guarded(row.details),
        )
    )


def _to_json(row: PostingRow) -> bytes:
    line = {
        "transfer_id": str(row.transfer_id),
        "at": moment(row.at_ms),
        "kind": row.kind,
        "account": account_name(row),
        "amount": row.amount,
        "balance_after": row.balance_after,
        "actor_id": None if row.actor_id is None else str(row.actor_id),
        "reason": row.reason,
        "details": json.loads(row.details),
    }
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _csv_line(values: Iterable[object]) -> bytes:
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)  # line ends as in RFC 4180
    return buffer.getvalue().encode("utf-8", "replace")


def moment(at_ms: int) -> str:
    """Return the moment as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="milliseconds")
