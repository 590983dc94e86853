"""The manifest of privacy."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from seraphim.features.privacy.commands import DataCommands
from seraphim.features.privacy.service import MemberData
from seraphim.kernel.feature import Feature
from seraphim.kernel.texts import N_

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

N_("Privacy")  # help shows the feature's name as a title


def build(kernel: "Kernel", catalogue: Callable[[], Sequence[Feature]]) -> Feature:
    """Return the feature.

    Args:
        kernel: For the clock, the ids and the audit log.
        catalogue: Returns all features; each is asked what it knows.
    """
    data = MemberData(kernel.db, kernel.clock, kernel.ids, catalogue)
    commands = DataCommands(data)
    return Feature(
        name="privacy",
        summary=N_("See what the bot knows of you, or make it forget."),
        commands=(commands.group(),),
        components=commands.components(),
    )
