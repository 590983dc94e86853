"""What a source hands to a backend, and how bytes behind a URL are reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Media:
    """What a backend opens: bytes on disk, or bytes behind a URL that has passed the SSRF guard.

    ``node`` is what only an audio node can open; a backend without nodes cannot play it.
    """

    kind: Literal["file", "http", "node"]
    location: str
    """An absolute path, an http(s) URL, or the node's own name for a track."""
    is_stream: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    """Request headers that the server behind an ``http`` location asks for."""
    piece_bytes: int = 0
    """How much that server sends at a time to those who name the range; 0 for all of it."""


class HttpBody(Protocol):
    """Bytes that are arriving from a checked address; nothing is kept that was not asked for."""

    @property
    def url(self) -> str:
        """The address that answered, after every redirect."""
        ...

    @property
    def content_type(self) -> str:
        """The media type in lower case and without parameters; empty when none was sent."""
        ...

    @property
    def content_length(self) -> int | None:
        """The size in bytes, or None when the server did not say (a stream, mostly)."""
        ...

    @property
    def title(self) -> str | None:
        """A title the headers gave (``icy-name``, the file name of Content-Disposition)."""
        ...

    @property
    def start_ms(self) -> int:
        """Where in the medium the first byte lies; 0 for what can only be had from its start."""
        ...

    async def read(self, n: int) -> bytes:
        """Return 1 to ``n`` bytes, ``b""`` at the end; raises SourceFailed when it breaks."""
        ...

    async def next_part(self) -> bool:
        """After ``b""``: go on to what follows in a container of its own; False at the real end.

        Streams in pieces change their form in the middle, at an advertisement for instance.
        """
        ...

    async def close(self) -> None:
        """Drop the connection; may be called twice."""
        ...


class HttpFetcher(Protocol):
    """Opens http(s) URLs that members typed, refusing every road into a private network."""

    async def open(
        self,
        url: str,
        *,
        endless: bool = False,
        headers: Mapping[str, str] | None = None,
        position_ms: int = 0,
        piece_bytes: int = 0,
    ) -> HttpBody:
        """Answer once the headers are there.

        Args:
            url: An absolute http or https URL.
            endless: A live stream: it may run for ever, so no size limit is kept.
            headers: Further request headers.
            position_ms: Where the listeners want to begin; the body says where it does begin.
            piece_bytes: How much the server sends at a time; 0 for all of it.

        Raises:
            AddressRefused: The address, or one it redirects to, is not public.
            SourceFailed: It cannot be reached, answered with an error, or is too large.
        """
        ...
