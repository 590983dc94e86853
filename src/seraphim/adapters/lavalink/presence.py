"""One guild's voice channel: being in it, and giving the node what it needs to be heard there."""

import asyncio
import contextlib
from typing import Final, Protocol

import discord
import structlog

from seraphim.adapters.lavalink.errors import NodeRefused, NodeUnreachable
from seraphim.adapters.lavalink.messages import Player
from seraphim.adapters.lavalink.node import Node
from seraphim.adapters.lavalink.player import GuildPlayer
from seraphim.adapters.lavalink.tuning import Tuning
from seraphim.adapters.lavalink.voice import Credentials, ForwardedVoice, VoiceRoom
from seraphim.features.music.ports import AudioEvent, VoiceClosed, VoiceMoved
from seraphim.kernel.ids import ChannelId, GuildId

_log = structlog.get_logger(__name__)

_DISCONNECTED: Final = 4014
"""Discord's close code for one who was moved, thrown out, or whose channel is gone."""
_DELETION_GRACE_SECONDS: Final = 0.5
_LEAVE_SECONDS: Final = 3.0
_UNHEARD_MS: Final = 400
"""So much a node may send to a voice server that has let go of it already: it is played again."""
_LOOK_SECONDS: Final = 0.2
"""Between two attempts to enter again."""


class PresenceHouse(Protocol):
    """What all guilds share."""

    tuning: Tuning

    def emit(self, event: AudioEvent) -> None:
        """Hand an event to the listener."""
        ...

    def place(self, presence: "Presence") -> None:
        """Give the player a node, now that its voice server is known."""
        ...

    def forget(self, presence: "Presence") -> None:
        """The guild's player is over."""
        ...


class Presence:
    """Follows what Discord says of the bot's voice in one guild.

    Args:
        house: What all guilds share.
        client: The Discord client.
        player: The guild's player; it gets the credentials.
    """

    def __init__(self, house: PresenceHouse, client: discord.Client, player: GuildPlayer) -> None:
        self.player = player
        self.credentials: Credentials = player.credentials
        self.guild_id: GuildId = player.guild_id
        self.channel_id: ChannelId | None = None
        self._house = house
        self._client = client
        self._voice: ForwardedVoice | None = None
        self._loop = asyncio.get_running_loop()
        self._heading: int | None = None
        """The channel we have asked to be let into."""
        self._between = False
        """Out of the channel for a moment, to come back by a new connection."""
        self._over = False
        self._is_foreign = False
        """The voice connection belongs to the gateway session of a process that is gone."""
        self.nodeless_since = 0.0
        """Loop time at which the player was left without any node; one timer watches each."""
        self._server_news = 0
        """Counts voice servers that Discord has named."""
        self._renewal: asyncio.TimerHandle | None = None
        self._entering = asyncio.Lock()

    async def join(self, room: VoiceRoom) -> None:
        """Enter, or move; raises TimeoutError or what discord.py raises."""
        seconds = self._house.tuning.voice_seconds
        async with self._entering:
            self._heading = room.id
            try:
                if self._voice is None:
                    self._voice = await self._connect(room, seconds)
                else:
                    await self._voice.enter(room, timeout_seconds=seconds)
            except (TimeoutError, OSError, discord.DiscordException):
                if self.channel_id is None:
                    await self._ask_out(room)
                raise
            finally:
                self._heading = None
            self.channel_id = ChannelId(room.id)
        self._house.place(self)
        await self.player.sync()

    async def take_over(self, room: VoiceRoom, node: Node, left_over: Player) -> None:
        """Go on in a channel where a node has been playing since before this process began."""
        voice = left_over.voice
        credentials = self.credentials
        credentials.channel_id, credentials.session_id = room.id, voice.session_id
        credentials.token, credentials.endpoint = voice.token, voice.endpoint
        self.channel_id = ChannelId(room.id)
        self._voice = await room.connect(
            cls=lambda client, target: ForwardedVoice(client, target, self, is_in=True),
            timeout=self._house.tuning.voice_seconds,
            reconnect=False,
        )
        self.player.adopt(node, left_over)
        self._is_foreign = True
        self._renewal = self._loop.call_later(self._house.tuning.renew_seconds, self.renew)

    def renew(self) -> None:
        """Pass the voice connection to this process's gateway session, in a pause at best.

        Discord ends the old session some time after its process has gone, and the voice with it.
        The node connects anew, which takes it a moment.
        """
        if self._renewal is not None:
            self._renewal.cancel()
            self._renewal = None
        if self._is_foreign and not self._over and self._voice is not None:
            self._is_foreign = False
            room = self._voice.room
            self.player.spawn(self._ask_in(room))

    async def leave(self) -> None:
        """Stop, and leave the channel; waits for Discord no longer than three seconds."""
        self._over = True
        player, node = self.player, self.player.node
        player.drop()
        if node is not None and node.session_id is not None:
            with contextlib.suppress(Exception):  # whatever the node says, we leave
                async with asyncio.timeout(1.0):
                    await node.ask(node.rest.delete_player(node.session_id, self.guild_id))
        voice = self._voice
        if voice is not None:
            with contextlib.suppress(TimeoutError, OSError, discord.DiscordException):
                await voice.exit(timeout_seconds=_LEAVE_SECONDS)
        self._finish()

    def detach(self) -> None:
        """Let everything be as it is: another process will take it over."""
        self._over = True
        self.player.drop()
        self._finish()

    # What Discord says

    def voice_changed(self, *, server: bool) -> None:
        """Follow to another channel or voice server."""
        if self._over:
            return
        channel_id = self.credentials.channel_id
        if server:
            self._server_news += 1
        known = self.channel_id
        if known is not None and channel_id not in {None, known, self._heading} and channel_id:
            self.channel_id = ChannelId(channel_id)
            self._house.emit(VoiceMoved(self.guild_id, self.channel_id))
        if known is None or self._between:
            return  # the one who has asked goes on when all is there
        if server:
            self.player.spawn(self.player.sync())
        else:
            # A new server or token follows at once, as a rule; then this changes nothing.
            seconds = self._house.tuning.voice_grace_seconds / 2
            self._loop.call_later(seconds, self._sync_later)

    def voice_ended(self) -> None:
        """End everything when somebody has thrown the bot out."""
        if self._over or self._between or self.channel_id is None:
            return
        self._over = True
        self.player.drop()
        room = self._voice.room if self._voice is not None else None
        self._loop.create_task(self._report_end(room), name=f"voice-ended-{self.guild_id}")

    def socket_closed(self, code: int) -> None:
        """The node has lost Discord's voice server; help it back unless Discord does."""
        if self._over or self._between:
            return
        _log.info("lavalink.voice_closed", guild_id=self.guild_id, code=code)
        seconds = self._house.tuning.voice_grace_seconds * (2 if code == _DISCONNECTED else 1)
        self.player.spawn(self._come_back(self._server_news, seconds))

    async def _come_back(self, news: int, seconds: float) -> None:
        """Enter anew, when no new voice server was named meanwhile; tries for a while."""
        await asyncio.sleep(seconds)
        if await self._is_heard():
            return  # what the node has closed was not its last connection
        if self._over or self._between or news != self._server_news:
            return
        self._between = True
        try:
            async with asyncio.timeout(self._house.tuning.back_seconds):
                while True:
                    if await self._enter_anew():
                        break
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            self.give_up()
            return
        finally:
            self._between = False
        self._is_foreign = False
        self._house.place(self)
        await self.player.sync()
        await self.player.go_back(_UNHEARD_MS)

    async def _is_heard(self) -> bool:
        """Ask the node whether it is connected to Discord's voice server."""
        node = self.player.node
        if node is None or node.session_id is None:
            return False
        try:
            found = await node.ask(node.rest.find_player(node.session_id, self.guild_id))
        except (NodeRefused, NodeUnreachable):
            return False
        return found is not None and found.state.connected

    async def _enter_anew(self) -> bool:
        """Leave and enter; returns whether that worked. The guild may be out of sight meanwhile.

        When Discord's gateway has begun a new session, the voice connection has gone with the old
        one: the bot is in no channel then, and nobody tells it so.
        """
        voice, guild = self._voice, self._client.get_guild(self.guild_id)
        room = None if guild is None else guild.get_channel(self.channel_id or 0)
        if (
            voice is None
            or guild is None
            or not isinstance(room, discord.VoiceChannel | discord.StageChannel)
        ):
            return False
        limit = self._house.tuning.enter_seconds
        async with self._entering:
            try:
                if guild.me.voice is None:
                    self.credentials.clear()
                else:
                    await voice.exit(timeout_seconds=limit)
                if guild.voice_client is voice:
                    await voice.enter(room, timeout_seconds=limit)
                else:
                    self._voice = await self._connect(room, limit)
            except (TimeoutError, OSError, discord.DiscordException) as error:
                _log.info("lavalink.not_back_yet", guild_id=self.guild_id, reason=repr(error))
                return False
        return True

    def give_up(self) -> None:
        """End it: the connection does not come back."""
        if self._over:
            return
        self._over = True
        voice = self._voice
        self.player.drop()
        self._finish()
        self._house.emit(VoiceClosed(self.guild_id, "connection_lost"))
        if voice is not None:
            self._loop.create_task(self._ask_out(voice.room), name=f"voice-out-{self.guild_id}")

    async def _report_end(self, room: VoiceRoom | None) -> None:
        node = self.player.node
        if node is not None and node.session_id is not None:
            with contextlib.suppress(Exception):  # the player ends with its session at the latest
                await node.ask(node.rest.delete_player(node.session_id, self.guild_id))
        self._finish()
        deadline = self._loop.time() + _DELETION_GRACE_SECONDS
        # Discord tells of a deleted channel and of the bot's leaving it in either order.
        while room is not None and self._loop.time() < deadline:
            if room.guild.get_channel(room.id) is None:
                self._house.emit(VoiceClosed(self.guild_id, "channel_deleted"))
                return
            await asyncio.sleep(0.05)
        self._house.emit(VoiceClosed(self.guild_id, "kicked"))

    def _sync_later(self) -> None:
        if not self._over and not self._between:
            self.player.spawn(self.player.sync())

    async def _connect(self, room: VoiceRoom, seconds: float) -> ForwardedVoice:
        return await room.connect(
            cls=lambda client, target: ForwardedVoice(client, target, self),
            timeout=seconds,
            reconnect=False,
            self_deaf=True,
        )

    async def _ask_in(self, room: VoiceRoom) -> None:
        with contextlib.suppress(OSError, discord.DiscordException):
            await room.guild.change_voice_state(channel=room, self_deaf=True)

    async def _ask_out(self, room: VoiceRoom) -> None:
        with contextlib.suppress(OSError, discord.DiscordException):
            await room.guild.change_voice_state(channel=None)

    def _finish(self) -> None:
        if self._renewal is not None:
            self._renewal.cancel()
        self.channel_id = None
        if self._voice is not None:
            self._voice.cleanup()
            self._voice = None
        self._house.forget(self)
