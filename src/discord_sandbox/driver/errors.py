"""What a driver raises; every one prints what the sandbox saw last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_SHOWN = 40


class ExpectationFailed(AssertionError):
    """Something expected did not happen in time.

    Attributes:
        sentence: What was waited for.
        transcript: The recent REST and gateway traffic, oldest first.
    """

    def __init__(self, sentence: str, transcript: Sequence[dict[str, Any]]) -> None:
        self.sentence = sentence
        self.transcript = list(transcript)
        super().__init__(f"{sentence}\n\n{render_transcript(transcript)}")


class InteractionFailed(ExpectationFailed):
    """The application did not answer in time: "The application did not respond"."""


class OperationRefused(Exception):
    """The person's client would not let them do this.

    Attributes:
        code: A short name such as ``unknown_command`` or ``missing_permissions``.
        message: A sentence.
        details: A nested `errors` object, where values were wrong.
    """

    def __init__(self, code: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(f"{code}: {message}" + (f" {details}" if details else ""))
        self.code = code
        self.message = message
        self.details = details


def render_transcript(entries: Sequence[dict[str, Any]]) -> str:
    """The last entries of the sandbox's traffic as lines of text."""
    lines = [f"-- the sandbox's last {min(len(entries), _SHOWN)} exchanges, oldest first --"]
    for entry in entries[-_SHOWN:]:
        lines.append(f"{entry['at'][11:23]} {entry['kind']:7} {entry['what']}")
        lines += [f"    {arrow} {entry[key]}" for arrow, key in _PARTS if entry.get(key)]
    return "\n".join(lines)


_PARTS = ((">", "sent"), ("<", "answered"))
