"""A stop in order: what is in hand is finished before anything it needs is closed."""

import asyncio
from pathlib import Path

import discord

from discord_sandbox.driver import Guild
from discord_sandbox.server import Sandbox
from seraphim.app.lifecycle import running
from seraphim.kernel.config import load_config
from seraphim.kernel.feature import Feature
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


async def test_a_command_in_hand_is_finished_before_its_feature_stops(
    sandbox: Sandbox, guild: Guild, tmp_path: Path
) -> None:
    assert sandbox.seeded is not None
    config = load_config(
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
    alice, patient = await guild.member("alice"), Patient()
    async with asyncio.timeout(WAIT_SECONDS), running(config, more=[patient.build]) as bot:
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
