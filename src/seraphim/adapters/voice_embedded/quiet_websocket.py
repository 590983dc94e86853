"""discord.py's voice gateway connection without its heartbeat thread, resuming where it may."""

# As in connection.py: parts of discord.py without a public hook are replaced, its version pinned.
# pyright: reportPrivateUsage=false

import asyncio
import contextlib
import time
from collections import deque
from typing import Any, override

import aiohttp
from discord.errors import ConnectionClosed
from discord.gateway import DiscordVoiceWebSocket

_HEARTBEAT_SECONDS = 5.0
_HEARTBEAT_TIMEOUT_SECONDS = 60.0

_RESUMABLE = frozenset({-1, 1001, 1005, 1006, 1011, 1012, 4000, 4015})
"""Close codes after which the session still stands (Discord docs, "Voice Close Event Codes")."""
_SERVER_CRASHED = 4015


class _Heartbeat:
    """Sends heartbeats from the event loop; looks to discord.py like its own handler."""

    def __init__(self, websocket: "QuietWebSocket", interval: float) -> None:
        self._websocket = websocket
        self._interval = interval
        self._sent_at = self._acked_at = time.perf_counter()
        self.latency = float("inf")
        self.recent_ack_latencies: deque[float] = deque(maxlen=20)
        self._task = asyncio.get_running_loop().create_task(self._run(), name="voice-heartbeat")

    def ack(self) -> None:
        """Note the answer to a heartbeat."""
        self._acked_at = time.perf_counter()
        self.latency = self._acked_at - self._sent_at
        self.recent_ack_latencies.append(self.latency)

    def stop(self) -> None:
        """Send no more."""
        self._task.cancel()

    async def _run(self) -> None:
        websocket = self._websocket
        # A cancelled task would keep the trace of its end, and in that the WebSocket.
        ends = (asyncio.CancelledError, ConnectionError, aiohttp.ClientError, RuntimeError)
        with contextlib.suppress(*ends):
            while True:
                await asyncio.sleep(self._interval)
                if time.perf_counter() - self._acked_at > _HEARTBEAT_TIMEOUT_SECONDS:
                    await websocket.ws.close(code=4000)
                    return
                # Discord wants any nonce here; a growing one helps to read traces.
                nonce = time.monotonic_ns() // 1_000_000
                payload = {
                    "op": websocket.HEARTBEAT,
                    "d": {"t": nonce, "seq_ack": websocket.seq_ack},
                }
                self._sent_at = time.perf_counter()
                await websocket.send_heartbeat(payload)


class QuietWebSocket(DiscordVoiceWebSocket):
    """The voice gateway connection, without a heartbeat thread, and resuming where it may."""

    resumed = False
    """Whether the server has taken up the old session again."""

    @override
    async def received_message(self, msg: dict[str, Any]) -> None:
        if msg["op"] == self.HELLO:
            self.seq_ack = msg.get("seq", self.seq_ack)
            interval = min(msg["d"]["heartbeat_interval"] / 1000, _HEARTBEAT_SECONDS)
            handler: Any = _Heartbeat(self, interval)
            self._keep_alive = handler
            await self._hook(self, msg)
            return
        await super().received_message(msg)
        if msg["op"] == self.RESUMED:
            self.resumed = True

    @override
    async def poll_event(self) -> None:
        try:
            await super().poll_event()
        except TimeoutError as error:
            # Not even a heartbeat has been answered: what is sent now nobody hears either.
            await self._let_go()
            raise ConnectionClosed(self.ws, shard_id=None, code=_SERVER_CRASHED) from error
        except ConnectionClosed as error:
            await self._let_go()
            if error.code in _RESUMABLE:
                # discord.py resumes after 4015 only, and leaves the channel after all the others.
                raise ConnectionClosed(self.ws, shard_id=None, code=_SERVER_CRASHED) from error
            raise

    async def _let_go(self) -> None:
        """Hold the music back, and close what the library only drops."""
        if self._keep_alive is not None:
            self._keep_alive.stop()
        connection: Any = self._connection
        connection.is_cut_off = True
        with contextlib.suppress(OSError, aiohttp.ClientError, TimeoutError):
            await self.ws.close()
