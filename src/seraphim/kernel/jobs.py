"""Durable jobs: promises stored in the transaction of the fact that causes them.

:func:`enqueue` writes a row; a :class:`~seraphim.kernel.job_worker.JobWorker` claims it when it is
due (the claim is a fenced lease on the row), runs the handler, and marks it done in the handler's
own transaction. At-least-once delivery, exactly-once effect: what a handler writes is kept only
together with the mark, and every handler re-checks the fact it acts on.

Two forms of handler::

    def lift_ban(conn: Connection, job: Job) -> None: ...  # database work only
    async def send_reminder(job: Job) -> Callable[[Connection], None] | None:
        ...
        # work outside (Discord, HTTP); the function it returns runs in the marking transaction
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, Text, select
from sqlalchemy.engine import Connection

from seraphim.kernel.clock import Clock
from seraphim.kernel.db import metadata, signal
from seraphim.kernel.db.upsert import insert_into
from seraphim.kernel.errors import NotFound
from seraphim.kernel.ids import Ids
from seraphim.kernel.telemetry.trace import current_trace_id

type JsonValue = bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None
type JobState = Literal["waiting", "done", "failed"]
type Finish = Callable[[Connection], None]

JOBS_SIGNAL = "jobs"
MAX_PAYLOAD_BYTES = 65_536
MAX_LISTED = 200

JOBS = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("key", Text, unique=True),
    Column("state", Text, nullable=False),
    Column("run_at_ms", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("holder", Text),
    Column("epoch", BigInteger, nullable=False),
    Column("claimed_until_ms", BigInteger, nullable=False),
    Column("last_error", Text),
    Column("cron", Text),
    Column("timezone", Text),
    Column("trace_id", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("finished_ms", BigInteger),
    CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
    CheckConstraint("(cron IS NULL) = (timezone IS NULL)", name="cron"),
    Index("ix_jobs_state_run_at_ms", "state", "run_at_ms"),
)


@dataclass(frozen=True, slots=True)
class Job:
    """A promise that is being kept. Times are Unix milliseconds.

    ``attempt`` is 1 the first time. ``run_at_ms`` is when it was meant to run, not when it does.
    """

    id: str
    kind: str
    payload: Mapping[str, JsonValue]
    key: str | None
    run_at_ms: int
    attempt: int
    trace_id: str | None


@dataclass(frozen=True, slots=True)
class JobHandler:
    """Who keeps the promises of one kind; give exactly one of ``handle`` and ``run``.

    ``handle`` works on the database only, in the transaction that marks the job done. ``run`` may
    reach outside; the function it returns (or None) works in that transaction.
    """

    kind: str
    handle: Callable[[Connection, Job], None] | None = None
    run: Callable[[Job], Awaitable[Finish | None]] | None = None
    max_attempts: int = 10
    timeout_seconds: float = 300.0

    def __post_init__(self) -> None:
        """Refuse a handler that could not run."""
        if (self.handle is None) == (self.run is None):
            raise ValueError(f"job handler {self.kind}: give either handle or run")


@dataclass(frozen=True, slots=True)
class RecurringJob:
    """A job that comes back: ``cron`` has five fields, read in the IANA time zone ``timezone``.

    Its handler is a :class:`JobHandler` of the same kind. Occurrences that were missed while the
    program was off are made up for once, not once each.
    """

    kind: str
    cron: str
    timezone: str = "UTC"
    payload: Mapping[str, JsonValue] | None = None


@dataclass(frozen=True, slots=True)
class JobView:
    """A stored job as administrators see it."""

    id: str
    kind: str
    state: JobState
    run_at_ms: int
    attempts: int
    last_error: str | None
    key: str | None
    cron: str | None


def enqueue(
    conn: Connection,
    kind: str,
    payload: Mapping[str, JsonValue],
    *,
    run_at_ms: int,
    key: str | None = None,
    ids: Ids,
    clock: Clock,
) -> str:
    """Promise to run ``kind`` at ``run_at_ms``, in the caller's transaction; returns the job's id.

    ``key`` makes it happen once: with a key that is known already (done jobs are remembered for
    thirty days) nothing is added and the known job's id is returned.
    """
    body = msgspec.json.encode(payload)
    if len(body) > MAX_PAYLOAD_BYTES:
        raise ValueError(f"the payload of a {kind} job takes {len(body)} bytes")
    values: dict[str, Any] = {
        "id": ids.new(),
        "kind": kind,
        "payload": body.decode(),
        "key": key,
        "state": "waiting",
        "run_at_ms": run_at_ms,
        "attempts": 0,
        "epoch": 0,
        "claimed_until_ms": 0,
        "trace_id": current_trace_id(),
        "created_ms": clock.now_ms(),
    }
    added = conn.execute(
        insert_into(conn, JOBS)
        .values(values)
        .on_conflict_do_nothing(index_elements=[JOBS.c.key])
        .returning(JOBS.c.id)
    ).scalar_one_or_none()
    if added is None:
        return conn.execute(select(JOBS.c.id).where(JOBS.c.key == key)).scalar_one()
    signal(conn, JOBS_SIGNAL)
    return added


def cancel_job(conn: Connection, job_id: str) -> bool:
    """Take back a job that has not run yet; False when it is done or unknown.

    A handler that is running at this moment cannot mark its job done any more: what it wrote in
    its transaction is not kept.
    """
    gone = conn.execute(JOBS.delete().where(JOBS.c.id == job_id, JOBS.c.state == "waiting"))
    return gone.rowcount > 0


def cancel_job_by_key(conn: Connection, key: str) -> bool:
    """Take back the job with this idempotency key; afterwards the key may be used anew."""
    gone = conn.execute(JOBS.delete().where(JOBS.c.key == key, JOBS.c.state == "waiting"))
    return gone.rowcount > 0


def retry_job(conn: Connection, job_id: str, clock: Clock) -> None:
    """Run a failed job again now, by hand; raises NotFound when there is no such failed job."""
    changed = conn.execute(
        JOBS.update()
        .where(JOBS.c.id == job_id, JOBS.c.state == "failed")
        .values(state="waiting", run_at_ms=clock.now_ms(), attempts=0, finished_ms=None)
    )
    if not changed.rowcount:
        raise NotFound(what="a failed job with that id")
    signal(conn, JOBS_SIGNAL)


def list_jobs(conn: Connection, *, state: JobState = "failed", limit: int = 50) -> list[JobView]:
    """Return stored jobs of one state, the latest first; at most MAX_LISTED."""
    rows = conn.execute(
        select(JOBS)
        .where(JOBS.c.state == state)
        .order_by(JOBS.c.run_at_ms.desc(), JOBS.c.id.desc())
        .limit(min(limit, MAX_LISTED))
    )
    return [
        JobView(
            id=row.id,
            kind=row.kind,
            state=row.state,
            run_at_ms=row.run_at_ms,
            attempts=row.attempts,
            last_error=row.last_error,
            key=row.key,
            cron=row.cron,
        )
        for row in rows
    ]
