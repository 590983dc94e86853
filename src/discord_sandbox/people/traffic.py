"""The recent traffic of the sandbox, for the transcript of a failed expectation."""

from __future__ import annotations

import json
from collections import deque

from discord_sandbox.interactions.checks import Json
from discord_sandbox.world.clock import Clock
from discord_sandbox.world.models import Dispatch

MAX_ENTRIES = 400
MAX_BODY_CHARACTERS = 600
_NOISE = frozenset({"PRESENCE_UPDATE"})


class Traffic:
    """A bounded ring of REST exchanges and gateway dispatches; an observer of both."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: deque[Json] = deque(maxlen=MAX_ENTRIES)

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
        shown = content_type.startswith("application/json")
        self._note(
            "rest",
            f"{method} {path} -> {status}",
            sent=_shorten(request_body),
            answered=_shorten(response_body) if shown else "",
        )

    def on_dispatch(self, dispatch: Dispatch) -> None:
        """Note one gateway event."""
        if dispatch.name not in _NOISE:
            text = json.dumps(dispatch.data, separators=(",", ":"), ensure_ascii=False)
            self._note("gateway", dispatch.name, sent="", answered=text[:MAX_BODY_CHARACTERS])

    def list_entries(self) -> list[Json]:
        """Oldest first: ``{"at", "kind": "rest"|"gateway", "what", "sent", "answered"}``."""
        return list(self._entries)

    def _note(self, kind: str, what: str, *, sent: str, answered: str) -> None:
        at = self._clock.now().isoformat(timespec="milliseconds")
        self._entries.append(
            {"at": at, "kind": kind, "what": what, "sent": sent, "answered": answered}
        )


def _shorten(body: bytes | None) -> str:
    return "" if not body else body.decode(errors="replace")[:MAX_BODY_CHARACTERS]
