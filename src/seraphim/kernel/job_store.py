"""The SQL of the job worker: claim, prolong, finish, fail, recur, prune."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Row

from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.ids import Ids
from seraphim.kernel.jobs import JOBS, Job, RecurringJob
from seraphim.kernel.leases import LeaseLost

MAX_PAUSE_MINUTES = 240
KEEP_DONE_MS = 30 * 24 * 3_600_000
PRUNE_BATCH = 500


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run a job until it runs out; ``epoch`` fences off an earlier claim."""

    job: Job
    epoch: int
    cron: str | None
    timezone: str | None


@dataclass(frozen=True, slots=True)
class JobsState:
    """Figures for the health page; ``overdue_ms`` is how late the latest waiting job is."""

    waiting: int
    failed: int
    overdue_ms: int


def claim_due(
    conn: Connection,
    kinds: list[str],
    holder: str,
    now_ms: int,
    until_ms: int,
    limit: int,
    in_hand: Collection[str] = (),
) -> list[Claim]:
    """Claim due jobs of ``kinds`` that nobody is running, the oldest first.

    Those ``in_hand`` are left out: the caller itself still runs them, though a database that did
    not answer has let their claim run out.
    """
    due = (
        select(JOBS.c.id)
        .where(
            JOBS.c.state == "waiting",
            JOBS.c.run_at_ms <= now_ms,
            JOBS.c.claimed_until_ms <= now_ms,
            JOBS.c.kind.in_(kinds),
            JOBS.c.id.not_in(in_hand),
        )
        .order_by(JOBS.c.run_at_ms, JOBS.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = conn.execute(
        JOBS.update()
        .where(JOBS.c.id.in_(due.scalar_subquery()))
        .values(
            holder=holder,
            epoch=JOBS.c.epoch + 1,
            claimed_until_ms=until_ms,
            attempts=JOBS.c.attempts + 1,
        )
        .returning(*JOBS.c)
    ).all()
    return [_claim(row) for row in sorted(rows, key=lambda row: (row.run_at_ms, row.id))]


def _claim(row: Row[Any]) -> Claim:
    job = Job(
        id=row.id,
        kind=row.kind,
        payload=msgspec.json.decode(row.payload),
        key=row.key,
        run_at_ms=row.run_at_ms,
        attempt=row.attempts,
        trace_id=row.trace_id,
    )
    return Claim(job, row.epoch, row.cron, row.timezone)


def prolong(conn: Connection, claim: Claim, until_ms: int) -> None:
    """Keep a claim whose handler still works; raises LeaseLost."""
    _update(conn, claim, {"claimed_until_ms": until_ms})


def finish(conn: Connection, claim: Claim, now_ms: int) -> None:
    """Mark the job done, or set a recurring one to its next time; raises LeaseLost."""
    if claim.cron is not None and claim.timezone is not None:
        _update(conn, claim, _next_turn(claim, now_ms) | {"last_error": None})
    else:
        _update(conn, claim, {"state": "done", "finished_ms": now_ms, "last_error": None})


def fail(conn: Connection, claim: Claim, error: str, now_ms: int, max_attempts: int) -> bool:
    """Note the failure; True when it was the last attempt (a recurring job waits for its turn)."""
    if claim.job.attempt < max_attempts:
        minutes = min(2 ** (claim.job.attempt - 1), MAX_PAUSE_MINUTES)
        again = {"run_at_ms": now_ms + minutes * 60_000, "claimed_until_ms": 0}
        _update(conn, claim, again | {"last_error": error})
        return False
    if claim.cron is not None and claim.timezone is not None:
        _update(conn, claim, _next_turn(claim, now_ms) | {"last_error": error})
    else:
        _update(conn, claim, {"state": "failed", "finished_ms": now_ms, "last_error": error})
    return True


def give_back(conn: Connection, claim: Claim) -> None:
    """Undo a claim whose handler was stopped; it counts as no attempt."""
    _update(conn, claim, {"claimed_until_ms": 0, "attempts": claim.job.attempt - 1})


def take_back_claims(conn: Connection) -> None:
    """Undo every claim: for a process that knows itself alone, of one that was killed.

    The attempt counts, so that a job that ends its process does not do so for ever.
    """
    held = (JOBS.c.state == "waiting", JOBS.c.claimed_until_ms > 0)
    conn.execute(JOBS.update().where(*held).values(claimed_until_ms=0, epoch=JOBS.c.epoch + 1))


def _next_turn(claim: Claim, now_ms: int) -> dict[str, Any]:
    # After the later of the two: a clock set back must not make the same turn come again.
    after_ms = max(now_ms, claim.job.run_at_ms)
    next_ms = next_occurrence_ms(claim.cron or "", claim.timezone or "UTC", after_ms)
    return {"run_at_ms": next_ms, "attempts": 0, "claimed_until_ms": 0}


def _update(conn: Connection, claim: Claim, values: dict[str, Any]) -> None:
    changed = conn.execute(
        JOBS.update()
        .where(JOBS.c.id == claim.job.id, JOBS.c.epoch == claim.epoch, JOBS.c.state == "waiting")
        .values(values)
    ).rowcount
    if not changed:
        raise LeaseLost(name=f"job {claim.job.id}")


def put_recurring(conn: Connection, recurring: RecurringJob, ids: Ids, now_ms: int) -> None:
    """Store a recurring job, or take over a changed rhythm; an unchanged one keeps its turn."""
    next_ms = next_occurrence_ms(recurring.cron, recurring.timezone, now_ms)
    body = msgspec.json.encode(recurring.payload or {}).decode()
    rhythm = {"cron": recurring.cron, "timezone": recurring.timezone, "run_at_ms": next_ms}
    statement = insert_into(conn, JOBS).values(
        id=ids.new(),
        kind=recurring.kind,
        payload=body,
        key=f"recurring:{recurring.kind}",
        state="waiting",
        attempts=0,
        epoch=0,
        claimed_until_ms=0,
        created_ms=now_ms,
        **rhythm,
    )
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=[JOBS.c.key],
            set_={**rhythm, "payload": body, "attempts": 0},
            where=(JOBS.c.cron != recurring.cron)
            | (JOBS.c.timezone != recurring.timezone)
            | (JOBS.c.payload != body),
        )
    )


def next_occurrence_ms(cron: str, timezone: str, after_ms: int) -> int:
    """Return the first time ``cron`` names after ``after_ms`` (Unix milliseconds).

    Raises ValueError for an expression or a time zone that does not exist.
    """
    from croniter import croniter  # noqa: PLC0415 - 50 ms that a start without rhythms saves

    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone {timezone!r}") from error
    after = datetime.fromtimestamp(after_ms / 1000, UTC).astimezone(zone)
    following: datetime = croniter(cron, after).get_next(datetime)
    return round(following.timestamp() * 1000)


def next_due_ms(conn: Connection, kinds: list[str]) -> int | None:
    """Return when the next job wants to run (or its dead worker's claim runs out)."""
    wanted = func.max(JOBS.c.run_at_ms, JOBS.c.claimed_until_ms)
    if conn.dialect.name != "sqlite":
        wanted = func.greatest(JOBS.c.run_at_ms, JOBS.c.claimed_until_ms)
    return conn.execute(
        select(func.min(wanted)).where(JOBS.c.state == "waiting", JOBS.c.kind.in_(kinds))
    ).scalar()


def prune(conn: Connection, now_ms: int) -> int:
    """Forget jobs done long ago, a bounded number; returns how many."""
    old = (
        select(JOBS.c.id)
        .where(JOBS.c.state == "done", JOBS.c.finished_ms < now_ms - KEEP_DONE_MS)
        .limit(PRUNE_BATCH)
    )
    return conn.execute(JOBS.delete().where(JOBS.c.id.in_(old.scalar_subquery()))).rowcount


def jobs_state(conn: Connection, now_ms: int) -> JobsState:
    """Return the figures for the health page."""
    rows = conn.execute(
        select(JOBS.c.state, func.count(), func.min(JOBS.c.run_at_ms))
        .where(JOBS.c.state != "done")
        .group_by(JOBS.c.state)
    )
    found = {row[0]: (row[1], row[2]) for row in rows}
    waiting, oldest_ms = found.get("waiting", (0, None))
    overdue_ms = 0 if oldest_ms is None else max(0, now_ms - oldest_ms)
    return JobsState(waiting, found.get("failed", (0, None))[0], overdue_ms)
