"""discord.py's own VoiceClient, in a process of its own, trusting the CA by SSL_CERT_FILE."""

import asyncio
import os
import sys
from pathlib import Path

from tests.sandbox.voice.speaking_bot import PACKETS

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.voice.rtp import SILENCE_FRAME
from discord_sandbox.world.models import Channel

PROGRAM = Path(__file__).with_name("speaking_bot.py")


async def test_the_packets_it_plays_arrive_byte_identical(
    sandbox: Sandbox, seeded: Seeded, music: Channel
) -> None:
    with sandbox.voice.listen(music.id) as tap:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(PROGRAM),
            f"{sandbox.url}/api/v10",
            sandbox.gateway.url,
            seeded.application.token,
            str(seeded.guild.id),
            str(music.id),
            env={
                **os.environ,
                "SSL_CERT_FILE": str(sandbox.voice.ca_file),
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            stderr=asyncio.subprocess.PIPE,
        )
        _out, errors = await asyncio.wait_for(process.communicate(), 40)
        assert process.returncode == 0, errors.decode()
        frames = tap.take()
    heard = [frame for frame in frames if frame.opus != SILENCE_FRAME]
    assert [frame.opus for frame in heard] == PACKETS
    numbers = [frame.sequence for frame in frames]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    stamps = [frame.timestamp for frame in heard]
    assert stamps == list(range(stamps[0], stamps[0] + 960 * len(stamps), 960))
    assert seeded.application.bot.id not in seeded.guild.voice_states
