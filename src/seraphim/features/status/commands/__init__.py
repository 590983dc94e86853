"""The commands of status, one file each."""

from collections.abc import Callable, Sequence

from seraphim.features.status.commands.about import about_command
from seraphim.features.status.commands.help import Help
from seraphim.features.status.commands.ping import ping_command
from seraphim.kernel.clock import Clock
from seraphim.kernel.feature import Feature
from seraphim.surfaces.discord.commands import AnyCommand
from seraphim.surfaces.discord.components import Component
from seraphim.surfaces.discord.link import DiscordLink


def build_commands(
    link: DiscordLink,
    clock: Clock,
    catalogue: Callable[[], Sequence[Feature]],
    version: str,
) -> tuple[tuple[AnyCommand, ...], tuple[Component, ...]]:
    """Return the commands and the components they need."""
    helper = Help(link, catalogue)
    commands = (ping_command(link, clock), about_command(link, clock, version), helper.command())
    return commands, helper.components()
