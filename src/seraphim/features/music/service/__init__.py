"""Use cases of music."""

from seraphim.features.music.service.arranging import Arranging
from seraphim.features.music.service.assembly import MusicParts, assemble
from seraphim.features.music.service.caller import Caller
from seraphim.features.music.service.music import Added, Music
from seraphim.features.music.service.settings import MusicSettings
from seraphim.features.music.service.steering import Steering
from seraphim.features.music.service.voting import Ballot, Voting

__all__ = [
    "Added",
    "Arranging",
    "Ballot",
    "Caller",
    "Music",
    "MusicParts",
    "MusicSettings",
    "Steering",
    "Voting",
    "assemble",
]
