"""What a node says of a song it could not play, in words for the listeners."""

from collections.abc import Mapping
from typing import Final

from seraphim.features.music.ports import FailureClass
from seraphim.kernel.marks import N_

SENTENCES: Final[Mapping[FailureClass, str]] = {
    "network": N_("The music node could not fetch it."),
    "login": N_("Its site asks the music node for a login."),
    "region": N_("It is not available in the music node's country."),
    "age": N_("Its site wants proof of age for it."),
    "removed": N_("It is not there any more."),
    "unsupported": N_("The music node cannot play this kind of file."),
    "drm": N_("It is protected against copying, so the music node cannot play it."),
    "too_long": N_("It is too long for the music node."),
    "refused": N_("The music node may not open that address."),
    "unknown": N_("The music node could not play it."),
}
STUCK: Final = N_("No sound came any more.")
SLOW: Final = N_("The music node took too long to open it.")
NOT_CONNECTED: Final = N_("I am not in a voice channel. Use /join first.")
CHANNEL_GONE: Final = N_("That voice channel is gone, or I cannot see it.")
NO_NODE: Final = N_("None of the music nodes can be reached. Try again in a moment.")
NO_ANSWER: Final = N_(
    "Discord did not let me into the voice channel in time. It may be full, or Discord's voice "
    "servers may be in trouble; try again in a moment."
)
BROKEN: Final = N_("The voice connection could not be made. Try again in a moment.")
_WORDS: Final[tuple[tuple[str, FailureClass], ...]] = (
    ("age", "age"),
    ("confirm your age", "age"),
    ("sign in", "login"),
    ("login", "login"),
    ("403", "login"),
    ("drm", "drm"),
    ("country", "region"),
    ("region", "region"),
    ("404", "removed"),
    ("410", "removed"),
    ("not found", "removed"),
    ("no matches", "removed"),
    ("unavailable", "removed"),
    ("private", "removed"),
    ("removed", "removed"),
    ("unknown file format", "unsupported"),
    ("unsupported", "unsupported"),
    ("playlist", "unsupported"),
    ("not a valid", "unsupported"),
    ("timed out", "network"),
    ("connect", "network"),
    ("reset", "network"),
    ("read", "network"),
)


def classify(message: str) -> FailureClass:
    """Guess the class from the node's words, which it documents nowhere.

    The words themselves are never shown: they may hold an address that only the node may know.
    """
    said = f" {message.lower()} "
    for words, failure in _WORDS:
        if words in said if len(words) > 3 else f" {words} " in said:  # noqa: PLR2004 - whole words
            return failure
    return "unknown"
