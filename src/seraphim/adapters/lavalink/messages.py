"""The words of Lavalink's protocol, version 4, exactly typed.

Source: Lavalink's own documentation, pages "REST API" and "WebSocket API" (lavalink.dev/api), and
for the plugins the READMEs of LavaLyrics and SponsorBlock-Plugin. Times are milliseconds. Fields
this client does not read are left out, unknown ones are ignored, so that a newer node still fits.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

type Json = dict[str, Any]
type GuildText = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,20}$")]
"""A guild's id in digits."""
type EndReason = Literal["finished", "loadFailed", "stopped", "replaced", "cleanup"]


class Word(Struct, kw_only=True, rename="camel"):
    """A part of a message; names are camelCase on the wire."""


class Request(Struct, kw_only=True, rename="camel", omit_defaults=True):
    """A part of a request; what is unset is not sent, which leaves the node's value as it is."""


class TrackInfo(Word):
    """What a node knows of a track."""

    identifier: str
    is_seekable: bool
    author: str
    length: int
    is_stream: bool
    position: int
    title: str
    source_name: str
    uri: str | None = None
    artwork_url: str | None = None
    isrc: str | None = None


class Track(Word):
    """A track as the node encodes it; ``user_data`` comes back as it was sent."""

    encoded: str
    info: TrackInfo
    plugin_info: Json = {}
    user_data: Json = {}


class PlayerState(Word):
    """Where a player is; ``time`` is the node's wall clock."""

    time: int
    position: int
    connected: bool
    ping: int = -1


class VoiceState(Word):
    """What a node needs to connect to Discord's voice server; all four since Lavalink 4.2."""

    token: str
    endpoint: str
    session_id: str
    channel_id: str | None = None


class Player(Word):
    """One guild's player on a node."""

    guild_id: GuildText
    track: Track | None
    volume: int
    paused: bool
    state: PlayerState
    voice: VoiceState
    filters: Json = {}


class TrackUpdate(Request):
    """Which track to play: ``encoded`` (None stops) or ``identifier``, never both."""

    encoded: str | UnsetType | None = UNSET
    identifier: str | UnsetType = UNSET
    user_data: Json | UnsetType = UNSET


class PlayerUpdate(Request):
    """A change of a player."""

    track: TrackUpdate | UnsetType = UNSET
    position: int | UnsetType = UNSET
    volume: int | UnsetType = UNSET
    paused: bool | UnsetType = UNSET
    filters: Json | UnsetType = UNSET
    voice: VoiceState | UnsetType = UNSET


class SessionUpdate(Request):
    """Whether the session outlives its connection, and for how many seconds."""

    resuming: bool
    timeout: int


class Exception_(Word):  # noqa: N801 - the protocol's word, which Python has taken
    """Why a track could not be loaded or played."""

    severity: Literal["common", "suspicious", "fault"]
    cause: str
    message: str | None = None


class PlaylistInfo(Word):
    """A playlist's name, and which track of it the URL meant (-1: none)."""

    name: str
    selected_track: int = -1


class Playlist(Word):
    """A list that a node has loaded."""

    info: PlaylistInfo
    tracks: list[Track]
    plugin_info: Json = {}


class TrackLoaded(Word, tag_field="loadType", tag="track"):
    """One track."""

    data: Track


class PlaylistLoaded(Word, tag_field="loadType", tag="playlist"):
    """A list."""

    data: Playlist


class SearchLoaded(Word, tag_field="loadType", tag="search"):
    """What a search has found, best first."""

    data: list[Track]


class NothingLoaded(Word, tag_field="loadType", tag="empty"):
    """No source of the node knows the identifier."""

    data: Json | None = None


class LoadFailed(Word, tag_field="loadType", tag="error"):
    """A source knew it and failed."""

    data: Exception_


type LoadResult = TrackLoaded | PlaylistLoaded | SearchLoaded | NothingLoaded | LoadFailed


class Version(Word):
    """A node's version."""

    semver: str
    major: int
    minor: int
    patch: int


class Plugin(Word):
    """A plugin that the node has loaded."""

    name: str
    version: str


class Info(Word):
    """What a node can do."""

    version: Version
    source_managers: list[str]
    filters: list[str]
    plugins: list[Plugin]


class Memory(Word):
    """Memory of a node, in bytes."""

    free: int
    used: int
    allocated: int
    reservable: int


class Cpu(Word):
    """Load of a node's machine and of Lavalink on it, 0 to 1."""

    cores: int
    system_load: float
    lavalink_load: float


class FrameStats(Word):
    """Frames of the last minute: sent, sent as silence, and missing (3,000 are due a player)."""

    sent: int
    nulled: int
    deficit: int


class Stats(Word):
    """Statistics that a node sends once a minute."""

    players: int
    playing_players: int
    uptime: int
    memory: Memory
    cpu: Cpu
    frame_stats: FrameStats | None = None


class Ready(Word):
    """The first message of a connection."""

    resumed: bool
    session_id: str


class PlayerUpdated(Word):
    """Sent every few seconds while a track plays, and after changes."""

    guild_id: GuildText
    state: PlayerState


class TrackStarted(Word):
    """A track has begun."""

    guild_id: GuildText
    track: Track


class TrackEnded(Word):
    """A track is over."""

    guild_id: GuildText
    track: Track
    reason: EndReason


class TrackFailed(Word):
    """A track threw an exception; TrackEnded follows."""

    guild_id: GuildText
    track: Track
    exception: Exception_


class TrackStuck(Word):
    """No sound came from a track for ``threshold_ms``."""

    guild_id: GuildText
    track: Track
    threshold_ms: int


class VoiceSocketClosed(Word):
    """The node's connection to Discord's voice gateway is closed."""

    guild_id: GuildText
    code: int
    reason: str
    by_remote: bool


class Segment(Word):
    """A part of a track that SponsorBlock knows; milliseconds from the start."""

    category: str
    start: int
    end: int


class SegmentsLoaded(Word):
    """The SponsorBlock plugin knows these segments of the track."""

    guild_id: GuildText
    segments: list[Segment]


class SegmentSkipped(Word):
    """The SponsorBlock plugin has skipped a segment."""

    guild_id: GuildText
    segment: Segment


class LyricsLine(Word):
    """One line of a song's words and when it is sung."""

    timestamp: int
    line: str
    duration: int | None = None


class Lyrics(Word):
    """The words of a song from the LavaLyrics plugin; all but the source may be missing."""

    source_name: str
    provider: str | None = None
    text: str | None = None
    lines: list[LyricsLine] | None = None


class ErrorAnswer(Word):
    """What a node answers to a request it refuses."""

    status: int
    error: str
    message: str = ""
    path: str = ""


type Event = (
    TrackStarted
    | TrackEnded
    | TrackFailed
    | TrackStuck
    | VoiceSocketClosed
    | SegmentsLoaded
    | SegmentSkipped
)
type Message = Ready | PlayerUpdated | Stats | Event

_OPS: dict[str, type[Message]] = {"ready": Ready, "playerUpdate": PlayerUpdated, "stats": Stats}
_EVENTS: dict[str, type[Message]] = {
    "TrackStartEvent": TrackStarted,
    "TrackEndEvent": TrackEnded,
    "TrackExceptionEvent": TrackFailed,
    "TrackStuckEvent": TrackStuck,
    "WebSocketClosedEvent": VoiceSocketClosed,
    "SegmentsLoaded": SegmentsLoaded,
    "SegmentSkipped": SegmentSkipped,
}


class _Label(Struct):
    op: str
    type: str = ""


_label = msgspec.json.Decoder(_Label)
_decoders: dict[type[Message], msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(kind) for kind in (*_OPS.values(), *_EVENTS.values())
}


def read_message(text: str | bytes) -> Message | None:
    """Return a websocket message, or None for one of a plugin this client does not use.

    Raises:
        msgspec.MsgspecError: It is not what the protocol says.
    """
    label = _label.decode(text)
    kind = _EVENTS.get(label.type) if label.op == "event" else _OPS.get(label.op)
    return None if kind is None else _decoders[kind].decode(text)
