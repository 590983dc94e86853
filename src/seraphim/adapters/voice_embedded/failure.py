"""Why a medium cannot be played, in a sentence for the listeners."""

from typing import Final

from av.error import FFmpegError

from seraphim.features.music.ports import FailureClass, PlaybackFailed, SourceFailed
from seraphim.kernel.errors import ErrorParameter
from seraphim.kernel.ids import GuildId
from seraphim.kernel.marks import N_


class MediaFailed(Exception):
    """The medium cannot be opened or read on.

    Args:
        failure: The class the feature decides by.
        reason: A whole sentence for the listeners; never a path or an address.
        parameters: What the sentence's ``{placeholders}`` stand for.
    """

    def __init__(self, failure: FailureClass, reason: str, **parameters: ErrorParameter) -> None:
        super().__init__(reason)
        self.failure: FailureClass = failure
        self.reason = reason
        self.parameters = parameters

    def of(self, guild_id: GuildId, playback_id: str, position_ms: int) -> PlaybackFailed:
        """Return the event that tells it of a playback."""
        return PlaybackFailed(
            guild_id, playback_id, self.failure, self.reason, position_ms, self.parameters
        )


NOT_AUDIO = N_("This file is damaged, or it is not audio at all.")
NO_SOUND = N_("There is no sound in this file.")
EMPTY = N_("This file is empty.")
GONE = N_("The file is gone.")
UNREADABLE = N_("The file cannot be read: the bot's user has no permission for it.")
UNSUPPORTED = N_("I cannot decode the format of this file.")
DISK = N_("The file cannot be read: the disk reports an error.")
UNEXPECTED = N_("Something unexpected broke while this was playing.")
STALLED = N_("The sound stopped arriving: the connection to its server is too slow or gone.")


_KNOWN: Final[tuple[tuple[tuple[type[BaseException], ...], FailureClass, str], ...]] = (
    ((FileNotFoundError,), "removed", GONE),
    ((PermissionError,), "refused", UNREADABLE),
    ((IsADirectoryError,), "unsupported", NOT_AUDIO),
    ((NotImplementedError,), "unsupported", UNSUPPORTED),
    ((TimeoutError,), "network", STALLED),
    ((FFmpegError, ValueError), "unsupported", NOT_AUDIO),
    ((OSError,), "unknown", DISK),
)
"""What was thrown, and what it means; the first that fits counts."""


def explain(error: BaseException) -> MediaFailed:
    """Turn what opening or reading threw into what the listeners are told."""
    if isinstance(error, MediaFailed):
        return error
    if isinstance(error, SourceFailed):
        parameters = dict(error.parameters)
        return MediaFailed(error.failure, str(parameters.pop("reason", error)), **parameters)
    for kinds, failure, reason in _KNOWN:
        if isinstance(error, kinds):
            return MediaFailed(failure, reason)
    return MediaFailed("unknown", UNEXPECTED)
