"""One websocket of the voice gateway, from HELLO to its close."""

import asyncio
import json
from collections.abc import Callable
from typing import Protocol, cast

from aiohttp import WSMsgType, web

from discord_sandbox.voice.ciphers import MODES
from discord_sandbox.voice.peer import Json, MessagesLost, Pass, Peer
from discord_sandbox.voice.protocol import (
    MISSED_HEARTBEATS,
    VOICE_GATEWAY_VERSION,
    VoiceClose,
    VoiceOp,
)
from discord_sandbox.voice.udp import Address


class Refused(Exception):
    """The client broke the protocol; the socket closes with this code."""

    def __init__(self, code: VoiceClose, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class VoiceHost(Protocol):
    """What a connection asks of the server it belongs to."""

    heartbeat_interval_ms: int

    @property
    def udp_address(self) -> Address:
        """Where the client shall send RTP."""
        ...

    def find_pass(self, guild_id: int, user_id: int) -> Pass | None:
        """The pass given to a user, if the user was sent here."""
        ...

    def serves(self, guild_id: int) -> bool:
        """Whether any user of this guild was sent here."""
        ...

    def admit(self, grant: Pass) -> Peer:
        """A new peer for a pass; an older one of the same user is replaced."""
        ...

    def find_peer(self, guild_id: int, session_id: str) -> Peer | None:
        """The peer of a session, connected or away."""
        ...

    def ready(self, peer: Peer) -> None:
        """The peer has its key: introduce it to the others."""
        ...

    def spoke(self, peer: Peer, flags: int) -> None:
        """The peer announced its speaking flags."""
        ...

    def away(self, peer: Peer, close_code: int | None) -> None:
        """The peer's websocket is gone."""
        ...


class VoiceConnection:
    """Reads one client's messages and answers them.

    Every message to the client passes through one queue, so that order holds.
    """

    def __init__(self, host: VoiceHost, socket: web.WebSocketResponse) -> None:
        self._host = host
        self._socket = socket
        self._outgoing: asyncio.Queue[Json | tuple[int, str]] = asyncio.Queue()
        self._peer: Peer | None = None
        self._transport: asyncio.Transport | None = None
        self._farewell: tuple[int, str] | None = None
        self._handlers: dict[int, Callable[[Peer, Json], None]] = {
            VoiceOp.SELECT_PROTOCOL: self._select_protocol,
            VoiceOp.SPEAKING: self._speaking,
            VoiceOp.CLIENT_CONNECT: lambda _peer, _data: None,  # video streams: none here
        }

    def send(self, message: Json) -> None:
        """See `PeerSocket.send`."""
        self._outgoing.put_nowait(message)

    def close(self, code: int, reason: str) -> None:
        """See `PeerSocket.close`."""
        self._outgoing.put_nowait((code, reason))

    def cut(self) -> None:
        """See `PeerSocket.cut`."""
        if self._transport is not None:
            self._transport.abort()

    async def serve(self, request: web.Request) -> None:
        """Talk until either side closes."""
        self._transport = request.transport
        interval_ms = self._host.heartbeat_interval_ms
        hello = {"v": VOICE_GATEWAY_VERSION, "heartbeat_interval": interval_ms}
        self.send({"op": VoiceOp.HELLO, "d": hello})
        reading = asyncio.create_task(self._read(interval_ms / 1000 * MISSED_HEARTBEATS))
        writing = asyncio.create_task(self._write())
        try:
            await asyncio.wait({reading, writing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Nobody may be reading when the close frame goes out, or aiohttp drops the
            # connection before the client has answered it.
            reading.cancel()
            writing.cancel()
            await asyncio.wait({reading, writing})
            self._leave()
        if self._farewell is not None:
            code, reason = self._farewell
            await self._socket.close(code=code, message=reason.encode())
        if not reading.cancelled():
            reading.result()

    def _leave(self) -> None:
        code = self._socket.close_code if self._farewell is None else self._farewell[0]
        if self._peer is not None and self._peer.socket is self:
            self._peer.socket = None
            self._host.away(self._peer, code)

    async def _write(self) -> None:
        try:
            while True:
                item = await self._outgoing.get()
                if isinstance(item, tuple):
                    self._farewell = item
                    return
                await self._socket.send_str(json.dumps(item))
        except ConnectionError:
            return  # the reader sees the same end and tidies up

    async def _read(self, patience_seconds: float) -> None:
        while True:
            try:
                frame = await self._socket.receive(timeout=patience_seconds)
            except TimeoutError:
                self._refuse(VoiceClose.SESSION_TIMEOUT, "no heartbeat")
                return
            if frame.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            try:
                self._handle(_decode(cast("str | bytes", frame.data)))
            except Refused as refused:
                self._refuse(refused.code, refused.reason)
                return

    def _refuse(self, code: int, reason: str) -> None:
        self._farewell = (code, reason)

    def _handle(self, message: Json) -> None:
        op, data = message["op"], message.get("d")
        if op == VoiceOp.HEARTBEAT:
            self._heartbeat(data)
            return
        fields = cast("Json", data) if isinstance(data, dict) else {}
        if op in (VoiceOp.IDENTIFY, VoiceOp.RESUME):
            if self._peer is not None:
                raise Refused(VoiceClose.ALREADY_AUTHENTICATED, "already authenticated")
            if op == VoiceOp.IDENTIFY:
                self._identify(fields)
            else:
                self._resume(fields)
            return
        if self._peer is None:
            raise Refused(VoiceClose.NOT_AUTHENTICATED, "identify first")
        handler = self._handlers.get(op)
        if handler is None:
            raise Refused(VoiceClose.UNKNOWN_OPCODE, f"unknown opcode {op}")
        handler(self._peer, fields)

    def _heartbeat(self, data: object) -> None:
        # Version 8 sends {"t", "seq_ack"}, older ones the bare nonce; each gets its own back.
        if isinstance(data, dict):
            self.send({"op": VoiceOp.HEARTBEAT_ACK, "d": {"t": cast("Json", data).get("t")}})
        else:
            self.send({"op": VoiceOp.HEARTBEAT_ACK, "d": data})

    def _identify(self, data: Json) -> None:
        guild_id, user_id = _snowflake(data, "server_id"), _snowflake(data, "user_id")
        if not self._host.serves(guild_id):
            raise Refused(VoiceClose.SERVER_NOT_FOUND, "no such server here")
        grant = self._host.find_pass(guild_id, user_id)
        if grant is None or data.get("token") != grant.token:
            raise Refused(VoiceClose.AUTHENTICATION_FAILED, "the token is not valid")
        if data.get("session_id") != grant.session_id:
            raise Refused(VoiceClose.SESSION_INVALID, "the session is not valid")
        peer = self._attach(self._host.admit(grant))
        host, port = self._host.udp_address
        ready = {"ssrc": peer.ssrc, "ip": host, "port": port, "modes": list(MODES)}
        peer.send(VoiceOp.READY, ready)

    def _resume(self, data: Json) -> None:
        guild_id = _snowflake(data, "server_id")
        peer = self._host.find_peer(guild_id, str(data.get("session_id")))
        if peer is None:
            raise Refused(VoiceClose.SESSION_INVALID, "the session is not valid")
        if data.get("token") != peer.grant.token:
            raise Refused(VoiceClose.AUTHENTICATION_FAILED, "the token is not valid")
        sequence = data.get("seq_ack", -1)
        try:
            missed = peer.missed_since(sequence if isinstance(sequence, int) else -1)
        except MessagesLost:
            raise Refused(VoiceClose.SESSION_INVALID, "too much was missed") from None
        if peer.socket is not None:
            peer.socket.close(VoiceClose.SESSION_INVALID, "resumed elsewhere")
        self._attach(peer)
        self.send({"op": VoiceOp.RESUMED, "d": None})
        for message in missed:
            self.send(message)

    def _attach(self, peer: Peer) -> Peer:
        self._peer = peer
        peer.socket = self
        return peer

    def _select_protocol(self, peer: Peer, data: Json) -> None:
        if data.get("protocol") != "udp":
            raise Refused(VoiceClose.UNKNOWN_PROTOCOL, "only udp is spoken here")
        choice: object = data.get("data")
        mode = cast("Json", choice).get("mode") if isinstance(choice, dict) else None
        if mode not in MODES:
            raise Refused(VoiceClose.UNKNOWN_MODE, f"unknown encryption mode {mode}")
        peer.choose_mode(str(mode))
        description = {
            "mode": mode,
            "secret_key": list(peer.secret_key),
            "dave_protocol_version": 0,
        }
        peer.send(VoiceOp.SESSION_DESCRIPTION, description)
        self._host.ready(peer)

    def _speaking(self, peer: Peer, data: Json) -> None:
        flags = data.get("speaking")
        if not isinstance(flags, int):
            raise Refused(VoiceClose.DECODE_FAILED, "speaking must be a bit field")
        self._host.spoke(peer, flags)


def _decode(payload: str | bytes) -> Json:
    try:
        message: object = json.loads(payload)
    except ValueError:
        raise Refused(VoiceClose.DECODE_FAILED, "not JSON") from None
    if not isinstance(message, dict) or not isinstance(cast("Json", message).get("op"), int):
        raise Refused(VoiceClose.DECODE_FAILED, "not a payload with an opcode")
    return cast("Json", message)


def _snowflake(data: Json, name: str) -> int:
    try:
        return int(data[name])
    except (KeyError, TypeError, ValueError):
        raise Refused(VoiceClose.DECODE_FAILED, f"{name} must be a snowflake") from None
