"""One voice server: a TLS websocket port, a UDP port, and the peers connected to it."""

import asyncio
import itertools
import ssl
from collections import defaultdict
from collections.abc import Callable

from aiohttp import web

from discord_sandbox.voice.ciphers import ForgedPacket, open_packet
from discord_sandbox.voice.connection import VoiceConnection
from discord_sandbox.voice.peer import Pass, Peer
from discord_sandbox.voice.protocol import (
    HEARTBEAT_INTERVAL_MS,
    OLDEST_GATEWAY_VERSION,
    VoiceClose,
    VoiceOp,
)
from discord_sandbox.voice.rtp import (
    MalformedPacket,
    discovery_response,
    read_discovery_request,
    read_header,
    write_header,
)
from discord_sandbox.voice.taps import VoiceFrame
from discord_sandbox.voice.udp import Address, UdpSocket

EXPEL_SECONDS = 0.1
"""How far a close of the voice websocket stays behind the event that announces it."""
MIGRATE_SECONDS = 2.0
"""How long the old connection stays open for a client that is sent to another server."""
DISCOVERY_SECONDS = 0.01
"""A round trip: clients listen for the answer after they have asked, and no network answers
sooner (discord.py 2.7.1 loses an answer that is back at once, and then waits for ever)."""
EARLY_SECONDS = 0.5
"""How long packets may be ahead of the first Speaking message."""
EARLY_FRAMES = 50
KEEPALIVE_BYTES = 8
"""Clients send an eight-byte counter now and then; the server echoes it."""


Lose = Callable[[Callable[[], None]], bool]
"""A fault on the datagrams' way: whether one is lost or put off (then it delivers it itself)."""


class VoiceServer:
    """A voice server that can be moved away from and killed.

    Attributes:
        alive: False once killed or closed.
        heartbeat_interval_ms: Sent in HELLO.
    """

    def __init__(
        self,
        host: str,
        on_frame: Callable[[int, VoiceFrame], None],
        on_away: Callable[[Peer, int | None], None],
        on_speaking: Callable[[Peer, int], None],
        lose: Lose | None = None,
    ) -> None:
        """Describe a server; `start` opens its ports.

        Args:
            host: Address to bind.
            on_frame: Called with a channel id and each frame heard in it.
            on_away: Called with a peer whose websocket is gone and its close code.
            on_speaking: Called with a peer and the speaking flags it announced.
            lose: Fault to apply to datagrams.
        """
        self.alive = False
        self.heartbeat_interval_ms = HEARTBEAT_INTERVAL_MS
        self._host = host
        self._on_frame = on_frame
        self._on_away = on_away
        self._on_speaking = on_speaking
        self._lose = lose
        self._passes: dict[tuple[int, int], Pass] = {}
        self._peers: dict[int, Peer] = {}
        self._channels: defaultdict[int, list[Peer]] = defaultdict(list)
        self._next_ssrc = itertools.count(1)
        self._runner: web.AppRunner | None = None
        self._udp: UdpSocket | None = None
        self._port = 0

    @property
    def endpoint(self) -> str:
        """`host:port` as VOICE_SERVER_UPDATE names it, without a scheme."""
        return f"{self._host}:{self._port}"

    @property
    def udp_address(self) -> Address:
        """Where clients send RTP."""
        if self._udp is None:
            raise RuntimeError("the voice server is not running")
        return self._udp.address

    @property
    def peers(self) -> list[Peer]:
        """Everyone who identified and was not told to leave."""
        return list(self._peers.values())

    async def start(self, context: ssl.SSLContext, port: int = 0, udp_port: int = 0) -> None:
        """Open both ports.

        Raises:
            OSError: A port is taken.
        """
        app = web.Application()
        app.router.add_get("/", self._websocket)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, port, ssl_context=context)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._udp = UdpSocket(self._host, self._datagram, udp_port)
        self.alive = True

    async def stop(self) -> None:
        """Close everything."""
        self.alive = False
        if self._udp is not None:
            self._udp.close()
        for peer in self.peers:
            if peer.socket is not None:
                peer.socket.cut()
        if self._runner is not None:
            await self._runner.cleanup()

    async def crash(self, code: int | None = VoiceClose.SERVER_CRASHED) -> None:
        """Die as a voice server dies: every client is cut off and the ports go dark.

        Args:
            code: Close code for the clients; None cuts their TCP connections.
        """
        self.alive = False
        for peer in self.peers:
            if peer.socket is not None and code is not None:
                peer.socket.close(code, "voice server crashed")
        if code is not None:
            await asyncio.sleep(0.05)  # lets the close frames out before the ports go
        await self.stop()

    def expect(self, grant: Pass) -> None:
        """Let a user in with this pass, and with no earlier one."""
        self._passes[grant.guild_id, grant.user_id] = grant

    def expel(self, guild_id: int, user_id: int, reason: str, *, migrates: bool = False) -> None:
        """Take back a user's pass; its websocket closes with 4014.

        The close follows a moment later: on Discord the gateway's events, which say why,
        and the voice server's close come from different machines, and the events are
        there first.

        Args:
            guild_id: The user's guild.
            user_id: Whose pass.
            reason: Of the close frame.
            migrates: The user stays in the channel and goes to another server: it is
                heard here until it has gone.
        """
        self._passes.pop((guild_id, user_id), None)
        seconds = MIGRATE_SECONDS if migrates else EXPEL_SECONDS
        loop = asyncio.get_running_loop()
        for peer in self.peers:
            if (peer.grant.guild_id, peer.grant.user_id) == (guild_id, user_id):
                peer.silenced = peer.silenced or not migrates
                loop.call_later(seconds, self.dismiss, peer, VoiceClose.DISCONNECTED, reason)

    def dismiss(self, peer: Peer, code: int, reason: str) -> None:
        """End one session; the others in its channel are told."""
        if self._peers.pop(peer.ssrc, None) is None:
            return
        self._channels[peer.grant.channel_id].remove(peer)
        socket, peer.socket = peer.socket, None
        if socket is not None:
            socket.close(code, reason)
        for other in list(self._channels[peer.grant.channel_id]):
            other.send(VoiceOp.CLIENT_DISCONNECT, {"user_id": str(peer.grant.user_id)})

    def connected(self, guild_id: int, user_id: int) -> bool:
        """Whether the user has an open voice websocket here."""
        peer = self.find_peer_of(guild_id, user_id)
        return peer is not None and peer.socket is not None

    def serves(self, guild_id: int) -> bool:
        """See `VoiceHost.serves`."""
        return any(guild == guild_id for guild, _user in self._passes)

    def find_peer_of(self, guild_id: int, user_id: int) -> Peer | None:
        """The peer of a user's present pass, connected or away."""
        grant = self._passes.get((guild_id, user_id))
        for peer in self._peers.values():
            if peer.grant is grant:
                return peer
        return None

    def find_pass(self, guild_id: int, user_id: int) -> Pass | None:
        """See `VoiceHost.find_pass`."""
        return self._passes.get((guild_id, user_id))

    def find_peer(self, guild_id: int, session_id: str) -> Peer | None:
        """See `VoiceHost.find_peer`."""
        for peer in self._peers.values():
            if (peer.grant.guild_id, peer.grant.session_id) == (guild_id, session_id):
                return peer
        return None

    def admit(self, grant: Pass) -> Peer:
        """See `VoiceHost.admit`."""
        for peer in self.peers:
            if peer.grant is grant:
                self.dismiss(peer, VoiceClose.SESSION_INVALID, "connected elsewhere")
            elif (peer.grant.guild_id, peer.grant.user_id) == (grant.guild_id, grant.user_id):
                self.dismiss(peer, VoiceClose.DISCONNECTED, "moved")
        peer = Peer(grant=grant, ssrc=next(self._next_ssrc), silenced=grant.silenced)
        self._peers[peer.ssrc] = peer
        self._channels[grant.channel_id].append(peer)
        return peer

    def ready(self, peer: Peer) -> None:
        """See `VoiceHost.ready`."""
        others = self._others(peer)
        if others:
            user_ids = [str(other.grant.user_id) for other in others]
            peer.send(VoiceOp.CLIENTS_CONNECT, {"user_ids": user_ids})
        for other in others:
            other.send(VoiceOp.CLIENTS_CONNECT, {"user_ids": [str(peer.grant.user_id)]})
            if other.speaking is not None:
                peer.send(VoiceOp.SPEAKING, _speaking(other))

    def spoke(self, peer: Peer, flags: int) -> None:
        """See `VoiceHost.spoke`."""
        peer.speaking = flags
        self._on_speaking(peer, flags)
        for other in self._others(peer):
            other.send(VoiceOp.SPEAKING, _speaking(peer))
        early, peer.early = peer.early, []
        for frame in early:
            self._hear(peer, frame)

    def away(self, peer: Peer, close_code: int | None) -> None:
        """See `VoiceHost.away`."""
        self._on_away(peer, close_code)

    def _others(self, peer: Peer) -> list[Peer]:
        # Asked for every packet, so it must not grow with the number of channels.
        channel = self._channels[peer.grant.channel_id]
        return [other for other in channel if other is not peer] if len(channel) > 1 else []

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        version = request.query.get("v", "1")
        if not version.isdecimal() or int(version) < OLDEST_GATEWAY_VERSION:
            await socket.close(code=VoiceClose.BAD_REQUEST, message=b"unsupported version")
            return socket
        await VoiceConnection(self, socket).serve(request)
        return socket

    def _datagram(self, datagram: bytes, address: Address, received_ns: int) -> None:
        if self._lose is None or not self._lose(
            lambda: self._receive(datagram, address, received_ns)
        ):
            self._receive(datagram, address, received_ns)

    def _receive(self, datagram: bytes, address: Address, received_ns: int) -> None:
        if self._udp is None or not self.alive:
            return
        if len(datagram) == KEEPALIVE_BYTES:
            self._udp.send(datagram, address)
            return
        asked = read_discovery_request(datagram)
        if asked is not None:
            if asked in self._peers:
                self._peers[asked].address = address
                asyncio.get_running_loop().call_later(
                    DISCOVERY_SECONDS, self._udp.send, discovery_response(asked, *address), address
                )
            return
        self._receive_rtp(datagram, address, received_ns)

    def _receive_rtp(self, datagram: bytes, address: Address, received_ns: int) -> None:
        try:
            header = read_header(datagram)
        except MalformedPacket:
            return
        peer = self._peers.get(header.ssrc)
        if peer is None or peer.cipher is None:
            return
        try:
            nonce, opus = open_packet(peer.cipher, datagram)
        except (ForgedPacket, MalformedPacket):
            peer.counts.forged += 1
            return
        if not peer.window.accept(nonce):
            peer.counts.replayed += 1
            return
        peer.address = address
        user_id = peer.grant.user_id
        frame = VoiceFrame(user_id, peer.ssrc, header.sequence, header.timestamp, opus, received_ns)
        if peer.speaking is None:
            self._hold(peer, frame)
        else:
            self._hear(peer, frame)

    def _hold(self, peer: Peer, frame: VoiceFrame) -> None:
        """Keep a packet that has overtaken the Speaking message on the other socket."""
        if not peer.early:
            loop = asyncio.get_running_loop()
            loop.call_later(EARLY_SECONDS, self._judge, peer)
        if len(peer.early) < EARLY_FRAMES:
            peer.early.append(frame)
        peer.counts.unannounced += 1

    def _judge(self, peer: Peer) -> None:
        if peer.speaking is None:
            reason = "invalid SSRC: speaking comes first"
            self.dismiss(peer, VoiceClose.BAD_REQUEST, reason)

    def _hear(self, peer: Peer, frame: VoiceFrame) -> None:
        if peer.silenced:
            peer.counts.muted += 1
            return
        peer.counts.heard += 1
        self._on_frame(peer.grant.channel_id, frame)
        for other in self._others(peer):
            header = write_header(frame.sequence, frame.timestamp, frame.ssrc)
            self._send(other, header, frame.opus)

    def _send(self, peer: Peer, header: bytes, opus: bytes) -> None:
        if self._udp is None or peer.cipher is None or peer.address is None:
            return
        self._udp.send(peer.cipher.seal(header, opus, peer.next_nonce()), peer.address)


def _speaking(peer: Peer) -> dict[str, object]:
    return {
        "speaking": peer.speaking,
        "ssrc": peer.ssrc,
        "user_id": str(peer.grant.user_id),
    }
