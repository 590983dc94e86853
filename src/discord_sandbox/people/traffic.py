"""The recent traffic of the sandbox, for the transcript of a failed expectation."""

from __future__ import annotations

import json
from collections import deque
from datetime import datetime

from discord_sandbox.interactions.checks import Json
from discord_sandbox.world.clock import Clock
from discord_sandbox.world.models import Dispatch

MAX_ENTRIES = 400
MAX_BODY_CHARACTERS = 600
type _Entry = tuple[datetime, str, str, bytes, bytes | Json]

_NOISE = frozenset({"PRESENCE_UPDATE"})


class Traffic:
    """A bounded ring of REST exchanges and gateway dispatches; an observer of both."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[_Entry] = deque(maxlen=MAX_ENTRIES)

    def on_exchange(
        self,
        method: str,
        template: str | None,
        path: str,
        status: int,
        request_body: bytes | None,
        response_body: bytes | None,
        content_type: str,
    ) -> None:
        """Note one REST exchange (the protocol of `server.Observer`)."""
        del template
        answered = response_body if content_type.startswith("application/json") else None
        what = f"{method} {path} -> {status}"
        self._note("rest", what, _cut(request_body), _cut(answered))

    def on_dispatch(self, dispatch: Dispatch) -> None:
        """Note one gateway event."""
        if dispatch.name not in _NOISE:
            self._note("gateway", dispatch.name, b"", dispatch.data)

    def list_entries(self) -> list[Json]:
        """Oldest first: ``{"at", "kind": "rest"|"gateway", "what", "sent", "answered"}``."""
        return [
            {
                "at": at.isoformat(timespec="milliseconds"),
                "kind": kind,
                "what": what,
                "sent": _text(sent),
                "answered": _text(answered),
            }
            for at, kind, what, sent, answered in self._entries
        ]

    def _note(self, kind: str, what: str, sent: bytes, answered: bytes | Json) -> None:
        # Nothing is turned into text here: few entries are ever read, and this is on every path.
        self._entries.append((self._clock.now(), kind, what, sent, answered))


def _cut(body: bytes | None) -> bytes:
    return b"" if body is None else body[:MAX_BODY_CHARACTERS]


def _text(body: bytes | Json) -> str:
    if isinstance(body, bytes):
        return body.decode(errors="replace")
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)[:MAX_BODY_CHARACTERS]
