"""Use cases of music."""

from seraphim.features.music.service.assembly import MusicParts, assemble
from seraphim.features.music.service.music import Added, Caller, Music
from seraphim.features.music.service.settings import MusicSettings

__all__ = ["Added", "Caller", "Music", "MusicParts", "MusicSettings", "assemble"]
