"""One guild's player: a voice connection, a lane, and the playback in it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, override

import discord

from seraphim.adapters.voice_embedded.connection import Observer
from seraphim.adapters.voice_embedded.failure import UNEXPECTED, MediaFailed, explain
from seraphim.adapters.voice_embedded.gain import factor
from seraphim.adapters.voice_embedded.lane import Lane, PacketSource
from seraphim.adapters.voice_embedded.mailbox import Mailbox
from seraphim.adapters.voice_embedded.opening import House, open_reel
from seraphim.adapters.voice_embedded.playback import Playback
from seraphim.adapters.voice_embedded.shared_client import SharedVoiceClient, hang_up
from seraphim.adapters.voice_embedded.voicing import Voicing
from seraphim.adapters.voice_embedded.wire import VoiceWire
from seraphim.features.music.ports import (
    Filters,
    PlaybackEnded,
    PlaybackStarted,
    SourceFailed,
    VoiceClosed,
    VoiceMoved,
)
from seraphim.kernel.ids import ChannelId, GuildId

_DELETION_GRACE_SECONDS = 0.5


class Farewell(Protocol):
    """How a session tells its owner that it is over."""

    def __call__(self, session: "Session") -> None:
        """Forget ``session``."""
        ...


class Session(Observer):
    """Plays into one guild's voice channel; everything here runs on the event loop.

    Args:
        house: What all sessions share.
        guild_id: The guild.
        farewell: Called when the connection is over for good.
    """

    def __init__(self, house: House, guild_id: GuildId, farewell: Farewell) -> None:
        self._house = house
        self._guild_id = guild_id
        self._farewell = farewell
        self._loop = asyncio.get_running_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._mailbox = Mailbox(lambda: house.listener, self._spawn)
        self._lost: asyncio.TimerHandle | None = None
        self._leaving = False
        self._over = False
        self._client: SharedVoiceClient | None = None
        self._wire: VoiceWire | None = None
        self._channel: discord.VoiceChannel | discord.StageChannel | None = None
        self.lane: Lane | None = None
        self.playback: Playback | None = None

    # The connection

    @property
    def connected(self) -> bool:
        """Whether the handshake is done."""
        return self._client is not None and self._client.is_connected()

    @property
    def is_leaving(self) -> bool:
        """Whether the connection is about to end, or has ended; it will not come back."""
        return self._leaving

    @property
    def lost_packets(self) -> int:
        """Packets that did not leave: refused by the system, or not sealed for want of keys."""
        wire = self._wire
        return wire.lost_packets + wire.unsealed_packets if wire is not None else 0

    @property
    def channel_id(self) -> ChannelId | None:
        """The voice channel the bot is in."""
        return ChannelId(self._channel.id) if self._channel is not None else None

    async def join(self, channel: discord.VoiceChannel | discord.StageChannel) -> None:
        """Connect, or move when connected; raises what discord.py raises (TimeoutError, ...)."""
        if self._client is not None:
            if channel.id != self.channel_id:
                await self._move(self._client, channel)
            return
        self._channel = channel
        try:
            client = await channel.connect(
                cls=lambda client, target: SharedVoiceClient(client, target, self),
                timeout=self._house.tuning.connect_seconds,
                reconnect=True,
                self_deaf=True,
            )
        except BaseException:
            # Cut short from outside, the library keeps the half-made client, and as long as it is
            # there it calls the guild connected and makes no other.
            half = channel.guild.voice_client
            if isinstance(half, SharedVoiceClient) and half.observer is self:
                await hang_up(half)
            raise
        self._wire = VoiceWire(client)
        self.lane = Lane(
            self._wire,
            on_first=self._post_first,
            on_end=self._post_end,
            on_broken=self._post_broken,
        )
        self._client = client

    async def _move(
        self, client: SharedVoiceClient, channel: discord.VoiceChannel | discord.StageChannel
    ) -> None:
        # Known before Discord answers, so that the answer is not taken for somebody else's doing.
        before, self._channel = self._channel, channel
        await client.move_to(channel, timeout=self._house.tuning.connect_seconds)
        if client.channel.id != channel.id:
            # The library writes a move that Discord did not make into its log only.
            if self._channel is channel:
                self._channel = before
            raise TimeoutError

    async def leave(self) -> None:
        """Stop, and leave the channel; waits for Discord's answer no longer than three seconds."""
        self._leaving = True
        self._end_playback()
        if self._client is not None:
            await hang_up(self._client)
        self._finish()

    @override
    def connection_changed(self, *, connected: bool) -> None:
        """Watch a broken connection; greet a restored one."""
        if self._lost is not None:
            self._lost.cancel()
            self._lost = None
        if connected:
            if self.lane is not None and self.lane.playing:
                self._speak(speaking=True)
        elif not self._leaving and self._client is not None:
            seconds = self._house.tuning.lost_seconds
            self._lost = self._loop.call_later(seconds, self._give_up)

    @override
    def channel_changed(self, channel_id: int) -> None:
        """Follow a move that somebody else made."""
        if self._channel is None or channel_id == self._channel.id:
            return
        channel = self._channel.guild.get_channel(channel_id)
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            self._channel = channel
            self._mailbox.post(VoiceMoved(self._guild_id, ChannelId(channel_id)))

    @override
    def connection_gone(self, *, thrown_out: bool) -> None:
        """End everything, and say why when it was not our wish."""
        if self._leaving or self._over or self._client is None:
            self._finish()
            return
        self._end_playback()
        self._leaving = True
        self._spawn(self._report_closed(thrown_out=thrown_out))

    async def _report_closed(self, *, thrown_out: bool) -> None:
        channel = self._channel
        self._finish()
        if thrown_out and channel is not None:
            # Discord tells of a deleted channel and of the bot's leaving it in either order.
            deadline = self._loop.time() + _DELETION_GRACE_SECONDS
            while self._loop.time() < deadline:
                if channel.guild.get_channel(channel.id) is None:
                    self._mailbox.post(VoiceClosed(self._guild_id, "channel_deleted"))
                    return
                await asyncio.sleep(0.05)
        self._mailbox.post(
            VoiceClosed(self._guild_id, "kicked" if thrown_out else "connection_lost")
        )

    def _give_up(self) -> None:
        """Close a connection that did not come back."""
        if self._client is not None:
            self._spawn(self._client.disconnect(force=True))

    def _finish(self) -> None:
        if self._over:
            return
        self._over = True
        if self._lost is not None:
            self._lost.cancel()
        if self.lane is not None:
            self.lane.cut()
            self._house.pacer.remove(self.lane)
        self._farewell(self)
        # The client, the lane and the session hold each other.
        self._client = self._wire = self.lane = None

    # The playback

    def play(self, playback: Playback) -> None:
        """Replace what is playing."""
        self._end_playback()
        self.playback = playback
        self._begin(playback)

    def stop(self) -> None:
        """End the playback without an event."""
        if self.playback is not None:
            self._end_playback()
            self._speak(speaking=False)

    def pause(self) -> None:
        """Fall silent, keep the position."""
        if self.playback is not None and not self.playback.paused:
            self.playback.paused = True
            if self.lane is not None:
                self.lane.pause()
            self._speak(speaking=False)

    def resume(self) -> None:
        """Go on."""
        playback, lane = self.playback, self.lane
        if playback is None or lane is None or not playback.paused:
            return
        playback.paused = False
        lane.resume()
        if playback.reel is not None:
            self._speak(speaking=True)
            self._house.pacer.add(lane)

    def seek(self, position_ms: int) -> None:
        """Jump; the sound is silent while the place is looked up."""
        playback = self.playback
        if playback is None:
            return
        self._let_go(playback)
        if self.lane is not None:
            self.lane.cut()
        playback.position_ms = max(0, position_ms)
        self._begin(playback)

    def set_volume(self, volume_percent: int) -> None:
        """Change the loudness of what is playing."""
        if self.playback is not None:
            self.playback.volume_percent = volume_percent
            self._voice_anew(self.playback)

    def set_filters(self, filters: Filters) -> None:
        """Change the sound of what is playing."""
        if self.playback is not None:
            self.playback.filters = filters
            self._voice_anew(self.playback)

    def _voice_anew(self, playback: Playback) -> None:
        if playback.reel is not None:
            gain = factor(playback.volume_percent)
            playback.reel.set_voicing(Voicing(gain, playback.filters.recipe()))

    @property
    def transcoding(self) -> bool:
        """Whether sound is being encoded anew."""
        playback = self.playback
        return playback is not None and playback.reel is not None and not playback.reel.passthrough

    @property
    def position_ms(self) -> int | None:
        """How far the playback is in its medium."""
        playback = self.playback
        if playback is None:
            return None
        return playback.reel.position_ms if playback.reel is not None else playback.position_ms

    def _begin(self, playback: Playback) -> None:
        playback.generation += 1
        opening = self._open(playback, playback.generation)
        playback.opening = self._spawn(opening)

    async def _open(self, playback: Playback, generation: int) -> None:
        try:
            reel = await open_reel(
                self._house,
                playback.media,
                position_ms=playback.position_ms,
                volume_percent=playback.volume_percent,
                filters=playback.filters,
            )
        except (MediaFailed, SourceFailed) as error:
            if playback is self.playback and playback.generation == generation:
                self._fail(playback, explain(error))
            return
        if playback is not self.playback or playback.generation != generation or self.lane is None:
            reel.close()
            return
        playback.reel = reel
        self._voice_anew(playback)
        self.lane.load(reel, paused=playback.paused)
        if not playback.paused:
            self._speak(speaking=True)
            self._house.pacer.add(self.lane)

    def _let_go(self, playback: Playback) -> None:
        """Give up what was opened for a playback."""
        playback.generation += 1
        if playback.opening is not None:
            playback.opening.cancel()
        if playback.reel is not None:
            playback.reel.close()
        playback.reel = playback.opening = None

    def _end_playback(self) -> None:
        playback, self.playback = self.playback, None
        if playback is not None:
            self._let_go(playback)
        if self.lane is not None:
            self.lane.cut()

    def _fail(self, playback: Playback, failed: MediaFailed) -> None:
        position = self.position_ms or 0
        self._end_playback()
        self._speak(speaking=False)
        self._mailbox.post(failed.of(self._guild_id, playback.playback_id, position))

    # What the pacer tells

    def _post_first(self, source: PacketSource) -> None:
        self._call(self._first_packet_left, source)

    def _post_end(self, source: PacketSource) -> None:
        self._call(self._source_ended, source)

    def _post_broken(self, source: PacketSource) -> None:
        self._call(self._source_broken, source)

    def _first_packet_left(self, source: PacketSource) -> None:
        playback = self.playback
        if playback is not None and playback.reel is source and not playback.started:
            playback.started = True
            self._mailbox.post(PlaybackStarted(self._guild_id, playback.playback_id))

    def _source_ended(self, source: PacketSource) -> None:
        playback = self.playback
        reel = playback.reel if playback is not None else None
        if playback is None or reel is None or reel is not source:
            return
        failure = reel.failure
        if failure is not None:
            self._fail(playback, failure)
            return
        self.playback = None
        self._let_go(playback)
        self._speak(speaking=False)
        self._mailbox.post(PlaybackEnded(self._guild_id, playback.playback_id))

    def _source_broken(self, source: PacketSource) -> None:
        playback = self.playback
        if playback is not None and playback.reel is source:
            self._fail(playback, MediaFailed("unknown", UNEXPECTED))

    # Small things

    def _speak(self, *, speaking: bool) -> None:
        """Show or hide the green ring around the bot."""
        client = self._client
        if client is not None and client.is_connected():
            self._spawn(self._send_speaking(client, speaking=speaking))

    async def _send_speaking(self, client: SharedVoiceClient, *, speaking: bool) -> None:
        state = discord.SpeakingState.voice if speaking else discord.SpeakingState.none
        if client.is_connected():  # it may have gone before this task's turn
            with contextlib.suppress(OSError, RuntimeError, discord.DiscordException):
                await client.ws.speak(state)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _call(self, function: Callable[..., None], *arguments: object) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            self._loop.call_soon_threadsafe(function, *arguments)
