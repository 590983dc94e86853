"""What a guild's player should do, what a node has been told, and what one was left playing."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from seraphim.adapters.lavalink.messages import (
    Json,
    Player,
    PlayerState,
    Track,
    TrackEnded,
    VoiceState,
)
from seraphim.features.music.ports import Media


@dataclass(slots=True, eq=False)
class Load:
    """A track to play, as it was asked for."""

    playback_id: str
    media: Media
    encoded: str | None = None
    """The node's name for it, once it has opened it; other nodes understand it too."""
    started: bool = False
    complaint: str = ""
    """What the node said before it gave the track up."""

    @property
    def digest(self) -> str:
        """A name of the medium that stands on the node in place of its address."""
        text = f"{self.media.kind}:{self.media.location}"
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


SOMETHING: Final = Load("", Media("file", ""))
"""Stands for whatever else a node has been told to play."""


@dataclass(slots=True)
class Wish:
    """What should be."""

    load: Load | None = None
    volume: int = 100
    filters: Json = field(default_factory=dict[str, Any])
    paused: bool = False
    jumps: int = 0
    """Counts jumps within the track."""


@dataclass(slots=True)
class Said:
    """What a node has been told; ``None`` where it has been told nothing."""

    load: Load | None = None
    volume: int | None = None
    filters: Json | None = None
    paused: bool | None = None
    voice: VoiceState | None = None
    jumps: int = 0
    note: Json | None = None


def playback_of(track: Track | None) -> str | None:
    """Return which playback a node's track is."""
    return None if track is None else track.user_data.get("playback")


def at_state(player: Player, state: PlayerState) -> Player:
    """Return what was left over, as the node has it now."""
    return msgspec.structs.replace(player, state=state)


def after_end(player: Player, event: TrackEnded) -> Player:
    """Note in what was left over that its track is over; after a failure nothing is left."""
    if event.reason != "finished":
        return msgspec.structs.replace(player, track=None)
    data = {**event.track.user_data, "ended": True}
    return msgspec.structs.replace(
        player, track=msgspec.structs.replace(event.track, user_data=data)
    )
