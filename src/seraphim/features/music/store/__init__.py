"""All SQL of music: players, queues and what was played. The same code on both engines."""

from seraphim.features.music.store.members import (
    erase_member,
    export_member,
    list_recent_tracks,
)
from seraphim.features.music.store.players import (
    claim_player,
    find_player,
    list_present_guilds,
    save_player,
    save_positions,
)
from seraphim.features.music.store.shelf import look_aside, put_aside, take_back
from seraphim.features.music.store.votes import cast_vote

__all__ = [
    "cast_vote",
    "claim_player",
    "erase_member",
    "export_member",
    "find_player",
    "list_present_guilds",
    "list_recent_tracks",
    "look_aside",
    "put_aside",
    "save_player",
    "save_positions",
    "take_back",
]
