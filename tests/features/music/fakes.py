"""Stand-ins for what music needs from outside; each implements its port."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from seraphim.features.music.ports import (
    NO_FILTERS,
    AudioEvent,
    AudioFigures,
    AudioListener,
    FailureClass,
    Filters,
    Media,
    NotShown,
    PlaybackEnded,
    PlaybackFailed,
    PlaybackStarted,
    Progress,
    Reach,
    Resolution,
    SourceFailed,
    VoiceClosed,
    VoiceMoved,
    VoiceUnavailable,
)
from seraphim.features.music.rules.control import VoiceRoom
from seraphim.features.music.rules.notices import Notice
from seraphim.features.music.rules.picture import Picture
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import Clock
from seraphim.kernel.errors import ErrorParameter
from seraphim.kernel.ids import ChannelId, GuildId, MessageId, UserId


@dataclass
class Player:
    """One guild's connection, and what plays on it."""

    channel_id: ChannelId
    media: Media | None = None
    playback_id: str = ""
    position_ms: int = 0
    since: float | None = None
    """Clock seconds at which ``position_ms`` was true; None while silent."""
    volume_percent: int = 100
    filters: Filters = NO_FILTERS


class FakeAudioBackend:
    """Plays in thought: positions follow the clock, ends and failures come when the test says."""

    name: ClassVar[str] = "fake"
    plays_on: ClassVar[bool] = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._listener: AudioListener | None = None
        self.players: dict[GuildId, Player] = {}
        self.played: list[Media] = []
        self.refuse_connect: str | None = None
        self.is_closed = False

    def subscribe(self, listener: AudioListener) -> None:
        self._listener = listener

    async def connect(self, guild_id: GuildId, channel_id: ChannelId) -> None:
        if self.refuse_connect is not None:
            raise VoiceUnavailable(self.refuse_connect)
        self.players.setdefault(guild_id, Player(channel_id)).channel_id = channel_id

    async def disconnect(self, guild_id: GuildId) -> None:
        self.players.pop(guild_id, None)

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
        player = self.players.get(guild_id)
        if player is None:
            raise VoiceUnavailable("I am not in a voice channel.")
        player.media, player.playback_id = media, playback_id
        player.position_ms, player.volume_percent = position_ms, volume_percent
        player.filters = filters
        player.since = None if paused else self._clock.monotonic()
        self.played.append(media)

    async def pause(self, guild_id: GuildId) -> None:
        if player := self.players.get(guild_id):
            player.position_ms, player.since = self._position(player), None

    async def resume(self, guild_id: GuildId) -> None:
        player = self.players.get(guild_id)
        if player is not None and player.media is not None and player.since is None:
            player.since = self._clock.monotonic()

    async def stop(self, guild_id: GuildId) -> None:
        if player := self.players.get(guild_id):
            player.media, player.since, player.position_ms = None, None, 0

    async def seek(self, guild_id: GuildId, position_ms: int) -> None:
        if player := self.players.get(guild_id):
            player.position_ms = position_ms
            player.since = None if player.since is None else self._clock.monotonic()

    async def set_volume(self, guild_id: GuildId, volume_percent: int) -> None:
        if player := self.players.get(guild_id):
            player.volume_percent = volume_percent

    async def set_filters(self, guild_id: GuildId, filters: Filters) -> None:
        player = self.players.get(guild_id)
        if player is not None and player.media is not None:
            player.position_ms = self._position(player)
            player.since = None if player.since is None else self._clock.monotonic()
            player.filters = filters

    def position_ms(self, guild_id: GuildId) -> int | None:
        player = self.players.get(guild_id)
        return None if player is None or player.media is None else self._position(player)

    def channel_id(self, guild_id: GuildId) -> ChannelId | None:
        player = self.players.get(guild_id)
        return None if player is None else player.channel_id

    def figures(self) -> AudioFigures:
        playing = sum(1 for player in self.players.values() if player.since is not None)
        return AudioFigures(players=len(self.players), playing=playing)

    async def close(self) -> None:
        self.players.clear()
        self.is_closed = True

    def is_sounding(self, guild_id: GuildId) -> bool:
        player = self.players.get(guild_id)
        return player is not None and player.since is not None

    async def begin(self, guild_id: GuildId) -> None:
        """The first packet has left."""
        await self._emit(PlaybackStarted(guild_id, self.players[guild_id].playback_id))

    async def finish(self, guild_id: GuildId) -> None:
        """The song has reached its end."""
        player = self.players[guild_id]
        player.media, player.since = None, None
        await self._emit(PlaybackEnded(guild_id, player.playback_id))

    async def fail(
        self,
        guild_id: GuildId,
        reason: str,
        failure: FailureClass = "network",
        at_ms: int = 0,
        **parameters: ErrorParameter,
    ) -> None:
        """The song broke off."""
        player = self.players[guild_id]
        player.media, player.since = None, None
        await self._emit(
            PlaybackFailed(guild_id, player.playback_id, failure, reason, at_ms, parameters)
        )

    async def lose(self, event: VoiceClosed) -> None:
        """The connection is gone."""
        self.players.pop(event.guild_id, None)
        await self._emit(event)

    async def move(self, guild_id: GuildId, channel_id: ChannelId) -> None:
        """Somebody has moved the bot."""
        self.players[guild_id].channel_id = channel_id
        await self._emit(VoiceMoved(guild_id, channel_id))

    async def _emit(self, event: AudioEvent) -> None:
        assert self._listener is not None
        await self._listener(event)

    def _position(self, player: Player) -> int:
        if player.since is None:
            return player.position_ms
        seconds = (self._clock.monotonic() - player.since) * player.filters.recipe().speed
        return player.position_ms + round(seconds * 1000)


class FakeSource:
    """Knows the tracks the test gives it, by their identifier."""

    name: ClassVar[str] = "library"
    reach: ClassVar[Reach] = "typing"

    def __init__(self, *tracks: Track) -> None:
        self.tracks = {track.identifier: track for track in tracks}
        self.broken: dict[str, str] = {}
        self.is_closed = False

    def claims(self, query: str) -> bool:
        return query.startswith("library:")

    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        _ = progress
        text = query.removeprefix("library:")
        if text == "everything":
            found = tuple(self.tracks.values())
            return Resolution(found[:limit], "Everything", len(found) > limit)
        track = self.tracks.get(text)
        return Resolution(() if track is None else (track,))

    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        return [t for t in self.tracks.values() if text.casefold() in t.title.casefold()][:limit]

    async def open(self, track: Track) -> Media:
        if reason := self.broken.get(track.identifier):
            raise SourceFailed(reason, failure="removed")
        return Media("file", f"/library/{track.identifier}", track.is_stream)

    async def ping(self) -> None:
        return None

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class FakeVenue:
    """A guild with voice channels, and a text channel that remembers what was said."""

    rooms: dict[ChannelId, VoiceRoom] = field(default_factory=dict[ChannelId, VoiceRoom])
    members: dict[UserId, ChannelId] = field(default_factory=dict[UserId, ChannelId])
    deafened: set[UserId] = field(default_factory=set[UserId])
    said: list[Notice] = field(default_factory=list[Notice])
    shown: list[tuple[MessageId, Picture]] = field(default_factory=list[tuple[MessageId, Picture]])
    removed: list[MessageId] = field(default_factory=list[MessageId])
    missing: set[MessageId] = field(default_factory=set[MessageId])
    """Messages that somebody has deleted."""
    unreachable: int = 0
    """So many of the next edits do not arrive."""
    when_sent: Callable[[MessageId], Awaitable[None]] | None = None
    """What happens between the sending of a controller and its answer."""
    is_known: bool = True
    next_message: int = 5000

    def knows(self, guild_id: GuildId) -> bool:
        _ = guild_id
        return self.is_known

    def room(self, guild_id: GuildId, channel_id: ChannelId) -> VoiceRoom | None:
        _ = guild_id
        room = self.rooms.get(channel_id)
        if room is None:
            return None
        return replace(room, listeners=sum(1 for c in self.members.values() if c == channel_id))

    def channel_of(self, guild_id: GuildId, user_id: UserId) -> ChannelId | None:
        _ = guild_id
        return self.members.get(user_id)

    def listening(self, guild_id: GuildId, channel_id: ChannelId) -> Sequence[UserId]:
        _ = guild_id
        here = [user for user, channel in self.members.items() if channel == channel_id]
        return [user for user in here if user not in self.deafened]

    async def say(self, guild_id: GuildId, channel_id: ChannelId, notice: Notice) -> None:
        _ = guild_id, channel_id
        self.said.append(notice)

    async def show(
        self,
        guild_id: GuildId,
        channel_id: ChannelId,
        message_id: MessageId | None,
        picture: Picture,
    ) -> MessageId | None:
        _ = guild_id, channel_id
        if message_id is not None and self.unreachable:
            self.unreachable -= 1
            raise NotShown
        if message_id is None or message_id in self.missing:
            self.next_message += 1
            message_id = MessageId(self.next_message)
            if self.when_sent is not None:
                await self.when_sent(message_id)
        self.shown.append((message_id, picture))
        return message_id

    async def remove(self, guild_id: GuildId, channel_id: ChannelId, message_id: MessageId) -> None:
        _ = guild_id, channel_id
        self.removed.append(message_id)


async def settle() -> None:
    """Give tasks that are ready a few turns of the loop."""
    for _ in range(20):
        await asyncio.sleep(0)
