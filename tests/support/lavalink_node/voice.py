"""A node's connection to Discord's voice server."""

import asyncio
import contextlib
import json
import os
import socket
import ssl
from collections.abc import Callable
from typing import Any

import aiohttp

from discord_sandbox.voice.ciphers import AES_GCM, Cipher, cipher_for
from discord_sandbox.voice.rtp import SILENCE_FRAME, discovery_request, write_header

type Json = dict[str, Any]
type OnClosed = Callable[[int, str], None]
STEP_SECONDS = 10.0


class VoiceLine:
    """One websocket and one UDP socket.

    Attributes:
        is_open: Packets can be sent.
        ping_ms: -1 before the first answer to a heartbeat.
    """

    def __init__(self, voice: Json, guild_id: str, user_id: str, on_closed: OnClosed) -> None:
        self.voice = voice
        self.is_open = False
        self.ping_ms = -1
        self._guild_id = guild_id
        self._user_id = user_id
        self._on_closed = on_closed
        self._http: aiohttp.ClientSession | None = None
        self._ws: aiohttp.ClientWebSocketResponse | None = None
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.settimeout(0)
        self._cipher: Cipher | None = None
        self._ssrc = 0
        self._seq_ack = -1
        self._sequence = int.from_bytes(os.urandom(2), "big")
        self._timestamp = int.from_bytes(os.urandom(4), "big")
        self._nonce = 0
        self._interval = 10.0
        self._speaking = False
        self._closing = False
        self._tasks: list[asyncio.Task[None]] = []

    async def connect(self, context: ssl.SSLContext | None) -> None:
        """Shake hands; raises OSError, aiohttp.ClientError, TimeoutError."""
        self._http = aiohttp.ClientSession()
        async with asyncio.timeout(STEP_SECONDS):
            self._ws = await self._http.ws_connect(
                f"wss://{self.voice['endpoint']}/?v=8", ssl=context if context is not None else True
            )
            await self._send(
                0,
                {
                    "server_id": self._guild_id,
                    "user_id": self._user_id,
                    "session_id": self.voice["sessionId"],
                    "token": self.voice["token"],
                },
            )
            hello = (await self._until(8))["d"]
            self._interval = hello["heartbeat_interval"] / 1000
            ready = (await self._until(2))["d"]
            await self._select(ready)
        self.is_open = True
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._beat())]

    def send(self, opus: bytes) -> None:
        """Send 20 ms."""
        if not self.is_open or self._cipher is None:
            return
        if not self._speaking:
            self._speaking = True
            self._tasks.append(asyncio.create_task(self._speak()))
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._nonce += 1
        header = write_header(self._sequence, self._timestamp, self._ssrc)
        self._timestamp = (self._timestamp + 960) & 0xFFFFFFFF
        with contextlib.suppress(OSError):
            self._udp.send(self._cipher.seal(header, opus, self._nonce))

    def silence(self) -> None:
        """Send a frame of silence."""
        self.send(SILENCE_FRAME)

    async def close(self) -> None:
        """End the connection."""
        self._closing, self.is_open = True, False
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(1):
                if self._ws is not None:
                    await self._ws.close()
        if self._http is not None:
            await self._http.close()
        self._udp.close()

    async def _select(self, ready: Json) -> None:
        loop = asyncio.get_running_loop()
        self._ssrc = ready["ssrc"]
        self._udp.connect((ready["ip"], ready["port"]))
        self._udp.send(discovery_request(self._ssrc))
        answer = await loop.sock_recv(self._udp, 2048)
        address = answer[8 : answer.index(0, 8)].decode()
        port = int.from_bytes(answer[-2:], "big")
        choice = {"address": address, "port": port, "mode": AES_GCM}
        await self._send(1, {"protocol": "udp", "data": choice})
        description = (await self._until(4))["d"]
        self._cipher = cipher_for(description["mode"], bytes(description["secret_key"]))

    async def _speak(self) -> None:
        with contextlib.suppress(aiohttp.ClientError, OSError):
            await self._send(5, {"speaking": 1, "delay": 0, "ssrc": self._ssrc})

    async def _beat(self) -> None:
        with contextlib.suppress(aiohttp.ClientError, OSError):
            while True:
                await self._send(3, {"t": 1, "seq_ack": self._seq_ack})
                await asyncio.sleep(self._interval)

    async def _read(self) -> None:
        ws = self._ws
        assert ws is not None
        async for message in ws:
            if message.type is aiohttp.WSMsgType.TEXT:
                body = json.loads(message.data)
                self._seq_ack = body.get("seq", self._seq_ack)
                if body["op"] == 6:
                    self.ping_ms = 1
        if not self._closing:
            self.is_open = False
            self._on_closed(ws.close_code or 1006, "")

    async def _send(self, op: int, data: object) -> None:
        assert self._ws is not None
        await self._ws.send_str(json.dumps({"op": op, "d": data}))

    async def _until(self, op: int) -> Json:
        assert self._ws is not None
        while True:
            message = await self._ws.receive()
            if message.type is not aiohttp.WSMsgType.TEXT:
                raise ConnectionError(f"voice closed with {self._ws.close_code}")
            body = json.loads(message.data)
            self._seq_ack = body.get("seq", self._seq_ack)
            if body["op"] == op:
                return body
