"""Sentences that the player says by itself, as values; the Discord side translates and sends them.

Texts of strangers (titles) must be escaped before they become parameters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from seraphim.kernel.marks import N_

type Tone = Literal["info", "good", "warn", "bad"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for the text channel."""

    text: str
    """A gettext message id with ``{placeholders}``."""
    parameters: Mapping[str, str | int | float] = field(
        default_factory=dict[str, str | int | float]
    )
    """``reason`` is a message id itself, with the same parameters."""
    tone: Tone = "info"
    silent: bool = True
    """Without a notification sound on the members' devices."""


def now_playing(line: str, *, silent: bool) -> Notice:
    """Announce a song."""
    return Notice(N_("▶ Now playing {line}"), {"line": line}, silent=silent)


def track_failed(
    line: str,
    reason: str,
    *,
    has_next: bool,
    parameters: Mapping[str, str | int | float] | None = None,
) -> Notice:
    """Say once why a song was not played; ``parameters`` are those of the reason."""
    text = N_("I could not play {line}. {reason}")
    if has_next:
        text = N_("I could not play {line}. {reason} On to the next song.")
    return Notice(text, {**(parameters or {}), "line": line, "reason": reason}, "warn")


def plays_elsewhere(
    line: str, reason: str, source: str, *, parameters: Mapping[str, str | int | float]
) -> Notice:
    """Say once that a song is played from another source than the one it was asked from."""
    text = N_("I could not play {line}. {reason} I play it from {source} instead.")
    return Notice(text, {**parameters, "line": line, "reason": reason, "source": source}, "info")


def gave_up(count: int, waiting: int) -> Notice:
    """Explain why the player stopped after several failures."""
    text = N_("{count} songs in a row could not be played, so I stopped.")
    if waiting:
        text = N_(
            "{count} songs in a row could not be played, so I stopped. "
            "{waiting} more are still in the queue: /resume goes on with them."
        )
    return Notice(text, {"count": count, "waiting": waiting}, "bad")


KICKED = Notice(
    N_("I was disconnected from the voice channel. The queue is kept: /join brings me back.")
)
CHANNEL_DELETED = Notice(
    N_("The voice channel was deleted. The queue is kept: join another one and use /join."),
    tone="warn",
)
CONNECTION_LOST = Notice(
    N_("I lost the voice connection and could not restore it. The queue is kept: try /join."),
    tone="bad",
)
LEFT_IDLE = Notice(N_("Nobody was listening, so I left. The queue is kept: /join brings me back."))
LEFT_DONE = Notice(N_("The music is over, so I left. See you soon!"))


def could_not_return(reason: str) -> Notice:
    """Say why the music did not go on after a restart."""
    text = N_("I was restarted and could not return: {reason} The queue is kept: try /join.")
    return Notice(text, {"reason": reason}, "warn")
