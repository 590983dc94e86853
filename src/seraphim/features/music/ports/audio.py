"""What plays: voice connections, one player a guild, and what they report."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol

from seraphim.features.music.ports.failures import FailureClass
from seraphim.features.music.ports.media import Media
from seraphim.features.music.rules.filters import NO_FILTERS, Filters
from seraphim.kernel.errors import ErrorParameter, Unavailable
from seraphim.kernel.ids import ChannelId, GuildId


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
    """A sentence for the listeners: a gettext message id."""
    position_ms: int
    parameters: Mapping[str, ErrorParameter] = field(default_factory=dict[str, ErrorParameter])
    """What the sentence's ``{placeholders}`` stand for; texts of strangers are escaped."""


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
class AudioFigures:
    """What a backend measures, for health and metrics; times in milliseconds."""

    players: int = 0
    playing: int = 0
    packets_sent: int = 0
    underruns: int = 0
    late_p99_ms: float = 0.0
    extra: dict[str, float] = field(default_factory=dict[str, float])
    problems: tuple[str, ...] = ()
    """Sentences for the owner of the installation: what does not work now."""


class AudioBackend(Protocol):
    """Plays media into voice channels, one player a guild."""

    name: ClassVar[str]
    plays_on: ClassVar[bool]
    """Whether what it plays goes on while this process is away."""

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
        filters: Filters = NO_FILTERS,
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
        """Jump within the media that is playing; on a file at most 100 ms off."""
        ...

    async def set_volume(self, guild_id: GuildId, volume_percent: int) -> None:
        """Change the loudness at once; 100 leaves the samples alone, 0 is silence, up to 200.

        Nothing is skipped, repeated or silent meanwhile; what would exceed full scale is limited.
        """
        ...

    async def set_filters(self, guild_id: GuildId, filters: Filters) -> None:
        """Change the sound of what is playing at once; does nothing when nothing plays.

        Nothing is skipped or repeated, and the position goes on from where it is, at the new
        speed. :data:`NO_FILTERS` takes every change back. A later :meth:`play` brings its own.
        """
        ...

    def position_ms(self, guild_id: GuildId) -> int | None:
        """Return how far the playback is (what has been sent), or None when nothing is loaded.

        Counted in the medium: at double speed it advances two seconds a second.
        """
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
    plays_on: ClassVar[bool] = False

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
        filters: Filters = NO_FILTERS,
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

    async def set_filters(self, guild_id: GuildId, filters: Filters) -> None:
        """Nothing plays."""
        _ = guild_id, filters

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
