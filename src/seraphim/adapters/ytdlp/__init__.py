"""yt-dlp in processes of its own: YouTube, SoundCloud, and the other sites it can read."""

from seraphim.adapters.ytdlp.pool import WorkerPool
from seraphim.adapters.ytdlp.process import WorkerPlan
from seraphim.adapters.ytdlp.streams import StreamCache
from seraphim.adapters.ytdlp.tracks import Site, SoundCloudTracks, YouTubeTracks, YtdlpTracks

__all__ = [
    "Site",
    "SoundCloudTracks",
    "StreamCache",
    "WorkerPlan",
    "WorkerPool",
    "YouTubeTracks",
    "YtdlpTracks",
]
