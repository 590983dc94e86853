"""What a guild's player should do, what a node has been told, and what one was left playing."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from seraphim.adapters.lavalink.messages import (
    Json,
    Player,
    PlayerState,
    PlayerUpdate,
    Track,
    TrackEnded,
    TrackUpdate,
    VoiceState,
)
from seraphim.adapters.lavalink.place import Place
from seraphim.features.music.ports import Media

_SAME_PLAYBACK_MS: Final = 10_000
"""A node that is so much earlier in the song than wanted has begun it again since."""


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

    def accepted(self, update: PlayerUpdate) -> None:
        """Note what the node has taken in."""
        if not isinstance(update.voice, UnsetType):
            self.voice = update.voice
        if not isinstance(update.volume, UnsetType):
            self.volume = update.volume
        if not isinstance(update.paused, UnsetType):
            self.paused = update.paused
        if not isinstance(update.filters, UnsetType):
            self.filters = update.filters


def found(player: Player) -> Said:
    """Return what a node must have been told, judged by the player it has."""
    return Said(
        load=SOMETHING if player.track is not None else None,
        volume=player.volume,
        filters=player.filters,
        paused=player.paused,
        voice=player.voice,
    )


def difference(
    wish: Wish, said: Said, voice: VoiceState, track: TrackUpdate | UnsetType, position_ms: int
) -> PlayerUpdate:
    """Return what a node has to be told; ``position_ms`` only where it has to jump there."""
    is_new = wish.load is not None and wish.load is not said.load
    is_jump = is_new or (wish.load is not None and wish.jumps != said.jumps)
    return PlayerUpdate(
        track=track,
        position=position_ms if is_jump else UNSET,
        volume=wish.volume if wish.volume != said.volume else UNSET,
        paused=wish.paused if is_new or wish.paused != said.paused else UNSET,
        filters=wish.filters if wish.filters != (said.filters or {}) else UNSET,
        voice=voice if voice != said.voice else UNSET,
    )


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


def has_ended(left_over: Player | None, load: Load) -> bool:
    """Say whether a node has played this medium to its end while nobody listened to it."""
    return _is_same(left_over, load) and bool(_note_of(left_over).get("ended"))


def place_left(left_over: Player | None, load: Load, position_ms: int, now: float) -> Place | None:
    """Return where a node is in this very medium, or None when it has to be played anew.

    Args:
        left_over: What a node was playing when this process began.
        load: What is to be played; it takes over the node's name of the track.
        position_ms: Where it should be at least.
        now: The event loop's time.
    """
    if left_over is None or left_over.track is None or not _is_same(left_over, load):
        return None
    note = _note_of(left_over)
    place = Place(speed=float(note.get("speed", 1.0)))
    place.jump(float(note.get("base", 0)), now)
    place.report(left_over.state.position, now)
    place.run(now, runs=not left_over.paused)
    if place.now(now) < position_ms - _SAME_PLAYBACK_MS:
        return None
    info = left_over.track.info
    place.length_ms = None if info.is_stream else info.length
    load.encoded, load.started = left_over.track.encoded, True
    return place


def _is_same(left_over: Player | None, load: Load) -> bool:
    return _note_of(left_over).get("media") == load.digest


def _note_of(left_over: Player | None) -> Json:
    if left_over is None or left_over.track is None:
        return {}
    return left_over.track.user_data
