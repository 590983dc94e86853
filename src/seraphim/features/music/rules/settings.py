"""What a guild can decide about its music."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

type Announce = Literal["off", "silent", "loud"]


class MusicSettings(BaseModel):
    """Settings of the feature ``music``; the defaults suit a new guild."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    feature: ClassVar[str] = "music"

    default_volume: int = Field(
        100, ge=0, le=200, title="Default volume", description="Volume of a new player, percent."
    )
    max_volume: int = Field(
        200,
        ge=1,
        le=200,
        title="Maximum volume",
        description="The loudest anyone may set, percent.",
    )
    max_queue: int = Field(
        500, ge=1, le=2000, title="Longest queue", description="How many songs may wait."
    )
    announce: Announce = Field(
        "off",
        title="Announce songs",
        description="A line in the text channel for each new song: off, silent or loud.",
    )
    idle_minutes: int = Field(
        5,
        ge=1,
        le=1440,
        title="Idle minutes",
        description="Leave the voice channel when it is empty, or nothing plays, for so long.",
    )
