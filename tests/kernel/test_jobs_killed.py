"""A process is killed in the middle of a job: the next one does it, as soon as it may."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.support.servers import child_environment

from seraphim.kernel.clock import ManualClock, SystemClock
from seraphim.kernel.config import load_config
from seraphim.kernel.job_worker import CLAIM_SECONDS
from seraphim.kernel.jobs import Job, JobHandler, enqueue
from seraphim.kernel.kernel import open_kernel

WAIT_SECONDS = 30
CHILD = """
import asyncio, sys
from seraphim.kernel.config import load_config
from seraphim.kernel.jobs import JobHandler
from seraphim.kernel.kernel import open_kernel

async def hang(job):
    print("working", flush=True)
    await asyncio.Event().wait()

async def main():
    kernel = await open_kernel(load_config(
        {"SERAPHIM_DATA_DIR": sys.argv[1], "SERAPHIM_DATABASE_URL": sys.argv[2]}, None
    ))
    kernel.jobs.handle(JobHandler("chore", run=hang))
    await kernel.start()
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_job_of_a_killed_process_is_done_by_the_next(
    database_url: str, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    clock = ManualClock(datetime.fromtimestamp(SystemClock().now_ms() / 1000, UTC))
    config = load_config(
        {"SERAPHIM_DATA_DIR": str(data), "SERAPHIM_DATABASE_URL": database_url}, None
    )
    embedded = database_url.startswith("sqlite")
    kernel = await open_kernel(config, clock=clock)
    await kernel.db.write(
        enqueue, "chore", {}, run_at_ms=clock.now_ms(), ids=kernel.ids, clock=clock
    )
    await kernel.close()

    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", CHILD, str(data), database_url),
        stdout=asyncio.subprocess.PIPE,
        env=child_environment(),
    )
    assert child.stdout is not None
    async with asyncio.timeout(WAIT_SECONDS):
        assert await child.stdout.readline() == b"working\n"
    child.kill()
    await child.wait()

    done = asyncio.Event()

    async def chore(job: Job) -> None:
        assert job.attempt == 2
        done.set()

    # The dead process claimed by the system's clock, which has gone on a little.
    clock = ManualClock(datetime.fromtimestamp(SystemClock().now_ms() / 1000, UTC))
    kernel = await open_kernel(config, clock=clock)
    kernel.jobs.handle(JobHandler("chore", run=chore))
    if embedded:  # nobody else can be at work on this folder: it is taken back at once
        await kernel.start()
    else:
        assert await kernel.jobs.run_due() == 0
        await clock.advance(CLAIM_SECONDS)
        await kernel.start()
    async with asyncio.timeout(WAIT_SECONDS):
        await done.wait()
    await kernel.close()
