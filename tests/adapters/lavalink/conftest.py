"""A discord.py client in a local Discord, nodes, and the backend under test on them."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from tests.support.lavalink_node import LavalinkNode, NodeOptions, NodeProcess
from tests.support.local_discord import local_discord
from tests.support.sound import melody, write_song

from discord_sandbox.server import Sandbox
from discord_sandbox.voice.taps import VoiceTap
from seraphim.adapters.lavalink import LavalinkAudio, Locator, Relay, SharedFolder, Tuning
from seraphim.features.music.ports import AudioEvent
from seraphim.features.music.ports.nodes import NodeSessions
from seraphim.kernel.clock import SystemClock
from seraphim.kernel.dice import SeededDice
from seraphim.kernel.ids import ChannelId, GuildId
from seraphim.kernel.node_addresses import NodeAddress

WAIT_SECONDS = 10
PASSWORD = NodeOptions().password
type Connect = Callable[[], contextlib.AbstractAsyncContextManager[discord.Client]]


class KeptSessions:
    """Remembers sessions in memory, from one backend to the next."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    async def find(self, node: str) -> str | None:
        return self.kept.get(node)

    async def keep(self, node: str, session_id: str) -> None:
        self.kept[node] = session_id


@dataclass
class Stage:
    """A voice channel of the sandbox with the bot's backend, its nodes, and an ear in it."""

    sandbox: Sandbox
    client: discord.Client
    audio: LavalinkAudio
    nodes: list[LavalinkNode]
    processes: list[NodeProcess]
    guild_id: GuildId
    music: ChannelId
    lounge: ChannelId
    sessions: KeptSessions
    connect: Connect
    folder: Path
    events: asyncio.Queue[AudioEvent] = field(default_factory=asyncio.Queue[AudioEvent])

    async def event[E](self, kind: type[E]) -> E:
        """Return the next event, which must be of this kind."""
        event = await asyncio.wait_for(self.events.get(), WAIT_SECONDS)
        assert isinstance(event, kind), event
        return event

    def listen(self, channel_id: ChannelId | None = None) -> VoiceTap:
        """Open an ear in a channel (the music channel)."""
        return self.sandbox.voice.listen(channel_id or self.music)

    def backend(self, client: discord.Client, sessions: NodeSessions) -> LavalinkAudio:
        """A second backend on the same nodes, as after a restart."""
        nodes: Sequence[LavalinkNode | NodeProcess] = self.processes or self.nodes
        return make_backend(client, nodes, sessions, self.folder)


def make_backend(
    client: discord.Client,
    nodes: Sequence[LavalinkNode | NodeProcess],
    sessions: NodeSessions,
    folder: Path,
) -> LavalinkAudio:
    """The backend, with a folder that it shares with the nodes."""
    relay = Relay([PASSWORD], SystemClock(), roots=[folder])
    return LavalinkAudio(
        lambda: client,
        [NodeAddress(f"node{number}", node.url, PASSWORD) for number, node in enumerate(nodes)],
        Locator(relay, shared=SharedFolder(folder, str(folder))),
        sessions=sessions,
        dice=SeededDice(1),
        tuning=Tuning(voice_seconds=8),
    )


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a song of twenty seconds."""
    folder = tmp_path_factory.mktemp("node-songs")
    write_song(folder / "hymn.flac", melody(20, 5), title="Hymn", codec="flac", bit_rate=0)
    return folder


@pytest.fixture
def song(songs: Path) -> Path:
    return songs / "hymn.flac"


@pytest.fixture
async def stage(
    tmp_path: Path, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """The seeded guild, a connected client, two nodes, and nobody in a channel yet."""
    async with lavalink_stage(tmp_path, songs, monkeypatch) as opened:
        yield opened


@pytest.fixture
async def mortal(
    tmp_path: Path, songs: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """The same, with nodes that are processes of their own."""
    async with lavalink_stage(tmp_path, songs, monkeypatch, apart=True) as opened:
        yield opened


@contextlib.asynccontextmanager
async def lavalink_stage(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, *, apart: bool = False
) -> AsyncGenerator[Stage]:
    """See the fixtures ``stage`` and ``mortal``."""
    async with local_discord(tmp_path / "sandbox") as sandbox, contextlib.AsyncExitStack() as stack:
        assert sandbox.seeded is not None
        seeded = sandbox.seeded
        monkeypatch.setattr(Route, "BASE", f"{sandbox.url}/api/v10")
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway.url))

        @contextlib.asynccontextmanager
        async def connect() -> AsyncGenerator[discord.Client]:
            client = discord.Client(
                intents=discord.Intents(guilds=True, voice_states=True),
                connector=aiohttp.TCPConnector(ssl=sandbox.voice.client_context()),
            )
            await client.login(seeded.application.token)
            ready = asyncio.ensure_future(client.wait_for("ready", timeout=WAIT_SECONDS))
            running = asyncio.create_task(client.connect())
            await ready
            try:
                yield client
            finally:
                await client.close()
                await asyncio.wait_for(running, WAIT_SECONDS)

        options = NodeOptions(ca_file=sandbox.voice.ca_file, update_seconds=1.0)
        nodes: list[LavalinkNode] = []
        processes: list[NodeProcess] = []
        if apart:
            processes = [
                NodeProcess(f"node{n}", ca_file=str(options.ca_file), password=PASSWORD)
                for n in range(2)
            ]
            for process in processes:
                stack.push_async_callback(process.stop)
            await asyncio.gather(*(process.start() for process in processes))
        else:
            nodes = [
                await stack.enter_async_context(LavalinkNode(replace(options))) for _ in range(2)
            ]
        client = await stack.enter_async_context(connect())
        sessions = KeptSessions()
        audio = make_backend(client, processes or nodes, sessions, folder)
        guild = seeded.guild
        stage = Stage(
            sandbox,
            client,
            audio,
            nodes,
            processes,
            GuildId(guild.id),
            ChannelId(guild.channel_named("Music").id),
            ChannelId(guild.channel_named("Lounge").id),
            sessions,
            connect,
            folder,
        )
        audio.subscribe(stage.events.put)
        try:
            yield stage
        finally:
            await audio.close()
