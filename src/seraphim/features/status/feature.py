"""The manifest of status."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from seraphim import __version__
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
    checks = (
        discord_check(link),
        _database_check(kernel),
        disk_check(kernel.config.data_dir),
        memory_check(),
    )
    board = HealthBoard(checks, catalogue, kernel.clock, kernel.metrics)
    commands, components = build_commands(link, kernel.clock, catalogue, __version__)
    return Feature(
        name="status",
        summary=N_("Help, and how the bot is doing."),
        commands=commands,
        components=components,
        routes=routes(board, link, kernel.metrics, kernel.clock, __version__),
        start=board.start,
        stop=board.stop,
    )


def _database_check(kernel: "Kernel") -> HealthCheck:
    async def check() -> HealthReport:
        await kernel.db.ping()
        return HealthReport("healthy", kernel.db.dialect)

    return HealthCheck("database", check)
