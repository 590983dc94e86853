"""The server: one world behind REST, gateway, CDN, people's door and page, on one loopback port."""

import tempfile
from pathlib import Path
from typing import Protocol, Self

from aiohttp import web

from discord_sandbox import oauth2
from discord_sandbox.faults import routes as fault_routes
from discord_sandbox.faults.service import Faults
from discord_sandbox.gateway import routes as gateway_routes
from discord_sandbox.gateway.hub import Gateway
from discord_sandbox.interactions import routes as interaction_routes
from discord_sandbox.interactions.service import Interactions
from discord_sandbox.page import routes as page_routes
from discord_sandbox.people import routes as people_routes
from discord_sandbox.rest import cdn, control
from discord_sandbox.rest.api import RestApi
from discord_sandbox.rest.catalog import ROUTES
from discord_sandbox.seed import Seeded, seed_world
from discord_sandbox.voice.service import Voice
from discord_sandbox.world.clock import Clock
from discord_sandbox.world.world import World

_REQUEST_AT_MOST = 26 * 1024 * 1024


class Observer(Protocol):
    """Sees every REST exchange after it happened (validators, transcripts)."""

    def on_exchange(
        self,
        method: str,
        template: str | None,
        path: str,
        status: int,
        request_body: bytes | None,
        response_body: bytes | None,
        content_type: str,
    ) -> None:
        """Take note of one exchange.

        Args:
            method: ``GET`` ...
            template: The route as the OpenAPI description writes it; None for unknown routes.
            path: As requested.
            status: Of the response.
            request_body: The JSON body (of a multipart request its ``payload_json``), or None
                when there was none or nobody read it.
            response_body: The response's bytes, or None.
            content_type: Of the response.
        """
        ...


class Sandbox:
    """A local Discord.

    Attributes:
        world: All state.
        seeded: The guild, people and application that were there from the start; None without.
        rest: The REST API.
        gateway: The gateway's sessions.
        voice: The voice servers.
        interactions: Application commands and living interactions.
        oauth2: Grants of people to applications.
        faults: Faults on demand.
        observers: Who sees REST exchanges.
    """

    def __init__(
        self,
        *,
        clock: Clock | None = None,
        rate_limits: bool = False,
        seed: bool = True,
        data_dir: Path | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        """Build it; :meth:`start` opens the ports.

        Args:
            clock: The machine's, when None.
            rate_limits: Whether requests are limited as Discord does.
            seed: Whether "Seraphim Playground" is there.
            data_dir: Where the voice gateway's certificates go; a temporary folder, which goes
                with the sandbox, when None.
            host: A loopback address.
        """
        self._temporary = None
        if data_dir is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="discord-sandbox-")
            data_dir = Path(self._temporary.name)
        self.data_dir = data_dir
        self.host = host
        self.port = 0
        self.world = World(clock)
        self.observers: list[Observer] = []
        self.rest = RestApi(self, rate_limits=rate_limits)
        self.voice = Voice(self.world, data_dir / "voice", host)
        self.gateway = Gateway(self.world, self.voice)
        self.faults = Faults(self)
        self.interactions = Interactions(self.world)
        self.oauth2 = oauth2.OAuth2(self.world)
        self.rest.router.add(ROUTES)
        self.rest.router.add(oauth2.ROUTES)
        self.rest.router.add(gateway_routes.ROUTES)
        self.rest.router.add(interaction_routes.ROUTES)
        self.seeded: Seeded | None = seed_world(self.world) if seed else None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where the server answers, ``http://127.0.0.1:1234``; known once it has started."""
        return self.world.base_url

    async def start(self, port: int = 0, *, voice_port: int = 0, udp_port: int = 0) -> None:
        """Start to listen.

        Args:
            port: Of everything but voice; 0 takes any free port.
            voice_port: Of the voice gateway, TLS.
            udp_port: Of the voice data.

        Raises:
            OSError: When a port is taken.
        """
        app = web.Application(
            client_max_size=_REQUEST_AT_MOST, middlewares=[self.faults.middleware]
        )
        self._attach(app)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=0.5)
        await runner.setup()
        self._runner = runner
        try:
            await web.TCPSite(runner, self.host, port).start()
            self.port = runner.addresses[0][1]
            self.world.base_url = f"http://{self.host}:{self.port}"
            await self.voice.start(port=voice_port, udp_port=udp_port)
        except BaseException:
            await self.stop()
            raise

    def _attach(self, app: web.Application) -> None:
        self.rest.attach(app)
        cdn.attach(app, self)
        control.attach(app, self)
        gateway_routes.attach(app, self)
        fault_routes.attach(app, self)
        people_routes.attach(app, self)
        oauth2.attach(app, self)
        page_routes.attach(app, self)

    async def stop(self) -> None:
        """Stop to listen and close every connection."""
        self.interactions.exchange.close()
        self.gateway.stop()
        await self.voice.stop()
        if self._runner is not None:
            runner, self._runner = self._runner, None
            await runner.cleanup()
        if self._temporary is not None:
            self._temporary.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()
