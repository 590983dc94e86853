"""Typed requests and announcements between processes.

A :class:`Call` is answered by exactly one server; a :class:`Topic` is heard by everyone who
listens. Messages are :mod:`msgspec` types and travel as MessagePack on both buses, the in-process
one included, so that what works in one process works in many.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import msgspec

from seraphim.kernel.errors import SeraphimError, Unavailable
from seraphim.kernel.telemetry.logs import get_logger

log = get_logger(__name__)

MAX_IN_HAND = 1_000
"""Handlers running at once; beyond it announcements are dropped (and logged)."""


class NobodyAnswers(Unavailable):
    """No process serves this call, or it did not answer in time."""

    code = "nobody_answers"
    message = "{what} did not answer. Try again in a moment."


class CallFailed(SeraphimError):
    """The process that serves the call failed at it."""

    code = "call_failed"
    http_status = 502
    message = "{what} failed: {reason}"


@dataclass(frozen=True, slots=True)
class Call[Q, R]:
    """A question with a typed request and reply; ``name`` is like ``player.state``."""

    name: str
    request: type[Q]
    reply: type[R]


@dataclass(frozen=True, slots=True)
class Topic[T]:
    """Something announced to whoever listens; ``name`` is like ``settings.changed``."""

    name: str
    message: type[T]


type Unsubscribe = Callable[[], Awaitable[None]]


class Bus(Protocol):
    """Carries calls and topics."""

    async def request[Q, R](
        self, call: Call[Q, R], payload: Q, *, address: str = "", timeout_seconds: float = 5.0
    ) -> R:
        """Ask one server of ``call`` (at ``address``, such as a shard) and return its reply.

        Raises NobodyAnswers at once when there is no server and after the time limit when it is
        silent, and CallFailed (with the server's sentence) when the server raised.
        """
        ...

    async def serve[Q, R](
        self, call: Call[Q, R], handle: Callable[[Q], Awaitable[R]], *, address: str = ""
    ) -> Unsubscribe:
        """Answer ``call``; several servers share the work, each request goes to one."""
        ...

    async def publish[T](self, topic: Topic[T], message: T) -> None:
        """Announce ``message`` to all listeners of all processes; best effort, not stored."""
        ...

    async def subscribe[T](
        self, topic: Topic[T], handle: Callable[[T], Awaitable[None]]
    ) -> Unsubscribe:
        """Hear every announcement from now on; a handler that fails is logged, others go on."""
        ...

    async def ping(self) -> None:
        """Raise Unavailable when the bus cannot carry anything."""
        ...

    async def close(self) -> None:
        """Finish the handlers in hand and let go."""
        ...


class InProcessBus:
    """The bus of the embedded mode: everything happens on this loop."""

    def __init__(self) -> None:
        self._servers: dict[str, list[Callable[[bytes], Awaitable[bytes]]]] = {}
        self._listeners: dict[str, list[Callable[[bytes], Awaitable[None]]]] = {}
        self._turn = 0
        self._tasks = Tasks()

    async def request[Q, R](
        self, call: Call[Q, R], payload: Q, *, address: str = "", timeout_seconds: float = 5.0
    ) -> R:
        """Ask one server, in turn."""
        servers = self._servers.get(f"{call.name}:{address}")
        if not servers:
            raise NobodyAnswers(what=call.name)
        self._turn += 1
        server = servers[self._turn % len(servers)]
        try:
            async with asyncio.timeout(timeout_seconds):
                reply = await server(msgspec.msgpack.encode(payload))
        except TimeoutError as error:
            raise NobodyAnswers(what=call.name) from error
        return unpack_reply(call, reply)

    async def serve[Q, R](
        self, call: Call[Q, R], handle: Callable[[Q], Awaitable[R]], *, address: str = ""
    ) -> Unsubscribe:
        """Answer ``call`` in this process."""
        servers = self._servers.setdefault(f"{call.name}:{address}", [])
        server = answering(call, handle)
        servers.append(server)
        return _remover(servers, server)

    async def publish[T](self, topic: Topic[T], message: T) -> None:
        """Start every listener; returns without waiting for them."""
        data = msgspec.msgpack.encode(message)
        for listener in tuple(self._listeners.get(topic.name, ())):
            self._tasks.start(listener(data), topic.name)

    async def subscribe[T](
        self, topic: Topic[T], handle: Callable[[T], Awaitable[None]]
    ) -> Unsubscribe:
        """Hear ``topic`` in this process."""
        listeners = self._listeners.setdefault(topic.name, [])
        listener = hearing(topic, handle)
        listeners.append(listener)
        return _remover(listeners, listener)

    async def ping(self) -> None:
        """Answer: a process always reaches itself."""

    async def close(self) -> None:
        """Wait for the handlers in hand."""
        self._servers.clear()
        self._listeners.clear()
        await self._tasks.finish()


def _remover[F](items: list[F], item: F) -> Unsubscribe:
    async def remove() -> None:
        if item in items:
            items.remove(item)

    return remove


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """The envelope of a reply: the encoded value, or why there is none."""

    value: msgspec.Raw = msgspec.Raw(b"\xc0")
    error: str | None = None


def answering[Q, R](
    call: Call[Q, R], handle: Callable[[Q], Awaitable[R]]
) -> Callable[[bytes], Awaitable[bytes]]:
    """Wrap ``handle`` so that it takes and returns MessagePack, errors included."""
    decoder = msgspec.msgpack.Decoder(call.request)

    async def answer(data: bytes) -> bytes:
        try:
            value = await handle(decoder.decode(data))
            reply = Reply(value=msgspec.Raw(msgspec.msgpack.encode(value)))
        except SeraphimError as error:
            reply = Reply(error=str(error))
        except Exception:
            log.exception("call failed", call=call.name)
            reply = Reply(error="it has been logged.")
        return msgspec.msgpack.encode(reply)

    return answer


def hearing[T](
    topic: Topic[T], handle: Callable[[T], Awaitable[None]]
) -> Callable[[bytes], Awaitable[None]]:
    """Wrap ``handle`` so that it takes MessagePack."""
    decoder = msgspec.msgpack.Decoder(topic.message)

    async def hear(data: bytes) -> None:
        await handle(decoder.decode(data))

    return hear


def unpack_reply[Q, R](call: Call[Q, R], data: bytes) -> R:
    """Return the value inside a reply's envelope, or raise CallFailed."""
    reply = msgspec.msgpack.decode(data, type=Reply)
    if reply.error is not None:
        raise CallFailed(what=call.name, reason=reply.error)
    return msgspec.msgpack.decode(reply.value, type=call.reply)


class Tasks:
    """Handlers that run on their own, bounded, with their failures logged."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Awaitable[None], name: str) -> None:
        """Run ``work``; drops it with a warning when too many run already."""
        if len(self._running) >= MAX_IN_HAND:
            log.warning("bus overloaded, message dropped", topic=name)
            close: Callable[[], None] | None = getattr(work, "close", None)
            if close is not None:
                close()
            return
        task = asyncio.create_task(_logged(work, name))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self, timeout_seconds: float = 5.0) -> None:
        """Wait for what runs, then cancel the rest."""
        if not self._running:
            return
        _, late = await asyncio.wait(self._running, timeout=timeout_seconds)
        for task in late:
            task.cancel()


async def _logged(work: Awaitable[Any], name: str) -> None:
    try:
        await work
    except Exception:
        log.exception("bus handler failed", topic=name)
