"""A small web server on loopback for stand-ins of services."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Trouble:
    """What goes wrong next, in order; an empty list is a service in good health."""

    answers: list[web.Response] = field(default_factory=list[web.Response])

    def add(self, status: int, **headers: str) -> None:
        """Let one request fail."""
        self.answers.append(web.Response(status=status, headers=headers))


@asynccontextmanager
async def serving(answer: Answer) -> AsyncGenerator[str]:
    """Answer every request with ``answer``; yields the server's address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
