"""From a playlist to sound."""

from collections.abc import Mapping
from typing import Final

from seraphim.adapters.direct_http.fetcher import GuardedFetcher
from seraphim.adapters.direct_http.hls.body import HlsBody
from seraphim.adapters.direct_http.hls.choice import choose
from seraphim.adapters.direct_http.hls.loading import Loader, broken, read_text
from seraphim.adapters.direct_http.hls.playlist import MasterPlaylist
from seraphim.kernel.clock import Clock

_MAX_NESTED: Final = 2
"""A master playlist names media playlists (section 4.3.4.2); masters of masters are not followed
for ever."""


async def open_hls(
    fetcher: GuardedFetcher,
    clock: Clock,
    data: bytes,
    url: str,
    *,
    headers: Mapping[str, str],
    position_ms: int = 0,
) -> HlsBody:
    """Return the sound that a playlist leads to, once its first piece is here.

    Args:
        fetcher: Opens addresses, refusing private ones.
        clock: Says when a playlist is looked at again.
        data: The playlist.
        url: The address that answered with it.
        headers: What the servers ask for in every request.
        position_ms: Where to begin, if it is no live stream.

    Raises:
        AddressRefused: Something in it leads into a private network.
        SourceFailed: There is no sound, or it cannot be fetched or decrypted.
    """
    loader = Loader(fetcher, headers)
    playlist, base = read_text(data), url
    for _ in range(_MAX_NESTED):
        if not isinstance(playlist, MasterPlaylist):
            break
        url = loader.resolve(choose(playlist), base)
        playlist, base = await loader.load_playlist(url)
    if isinstance(playlist, MasterPlaylist):
        raise broken()
    body = HlsBody(loader, clock, playlist, url=url, base=base, position_ms=position_ms)
    await body.prepare()
    return body
