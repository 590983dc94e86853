"""All nodes together: opened, closed, and the best of them for a voice server."""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

import aiohttp

from seraphim.adapters.lavalink.choice import distance
from seraphim.adapters.lavalink.node import Node, NodeObserver
from seraphim.adapters.lavalink.tuning import Tuning
from seraphim.features.music.ports.nodes import NodeSessions
from seraphim.kernel.dice import Dice
from seraphim.kernel.node_addresses import NodeAddress

_CONNECT_SECONDS = 2.0


class Pool:
    """Keeps a connection to every node.

    Args:
        addresses: Where they are.
        sessions: Remembers the sessions over restarts.
        dice: Spreads attempts.
        tuning: Times.
    """

    def __init__(
        self,
        addresses: Sequence[NodeAddress],
        sessions: NodeSessions,
        dice: Dice,
        tuning: Tuning,
    ) -> None:
        self.nodes: tuple[Node, ...] = ()
        self._addresses = tuple(addresses)
        self._sessions = sessions
        self._dice = dice
        self._tuning = tuning
        self._http: aiohttp.ClientSession | None = None
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, observer: NodeObserver, user_id: Callable[[], int]) -> None:
        """Connect, and wait until each node has answered or failed once."""
        if not self.nodes:
            self._http = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30),
                trust_env=False,
            )
            self.nodes = tuple(
                Node(
                    address,
                    self._http,
                    user_id=user_id,
                    sessions=self._sessions,
                    observer=observer,
                    dice=self._dice,
                    tuning=self._tuning,
                )
                for address in self._addresses
            )
            self._tasks = [
                asyncio.create_task(node.run(), name=f"lavalink-{node.name}") for node in self.nodes
            ]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._tuning.connect_seconds):
                await asyncio.gather(*(node.tried.wait() for node in self.nodes))

    @property
    def any_ready(self) -> bool:
        """Whether a player can be placed anywhere."""
        return any(node.ready for node in self.nodes)

    def best(self, endpoint: str, count: Callable[[Node], int]) -> Node | None:
        """Return the node with the least load and distance, or None when none is ready.

        Args:
            endpoint: The voice server the sound goes to.
            count: Returns how many of our players a node has.
        """
        return min(
            (node for node in self.nodes if node.ready),
            key=lambda node: (
                node.load(count(node)) + distance(node.address.region, endpoint),
                node.name,
            ),
            default=None,
        )

    async def close(self) -> None:
        """Let go of every node; they play on for as long as their sessions last."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks, self.nodes = [], ()
        if self._http is not None:
            await self._http.close()
            self._http = None
