"""One open client of a person."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from discord_sandbox.interactions.checks import Json
from discord_sandbox.interactions.registry import Scope
from discord_sandbox.interactions.service import Refused
from discord_sandbox.people.operations import OPERATIONS
from discord_sandbox.people.snapshot import channel_view_json, commands_json, hello_json
from discord_sandbox.people.visibility import MAY_CHANGE_SIGHT, receives, visible_channels
from discord_sandbox.rest.errors import ApiError
from discord_sandbox.world.models import Channel, Dispatch, Guild, User

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox

MAX_WAITING_EVENTS = 5000
"""A client that does not read loses its connection at this many unread events."""

_HIDDEN = frozenset({"INTERACTION_CREATE", "PRESENCE_UPDATE"})


class PersonSession:
    """A person's WebSocket: events out, operations in.

    Args:
        sandbox: Where.
        user: Who.
        guild: What they look at; None for direct messages only.
        socket: Prepared.
    """

    def __init__(
        self, sandbox: Sandbox, user: User, guild: Guild | None, socket: web.WebSocketResponse
    ) -> None:
        self.sandbox = sandbox
        self.user = user
        self.guild = guild
        self._socket = socket
        self._waiting: asyncio.Queue[Json | None] = asyncio.Queue(MAX_WAITING_EVENTS)
        self._sight: dict[int, Channel] = {}
        self._running: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Serve until the person leaves."""
        world, exchange = self.sandbox.world, self.sandbox.interactions.exchange
        self.send("HELLO", hello_json(self.sandbox, self.user, self.guild))
        if self.guild is not None:
            self._sight = visible_channels(self.user, self.guild)
        unsubscribe = (
            world.subscribe(self._watch),
            exchange.subscribe(self._notice),
            self.sandbox.interactions.on_commands_changed(self._commands_changed),
        )
        writing = asyncio.create_task(self._write())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    self._receive(message.data)
        finally:
            for stop in unsubscribe:
                stop()
            for task in (writing, *self._running):
                task.cancel()
            await asyncio.gather(writing, *self._running, return_exceptions=True)

    def send(self, name: str, data: Any) -> None:  # noqa: ANN401 - any JSON
        """Queue an event for the person."""
        self._put({"t": name, "d": data})

    def send_commands(self) -> None:
        """Tell which commands are usable now."""
        self.send(
            "COMMANDS_UPDATE", {"commands": commands_json(self.sandbox, self.user, self.guild)}
        )

    def _commands_changed(self, scope: Scope) -> None:
        _, guild_id = scope
        if guild_id is None or (self.guild is not None and guild_id == self.guild.id):
            self.send_commands()

    def _put(self, message: Json) -> None:
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self._waiting = asyncio.Queue(1)
            self._waiting.put_nowait(None)
            self._running.add(asyncio.ensure_future(self._close()))

    async def _close(self) -> None:
        await self._socket.close(code=1013, message=b"events were not read")

    async def _write(self) -> None:
        while (message := await self._waiting.get()) is not None:
            await self._socket.send_str(json.dumps(message, separators=(",", ":")))

    def _notice(self, user_id: int, name: str, data: Json) -> None:
        if user_id == self.user.id:
            self.send(name, data)

    def _watch(self, dispatch: Dispatch) -> None:
        if dispatch.name in _HIDDEN:
            return
        if receives(self.sandbox.world, self.user, self.guild, dispatch):
            self.send(dispatch.name, dispatch.data)
        if self.guild is None or dispatch.guild_id != self.guild.id:
            return
        if dispatch.name in MAY_CHANGE_SIGHT:
            self._look_again(dispatch)
        elif dispatch.name.startswith(("CHANNEL_", "THREAD_")):
            self._sight = visible_channels(self.user, self.guild)
        elif dispatch.name in ("GUILD_MEMBER_ADD", "GUILD_MEMBER_REMOVE"):
            self.send_commands()  # a bot may have come or gone

    def _look_again(self, dispatch: Dispatch) -> None:
        """Channels that appeared or vanished with changed permissions come as events."""
        guild = self.guild
        if guild is None or self.user.id not in guild.members:
            return
        now = visible_channels(self.user, guild)
        for channel_id, channel in now.items():
            if channel_id not in self._sight:
                self.send("CHANNEL_CREATE", channel_view_json(self.user, channel))
            elif dispatch.name != "CHANNEL_UPDATE":
                self.send("CHANNEL_UPDATE", channel_view_json(self.user, channel))
        for channel_id, channel in self._sight.items():
            if channel_id not in now:
                self.send(
                    "CHANNEL_DELETE",
                    {"id": str(channel_id), "type": channel.type, "guild_id": str(guild.id)},
                )
        self._sight = now
        self.send_commands()

    def _receive(self, text: str) -> None:
        try:
            request: Any = json.loads(text)
            number, name = request["id"], request["op"]
            data: Json = request.get("d") or {}
        except (ValueError, KeyError, TypeError, AttributeError):
            self._put({"re": None, "ok": False, "error": _error("bad_request", "Not a request.")})
            return
        task = asyncio.ensure_future(self._serve(number, str(name), data))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _serve(self, number: object, name: str, data: Json) -> None:
        operation = OPERATIONS.get(name)
        if operation is None:
            self._refuse(number, _error("unknown_op", f'There is no operation "{name}".'))
            return
        try:
            result = await operation(self, data)
        except Refused as refused:
            self._refuse(number, _error(refused.code, refused.message, refused.details))
        except ApiError as refused:
            self._refuse(number, _error(str(refused.code), refused.message, refused.errors))
        except (KeyError, ValueError, TypeError) as missing:
            self._refuse(number, _error("bad_request", f"Missing or wrong: {missing}"))
        else:
            self._put({"re": number, "ok": True, "d": result})

    def _refuse(self, number: object, error: Json) -> None:
        self._put({"re": number, "ok": False, "error": error})


def _error(code: str, message: str, details: Json | None = None) -> Json:
    error: Json = {"code": code, "message": message}
    if details:
        error["errors"] = details
    return error
