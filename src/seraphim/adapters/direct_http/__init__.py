"""Direct links: files, radio streams and playlists on public web servers, and nowhere else."""

from seraphim.adapters.direct_http.body import FetchLimits, GuardedBody
from seraphim.adapters.direct_http.fetcher import GuardedFetcher
from seraphim.adapters.direct_http.policy import AddressPolicy
from seraphim.adapters.direct_http.short_links import ShortLinks
from seraphim.adapters.direct_http.sound import SoundFetcher
from seraphim.adapters.direct_http.tracks import DirectHttpTracks

__all__ = [
    "AddressPolicy",
    "DirectHttpTracks",
    "FetchLimits",
    "GuardedBody",
    "GuardedFetcher",
    "ShortLinks",
    "SoundFetcher",
]
