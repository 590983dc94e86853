"""What can go wrong with sources and voice, in words for the listener."""

from typing import Literal

from seraphim.kernel.errors import SeraphimError

type FailureClass = Literal[
    "network", "login", "region", "age", "removed", "unsupported", "too_long", "refused", "unknown"
]


class SourceFailed(SeraphimError):
    """A source could not find or open a track; ``reason`` is a whole sentence for the listener."""

    code = "music.source_failed"
    http_status = 422
    message = "{reason}"

    def __init__(self, reason: str, *, failure: FailureClass = "unknown") -> None:
        super().__init__(reason=reason)
        self.failure: FailureClass = failure


class AddressRefused(SourceFailed):
    """The URL leads into a private network (SSRF) or uses a scheme that is not allowed."""

    code = "music.address_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, failure="refused")


class VoiceUnavailable(SeraphimError):
    """The voice connection could not be made; ``reason`` says what to do."""

    code = "music.voice_unavailable"
    http_status = 503
    message = "{reason}"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)
