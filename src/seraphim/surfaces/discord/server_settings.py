"""What an administrator decides about the bot as a whole, on one server."""

from typing import ClassVar, Literal

from pydantic import Field

from seraphim.kernel.marks import N_
from seraphim.kernel.settings import FeatureSettings

ALWAYS_ON = frozenset({"status", "settings"})
"""Features nobody can switch off: without them nothing could be switched on again."""


class ServerSettings(FeatureSettings):
    """Settings of the surface itself, one row a guild like those of any feature."""

    feature: ClassVar[str] = "settings"

    persona: Literal["plain", "seraphim", "dry"] = Field(
        default="plain",
        title=N_("Manner of speaking"),
        description=N_("How the bot words its answers."),
    )
    disabled_features: tuple[str, ...] = Field(
        default=(),
        max_length=50,
        title=N_("Features switched off"),
        description=N_("Names of features whose commands answer nobody here."),
    )
