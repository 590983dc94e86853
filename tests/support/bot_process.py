"""Seraphim as a process of its own, started as a self-hoster would start it."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
READY_SECONDS = 30.0


class BotProcess:
    """``python -m seraphim run`` with the environment a test gives it.

    Ready is what systemd would hear (``READY=1`` on NOTIFY_SOCKET), so that nothing is polled.
    """

    def __init__(self, environ: Mapping[str, str], folder: Path, *arguments: str) -> None:
        self._environ = dict(environ)
        self._folder = folder
        self._arguments = arguments or ("run",)
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self.ready_seconds = READY_SECONDS
        self.output: list[str] = []

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The running process; an AssertionError before start()."""
        assert self._process is not None, "the bot was not started"
        return self._process

    async def start(self) -> None:
        """Start it and wait until it says that it is ready; its output explains a failure."""
        loop = asyncio.get_running_loop()
        self._folder.mkdir(parents=True, exist_ok=True)
        channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        channel.settimeout(0)
        channel.bind(f"\0seraphim-test-{os.getpid()}-{id(channel)}")
        with channel:
            await self._spawn(NOTIFY_SOCKET="@" + channel.getsockname()[1:].decode())
            ready = asyncio.ensure_future(loop.sock_recv(channel, 256))
            ended = asyncio.ensure_future(self.process.wait())
            await asyncio.wait(
                {ready, ended}, timeout=self.ready_seconds, return_when="FIRST_COMPLETED"
            )
            said = ready.result() if ready.done() else b""
            ready.cancel()
            ended.cancel()
        if said != b"READY=1":
            await self.stop()
            raise AssertionError("the bot did not become ready:\n" + "\n".join(self.output))

    async def run_to_end(self, timeout_seconds: float = 30.0) -> int:
        """Start it, wait until it ends by itself, and return its exit code."""
        self._folder.mkdir(parents=True, exist_ok=True)
        await self._spawn()
        try:
            return await asyncio.wait_for(self.process.wait(), timeout_seconds)
        finally:
            await self.stop()

    async def _spawn(self, **more: str) -> None:
        inherited = {
            k: v for k, v in os.environ.items() if not k.startswith(("SERAPHIM_", "DISCORD_"))
        }
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "seraphim", *self._arguments),
            cwd=self._folder,
            env={**inherited, "PYTHONPATH": str(ROOT / "src"), **self._environ, **more},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        stream = self.process.stdout
        while stream is not None and (line := await stream.readline()):
            self.output.append(line.decode(errors="replace").rstrip())

    def kill(self) -> None:
        """SIGKILL: no warning, no goodbye."""
        self.process.kill()

    def interrupt(self) -> None:
        """SIGINT, as Ctrl-C sends it."""
        self.process.send_signal(signal.SIGINT)

    async def wait(self, timeout_seconds: float = 15.0) -> int:
        """Wait until it has ended; returns the exit code."""
        code = await asyncio.wait_for(self.process.wait(), timeout_seconds)
        if self._reader is not None:
            await self._reader
        return code

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL for one that does not listen."""
        if self._process is None:
            return
        if self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 12)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        if self._reader is not None:
            await self._reader

    @property
    def text(self) -> str:
        """Everything it has said so far."""
        return "\n".join(self.output)
