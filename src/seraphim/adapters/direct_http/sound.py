"""Opens the sound behind an address, in whatever way its server hands it out."""

import asyncio
from collections.abc import Mapping

from seraphim.adapters.direct_http.body import GuardedBody
from seraphim.adapters.direct_http.fetcher import GuardedFetcher
from seraphim.adapters.direct_http.hls import (
    MAX_PLAYLIST_BYTES,
    HlsBody,
    names_playlist,
    open_hls,
)
from seraphim.adapters.direct_http.hls.loading import PLAYLIST_SECONDS
from seraphim.adapters.direct_http.ranged import RangedBody
from seraphim.features.music.ports import SourceFailed
from seraphim.kernel.clock import Clock
from seraphim.kernel.marks import N_


class SoundFetcher:
    """Opens files, radio streams and HTTP Live Streaming; implements :class:`HttpFetcher`.

    Args:
        fetcher: Opens every single address, refusing private ones.
        clock: Says when playlists are looked at again.
    """

    def __init__(self, fetcher: GuardedFetcher, clock: Clock) -> None:
        self._fetcher = fetcher
        self._clock = clock

    async def open(
        self,
        url: str,
        *,
        endless: bool = False,
        headers: Mapping[str, str] | None = None,
        position_ms: int = 0,
        piece_bytes: int = 0,
    ) -> GuardedBody | HlsBody | RangedBody:
        """Answer once the first bytes of sound can be read.

        Args:
            url: An absolute http or https URL.
            endless: A live stream: it may run for ever, so no size limit is kept.
            headers: Further request headers.
            position_ms: Where to begin, where that can be had without what lies before.
            piece_bytes: How much the server sends at a time; 0 for all of it.

        Raises:
            AddressRefused: The address, or one it leads to, is not public.
            SourceFailed: It cannot be reached, answered with an error, or is too large.
        """
        if piece_bytes and not endless:
            ranged = RangedBody(
                *(self._fetcher, self._clock, url), headers=headers or {}, piece_bytes=piece_bytes
            )
            await ranged.prepare()
            return ranged
        body = await self._fetcher.open(url, endless=endless, headers=headers)
        if not names_playlist(body.content_type, body.url):
            return body
        data = await read_playlist_bytes(body)
        kept = {name: value for name, value in (headers or {}).items() if name.lower() != "range"}
        return await open_hls(
            self._fetcher, self._clock, data, body.url, headers=kept, position_ms=position_ms
        )


async def read_playlist_bytes(body: GuardedBody) -> bytes:
    """Return all that a playlist's answer has, and close it; raises SourceFailed."""
    try:
        async with asyncio.timeout(PLAYLIST_SECONDS):
            return await body.read_up_to(MAX_PLAYLIST_BYTES)
    except TimeoutError:
        raise SourceFailed(N_("The server did not answer in time."), failure="network") from None
    finally:
        await body.close()
