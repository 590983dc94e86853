"""What a guild can decide about its music."""

from typing import ClassVar, Literal

from pydantic import Field

from seraphim.kernel.settings import FeatureSettings

type Announce = Literal["off", "silent", "loud"]


class MusicSettings(FeatureSettings):
    """Settings of the feature ``music``; the defaults suit a new guild."""

    feature: ClassVar[str] = "music"

    default_volume: int = Field(
        default=100,
        ge=0,
        le=200,
        title="Default volume",
        description="Volume of a new player, percent.",
    )
    max_volume: int = Field(
        200,
        ge=1,
        le=200,
        title="Maximum volume",
        description="The loudest anyone may set, percent.",
    )
    max_queue: int = Field(
        default=500, ge=1, le=2000, title="Longest queue", description="How many songs may wait."
    )
    announce: Announce = Field(
        default="off",
        title="Announce songs",
        description="A line in the text channel for each new song: off, silent or loud.",
    )
    idle_minutes: int = Field(
        default=5,
        ge=1,
        le=1440,
        title="Idle minutes",
        description="Leave the voice channel when it is empty, or nothing plays, for so long.",
    )
