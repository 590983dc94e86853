"""A real client on a real sandbox, with a few features of the house and one made for trying."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.local_discord import local_discord
from tests.surfaces.trying import Trying

from discord_sandbox.driver import Driver, Guild, Member
from discord_sandbox.server import Sandbox
from seraphim.features.rate_limit import feature as rate_limit
from seraphim.features.settings import feature as settings
from seraphim.features.status import feature as status
from seraphim.kernel.config import load_config
from seraphim.kernel.feature import Feature
from seraphim.kernel.kernel import Kernel, open_kernel
from seraphim.surfaces.discord.client import SeraphimClient
from seraphim.surfaces.discord.gateway_urls import pointed_at
from seraphim.surfaces.discord.link import DiscordLink
from seraphim.surfaces.discord.rate_limit import MemoryRateLimiter


@dataclass
class House:
    """A running bot, what it stands on, and the person who drives the sandbox."""

    sandbox: Sandbox
    driver: Driver
    guild: Guild
    kernel: Kernel
    client: SeraphimClient
    trying: Trying

    async def alice(self) -> Member:
        """A member without special rights."""
        return await self.guild.member("alice")

    async def ada(self) -> Member:
        """The guild's owner."""
        return await self.guild.member("ada")


type OpenBot = Callable[..., AbstractAsyncContextManager[House]]


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    """A local Discord with its seeded guild."""
    async with local_discord(tmp_path / "sandbox") as server:
        yield server


@pytest.fixture
async def driver(sandbox: Sandbox) -> AsyncIterator[Driver]:
    """Plays people on the sandbox."""
    async with Driver(sandbox) as opened:
        yield opened


@pytest.fixture
def open_bot(sandbox: Sandbox, driver: Driver, tmp_path: Path) -> OpenBot:
    """Start the bot on the sandbox; called twice, it is the same bot after a restart."""

    @asynccontextmanager
    async def opened(*, capacity: int = 1000, token: str | None = None) -> AsyncGenerator[House]:
        application = await driver.application()
        environ = {
            "DISCORD_TOKEN": token or application["token"],
            "SERAPHIM_DATA_DIR": str(tmp_path / "data"),
            "SERAPHIM_DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'seraphim.db'}",
        }
        config = load_config(environ, None)
        async with AsyncExitStack() as stack:
            stack.enter_context(pointed_at(sandbox.url, None))
            kernel = await open_kernel(config)
            stack.push_async_callback(kernel.close)
            limiter = MemoryRateLimiter(kernel.clock, capacity, 10.0)
            link, trying = DiscordLink(), Trying()
            features: list[Feature] = []

            def catalogue() -> Sequence[Feature]:
                return features

            features += [
                trying.feature(),
                status.build(kernel, link, catalogue),
                settings.build(kernel, catalogue),
                rate_limit.build(kernel, limiter),
            ]
            client = SeraphimClient(kernel, features, limiter=limiter, link=link)
            client.pipeline.defer_after_seconds = 0.1
            stack.push_async_callback(client.shut_down)
            await client.open(environ["DISCORD_TOKEN"])
            yield House(sandbox, driver, await driver.guild(), kernel, client, trying)

    return opened


@pytest.fixture
async def house(open_bot: OpenBot) -> AsyncIterator[House]:
    """The bot on the sandbox, ready."""
    async with open_bot() as opened:
        yield opened
