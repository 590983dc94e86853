"""The bus between processes, on Redis or Valkey.

Calls and topics are PUBLISHed, so a call that nobody serves is known at once (the server counts the
receivers). When several processes serve one call, each tries to claim the request by ``SET NX`` and
one wins. Replies come back on a channel of the asking process. Everything is received over a single
connection, which is opened anew, with all its subscriptions, when the server restarts.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.exceptions import RedisError

from seraphim.kernel.bus import (
    Call,
    NobodyAnswers,
    Tasks,
    Topic,
    Unsubscribe,
    answering,
    hearing,
    unpack_reply,
)
from seraphim.kernel.errors import Unavailable
from seraphim.kernel.system_ids import SystemIds
from seraphim.kernel.telemetry.logs import get_logger
from seraphim.kernel.telemetry.trace import current_trace_id, trace

log = get_logger(__name__)

PREFIX = "seraphim:"
MAX_CONNECTIONS = 20
POOL_WAIT_SECONDS = 5.0
SOCKET_SECONDS = 5.0
CLAIM_SECONDS = 60
MAX_PAUSE_SECONDS = 5.0


class _Request(msgspec.Struct, frozen=True):
    """The envelope of a request."""

    id: str
    reply_to: str
    body: msgspec.Raw
    trace_id: str | None = None


class _Answer(msgspec.Struct, frozen=True):
    """The envelope of an answer: for which request, and the encoded reply."""

    id: str
    body: bytes


type _Receiver = Callable[[bytes], Awaitable[None]]


class RedisBus:
    """A :class:`~seraphim.kernel.bus.Bus`; opened by :meth:`connect`."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._ids = SystemIds()
        self._reply_channel = f"{PREFIX}reply:{self._ids.new()}"
        self._receivers: dict[str, list[_Receiver]] = {self._reply_channel: [self._on_answer]}
        self._waiting: dict[str, asyncio.Future[bytes]] = {}
        self._pubsub: Any = None
        self._tasks = Tasks()
        self._reader: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, url: str) -> "RedisBus":
        """Open the bus; raises Unavailable when the server does not answer."""
        pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType] - redis-py types its options loosely
            url,
            max_connections=MAX_CONNECTIONS,
            timeout=POOL_WAIT_SECONDS,
            socket_connect_timeout=SOCKET_SECONDS,
            socket_timeout=SOCKET_SECONDS,
        )
        bus = cls(Redis(connection_pool=pool))
        try:
            await bus.ping()
            await bus._open_pubsub()
        except BaseException as error:
            await bus.close()
            if isinstance(error, (RedisError, OSError)):
                raise Unavailable(what="Redis") from error
            raise
        bus._reader = asyncio.create_task(bus._read_forever(), name="redis-bus")
        return bus

    async def request[Q, R](
        self, call: Call[Q, R], payload: Q, *, address: str = "", timeout_seconds: float = 5.0
    ) -> R:
        """Ask one server in any process."""
        request = _Request(
            id=self._ids.new(),
            reply_to=self._reply_channel,
            body=msgspec.Raw(msgspec.msgpack.encode(payload)),
            trace_id=current_trace_id(),
        )
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._waiting[request.id] = future
        try:
            async with asyncio.timeout(timeout_seconds):
                data = msgspec.msgpack.encode(request)
                if not await self._publish(_call_channel(call.name, address), data):
                    raise NobodyAnswers(what=call.name)
                reply = await future
        except TimeoutError as error:
            raise NobodyAnswers(what=call.name) from error
        finally:
            self._waiting.pop(request.id, None)
        return unpack_reply(call, reply)

    async def serve[Q, R](
        self, call: Call[Q, R], handle: Callable[[Q], Awaitable[R]], *, address: str = ""
    ) -> Unsubscribe:
        """Answer ``call``; of several servers the one that claims a request first answers it."""
        answer = answering(call, handle)

        async def receive(data: bytes) -> None:
            request = msgspec.msgpack.decode(data, type=_Request)
            claim = f"{PREFIX}claim:{request.id}"
            if not await self._redis.set(claim, b"1", nx=True, ex=CLAIM_SECONDS):
                return
            with trace(request.trace_id):
                body = await answer(bytes(request.body))
            await self._publish(request.reply_to, msgspec.msgpack.encode(_Answer(request.id, body)))

        return await self._receive(_call_channel(call.name, address), receive)

    async def publish[T](self, topic: Topic[T], message: T) -> None:
        """Announce ``message`` to all processes; raises Unavailable when Redis is away."""
        await self._publish(f"{PREFIX}topic:{topic.name}", msgspec.msgpack.encode(message))

    async def subscribe[T](
        self, topic: Topic[T], handle: Callable[[T], Awaitable[None]]
    ) -> Unsubscribe:
        """Hear announcements of all processes, this one included."""
        return await self._receive(f"{PREFIX}topic:{topic.name}", hearing(topic, handle))

    async def ping(self) -> None:
        """Raise Unavailable when the server does not answer."""
        try:
            await self._redis.ping()  # pyright: ignore[reportUnknownMemberType] - redis-py types both APIs at once
        except (RedisError, OSError) as error:
            raise Unavailable(what="Redis") from error

    async def close(self) -> None:
        """Stop listening, finish the handlers in hand, close the connections."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)
            self._reader = None
        await self._tasks.finish()
        await self._close_pubsub()
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def _publish(self, channel: str, data: bytes) -> int:
        try:
            return int(await self._redis.publish(channel, data))  # pyright: ignore[reportUnknownMemberType] - as above
        except (RedisError, OSError) as error:
            raise Unavailable(what="Redis") from error

    async def _receive(self, channel: str, receiver: _Receiver) -> Unsubscribe:
        receivers = self._receivers.setdefault(channel, [])
        receivers.append(receiver)
        try:
            if len(receivers) == 1 and self._pubsub is not None:
                await self._pubsub.subscribe(channel)
        except (RedisError, OSError):
            log.warning("bus subscription waits for Redis to come back", channel=channel)

        async def end() -> None:
            if receiver in receivers:
                receivers.remove(receiver)
            if not receivers and self._receivers.pop(channel, None) is not None:
                try:
                    await self._pubsub.unsubscribe(channel)
                except (RedisError, OSError):
                    return  # gone with the connection

        return end

    async def _open_pubsub(self) -> None:
        self._pubsub = cast("Any", self._redis).pubsub(ignore_subscribe_messages=True)
        await self._pubsub.subscribe(*self._receivers)

    async def _close_pubsub(self) -> None:
        if self._pubsub is not None:
            try:
                await self._pubsub.aclose()
            except (RedisError, OSError):
                log.debug("bus connection was closed by the other side")
            self._pubsub = None

    async def _read_forever(self) -> None:
        pause = 0.05
        while True:
            try:
                if self._pubsub is None:
                    await self._open_pubsub()
                    log.info("bus is connected again")
                message = await self._receive_one()
                pause = 0.05
            except (RedisError, OSError) as error:
                log.warning("bus lost Redis, connecting again", reason=str(error))
                await self._close_pubsub()
                await asyncio.sleep(pause)
                pause = min(pause * 2, MAX_PAUSE_SECONDS)
                continue
            if message is not None:
                self._dispatch(message["channel"].decode(), message["data"])

    async def _receive_one(self) -> dict[str, Any] | None:
        """Wait for the next message; None when half a minute brought none."""
        pubsub: Any = self._pubsub
        message: dict[str, Any] | None = await pubsub.get_message(timeout=30.0)
        return message

    def _dispatch(self, channel: str, data: bytes) -> None:
        for receiver in tuple(self._receivers.get(channel, ())):
            self._tasks.start(receiver(data), channel)

    async def _on_answer(self, data: bytes) -> None:
        answer = msgspec.msgpack.decode(data, type=_Answer)
        future = self._waiting.get(answer.id)
        if future is not None and not future.done():
            future.set_result(answer.body)


def _call_channel(name: str, address: str) -> str:
    return f"{PREFIX}call:{name}:{address}"
