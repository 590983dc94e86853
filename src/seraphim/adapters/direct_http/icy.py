"""Radio streams that say between the sound what they play (SHOUTcast's and Icecast's protocol).

A client that asks with ``Icy-MetaData: 1`` gets, after every ``icy-metaint`` bytes of sound, one
byte with a length in units of 16 bytes, and a text such as ``StreamTitle='Artist - Song';`` filled
up with zeros. There is no RFC; the form is described by Icecast's and SHOUTcast's documentation.
"""

import re
from collections.abc import Callable
from typing import Final, override

import aiohttp

from seraphim.adapters.direct_http.body import FetchLimits, GuardedBody
from seraphim.features.music.rules.text import clean

MAX_INTERVAL: Final = 1024 * 1024
_UNIT: Final = 16
_TITLE: Final = re.compile(r"StreamTitle='(.*?)'(?:;|\0|$)", re.DOTALL)


class IcyBody(GuardedBody):
    """A stream without what was said between; each new title is handed on.

    Args:
        response: The answer.
        interval: The bytes of sound between two texts.
        limits: Times.
        tell: Takes each title, and None when the stream is over.
    """

    def __init__(
        self,
        response: aiohttp.ClientResponse,
        *,
        interval: int,
        limits: FetchLimits,
        tell: Callable[[str | None], None],
    ) -> None:
        super().__init__(response, max_bytes=None, limits=limits)
        self._interval = interval
        self._left = interval
        self._tell = tell
        self._title = ""
        self._is_closed = False

    @override
    async def read(self, n: int) -> bytes:
        """Return 1 to ``n`` bytes of sound, ``b""`` at the end."""
        if self._left == 0:
            if not await self._hear():
                return b""
            self._left = self._interval
        data = await super().read(min(n, self._left))
        self._left -= len(data)
        return data

    @override
    async def close(self) -> None:
        """Drop the connection; there is no title any more."""
        if not self._is_closed:
            self._is_closed = True
            self._tell(None)
        await super().close()

    async def _hear(self) -> bool:
        """Read one text; False at the end of the stream."""
        length = await super().read(1)
        if not length:
            return False
        missing = length[0] * _UNIT
        parts: list[bytes] = []
        while missing:
            part = await super().read(missing)
            if not part:
                return False
            parts.append(part)
            missing -= len(part)
        said = read_title(b"".join(parts))
        if said is not None and said != self._title:
            self._title = said
            self._tell(said)
        return True


def read_title(said: bytes) -> str | None:
    """Return the title in a stream's text, made fit to be shown; None when it names none."""
    try:
        text = said.decode("utf-8")
    except UnicodeDecodeError:
        text = said.decode("latin-1")  # what older stations send
    found = _TITLE.search(text)
    return None if found is None else clean(found[1])


def interval_of(response: aiohttp.ClientResponse) -> int | None:
    """Return after how many bytes the stream speaks; None when it does not, or absurdly rarely."""
    text = response.headers.get("icy-metaint", "").strip()
    interval = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - a number to compare, not to compute with
    return interval if 0 < interval <= MAX_INTERVAL else None
