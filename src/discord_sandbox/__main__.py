"""``python -m discord_sandbox``: a local Discord of its own process."""

import argparse
import asyncio
import contextlib
import errno
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from discord_sandbox.server import Sandbox

_PORT_TAKEN = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (3 when a port is taken)."""
    options = _parser().parse_args(arguments)
    try:
        return asyncio.run(_serve(options))
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="discord-sandbox", description="A local Discord.")
    parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--voice-port", type=int, default=0, help="TLS port of the voice gateway")
    parser.add_argument("--udp-port", type=int, default=0, help="UDP port of voice data")
    parser.add_argument("--data", type=Path, help="folder for certificates; temporary if left out")
    parser.add_argument("--no-seed", action="store_true", help="start with an empty world")
    parser.add_argument("--rate-limits", action="store_true", help="limit requests as Discord does")
    parser.add_argument("--ready-file", type=Path, help="write one JSON line here when ready")
    parser.add_argument("--ready-fd", type=int, help="write the JSON line to this file descriptor")
    parser.add_argument("--token-file", type=Path, help="write the seeded bot's token here")
    parser.add_argument(
        "--exit-on-stdin-close", action="store_true", help="stop when stdin reaches its end"
    )
    return parser


async def _serve(options: argparse.Namespace) -> int:
    sandbox = Sandbox(
        rate_limits=options.rate_limits,
        seed=not options.no_seed,
        data_dir=options.data,
        host=options.host,
    )
    try:
        await sandbox.start(options.port, voice_port=options.voice_port, udp_port=options.udp_port)
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
        sys.stderr.write(
            f"Port {options.port} on {options.host} is taken by another program; "
            "choose another with --port, or 0 for any free one.\n"
        )
        return _PORT_TAKEN
    try:
        stopped = asyncio.Event()
        _stop_on_signals(stopped)
        if options.exit_on_stdin_close:
            _watch_stdin(stopped)
        _announce(sandbox, options)
        await stopped.wait()
    finally:
        await sandbox.stop()
    return 0


def _stop_on_signals(stopped: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has no handlers in the loop
            loop.add_signal_handler(name, stopped.set)


def _watch_stdin(stopped: asyncio.Event) -> None:
    """Stop when stdin ends: the parent holds the other end, so this follows even its SIGKILL."""
    loop = asyncio.get_running_loop()
    descriptor = sys.stdin.fileno()

    def read() -> None:
        if not os.read(descriptor, 4096):
            loop.remove_reader(descriptor)
            stopped.set()

    loop.add_reader(descriptor, read)


def _announce(sandbox: Sandbox, options: argparse.Namespace) -> None:
    line = json.dumps(ready_line(sandbox))
    if options.token_file is not None and sandbox.seeded is not None:
        _write(options.token_file, sandbox.seeded.application.token)
    if options.ready_file is not None:
        _write(options.ready_file, line + "\n")
    if options.ready_fd is not None:
        os.write(options.ready_fd, line.encode() + b"\n")
    if options.ready_file is None and options.ready_fd is None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


def _write(path: Path, text: str) -> None:
    """Write at once, so that a reader never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def ready_line(sandbox: Sandbox) -> dict[str, str | None]:
    """Return what a client needs to know of a running sandbox."""
    seeded = sandbox.seeded
    return {
        "url": sandbox.url,
        "gateway_url": sandbox.gateway.url,
        "voice_endpoint": sandbox.voice.endpoint,
        "ca_file": str(sandbox.voice.ca_file.absolute()),
        "token": None if seeded is None else seeded.application.token,
        "guild_id": None if seeded is None else str(seeded.guild.id),
    }


if __name__ == "__main__":
    sys.exit(main())
