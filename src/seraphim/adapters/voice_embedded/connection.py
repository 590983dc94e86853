"""discord.py's voice connection without its threads, and with the ciphers of today.

discord.py 2.7 starts two threads for each voice connection, one that reads the UDP socket and one
that sends heartbeats. With hundreds of players that is most of their memory. Here both are work of
the event loop. Handshake, key exchange and end-to-end encryption (DAVE) stay discord.py's.
"""

# The classes below replace parts of discord.py that it offers no public hook for; its version is
# pinned, and tests/adapters/voice_embedded runs them against a voice server.
# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, cast, override

import aiohttp
import discord
from discord.errors import ConnectionClosed
from discord.gateway import DiscordVoiceWebSocket
from discord.utils import MISSING
from discord.voice_state import ConnectionFlowState, VoiceConnectionState

from seraphim.adapters.voice_embedded.datagrams import DatagramSocket
from seraphim.adapters.voice_embedded.quiet_websocket import QuietWebSocket

if TYPE_CHECKING:
    from seraphim.adapters.voice_embedded.shared_client import SharedVoiceClient

_RESUME_SECONDS = 5.0
_MOVE_SECONDS = 1.5
"""How long after a disconnection by Discord (4014) the reason may take to arrive."""
_SEALING_SECONDS = 2.0
"""How long the music waits for the keys of the end-to-end encryption. A bot that is alone in its
channel gets none before somebody comes (DAVE protocol, "Sole Member"), and its music must go on."""
_TOLD = frozenset(
    {ConnectionFlowState.got_voice_server_update, ConnectionFlowState.got_both_voice_updates}
)
_OUTAGES = (OSError, aiohttp.ClientError, discord.DiscordException)


class Observer(Protocol):
    """Who wants to know what becomes of a voice connection; called on the event loop."""

    def connection_changed(self, *, connected: bool) -> None:
        """Tell of the end of a handshake, or of a connection that broke."""
        ...

    def channel_changed(self, channel_id: int) -> None:
        """Tell that Discord has the bot in another channel now."""
        ...

    def connection_gone(self, *, thrown_out: bool) -> None:
        """Tell that discord.py has given up the connection; ``thrown_out`` by Discord."""
        ...


class _LoopReader:
    """Reads the UDP socket on the event loop, only while somebody listens (the IP discovery)."""

    def __init__(self, state: "QuietConnection") -> None:
        self._state = state
        self._callbacks: list[Callable[[bytes], Any]] = []
        self._watched: Any = None

    def register(self, callback: Callable[[bytes], Any]) -> None:
        """Hand every datagram to ``callback`` from now on."""
        self._callbacks.append(callback)
        if self._watched is None:
            self._watched = self._state.socket
            self._state.voice_client.loop.add_reader(self._watched, self._read)

    def unregister(self, callback: Callable[[bytes], Any]) -> None:
        """Hand no more datagrams to ``callback``."""
        with contextlib.suppress(ValueError):
            self._callbacks.remove(callback)
        if not self._callbacks:
            self._unwatch()

    def pause(self) -> None:
        """The socket is about to be closed."""
        self._unwatch()

    def resume(self, *, force: bool = False) -> None:
        """Nothing to do: a new socket is watched when somebody listens."""
        _ = force

    def stop(self) -> None:
        """Listen no more."""
        self._callbacks.clear()
        self._unwatch()

    def _read(self) -> None:
        try:
            data = self._watched.recv(2048)
        except OSError:
            return
        for callback in tuple(self._callbacks):
            callback(data)

    def _unwatch(self) -> None:
        watched, self._watched = self._watched, None
        if watched is not None and watched.fileno() >= 0:
            self._state.voice_client.loop.remove_reader(watched)


class QuietConnection(VoiceConnectionState):
    """discord.py's connection state, with its reader and its WebSocket on the event loop."""

    voice_client: "SharedVoiceClient"
    is_open = False
    """Whether what is sent now reaches the voice server; a plain attribute, because the pacer reads
    it before every packet."""

    _is_over = False
    _is_cut_off = False
    _sealed_by = 0.0

    def __init__(self, voice_client: "SharedVoiceClient") -> None:
        super().__init__(voice_client)
        self._handshake: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()
        # The library has just started its reader; it ends at once and ours takes its place.
        self._socket_reader.stop()
        reader: Any = _LoopReader(self)
        self._socket_reader = reader

    @override
    async def disconnect(
        self, *, force: bool = True, cleanup: bool = True, wait: bool = False
    ) -> None:
        """Leave for good once only.

        The library's own reader sees the WebSocket close that leaving causes and leaves a second
        time; when the bot has joined again meanwhile, that throws it out.
        """
        if cleanup and (force or self.is_connected()):
            if self._is_over:
                return
            self._is_over = True
        await super().disconnect(force=force, cleanup=cleanup, wait=wait)
        if self._is_over:
            self._let_go()

    def _let_go(self) -> None:
        """Drop what is large outside of Python: TLS, compression, end-to-end encryption.

        The library's client, connection and WebSocket hold each other for good, and until the cycle
        collector comes by each connection that is over would keep some 40 kB.
        """
        if self.ws is not MISSING:
            self.ws._keep_alive = None
        self.ws = MISSING
        self.dave_session = None

    @property
    def is_cut_off(self) -> bool:
        """Whether the WebSocket has closed and there is no new one yet.

        The library goes on calling itself connected while it waits before it tries again, and what
        is sent meanwhile nobody hears.
        """
        return self._is_cut_off

    @is_cut_off.setter
    def is_cut_off(self, is_cut_off: bool) -> None:
        self._is_cut_off = is_cut_off
        self._look_whether_open()

    @property
    def waits_for_keys(self) -> bool:
        """Whether the end-to-end encryption is agreed on and its keys may still come; any thread.

        Nobody could hear a packet now: the listeners expect it sealed (DAVE protocol).
        """
        return not self.can_encrypt and time.monotonic() < self._sealed_by

    def _look_whether_open(self) -> None:
        self.is_open = self._state is ConnectionFlowState.connected and not self._is_cut_off

    @property
    def state(self) -> ConnectionFlowState:
        """Where in the handshake the connection is."""
        return self._state

    @state.setter
    def state(self, state: ConnectionFlowState) -> None:
        before = self._state is ConnectionFlowState.connected
        setter = VoiceConnectionState.state.fset
        assert setter is not None  # noqa: S101  # it is a property with a setter in the pinned version
        setter(self, state)
        after = state is ConnectionFlowState.connected
        if after and not before:
            self._sealed_by = time.monotonic() + _SEALING_SECONDS
        self._look_whether_open()
        if before != after:
            self.voice_client.observer.connection_changed(connected=after)

    @override
    async def _wait_for_state(
        self,
        state: ConnectionFlowState,
        *other_states: ConnectionFlowState,
        timeout: float | None = None,  # the library's signature
    ) -> None:
        """Wait until the handshake has come to one of the states; raises TimeoutError.

        The library begins to wait one turn of the loop after it has looked, and waits in vain
        when both of Discord's answers arrive in that turn.
        """
        states = (state, *other_states)
        async with asyncio.timeout(timeout):
            while self.state not in states:
                await self._state_event.wait()

    @override
    async def _connect_websocket(self, resume: bool) -> DiscordVoiceWebSocket:
        seq_ack = -1 if self.ws is MISSING else self.ws.seq_ack
        websocket = await QuietWebSocket.from_connection_state(
            self, resume=resume, hook=self.hook, seq_ack=seq_ack
        )
        self.state = ConnectionFlowState.websocket_connected
        self.is_cut_off = False
        return websocket

    @override
    async def connect(
        self,
        *,
        reconnect: bool,
        timeout: float,  # the library's signature
        self_deaf: bool,
        self_mute: bool,
        resume: bool,
        wait: bool = True,
    ) -> None:
        """Shake hands; ends a handshake under way first, and whoever waits for that waits for this.

        The library lets the old one go on until it notices, which closes the new one's socket, and
        tells those who wait for the old one that they have been cancelled.
        """
        before = self._handshake
        self._begun.clear()
        if before is not None and not before.done():
            before.cancel()
            await asyncio.wait({before})
        await super().connect(
            reconnect=reconnect,
            timeout=timeout,
            self_deaf=self_deaf,
            self_mute=self_mute,
            resume=resume,
            wait=False,
        )
        self._handshake = cast("asyncio.Task[None]", self._connector)
        self._begun.set()
        if wait:
            await self._follow()

    async def _follow(self) -> None:
        """Wait for the handshake, and for the one that takes its place."""
        handshake = self._handshake
        while handshake is not None:
            try:
                await asyncio.wait({handshake})
            except asyncio.CancelledError:
                handshake.cancel()
                raise
            await self._begun.wait()
            handshake, ended = self._handshake, handshake
            if handshake is ended:
                await ended
                return

    @override
    async def _voice_connect(self, *, self_deaf: bool = False, self_mute: bool = False) -> None:
        """Ask Discord for the channel, unless the bot is in it and has just been told the server.

        That is so when a server is told in the middle of a handshake (the bot was moved, or moved
        itself, during a reconnect). The library asks once more, Discord answers with a server once
        more, in the middle of the next handshake, and so on until the gateway's limit.
        """
        voice = self.guild.me.voice
        is_there = voice is not None and voice.channel == self.voice_client.channel
        if self.state in _TOLD and is_there:
            self.state = ConnectionFlowState.got_both_voice_updates
            return
        await super()._voice_connect(self_deaf=self_deaf, self_mute=self_mute)

    @override
    async def _connect(
        self, reconnect: bool, timeout: float, self_deaf: bool, self_mute: bool, resume: bool
    ) -> None:
        if resume:
            if await self._resume():
                return
            # The session is gone: leave the channel and join it anew.
            await self.disconnect(cleanup=False)
        try:
            await super()._connect(reconnect, timeout, self_deaf, self_mute, resume=False)
        except _OUTAGES as error:
            if not self._inside_runner():
                raise
            # The library's reader goes on, or gives up and says so, after a TimeoutError only. All
            # else ends it without a word, and the music would stay silent until somebody notices.
            raise TimeoutError from error

    @override
    async def _potential_reconnect(self) -> bool:
        """Find out why Discord has cut us off: moved, thrown out, or neither of the two.

        The library waits for a new server or for the bot's removal, and leaves when neither comes.
        A bot that is in the channel still has not been asked to leave: it joins anew.
        """
        try:
            await self._wait_for_state(
                ConnectionFlowState.got_voice_server_update,
                ConnectionFlowState.got_both_voice_updates,
                ConnectionFlowState.disconnected,
                timeout=_MOVE_SECONDS,
            )
        except TimeoutError:
            if self.guild.me.voice is None:
                return False
            try:
                await self.disconnect(cleanup=False)
                await self._connect(
                    reconnect=True,
                    timeout=self.timeout,
                    self_deaf=True,
                    self_mute=False,
                    resume=False,
                )
            except _OUTAGES:
                # Discord's gateway is away too; whoever plays hears of it and tries again later.
                # The library would not tell: it takes the connection for ended already.
                with contextlib.suppress(*_OUTAGES):
                    await self.disconnect()
                return False
            return True
        return await super()._potential_reconnect()

    async def _resume(self) -> bool:
        """Take up the session on a new WebSocket; socket, key and SSRC stay as they are."""
        try:
            async with asyncio.timeout(_RESUME_SECONDS):
                websocket = await self._connect_websocket(resume=True)
                self.ws = websocket
                while not (isinstance(websocket, QuietWebSocket) and websocket.resumed):
                    await websocket.poll_event()
        except (ConnectionClosed, TimeoutError, aiohttp.ClientError, OSError):
            return False
        self.ws.secret_key = self.secret_key
        self.state = ConnectionFlowState.connected
        return True

    @override
    def _create_socket(self) -> None:
        # The library forgets the old socket on a move.
        if self.socket is not MISSING:
            self._socket_reader.pause()
            self.socket.close()
        self.socket = DatagramSocket()
        self._socket_reader.resume()

    @override
    async def _move_to(self, channel: discord.abc.Snowflake) -> None:
        # The library would undeafen us: op 4 replaces the whole voice state.
        own = self.voice_client.channel.guild
        await own.change_voice_state(channel=channel, self_deaf=True)
        self.state = ConnectionFlowState.set_guild_voice_state

    @override
    def _update_voice_channel(self, channel_id: int | None) -> None:
        if channel_id is None or self.guild.get_channel(channel_id) is None:
            # A channel we cannot see; the library would lose its guild with the channel.
            return
        super()._update_voice_channel(channel_id)
        self.voice_client.observer.channel_changed(channel_id)
