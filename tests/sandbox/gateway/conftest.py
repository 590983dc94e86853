"""A running sandbox, its dispatches held against Discord's description."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.sandbox.gateway.raw_client import RawClient
from tests.support.spec_check import SpecCheck

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox(data_dir=tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
def seeded(sandbox: Sandbox) -> Seeded:
    assert sandbox.seeded is not None
    return sandbox.seeded


class Clients:
    """Makes raw clients of the seeded bot and checks every event they get."""

    def __init__(self, sandbox: Sandbox, token: str) -> None:
        self._sandbox = sandbox
        self._token = token
        self._open: list[RawClient] = []

    async def connect(self, token: str | None = None, compress: str | None = None) -> RawClient:
        """A client that has got HELLO."""
        url = self._sandbox.gateway.url
        client = RawClient(url, self._token if token is None else token, compress=compress)
        await client.__aenter__()
        self._open.append(client)
        assert (await client.receive())["op"] == 10
        return client

    async def ready(self, compress: str | None = None, **identify: object) -> RawClient:
        """A client that has got READY."""
        client = await self.connect(compress=compress)
        await client.identify(**identify)
        await client.event("READY")
        return client

    async def finish(self) -> None:
        check = SpecCheck()
        for client in self._open:
            await client.__aexit__(None, None, None)
            for payload in client.seen:
                if payload["op"] == 0 and payload["t"] != "RESUMED":
                    check.dispatch(payload["t"], payload["d"])
        check.verdict()


@pytest.fixture
async def clients(sandbox: Sandbox, seeded: Seeded) -> AsyncIterator[Clients]:
    clients = Clients(sandbox, seeded.application.token)
    yield clients
    await clients.finish()
