"""One gateway session: what it wants, what it was sent, and what it can replay."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from discord_sandbox.gateway.events import Outgoing, frame, intent_allows, may_see
from discord_sandbox.gateway.protocol import LARGE_THRESHOLD_DEFAULT
from discord_sandbox.world.models import Application
from discord_sandbox.world.state import WorldState

Json = dict[str, Any]

BUFFERED_EVENTS = 4000
"""Events kept for a RESUME (Discord does not publish its number)."""

Distortion = Callable[["Session", str, bytes], Iterable[bytes]]
"""A fault on the way out: which payloads are sent in place of this one."""


class Wire(Protocol):
    """The open connection of a session."""

    def send(self, payload: bytes) -> None:
        """Queue a payload of UTF-8 JSON."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close with a gateway close code after what is queued."""
        ...

    def cut(self) -> None:
        """Drop the TCP connection without a close frame."""
        ...

    def stall(self) -> None:
        """Neither read nor write until `flow`."""
        ...

    def flow(self) -> None:
        """End a stall."""
        ...


@dataclass(slots=True)
class Presence:
    """What a user shows: `online`, `idle`, `dnd` or `offline`, and activities."""

    status: str = "online"
    activities: list[Json] = field(default_factory=list[Json])


class SequenceUnknown(Exception):
    """A RESUME names events that are no longer kept, or were never sent."""


@dataclass(slots=True, eq=False)
class Session:
    """A session from IDENTIFY until it is invalidated.

    Attributes:
        id: Secret name; what RESUME asks for.
        voice_id: What voice states show as `session_id`; the session's own id is a secret.
        application: Whose bot it is.
        intents: Bit field of IDENTIFY.
        shard: (shard id, number of shards).
        large_threshold: Above this a guild counts as large.
        wire: The open connection, None while away.
        sequence: Number of the last event.
        distort: A fault to apply to events on their way out.
        expiry: Ends the session while it is away.
    """

    id: str
    voice_id: str
    application: Application
    intents: int
    shard: tuple[int, int] = (0, 1)
    shard_named: bool = False
    large_threshold: int = LARGE_THRESHOLD_DEFAULT
    wire: Wire | None = None
    sequence: int = 0
    distort: Distortion | None = None
    expiry: asyncio.TimerHandle | None = None
    ready: bool = False
    _sent: deque[tuple[int, bytes]] = field(
        default_factory=lambda: deque[tuple[int, bytes]](maxlen=BUFFERED_EVENTS)
    )

    @property
    def bot_id(self) -> int:
        """The user id of the session's bot."""
        return self.application.bot.id

    def routes(self, guild_id: int | None) -> bool:
        """Whether this shard is the one for a guild (None: direct messages, shard 0)."""
        shard_id, shards = self.shard
        return shard_id == (0 if guild_id is None else (guild_id >> 22) % shards)

    def wants(self, outgoing: Outgoing, world: WorldState) -> bool:
        """Whether shard, intents and the world's permissions let this event through."""
        dispatch = outgoing.dispatch
        return (
            self.ready
            and self.routes(dispatch.guild_id)
            and intent_allows(dispatch, self.application, self.intents)
            and may_see(dispatch, world, self.bot_id)
        )

    def dispatch(self, outgoing: Outgoing) -> None:
        """Number an event, keep it for a replay, and send it when connected."""
        name = outgoing.dispatch.name
        self.send_body(name, outgoing.body(self.application, self.intents))

    def send_body(self, name: str, body: bytes) -> None:
        """Like `dispatch`, for a body that is only this session's."""
        self.sequence += 1
        payload = frame(name, self.sequence, body)
        self._sent.append((self.sequence, payload))
        if self.wire is None:
            return
        if self.distort is None:
            self.wire.send(payload)
            return
        for distorted in self.distort(self, name, payload):
            self.wire.send(distorted)

    def replay_after(self, sequence: int) -> list[bytes]:
        """Payloads after the last that the client has seen, in order.

        Raises:
            SequenceUnknown: Some of them are gone, or the number was never sent.
        """
        if sequence > self.sequence or sequence < 0:
            raise SequenceUnknown
        oldest = self._sent[0][0] if self._sent else self.sequence + 1
        if sequence + 1 < oldest:
            raise SequenceUnknown
        return [payload for number, payload in self._sent if number > sequence]
