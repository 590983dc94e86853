"""Events on their way to the listener, one after the other."""

from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from seraphim.features.music.ports import AudioEvent, AudioListener

_log = structlog.get_logger(__name__)


class Mailbox:
    """Hands a guild's events on in their order; belongs on the event loop.

    Args:
        listener: Returns who is told, or None while nobody has asked for it.
        spawn: Starts a task.
    """

    def __init__(
        self,
        listener: Callable[[], AudioListener | None],
        spawn: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        self._listener = listener
        self._spawn = spawn
        self._events: deque[AudioEvent] = deque()
        self._delivering = False

    def post(self, event: AudioEvent) -> None:
        """Hand an event on once those before it have been heard."""
        self._events.append(event)
        if not self._delivering:
            self._delivering = True
            self._spawn(self._deliver())

    async def _deliver(self) -> None:
        while self._events:
            event = self._events.popleft()
            listener = self._listener()
            if listener is None:
                continue
            try:
                await listener(event)
            except Exception:  # noqa: BLE001  # the listener's error must not stop later events
                _log.exception("voice.listener_failed", event_type=type(event).__name__)
        self._delivering = False
