"""The SQL of cooldowns: when a member did something last, and until when they wait."""

from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from seraphim.features.economy.rules.earning import LastClaim
from seraphim.features.economy.rules.ledger import JsonValue
from seraphim.kernel.db import metadata
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.ids import GuildId, UserId

MAX_EXPORT = 1_000
NOBODY = UserId(0)

economy_cooldowns = sa.Table(
    "economy_cooldowns",
    metadata,
    sa.Column("guild_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("user_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("action", sa.String(16), primary_key=True),
    # Whom it was done to (a robbery); 0 for what is done to nobody.
    sa.Column("target_id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("claimed_ms", sa.BigInteger, nullable=False),
    sa.Column("until_ms", sa.BigInteger, nullable=False),
    sa.Column("streak", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.CheckConstraint("until_ms >= claimed_ms", name="until"),
    sa.CheckConstraint("streak >= 0", name="streak"),
    sa.Index("ix_economy_cooldowns_until_ms", "until_ms"),
)
"""``key`` and ``outcome`` are those of the last time, so that it can be answered again."""

_C = economy_cooldowns.c


@dataclass(frozen=True, slots=True)
class StoredClaim:
    """The last time, with its idempotency key and what came of it."""

    last: LastClaim
    key: str
    outcome: dict[str, JsonValue]


def find_claim(
    conn: Connection, guild_id: GuildId, user_id: UserId, action: str, target_id: UserId = NOBODY
) -> StoredClaim | None:
    """Return the last time; until the transaction ends no other claim of the same passes here.

    So a second claim at the same moment, on another process perhaps, sees what the first one did.
    On PostgreSQL the row is locked for that; before there is one, its name is. SQLite has one
    writer, so there it is so anyway.
    """
    query = (
        sa.select(_C.claimed_ms, _C.until_ms, _C.streak, _C.key, _C.outcome)
        .where(
            _C.guild_id == guild_id,
            _C.user_id == user_id,
            _C.action == action,
            _C.target_id == target_id,
        )
        .with_for_update()
    )
    row = conn.execute(query).first()
    if row is None and conn.dialect.name != "sqlite":
        name = f"cooldown:{guild_id}:{user_id}:{action}:{target_id}"
        lock = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"
        conn.execute(sa.text(lock), {"name": name})
        row = conn.execute(query).first()  # of this moment: who was before us has committed
    if row is None:
        return None
    outcome: dict[str, JsonValue] = msgspec.json.decode(row.outcome, type=dict[str, Any])
    return StoredClaim(LastClaim(row.claimed_ms, row.until_ms, row.streak), row.key, outcome)


def list_last_claims(conn: Connection, guild_id: GuildId, user_id: UserId) -> dict[str, LastClaim]:
    """Return the last time of everything a member does to nobody or to anybody."""
    rows = conn.execute(
        sa.select(_C.action, _C.claimed_ms, _C.until_ms, _C.streak).where(
            _C.guild_id == guild_id, _C.user_id == user_id, _C.target_id == NOBODY
        )
    )
    return {row.action: LastClaim(row.claimed_ms, row.until_ms, row.streak) for row in rows}


def save_claim(
    conn: Connection,
    guild_id: GuildId,
    user_id: UserId,
    action: str,
    claim: StoredClaim,
    target_id: UserId = NOBODY,
    *,
    before: StoredClaim | None,
) -> bool:
    """Write the new last time; False when somebody else has written one since ``before``."""
    values = {
        "claimed_ms": claim.last.claimed_ms,
        "until_ms": claim.last.until_ms,
        "streak": claim.last.streak,
        "key": claim.key,
        "outcome": msgspec.json.encode(claim.outcome).decode(),
    }
    unchanged = sa.false() if before is None else _C.key == before.key
    saved = conn.execute(
        insert_into(conn, economy_cooldowns)
        .values(guild_id=guild_id, user_id=user_id, action=action, target_id=target_id, **values)
        .on_conflict_do_update(
            index_elements=[_C.guild_id, _C.user_id, _C.action, _C.target_id],
            set_=values,
            where=unchanged,
        )
        .returning(_C.claimed_ms)
    ).scalar_one_or_none()
    return saved is not None


def list_claims(conn: Connection, guild_id: GuildId, user_id: UserId) -> list[dict[str, object]]:
    """Return a member's rows, JSON-ready."""
    rows = conn.execute(
        sa.select(_C.action, _C.target_id, _C.claimed_ms, _C.until_ms, _C.streak, _C.outcome)
        .where(_C.guild_id == guild_id, _C.user_id == user_id)
        .order_by(_C.action, _C.target_id)
        .limit(MAX_EXPORT)
    )
    return [
        {
            "action": row.action,
            "target_id": str(row.target_id) if row.target_id else None,
            "claimed_ms": row.claimed_ms,
            "until_ms": row.until_ms,
            "streak": row.streak,
            "outcome": msgspec.json.decode(row.outcome),
        }
        for row in rows
    ]


def forget_claims(conn: Connection, guild_id: GuildId, user_id: UserId, now_ms: int) -> None:
    """Forget what a member did; a pause that still runs stays as a bare moment.

    Whoever is forgotten must not be paid a second time for that. What was done to the member by
    others keeps its pause too and loses nothing but its outcome.
    """
    mine = sa.and_(_C.guild_id == guild_id, _C.user_id == user_id)
    conn.execute(sa.delete(economy_cooldowns).where(mine, _C.until_ms <= now_ms))
    conn.execute(sa.update(economy_cooldowns).where(mine).values(streak=0, outcome="{}"))
    # What a robber was answered names whom they robbed.
    named = _C.outcome.like(f'%"target":{int(user_id)},%')
    conn.execute(
        sa.update(economy_cooldowns)
        .where(_C.guild_id == guild_id, sa.or_(_C.target_id == user_id, named))
        .values(outcome="{}")
    )


def prune_claims(conn: Connection, before_ms: int, limit: int) -> int:
    """Delete up to ``limit`` rows whose pause ended before ``before_ms``; returns how many."""
    old = (
        sa.select(_C.guild_id, _C.user_id, _C.action, _C.target_id)
        .where(_C.until_ms < before_ms)
        .limit(limit)
    )
    gone = conn.execute(
        sa.delete(economy_cooldowns).where(
            sa.tuple_(_C.guild_id, _C.user_id, _C.action, _C.target_id).in_(old)
        )
    )
    return gone.rowcount
