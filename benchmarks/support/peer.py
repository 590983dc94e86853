"""discord.py's own player in many rooms, in a process that can be ended when it takes too long.

Each of its voice connections starts three threads. With some hundred of them the event loop hardly
gets its turn any more, so that joining, measuring and leaving may take minutes, and a deadline
inside the same process is as late as everything else.
"""

import asyncio
import contextlib
import json
import logging
import os
import statistics
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

import av
import discord

from seraphim.kernel.ids import ChannelId
from support.players import OPUS, SETTLE_SECONDS, Meter, Result
from support.voice_hall import CHILD_ENVIRONMENT, Hall, Rooms, connected_client, in_parts

_TO_THE_END = 1 << 24


class OpusFile(discord.AudioSource):
    """The same file for discord.py's player, which reads in its own thread."""

    def __init__(self, path: Path) -> None:
        self._container = av.open(str(path))
        self._packets = self._container.demux(audio=0)

    def read(self) -> bytes:
        """Return the next packet."""
        return bytes(next(self._packets))

    def is_opus(self) -> bool:
        """Say that nothing needs to be encoded."""
        return True


class MeteredVoiceClient(discord.VoiceClient):
    """discord.py's client, noting when each packet is handed over."""

    def __init__(self, client: discord.Client, channel: discord.abc.Connectable) -> None:
        super().__init__(client, channel)
        self.sent_at: list[float] = []

    def send_audio_packet(self, data: bytes, *, encode: bool = True) -> None:
        """Send as the library does, then look at the clock."""
        super().send_audio_packet(data, encode=encode)
        self.sent_at.append(time.monotonic())


async def measure_peer(hall: Hall, players: int, seconds: float, limit: float) -> Result | None:
    """Measure discord.py alone in ``players`` rooms; None when ``limit`` seconds were too few."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        str(players),
        str(seconds),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=_TO_THE_END,
        env=CHILD_ENVIRONMENT,
    )
    try:
        async with asyncio.timeout(limit):
            answer, _ = await process.communicate(json.dumps(hall.facts).encode())
    except TimeoutError:
        return None
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    lines = answer.decode().splitlines()
    return Result(**json.loads(lines[-1])) if lines else None


async def _serve(facts: Rooms, players: int, seconds: float) -> None:
    async with connected_client(facts) as client:
        result = await _run(client, facts, players, seconds)
        print(json.dumps(asdict(result)), flush=True)
        # Leaving takes longer than joining, and nobody waits for it.
        os._exit(0)


async def _run(client: discord.Client, facts: Rooms, players: int, seconds: float) -> Result:
    voices: list[MeteredVoiceClient] = []
    base_mb = Meter().resident_mb

    async def join(channel_id: ChannelId) -> None:
        channel = client.get_channel(channel_id)
        assert isinstance(channel, discord.VoiceChannel)  # noqa: S101  # it was made as one
        voices.append(await channel.connect(cls=MeteredVoiceClient, timeout=60, self_deaf=True))

    await in_parts(join(channel_id) for _, channel_id in facts.rooms[:players])
    for voice in voices:
        voice.play(OpusFile(OPUS), after=lambda _: None)
        await asyncio.sleep(0.004)
    await asyncio.sleep(SETTLE_SECONDS)
    meter, begin = Meter(), time.monotonic()
    await asyncio.sleep(seconds)
    core_percent, end = meter.core_percent(), time.monotonic()
    late: list[float] = []
    for voice in voices:
        # discord.py has no grid of its own; each player's is laid through its quickest packet.
        offsets = [at - 0.02 * index for index, at in enumerate(tuple(voice.sent_at))]
        measured = [
            offset for offset, at in zip(offsets, voice.sent_at, strict=False) if begin <= at <= end
        ]
        if measured:
            late += [(offset - min(measured)) * 1000 for offset in measured]
    return Result(
        players,
        statistics.quantiles(late, n=100)[98],
        sum(1 for value in late if value > 20),
        core_percent,
        statistics.median(late),
        (meter.resident_mb - base_mb) / players,
        threading.active_count(),
    )


if __name__ == "__main__":
    logging.getLogger("discord").setLevel(logging.CRITICAL)
    with contextlib.suppress(KeyboardInterrupt):
        told = Rooms(json.loads(sys.stdin.read()))
        asyncio.run(_serve(told, int(sys.argv[1]), float(sys.argv[2])))
