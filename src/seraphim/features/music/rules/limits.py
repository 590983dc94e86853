"""How much music a guild gets: one table, so that one place decides."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MusicLimits:
    """Upper bounds for one guild; what the guild itself sets may only be lower."""

    players: int = 1
    """Voice channels the bot may play in at a time; Discord allows one a guild and bot."""
    queue: int = 2000
    """Songs that may wait."""
    track_minutes: int = 1440
    """Length of one song."""
    playlist: int = 1000
    """Songs taken from one list."""


EVERYBODY = MusicLimits()
"""What every guild of this installation gets."""


def tighter(limits: MusicLimits, *, queue: int, track_minutes: int, playlist: int) -> MusicLimits:
    """Return the limits with the guild's own, where those are lower; 0 sets none."""
    return MusicLimits(
        players=limits.players,
        queue=min(limits.queue, queue or limits.queue),
        track_minutes=min(limits.track_minutes, track_minutes or limits.track_minutes),
        playlist=min(limits.playlist, playlist or limits.playlist),
    )
