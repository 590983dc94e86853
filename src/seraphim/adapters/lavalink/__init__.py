"""Music on Lavalink v4 nodes, any number of them."""

from seraphim.adapters.lavalink.backend import LavalinkAudio
from seraphim.adapters.lavalink.locating import Locator, SharedFolder
from seraphim.adapters.lavalink.relay import PATH, Relay
from seraphim.adapters.lavalink.tracks import LavalinkTracks
from seraphim.adapters.lavalink.tuning import Tuning

__all__ = ["PATH", "LavalinkAudio", "LavalinkTracks", "Locator", "Relay", "SharedFolder", "Tuning"]
