"""Jobs: enqueued with the fact, run once in effect, retried, recurring, and clock-proof."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, Integer, Table, Text, func, select, text
from sqlalchemy import MetaData as SeparateMetaData
from sqlalchemy.engine import Connection

from seraphim.kernel import job_store
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.errors import NotFound
from seraphim.kernel.ids import SequenceIds
from seraphim.kernel.job_worker import CLAIM_SECONDS, PROLONGINGS, JobWorker
from seraphim.kernel.jobs import (
    JOBS,
    Finish,
    Job,
    JobHandler,
    RecurringJob,
    cancel_job,
    cancel_job_by_key,
    enqueue,
    list_jobs,
    retry_job,
)
from seraphim.kernel.leases import LeaseLost
from seraphim.kernel.telemetry import Metrics

EFFECTS = Table("effects", SeparateMetaData(), Column("n", Integer), Column("job", Text))


class Bench:
    """A database with a table of effects, a clock, ids, and workers on them."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.clock = ManualClock(datetime(2026, 3, 1, 12, tzinfo=UTC))
        self.ids = SequenceIds("job")

    def worker(self, *handlers: JobHandler, holder: str = "w") -> JobWorker:
        worker = JobWorker(self.db, self.clock, self.ids, Metrics(), holder)
        for handler in handlers:
            worker.handle(handler)
        return worker

    async def enqueue(self, kind: str = "effect", delay_ms: int = 0, key: str | None = None) -> str:
        return await self.db.write(
            enqueue,
            kind,
            {"n": 1},
            run_at_ms=self.clock.now_ms() + delay_ms,
            key=key,
            ids=self.ids,
            clock=self.clock,
        )

    async def effects(self) -> int:
        return await self.db.read(
            lambda conn: conn.execute(select(func.count()).select_from(EFFECTS)).scalar_one()
        )


@pytest.fixture
async def bench(database: Database) -> Bench:
    await database.write(EFFECTS.create)
    return Bench(database)


def effect(conn: Connection, job: Job) -> None:
    conn.execute(EFFECTS.insert().values(n=1, job=job.id))


EFFECT = JobHandler("effect", handle=effect)


async def test_a_due_job_runs_once_and_an_early_one_waits(bench: Bench) -> None:
    worker = bench.worker(EFFECT)
    await bench.enqueue()
    await bench.enqueue(delay_ms=5_000)
    assert await worker.run_due() == 1
    assert await worker.run_due() == 0
    assert await bench.effects() == 1
    await bench.clock.advance(5)
    assert await worker.run_due() == 1
    assert await bench.effects() == 2


async def test_a_job_of_a_failed_transaction_does_not_exist(bench: Bench) -> None:
    def promise_then_fail(conn: Connection) -> None:
        enqueue(conn, "effect", {}, run_at_ms=0, ids=bench.ids, clock=bench.clock)
        raise NotFound(what="the guild")

    with pytest.raises(NotFound):
        await bench.db.write(promise_then_fail)
    assert await bench.worker(EFFECT).run_due() == 0


async def test_one_key_means_one_job_even_after_it_is_done(bench: Bench) -> None:
    worker = bench.worker(EFFECT)
    first = await bench.enqueue(key="refund:7")
    assert await bench.enqueue(key="refund:7") == first
    await worker.run_due()
    assert await bench.enqueue(key="refund:7") == first
    assert await worker.run_due() == 0
    assert await bench.effects() == 1


async def test_a_running_worker_wakes_for_a_new_job_and_at_its_due_time(bench: Bench) -> None:
    ran = asyncio.Event()

    async def note(job: Job) -> None:
        del job
        ran.set()

    worker = bench.worker(JobHandler("note", run=note))
    await worker.start()
    await bench.enqueue("note")
    await asyncio.wait_for(ran.wait(), 10)
    ran.clear()
    await bench.enqueue("note", delay_ms=20_000)
    while not ran.is_set():
        await bench.clock.advance(1)
    assert bench.clock.monotonic() >= 20
    await worker.stop()


async def test_a_handler_that_fails_keeps_nothing_and_backs_off(bench: Bench) -> None:
    failing = True

    def flaky(conn: Connection, job: Job) -> None:
        effect(conn, job)
        if failing:
            raise RuntimeError("not today")

    worker = bench.worker(JobHandler("effect", handle=flaky))
    job_id = await bench.enqueue()
    await worker.run_due()
    assert await bench.effects() == 0
    waiting = await bench.db.read(list_jobs, state="waiting")
    assert [(job.id, job.attempts, job.last_error) for job in waiting] == [
        (job_id, 1, "RuntimeError: not today")
    ]
    await bench.clock.advance(59)
    assert await worker.run_due() == 0
    await bench.clock.advance(1)
    assert await worker.run_due() == 1
    await bench.clock.advance(60)
    assert await worker.run_due() == 0  # the second pause is two minutes
    failing = False
    await bench.clock.advance(60)
    assert await worker.run_due() == 1
    assert await bench.effects() == 1


async def test_a_job_that_always_fails_stays_visible_and_can_be_retried_by_hand(
    bench: Bench,
) -> None:
    broken = True

    def handle(conn: Connection, job: Job) -> None:
        if broken:
            raise RuntimeError("broken")
        effect(conn, job)

    worker = bench.worker(JobHandler("effect", handle=handle, max_attempts=3))
    job_id = await bench.enqueue()
    for _ in range(5):
        await worker.run_due()
        await bench.clock.advance(24 * 3600)
    [failed] = await bench.db.read(list_jobs)
    assert (failed.id, failed.attempts, failed.state) == (job_id, 3, "failed")
    assert (await worker.state()).failed == 1
    broken = False
    await bench.db.write(retry_job, job_id, bench.clock)
    await worker.run_due()
    assert await bench.effects() == 1
    with pytest.raises(NotFound):
        await bench.db.write(retry_job, job_id, bench.clock)


async def test_the_asynchronous_form_finishes_in_the_marking_transaction(bench: Bench) -> None:
    async def run(job: Job) -> Finish:
        await asyncio.sleep(0)
        return lambda conn: effect(conn, job)

    worker = bench.worker(JobHandler("effect", run=run))
    await bench.enqueue()
    await worker.run_due()
    assert await bench.effects() == 1


async def test_a_worker_that_lost_its_claim_leaves_no_effect(bench: Bench) -> None:
    """The first worker hangs past its claim; the second takes over; only one effect is kept."""
    hanging = asyncio.Event()
    go_on = asyncio.Event()

    async def hang(job: Job) -> Finish:
        hanging.set()
        await go_on.wait()
        return lambda conn: effect(conn, job)

    slow = bench.worker(JobHandler("effect", run=hang), holder="slow")
    quick = bench.worker(EFFECT, holder="quick")
    await bench.enqueue()
    # A claim made by hand stands for a process that was frozen and cannot prolong it.
    now_ms = bench.clock.now_ms()
    [claim] = await bench.db.write(
        job_store.claim_due, ["effect"], "slow", now_ms, now_ms + round(CLAIM_SECONDS * 1000), 5
    )
    frozen = asyncio.create_task(slow._call(claim, slow._handlers["effect"]))
    await hanging.wait()
    assert await quick.run_due() == 0
    await bench.clock.advance(CLAIM_SECONDS)
    assert await quick.run_due() == 1
    go_on.set()
    with pytest.raises(LeaseLost):
        await frozen
    assert await bench.effects() == 1


async def test_a_claim_that_was_taken_over_cannot_finish_the_job_of_its_successor(
    bench: Bench,
) -> None:
    await bench.enqueue()
    claims: list[job_store.Claim] = []
    for holder in ("old", "new"):
        now_ms = bench.clock.now_ms()
        claims += await bench.db.write(
            job_store.claim_due, ["effect"], holder, now_ms, now_ms + 60_000, 5
        )
        await bench.clock.advance(60)
    old, new = claims
    with pytest.raises(LeaseLost):
        await bench.db.write(job_store.finish, old, bench.clock.now_ms())
    with pytest.raises(LeaseLost):
        await bench.db.write(job_store.fail, old, "late", bench.clock.now_ms(), 3)
    with pytest.raises(LeaseLost):
        await bench.db.write(job_store.prolong, old, bench.clock.now_ms() + 1)
    await bench.db.write(job_store.finish, new, bench.clock.now_ms())


async def test_a_clock_set_back_during_a_recurring_job_does_not_repeat_its_turn(
    bench: Bench,
) -> None:
    async def step_back(job: Job) -> Finish:
        bench.clock.set_back(1800)
        return lambda conn: effect(conn, job)

    worker = bench.worker(JobHandler("effect", run=step_back))
    worker.recur(RecurringJob("effect", "0 * * * *"))
    await worker.store_recurring()
    await bench.clock.advance(3600)
    assert await worker.run_due() == 1
    await bench.clock.advance(1800)
    assert await worker.run_due() == 0


async def test_a_claim_is_prolonged_while_its_handler_works(bench: Bench) -> None:
    go_on = asyncio.Event()
    working = asyncio.Event()

    async def work(job: Job) -> Finish:
        working.set()
        await go_on.wait()
        return lambda conn: effect(conn, job)

    slow = bench.worker(JobHandler("effect", run=work), holder="slow")
    other = bench.worker(EFFECT, holder="other")
    await bench.enqueue()
    running = asyncio.create_task(slow.run_due())
    await working.wait()
    claimed_until = select(JOBS.c.claimed_until_ms)
    for _ in range(8):  # twice as long as an unprolonged claim lasts
        before = await bench.db.read(lambda conn: conn.execute(claimed_until).scalar_one())
        async with asyncio.timeout(10):
            while not bench.clock.sleepers:  # what is stored is seen before its writer goes on
                await asyncio.sleep(0)
        await bench.clock.advance(CLAIM_SECONDS / PROLONGINGS)
        async with asyncio.timeout(10):
            while before == await bench.db.read(
                lambda conn: conn.execute(claimed_until).scalar_one()
            ):
                await asyncio.sleep(0)
        assert await other.run_due() == 0
    go_on.set()
    assert await running == 1
    assert await bench.effects() == 1


async def test_a_handler_whose_job_is_cancelled_meanwhile_is_ended(bench: Bench) -> None:
    working = asyncio.Event()
    ended = asyncio.Event()

    async def work(job: Job) -> None:
        del job
        working.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    worker = bench.worker(JobHandler("effect", run=work))
    job_id = await bench.enqueue()
    running = asyncio.create_task(worker.run_due())
    await working.wait()
    assert await bench.db.write(cancel_job, job_id)
    async with asyncio.timeout(20):
        while not ended.is_set():
            await bench.clock.advance(CLAIM_SECONDS / PROLONGINGS)
    assert await running == 1


async def test_a_worker_takes_none_of_its_own_jobs_a_second_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that does not answer lets the claim of a running job run out."""
    working, go_on = asyncio.Event(), asyncio.Event()

    async def work(job: Job) -> Finish:
        working.set()
        await go_on.wait()
        return lambda conn: effect(conn, job)

    def away(*_: object) -> None:
        raise OSError("the database does not answer")

    monkeypatch.setattr(job_store, "prolong", away)
    worker = bench.worker(JobHandler("effect", run=work))
    await bench.enqueue()
    running = asyncio.create_task(worker.run_due())
    await working.wait()
    await bench.clock.advance(CLAIM_SECONDS)
    assert await worker.run_due() == 0
    go_on.set()
    assert await running == 1
    assert await bench.effects() == 1


async def test_a_worker_that_is_alone_takes_back_what_a_killed_one_had_claimed(
    bench: Bench,
) -> None:
    ran = asyncio.Event()

    async def note(job: Job) -> None:
        del job
        ran.set()

    await bench.enqueue("note")
    now_ms = bench.clock.now_ms()
    far_ms = now_ms + 3_600_000
    [claim] = await bench.db.write(job_store.claim_due, ["note"], "dead", now_ms, far_ms, 5)
    worker = JobWorker(bench.db, bench.clock, bench.ids, Metrics(), "new", alone=True)
    worker.handle(JobHandler("note", run=note))
    await worker.start()
    await asyncio.wait_for(ran.wait(), 10)
    await worker.stop()
    with pytest.raises(LeaseLost):
        await bench.db.write(job_store.finish, claim, now_ms)


async def test_two_workers_share_the_jobs_without_running_one_twice(bench: Bench) -> None:
    workers = [bench.worker(EFFECT, holder=f"w{number}") for number in range(3)]
    await asyncio.gather(*(bench.enqueue() for _ in range(60)))
    counts = await asyncio.gather(*(worker.run_due() for worker in workers))
    assert sum(counts) == 60
    assert await bench.effects() == 60


async def test_a_cancelled_job_does_not_run(bench: Bench) -> None:
    job_id = await bench.enqueue()
    assert await bench.db.write(cancel_job, job_id)
    assert not await bench.db.write(cancel_job, job_id)
    await bench.enqueue(key="unban:1")
    assert await bench.db.write(cancel_job_by_key, "unban:1")
    assert await bench.worker(EFFECT).run_due() == 0


async def test_a_clock_set_back_does_not_run_done_jobs_again(bench: Bench) -> None:
    worker = bench.worker(EFFECT)
    worker.recur(RecurringJob("effect", "0 * * * *"))
    await worker.store_recurring()
    await bench.enqueue()
    await worker.run_due()
    await bench.clock.advance(3600)
    await worker.run_due()
    assert await bench.effects() == 2
    bench.clock.set_back(3 * 3600)
    assert await worker.run_due() == 0
    await worker.store_recurring()
    await bench.clock.advance(3 * 3600)
    assert await worker.run_due() == 0  # that hour has had its turn
    await bench.clock.advance(3600)
    assert await worker.run_due() == 1


async def test_a_recurring_job_keeps_its_turn_over_restarts_and_catches_up_once(
    bench: Bench,
) -> None:
    rhythm = RecurringJob("effect", "0 3 * * *", "Europe/Berlin")
    worker = bench.worker(EFFECT)
    for _ in range(2):
        worker = bench.worker(EFFECT)
        worker.recur(rhythm)
        await worker.store_recurring()
    [stored] = await bench.db.read(list_jobs, state="waiting")
    due = datetime.fromtimestamp(stored.run_at_ms / 1000, UTC)
    assert due == datetime(2026, 3, 2, 2, tzinfo=UTC)  # 03:00 in Berlin in winter
    await bench.clock.advance(5 * 24 * 3600)
    assert await worker.run_due() == 1
    [stored] = await bench.db.read(list_jobs, state="waiting")
    assert stored.run_at_ms > bench.clock.now_ms()


async def test_a_failing_recurring_job_goes_on_at_its_next_turn(bench: Bench) -> None:
    def broken(_conn: Connection, _job: Job) -> None:
        raise RuntimeError("broken")

    worker = bench.worker(JobHandler("effect", handle=broken, max_attempts=1))
    worker.recur(RecurringJob("effect", "0 * * * *"))
    await worker.store_recurring()
    await bench.clock.advance(3600)
    await worker.run_due()
    [stored] = await bench.db.read(list_jobs, state="waiting")
    assert stored.last_error == "RuntimeError: broken"
    assert stored.run_at_ms > bench.clock.now_ms()


def test_three_in_the_morning_survives_the_change_to_summer_time() -> None:
    before = datetime(2026, 3, 28, 12, tzinfo=UTC)
    first_ms = job_store.next_occurrence_ms(
        "30 3 * * *", "Europe/Berlin", round(before.timestamp() * 1000)
    )
    # On 29 March clocks go from 02:00 to 03:00, so 03:30 is 01:30 UTC.
    assert datetime.fromtimestamp(first_ms / 1000, UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "timezone"),
    [("nonsense", "UTC"), ("0 3 * * *", "Mars/Olympus"), ("61 * * * *", "UTC")],
)
def test_a_rhythm_that_cannot_be_read_is_refused(cron: str, timezone: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        job_store.next_occurrence_ms(cron, timezone, 0)


async def test_done_jobs_are_forgotten_after_a_month(bench: Bench) -> None:
    worker = bench.worker(EFFECT)
    await bench.enqueue(key="old")
    await worker.run_due()
    assert await bench.db.write(job_store.prune, bench.clock.now_ms()) == 0
    await bench.clock.advance(31 * 24 * 3600)
    assert await bench.db.write(job_store.prune, bench.clock.now_ms()) == 1


async def test_a_running_worker_forgets_old_jobs_by_itself(bench: Bench) -> None:
    worker = bench.worker(EFFECT)
    await bench.enqueue(key="old")
    await worker.run_due()
    await bench.clock.advance(31 * 24 * 3600)
    await worker.start()
    jobs = select(func.count()).select_from(JOBS)
    async with asyncio.timeout(20):
        while await bench.db.read(lambda conn: conn.execute(jobs).scalar_one()):
            await bench.clock.advance(30)
    await worker.stop()


async def test_stopping_gives_a_late_job_back_for_the_next_start(
    bench: Bench,
) -> None:
    working = asyncio.Event()

    async def forever(job: Job) -> None:
        del job
        working.set()
        await asyncio.Event().wait()

    worker = bench.worker(JobHandler("effect", run=forever))
    await worker.start()
    await bench.enqueue()
    await asyncio.wait_for(working.wait(), 10)
    await worker.stop(0.01)
    assert await bench.worker(EFFECT, holder="next").run_due() == 1
    attempts = await bench.db.read(
        lambda conn: conn.execute(text("SELECT attempts FROM jobs")).scalar_one()
    )
    assert attempts == 1
