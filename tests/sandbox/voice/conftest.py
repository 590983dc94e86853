"""A sandbox and a bot in it that asks to join voice."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from tests.sandbox.gateway.raw_client import ALL_INTENTS, RawClient
from tests.sandbox.voice.raw_voice import RawVoice
from tests.support.local_discord import local_discord

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.models import Application, Channel

Json = dict[str, Any]

WITHOUT_PRESENCES = ALL_INTENTS & ~(1 << 8)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with local_discord(tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
def seeded(sandbox: Sandbox) -> Seeded:
    assert sandbox.seeded is not None
    return sandbox.seeded


@pytest.fixture
def music(seeded: Seeded) -> Channel:
    return seeded.guild.channel_named("Music")


@pytest.fixture
def lounge(seeded: Seeded) -> Channel:
    return seeded.guild.channel_named("Lounge")


class Bot:
    """A bot's gateway connection and what it needs for voice."""

    def __init__(self, sandbox: Sandbox, client: RawClient, guild_id: int, user_id: int) -> None:
        self._sandbox = sandbox
        self.client = client
        self.guild_id = guild_id
        self.user_id = user_id

    async def ask(self, channel_id: int | None) -> None:
        """Send op 4, ids as integers, as discord.py does."""
        data = {"guild_id": self.guild_id, "channel_id": channel_id}
        await self.client.send(4, {**data, "self_mute": False, "self_deaf": False})

    async def own_state(self) -> Json:
        """The next voice state of the bot itself."""
        payload = await self.client.until(
            lambda payload: (
                payload["t"] == "VOICE_STATE_UPDATE"
                and payload["d"]["user_id"] == str(self.user_id)
            )
        )
        return payload["d"]

    async def told(self) -> tuple[Json, Json]:
        """The next voice state of the bot, and the voice server that follows."""
        state = await self.own_state()
        return state, await self.client.event("VOICE_SERVER_UPDATE")

    async def join(self, channel_id: int) -> tuple[Json, Json]:
        await self.ask(channel_id)
        return await self.told()

    async def settle(self) -> list[str]:
        """Names of all events until the server has read what was sent."""
        start = len(self.client.seen)
        await self.client.send(1, None)
        await self.client.op(11)
        return [payload["t"] for payload in self.client.seen[start:] if payload["t"]]


NewBot = Callable[[Application], Awaitable[Bot]]
Dial = Callable[..., Awaitable[RawVoice]]


@pytest.fixture
async def new_bot(sandbox: Sandbox, seeded: Seeded) -> AsyncIterator[NewBot]:
    async with AsyncExitStack() as stack:

        async def make(application: Application) -> Bot:
            client = RawClient(sandbox.gateway.url, application.token)
            await stack.enter_async_context(client)
            await client.identify(intents=WITHOUT_PRESENCES)
            await client.event("GUILD_CREATE")
            return Bot(sandbox, client, seeded.guild.id, application.bot.id)

        yield make


@pytest.fixture
async def bot(new_bot: NewBot, seeded: Seeded) -> Bot:
    return await new_bot(seeded.application)


@pytest.fixture
async def dial(sandbox: Sandbox) -> AsyncIterator[Dial]:
    """Open a voice websocket; past HELLO."""
    async with AsyncExitStack() as stack:

        async def connect(endpoint: str | None = None) -> RawVoice:
            endpoint = endpoint or sandbox.voice.endpoint
            voice = RawVoice(endpoint, sandbox.voice.client_context())
            await stack.enter_async_context(voice)
            assert (await voice.receive())["op"] == 8
            return voice

        yield connect


Enter = Callable[..., Awaitable[RawVoice]]


@pytest.fixture
def enter(dial: Dial) -> Enter:
    """Bring a bot into a channel, ready to send."""

    async def go(
        bot: Bot, channel: Channel, mode: str = "aead_xchacha20_poly1305_rtpsize"
    ) -> RawVoice:
        state, server = await bot.join(channel.id)
        voice = await dial(server["endpoint"])
        await voice.identify(server, state)
        await voice.negotiate(mode)
        await voice.speak()
        return voice

    return go
