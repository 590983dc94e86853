"""A local Discord with a voice channel for each of many players, in a process of its own."""

import asyncio
import contextlib
import json
import os
import ssl
import sys
import tempfile
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from discord_sandbox.gateway import connection as gateway_connection
from discord_sandbox.server import Sandbox
from discord_sandbox.world.constants import ChannelType
from seraphim.kernel.ids import ChannelId, GuildId

ROOT = Path(__file__).parents[2]
JOINS_AT_ONCE = 8
START_SECONDS = 120
CHILD_ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT / "benchmarks"))),
}


async def serve(players: int) -> None:
    """Run a sandbox with a guild per player; answer one JSON line for each line on stdin."""
    # Discord takes 120 commands a minute from a client, and joining is one: a real bot joins its
    # hundreds of channels over some minutes, which nobody wants to wait for here.
    gateway_connection.COMMANDS_PER_WINDOW = 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox(data_dir=Path(folder)) as sandbox:
            seeded = sandbox.seeded
            assert seeded is not None  # noqa: S101  # the seed is on by default
            world, bot = sandbox.world, seeded.application.bot
            rooms: list[tuple[int, int]] = []
            for number in range(players):
                guild = world.create_guild(f"Guild {number}", seeded.people["ada"])
                world.add_member(guild, bot)
                channel = world.create_channel(guild, "Music", ChannelType.GUILD_VOICE)
                rooms.append((guild.id, channel.id))
            _say(
                url=sandbox.url,
                gateway=sandbox.gateway.url,
                ca_file=str(sandbox.voice.ca_file),
                token=seeded.application.token,
                rooms=rooms,
            )
            lines = asyncio.StreamReader()
            await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(lines), sys.stdin
            )
            while line := (await lines.readline()).decode().split():
                channel_id = int(line[1])
                with sandbox.voice.listen(channel_id) as tap:
                    _say(listening=channel_id)
                    while (frame := await tap.get()).silent:
                        pass
                    _say(received_ns=frame.received_ns)


def _say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


class Rooms:
    """What the other process has told: where it is, and its guilds with their channels."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.facts = facts
        self.rooms = [
            (GuildId(guild_id), ChannelId(channel_id)) for guild_id, channel_id in facts["rooms"]
        ]


class Hall(Rooms):
    """The other process, and the conversation with it."""

    def __init__(self, process: asyncio.subprocess.Process, facts: dict[str, Any]) -> None:
        super().__init__(facts)
        self._process = process

    async def first_packet_at(
        self, channel_id: ChannelId, play: Callable[[], Awaitable[None]]
    ) -> int:
        """Start a song and return when its first packet arrived (monotonic nanoseconds)."""
        await self._ask(f"hear {channel_id}")
        await play()
        return int((await self._line())["received_ns"])

    async def _ask(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None  # noqa: S101  # it was made with pipes
        self._process.stdin.write(line.encode() + b"\n")
        return await self._line()

    async def _line(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101  # it was made with pipes
        async with asyncio.timeout(60):
            return json.loads(await self._process.stdout.readline())


@contextlib.asynccontextmanager
async def open_hall(players: int) -> AsyncGenerator[Hall]:
    """Start the local Discord; it ends with the context."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        str(players),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
        env=CHILD_ENVIRONMENT,
    )
    try:
        assert process.stdout is not None  # noqa: S101  # it was made with pipes
        async with asyncio.timeout(START_SECONDS):
            facts = json.loads(await process.stdout.readline())
        yield Hall(process, facts)
    finally:
        process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def connected_client(hall: Rooms) -> AsyncGenerator[discord.Client]:
    """Log a client in to the local Discord."""
    Route.BASE = f"{hall.facts['url']}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(hall.facts["gateway"])
    trust = ssl.create_default_context(cafile=hall.facts["ca_file"])
    client = discord.Client(
        intents=discord.Intents(guilds=True, voice_states=True),
        connector=aiohttp.TCPConnector(ssl=trust, limit=0),
        max_messages=None,
    )
    await client.login(hall.facts["token"])
    ready = asyncio.ensure_future(client.wait_for("ready", timeout=START_SECONDS))
    running = asyncio.create_task(client.connect())
    await ready
    # The library's half of the limit that serve() lifts.
    limiter = client.ws._rate_limiter  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # no public way to lift it
    limiter.max = limiter.remaining = 1_000_000
    yield client
    await client.close()
    await running


async def in_parts(jobs: Iterable[Awaitable[object]]) -> None:
    """Await many things, a few at a time."""
    gate = asyncio.Semaphore(JOINS_AT_ONCE)

    async def run(job: Awaitable[object]) -> None:
        async with gate:
            await job

    await asyncio.gather(*(run(job) for job in jobs))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(int(sys.argv[1])))
