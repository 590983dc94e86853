"""The bytes of an answer, counted, and for how long and how many are waited for."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from seraphim.features.music.ports import SourceFailed
from seraphim.kernel.marks import N_


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How much and how long; a member's URL gets no more than this."""

    max_bytes: int = 500 * 1024 * 1024
    max_redirects: int = 5
    connect_seconds: float = 5.0
    first_byte_seconds: float = 10.0
    idle_seconds: float = 15.0


class GuardedBody:
    """The bytes of one answer, counted; implements :class:`HttpBody`."""

    def __init__(
        self, response: aiohttp.ClientResponse, *, max_bytes: int | None, limits: FetchLimits
    ) -> None:
        self._response = response
        self._max_bytes = max_bytes
        self._limits = limits
        self._received = 0

    @property
    def url(self) -> str:
        """The address that answered, after every redirect."""
        return str(self._response.url)

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty when none was sent."""
        return self.headers.get("Content-Type", "").split(";")[0].strip().lower()

    @property
    def content_length(self) -> int | None:
        """The size in bytes, or None when the server did not say."""
        return content_length(self.headers)

    @property
    def title(self) -> str | None:
        """The station's name, or the file name the server suggests."""
        if name := self.headers.get("icy-name", "").strip():
            return name
        disposition = self._response.content_disposition
        if disposition is not None and disposition.filename:
            return disposition.filename
        return None

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the answer; names compare without case."""
        return self._response.headers

    @property
    def is_live(self) -> bool:
        """Whether this looks endless: a radio stream, or an answer without a length."""
        return self.content_length is None or any(
            name.lower().startswith("icy-") for name in self.headers
        )

    async def read(self, n: int) -> bytes:
        """Return 1 to ``n`` bytes, ``b""`` at the end.

        Raises:
            SourceFailed: The connection broke or stalled, or more came than is allowed.
        """
        try:
            async with asyncio.timeout(self._limits.idle_seconds):
                data = await self._response.content.read(n)
        except TimeoutError:
            raise SourceFailed(N_("The server stopped sending."), failure="network") from None
        except (aiohttp.ClientError, OSError):
            raise SourceFailed(
                N_("The connection to the server broke."), failure="network"
            ) from None
        self._received += len(data)
        if self._max_bytes is not None and self._received > self._max_bytes:
            await self.close()
            raise too_large(self._max_bytes)
        return data

    async def read_up_to(self, n: int) -> bytes:
        """Return ``n`` bytes, or fewer when the answer ends before."""
        parts: list[bytes] = []
        missing = n
        while missing > 0 and (data := await self.read(missing)):
            parts.append(data)
            missing -= len(data)
        return b"".join(parts)

    @property
    def start_ms(self) -> int:
        """A file is always sent from its beginning."""
        return 0

    async def next_part(self) -> bool:
        """There is one part only."""
        return False

    async def close(self) -> None:
        """Drop the connection; nothing more is read from it."""
        self._response.close()


def content_length(headers: Mapping[str, str]) -> int | None:
    """Return the size that the headers name, or None."""
    text = headers.get("Content-Length", "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


def too_large(max_bytes: int) -> SourceFailed:
    """Return the error for more bytes than are allowed."""
    reason = N_("That file is larger than the {limit} MB that I open.")
    return SourceFailed(reason, failure="too_long", limit=max_bytes // (1024 * 1024))
