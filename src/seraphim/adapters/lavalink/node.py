"""One node: its websocket, kept open, watched and taken up again."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine
from typing import Any, Final, Literal, Protocol

import aiohttp
import msgspec
import structlog

from seraphim.adapters.lavalink.choice import load
from seraphim.adapters.lavalink.errors import NodeRefused, NodeUnreachable
from seraphim.adapters.lavalink.messages import (
    Info,
    Message,
    Player,
    Ready,
    SessionUpdate,
    Stats,
    read_message,
)
from seraphim.adapters.lavalink.rest import NodeRest
from seraphim.adapters.lavalink.tuning import Tuning
from seraphim.features.music.ports.nodes import NodeSessions
from seraphim.kernel.dice import Dice
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.node_addresses import NodeAddress

_log = structlog.get_logger(__name__)

CLIENT_NAME: Final = "Seraphim/1"
PROTOCOL: Final = 4
MAX_MESSAGE_BYTES: Final = 4 * 1024 * 1024
_CLOSED: Final = frozenset(
    {
        aiohttp.WSMsgType.CLOSE,
        aiohttp.WSMsgType.CLOSING,
        aiohttp.WSMsgType.CLOSED,
        aiohttp.WSMsgType.ERROR,
    }
)
_WRONG_PASSWORD: Final = frozenset({401, 403})
type NodeState = Literal["connecting", "ready", "lost", "refused"]


class NodeObserver(Protocol):
    """Who is told what becomes of a node; called on the event loop."""

    def node_ready(self, node: "Node", players: list[Player] | None) -> None:
        """Tell that the node can be used; ``players`` of a session that was taken up again."""
        ...

    def node_lost(self, node: "Node") -> None:
        """Tell that the node is gone: its players must move."""
        ...

    def node_says(self, node: "Node", message: Message) -> None:
        """Pass on a message, in order."""
        ...


class Node:
    """A connection to one node that is made anew for as long as :meth:`run` runs.

    Args:
        address: Where it is.
        http: The session all nodes share.
        user_id: Returns the bot's id, known once it has logged in.
        sessions: Remembers the session over restarts of the bot.
        observer: Who is told.
        dice: Spreads the attempts of many bots.
        tuning: Times.
    """

    def __init__(
        self,
        address: NodeAddress,
        http: aiohttp.ClientSession,
        *,
        user_id: Callable[[], int],
        sessions: NodeSessions,
        observer: NodeObserver,
        dice: Dice,
        tuning: Tuning,
    ) -> None:
        self.address = address
        self.name = address.name
        self.rest = NodeRest(
            http, address.url, address.password, timeout_seconds=tuning.request_seconds
        )
        self.state: NodeState = "connecting"
        self.problem = ""
        """A sentence while the node cannot be used."""
        self.session_id: str | None = None
        self.info: Info | None = None
        self.stats: Stats | None = None
        self.heard_at = 0.0
        """Loop time of the last sign of life."""
        self.lost_at = 0.0
        """Loop time up to which it has played, when it was lost."""
        self.tried = asyncio.Event()
        """Set once the first attempt has come to an end."""
        self._http = http
        self._user_id = user_id
        self._sessions = sessions
        self._observer = observer
        self._dice = dice
        self._tuning = tuning
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._gone: asyncio.Future[None] | None = None

    @property
    def ready(self) -> bool:
        """Whether players can be placed here."""
        return self.state == "ready"

    def has_plugin(self, word: str) -> bool:
        """Say whether a plugin with ``word`` in its name is loaded."""
        return self.info is not None and any(
            word in plugin.name.lower() for plugin in self.info.plugins
        )

    def load(self, own_players: int) -> float:
        """Return how busy it is, in penalties (see :mod:`choice`)."""
        return load(self.stats, own_players)

    async def ask[T](self, request: Coroutine[Any, Any, T]) -> T:
        """Make a request that ends as NodeUnreachable as soon as the node is lost."""
        gone = self._gone
        if gone is None or gone.done():
            request.close()
            raise NodeUnreachable(f"{self.name} is not connected")
        task = asyncio.ensure_future(request)
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not task.done():
                task.cancel()
        if not task.done():
            raise NodeUnreachable(f"{self.name} was lost meanwhile")
        return task.result()

    async def run(self) -> None:
        """Keep the connection; ends only by being cancelled."""
        failures = 0
        try:
            while True:
                if await self._connect():
                    failures = 0
                    while not (silent := await self._listen()):
                        if not await self._take_up_again():
                            break
                    self._lose(silent=silent)
                self.tried.set()
                failures += 1
                await asyncio.sleep(self._delay(failures))
        finally:
            await self._close()

    async def _connect(self) -> bool:
        """Open the connection; returns whether the node can be used now."""
        try:
            async with asyncio.timeout(self._tuning.connect_seconds):
                ready = await self._open()
                players = await self._set_up(ready)
        except NodeRefused as error:
            wrong = error.status in _WRONG_PASSWORD
            self.state = "refused" if wrong else "lost"
            self.problem = (
                "The password is not the one in the node's configuration."
                if wrong
                else f"It refused the connection: {error.message or error.status}"
            )
        except (NodeUnreachable, TimeoutError) as error:
            self.state = "lost"
            self.problem = f"It cannot be reached: {str(error) or 'no answer in time'}"
        else:
            self._gone = asyncio.get_running_loop().create_future()
            self.state, self.problem = "ready", ""
            _log.info("lavalink.node_ready", node=self.name, resumed=ready.resumed)
            self._observer.node_ready(self, players if ready.resumed else None)
            self.tried.set()
            return True
        _log.warning("lavalink.node_unavailable", node=self.name, problem=self.problem)
        await self._close()
        return False

    async def _take_up_again(self) -> bool:
        """Open a connection that broke once more; returns whether the session still stands."""
        try:
            async with asyncio.timeout(self._tuning.again_seconds):
                ready = await self._open()
                if not ready.resumed:
                    return False
                players = await self._set_up(ready)
        except (NodeRefused, NodeUnreachable, TimeoutError):
            return False
        self._observer.node_ready(self, players)
        return True

    async def _open(self) -> Ready:
        await self._close()
        session_id = self.session_id or await self._kept_session()
        headers = {
            "Authorization": self.address.password,
            "User-Id": str(self._user_id()),
            "Client-Name": CLIENT_NAME,
        }
        if session_id:
            headers["Session-Id"] = session_id
        try:
            socket = await self._http.ws_connect(
                f"{self.address.url}/v4/websocket",
                headers=headers,
                autoping=False,
                max_msg_size=MAX_MESSAGE_BYTES,
            )
        except aiohttp.WSServerHandshakeError as error:
            raise NodeRefused(error.status, error.message) from error
        except (aiohttp.ClientError, OSError) as error:
            raise NodeUnreachable(str(error)) from error
        self._socket = socket
        self.heard_at = asyncio.get_running_loop().time()
        while (message := await socket.receive()).type is not aiohttp.WSMsgType.TEXT:
            if message.type in _CLOSED:
                raise NodeUnreachable("It closed the connection at once.")
        ready = _read(self.name, message.data)
        if not isinstance(ready, Ready):
            raise NodeRefused(0, "it does not speak Lavalink's version 4")
        return ready

    async def _kept_session(self) -> str | None:
        try:
            return await self._sessions.find(self.name)
        except SeraphimError as error:
            _log.warning("lavalink.session_not_found", node=self.name, reason=str(error))
            return None

    async def _set_up(self, ready: Ready) -> list[Player]:
        """Make the session outlive its connection; return the players it has already."""
        update = SessionUpdate(resuming=True, timeout=self._tuning.resume_seconds)
        self.info = await self.rest.info()
        if self.info.version.major != PROTOCOL:
            is_other = f"it is Lavalink {self.info.version.semver}, and I speak version 4"
            raise NodeRefused(0, is_other)
        await self.rest.update_session(ready.session_id, update)
        self.session_id = ready.session_id
        try:
            await self._sessions.keep(self.name, ready.session_id)
        except SeraphimError as error:  # then the next process begins anew here
            _log.warning("lavalink.session_not_kept", node=self.name, reason=str(error))
        return await self.rest.players(ready.session_id) if ready.resumed else []

    async def _listen(self) -> bool:
        """Pass messages on until the connection ends; returns whether it only fell silent."""
        socket = self._socket
        if socket is None or socket.closed:
            return False
        pings = asyncio.create_task(self._ping(socket), name=f"lavalink-ping-{self.name}")
        try:
            while True:
                try:
                    async with asyncio.timeout(self._patience()):
                        message = await socket.receive()
                except TimeoutError:
                    if await self._is_silent(socket):
                        return True
                    continue
                if message.type in _CLOSED:
                    return False
                self.heard_at = asyncio.get_running_loop().time()
                if message.type is aiohttp.WSMsgType.PING:
                    await socket.pong(message.data)
                elif message.type is aiohttp.WSMsgType.TEXT:
                    self._take(message.data)
        except (aiohttp.ClientError, OSError):
            return False
        finally:
            pings.cancel()

    def _patience(self) -> float:
        waited = asyncio.get_running_loop().time() - self.heard_at
        return max(0.05, self._tuning.silent_seconds - waited)

    async def _is_silent(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        """Judge a silence; when this process was busy the words may wait in the socket."""
        try:
            async with asyncio.timeout(0.1):
                message = await socket.receive()
        except TimeoutError:
            return True
        self.heard_at = asyncio.get_running_loop().time()
        if message.type is aiohttp.WSMsgType.TEXT:
            self._take(message.data)
        return message.type in _CLOSED

    def _take(self, text: str) -> None:
        message = _read(self.name, text)
        if isinstance(message, Stats):
            self.stats = message
        if message is None:
            return
        try:
            self._observer.node_says(self, message)
        except Exception:  # noqa: BLE001 - one word must not end the connection to the node
            _log.exception("lavalink.message_failed", node=self.name, kind=type(message).__name__)

    async def _ping(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        with contextlib.suppress(aiohttp.ClientError, OSError):
            while not socket.closed:
                await asyncio.sleep(self._tuning.ping_seconds)
                await socket.ping()

    def _lose(self, *, silent: bool) -> None:
        self.state = "lost"
        self.problem = "It does not answer." if silent else "The connection to it broke."
        self.lost_at = self.heard_at if silent else asyncio.get_running_loop().time()
        if self._gone is not None and not self._gone.done():
            self._gone.set_result(None)
        _log.warning("lavalink.node_lost", node=self.name)
        self._observer.node_lost(self)

    def _delay(self, failures: int) -> float:
        """Return the wait before attempt ``failures``: doubling, with up to a third of chance."""
        if self.state == "refused":
            return self._tuning.refused_retry_seconds
        first, longest = self._tuning.first_retry_seconds, self._tuning.longest_retry_seconds
        delay = min(longest, first * 2 ** min(failures - 1, 16))
        return delay * (1 - self._dice.fraction() / 3)

    async def _close(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None and not socket.closed:
            with contextlib.suppress(TimeoutError, aiohttp.ClientError, OSError):
                async with asyncio.timeout(0.3):
                    await socket.close()


def _read(node: str, text: str) -> Message | None:
    try:
        return read_message(text)
    except msgspec.MsgspecError as error:
        _log.warning("lavalink.message_not_understood", node=node, error=str(error))
        return None
