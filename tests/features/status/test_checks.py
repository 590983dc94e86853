"""What the kernel's figures mean for health."""

import asyncio
from pathlib import Path

import pytest

from seraphim.features.status.checks import (
    SAMPLE_SECONDS,
    SAMPLES,
    LoopLag,
    events_check,
    jobs_check,
    redis_check,
)
from seraphim.features.status.feature import build, house_checks
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.config import load_config
from seraphim.kernel.db import Database
from seraphim.kernel.errors import Unavailable
from seraphim.kernel.events import Event, Listener, publish
from seraphim.kernel.feature import HealthState
from seraphim.kernel.job_worker import JobWorker
from seraphim.kernel.jobs import Job, JobHandler, enqueue
from seraphim.kernel.kernel import open_kernel
from seraphim.kernel.outbox import Outbox
from seraphim.kernel.system_ids import SystemIds
from seraphim.kernel.telemetry import Metrics
from seraphim.surfaces.discord.link import DiscordLink


class Happened(Event, frozen=True, tag="checks.happened"):
    """Something."""


async def test_jobs_are_degraded_once_one_is_a_minute_late(database: Database) -> None:
    clock, ids = ManualClock(), SystemIds()
    jobs = JobWorker(database, clock, ids, Metrics(), "me")
    check = jobs_check(jobs).check
    await database.write(enqueue, "work", {}, run_at_ms=clock.now_ms(), ids=ids, clock=clock)
    await clock.advance(59)
    report = await check()
    assert (report.state, report.figures["waiting"]) == ("healthy", 1)
    await clock.advance(2)
    report = await check()
    assert (report.state, report.detail) == ("degraded", "a job is 61 s late")
    assert report.figures["late_seconds"] == 61


async def test_a_job_that_was_given_up_is_told(database: Database) -> None:
    clock, ids = ManualClock(), SystemIds()
    jobs = JobWorker(database, clock, ids, Metrics(), "me")

    async def refuse(_: Job) -> None:
        raise ConnectionError

    jobs.handle(JobHandler("work", run=refuse, max_attempts=1))
    await database.write(enqueue, "work", {}, run_at_ms=clock.now_ms(), ids=ids, clock=clock)
    await jobs.run_due()
    report = await jobs_check(jobs).check()
    assert (report.state, report.detail) == ("degraded", "jobs given up: 1")


async def test_events_are_degraded_once_one_waits_a_minute(database: Database) -> None:
    clock = ManualClock()
    outbox = Outbox(database, clock, Metrics())
    check = events_check(outbox, clock).check
    assert (await check()).state == "healthy"
    await database.write(publish, Happened(), clock)
    await clock.advance(59)
    assert (await check()).state == "healthy"
    await clock.advance(2)
    report = await check()
    assert (report.state, report.detail) == ("degraded", "events waiting: 1, the oldest for 61 s")
    await outbox.deliver_pending()
    assert (await check()).figures["waiting"] == 0


async def test_an_event_that_was_given_up_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seraphim.kernel.outbox.MAX_ATTEMPTS", 1)
    clock = ManualClock()
    outbox = Outbox(database, clock, Metrics())

    async def refuse(_: Event) -> None:
        raise ConnectionError

    outbox.subscribe(Listener(Happened, refuse))
    await database.write(publish, Happened(), clock)
    await outbox.deliver_pending()
    report = await events_check(outbox, clock).check()
    assert (report.state, report.detail) == ("degraded", "events given up: 1")


class Sluggish(ManualClock):
    """Wakes its sleepers late by ``late_seconds``."""

    late_seconds = 0.0

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds + self.late_seconds)


@pytest.mark.parametrize(("late", "state"), [(0.05, "healthy"), (0.4, "degraded")])
async def test_a_loop_that_wakes_late_is_degraded_for_a_minute(
    late: float, state: HealthState
) -> None:
    clock, metrics = Sluggish(), Metrics()
    lag = LoopLag(clock, metrics)
    clock.late_seconds = late
    lag.start()
    await clock.advance(SAMPLE_SECONDS + late)
    clock.late_seconds = 0.0
    await clock.advance(SAMPLE_SECONDS * 3)
    report = await lag.check().check()
    assert report.state == state
    assert report.figures["worst_ms"] == pytest.approx(late * 1000, abs=1)
    shown = metrics.registry.get_sample_value("seraphim_event_loop_lag_seconds")
    assert shown == pytest.approx(late)
    await clock.advance(SAMPLE_SECONDS * (SAMPLES + 1))
    assert (await lag.check().check()).state == "healthy"
    await lag.stop()


async def test_redis_away_is_degraded() -> None:
    async def fine() -> None: ...

    async def away() -> None:
        raise Unavailable(what="Redis")

    assert (await redis_check(fine).check()).state == "healthy"
    report = await redis_check(away).check()
    assert report.state == "degraded"
    assert "Redis is not available" in report.detail


@pytest.mark.parametrize("with_redis", [False, True])
async def test_the_house_is_asked_for_all_of_it(
    tmp_path: Path, redis_url: str, *, with_redis: bool
) -> None:
    environ = {"SERAPHIM_DATA_DIR": str(tmp_path)}
    if with_redis:
        environ["SERAPHIM_REDIS_URL"] = redis_url
    kernel = await open_kernel(load_config(environ, None))
    try:
        checks = house_checks(kernel, DiscordLink(), LoopLag(kernel.clock, kernel.metrics))
        reports = {check.name: await check.check() for check in checks}
    finally:
        await kernel.close()
    parts = {"discord", "database", "jobs", "events", "event_loop", "disk", "memory"}
    assert set(reports) == parts | ({"redis"} if with_redis else set())
    assert reports["jobs"].state == reports["events"].state == "healthy"


async def test_the_feature_measures_the_loop_while_it_runs(tmp_path: Path) -> None:
    kernel = await open_kernel(load_config({"SERAPHIM_DATA_DIR": str(tmp_path)}, None))
    feature = build(kernel, DiscordLink(), list)
    assert feature.start is not None
    assert feature.stop is not None
    await feature.start()
    running = {task.get_name() for task in asyncio.all_tasks()}
    await feature.stop()
    left = {task.get_name() for task in asyncio.all_tasks()}
    await kernel.close()
    assert "event loop lag" in running - left
    assert b"seraphim_event_loop_lag_seconds" in kernel.metrics.render()[0]
