"""Runs due jobs: claims them, calls their handlers, marks them in the handlers' transactions."""

import asyncio
from collections.abc import Callable

from sqlalchemy.engine import Connection

from seraphim.kernel import job_store
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, DatabaseClosed
from seraphim.kernel.ids import Ids
from seraphim.kernel.job_store import Claim, JobsState
from seraphim.kernel.jobs import JOBS_SIGNAL, Job, JobHandler, RecurringJob
from seraphim.kernel.leases import LeaseLost
from seraphim.kernel.telemetry.logs import get_logger
from seraphim.kernel.telemetry.metrics import Metrics
from seraphim.kernel.telemetry.trace import trace
from seraphim.kernel.waiting import Waker

log = get_logger(__name__)

MAX_RUNNING = 16
"""Jobs this process runs at a time."""
CLAIM_SECONDS = 20.0
"""How long a claim lasts; it is prolonged while its handler works. So long do the jobs of a process
that was killed wait on PostgreSQL, where others may be at work; see also ``alone``."""
PROLONGINGS = 4
"""How often a claim is prolonged in that time: three may fail before it is lost."""
IDLE_SECONDS = 30.0
"""The longest sleep: bounds what a wall clock that jumps ahead can delay."""
SHARED_IDLE_SECONDS = 2.0
"""The same on PostgreSQL, where other processes enqueue too."""
PRUNE_SECONDS = 3_600.0
FIRST_PRUNE_SECONDS = 60.0
"""Not at once: a start has better things to do."""
STOP_SECONDS = 8.0
"""How long running handlers may finish when the worker stops."""


class JobWorker:
    """One process's worker. Several on one database share the jobs."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        ids: Ids,
        metrics: Metrics,
        holder: str,
        *,
        alone: bool = False,
    ) -> None:
        """Prepare; :meth:`start` begins.

        Args:
            db: Where the jobs are.
            clock: Says what is due.
            ids: For recurring jobs.
            metrics: Counts what ran.
            holder: Names this process in claims.
            alone: No other process works on the database, so whatever is claimed when it starts
                was claimed by a process that has died, and is taken back at once.
        """
        self._alone = alone
        self._db = db
        self._clock = clock
        self._ids = ids
        self._holder = holder
        self._handlers: dict[str, JobHandler] = {}
        self._recurring: list[RecurringJob] = []
        self._waker = Waker(clock)
        self._task: asyncio.Task[None] | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._in_hand: set[str] = set()
        self._stopping = False
        self._next_prune = clock.monotonic() + FIRST_PRUNE_SECONDS
        self._ran = metrics.counter("seraphim_jobs_total", "Jobs run.", ("kind", "outcome"))
        self._late = metrics.histogram(
            "seraphim_job_delay_seconds", "From a job's due time to its start.", ("kind",)
        )
        db.watch(JOBS_SIGNAL, self._waker.wake)

    def handle(self, handler: JobHandler) -> None:
        """Add the handler of one kind; call this before :meth:`start`."""
        if handler.kind in self._handlers:
            raise ValueError(f"two handlers for jobs of kind {handler.kind}")
        self._handlers[handler.kind] = handler

    def recur(self, recurring: RecurringJob) -> None:
        """Add a recurring job; raises ValueError when its rhythm cannot be read."""
        job_store.next_occurrence_ms(recurring.cron, recurring.timezone, self._clock.now_ms())
        self._recurring.append(recurring)

    async def start(self) -> None:
        """Store the recurring jobs and begin to work."""
        await self.store_recurring()
        if self._alone:
            await self._db.write(job_store.take_back_claims)
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name="job-worker")

    async def store_recurring(self) -> None:
        """Write the recurring jobs' rows; unchanged ones keep their next turn."""
        now_ms = self._clock.now_ms()
        for recurring in self._recurring:
            if recurring.kind not in self._handlers:
                raise ValueError(f"recurring job {recurring.kind} has no handler")
            await self._db.write(job_store.put_recurring, recurring, self._ids, now_ms)

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Take no more jobs; let the running ones finish, cancel and give back the late ones.

        A second call finds nothing left to do.
        """
        self._stopping = True
        self._waker.wake()
        if self._task is not None:
            await self._task
            self._task = None
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def run_due(self) -> int:
        """Run everything that is due now to its end; returns how many jobs that were."""
        count = 0
        while claims := await self._claim(MAX_RUNNING):
            await asyncio.gather(*(self._work(claim) for claim in claims))
            count += len(claims)
        return count

    async def state(self) -> JobsState:
        """Return the figures for the health page."""
        return await self._db.read(job_store.jobs_state, self._clock.now_ms())

    async def _claim(self, limit: int) -> list[Claim]:
        now_ms = self._clock.now_ms()
        kinds = list(self._handlers)
        next_ms = await self._db.read(job_store.next_due_ms, kinds)
        if next_ms is None or next_ms > now_ms:
            return []  # asking is a read; claiming would cost an fsync
        until_ms = now_ms + round(CLAIM_SECONDS * 1000)
        return await self._db.write(
            job_store.claim_due, kinds, self._holder, now_ms, until_ms, limit, list(self._in_hand)
        )

    async def _run(self) -> None:
        while not self._stopping:
            idle = IDLE_SECONDS if self._db.dialect == "sqlite" else SHARED_IDLE_SECONDS
            try:
                await self._prune()
                free = MAX_RUNNING - len(self._running)
                if free > 0:
                    for claim in await self._claim(free):
                        self._start(claim)
                    next_ms = await self._db.read(job_store.next_due_ms, list(self._handlers))
                    if next_ms is not None:
                        idle = min(idle, max(0.01, (next_ms - self._clock.now_ms()) / 1000))
            except DatabaseClosed:
                return
            except Exception:
                log.exception("job worker could not claim, trying again")
                idle = 1.0
            if not self._stopping:
                await self._waker.wait(idle)

    async def _prune(self) -> None:
        """Once an hour, forget what was done long ago."""
        now = self._clock.monotonic()
        if now < self._next_prune:
            return
        self._next_prune = now + PRUNE_SECONDS
        while await self._db.write(job_store.prune, self._clock.now_ms()):
            continue

    def _start(self, claim: Claim) -> None:
        task = asyncio.create_task(self._work(claim), name=f"job-{claim.job.kind}")
        self._running.add(task)

        def ended(done: asyncio.Task[None]) -> None:
            self._running.discard(done)
            self._waker.wake()

        task.add_done_callback(ended)

    async def _work(self, claim: Claim) -> None:
        """Run one claimed job to its end; never raises but for cancellation."""
        job, handler = claim.job, self._handlers[claim.job.kind]
        self._late.observe(max(0, self._clock.now_ms() - job.run_at_ms) / 1000, kind=job.kind)
        with trace(job.trace_id):
            keeper = asyncio.create_task(self._keep(claim, asyncio.current_task()))
            self._in_hand.add(job.id)
            try:
                await self._call(claim, handler)
            except LeaseLost:
                self._ran.add(kind=job.kind, outcome="superseded")
                log.warning("job was taken over or cancelled", kind=job.kind, job_id=job.id)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is None or not keeper.done():
                    await self._give_back(claim)
                    raise
                task.uncancel()  # it was the keeper's doing: the claim is lost, not the worker
                self._ran.add(kind=job.kind, outcome="superseded")
                log.warning("job was taken over or cancelled", kind=job.kind, job_id=job.id)
            except Exception as error:
                log.exception("job failed", kind=job.kind, job_id=job.id, attempt=job.attempt)
                await self._note_failure(claim, handler, f"{type(error).__name__}: {error}"[:500])
            else:
                self._ran.add(kind=job.kind, outcome="done")
            finally:
                self._in_hand.discard(job.id)
                keeper.cancel()

    async def _call(self, claim: Claim, handler: JobHandler) -> None:
        finishing: Callable[[Connection], None] | None = None
        if handler.run is not None:
            async with asyncio.timeout(handler.timeout_seconds):
                finishing = await handler.run(claim.job)
        await self._db.write(_finish, claim, handler.handle, finishing, self._clock.now_ms())

    async def _keep(self, claim: Claim, worker: "asyncio.Task[None] | None") -> None:
        """Prolong the claim while the handler works; end the handler when the claim is lost."""
        while True:
            await self._clock.sleep(CLAIM_SECONDS / PROLONGINGS)
            until_ms = self._clock.now_ms() + round(CLAIM_SECONDS * 1000)
            try:
                await self._db.write(job_store.prolong, claim, until_ms)
            except LeaseLost:
                if worker is not None:
                    worker.cancel()
                return
            except Exception:
                log.exception("job claim not prolonged", job_id=claim.job.id)

    async def _note_failure(self, claim: Claim, handler: JobHandler, error: str) -> None:
        try:
            last = await self._db.write(
                job_store.fail, claim, error, self._clock.now_ms(), handler.max_attempts
            )
        except Exception:
            # The claim runs out by itself and the job is tried again.
            log.exception("job failure not noted", job_id=claim.job.id)
            return
        self._ran.add(kind=claim.job.kind, outcome="failed" if last else "retrying")

    async def _give_back(self, claim: Claim) -> None:
        try:
            await asyncio.shield(self._db.write(job_store.give_back, claim))
        except Exception:
            log.exception("job not given back", job_id=claim.job.id)


def _finish(
    conn: Connection,
    claim: Claim,
    handle: Callable[[Connection, Job], None] | None,
    finishing: Callable[[Connection], None] | None,
    now_ms: int,
) -> None:
    """Mark first (that checks the claim and holds the row), then do the handler's work."""
    job_store.finish(conn, claim, now_ms)
    if handle is not None:
        handle(conn, claim.job)
    if finishing is not None:
        finishing(conn)
