"""discord.py's own VoiceClient, in a process of its own, trusting the CA by SSL_CERT_FILE."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from tests.sandbox.voice.speaking_bot import PACKETS

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.voice.rtp import SILENCE_FRAME
from discord_sandbox.voice.taps import VoiceTap
from discord_sandbox.world.models import Channel

PROGRAM = Path(__file__).with_name("speaking_bot.py")
WAIT_SECONDS = 40


@contextlib.asynccontextmanager
async def speaking(
    sandbox: Sandbox, channel: Channel, length: str
) -> AsyncGenerator[asyncio.subprocess.Process]:
    """The speaking bot; killed at the end if it still runs."""
    assert sandbox.seeded is not None
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(PROGRAM),
        f"{sandbox.url}/api/v10",
        sandbox.gateway.url,
        sandbox.seeded.application.token,
        str(channel.guild_id),
        str(channel.id),
        length,
        env={
            **os.environ,
            "SSL_CERT_FILE": str(sandbox.voice.ca_file),
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


async def test_the_packets_it_plays_arrive_byte_identical(
    sandbox: Sandbox, seeded: Seeded, music: Channel
) -> None:
    with sandbox.voice.listen(music.id) as tap:
        async with speaking(sandbox, music, "once") as process:
            _out, errors = await asyncio.wait_for(process.communicate(), WAIT_SECONDS)
            assert process.returncode == 0, errors.decode()
        frames = tap.take()
    heard = [frame for frame in frames if frame.opus != SILENCE_FRAME]
    assert [frame.opus for frame in heard] == PACKETS
    numbers = [frame.sequence for frame in frames]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    stamps = [frame.timestamp for frame in heard]
    assert stamps == list(range(stamps[0], stamps[0] + 960 * len(stamps), 960))
    assert seeded.application.bot.id not in seeded.guild.voice_states


async def heard_from(tap: VoiceTap, sandbox: Sandbox, seeded: Seeded, *, other_than: str) -> str:
    """Wait for a frame through another pass than this one; returns that pass's token."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            await tap.get()
            peer = sandbox.voice.find_peer(seeded.guild.id, seeded.application.bot.id)
            if peer is not None and peer.counts.heard and peer.grant.token != other_than:
                return peer.grant.token


@pytest.mark.parametrize("fault", ["move", "cut"])
async def test_it_comes_back_after_its_voice_server_has_gone(
    sandbox: Sandbox, seeded: Seeded, music: Channel, fault: str
) -> None:
    with sandbox.voice.listen(music.id) as tap:
        async with speaking(sandbox, music, "forever"):
            first = await heard_from(tap, sandbox, seeded, other_than="")
            if fault == "move":
                await sandbox.faults.move_voice(seeded.guild.id)
            else:
                await sandbox.faults.kill_voice(code=None)
            await heard_from(tap, sandbox, seeded, other_than=first)
    assert seeded.guild.voice_states[seeded.application.bot.id].channel_id == music.id
