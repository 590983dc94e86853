"""A sandbox under observation, people on it, and an unmodified discord.py bot."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
from tests.support.spec_check import SpecCheck

from discord_sandbox.driver import Driver, Guild, Member
from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.clock import MovableClock

WAIT_SECONDS = 15


class Watch:
    """Holds every REST answer and every dispatch against Discord's descriptions."""

    def __init__(self, check: SpecCheck) -> None:
        self.check = check

    def on_exchange(
        self,
        method: str,
        template: str | None,
        path: str,
        status: int,
        request_body: bytes | None,
        response_body: bytes | None,
        content_type: str,
    ) -> None:
        del template, request_body, content_type
        self.check.exchange(method, path, status, response_body)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def sandbox(tmp_path: Path, clock: MovableClock) -> AsyncIterator[Sandbox]:
    check = SpecCheck()
    async with Sandbox(clock=clock, data_dir=tmp_path) as sandbox:
        sandbox.observers.append(Watch(check))
        sandbox.world.subscribe(lambda dispatch: check.dispatch(dispatch.name, dispatch.data))
        yield sandbox
    check.verdict()


@pytest.fixture
def seeded(sandbox: Sandbox) -> Seeded:
    assert sandbox.seeded is not None
    return sandbox.seeded


@pytest.fixture
async def driver(sandbox: Sandbox) -> AsyncIterator[Driver]:
    async with Driver(sandbox) as driver:
        yield driver


@pytest.fixture
async def guild(driver: Driver) -> Guild:
    return await driver.guild()


@pytest.fixture
async def alice(guild: Guild) -> Member:
    return await guild.member("alice")


class Rest:
    """Plain HTTP calls with the seeded bot's token."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self._session = session
        self._url = f"{url}/api/v10"
        self._token = token

    async def __call__(
        self, method: str, path: str, body: object = None, *, token: str | None = None
    ) -> tuple[int, Any]:
        """Status and decoded JSON (None for an empty body)."""
        headers = {"Authorization": f"Bot {token or self._token}"}
        async with self._session.request(
            method, self._url + path, json=body, headers=headers
        ) as response:
            text = await response.read()
            return response.status, await response.json() if text else None


@pytest.fixture
async def rest(sandbox: Sandbox, seeded: Seeded) -> AsyncIterator[Rest]:
    async with aiohttp.ClientSession() as session:
        yield Rest(session, sandbox.url, seeded.application.token)


Start = Callable[[discord.Client], Awaitable[None]]


@pytest.fixture
async def start(
    sandbox: Sandbox, seeded: Seeded, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Start]:
    """Run an unmodified client against the sandbox until the test ends."""
    monkeypatch.setattr(Route, "BASE", f"{sandbox.url}/api/v10")
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(sandbox.gateway.url))
    running: list[tuple[discord.Client, asyncio.Task[None]]] = []

    async def run(client: discord.Client) -> None:
        await client.login(seeded.application.token)
        ready = asyncio.ensure_future(client.wait_for("ready", timeout=WAIT_SECONDS))
        running.append((client, asyncio.create_task(client.connect())))
        await ready

    yield run
    for client, task in running:
        await client.close()
        await asyncio.wait_for(task, WAIT_SECONDS)
