"""HTTP Live Streaming (RFC 8216): sound that comes in pieces which a playlist names.

Nothing but :class:`~seraphim.adapters.direct_http.fetcher.GuardedFetcher` opens an address, so each
playlist, piece, key and initialization section is judged like what a member typed.
"""

from seraphim.adapters.direct_http.hls.body import HlsBody
from seraphim.adapters.direct_http.hls.loading import MAX_PLAYLIST_BYTES, names_playlist
from seraphim.adapters.direct_http.hls.opening import open_hls

__all__ = ["MAX_PLAYLIST_BYTES", "HlsBody", "names_playlist", "open_hls"]
