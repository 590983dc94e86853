"""A web server on loopback, and a fetcher that may reach it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import override

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from seraphim.adapters.direct_http import AddressPolicy, FetchLimits, GuardedFetcher
from seraphim.kernel.clock import ManualClock

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class EagerClock(ManualClock):
    """Time passes only while somebody waits, and then at once."""

    @override
    async def sleep(self, seconds: float) -> None:
        await self.advance(max(0.0, seconds))


@dataclass
class Server:
    """Answers each path with what the test put there."""

    port: int = 0
    handlers: dict[str, Handler] = field(default_factory=dict[str, Handler])
    seen: list[str] = field(default_factory=list[str])

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def serve(
        self, path: str, body: bytes, content_type: str = "audio/mpeg", **headers: str
    ) -> str:
        """Put a file there, with ranges."""

        async def answer(request: web.Request) -> web.StreamResponse:
            sent = {"Content-Type": content_type, "Accept-Ranges": "bytes", **headers}
            wanted = request.headers.get("Range")
            if wanted is None:
                return web.Response(body=body, headers=sent)
            first, last = wanted.removeprefix("bytes=").split("-")
            part = body[int(first) : int(last) + 1]
            sent["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
            return web.Response(body=part, status=206, headers=sent)

        self.handlers[path] = answer
        return self.url(path)

    def redirect(self, path: str, target: str) -> str:
        """Send whoever asks for ``path`` elsewhere."""

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": target})

        self.handlers[path] = answer
        return self.url(path)


class NamedResolver(AbstractResolver):
    """Resolves names as the test says, one answer after the other."""

    def __init__(self, **names: list[str]) -> None:
        self.names = {name.replace("_", "."): addresses for name, addresses in names.items()}
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        _ = family
        self.asked.append(host)
        addresses = self.names.get(host)
        if not addresses:
            raise OSError("no such name")
        address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        return [
            {
                "hostname": host,
                "host": one,
                "port": port,
                "family": 10 if ":" in one else 2,
                "proto": 0,
                "flags": 0,
            }
            for one in address.split("+")
        ]

    async def close(self) -> None:
        """Nothing to let go of."""


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()

    async def dispatch(request: web.Request) -> web.StreamResponse:
        made.seen.append(request.path)
        handler = made.handlers.get(request.path)
        return web.Response(status=404) if handler is None else await handler(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", dispatch)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.port = runner.addresses[0][1]
    yield made
    await runner.cleanup()


@pytest.fixture
async def fetcher() -> AsyncIterator[GuardedFetcher]:
    """May reach loopback; small limits, short times."""
    limits = FetchLimits(
        max_bytes=1024 * 1024, connect_seconds=2, first_byte_seconds=0.5, idle_seconds=0.5
    )
    made = GuardedFetcher(AddressPolicy.parse(["127.0.0.0/8"]), limits=limits)
    yield made
    await made.close()
