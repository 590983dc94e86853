"""What can go wrong with sources and voice, in words for the listener."""

from typing import Literal

from seraphim.kernel.errors import ErrorParameter, SeraphimError
from seraphim.kernel.marks import N_

type FailureClass = Literal[
    "network",
    "login",
    "region",
    "age",
    "removed",
    "unsupported",
    "drm",
    "too_long",
    "refused",
    "unknown",
]
"""What the metric counts by, and what decides whether another source is tried."""


class SourceFailed(SeraphimError):
    """A source could not find or open a track.

    Args:
        reason: A whole sentence for the listener: a gettext message id.
        failure: What went wrong, as far as it can be told.
        parameters: What the sentence's ``{placeholders}`` stand for.
    """

    code = "music.source_failed"
    http_status = 422
    message = "{reason}"

    def __init__(
        self, reason: str, *, failure: FailureClass = "unknown", **parameters: ErrorParameter
    ) -> None:
        super().__init__(**{**parameters, "reason": reason})
        if parameters:
            self.args = (reason.format_map(parameters),)
        self.failure: FailureClass = failure


class AddressRefused(SourceFailed):
    """The URL leads into a private network (SSRF) or uses a scheme that is not allowed."""

    code = "music.address_refused"

    def __init__(self, reason: str, **parameters: ErrorParameter) -> None:
        super().__init__(reason, failure="refused", **parameters)


class OnlyDescribed(SourceFailed):
    """The source tells what a song is and does not play it; another source has to."""

    code = "music.only_described"

    def __init__(self) -> None:
        super().__init__(
            N_("That service does not let bots play its songs, and I found it nowhere else."),
            failure="drm",
        )


class NotSound(SourceFailed):
    """There is something behind the address, but no sound: another source may know what it is."""

    code = "music.not_sound"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, failure="unsupported")


class VoiceUnavailable(SeraphimError):
    """The voice connection could not be made; ``reason`` says what to do."""

    code = "music.voice_unavailable"
    http_status = 503
    message = "{reason}"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
