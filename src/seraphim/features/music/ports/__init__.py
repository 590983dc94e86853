"""What music needs from outside: somewhere to find tracks, something to play them, a guild."""

from seraphim.features.music.ports.audio import (
    AudioBackend,
    AudioEvent,
    AudioFigures,
    AudioListener,
    NullAudioBackend,
    PlaybackEnded,
    PlaybackFailed,
    PlaybackStarted,
    VoiceClosed,
    VoiceMoved,
)
from seraphim.features.music.ports.failures import (
    AddressRefused,
    FailureClass,
    NotSound,
    OnlyDescribed,
    SourceFailed,
    VoiceUnavailable,
)
from seraphim.features.music.ports.limits import GuildLimits, SameLimits
from seraphim.features.music.ports.media import (
    HttpBody,
    HttpFetcher,
    Media,
)
from seraphim.features.music.ports.sources import (
    Likeness,
    NullTrackSource,
    Progress,
    Reach,
    Recommendation,
    RecommendsTracks,
    Resolution,
    TrackSource,
)
from seraphim.features.music.ports.venue import (
    Venue,
)
from seraphim.features.music.rules.filters import (
    BANDS_HZ,
    FLAT_DB,
    NO_FILTERS,
    PRESETS,
    Filters,
    FiltersInvalid,
    Preset,
    Recipe,
    Swing,
)

__all__ = [
    "BANDS_HZ",
    "FLAT_DB",
    "NO_FILTERS",
    "PRESETS",
    "AddressRefused",
    "AudioBackend",
    "AudioEvent",
    "AudioFigures",
    "AudioListener",
    "FailureClass",
    "Filters",
    "FiltersInvalid",
    "GuildLimits",
    "HttpBody",
    "HttpFetcher",
    "Likeness",
    "Media",
    "NotSound",
    "NullAudioBackend",
    "NullTrackSource",
    "OnlyDescribed",
    "PlaybackEnded",
    "PlaybackFailed",
    "PlaybackStarted",
    "Preset",
    "Progress",
    "Reach",
    "Recipe",
    "Recommendation",
    "RecommendsTracks",
    "Resolution",
    "SameLimits",
    "SourceFailed",
    "Swing",
    "TrackSource",
    "Venue",
    "VoiceClosed",
    "VoiceMoved",
    "VoiceUnavailable",
]
