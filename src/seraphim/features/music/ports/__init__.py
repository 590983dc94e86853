"""What music needs from outside: somewhere to find tracks, something to play them, a guild."""

from seraphim.features.music.ports.audio import (
    AudioBackend,
    AudioEvent,
    AudioFigures,
    AudioFilters,
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
    SourceFailed,
    VoiceUnavailable,
)
from seraphim.features.music.ports.media import (
    HttpBody,
    HttpFetcher,
    Media,
)
from seraphim.features.music.ports.sources import (
    NullTrackSource,
    Resolution,
    TrackSource,
)
from seraphim.features.music.ports.venue import (
    Venue,
)

__all__ = [
    "AddressRefused",
    "AudioBackend",
    "AudioEvent",
    "AudioFigures",
    "AudioFilters",
    "AudioListener",
    "FailureClass",
    "HttpBody",
    "HttpFetcher",
    "Media",
    "NullAudioBackend",
    "NullTrackSource",
    "PlaybackEnded",
    "PlaybackFailed",
    "PlaybackStarted",
    "Resolution",
    "SourceFailed",
    "TrackSource",
    "Venue",
    "VoiceClosed",
    "VoiceMoved",
    "VoiceUnavailable",
]
