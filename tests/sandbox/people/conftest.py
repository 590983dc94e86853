"""A sandbox with people's sockets on it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.support.local_discord import local_discord

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox

WAIT_SECONDS = 10
type Json = Any


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with local_discord(tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
def seeded(sandbox: Sandbox) -> Seeded:
    assert sandbox.seeded is not None
    return sandbox.seeded


class Person:
    """A person's socket, spoken to directly."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.seen: list[Json] = []
        self._numbers = 0

    async def receive(self) -> Json:
        """The next message of the server."""
        message = await asyncio.wait_for(self.socket.receive_json(), WAIT_SECONDS)
        self.seen.append(message)
        return message

    async def event(self, name: str) -> Json:
        """The data of the next event of this name."""
        while True:
            message = await self.receive()
            if message.get("t") == name:
                return message["d"]

    async def ask(self, operation: str, **data: object) -> Json:
        """An operation's whole answer."""
        self._numbers += 1
        await self.socket.send_str(json.dumps({"id": self._numbers, "op": operation, "d": data}))
        while True:
            message = await self.receive()
            if message.get("re") == self._numbers:
                return message


type Connect = Callable[..., Any]


@pytest.fixture
async def connect(sandbox: Sandbox, seeded: Seeded) -> AsyncIterator[Connect]:
    """Open people's sockets; each has got HELLO, which is its first `seen`."""
    async with aiohttp.ClientSession() as session:

        async def open_socket(name: str, guild: str | None = None) -> Person:
            url = f"{sandbox.url}/sandbox/people?member={seeded.people[name].id}"
            url += "" if guild is None else f"&guild={guild}"
            person = Person(await session.ws_connect(url))
            assert (await person.receive())["t"] == "HELLO"
            return person

        yield open_socket
