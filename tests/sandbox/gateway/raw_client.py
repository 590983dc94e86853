"""A gateway client that hides nothing: it sends payloads as asked and keeps all it gets."""

import json
import zlib
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import aiohttp
import zstandard

Json = dict[str, Any]

ALL_INTENTS = (1 << 26) - 1
IDENTIFY = 2
RESUME = 6


class Closed(Exception):
    """The server closed the connection."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class RawClient:
    """One websocket to the gateway.

    `frames` keeps what arrived as it was on the wire (str for text, bytes for binary).
    """

    def __init__(self, url: str, token: str, *, compress: str | None = None) -> None:
        query = "?v=10&encoding=json" + (f"&compress={compress}" if compress else "")
        self._url = url + query
        self._token = token
        self._decode = _decoder(compress)
        self._http: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self.frames: list[str | bytes] = []
        self.seen: list[Json] = []
        self.sequence: int | None = None
        self.session_id = ""

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession()
        try:
            self._socket = await self._http.ws_connect(self._url, max_msg_size=0)
        except aiohttp.ClientError:
            await self._http.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close(4000)
        assert self._http is not None
        await self._http.close()

    @property
    def socket(self) -> aiohttp.ClientWebSocketResponse:
        assert self._socket is not None
        return self._socket

    async def close(self, code: int) -> None:
        await self.socket.close(code=code)

    async def send(self, op: int, data: object) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def identify(self, **changes: object) -> None:
        data: Json = {
            "token": self._token,
            "properties": {"os": "test", "browser": "test", "device": "test"},
            "intents": ALL_INTENTS,
            **changes,
        }
        await self.send(IDENTIFY, data)

    async def resume(self, session_id: str, sequence: int) -> None:
        data = {"token": self._token, "session_id": session_id, "seq": sequence}
        await self.send(RESUME, data)

    async def receive(self) -> Json:
        """The next payload; `Closed` with the code when there is none."""
        frame = await self.socket.receive(timeout=5)
        if frame.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            raise Closed(self.socket.close_code)
        self.frames.append(frame.data)
        payload: Json = json.loads(self._decode(frame.data))
        self.seen.append(payload)
        if payload.get("s") is not None:
            self.sequence = payload["s"]
        if payload.get("t") == "READY":
            self.session_id = payload["d"]["session_id"]
        return payload

    async def until(self, wanted: Callable[[Json], bool]) -> Json:
        """The next payload that fits; the others are in `seen`."""
        while True:
            payload = await self.receive()
            if wanted(payload):
                return payload

    async def event(self, name: str) -> Json:
        """The data of the next event of this name."""
        return (await self.until(lambda payload: payload["t"] == name))["d"]

    async def op(self, op: int) -> Json:
        """The next payload with this opcode."""
        return await self.until(lambda payload: payload["op"] == op)

    async def close_code(self) -> int | None:
        """Read until the server closes; with which code."""
        while True:
            try:
                await self.receive()
            except Closed as closed:
                return closed.code

    def events(self) -> list[str]:
        """The names of all events so far."""
        return [payload["t"] for payload in self.seen if payload["t"]]


def _decoder(compress: str | None) -> Callable[[Any], bytes | str]:
    if compress == "zlib-stream":
        return zlib.decompressobj().decompress
    if compress == "zstd-stream":
        return zstandard.ZstdDecompressor().decompressobj().decompress
    return lambda frame: zlib.decompress(frame) if isinstance(frame, bytes) else frame
