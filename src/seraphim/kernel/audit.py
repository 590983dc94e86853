"""The append-only audit log: every administrative act with who, what, before, after, from where."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import BigInteger, Column, Index, Table, Text, select
from sqlalchemy.engine import Connection

from seraphim.kernel.db import metadata
from seraphim.kernel.ids import GuildId, UserId
from seraphim.kernel.telemetry.trace import current_trace_id

MAX_LISTED = 200

AUDIT_LOG = Table(
    "audit_log",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("guild_id", BigInteger),
    Column("actor_id", BigInteger),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("source", Text, nullable=False),
    Column("trace_id", Text),
    Index("ix_audit_log_guild_id_at_ms", "guild_id", "at_ms"),
)


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. ``actor_id`` None means the program itself; ``before`` and ``after`` are JSON."""

    id: str
    at_ms: int
    guild_id: GuildId | None
    actor_id: UserId | None
    action: str
    subject: str
    before: object
    after: object
    source: str
    trace_id: str | None = None


def record(conn: Connection, entry: AuditEntry) -> None:
    """Write ``entry`` in the same transaction as the act itself."""
    conn.execute(
        AUDIT_LOG.insert().values(
            id=entry.id,
            at_ms=entry.at_ms,
            guild_id=entry.guild_id,
            actor_id=entry.actor_id,
            action=entry.action,
            subject=entry.subject,
            before=msgspec.json.encode(entry.before).decode(),
            after=msgspec.json.encode(entry.after).decode(),
            source=entry.source,
            trace_id=entry.trace_id or current_trace_id(),
        )
    )


def list_entries(
    conn: Connection, guild_id: GuildId, *, before_ms: int | None = None, limit: int = 50
) -> list[AuditEntry]:
    """Return a guild's newest entries first, at most ``limit`` (never above MAX_LISTED)."""
    query = select(AUDIT_LOG).where(AUDIT_LOG.c.guild_id == guild_id)
    if before_ms is not None:
        query = query.where(AUDIT_LOG.c.at_ms < before_ms)
    query = query.order_by(AUDIT_LOG.c.at_ms.desc(), AUDIT_LOG.c.id.desc())
    rows = conn.execute(query.limit(min(limit, MAX_LISTED)))
    return [
        AuditEntry(
            id=row.id,
            at_ms=row.at_ms,
            guild_id=row.guild_id,
            actor_id=row.actor_id,
            action=row.action,
            subject=row.subject,
            before=msgspec.json.decode(row.before) if row.before else None,
            after=msgspec.json.decode(row.after) if row.after else None,
            source=row.source,
            trace_id=row.trace_id,
        )
        for row in rows
    ]
