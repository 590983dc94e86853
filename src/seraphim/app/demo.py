"""The local Discord beside the bot: started as a child process, and gone when the bot is gone.

Seraphim meets the sandbox only as a server: the child writes one JSON line with its addresses,
and from then on the bot speaks to it as it would speak to Discord. The child is started before
the bot's own modules are imported, so that both get ready at the same time.
"""

import asyncio
import os
import socket
import subprocess
import sys
import threading
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


class Demo:
    """A local Discord that is starting or running; :meth:`ready` gives its addresses.

    Args:
        data_dir: The bot's data folder; the sandbox's certificates go below it.
        port: Of the page, or the next free one; 0 takes any.

    Raises:
        DemoFailed: Twenty ports in a row are taken.
    """

    def __init__(self, data_dir: Path, port: int) -> None:
        folder = data_dir / "sandbox"
        folder.mkdir(parents=True, exist_ok=True)
        self._ready, ready_write = os.pipe()
        self._last_words = ""
        # A session of its own, so that Ctrl-C reaches the bot alone, which then stops the child
        # in order; its standard input is a pipe, whose end tells it that the bot was killed.
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [
                *(sys.executable, "-m", "discord_sandbox"),
                *("--data", str(folder), "--port", str(free_port(port))),
                *("--ready-fd", str(ready_write), "--exit-on-stdin-close"),
            ],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(ready_write,),
            start_new_session=True,
        )
        os.close(ready_write)
        threading.Thread(target=self._pass_errors_on, name="sandbox errors", daemon=True).start()

    async def ready(self) -> DemoAddresses:
        """Wait until the sandbox serves.

        Raises:
            DemoFailed: It ended, or said nothing for twenty seconds.
        """
        try:
            line = await asyncio.wait_for(_read_line(self._ready), START_SECONDS)
        except TimeoutError:
            raise DemoFailed(reason=f"it said nothing for {START_SECONDS:.0f} s") from None
        if not line:
            code = await self.ended()
            raise DemoFailed(reason=self._last_words or f"it ended with {code}")
        return msgspec.json.decode(line, type=DemoAddresses)

    async def ended(self) -> int:
        """Wait until the sandbox has ended; returns its exit code."""
        return await asyncio.to_thread(self._process.wait)

    def stop(self) -> None:
        """Ask the child to stop, and insist after three seconds."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _pass_errors_on(self) -> None:
        """Pass the child's error output on, keeping the last line for the error sentence."""
        for line in self._process.stderr or ():
            text = line.decode(errors="replace").rstrip()
            if text:
                self._last_words = text
                sys.stderr.write(f"[sandbox] {text}\n")


def free_port(first: int) -> int:
    """Return ``first``, or the next of twenty ports that nobody listens on (0 stays 0).

    Raises:
        DemoFailed: They are all taken.
    """
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
