"""What a guild can decide about its music."""

from typing import ClassVar, Literal

from pydantic import Field

from seraphim.features.music.rules.segments import SegmentCategory
from seraphim.kernel.ids import ChannelId, RoleId
from seraphim.kernel.marks import N_
from seraphim.kernel.settings import FeatureSettings

type Announce = Literal["off", "silent", "loud"]


class MusicSettings(FeatureSettings):
    """Settings of the feature ``music``; the defaults suit a new guild."""

    feature: ClassVar[str] = "music"

    default_volume: int = Field(
        default=100,
        ge=0,
        le=200,
        title=N_("Default volume"),
        description=N_("Volume of a new player, percent."),
    )
    max_volume: int = Field(
        200,
        ge=1,
        le=200,
        title=N_("Maximum volume"),
        description=N_("The loudest anyone may set, percent."),
    )
    max_queue: int = Field(
        default=500,
        ge=1,
        le=2000,
        title=N_("Longest queue"),
        description=N_("How many songs may wait."),
    )
    max_track_minutes: int = Field(
        default=0,
        ge=0,
        le=1440,
        title=N_("Longest song"),
        description=N_(
            "Minutes a song may last; 0 for no limit of your own. Live streams may always."
        ),
    )
    max_playlist: int = Field(
        default=500,
        ge=1,
        le=1000,
        title=N_("Longest playlist"),
        description=N_("How many songs of one list are taken."),
    )
    duplicates: bool = Field(
        default=True,
        title=N_("Duplicates"),
        description=N_("Whether a song may be in the queue twice."),
    )
    allowed_sources: tuple[str, ...] = Field(
        default=(),
        max_length=20,
        title=N_("Allowed sources"),
        description=N_("Where songs may come from, by name; none means everywhere."),
    )
    dj_role: RoleId | None = Field(
        default=None,
        title=N_("DJ role"),
        description=N_("Who steers the music while others listen; without one, every listener."),
    )
    dj_only: bool = Field(
        default=False,
        title=N_("DJs only"),
        description=N_("Whether only DJs may ask for songs and steer."),
    )
    vote_percent: int = Field(
        default=50,
        ge=1,
        le=100,
        title=N_("Votes to skip"),
        description=N_("How many of the listeners must agree to skip a song, percent."),
    )
    text_channel: ChannelId | None = Field(
        default=None,
        title=N_("Text channel"),
        description=N_("Where music commands are taken; without one, everywhere."),
    )
    announce: Announce = Field(
        default="off",
        title=N_("Announce songs"),
        description=N_("A line in the text channel for each new song: off, silent or loud."),
    )
    idle_minutes: int = Field(
        default=5,
        ge=1,
        le=1440,
        title=N_("Idle minutes"),
        description=N_("Leave the voice channel when it is empty, or nothing plays, for so long."),
    )
    skipped_parts: tuple[SegmentCategory, ...] = Field(
        default=("sponsor", "music_offtopic"),
        max_length=8,
        title=N_("Skipped parts"),
        description=N_("Parts of videos that are skipped, as SponsorBlock knows them."),
    )
