"""The audio backend that plays on Lavalink nodes."""

import asyncio
from collections.abc import Callable, Sequence
from typing import ClassVar

import discord
import structlog

from seraphim.adapters.lavalink import explain, plugins
from seraphim.adapters.lavalink.announcer import Announcer
from seraphim.adapters.lavalink.figures import NodeMetrics, Sums, figures
from seraphim.adapters.lavalink.filters import mapped
from seraphim.adapters.lavalink.leftovers import LeftOvers, end_player
from seraphim.adapters.lavalink.locating import Locator
from seraphim.adapters.lavalink.messages import (
    Message,
    Player,
    PlayerUpdated,
    Ready,
    SegmentSkipped,
    SegmentsLoaded,
    Stats,
    TrackEnded,
    TrackFailed,
    TrackStarted,
    TrackStuck,
    VoiceSocketClosed,
)
from seraphim.adapters.lavalink.node import Node
from seraphim.adapters.lavalink.player import GuildPlayer
from seraphim.adapters.lavalink.pool import Pool
from seraphim.adapters.lavalink.presence import Presence
from seraphim.adapters.lavalink.tuning import Tuning
from seraphim.features.music.ports import (
    NO_FILTERS,
    AudioEvent,
    AudioFigures,
    AudioListener,
    Filters,
    Media,
    VoiceUnavailable,
)
from seraphim.features.music.ports.nodes import ForgetfulNodeSessions, NodeSessions
from seraphim.features.music.ports.segments import PartListener, WantedParts
from seraphim.features.music.rules.lyrics import Words
from seraphim.kernel.dice import Dice
from seraphim.kernel.ids import ChannelId, GuildId
from seraphim.kernel.node_addresses import NodeAddress
from seraphim.kernel.telemetry import Metrics

_log = structlog.get_logger(__name__)


class LavalinkAudio:
    """Plays on any number of Lavalink v4 nodes; implements ``AudioBackend``.

    Nodes play on for a while when this process ends; the next one takes their players over.

    Args:
        client: Returns the Discord client; called late, because it is made after the features.
        addresses: The nodes.
        locator: Turns media into identifiers.
        sessions: Remembers the sessions over restarts.
        dice: Spreads attempts.
        metrics: Gets every node's figures.
        tuning: Times.
    """

    name: ClassVar[str] = "lavalink"
    plays_on: ClassVar[bool] = True

    def __init__(
        self,
        client: Callable[[], discord.Client],
        addresses: Sequence[NodeAddress],
        locator: Locator,
        *,
        sessions: NodeSessions | None = None,
        dice: Dice,
        metrics: Metrics | None = None,
        tuning: Tuning | None = None,
    ) -> None:
        self.tuning = tuning or Tuning()
        self._client = client
        self._locator = locator
        self._pool = Pool(addresses, sessions or ForgetfulNodeSessions(), dice, self.tuning)
        self._announcer = Announcer()
        self._presences: dict[GuildId, Presence] = {}
        self._left_over = LeftOvers(self.tuning.unclaimed_seconds, self._announcer.aside)
        self._joining: dict[GuildId, asyncio.Lock] = {}
        self._sums = Sums()
        self._metrics = NodeMetrics(metrics) if metrics is not None else None
        self._segments = plugins.SegmentPlugin()

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes, once :meth:`open` was called."""
        return self._pool.nodes

    def subscribe(self, listener: AudioListener) -> None:
        """Send every event to ``listener``; a guild's events arrive one after the other."""
        self._announcer.listener = listener

    async def open(self) -> None:
        """Connect to the nodes, and wait until each has answered or failed once.

        Needs the client to be logged in. Called by :meth:`connect` too.
        """
        await self._pool.open(self, self._user_id)

    async def connect(self, guild_id: GuildId, channel_id: ChannelId) -> None:
        """Join, or move to, a voice channel; raises VoiceUnavailable. Idempotent."""
        channel = self._client().get_channel(channel_id)
        if not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            raise VoiceUnavailable(explain.CHANNEL_GONE)
        await self.open()
        if not self._pool.any_ready:
            raise VoiceUnavailable(explain.NO_NODE)
        async with self._joining.setdefault(guild_id, asyncio.Lock()):
            presence = self._presences.get(guild_id)
            if presence is not None and presence.channel_id == channel_id:
                return
            if presence is None:
                presence = Presence(self, self._client(), GuildPlayer(self, guild_id))
            try:
                await self._enter(presence, channel)
            except TimeoutError as error:
                raise VoiceUnavailable(explain.NO_ANSWER) from error
            except (discord.DiscordException, OSError) as error:
                raise VoiceUnavailable(explain.BROKEN) from error
            self._presences[guild_id] = presence
            self.place(presence)  # the node may have died while Discord let us in

    async def disconnect(self, guild_id: GuildId) -> None:
        """Stop and leave; does nothing when not connected."""
        if (presence := self._presences.get(guild_id)) is not None:
            await presence.leave()

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
        """Replace what is playing; trouble with the medium arrives as PlaybackFailed.

        The first play after a restart takes over what a node is playing, if it is the same medium.

        Raises:
            VoiceUnavailable: The bot is in no voice channel of this guild.
        """
        presence = self._presences.get(guild_id)
        if presence is None:
            raise VoiceUnavailable(explain.NOT_CONNECTED)
        if presence.player.loaded:
            presence.renew()
        presence.player.play(
            media,
            playback_id=playback_id,
            position_ms=max(0, position_ms),
            volume=volume_percent,
            filters=mapped(filters),
            speed=filters.recipe().speed,
            paused=paused,
        )

    async def pause(self, guild_id: GuildId) -> None:
        """Fall silent and hold the position; does nothing when not connected."""
        if (presence := self._presences.get(guild_id)) is not None:
            await presence.player.pause(paused=True)
            presence.renew()

    async def resume(self, guild_id: GuildId) -> None:
        """Go on from the held position; does nothing when not connected."""
        if (presence := self._presences.get(guild_id)) is not None:
            await presence.player.pause(paused=False)

    async def stop(self, guild_id: GuildId) -> None:
        """End the playback without an event; stays in the channel."""
        if (presence := self._presences.get(guild_id)) is not None:
            await presence.player.stop()
            presence.renew()

    async def seek(self, guild_id: GuildId, position_ms: int) -> None:
        """Jump within the media that is playing; does nothing when not connected."""
        if (presence := self._presences.get(guild_id)) is not None:
            await presence.player.seek(position_ms)

    async def set_volume(self, guild_id: GuildId, volume_percent: int) -> None:
        """Change the loudness at once."""
        if (presence := self._presences.get(guild_id)) is not None:
            await presence.player.set_volume(volume_percent)

    async def set_filters(self, guild_id: GuildId, filters: Filters) -> None:
        """Change the sound of what is playing at once; does nothing when nothing plays."""
        if (presence := self._presences.get(guild_id)) is not None:
            await presence.player.set_filters(mapped(filters), filters.recipe().speed)

    def position_ms(self, guild_id: GuildId) -> int | None:
        """Return how far the playback is, or None when nothing is loaded."""
        presence = self._presences.get(guild_id)
        return presence.player.position_ms if presence is not None else None

    def channel_id(self, guild_id: GuildId) -> ChannelId | None:
        """Return the voice channel the bot is in, or None."""
        presence = self._presences.get(guild_id)
        return presence.channel_id if presence is not None else None

    def figures(self) -> AudioFigures:
        """Return what the nodes have sent."""
        players = [presence.player for presence in self._presences.values()]
        return figures(
            self.nodes,
            {node.name: self._count(node) for node in self.nodes},
            self._sums,
            players=len(players),
            playing=sum(player.playing for player in players),
        )

    async def close(self) -> None:
        """Let go of everything; the nodes play on for as long as their sessions last."""
        for presence in tuple(self._presences.values()):
            presence.detach()
        await self._pool.close()
        await self._announcer.close()

    # Plugins

    def skip_parts(self, wanted: WantedParts, listener: PartListener) -> None:
        """Let SponsorBlock skip what ``wanted`` returns; implements ``SkipsByItself``."""
        self._segments.connect(wanted, listener)

    async def find_words(self, guild_id: GuildId) -> Words | None:
        """Return what LavaLyrics knows of what plays; implements ``KnowsWords``."""
        return await plugins.find_words(self._node_of(guild_id), guild_id)

    # What players and presences ask

    async def identify(self, media: Media) -> str:
        """Return the identifier for a node; raises SourceFailed."""
        return await self._locator.identifier(media)

    async def before_track(self, node: Node, guild_id: GuildId) -> None:
        """Tell a node what the guild does not want to hear."""
        await self._segments.prepare(node, guild_id)

    def emit(self, event: AudioEvent) -> None:
        """Hand an event to the listener; a guild's events keep their order."""
        self._announcer.emit(event)

    def place(self, presence: Presence) -> None:
        """Give a player a node: the one it has, or the best for its voice server."""
        player = presence.player
        if player.node is None or not player.node.ready:
            player.move_to(self._choose(presence))
            if player.node is None:
                now = asyncio.get_running_loop().time()
                self._announcer.aside(self._give_up_later(presence, now))

    def forget(self, presence: Presence) -> None:
        """Forget a guild whose player is over."""
        if self._presences.get(presence.guild_id) is presence:
            del self._presences[presence.guild_id]

    # What the nodes tell

    def node_ready(self, node: Node, players: list[Player] | None) -> None:
        """Compare what a node plays with what it should, and give it the players without a node."""
        self._observe(node)
        there = {GuildId(int(found.guild_id)): found for found in players or ()}
        for guild_id, found in there.items():
            presence = self._presences.get(guild_id)
            if presence is None:
                self._left_over.keep(node, found)
            elif presence.player.node is not node:
                self._announcer.aside(end_player(node, guild_id))
        for guild_id, presence in self._presences.items():
            if presence.player.node is node:
                presence.player.compare(there.get(guild_id))
            elif presence.player.node is None:
                presence.player.move_to(self._choose(presence))

    def node_lost(self, node: Node) -> None:
        """Move the players of a node that is gone."""
        moved = 0
        for presence in tuple(self._presences.values()):
            if presence.player.node is node:
                presence.player.move_to(None, at=node.lost_at)
                presence.player.move_to(self._choose(presence))
                moved += 1
                if presence.player.node is None:
                    self._announcer.aside(self._give_up_later(presence, node.lost_at))
        self._left_over.lost(node)
        self._sums.moves += moved
        self._observe(node)
        if moved:
            if self._metrics is not None:
                self._metrics.moved(node, moved)
            _log.warning("lavalink.players_moved", node=node.name, players=moved)

    def node_says(self, node: Node, message: Message) -> None:
        """Pass a message to the player it is about, if that player is on this node."""
        if isinstance(message, Stats):
            self._observe(node)
        if isinstance(message, Stats | Ready):
            return
        guild_id = GuildId(int(message.guild_id))
        presence = self._presences.get(guild_id)
        if presence is None:
            self._left_over.said(node, guild_id, message)
        elif presence.player.node is node:
            self._tell(presence, message)

    def _tell(self, presence: Presence, message: Message) -> None:
        player = presence.player
        match message:
            case PlayerUpdated():
                player.updated(message.state)
            case TrackStarted():
                player.started(message.track)
            case TrackEnded():
                player.ended(message)
            case TrackFailed():
                player.complained(message.track, message.exception.message or "")
            case TrackStuck():
                player.stuck(message.track)
            case VoiceSocketClosed():
                presence.socket_closed(message.code)
            case SegmentsLoaded() | SegmentSkipped():
                self._segments.said(player, message)
                self._sums.segments_skipped = self._segments.skipped
            case _:
                pass

    async def _enter(
        self, presence: Presence, channel: discord.VoiceChannel | discord.StageChannel
    ) -> None:
        found = self._left_over.take(presence.guild_id)
        if found is None:
            await presence.join(channel)
            return
        node, left_over = found
        voice, own = left_over.voice, channel.guild.me.voice
        still_in = (
            own is not None
            and own.channel is not None
            and own.channel.id == channel.id
            and own.session_id == voice.session_id
            and left_over.state.connected
        )
        if still_in:
            await presence.take_over(channel, node, left_over)
        else:
            presence.player.adopt(node, left_over)
            try:
                await presence.join(channel)
            except BaseException:
                self._left_over.put_back(presence.guild_id, found)
                raise

    def _choose(self, presence: Presence) -> Node | None:
        return self._pool.best(presence.credentials.endpoint or "", self._count)

    def _observe(self, node: Node) -> None:
        if self._metrics is not None:
            self._metrics.observe(node)

    def _count(self, node: Node) -> int:
        return sum(presence.player.node is node for presence in self._presences.values())

    def _node_of(self, guild_id: GuildId) -> Node | None:
        presence = self._presences.get(guild_id)
        return presence.player.node if presence is not None else None

    def _user_id(self) -> int:
        user = self._client().user
        return 0 if user is None else user.id

    async def _give_up_later(self, presence: Presence, lost_at: float) -> None:
        """Give up a player that has had no node since it was moved from the last one."""
        presence.nodeless_since = lost_at
        await asyncio.sleep(self.tuning.lost_seconds)
        if presence.player.node is None and presence.nodeless_since == lost_at:
            presence.give_up()
