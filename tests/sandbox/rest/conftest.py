"""A watched sandbox and a bare REST client of its bot."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.support.local_discord import local_discord

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.models import Channel, Dispatch, Member


class Api:
    """Asks the REST API as the seeded bot and keeps the dispatches that follow."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, token: str) -> None:
        self._sandbox = sandbox
        self._session = session
        self.token = token
        self.dispatches: list[Dispatch] = []
        self.headers: dict[str, str] = {}
        sandbox.world.subscribe(self.dispatches.append)

    async def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        expect: int = 200,
        reason: str | None = None,
        form: aiohttp.FormData | None = None,
        token: str | None = None,
    ) -> Any:
        """Return the answer's JSON; the status must be the expected one."""
        self.dispatches.clear()
        headers = {"Authorization": f"Bot {self.token if token is None else token}"}
        if reason is not None:
            headers["X-Audit-Log-Reason"] = reason
        url = f"{self._sandbox.url}/api/v10{path}"
        async with self._session.request(
            method, url, json=body, data=form, headers=headers
        ) as response:
            text = await response.text()
            self.headers = dict(response.headers)
            assert response.status == expect, text
            return await response.json() if text else None

    @property
    def events(self) -> list[str]:
        """The names of what the last request set off."""
        return [each.name for each in self.dispatches]

    def event(self, name: str) -> Any:
        """The data of the first event of this name that the last request set off."""
        return next(each.data for each in self.dispatches if each.name == name)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with local_discord(tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
def seeded(sandbox: Sandbox) -> Seeded:
    assert sandbox.seeded is not None
    return sandbox.seeded


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def api(sandbox: Sandbox, seeded: Seeded, http: aiohttp.ClientSession) -> Api:
    return Api(sandbox, http, seeded.application.token)


@pytest.fixture
def general(seeded: Seeded) -> Channel:
    return seeded.guild.channel_named("general")


@pytest.fixture
def here(general: Channel) -> str:
    return f"/channels/{general.id}"


@pytest.fixture
def home(seeded: Seeded) -> str:
    return f"/guilds/{seeded.guild.id}"


@pytest.fixture
def bot(seeded: Seeded) -> Member:
    return seeded.guild.members[seeded.application.bot.id]


@pytest.fixture
def alice(seeded: Seeded) -> Member:
    return seeded.guild.members[seeded.people["alice"].id]
