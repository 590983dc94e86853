"""A person's WebSocket, their journal of events, and waiting on it."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Callable
from typing import Any

import aiohttp

from discord_sandbox.driver.errors import ExpectationFailed, OperationRefused
from discord_sandbox.driver.messages import MessageView

type Json = dict[str, Any]

DEFAULT_TIMEOUT = 10.0
"""Seconds an expectation waits unless told otherwise."""


MAX_KEPT = 5000
"""Events, messages and interactions a person remembers; the oldest are forgotten."""


class Wire:
    """The HTTP session with one sandbox, shared by everybody a driver plays.

    Args:
        url: The sandbox's address, ``http://127.0.0.1:1234``.
        timeout: Seconds that expectations wait unless told otherwise.
    """

    def __init__(self, url: str, timeout: float = DEFAULT_TIMEOUT) -> None:
        self.url = url.rstrip("/")
        self.timeout = timeout
        # Every person keeps a socket open; aiohttp would let the hundredth wait for ever.
        self.http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def close(self) -> None:
        """Close the session."""
        await self.http.close()

    async def request(self, method: str, path: str, body: object = None) -> Any:
        """Call the sandbox's control or people API; returns its JSON, None for 204.

        Raises:
            OperationRefused: The sandbox answered with an error.
        """
        async with self.http.request(method, self.url + path, json=body) as response:
            text = await response.text()
            if response.status >= 400:  # noqa: PLR2004 - HTTP errors
                raise OperationRefused(f"http_{response.status}", f"{method} {path}: {text}")
            return json.loads(text) if text else None

    async def transcript(self) -> list[Json]:
        """The sandbox's recent traffic; empty when it is gone."""
        with contextlib.suppress(aiohttp.ClientError, OperationRefused, OSError):
            return (await self.request("GET", "/sandbox/people/traffic"))["entries"]
        return []

    async def fail(self, sentence: str) -> ExpectationFailed:
        """The error for an expectation that failed, with the transcript."""
        return ExpectationFailed(sentence, await self.transcript())


class PersonConnection:
    """One person's client: what they know, what happened, and what they ask for."""

    def __init__(self, wire: Wire, user_id: str, guild_id: str | None) -> None:
        self.wire = wire
        self.user_id = user_id
        self._guild_id = guild_id
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        self._numbers = 0
        self._answers: dict[int, asyncio.Future[Any]] = {}
        self._news = asyncio.Condition()
        self.hello: Json = {}
        self.commands: list[Json] = []
        self.channels: dict[str, Json] = {}
        self.voice_states: dict[str, Json] = {}
        self.messages: dict[str, MessageView] = {}
        self.events: deque[tuple[str, Json]] = deque(maxlen=MAX_KEPT)
        self.event_count = 0
        self.interactions: dict[str, Json] = {}
        self.closed = False

    async def open(self) -> None:
        """Connect and wait for HELLO; also again, after the sandbox has closed the connection.

        It closes those that do not read what happens (close code 1013). What is known stays known;
        what happened in between has to be asked for.
        """
        self.closed, self.hello = False, {}
        where = f"{self.wire.url}/sandbox/people?member={self.user_id}"
        if self._guild_id is not None:
            where += f"&guild={self._guild_id}"
        self._socket = await self.wire.http.ws_connect(where, max_msg_size=0)
        self._reading = asyncio.create_task(self._read(self._socket))
        await self.until(lambda: bool(self.hello), "the sandbox to say hello")

    async def close(self) -> None:
        """Leave."""
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)

    async def ask(self, operation: str, **data: Any) -> Any:
        """Ask for an operation and wait for its result.

        Raises:
            OperationRefused: With the sandbox's code and sentence.
            ExpectationFailed: No answer in time.
        """
        if self._socket is None or self.closed:
            raise OperationRefused("not_connected", "This person is not connected.")
        self._numbers += 1
        number = self._numbers
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        try:
            await self._socket.send_str(json.dumps({"id": number, "op": operation, "d": data}))
            return await asyncio.wait_for(answer, self.wire.timeout)
        except TimeoutError:
            raise await self.wire.fail(f"no answer to the operation {operation!r}") from None
        finally:
            del self._answers[number]

    async def until(
        self, condition: Callable[[], bool], what: str, timeout: float | None = None
    ) -> None:
        """Wait until the condition holds, looking again after every event.

        Raises:
            ExpectationFailed: It did not in `timeout` seconds, or the sandbox went away.
        """
        seconds = self.wire.timeout if timeout is None else timeout
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(lambda: condition() or self.closed)
        except TimeoutError:
            raise await self.wire.fail(f"waited {seconds:g} s for {what}") from None
        if not condition():
            raise await self.wire.fail(f"the sandbox closed while waiting for {what}")

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    await self._take(json.loads(message.data))
        finally:
            self.closed = True
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(OperationRefused("closed", "The sandbox went away."))
            async with self._news:
                self._news.notify_all()

    async def _take(self, message: Json) -> None:
        if "re" in message:
            answer = self._answers.get(message["re"])
            if answer is None or answer.done():
                return
            if message["ok"]:
                answer.set_result(message["d"])
            else:
                error = message["error"]
                answer.set_exception(
                    OperationRefused(error["code"], error["message"], error.get("errors"))
                )
            return
        async with self._news:
            self._note(message["t"], message["d"])
            self._news.notify_all()

    def _note(self, name: str, data: Json) -> None:
        self.events.append((name, data))
        self.event_count += 1
        if name == "HELLO":
            self._note_hello(data)
        elif name == "COMMANDS_UPDATE":
            self.commands = data["commands"]
        elif name == "VOICE_STATE_UPDATE":
            self.voice_states[data["user_id"]] = data
        elif name.startswith("MESSAGE_"):
            self._note_message(name, data)
        elif name in _CHANNEL_IS:
            self.channels[data["id"]] = data
        elif name in _CHANNEL_GOES:
            self.channels.pop(data["id"], None)
        elif name in _INTERACTION:
            self._note_interaction(name, data)

    def _note_hello(self, data: Json) -> None:
        self.hello = data
        self.commands = data["commands"]
        guild: Json = data["guild"] or {"channels": [], "threads": [], "voice_states": []}
        for channel in (*guild["channels"], *guild["threads"], *data["dms"]):
            self.channels[channel["id"]] = channel
        self.voice_states = {one["user_id"]: one for one in guild["voice_states"]}

    def _note_message(self, name: str, data: Json) -> None:
        if name in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
            _forget_oldest(self.messages)
            self.messages[data["id"]] = MessageView(data)
        elif name == "MESSAGE_DELETE":
            self.messages.pop(data["id"], None)
        elif name == "MESSAGE_DELETE_BULK":
            for one in data["ids"]:
                self.messages.pop(one, None)

    def _note_interaction(self, name: str, data: Json) -> None:
        _forget_oldest(self.interactions)
        known = self.interactions.setdefault(data["interaction_id"], {})
        if name == "INTERACTION_STATE":
            known.update(data)
        elif name == "MODAL_OPEN":
            known["modal"] = data
        else:
            known.update(state="failed", reason=data["reason"])


def _forget_oldest(table: dict[str, Any]) -> None:
    if len(table) >= MAX_KEPT:
        del table[next(iter(table))]


_CHANNEL_IS = frozenset({"CHANNEL_CREATE", "CHANNEL_UPDATE", "THREAD_CREATE", "THREAD_UPDATE"})
_CHANNEL_GOES = frozenset({"CHANNEL_DELETE", "THREAD_DELETE"})
_INTERACTION = frozenset({"INTERACTION_STATE", "MODAL_OPEN", "INTERACTION_FAILED"})
