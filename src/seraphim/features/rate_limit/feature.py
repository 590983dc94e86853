"""The manifest of the command limit."""

from typing import TYPE_CHECKING

from seraphim.features.rate_limit.commands import commands
from seraphim.kernel.feature import Feature
from seraphim.kernel.texts import N_
from seraphim.surfaces.discord.rate_limit import RateLimiter

if TYPE_CHECKING:
    from seraphim.kernel.kernel import Kernel

N_("Rate limit")  # help shows the feature's name as a title


def build(kernel: "Kernel", limiter: RateLimiter) -> Feature:
    """Return the feature.

    Args:
        kernel: For the audit log.
        limiter: The one the Discord surface takes from.
    """
    return Feature(
        name="rate_limit",
        summary=N_("How fast members may use commands."),
        commands=commands(kernel, limiter),
    )
