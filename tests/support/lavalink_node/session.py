"""A client's session: its players, and its messages also while it is away."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from aiohttp import web
from tests.support.lavalink_node.player import NodePlayer

type Json = dict[str, Any]


class NodeSession:
    """Everything one client has on the node.

    Attributes:
        socket: Where messages go; None while the client is away.
        resumable: Whether it outlives its connection, for ``timeout`` seconds.
    """

    def __init__(self, session_id: str, user_id: str, on_message: Callable[[Json], None]) -> None:
        self.id = session_id
        self.user_id = user_id
        self.players: dict[str, NodePlayer] = {}
        self.socket: web.WebSocketResponse | None = None
        self.resumable = False
        self.timeout = 60
        self._on_message = on_message
        self._queue: list[str] = []
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())
        self._expiry: asyncio.TimerHandle | None = None

    def say(self, message: Json) -> None:
        """Send a message now, or when the client is back. Updates are not kept."""
        if self.socket is None and message["op"] == "playerUpdate":
            return
        self._on_message(message)
        text = json.dumps(message)
        if self.socket is None:
            self._queue.append(text)
        else:
            self._outgoing.put_nowait(text)

    def resume(self, socket: web.WebSocketResponse) -> None:
        """The client is back: what happened meanwhile is told in order."""
        self.socket = socket
        self.say({"op": "ready", "resumed": True, "sessionId": self.id})
        for text in self._queue:
            self._outgoing.put_nowait(text)
        self._queue.clear()
        for player in self.players.values():
            player.say_update()

    def pause(self, expire: Callable[["NodeSession"], None]) -> None:
        """The client has gone, and may come back."""
        self.socket = None
        loop = asyncio.get_running_loop()
        self._expiry = loop.call_later(self.timeout, expire, self)

    def stop_expiry(self) -> bool:
        """Whether the client has come back in time."""
        if self._expiry is None:
            return False
        self._expiry.cancel()
        self._expiry = None
        return True

    async def close(self) -> None:
        """End every player."""
        if self._expiry is not None:
            self._expiry.cancel()
        for player in tuple(self.players.values()):
            await player.destroy()
        self.players.clear()
        self._writer.cancel()
        await asyncio.gather(self._writer, return_exceptions=True)

    async def _write(self) -> None:
        while True:
            text = await self._outgoing.get()
            socket = self.socket
            if socket is None:
                self._queue.append(text)
            elif not socket.closed:
                try:
                    await socket.send_str(text)
                except ConnectionError:
                    self._queue.append(text)
