"""What music needs from outside: somewhere to find tracks and something to play them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol

from seraphim.features.music.rules.track import Track
from seraphim.kernel.errors import SeraphimError, Unavailable
from seraphim.kernel.ids import ChannelId, GuildId

type FailureClass = Literal[
    "network", "login", "region", "age", "removed", "unsupported", "too_long", "refused", "unknown"
]


class SourceFailed(SeraphimError):
    """A source could not find or open a track; ``reason`` is a whole sentence for the listener."""

    code = "music.source_failed"
    http_status = 422
    message = "{reason}"

    def __init__(self, reason: str, *, failure: FailureClass = "unknown") -> None:
        super().__init__(reason=reason)
        self.failure: FailureClass = failure


class AddressRefused(SourceFailed):
    """The URL leads into a private network (SSRF) or uses a scheme that is not allowed."""

    code = "music.address_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, failure="refused")


class VoiceUnavailable(SeraphimError):
    """The voice connection could not be made; ``reason`` says what to do."""

    code = "music.voice_unavailable"
    http_status = 503
    message = "{reason}"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


@dataclass(frozen=True, slots=True)
class Media:
    """What a backend opens: bytes on disk, or bytes behind a URL that has passed the SSRF guard."""

    kind: Literal["file", "http"]
    location: str
    """An absolute path, or an http(s) URL."""
    is_stream: bool = False


class HttpBody(Protocol):
    """Bytes that are arriving from a checked address; nothing is kept that was not asked for."""

    @property
    def url(self) -> str:
        """The address that answered, after every redirect."""
        ...

    @property
    def content_type(self) -> str:
        """The media type in lower case and without parameters; empty when none was sent."""
        ...

    @property
    def content_length(self) -> int | None:
        """The size in bytes, or None when the server did not say (a stream, mostly)."""
        ...

    @property
    def title(self) -> str | None:
        """A title the headers gave (``icy-name``, the file name of Content-Disposition)."""
        ...

    async def read(self, n: int) -> bytes:
        """Return 1 to ``n`` bytes, ``b""`` at the end; raises SourceFailed when it breaks."""
        ...

    async def close(self) -> None:
        """Drop the connection; may be called twice."""
        ...


class HttpFetcher(Protocol):
    """Opens http(s) URLs that members typed, refusing every road into a private network."""

    async def open(self, url: str, *, endless: bool = False) -> HttpBody:
        """Answer once the headers are there.

        Args:
            url: An absolute http or https URL.
            endless: A live stream: it may run for ever, so no size limit is kept.

        Raises:
            AddressRefused: The address, or one it redirects to, is not public.
            SourceFailed: It cannot be reached, answered with an error, or is too large.
        """
        ...


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a query turned into: nothing, one track, or a list (a folder, an album)."""

    tracks: tuple[Track, ...]
    playlist_title: str | None = None
    """Set when the query named a list and not a single track."""
    truncated: bool = False
    """More tracks matched than ``limit`` allowed."""


class TrackSource(Protocol):
    """Finds tracks and opens them. Errors are :class:`SourceFailed`."""

    name: ClassVar[str]
    """Short and stable; stored with every track."""

    def claims(self, query: str) -> bool:
        """Say whether ``query`` is this source's own form (a URL, say); no I/O."""
        ...

    async def resolve(self, query: str, *, limit: int) -> Resolution:
        """Turn what the member typed into at most ``limit`` tracks; empty when nothing fits."""
        ...

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Return the best matches, best first; fast enough for autocomplete (< 200 ms)."""
        ...

    async def open(self, track: Track) -> Media:
        """Return what the backend should open; raises SourceFailed when it is gone."""
        ...

    async def ping(self) -> None:
        """Raise when the source cannot work right now; feeds the health page."""
        ...

    async def close(self) -> None:
        """Let go of connections and watchers."""
        ...


class NullTrackSource:
    """The source of an installation without any: finds nothing, and says what to set."""

    name: ClassVar[str] = "null"

    def claims(self, query: str) -> bool:
        """Claim nothing."""
        _ = query
        return False

    async def resolve(self, query: str, *, limit: int) -> Resolution:
        """Refuse, naming the setting."""
        _ = query, limit
        reason = "No music source is set up. Set SERAPHIM_LIBRARY to a folder with songs."
        raise SourceFailed(reason, failure="unsupported")

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        """Find nothing."""
        _ = text, limit
        return ()

    async def open(self, track: Track) -> Media:
        """Refuse: nothing can have come from here."""
        raise SourceFailed(f"Nothing can open {track.title}.", failure="unsupported")

    async def ping(self) -> None:
        """Fine: there is nothing to reach."""

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass(frozen=True, slots=True)
class PlaybackStarted:
    """The first packet of this playback has left."""

    guild_id: GuildId
    playback_id: str


@dataclass(frozen=True, slots=True)
class PlaybackEnded:
    """The media was played to its end (never sent after stop or a newer play)."""

    guild_id: GuildId
    playback_id: str


@dataclass(frozen=True, slots=True)
class PlaybackFailed:
    """The media could not be played, or broke off at ``position_ms``."""

    guild_id: GuildId
    playback_id: str
    failure: FailureClass
    reason: str
    """A sentence for the listeners."""
    position_ms: int


@dataclass(frozen=True, slots=True)
class VoiceClosed:
    """The bot is out of the voice channel and the backend will not come back by itself."""

    guild_id: GuildId
    reason: Literal["kicked", "channel_deleted", "connection_lost"]


@dataclass(frozen=True, slots=True)
class VoiceMoved:
    """Somebody moved the bot to another voice channel; the music goes on there."""

    guild_id: GuildId
    channel_id: ChannelId


type AudioEvent = PlaybackStarted | PlaybackEnded | PlaybackFailed | VoiceClosed | VoiceMoved
type AudioListener = Callable[[AudioEvent], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class AudioFilters:
    """Changes of the sound; the default changes nothing, so that Opus can pass through."""

    equalizer_db: tuple[float, ...] = ()
    """Gains of the 15 bands (dB), or empty for flat."""
    speed: float = 1.0
    pitch: float = 1.0
    preset: str = "flat"


@dataclass(frozen=True, slots=True)
class AudioFigures:
    """What a backend measures, for health and metrics; times in milliseconds."""

    players: int = 0
    playing: int = 0
    packets_sent: int = 0
    underruns: int = 0
    late_p99_ms: float = 0.0
    extra: dict[str, float] = field(default_factory=dict[str, float])


class AudioBackend(Protocol):
    """Plays media into voice channels, one player a guild."""

    name: ClassVar[str]

    def subscribe(self, listener: AudioListener) -> None:
        """Send every event of every player to ``listener`` (one listener: the music service)."""
        ...

    async def connect(self, guild_id: GuildId, channel_id: ChannelId) -> None:
        """Join, or move to, a voice channel; raises VoiceUnavailable. Idempotent."""
        ...

    async def disconnect(self, guild_id: GuildId) -> None:
        """Stop and leave; does nothing when not connected."""
        ...

    async def play(
        self,
        guild_id: GuildId,
        media: Media,
        *,
        playback_id: str,
        position_ms: int = 0,
        volume_percent: int = 100,
        filters: AudioFilters | None = None,
        paused: bool = False,
    ) -> None:
        """Replace what is playing. Returns once accepted; trouble arrives as PlaybackFailed."""
        ...

    async def pause(self, guild_id: GuildId) -> None:
        """Fall silent and hold the position."""
        ...

    async def resume(self, guild_id: GuildId) -> None:
        """Go on from the held position."""
        ...

    async def stop(self, guild_id: GuildId) -> None:
        """End the playback without an event; stays in the channel."""
        ...

    async def seek(self, guild_id: GuildId, position_ms: int) -> None:
        """Jump within the media that is playing."""
        ...

    async def set_volume(self, guild_id: GuildId, volume_percent: int) -> None:
        """Change the loudness at once; 100 leaves the samples alone, 0 is silence, up to 200."""
        ...

    def position_ms(self, guild_id: GuildId) -> int | None:
        """Return how far the playback is (what has been sent), or None when nothing is loaded."""
        ...

    def channel_id(self, guild_id: GuildId) -> ChannelId | None:
        """Return the voice channel the bot is in, or None."""
        ...

    def figures(self) -> AudioFigures:
        """Return what the health page and the metrics show."""
        ...

    async def close(self) -> None:
        """Stop every player and leave every channel, within five seconds."""
        ...


class NullAudioBackend:
    """Plays nothing: for an installation whose voice support could not be loaded."""

    name: ClassVar[str] = "null"

    def subscribe(self, listener: AudioListener) -> None:
        """Keep nobody: there will be no events."""
        _ = listener

    async def connect(self, guild_id: GuildId, channel_id: ChannelId) -> None:
        """Refuse."""
        _ = guild_id, channel_id
        raise Unavailable(what="Voice")

    async def disconnect(self, guild_id: GuildId) -> None:
        """Nothing to leave."""
        _ = guild_id

    async def play(
        self,
        guild_id: GuildId,
        media: Media,
        *,
        playback_id: str,
        position_ms: int = 0,
        volume_percent: int = 100,
        filters: AudioFilters | None = None,
        paused: bool = False,
    ) -> None:
        """Refuse."""
        _ = guild_id, media, playback_id, position_ms, volume_percent, filters, paused
        raise Unavailable(what="Voice")

    async def pause(self, guild_id: GuildId) -> None:
        """Nothing plays."""
        _ = guild_id

    async def resume(self, guild_id: GuildId) -> None:
        """Nothing plays."""
        _ = guild_id

    async def stop(self, guild_id: GuildId) -> None:
        """Nothing plays."""
        _ = guild_id

    async def seek(self, guild_id: GuildId, position_ms: int) -> None:
        """Nothing plays."""
        _ = guild_id, position_ms

    async def set_volume(self, guild_id: GuildId, volume_percent: int) -> None:
        """Nothing plays."""
        _ = guild_id, volume_percent

    def position_ms(self, guild_id: GuildId) -> int | None:
        """Nothing is loaded."""
        _ = guild_id
        return None

    def channel_id(self, guild_id: GuildId) -> ChannelId | None:
        """In no channel."""
        _ = guild_id
        return None

    def figures(self) -> AudioFigures:
        """Return zeros."""
        return AudioFigures()

    async def close(self) -> None:
        """Nothing to stop."""
