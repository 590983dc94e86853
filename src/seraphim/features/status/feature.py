"""The manifest of status."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from seraphim import __version__
from seraphim.features.status.checks import LoopLag, events_check, jobs_check, redis_check
from seraphim.features.status.commands import build_commands
from seraphim.features.status.routes import routes
from seraphim.features.status.service import HealthBoard, discord_check, disk_check, memory_check
from seraphim.kernel.feature import Feature, HealthCheck, HealthReport
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.link import DiscordLink

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

N_("Status")  # help shows the feature's name as a title


def build(
    kernel: "Kernel", link: DiscordLink, catalogue: Callable[[], Sequence[Feature]]
) -> Feature:
    """Return the feature.

    Args:
        kernel: For the database, the metrics and the clock.
        link: The connection to Discord that is looked at.
        catalogue: Returns all features; called whenever help or health is asked for.
    """
    lag = LoopLag(kernel.clock, kernel.metrics)
    board = HealthBoard(house_checks(kernel, link, lag), catalogue, kernel.clock, kernel.metrics)
    commands, components = build_commands(link, kernel.clock, catalogue, __version__)

    async def start() -> None:
        lag.start()
        await board.start()

    async def stop() -> None:
        await board.stop()
        await lag.stop()

    return Feature(
        name="status",
        summary=N_("Help, and how the bot is doing."),
        commands=commands,
        components=components,
        routes=routes(board, link, kernel.metrics, kernel.clock, __version__),
        start=start,
        stop=stop,
    )


def house_checks(kernel: "Kernel", link: DiscordLink, lag: LoopLag) -> list[HealthCheck]:
    """Return what is asked besides the features; Redis only where it is configured."""
    checks = [
        discord_check(link),
        _database_check(kernel),
        jobs_check(kernel.jobs),
        events_check(kernel.outbox, kernel.clock),
        lag.check(),
        disk_check(kernel.config.data_dir),
        memory_check(),
    ]
    if kernel.config.redis_url is not None:
        checks.append(redis_check(kernel.bus.ping))
    return checks


def _database_check(kernel: "Kernel") -> HealthCheck:
    async def check() -> HealthReport:
        await kernel.db.ping()
        return HealthReport("healthy", kernel.db.dialect)

    return HealthCheck("database", check)
