"""The processes yt-dlp runs in: bounded in time, memory and number, and gone with the bot."""

import asyncio
import os
from pathlib import Path

import pytest
from tests.adapters.ytdlp.conftest import PLAN
from tests.support.services.ytdlp_site import VideoSite

from seraphim.adapters.ytdlp.messages import Answer, Ask, Step
from seraphim.adapters.ytdlp.pool import IDLE_SECONDS, MAX_WAITING, WorkerPool
from seraphim.adapters.ytdlp.process import Worker, WorkerGone, WorkerPlan
from seraphim.features.music.ports import SourceFailed
from seraphim.kernel.clock import ManualClock


def nothing(_: Step) -> None:
    """Take a step that no test looks at."""


async def ask(pool: WorkerPool, page: str, seconds: float = 60) -> Answer:
    return await pool.ask(Ask("find", page), site="Stand-in", seconds=seconds, tell=nothing)


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(10):
        while Path(f"/proc/{pid}").exists():
            await asyncio.sleep(0.01)


async def until_asked(site: VideoSite, path: str) -> None:
    async with asyncio.timeout(20):
        while path not in site.seen:
            await asyncio.sleep(0.01)


def only_pid(pool: WorkerPool) -> int:
    (worker,) = pool.workers
    assert worker.pid is not None
    return worker.pid


async def test_one_process_serves_many(site: VideoSite, pool: WorkerPool) -> None:
    await ask(pool, site.add("a"))
    first = only_pid(pool)
    await ask(pool, site.add("b"))
    assert only_pid(pool) == first


async def test_a_page_that_hangs_is_given_up_and_its_process_killed(
    site: VideoSite, pool: WorkerPool
) -> None:
    await ask(pool, site.add("quick"))
    pid = only_pid(pool)

    with pytest.raises(SourceFailed, match="did not answer in time") as failed:
        await ask(pool, site.add("slow", trouble="hang"), seconds=0.5)

    assert failed.value.failure == "network"
    await until_gone(pid)
    assert (await ask(pool, site.watch("quick"))).items, "the next one gets a new process"


async def test_who_gives_up_waiting_ends_the_work(site: VideoSite, pool: WorkerPool) -> None:
    task = asyncio.create_task(ask(pool, site.add("slow", trouble="hang")))
    await until_asked(site, "/api/slow")
    pid = only_pid(pool)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    await until_gone(pid)


async def test_memory_is_bounded(site: VideoSite, pool: WorkerPool) -> None:
    with pytest.raises(SourceFailed, match="more than this bot may use"):
        await ask(pool, site.add("fat", trouble="greedy"))
    assert (await ask(pool, site.add("thin"))).items


async def test_a_process_that_has_grown_is_replaced(site: VideoSite, clock: ManualClock) -> None:
    plan = WorkerPlan(memory_megabytes=64, allow=PLAN.allow, more_paths=PLAN.more_paths)
    pool = WorkerPool(plan, clock, processes=1)
    await ask(pool, site.add("song"))
    assert pool.workers == (), "yt-dlp alone takes more than half of so little"
    await pool.close()


async def test_it_ends_with_the_bot_in_the_middle_of_work(site: VideoSite) -> None:
    worker = Worker(PLAN)
    page = site.add("slow", trouble="hang")
    task = asyncio.create_task(worker.ask(Ask("find", page), seconds=60, tell=nothing))
    await until_asked(site, "/api/slow")
    pid = worker.pid
    assert pid is not None

    await worker.close()  # closes the input, as the end of the bot would

    with pytest.raises(WorkerGone):
        await task
    await until_gone(pid)


async def test_only_so_many_run_and_wait(site: VideoSite, pool: WorkerPool) -> None:
    page = site.add("slow", trouble="hang")
    waiting = [asyncio.create_task(ask(pool, page)) for _ in range(MAX_WAITING + 1)]
    await until_asked(site, "/api/slow")
    assert len(pool.workers) == 1
    with pytest.raises(SourceFailed, match="Too many people ask"):
        await ask(pool, page)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_idle_processes_end(site: VideoSite, pool: WorkerPool, clock: ManualClock) -> None:
    await ask(pool, site.add("song"))
    pid = only_pid(pool)
    await clock.advance(IDLE_SECONDS)
    await until_gone(pid)
    assert pool.workers == ()


async def test_the_bots_secrets_stay_outside(
    site: VideoSite, pool: WorkerPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very secret")
    await ask(pool, site.add("song"))
    given = await asyncio.to_thread(Path(f"/proc/{only_pid(pool)}/environ").read_bytes)
    assert b"PYTHONPATH=" in given
    assert b"secret" not in given


async def test_private_networks_are_out_of_reach(site: VideoSite, clock: ManualClock) -> None:
    pool = WorkerPool(WorkerPlan(more_paths=PLAN.more_paths), clock, processes=1)
    said = await ask(pool, site.add("song"))
    assert (said.failure, said.items) == ("refused", [])
    assert site.seen == []
    await pool.close()


async def test_no_program_is_started(site: VideoSite, pool: WorkerPool, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    said = await ask(pool, site.add("song", trouble="program", mark=str(mark)))
    assert said.failure is not None
    assert not await asyncio.to_thread(os.path.exists, mark)
