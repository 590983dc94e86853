"""A folder of songs on the machine's own disk."""

from seraphim.adapters.library.art import PATH
from seraphim.adapters.library.tracks import LibraryTracks

__all__ = ["PATH", "LibraryTracks"]
