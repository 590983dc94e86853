"""A stop in order: what is in hand is finished before anything it needs is closed."""

import asyncio
from pathlib import Path

import discord

from discord_sandbox.driver import Guild
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import running
from seraphim.kernel.clock import SystemClock
from seraphim.kernel.config import Config, load_config
from seraphim.kernel.events import Event, Listener, publish
from seraphim.kernel.feature import Feature
from seraphim.kernel.jobs import Finish, Job, JobHandler, enqueue, list_jobs
from seraphim.kernel.kernel import Kernel
from seraphim.surfaces.discord.commands import slash
from seraphim.surfaces.discord.replies import reply

WAIT_SECONDS = 20


class Patient:
    """A feature with a command that takes its time, and a note of what happened in which order."""

    def __init__(self) -> None:
        self.order: list[str] = []
        self.began = asyncio.Event()
        self.release = asyncio.Event()

    def build(self, _: Kernel) -> Feature:
        """Return the manifest."""

        @slash("patient", "Take some time.")
        async def patient(interaction: discord.Interaction) -> None:
            self.began.set()
            await self.release.wait()
            await reply(interaction, content="Done at last.")
            self.order.append("answered")

        async def stop() -> None:
            self.order.append("feature stopped")

        return Feature("patient", "Takes its time.", commands=(patient,), stop=stop)


class Errand:
    """A feature with a job that takes its time, and what it found when it could go on."""

    def __init__(self) -> None:
        self.began, self.release = asyncio.Event(), asyncio.Event()
        self.order: list[str] = []
        self.client: discord.Client | None = None

    def build(self, _: Kernel) -> Feature:
        """Return the manifest."""

        async def run(job: Job) -> Finish:
            self.began.set()
            await self.release.wait()
            assert self.client is not None
            self.order.append("Discord is gone" if self.client.is_closed() else "job ended")
            return lambda conn: publish(conn, ErrandDone(job_id=job.id), SystemClock())

        async def heard(event: ErrandDone) -> None:
            del event
            assert self.client is not None
            self.order.append("Discord is gone" if self.client.is_closed() else "told")

        async def stop() -> None:
            self.order.append("feature stopped")

        return Feature(
            "errand",
            "Runs an errand.",
            jobs=(JobHandler("errand", run=run),),
            listeners=(Listener(ErrandDone, heard, "errand.done"),),
            stop=stop,
        )


class ErrandDone(Event, frozen=True, tag="test.errand_done"):
    """The errand is done."""

    job_id: str


def _config(sandbox: Sandbox, tmp_path: Path) -> Config:
    assert sandbox.seeded is not None
    return load_config(
        {
            "DISCORD_TOKEN": sandbox.seeded.application.token,
            "SERAPHIM_DISCORD_API_URL": sandbox.url,
            "SERAPHIM_DISCORD_GATEWAY_URL": sandbox.gateway.url,
            "SERAPHIM_WEB_PORT": "0",
            "SERAPHIM_DATA_DIR": str(tmp_path / "data"),
            "SERAPHIM_LOG_LEVEL": "error",
        },
        None,
    )


async def test_a_command_in_hand_is_finished_before_its_feature_stops(
    sandbox: Sandbox, guild: Guild, tmp_path: Path
) -> None:
    alice, patient = await guild.member("alice"), Patient()
    async with (
        asyncio.timeout(WAIT_SECONDS),
        running(_config(sandbox, tmp_path), more=[patient.build]) as bot,
    ):
        asked = asyncio.create_task(alice.slash("patient"))
        await patient.began.wait()
        stopping = asyncio.create_task(bot.wiring.disconnect())
        refused = await alice.slash("ping")  # it arrives while the bot stops
        assert "restarting" in refused.text
        assert patient.order == []
        patient.release.set()
        await stopping
        assert (await asked).content == "Done at last."
        assert patient.order == ["answered", "feature stopped"]
        assert bot.wiring.client.is_closed()


async def test_a_job_in_hand_is_finished_and_told_before_discord_is_left(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    errand = Errand()
    config = _config(sandbox, tmp_path)
    async with asyncio.timeout(WAIT_SECONDS), running(config, more=[errand.build]) as bot:
        errand.client, kernel = bot.wiring.client, bot.kernel

        async def promise() -> str:
            return await kernel.db.write(
                enqueue, "errand", {}, run_at_ms=0, ids=kernel.ids, clock=kernel.clock
            )

        await promise()
        await errand.began.wait()
        stopping = asyncio.create_task(bot.wiring.disconnect())
        while not kernel.jobs._stopping:
            await asyncio.sleep(0)
        late = await promise()
        errand.release.set()
        await stopping
        assert errand.client.is_closed()
        assert errand.order in (
            ["job ended", "told", "feature stopped"],
            ["job ended", "feature stopped", "told"],
            ["job ended", "feature stopped"],  # left to the next start
        )
        waiting = await kernel.db.read(list_jobs, state="waiting", limit=200)
        [left] = [job for job in waiting if job.kind == "errand"]
        assert (left.id, left.attempts) == (late, 0)
