"""Typed events, published through an outbox: stored with the fact, delivered after the commit.

:func:`publish` writes a row in the caller's transaction. The :class:`Outbox` is woken by the commit
(it does not poll), hands the event to each listener, and deletes the row once all have taken it.

Promises: at least once for each listener, after a crash too; first attempts in the order of the
rows, type by type. A listener that fails is tried again on its own with growing pauses, and later
events do not wait for it, so listeners re-read the state they act on.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)
from sqlalchemy.engine import Connection

from seraphim.kernel.clock import Clock
from seraphim.kernel.db import metadata, signal
from seraphim.kernel.telemetry.trace import current_trace_id

OUTBOX_SIGNAL = "outbox"
MAX_PAYLOAD_BYTES = 65_536

RowId = BigInteger().with_variant(Integer(), "sqlite")
"""A number that counts up by itself on both engines (SQLite does so for INTEGER only)."""

OUTBOX = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("type", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("trace_id", Text),
    Column("created_ms", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    CheckConstraint("state IN ('new', 'retrying', 'failed')", name="state"),
    Index("ix_outbox_state_id", "state", "id"),
    sqlite_autoincrement=True,  # an id is never used twice, not even after its row was pruned
)

OUTBOX_RETRIES = Table(
    "outbox_retries",
    metadata,
    Column(
        "event_id",
        RowId,
        ForeignKey("outbox.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("listener", Text, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_ms", BigInteger),
    Column("last_error", Text, nullable=False),
    Index("ix_outbox_retries_next_attempt_ms", "next_attempt_ms"),
)
"""A listener that has not taken an event yet. ``next_attempt_ms`` NULL: given up, by hand only."""


class Event(msgspec.Struct, frozen=True):
    """A fact that has happened.

    Subclasses add fields and a stable name, ``class TrackStarted(Event, frozen=True,
    tag="music.track_started")``, and stay able to read the rows their older versions wrote.
    """

    @classmethod
    def type_name(cls) -> str:
        """Return the stable name that is stored, such as ``music.track_started``."""
        tag = cls.__struct_config__.tag
        return tag if isinstance(tag, str) else f"{cls.__module__}.{cls.__qualname__}"


@dataclass(frozen=True, slots=True)
class Listener:
    """A handler of one type of event.

    ``name`` identifies the listener across restarts and processes; by default it is made of the
    handler's module and qualified name.
    """

    event_type: type[Event]
    handle: Callable[[Any], Awaitable[None]]
    name: str = ""

    @property
    def key(self) -> str:
        """The stable name under which its retries are stored."""
        if self.name:
            return self.name
        qualified: object = getattr(self.handle, "__qualname__", None)
        if not isinstance(qualified, str):
            raise ValueError(f"a listener of {self.event_type.type_name()} needs a name")  # noqa: TRY004 - it is the missing name that is wrong
        return f"{self.handle.__module__}.{qualified}"


class EventTooLarge(ValueError):
    """An event carries more than MAX_PAYLOAD_BYTES; store the data and publish its id."""


def publish(conn: Connection, event: Event, clock: Clock) -> None:
    """Store ``event`` in the caller's transaction; it is delivered right after the commit."""
    payload = msgspec.json.encode(event)
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise EventTooLarge(f"{event.type_name()} takes {len(payload)} bytes")
    conn.execute(
        _INSERT,
        {
            "type": event.type_name(),
            "payload": payload.decode(),
            "trace_id": current_trace_id(),
            "created_ms": clock.now_ms(),
            "state": "new",
        },
    )
    signal(conn, OUTBOX_SIGNAL)


_INSERT = OUTBOX.insert().inline()
"""``inline``: nobody needs the new row's id, so none is fetched."""
