"""discord.py as it is, against the gateway."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox

WAIT_SECONDS = 10


@pytest.fixture(name="_pointed")
def pointed(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point discord.py at the sandbox, by the constants it has for its own URLs."""
    monkeypatch.setattr(Route, "BASE", f"{sandbox.url}/api/v10")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway.url))


Start = Callable[[discord.Client], Awaitable[None]]


@pytest.fixture
async def start(_pointed: None, seeded: Seeded) -> AsyncIterator[Start]:
    """Log a client in, connect it in the background, and wait until it is ready."""
    running: list[tuple[discord.Client, asyncio.Task[None]]] = []

    async def run(client: discord.Client) -> None:
        await client.login(seeded.application.token)
        ready = heard(client, "ready")
        running.append((client, asyncio.create_task(client.connect())))
        await ready

    yield run
    for client, task in running:
        await client.close()
        await asyncio.wait_for(task, WAIT_SECONDS)


def heard(client: discord.Client, event: str) -> asyncio.Future[object]:
    """The next event of a client."""
    return asyncio.ensure_future(client.wait_for(event, timeout=WAIT_SECONDS))


class Impatient:
    """discord.py waits five seconds before it identifies again; here nobody limits it."""

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """discord.py's own place for that wait."""


class Client(Impatient, discord.Client):
    """A client for one shard."""


class ShardedClient(Impatient, discord.AutoShardedClient):
    """A client for many."""


def make_client() -> discord.Client:
    return Client(intents=discord.Intents.all(), guild_ready_timeout=0.1)


async def test_a_client_becomes_ready(start: Start, seeded: Seeded) -> None:
    client = make_client()
    await start(client)
    assert client.user is not None
    assert client.user.id == seeded.application.bot.id
    guild = client.get_guild(seeded.guild.id)
    assert guild is not None
    assert {channel.name for channel in guild.voice_channels} == {"Music", "Lounge"}
    assert guild.me.id == client.user.id


async def test_a_dropped_client_resumes_and_misses_nothing(
    start: Start, sandbox: Sandbox, seeded: Seeded
) -> None:
    client = make_client()
    await start(client)
    created, resumed = heard(client, "guild_channel_create"), heard(client, "resumed")
    sandbox.faults.drop_gateway()
    sandbox.world.create_channel(seeded.guild, "missed")
    channel = await created
    await resumed
    assert isinstance(channel, discord.TextChannel)
    assert channel.name == "missed"
    assert len(sandbox.gateway.sessions) == 1


async def test_a_client_follows_op_7_and_op_9(start: Start, sandbox: Sandbox) -> None:
    client = make_client()
    await start(client)
    resumed = heard(client, "resumed")
    sandbox.faults.request_reconnect()
    await resumed
    ready = heard(client, "ready")
    first = sandbox.gateway.sessions[0].id
    sandbox.faults.invalidate_sessions()
    await ready
    assert first not in [session.id for session in sandbox.gateway.sessions]


async def test_a_sharded_client_has_its_guilds_on_their_shards(
    start: Start, sandbox: Sandbox, seeded: Seeded
) -> None:
    for number in range(5):
        guild = sandbox.world.create_guild(f"Guild {number}", seeded.people["ada"])
        sandbox.world.add_member(guild, seeded.application.bot)
    client = ShardedClient(intents=discord.Intents.all(), shard_count=2, guild_ready_timeout=0.1)
    await start(client)
    assert len(client.guilds) == 6
    assert all(guild.shard_id == (guild.id >> 22) % 2 for guild in client.guilds)
    assert sorted(session.shard for session in sandbox.gateway.sessions) == [(0, 2), (1, 2)]


async def test_members_can_be_chunked(start: Start, seeded: Seeded) -> None:
    intents = discord.Intents.all()
    intents.presences = False
    client = discord.Client(intents=intents, chunk_guilds_at_startup=True, guild_ready_timeout=0.1)
    await start(client)
    guild = client.get_guild(seeded.guild.id)
    assert guild is not None
    assert {member.name for member in guild.members} >= {"ada", "alice", "bob"}


@pytest.mark.usefixtures("_pointed")
async def test_a_wrong_token_is_refused() -> None:
    client = make_client()
    async with client:
        with pytest.raises(discord.LoginFailure):
            await client.login("MTAw.x.wrong")
