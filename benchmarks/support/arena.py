"""A local Discord in a process of its own, and bots that run against it."""

import asyncio
import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Arena:
    """The sandbox's addresses, and its control API."""

    url: str
    gateway_url: str
    ca_file: str
    token: str
    guild_id: int
    folder: Path

    async def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Call ``/sandbox/control`` and return its JSON answer."""
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.url}/sandbox/control{path}", json=body) as response,
        ):
            text = await response.text()
            if response.status >= 400:
                raise RuntimeError(f"{method} {path}: {response.status} {text}")
            return json.loads(text) if text else None

    def environ(self, token: str, **more: str) -> dict[str, str]:
        """Return the environment that points a bot at this sandbox."""
        return {
            "DISCORD_TOKEN": token,
            "SERAPHIM_DISCORD_API_URL": self.url,
            "SERAPHIM_DISCORD_GATEWAY_URL": self.gateway_url,
            "SERAPHIM_DISCORD_CA_FILE": self.ca_file,
            "SERAPHIM_WEB_PORT": "0",
            "SERAPHIM_LOG_LEVEL": "warning",
            **more,
        }


@contextlib.asynccontextmanager
async def open_arena(folder: Path) -> AsyncGenerator[Arena]:
    """Start a sandbox whose files lie in ``folder``, and stop it at the end."""
    ready = folder / "ready.json"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "discord_sandbox", "--port", "0", "--data", str(folder / "sandbox")),
        *("--ready-file", str(ready), "--exit-on-stdin-close"),
        stdin=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    try:
        until = time.monotonic() + START_SECONDS
        while not ready.exists() or not ready.read_text().endswith("\n"):
            if process.returncode is not None or time.monotonic() > until:
                raise RuntimeError("the sandbox did not start")
            await asyncio.sleep(0.02)
        said = json.loads(ready.read_text())
        yield Arena(
            url=said["url"],
            gateway_url=said["gateway_url"],
            ca_file=said["ca_file"],
            token=said["token"],
            guild_id=int(said["guild_id"]),
            folder=folder,
        )
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@dataclass(slots=True)
class Contender:
    """A bot that runs."""

    process: asyncio.subprocess.Process
    ready_seconds: float

    def resident_mb(self) -> float:
        """Return the resident memory of the bot and its children, in megabytes (10^6 bytes)."""
        main = psutil.Process(self.process.pid)
        return sum(p.memory_info().rss for p in [main, *main.children(recursive=True)]) / 1e6

    def cpu_seconds(self) -> float:
        """Return the processor time used so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


@contextlib.asynccontextmanager
async def run_contender(
    arguments: list[str], environ: Mapping[str, str], folder: Path
) -> AsyncGenerator[Contender]:
    """Start ``python *arguments`` and yield it once it has notified ``READY=1``."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel.settimeout(0)
    name = f"seraphim-bench-{os.getpid()}-{id(channel)}"
    channel.bind("\0" + name)
    since = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=folder,
        env={**_clean(), "PYTHONPATH": str(ROOT / "src"), "NOTIFY_SOCKET": f"@{name}", **environ},
    )
    try:
        with channel:
            loop = asyncio.get_running_loop()
            said = await asyncio.wait_for(loop.sock_recv(channel, 256), START_SECONDS)
        if said != b"READY=1":
            raise RuntimeError(f"{arguments}: said {said!r}")
        yield Contender(process, time.perf_counter() - since)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _clean() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if not k.startswith(("SERAPHIM_", "DISCORD_"))}
