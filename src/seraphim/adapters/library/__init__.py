"""A folder of songs on the machine's own disk."""

from seraphim.adapters.library.tracks import LibraryTracks

__all__ = ["LibraryTracks"]
