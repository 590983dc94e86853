"""Asks a service that nobody pays for: seldom, a little at a time, and not while it is unwell."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import aiohttp
import msgspec

from seraphim import __version__
from seraphim.kernel.clock import Clock
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

USER_AGENT: Final = f"Seraphim/{__version__} (Discord bot)"
"""Such services ask their clients to say who they are."""
_AT_THE_SAME_TIME: Final = 4
_CHUNK_BYTES: Final = 65_536
_NOT_FOUND: Final = 404
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Manners:
    """How a service is treated.

    Attributes:
        timeout_seconds: How long one answer may take.
        max_bytes: A longer answer is an error.
        cache_size: So many answers are remembered.
        pause_seconds: Nothing is asked for so long after it failed.
    """

    timeout_seconds: float
    max_bytes: int
    cache_size: int
    pause_seconds: float


class OpenService[Known]:
    """One service, and what it has said.

    Args:
        name: What the log calls it.
        url: Where it is.
        clock: Ages what is remembered.
        manners: Sizes and times.
        unavailable: Makes the error for a service that cannot be asked now.
    """

    def __init__(
        self,
        name: str,
        url: str,
        clock: Clock,
        manners: Manners,
        unavailable: Callable[[], SeraphimError],
    ) -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._clock = clock
        self._manners = manners
        self._unavailable = unavailable
        self._session: aiohttp.ClientSession | None = None
        self._turn = asyncio.Semaphore(_AT_THE_SAME_TIME)
        self._known: OrderedDict[str, tuple[float, Known]] = OrderedDict()
        self._quiet_until = 0.0

    def recall(self, question: str) -> Known | None:
        """Return what is still believed about a question."""
        known = self._known.get(question)
        if known is None or known[0] <= self._clock.monotonic():
            return None
        self._known.move_to_end(question)
        return known[1]

    def remember(self, question: str, answer: Known, seconds: float) -> None:
        """Believe an answer for so long; what was needed longest ago makes room."""
        self._known[question] = (self._clock.monotonic() + seconds, answer)
        self._known.move_to_end(question)
        while len(self._known) > self._manners.cache_size:
            self._known.popitem(last=False)

    def check(self) -> None:
        """Raise while the service is left in peace because it failed a moment ago."""
        if self._clock.monotonic() < self._quiet_until:
            raise self._unavailable()

    async def ask[T](
        self, path: str, query: Mapping[str, str], decoder: msgspec.json.Decoder[T]
    ) -> T | None:
        """Return an answer, None when the service knows nothing of it.

        Raises:
            SeraphimError: What ``unavailable`` makes: it failed just now or a moment ago.
        """
        self.check()
        async with self._turn:
            body = await self._fetch(path, query)
        if body is None:
            return None
        try:
            return decoder.decode(body)
        except msgspec.MsgspecError as error:
            raise self._failed(str(error)) from error

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _fetch(self, path: str, query: Mapping[str, str]) -> bytes | None:
        if self._session is None:
            self._session = aiohttp.ClientSession(headers={"User-Agent": USER_AGENT})
        timeout = aiohttp.ClientTimeout(total=self._manners.timeout_seconds)
        address, body = f"{self._url}{path}", bytearray()
        try:
            async with self._session.get(address, params=query, timeout=timeout) as response:
                if response.status == _NOT_FOUND:
                    return None
                if response.status != _OK:
                    raise self._failed(f"answered {response.status}")
                while more := await response.content.read(_CHUNK_BYTES):
                    body += more
                    if len(body) > self._manners.max_bytes:
                        raise self._failed("answered too much")
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._failed(str(error) or type(error).__name__) from error
        return bytes(body)

    def _failed(self, reason: str) -> SeraphimError:
        _log.warning("open_service.failed", service=self._name, reason=reason[:200])
        self._quiet_until = self._clock.monotonic() + self._manners.pause_seconds
        return self._unavailable()
