"""How many players one process paces, and how punctually: through real voice connections.

A local Discord in a process of its own holds one guild per player. Seraphim's embedded voice
joins them all (TLS voice gateway, UDP, AES-GCM), plays Opus untouched, then MP3 transcoded; after
that a bare discord.py bot does the same with its own AudioPlayer, for the ratio. Lateness is that
of a packet behind its moment on the 20 ms grid, measured where it is handed to the network.

    make bench NAME=audio ARGS="--players 100"
"""

import argparse
import asyncio
import contextlib
import json
import logging
import ssl
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import av
import discord
import psutil
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from discord_sandbox.demo_tracks import FOLDER
from discord_sandbox.gateway import connection as gateway_connection
from discord_sandbox.server import Sandbox
from discord_sandbox.world.constants import ChannelType
from seraphim.adapters.voice_embedded import EmbeddedVoice, Tuning
from seraphim.features.music.ports import AudioEvent, Media, PlaybackStarted
from seraphim.kernel.ids import ChannelId, GuildId

OPUS = FOLDER / "hymn.opus"
MP3 = FOLDER / "groove.mp3"
JOINS_AT_ONCE = 8
SETTLE_SECONDS = 1.5
FIRST_PACKET_TRIES = 15


# --- the local Discord, in its own process ----------------------------------------------------


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


class Server:
    """The other process, and the conversation with it."""

    def __init__(self, process: asyncio.subprocess.Process, facts: dict[str, Any]) -> None:
        self._process = process
        self.facts = facts
        self.rooms = [
            (GuildId(guild_id), ChannelId(channel_id)) for guild_id, channel_id in facts["rooms"]
        ]

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
async def server(players: int) -> AsyncGenerator[Server]:
    """Start the local Discord; it ends with the context."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        __file__,
        "--serve",
        str(players),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    try:
        assert process.stdout is not None  # noqa: S101  # it was made with pipes
        async with asyncio.timeout(60):
            facts = json.loads(await process.stdout.readline())
        yield Server(process, facts)
    finally:
        process.terminate()
        await process.wait()


@contextlib.asynccontextmanager
async def connected_client(place: Server) -> AsyncGenerator[discord.Client]:
    """Log a client in to the local Discord."""
    Route.BASE = f"{place.facts['url']}/api/v10"
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(place.facts["gateway"])
    trust = ssl.create_default_context(cafile=place.facts["ca_file"])
    client = discord.Client(
        intents=discord.Intents(guilds=True, voice_states=True),
        connector=aiohttp.TCPConnector(ssl=trust, limit=0),
        max_messages=None,
    )
    await client.login(place.facts["token"])
    ready = asyncio.ensure_future(client.wait_for("ready", timeout=60))
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


# --- measuring --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What one run showed."""

    players: int
    late_p99_ms: float
    underruns: int
    core_percent: float
    late_p50_ms: float
    per_player_mb: float
    threads: int

    def summary(self) -> dict[str, float]:
        """Return the figures that are compared from version to version."""
        return {
            "players": self.players,
            "late_p99_ms": round(self.late_p99_ms, 2),
            "underruns": self.underruns,
            "core_percent": round(self.core_percent, 1),
        }


class Meter:
    """Processor time and memory of this process over a while."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._cpu = time.process_time()
        self._wall = time.monotonic()

    def core_percent(self) -> float:
        """Return the share of one core since the meter was made."""
        return 100 * (time.process_time() - self._cpu) / (time.monotonic() - self._wall)

    @property
    def resident_mb(self) -> float:
        """Return the resident memory."""
        return self._process.memory_info().rss / 1e6

    @property
    def threads(self) -> int:
        """Return how many threads there are."""
        return self._process.num_threads()


class Seraphim:
    """The embedded voice, joined to every room."""

    def __init__(self, client: discord.Client, place: Server) -> None:
        self.voice = EmbeddedVoice(lambda: client, tuning=Tuning(connect_seconds=60))
        self._place = place
        self._started: dict[str, asyncio.Event] = {}
        self.voice.subscribe(self._on_event)

    async def _on_event(self, event: AudioEvent) -> None:
        if isinstance(event, PlaybackStarted):
            self._started[event.playback_id].set()
        else:
            sys.stderr.write(f"unexpected: {event}\n")

    async def join(self) -> None:
        """Join every room."""
        await in_parts(self.voice.connect(*room) for room in self._place.rooms)

    async def first_packet_ms(self, song: Path) -> float:
        """Return the median time from the command to the first packet at the other end."""
        guild_id, channel_id = self._place.rooms[0]
        took: list[float] = []
        for number in range(FIRST_PACKET_TRIES):
            asked = 0

            async def play(number: int = number) -> None:
                nonlocal asked
                asked = time.monotonic_ns()
                await self._play(guild_id, song, f"first-{number}")

            arrived = await self._place.first_packet_at(channel_id, play)
            took.append((arrived - asked) / 1e6)
            await self.voice.stop(guild_id)
            await asyncio.sleep(0.15 + number * 0.007)
        return statistics.median(took)

    async def run(self, song: Path, players: int, seconds: float, base_mb: float) -> Result:
        """Play in ``players`` rooms at once and measure."""
        rooms = self._place.rooms[:players]
        for number, (guild_id, _) in enumerate(rooms):
            await self._play(guild_id, song, f"{song.name}-{number}")
            await asyncio.sleep(0.004)
        async with asyncio.timeout(60):
            for number in range(players):
                await self._started[f"{song.name}-{number}"].wait()
        await asyncio.sleep(SETTLE_SECONDS)
        before = self.voice.figures()
        self.voice.reset_lateness()
        meter = Meter()
        await asyncio.sleep(seconds)
        core_percent = meter.core_percent()
        after = self.voice.figures()
        result = Result(
            players,
            after.late_p99_ms,
            after.underruns - before.underruns,
            core_percent,
            after.extra["late_p50_ms"],
            (meter.resident_mb - base_mb) / players,
            meter.threads,
        )
        sent = (after.packets_sent - before.packets_sent) / players / seconds
        if not 49 < sent < 51:
            sys.stderr.write(f"{song.name}: {sent:.1f} packets a second and player, not 50\n")
        for guild_id, _ in rooms:
            await self.voice.stop(guild_id)
        return result

    async def _play(self, guild_id: GuildId, song: Path, playback_id: str) -> None:
        self._started[playback_id] = asyncio.Event()
        await self.voice.play(guild_id, Media("file", str(song)), playback_id=playback_id)


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


async def run_bare(
    client: discord.Client, place: Server, players: int, seconds: float, base_mb: float
) -> Result:
    """Play Opus in ``players`` rooms with discord.py alone and measure."""
    voices: list[MeteredVoiceClient] = []

    async def join(channel_id: ChannelId) -> None:
        channel = client.get_channel(channel_id)
        assert isinstance(channel, discord.VoiceChannel)  # noqa: S101  # it was made as one
        voices.append(await channel.connect(cls=MeteredVoiceClient, timeout=60, self_deaf=True))

    await in_parts(join(channel_id) for _, channel_id in place.rooms[:players])
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
        late += [(offset - min(measured)) * 1000 for offset in measured]
    result = Result(
        players,
        statistics.quantiles(late, n=100)[98],
        sum(1 for value in late if value > 20),
        core_percent,
        statistics.median(late),
        (meter.resident_mb - base_mb) / players,
        threading.active_count(),
    )
    await in_parts(voice.disconnect(force=True) for voice in voices)
    return result


# --- the command ------------------------------------------------------------------------------


async def measure(options: argparse.Namespace) -> None:
    """Run everything and print the table and the JSON line."""
    rows: list[tuple[str, Result]] = []
    async with server(options.players) as place:
        async with connected_client(place) as client:
            ours = Seraphim(client, place)
            base_mb = Meter().resident_mb
            await ours.join()
            first_packet_ms = await ours.first_packet_ms(OPUS)
            first_transcoded_ms = await ours.first_packet_ms(MP3)
            passthrough = await ours.run(OPUS, options.players, options.seconds, base_mb)
            rows.append(("Seraphim, Opus untouched", passthrough))
            count = min(options.players, options.transcode_players)
            transcode = await ours.run(MP3, count, options.seconds, base_mb)
            rows.append(("Seraphim, MP3 transcoded", transcode))
            await ours.voice.close()
        if not options.no_peer:
            # A client of its own: the first one's connections must not weigh on it.
            async with connected_client(place) as client:
                base_mb = Meter().resident_mb
                bare = await run_bare(client, place, options.players, options.seconds, base_mb)
            rows.append(("discord.py alone, Opus", bare))
    _print_table(rows)
    print(
        f"\nFrom play() to the first packet at the other end (median): {first_packet_ms:.1f} ms "
        f"for Opus, {first_transcoded_ms:.1f} ms for MP3"
    )
    report: dict[str, object] = {
        "passthrough": passthrough.summary(),
        "transcode": transcode.summary(),
        "first_packet_ms": round(first_packet_ms, 1),
    }
    if len(rows) > 2:
        report["bare"] = rows[2][1].summary()
    print(json.dumps(report))


def _print_table(rows: list[tuple[str, Result]]) -> None:
    heads = ("", "players", "late p50", "late p99", "underruns", "core", "MB/player", "threads")
    print(f"{heads[0]:26}" + "".join(f"{head:>11}" for head in heads[1:]))
    for name, it in rows:
        print(
            f"{name:26}{it.players:11d}{it.late_p50_ms:8.2f} ms{it.late_p99_ms:8.2f} ms"
            f"{it.underruns:11d}{it.core_percent:9.1f} %{it.per_player_mb:11.2f}{it.threads:11d}"
        )


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--players", type=int, default=100, help="players that pass Opus through")
    parser.add_argument("--transcode-players", type=int, default=50, help="players that transcode")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of each measurement")
    parser.add_argument("--no-peer", action="store_true", help="leave discord.py alone out")
    parser.add_argument("--serve", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    logging.getLogger("discord").setLevel(logging.ERROR)
    if options.serve is not None:
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(serve(options.serve))
        return
    asyncio.run(measure(options))


if __name__ == "__main__":
    main()
