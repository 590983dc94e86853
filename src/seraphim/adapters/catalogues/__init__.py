"""Services that know songs and let no bot play them: Spotify, Apple Music and Deezer.

They are read for what their links mean; the songs are played from sources that have them. They
share a package because they share how a web API is asked.
"""

from seraphim.adapters.catalogues.applemusic import AppleMusicTracks
from seraphim.adapters.catalogues.deezer import DeezerTracks
from seraphim.adapters.catalogues.spotify import SpotifyTracks
from seraphim.adapters.catalogues.unset import UnsetAppleMusic, UnsetDeezer, UnsetSpotify

__all__ = [
    "AppleMusicTracks",
    "DeezerTracks",
    "SpotifyTracks",
    "UnsetAppleMusic",
    "UnsetDeezer",
    "UnsetSpotify",
]
