"""A guild's player as a value: what it does, where, and since when."""

from dataclasses import dataclass, field, replace
from typing import Literal

from seraphim.features.music.rules.filters import NO_FILTERS, Filters
from seraphim.features.music.rules.queue import Loop, Queue
from seraphim.kernel.ids import ChannelId, GuildId, MessageId

type Status = Literal["idle", "playing", "paused"]
type Autoplay = Literal["off", "similar", "artist", "genre", "mixed"]
"""What plays by itself when the queue has run out."""
type PauseReason = Literal["member", "alone", "away"]
"""Somebody paused, nobody listens, or the bot is out of the channel."""

MAX_FAILURES = 3
"""So many tracks in a row may fail before the player gives up."""


@dataclass(frozen=True, slots=True)
class Player:
    """One guild's player. It is stored on every change."""

    guild_id: GuildId
    epoch: int = 0
    """Counts take-overs: a process that lost the player cannot write it any more."""
    revision: int = 0
    """Counts what was stored: a position that arrives late overwrites nothing newer."""
    status: Status = "idle"
    pause_reason: PauseReason | None = None
    voice_channel_id: ChannelId | None = None
    text_channel_id: ChannelId | None = None
    """Where the player speaks."""
    controller_channel_id: ChannelId | None = None
    controller_message_id: MessageId | None = None
    position_ms: int = 0
    """How far the current song was at ``position_at_ms``."""
    position_at_ms: int = 0
    volume_percent: int = 100
    unmuted_percent: int | None = None
    """The loudness to return to; None while the player is not muted."""
    loop: Loop = "off"
    autoplay: Autoplay = "off"
    filters: Filters = NO_FILTERS
    stay: bool = False
    """Never leaves by itself."""
    failures: int = 0
    """How many tracks in a row could not be played."""
    playback_id: str | None = None
    """Names this start of the current song; events of older ones are ignored.

    None while nothing is loaded: also while the current song is still being opened.
    """
    queue: Queue = field(default_factory=Queue)

    @property
    def is_here(self) -> bool:
        """Whether the player is in a voice channel."""
        return self.voice_channel_id is not None

    @property
    def is_opening(self) -> bool:
        """Whether a song is about to play and nothing is heard yet."""
        return self.status == "playing" and self.playback_id is None


def opening(player: Player, *, position_ms: int, now_ms: int, held: bool) -> Player:
    """The current song will begin at ``position_ms`` as soon as it is open; nothing is heard yet.

    ``held``: it will begin paused, for the reason that is stored.
    """
    return replace(
        player,
        status="paused" if held else "playing",
        pause_reason=player.pause_reason if held else None,
        playback_id=None,
        position_ms=position_ms,
        position_at_ms=now_ms,
    )


def started(player: Player, *, playback_id: str, position_ms: int, now_ms: int) -> Player:
    """The current song begins, from ``position_ms`` on."""
    return replace(
        player,
        status="playing",
        pause_reason=None,
        playback_id=playback_id,
        position_ms=position_ms,
        position_at_ms=now_ms,
    )


def paused(player: Player, reason: PauseReason, *, position_ms: int, now_ms: int) -> Player:
    """The current song is held. A member's own pause is not weakened by being alone."""
    if player.status == "paused" and player.pause_reason == "member" and reason == "alone":
        return player
    return replace(
        player,
        status="paused",
        pause_reason=reason,
        position_ms=position_ms,
        position_at_ms=now_ms,
    )


def resumed(player: Player, *, now_ms: int) -> Player:
    """The held song goes on."""
    return replace(player, status="playing", pause_reason=None, position_at_ms=now_ms)


def with_queue(player: Player, queue: Queue, *, now_ms: int) -> Player:
    """Take over a queue; when its current entry is another one, the position begins anew."""
    same = (
        player.queue.current is not None
        and queue.current is not None
        and player.queue.current.entry_id == queue.current.entry_id
    )
    if same:
        return replace(player, queue=queue)
    moved = replace(player, queue=queue, position_ms=0, position_at_ms=now_ms, playback_id=None)
    if queue.current is None:
        return replace(moved, status="idle", pause_reason=None)
    return moved


def left(player: Player, *, position_ms: int, now_ms: int) -> Player:
    """Out of the voice channel: the song is held, and the queue waits for the way back."""
    out = replace(player, voice_channel_id=None, playback_id=None)
    if player.queue.current is None:
        return replace(out, status="idle", pause_reason=None)
    return paused(out, "away", position_ms=position_ms, now_ms=now_ms)
