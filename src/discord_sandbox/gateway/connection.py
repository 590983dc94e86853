"""One gateway websocket, from HELLO to its close."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Protocol, cast

import msgspec
from aiohttp import WSMsgType, web

from discord_sandbox.gateway.compression import Encoder, PayloadEncoder, PlainEncoder
from discord_sandbox.gateway.protocol import (
    COMMAND_WINDOW_SECONDS,
    COMMANDS_PER_WINDOW,
    MAX_PAYLOAD_BYTES,
    Close,
    Op,
)
from discord_sandbox.gateway.session import Session

Json = dict[str, Any]

MISSED_HEARTBEATS = 2
"""Intervals without a heartbeat after which the client counts as a zombie."""


class Refused(Exception):
    """The client broke the protocol; the socket closes with this code."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Hub(Protocol):
    """What a connection asks of the gateway."""

    heartbeat_interval_ms: int

    def identify(self, connection: "GatewayConnection", data: Json) -> Session | None:
        """Start a session; None when an Invalid Session was answered."""
        ...

    def resume(self, connection: "GatewayConnection", data: Json) -> Session | None:
        """Take up a session again; None when an Invalid Session was answered."""
        ...

    def command(self, session: Session, op: int, data: Json) -> None:
        """Carry out one of the other opcodes."""
        ...

    def disconnected(self, session: Session, close_code: int | None) -> None:
        """The session's connection is gone."""
        ...

    def note(self, direction: str, session: Session | None, payload: bytes) -> None:
        """Write a line of the transcript."""
        ...


class GatewayConnection:
    """Reads one client's payloads and answers them.

    Everything sent passes through one queue: a compressed stream allows one order only.
    """

    def __init__(self, hub: Hub, socket: web.WebSocketResponse, encoder: Encoder) -> None:
        self._hub = hub
        self._socket = socket
        self._encoder = encoder
        self._outgoing: asyncio.Queue[bytes | tuple[int, str]] = asyncio.Queue()
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._commands: deque[float] = deque(maxlen=COMMANDS_PER_WINDOW)
        self._last_heartbeat = time.monotonic()
        self._session: Session | None = None
        self._transport: asyncio.Transport | None = None
        self._farewell: tuple[int, str] | None = None

    def send(self, payload: bytes) -> None:
        """See `Wire.send`."""
        self._outgoing.put_nowait(payload)

    def send_op(self, op: Op, data: object = None) -> None:
        """Queue a payload that is no event."""
        self.send(msgspec.json.encode({"t": None, "s": None, "op": int(op), "d": data}))

    def close(self, code: int, reason: str) -> None:
        """See `Wire.close`."""
        self._outgoing.put_nowait((code, reason))

    def cut(self) -> None:
        """See `Wire.cut`."""
        if self._transport is not None:
            self._transport.abort()

    def stall(self) -> None:
        """See `Wire.stall`."""
        self._flowing.clear()

    def flow(self) -> None:
        """See `Wire.flow`."""
        self._flowing.set()

    def compress_payloads(self) -> None:
        """IDENTIFY asked for payload compression; transport compression wins over it."""
        if isinstance(self._encoder, PlainEncoder):
            self._encoder = PayloadEncoder()

    async def serve(self, request: web.Request) -> None:
        """Talk until either side closes."""
        self._transport = request.transport
        self.send_op(Op.HELLO, {"heartbeat_interval": self._hub.heartbeat_interval_ms})
        reading = asyncio.create_task(self._read())
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
        session = self._session
        if session is not None and session.wire is self:
            session.wire = None
            self._hub.disconnected(session, code)

    async def _write(self) -> None:
        try:
            while True:
                item = await self._outgoing.get()
                await self._flowing.wait()
                if isinstance(item, tuple):
                    self._farewell = item
                    return
                self._hub.note("->", self._session, item)
                encoded = self._encoder.encode(item)
                if isinstance(encoded, str):
                    await self._socket.send_str(encoded)
                else:
                    await self._socket.send_bytes(encoded)
        except ConnectionError:
            return  # the reader sees the same end and tidies up

    async def _read(self) -> None:
        patience = self._hub.heartbeat_interval_ms / 1000 * MISSED_HEARTBEATS
        while True:
            left = self._last_heartbeat + patience - time.monotonic()
            try:
                message = await self._socket.receive(timeout=max(left, 0.001))
            except TimeoutError:
                self._refuse(Close.SESSION_TIMED_OUT, "no heartbeat")
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            await self._flowing.wait()
            try:
                self._handle(cast("str | bytes", message.data))
            except Refused as refused:
                self._refuse(refused.code, refused.reason)
                return

    def _refuse(self, code: int, reason: str) -> None:
        self._farewell = (code, reason)

    def _handle(self, payload: str | bytes) -> None:
        raw = payload.encode() if isinstance(payload, str) else payload
        self._hub.note("<-", self._session, raw)
        self._count_command()
        if len(raw) > MAX_PAYLOAD_BYTES:
            raise Refused(Close.DECODE_ERROR, f"more than {MAX_PAYLOAD_BYTES} bytes")
        op, data = _decode(raw)
        if op == Op.HEARTBEAT:
            self._last_heartbeat = time.monotonic()
            self.send_op(Op.HEARTBEAT_ACK)
            return
        entry = self._entries().get(op)
        fields = cast("Json", data) if isinstance(data, dict) else None
        if entry is not None:
            if self._session is not None:
                raise Refused(Close.ALREADY_AUTHENTICATED, "already authenticated")
            if fields is None:
                raise Refused(Close.DECODE_ERROR, "d must be an object")
            self._session = entry(self, fields)
            return
        if op not in set(Op):
            raise Refused(Close.UNKNOWN_OPCODE, f"unknown opcode {op}")
        if self._session is None:
            raise Refused(Close.NOT_AUTHENTICATED, "identify first")
        if fields is None:
            raise Refused(Close.DECODE_ERROR, "d must be an object")
        self._hub.command(self._session, op, fields)

    def _entries(self) -> dict[int, Callable[["GatewayConnection", Json], Session | None]]:
        return {Op.IDENTIFY: self._hub.identify, Op.RESUME: self._hub.resume}

    def _count_command(self) -> None:
        now = time.monotonic()
        full = len(self._commands) == COMMANDS_PER_WINDOW
        if full and now - self._commands[0] < COMMAND_WINDOW_SECONDS:
            raise Refused(Close.RATE_LIMITED, "more than 120 payloads in 60 seconds")
        self._commands.append(now)


def _decode(raw: bytes) -> tuple[int, object]:
    try:
        message: object = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        raise Refused(Close.DECODE_ERROR, "not JSON") from None
    if not isinstance(message, dict):
        raise Refused(Close.DECODE_ERROR, "a payload is an object")
    fields = cast("Json", message)
    op = fields.get("op")
    if not isinstance(op, int) or isinstance(op, bool):
        raise Refused(Close.DECODE_ERROR, "a payload has an opcode")
    return op, fields.get("d")
