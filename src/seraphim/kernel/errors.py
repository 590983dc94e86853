"""Business errors: what went wrong, said to the one who can act on it.

Every error class carries a stable code, an HTTP status and a sentence (a gettext message id with
``{placeholders}``). The surfaces translate and show it; ``docs/reference/errors.md`` is generated
from the classes.
"""

from typing import ClassVar

type ErrorParameter = str | int | float


class SeraphimError(Exception):
    """Something a person can be told about. Raise a subclass, never this."""

    code: ClassVar[str] = "internal"
    http_status: ClassVar[int] = 500
    message: ClassVar[str] = "Something went wrong on our side. It has been logged."

    def __init__(self, **parameters: ErrorParameter) -> None:
        self.parameters = parameters
        super().__init__(self.message.format_map(parameters))


class NotFound(SeraphimError):
    """The thing that was named does not exist, or not for this person."""

    code = "not_found"
    http_status = 404
    message = "I could not find {what}."


class NotAllowed(SeraphimError):
    """The person may not do this."""

    code = "not_allowed"
    http_status = 403
    message = "You may not do that here."


class InvalidInput(SeraphimError):
    """What was given cannot be used; ``reason`` says why and what would work."""

    code = "invalid_input"
    http_status = 422
    message = "{reason}"


class RateLimited(SeraphimError):
    """Too much, too fast."""

    code = "rate_limited"
    http_status = 429
    message = "Easy there. Try again in {retry_after_seconds} s."


class Unavailable(SeraphimError):
    """A part the command needs is not there right now."""

    code = "unavailable"
    http_status = 503
    message = "{what} is not available right now. Try again in a moment."
