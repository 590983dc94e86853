"""uvicorn inside the bot's own event loop."""

import asyncio
import contextlib
import errno
import socket
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, cast, override

import uvicorn

from seraphim.kernel.errors import SeraphimError

if TYPE_CHECKING:
    from litestar.types import ASGIApp

_BACKLOG = 512
_GRACEFUL_SECONDS = 3


class PortTaken(SeraphimError):
    """Another program listens on the port."""

    code = "web.port_taken"
    http_status = 500
    message = (
        "Port {port} on {host} is already in use by another program. Stop that program, or choose "
        "another port with SERAPHIM_WEB_PORT (0 takes any free one)."
    )


class AddressUnusable(SeraphimError):
    """The machine has no such address, or the port needs more rights."""

    code = "web.address_unusable"
    http_status = 500
    message = "Cannot listen on {host}:{port}: {reason}. Check SERAPHIM_WEB_HOST and _PORT."


class _InsideLoop(uvicorn.Server):
    """uvicorn that leaves SIGINT and SIGTERM to the composition root."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


class WebServer:
    """A server that is running; made by :func:`serve`."""

    def __init__(
        self, server: uvicorn.Server, task: asyncio.Task[None], host: str, port: int
    ) -> None:
        self._server = server
        self._task = task
        self.host = host
        self.port = port

    @property
    def url(self) -> str:
        """Return the address people open, without a slash at the end."""
        return address(self.host, self.port)

    async def stop(self) -> None:
        """Finish the requests in hand for up to three seconds, then stop listening."""
        self._server.should_exit = True
        await self._task


def address(host: str, port: int) -> str:
    """Return the URL that opens what listens there; "everywhere" is opened on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  # only compared
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


async def serve(app: "ASGIApp", host: str, port: int, *, attempts: int = 1) -> WebServer:
    """Listen and return once requests are answered.

    Args:
        app: From :func:`app.create_app`.
        host: Address to listen on.
        port: TCP port; 0 takes a free one.
        attempts: How many ports to try, counting up from ``port``.

    Raises:
        PortTaken: All of them are in use.
        AddressUnusable: The address does not exist here, or needs more rights.
    """
    listening = _listen(host, port, attempts)
    actual_port = int(listening.getsockname()[1])
    config = uvicorn.Config(
        cast("Any", app),
        log_config=None,
        log_level="warning",  # its own start and stop are ours to tell
        access_log=False,
        lifespan="on",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=_GRACEFUL_SECONDS,
    )
    server = _InsideLoop(config)
    task = asyncio.create_task(_run(server, listening), name="web server")
    while not server.started:
        if task.done():
            await task
            raise AddressUnusable(host=host, port=port, reason="the web application did not start")
        await asyncio.sleep(0.005)
    return WebServer(server, task, host, actual_port)


async def _run(server: uvicorn.Server, listening: socket.socket) -> None:
    try:
        await server.serve(sockets=[listening])
    finally:
        listening.close()


def _listen(host: str, port: int, attempts: int) -> socket.socket:
    candidates = [port] if port == 0 else range(port, min(port + attempts, 65536))
    for candidate in candidates:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, candidate))
            listening.listen(_BACKLOG)
        except OSError as error:
            listening.close()
            if error.errno == errno.EADDRINUSE:
                continue
            reason = error.strerror or str(error)
            raise AddressUnusable(host=host, port=candidate, reason=reason) from error
        listening.setblocking(False)  # noqa: FBT003  # the standard library's signature
        return listening
    raise PortTaken(host=host, port=port)
