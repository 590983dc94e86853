"""Why a medium cannot be played, in a sentence for the listeners."""

from av.error import FFmpegError

from seraphim.features.music.ports import FailureClass


class MediaFailed(Exception):
    """The medium cannot be opened or read on.

    Args:
        failure: The class the feature decides by.
        reason: A whole sentence for the listeners; never a path or an address.
    """

    def __init__(self, failure: FailureClass, reason: str) -> None:
        super().__init__(reason)
        self.failure: FailureClass = failure
        self.reason = reason


NOT_AUDIO = "This file is damaged, or it is not audio at all."
NO_SOUND = "There is no sound in this file."
EMPTY = "This file is empty."
GONE = "The file is gone."
UNREADABLE = "The file cannot be read: the bot's user has no permission for it."
UNSUPPORTED = "I cannot decode the format of this file."
STALLED = "The sound stopped arriving: the connection to its server is too slow or gone."


def explain(error: BaseException) -> MediaFailed:
    """Turn what opening or reading threw into what the listeners are told."""
    if isinstance(error, MediaFailed):
        return error
    if isinstance(error, FileNotFoundError):
        return MediaFailed("removed", GONE)
    if isinstance(error, PermissionError):
        return MediaFailed("refused", UNREADABLE)
    if isinstance(error, IsADirectoryError):
        return MediaFailed("unsupported", NOT_AUDIO)
    if isinstance(error, NotImplementedError):
        return MediaFailed("unsupported", UNSUPPORTED)
    if isinstance(error, FFmpegError | ValueError):
        return MediaFailed("unsupported", NOT_AUDIO)
    if isinstance(error, TimeoutError):
        return MediaFailed("network", STALLED)
    if isinstance(error, OSError):
        return MediaFailed("unknown", "The file cannot be read: the disk reports an error.")
    return MediaFailed("unknown", "Something unexpected broke while this was playing.")
