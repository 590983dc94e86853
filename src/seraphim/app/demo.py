"""The local Discord beside the bot: started as a child process, and gone when the bot is gone.

Seraphim meets the sandbox only as a server: the child writes one JSON line with its addresses,
and from then on the bot speaks to it as it would speak to Discord.
"""

import asyncio
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec

from seraphim.kernel.errors import SeraphimError

START_SECONDS = 20.0
STOP_SECONDS = 3.0
PORT_ATTEMPTS = 20


class DemoFailed(SeraphimError):
    """The local Discord did not start."""

    code: ClassVar[str] = "demo_failed"
    message: ClassVar[str] = "The local Discord did not start: {reason}"


class DemoAddresses(msgspec.Struct, frozen=True):
    """What the sandbox says when it is ready."""

    url: str
    """The page a person opens, e.g. ``http://127.0.0.1:8090``."""
    gateway_url: str
    voice_endpoint: str
    ca_file: str
    """The private certificate authority of the voice gateway."""
    token: str
    guild_id: str


@dataclass(slots=True)
class Demo:
    """A running local Discord."""

    addresses: DemoAddresses
    process: asyncio.subprocess.Process

    async def stop(self) -> None:
        """Ask the child to stop, and insist after three seconds."""
        if self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            await asyncio.wait_for(self.process.wait(), STOP_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


async def start_demo(data_dir: Path, port: int) -> Demo:
    """Start the sandbox on ``port`` (or the next free one) and wait until it is ready.

    Raises:
        DemoFailed: it ended, or said nothing for twenty seconds.
    """
    port = free_port(port)
    folder = data_dir / "sandbox"
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    ready_read, ready_write = os.pipe()
    # A session of its own, so that Ctrl-C reaches the bot alone, which then stops the child in
    # order; its standard input is a pipe, whose end tells the child that the bot was killed.
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "discord_sandbox", "--data", str(folder), "--port", str(port)),
        *("--ready-fd", str(ready_write), "--exit-on-stdin-close"),
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=(ready_write,),
        start_new_session=True,
    )
    os.close(ready_write)
    line = asyncio.create_task(_read_line(ready_read))
    errors = asyncio.create_task(_last_words(process))
    ended = asyncio.create_task(process.wait())
    try:
        await asyncio.wait({line, ended}, timeout=START_SECONDS, return_when="FIRST_COMPLETED")
        if line.done() and line.result():
            return Demo(msgspec.json.decode(line.result(), type=DemoAddresses), process)
        if ended.done():
            raise DemoFailed(reason=await errors or f"it ended with {process.returncode}")
        process.send_signal(signal.SIGKILL)
        raise DemoFailed(reason=f"it said nothing for {START_SECONDS:.0f} s")
    finally:
        line.cancel()
        ended.cancel()


def free_port(first: int) -> int:
    """Return ``first``, or the next of twenty ports that nobody listens on (0 stays 0)."""
    for port in range(first, (first + PORT_ATTEMPTS) if first else 1):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise DemoFailed(
        reason=f"the ports {first} to {first + PORT_ATTEMPTS - 1} are all taken; "
        "choose another with SERAPHIM_DEMO_PORT"
    )


async def _read_line(descriptor: int) -> bytes:
    """Read the child's one line; empty when it closed the pipe without a word."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0)
    )
    try:
        return await reader.readline()
    finally:
        transport.close()


async def _last_words(process: asyncio.subprocess.Process) -> str:
    """Pass the child's error output on, keeping the last line for the error sentence."""
    last = ""
    stream = process.stderr
    while stream is not None and (line := await stream.readline()):
        text = line.decode(errors="replace").rstrip()
        if text:
            last = text
            sys.stderr.write(f"[sandbox] {text}\n")
    return last
