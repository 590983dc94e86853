"""The stand-in as a process of its own, so that it can be killed and held."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).parents[3]
START_SECONDS = 20.0


class NodeProcess:
    """``python -m tests.support.lavalink_node``.

    Args:
        name: What the bot calls it.
        options: Fields of ``NodeOptions``, JSON-ready.
    """

    def __init__(self, name: str, **options: Any) -> None:
        self.name = name
        self.options = {"password": "a-password-of-the-tests", **options}
        self.port = 0
        self._process: asyncio.subprocess.Process | None = None
        self._held = False

    @property
    def address(self) -> str:
        """The node as SERAPHIM_LAVALINK_NODES names it."""
        return f"{self.name}=ws://{self.options['password']}@127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """``http://host:port``."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start it, on the port it had before if there was one."""
        options = {**self.options, "port": self.port}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "tests.support.lavalink_node", json.dumps(options, default=str)),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}"},
            stdout=asyncio.subprocess.PIPE,
        )
        stdout = self._process.stdout
        assert stdout is not None
        line = await asyncio.wait_for(stdout.readline(), START_SECONDS)
        self.port = int(line)

    async def look(self) -> Mapping[str, Any]:
        """Statistics of the node."""
        headers = {"Authorization": self.options["password"]}
        async with (
            aiohttp.ClientSession(headers=headers) as http,
            http.get(f"{self.url}/v4/stats") as response,
        ):
            return await response.json()

    async def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    def hold(self) -> None:
        """SIGSTOP: it hangs, and its sockets stay open."""
        assert self._process is not None
        self._held = True
        self._process.send_signal(signal.SIGSTOP)

    def let_go(self) -> None:
        """SIGCONT."""
        assert self._process is not None
        self._held = False
        self._process.send_signal(signal.SIGCONT)

    async def stop(self) -> None:
        """End it, however it is."""
        if self._process is None or self._process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
