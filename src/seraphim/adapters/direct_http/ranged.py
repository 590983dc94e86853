"""Files that are fetched in pieces, because their server sends only so much at a time.

YouTube's servers slow down requests for more than 10 MB, and since 2026 answer 403 to those that
name no end (``bytes=N-``) or no range at all. yt-dlp says for each format which size is served
(``downloader_options.http_chunk_size``). What is fetched in pieces can also go on where a
connection broke.
"""

import re
from collections.abc import Mapping
from typing import Final

from seraphim.adapters.direct_http.body import GuardedBody, content_length, too_large
from seraphim.adapters.direct_http.fetcher import GuardedFetcher
from seraphim.features.music.ports import SourceFailed
from seraphim.kernel.clock import Clock
from seraphim.kernel.marks import N_

MAX_PIECE_BYTES: Final = 2 * 1024 * 1024
"""Two minutes of sound: a connection that is read no faster than it plays is soon cut."""
_TRIES: Final = 4
_RETRY_SECONDS: Final = 0.5
_RANGE: Final = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
_CONTENT_RANGE: Final = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)")


class RangedBody:
    """Implements :class:`HttpBody` by any number of requests, each of them judged.

    Args:
        fetcher: Opens addresses, refusing private ones.
        clock: Waits before a request is repeated.
        url: Where the file is.
        headers: What the server asks for; a ``Range`` among them is the part that is wanted.
        piece_bytes: How much the server sends at a time.
    """

    def __init__(
        self,
        fetcher: GuardedFetcher,
        clock: Clock,
        url: str,
        *,
        headers: Mapping[str, str],
        piece_bytes: int,
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._url = url
        self._headers = {name: one for name, one in headers.items() if name.lower() != "range"}
        self._piece_bytes = max(1, min(piece_bytes, MAX_PIECE_BYTES))
        wanted = next((one for name, one in headers.items() if name.lower() == "range"), "")
        match = _RANGE.fullmatch(wanted)
        self._start = self._at = int(match[1]) if match else 0
        self._end = int(match[2]) + 1 if match and match[2] else None
        """Behind the last byte that is wanted; None until the file's size is known."""
        self._is_partial = match is not None
        self._size: int | None = None
        self._began = 0
        """Where the present piece begins."""
        self._asked_end = 0
        self._part: GuardedBody | None = None
        self._content_type = ""
        self._is_closed = False

    async def prepare(self) -> None:
        """Make the first request; raises SourceFailed."""
        await self._open_part()

    @property
    def url(self) -> str:
        """Where the file is."""
        return self._url

    @property
    def content_type(self) -> str:
        """The media type of the first answer."""
        return self._content_type

    @property
    def content_length(self) -> int | None:
        """How many bytes come in all, or None when the server did not say."""
        return None if self._end is None else max(0, self._end - self._start)

    @property
    def title(self) -> str | None:
        """None: such addresses are not for people."""
        return None

    @property
    def headers(self) -> Mapping[str, str]:
        """What one answer with everything that is wanted would have said."""
        said = {"content-type": self._content_type} if self._content_type else {}
        if self._size is None or self._end is None:
            return said
        said |= {"accept-ranges": "bytes", "content-length": str(self.content_length)}
        if self._is_partial:
            said["content-range"] = f"bytes {self._start}-{self._end - 1}/{self._size}"
        return said

    @property
    def start_ms(self) -> int:
        """Files begin at their beginning."""
        return 0

    async def read(self, n: int) -> bytes:
        """Return 1 to ``n`` bytes, ``b""`` at the end.

        Raises:
            SourceFailed: The server refuses, or the connection broke time and again.
        """
        for attempt in range(_TRIES):
            try:
                return await self._read(n)
            except SourceFailed as error:
                await self._drop()
                if error.failure != "network" or attempt + 1 == _TRIES:
                    raise
            await self._clock.sleep(_RETRY_SECONDS * 2**attempt)
        return b""

    async def next_part(self) -> bool:
        """There is one part only."""
        return False

    async def close(self) -> None:
        """Drop the connection."""
        self._is_closed = True
        await self._drop()

    async def _read(self, n: int) -> bytes:
        while not self._is_closed and (self._end is None or self._at < self._end):
            part = self._part or await self._open_part()
            begin = self._at
            if data := await part.read(n):
                self._at += len(data)
                return data
            await self._drop()
            if self._end is None and self._at < self._asked_end:
                self._end = self._at  # less than was asked for, of a size that nobody knows
            elif begin == self._began:
                raise SourceFailed(N_("The connection to the server broke."), failure="network")
        return b""

    async def _drop(self) -> None:
        part, self._part = self._part, None
        if part is not None:
            await part.close()

    async def _open_part(self) -> GuardedBody:
        end = self._at + self._piece_bytes
        end = end if self._end is None else min(end, self._end)
        headers = {**self._headers, "Range": f"bytes={self._at}-{end - 1}"}
        part = await self._fetcher.open(self._url, headers=headers)
        try:
            self._take(part)
        except SourceFailed:
            await part.close()
            raise
        self._part = part
        self._began, self._asked_end = self._at, end
        return part

    def _take(self, part: GuardedBody) -> None:
        """Judge an answer; the first one says how large the file is."""
        self._content_type = self._content_type or part.content_type
        match = _CONTENT_RANGE.fullmatch(part.headers.get("Content-Range", "").strip())
        if match is None and self._at == 0:
            self._size = self._end = content_length(part.headers)
            return  # it sends everything at once: so be it
        if match is None or int(match[1]) != self._at:
            raise SourceFailed(N_("The server sends another part than asked."), failure="network")
        if match[3] != "*" and self._size is None:
            self._size = int(match[3])
            self._end = self._size if self._end is None else min(self._end, self._size)
            if self._size > self._fetcher.limits.max_bytes:
                raise too_large(self._fetcher.limits.max_bytes)
