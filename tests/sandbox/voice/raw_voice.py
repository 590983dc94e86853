"""A voice client that hides nothing: websocket over TLS, and a UDP socket."""

import asyncio
import json
import socket
import ssl
from typing import Any, Self

import aiohttp

from discord_sandbox.voice.ciphers import Cipher, cipher_for
from discord_sandbox.voice.rtp import discovery_request, write_header

Json = dict[str, Any]


class VoiceClosed(Exception):
    """The server closed the connection."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class RawVoice:
    """One connection to the voice gateway."""

    def __init__(self, endpoint: str, context: ssl.SSLContext) -> None:
        self._url = f"wss://{endpoint}/?v=8"
        self._context = context
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.seen: list[Json] = []
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.settimeout(0)
        self.ssrc = 0
        self.sequence = 0
        self.nonce = 0
        self.cipher: Cipher | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        self._socket = await self._http.ws_connect(self._url, ssl=self._context)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.udp.close()
        assert self._http is not None
        await self.ws.close()
        await self._http.close()

    @property
    def ws(self) -> aiohttp.ClientWebSocketResponse:
        assert self._socket is not None
        return self._socket

    async def send(self, op: int, data: object) -> None:
        await self.ws.send_str(json.dumps({"op": op, "d": data}))

    async def receive(self) -> Json:
        frame = await self.ws.receive(timeout=5)
        if frame.type is not aiohttp.WSMsgType.TEXT:
            raise VoiceClosed(self.ws.close_code)
        self.seen.append(json.loads(frame.data))
        return self.seen[-1]

    async def op(self, op: int) -> Json:
        """The next message with this opcode."""
        while True:
            message = await self.receive()
            if message["op"] == op:
                return message

    async def close_code(self) -> int | None:
        """Read until the server closes; with which code."""
        while True:
            try:
                await self.receive()
            except VoiceClosed as closed:
                return closed.code

    async def identify(self, server: Json, state: Json, **changes: object) -> None:
        data = {
            "server_id": server["guild_id"],
            "user_id": state["user_id"],
            "session_id": state["session_id"],
            "token": server["token"],
            **changes,
        }
        await self.send(0, data)

    async def negotiate(self, mode: str) -> Json:
        """Go from READY to the session description; returns READY's data."""
        ready = (await self.op(2))["d"]
        self.ssrc = ready["ssrc"]
        self.udp.connect((ready["ip"], ready["port"]))
        self.udp.send(discovery_request(self.ssrc))
        answer = await self.datagram()
        address = answer[8 : answer.index(0, 8)].decode()
        port = int.from_bytes(answer[-2:], "big")
        choice = {"address": address, "port": port, "mode": mode}
        await self.send(1, {"protocol": "udp", "data": choice})
        description = (await self.op(4))["d"]
        assert description["mode"] == mode
        self.cipher = cipher_for(mode, bytes(description["secret_key"]))
        return ready

    async def speak(self, flags: int = 1) -> None:
        await self.send(5, {"speaking": flags, "delay": 0, "ssrc": self.ssrc})
        await self.send(3, {"t": 1, "seq_ack": -1})
        await self.op(6)  # the server has read both

    def seal(self, opus: bytes, *, nonce: int | None = None) -> bytes:
        """The next packet."""
        assert self.cipher is not None
        self.sequence += 1
        self.nonce += 1
        header = write_header(self.sequence, self.sequence * 960, self.ssrc)
        return self.cipher.seal(header, opus, self.nonce if nonce is None else nonce)

    async def datagram(self) -> bytes:
        loop = asyncio.get_running_loop()
        return await asyncio.wait_for(loop.sock_recv(self.udp, 2048), 5)
