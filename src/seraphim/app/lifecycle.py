"""Start in order, run until told to stop, stop in reverse.

Order of start: guard of the data folder, database, sources and voice, web server (so that health
can be asked while the rest starts), Discord, and last what a restart interrupted.
"""

import asyncio
import contextlib
import gc
import os
import signal
import time
from collections.abc import AsyncGenerator, Sequence

from seraphim.app.banner import Facts, banner
from seraphim.app.demo import Demo
from seraphim.app.demo_config import demo_config
from seraphim.app.notify import notify
from seraphim.app.wiring import FeatureBuilder, Wiring, wire
from seraphim.kernel.config import Config
from seraphim.kernel.kernel import Kernel, open_kernel
from seraphim.kernel.telemetry import configure_logging, get_logger
from seraphim.surfaces.web.app import create_app
from seraphim.surfaces.web.server import WebServer
from seraphim.surfaces.web.server import serve as serve_web

_log = get_logger(__name__)
PORT_ATTEMPTS = 20
"""How many ports are tried when the person named none."""
STOP_SECONDS = 10.0
"""A stop in order takes no longer than this (READINESS R04)."""


async def serve(config: Config, *, more: Sequence[FeatureBuilder] = ()) -> None:
    """Run the bot on the Discord the configuration names, until SIGINT or SIGTERM.

    Args:
        config: Where to connect and where the data lies; its ``discord_token`` must be set.
        more: Builders of further features, for installations that bring their own.
    """
    async with running(config, more=more) as bot:
        await _until_stopped(bot, banner(bot.facts(None)))


async def serve_demo(config: Config, demo: Demo) -> None:
    """Run the bot on the local Discord that is starting beside it."""
    try:
        addresses = await demo.ready()
        async with running(demo_config(config, addresses)) as bot:
            await _until_stopped(bot, banner(bot.facts(addresses.url)), demo)
    finally:
        # Here and not later: the loop does not close while a thread waits for the child's end.
        await asyncio.to_thread(demo.stop)


class Bot:
    """A running Seraphim: what the composition root holds."""

    def __init__(self, config: Config, kernel: Kernel, wiring: Wiring, web: WebServer) -> None:
        self.config = config
        self.kernel = kernel
        self.wiring = wiring
        self.web = web
        self.started_seconds = 0.0

    def facts(self, chat_url: str | None) -> Facts:
        """Return what the start-up block shows; ``chat_url`` is the local Discord's page."""
        return Facts(
            bot_name=str(self.wiring.client.user),
            guilds=self.wiring.client.guild_count(),
            chat_url=chat_url,
            web_url=self.web.url,
            data_dir=self.config.data_dir.absolute(),
            library=self.config.library,
            ready_seconds=self.started_seconds,
        )


@contextlib.asynccontextmanager
async def running(config: Config, *, more: Sequence[FeatureBuilder] = ()) -> AsyncGenerator[Bot]:
    """Start everything, yield the running bot once it is ready, and stop in reverse order."""
    since = time.perf_counter()
    configure_logging(config)
    async with contextlib.AsyncExitStack() as stack:
        kernel = await open_kernel(config)
        stack.push_async_callback(kernel.close)
        wiring = wire(kernel, more)
        stack.push_async_callback(wiring.close)
        web = await serve_web(
            create_app(wiring.features, wiring.routes),
            config.web_host,
            config.web_port,
            attempts=1 if "web_port" in config.model_fields_set else PORT_ATTEMPTS,
        )
        stack.push_async_callback(web.stop)
        wiring.web_listens(web.host, web.port)
        await wiring.connect()
        stack.push_async_callback(wiring.disconnect)
        await kernel.start()
        bot = Bot(config, kernel, wiring, web)
        bot.started_seconds = time.perf_counter() - since
        _log.info("seraphim.ready", seconds=round(bot.started_seconds, 2), web=web.url)
        try:
            yield bot
        finally:
            notify("STOPPING=1")


async def _until_stopped(bot: Bot, block: str, demo: Demo | None = None) -> None:
    """Print the block and wait: for a signal, for the end of the connection, or of the demo."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _ask_to_stop, asked)
    await asyncio.to_thread(print, block, flush=True)
    # What has been made so far stays: the collector need not look at it again, which keeps its
    # pauses away from the music.
    gc.freeze()
    gc.enable()
    notify("READY=1")
    endings: set[asyncio.Task[object]] = {
        asyncio.create_task(asked.wait(), name="signal"),
        asyncio.create_task(bot.wiring.client.closed(), name="connection"),
    }
    if demo is not None:
        endings.add(asyncio.create_task(demo.ended(), name="sandbox"))
    try:
        done, _ = await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
        for ending in done:
            await ending
    finally:
        for ending in endings:
            ending.cancel()


def _ask_to_stop(asked: asyncio.Event) -> None:
    """Stop in order at the first signal; end at once at the second."""
    if asked.is_set():
        os._exit(130)
    asked.set()
