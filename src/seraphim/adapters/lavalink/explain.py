"""What a node says of a song it could not play, in words for the listeners."""

from collections.abc import Mapping
from typing import Final

from seraphim.features.music.ports import FailureClass

SENTENCES: Final[Mapping[FailureClass, str]] = {
    "network": "The music node could not fetch it.",
    "login": "Its site asks the music node for a login.",
    "region": "It is not available in the music node's country.",
    "age": "Its site wants proof of age for it.",
    "removed": "It is not there any more.",
    "unsupported": "The music node cannot play this kind of file.",
    "too_long": "It is too long for the music node.",
    "refused": "The music node may not open that address.",
    "unknown": "The music node could not play it.",
}
STUCK: Final = "No sound came any more."
SLOW: Final = "The music node took too long to open it."
_WORDS: Final[tuple[tuple[str, FailureClass], ...]] = (
    ("age", "age"),
    ("confirm your age", "age"),
    ("sign in", "login"),
    ("login", "login"),
    ("403", "login"),
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
