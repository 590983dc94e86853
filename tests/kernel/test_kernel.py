"""The kernel as a whole: opens on both engines, closes cleanly, refuses in whole sentences."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection
from tests.support.servers import child_environment

from seraphim.kernel.bus import InProcessBus
from seraphim.kernel.clock import SystemClock
from seraphim.kernel.config import Config, load_config
from seraphim.kernel.db import DatabaseClosed, DatabaseCorrupt
from seraphim.kernel.errors import Unavailable
from seraphim.kernel.events import Event, Listener, publish
from seraphim.kernel.instance import InstanceGuard, SecondInstance
from seraphim.kernel.jobs import Job, JobHandler, enqueue
from seraphim.kernel.kernel import open_kernel
from seraphim.kernel.redis_bus import RedisBus


class Opened(Event, frozen=True, tag="test.opened"):
    number: int


def config_for(tmp_path: Path, **variables: str) -> Config:
    return load_config({"SERAPHIM_DATA_DIR": str(tmp_path / "data"), **variables}, None)


async def test_a_job_and_an_event_travel_through_an_opened_kernel(
    empty_database_url: str, tmp_path: Path
) -> None:
    kernel = await open_kernel(config_for(tmp_path, SERAPHIM_DATABASE_URL=empty_database_url))
    arrived: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def hear(event: Opened) -> None:
        if not arrived.done():
            arrived.set_result(event.number)

    kernel.outbox.subscribe(Listener(Opened, hear))
    kernel.jobs.handle(JobHandler("announce", handle=_announce))
    await kernel.start()
    clock = SystemClock()
    await kernel.db.write(
        enqueue, "announce", {"number": 7}, run_at_ms=clock.now_ms(), ids=kernel.ids, clock=clock
    )
    assert await asyncio.wait_for(arrived, 20) == 7
    await kernel.close()
    await kernel.close()
    with pytest.raises(DatabaseClosed):
        await kernel.db.ping()


def _announce(conn: Connection, job: Job) -> None:
    publish(conn, Opened(number=int(str(job.payload["number"]))), SystemClock())


async def test_a_second_start_on_the_same_data_is_refused_and_the_first_goes_on(
    tmp_path: Path,
) -> None:
    first = await open_kernel(config_for(tmp_path))
    with pytest.raises(SecondInstance, match="already running"):
        await open_kernel(config_for(tmp_path))
    await first.db.ping()
    await first.close()
    second = await open_kernel(config_for(tmp_path))
    await second.close()


async def test_a_start_that_fails_leaves_nothing_held(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "seraphim.db").write_bytes(b"not a database, but long enough" * 50)
    with pytest.raises(DatabaseCorrupt):
        await open_kernel(config_for(tmp_path))
    guard = InstanceGuard(tmp_path / "data")
    guard.acquire()
    guard.release()


async def test_a_redis_that_is_away_is_said_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="Redis"):
        await open_kernel(config_for(tmp_path, SERAPHIM_REDIS_URL="redis://127.0.0.1:1/0"))


async def test_the_bus_follows_the_settings(tmp_path: Path, redis_url: str) -> None:
    alone = await open_kernel(config_for(tmp_path))
    assert isinstance(alone.bus, InProcessBus)
    await alone.close()
    among_many = await open_kernel(config_for(tmp_path, SERAPHIM_REDIS_URL=redis_url))
    assert isinstance(among_many.bus, RedisBus)
    await among_many.close()


async def test_the_kernel_loads_no_discord_no_web_and_no_unused_engine(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from seraphim.kernel.config import load_config\n"
        "from seraphim.kernel.kernel import open_kernel\n"
        "async def main():\n"
        f"    config = load_config({{'SERAPHIM_DATA_DIR': {str(tmp_path)!r}}}, None)\n"
        "    kernel = await open_kernel(config)\n"
        "    await kernel.close()\n"
        "asyncio.run(main())\n"
        "others = {'discord', 'litestar', 'aiohttp', 'asyncpg', 'redis', 'babel'}\n"
        "print(*sorted(others & set(sys.modules)))\n"
    )
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env=child_environment(),
    )
    assert (done.stdout, done.stderr) == ("\n", "")
