"""The manifest of settings."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from seraphim.features.settings.commands import SettingsCommands
from seraphim.features.settings.service import SettingsService
from seraphim.kernel.feature import Feature
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.server_settings import ServerSettings

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

N_("Settings")  # help shows the feature's name as a title


def build(kernel: "Kernel", catalogue: Callable[[], Sequence[Feature]]) -> Feature:
    """Return the feature.

    Args:
        kernel: For the stored settings and their audit log.
        catalogue: Returns all features; their settings models are what can be changed.
    """
    commands = SettingsCommands(SettingsService(kernel.db, kernel.settings, catalogue))
    return Feature(
        name="settings",
        summary=N_("What the bot does on this server."),
        commands=(commands.group(),),
        components=commands.components(),
        settings=ServerSettings,
    )
