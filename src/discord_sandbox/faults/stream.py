"""Faults of the event stream and of voice datagrams."""

import asyncio
import fnmatch
import random
from collections.abc import Callable, Iterable
from typing import Literal

from discord_sandbox.faults.fault import Fault
from discord_sandbox.gateway.session import Session

Disorder = Literal["duplicate", "reorder", "lose"]
DISORDERS: tuple[Disorder, ...] = ("duplicate", "reorder", "lose")
HOLD_SECONDS = 0.25
"""How long a reordered event waits for the one that shall overtake it."""


class DisorderedDispatches:
    """Duplicates, reorders or loses events of a session on their way out.

    A lost or late event keeps its sequence number: a client that watches the numbers can
    tell, and a RESUME brings it again.
    """

    def __init__(self, disorder: Disorder, event: str, fault: Fault) -> None:
        """Describe it.

        Args:
            disorder: What to do.
            event: Shell pattern of event names, such as `MESSAGE_*`.
            fault: Counts the strikes.
        """
        self._disorder = disorder
        self._event = event
        self._fault = fault
        self._held: dict[str, tuple[bytes, asyncio.TimerHandle]] = {}

    def __call__(self, session: Session, name: str, payload: bytes) -> Iterable[bytes]:
        """What is sent in place of `payload`."""
        held = self._held.pop(session.id, None)
        if held is not None:
            held[1].cancel()
            return [payload, held[0]]
        if self._fault.healed or not fnmatch.fnmatchcase(name, self._event):
            return [payload]
        self._fault.strike()
        if self._disorder == "duplicate":
            return [payload, payload]
        if self._disorder == "lose":
            return []
        timer = asyncio.get_running_loop().call_later(HOLD_SECONDS, self._release, session)
        self._held[session.id] = (payload, timer)
        return []

    def _release(self, session: Session) -> None:
        held = self._held.pop(session.id, None)
        if held is not None and session.wire is not None:
            session.wire.send(held[0])


class BadLine:
    """Loses and delays voice datagrams.

    The dice have a fixed seed, so that a test loses the same packets each time.
    """

    def __init__(
        self, fault: Fault, *, loss: float = 0.0, delay_ms: float = 0.0, jitter_ms: float = 0.0
    ) -> None:
        """Describe it.

        Args:
            fault: Counts the datagrams hit.
            loss: Share that is lost, 0 to 1.
            delay_ms: How late the others arrive.
            jitter_ms: Up to how much later still, at random; makes packets overtake.

        Raises:
            ValueError: The share is no share.
        """
        if not 0 <= loss <= 1:
            raise ValueError("loss must be between 0 and 1")
        self._fault = fault
        self._loss = loss
        self._delay_seconds = delay_ms / 1000
        self._jitter_seconds = jitter_ms / 1000
        self._dice = random.Random(1)  # noqa: S311 - packets, not secrets

    def __call__(self, deliver: Callable[[], None]) -> bool:
        """Whether the datagram was lost or put off."""
        if self._fault.healed:
            return False
        if self._dice.random() < self._loss:
            self._fault.strike()
            return True
        late = self._delay_seconds + self._jitter_seconds * self._dice.random()
        if late <= 0:
            return False
        self._fault.strike()
        asyncio.get_running_loop().call_later(late, deliver)
        return True
