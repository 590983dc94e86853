"""One yt-dlp process, from the bot's side."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

import seraphim
from seraphim.adapters.ytdlp.messages import (
    HEAD_BYTES,
    Answer,
    Ask,
    Step,
    frame_length,
    pack,
    read_said,
)

_KEPT: Final = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "DENO_DIR")
"""What of the environment a process gets; the bot's own secrets are not among it."""
_HOME: Final = Path(seraphim.__file__).resolve().parents[1]
_END_SECONDS: Final = 2.0


class WorkerGone(Exception):
    """The process ended in the middle of a request, or said what it must not say."""


@dataclass(frozen=True, slots=True)
class WorkerPlan:
    """How processes are started."""

    memory_megabytes: int = 512
    cookies: Path | None = None
    allow: tuple[str, ...] = ()
    """Private networks (CIDR) that may be reached."""
    more_paths: tuple[Path, ...] = ()
    """Folders with packages of their own, such as plugins of yt-dlp."""


class Worker:
    """A process that answers one request at a time; started by the first.

    Args:
        plan: How it is started.
    """

    def __init__(self, plan: WorkerPlan) -> None:
        self._plan = plan
        self._process: Process | None = None

    @property
    def pid(self) -> int | None:
        """The process's id, while it runs."""
        process = self._process
        return None if process is None or process.returncode is not None else process.pid

    async def ask(self, ask: Ask, *, seconds: float, tell: Callable[[Step], None]) -> Answer:
        """Return the answer. However this ends early, the process is killed: it may hang.

        Raises:
            TimeoutError: It took longer than ``seconds``.
            WorkerGone: It ended before it had answered.
        """
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(ask, tell)
        except BaseException:
            await self.kill()
            raise

    async def kill(self) -> None:
        """End the process at once; the next request starts another."""
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def close(self) -> None:
        """Let the process end by itself, or kill it."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_END_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def resident_bytes(self) -> int:
        """Return how much memory the process takes now; 0 where the system does not tell."""
        pid = self.pid
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        except (OSError, IndexError, ValueError):
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")

    async def _ask(self, ask: Ask, tell: Callable[[Step], None]) -> Answer:
        process = self._process
        if process is None or process.returncode is not None:
            process = self._process = await self._start()
        stdin, stdout = process.stdin, process.stdout
        if stdin is None or stdout is None:
            raise WorkerGone("the process has no pipes")
        try:
            stdin.write(pack(ask))
            await stdin.drain()
            while True:
                length = frame_length(await stdout.readexactly(HEAD_BYTES))
                said = read_said(await stdout.readexactly(length))
                if isinstance(said, Answer):
                    return said
                tell(said)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerGone("the process ended") from error
        except (ValueError, msgspec.MsgspecError) as error:
            raise WorkerGone("the process does not speak clearly") from error

    async def _start(self) -> Process:
        plan = self._plan
        arguments = ["-m", "seraphim.adapters.ytdlp.worker", f"--memory={plan.memory_megabytes}"]
        if plan.cookies is not None:
            arguments.append(f"--cookies={plan.cookies}")
        if plan.allow:
            arguments += ["--allow", *plan.allow]
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(str(p) for p in (_HOME, *plan.more_paths))
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            *arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=environment,
        )
