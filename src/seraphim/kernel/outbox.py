"""Delivers the events of the outbox to their listeners."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.engine import Connection

from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database, DatabaseClosed, signal
from seraphim.kernel.events import OUTBOX, OUTBOX_RETRIES, OUTBOX_SIGNAL, Event, Listener
from seraphim.kernel.leases import Lease, LeaseLost, Leases, check_lease
from seraphim.kernel.telemetry.logs import get_logger
from seraphim.kernel.telemetry.metrics import Metrics
from seraphim.kernel.telemetry.trace import trace
from seraphim.kernel.waiting import Waker

log = get_logger(__name__)

BATCH = 100
"""Events read and marked together."""
MAX_ATTEMPTS = 12
"""Then a listener's event waits for :meth:`Outbox.retry_failed` (after over an hour)."""
MAX_PAUSE_SECONDS = 1_800.0
HANDLER_SECONDS = 30.0
LEASE_NAME = "outbox"
LEASE_SECONDS = 15.0
IDLE_SECONDS = 30.0
"""How long to sleep when nothing is due: only a clock that jumps makes this matter."""
SHARED_IDLE_SECONDS = 1.0
"""The same when other processes publish too and their commits are not seen here."""


@dataclass(frozen=True, slots=True)
class OutboxState:
    """Figures for the health page."""

    waiting: int
    retrying: int
    failed: int
    oldest_waiting_ms: int | None


@dataclass(frozen=True, slots=True)
class _Due:
    """A stored event to deliver; ``retried`` names the listeners whose pause is over, by lines."""

    event_id: int
    name: str
    payload: str
    trace_id: str | None
    created_ms: int
    state: str
    retried: str | None


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What became of one event with each of its listeners."""

    event_id: int
    failures: Mapping[str, str]
    first: bool


class Outbox:
    """Delivers committed events. One process of a cluster delivers at a time (by lease).

    All processes that run an outbox on one database subscribe the same listeners.
    """

    def __init__(
        self, db: Database, clock: Clock, metrics: Metrics, leases: Leases | None = None
    ) -> None:
        """``leases`` None: this process is the only one on the database (embedded mode)."""
        self._db = db
        self._clock = clock
        self._leases = leases
        self._lease: Lease | None = None
        self._listeners: dict[str, list[tuple[Listener, msgspec.json.Decoder[Event]]]] = {}
        self._waker = Waker(clock)
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._delivered = metrics.counter(
            "seraphim_events_delivered_total", "Events handed to listeners.", ("type", "outcome")
        )
        self._delay = metrics.histogram(
            "seraphim_event_delay_seconds", "From the commit to the first delivery.", ("type",)
        )
        db.watch(OUTBOX_SIGNAL, self._waker.wake)

    def subscribe(self, listener: Listener) -> None:
        """Add a listener; call this before :meth:`start`."""
        entries = self._listeners.setdefault(listener.event_type.type_name(), [])
        if any(known.key == listener.key for known, _ in entries):
            raise ValueError(f"two listeners named {listener.key} for one event type")
        entries.append((listener, msgspec.json.Decoder(listener.event_type)))

    async def start(self) -> None:
        """Begin to deliver, what an earlier process left behind first."""
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name="outbox")

    async def stop(self) -> None:
        """Finish the batch in hand, then stop; what is left is delivered by the next start."""
        self._stopping = True
        self._waker.wake()
        if self._task is not None:
            await self._task
            self._task = None
        if self._lease is not None and self._leases is not None:
            await self._leases.release(self._lease)
            self._lease = None

    async def deliver_pending(self) -> int:
        """Deliver everything that is due now; returns how many events that were."""
        count = 0
        while events := await self._db.read(_due, self._clock.now_ms()):
            deliveries = [await self._deliver(row) for row in events]
            await self._db.write(_mark, deliveries, self._clock.now_ms(), self._lease)
            count += len(events)
            if len(events) < BATCH or self._stopping:
                break
        return count

    async def state(self) -> OutboxState:
        """Return the figures for the health page."""
        return await self._db.read(_state)

    async def retry_failed(self) -> int:
        """Try everything again that was given up; returns how many deliveries that are."""
        return await self._db.write(_retry_failed, self._clock.now_ms())

    async def _run(self) -> None:
        while not self._stopping:
            idle = IDLE_SECONDS if self._leases is None else SHARED_IDLE_SECONDS
            try:
                if await self._may_deliver():
                    await self.deliver_pending()
                    next_ms = await self._db.read(_next_attempt_ms)
                    if next_ms is not None:
                        idle = min(idle, max(0.01, (next_ms - self._clock.now_ms()) / 1000))
            except DatabaseClosed:
                return
            except LeaseLost:
                self._lease = None
            except Exception:
                log.exception("outbox could not deliver, trying again")
                idle = 1.0
            if not self._stopping:
                await self._waker.wait(idle)

    async def _may_deliver(self) -> bool:
        if self._leases is None:
            return True
        now_ms = self._clock.now_ms()
        if self._lease is None or self._lease.expires_ms - now_ms < LEASE_SECONDS * 500:
            self._lease = await self._leases.acquire(LEASE_NAME, LEASE_SECONDS)
        return self._lease is not None

    async def _deliver(self, row: "_Due") -> _Delivery:
        name, first = row.name, row.state == "new"
        only = None if first else set((row.retried or "").split("\n"))
        failures: dict[str, str] = {}
        if first:
            self._delay.observe(max(0, self._clock.now_ms() - row.created_ms) / 1000, type=name)
        with trace(row.trace_id):
            for listener, decoder in self._listeners.get(name, ()):
                if only is not None and listener.key not in only:
                    continue
                try:
                    async with asyncio.timeout(HANDLER_SECONDS):
                        await listener.handle(decoder.decode(row.payload))
                except Exception as error:
                    failures[listener.key] = f"{type(error).__name__}: {error}"[:500]
                    self._delivered.add(type=name, outcome="failed")
                    log.exception("event listener failed", event_type=name, listener=listener.key)
                else:
                    self._delivered.add(type=name, outcome="delivered")
        return _Delivery(row.event_id, failures, first)


def _due(conn: Connection, now_ms: int) -> "list[_Due]":
    """Return new events and those with a retry due, in order, at most BATCH."""
    columns = (
        OUTBOX.c.id,
        OUTBOX.c.type,
        OUTBOX.c.payload,
        OUTBOX.c.trace_id,
        OUTBOX.c.created_ms,
        OUTBOX.c.state,
    )
    due = OUTBOX_RETRIES.c.next_attempt_ms <= now_ms
    names = func.aggregate_strings(OUTBOX_RETRIES.c.listener, "\n")
    retried = (
        select(names)
        .where(OUTBOX_RETRIES.c.event_id == OUTBOX.c.id, due)
        .correlate(OUTBOX)
        .scalar_subquery()
    )
    query = (
        select(*columns, retried.label("retried"))
        .where(
            or_(
                OUTBOX.c.state == "new",
                OUTBOX.c.id.in_(select(OUTBOX_RETRIES.c.event_id).where(due)),
            )
        )
        .order_by(OUTBOX.c.id)
        .limit(BATCH)
    )
    return [_Due(*row) for row in conn.execute(query)]


def _mark(
    conn: Connection, deliveries: Sequence[_Delivery], now_ms: int, lease: Lease | None
) -> None:
    """Delete what every listener has taken; note who has to try again, and when."""
    if lease is not None:
        check_lease(conn, lease)
    done = [delivery.event_id for delivery in deliveries if not delivery.failures]
    if done:
        first = [d.event_id for d in deliveries if d.first and not d.failures]
        if first:
            conn.execute(OUTBOX.delete().where(OUTBOX.c.id.in_(first)))
    for delivery in deliveries:
        if delivery.failures or not delivery.first:
            _note_failures(conn, delivery, now_ms)


def _note_failures(conn: Connection, delivery: _Delivery, now_ms: int) -> None:
    retries = OUTBOX_RETRIES
    mine = retries.c.event_id == delivery.event_id
    attempts: dict[str, int] = {}
    if not delivery.first:
        due = mine & (retries.c.next_attempt_ms <= now_ms)
        rows = conn.execute(select(retries.c.listener, retries.c.attempts).where(due))
        attempts = {row.listener: row.attempts for row in rows}
        conn.execute(retries.delete().where(due))
    for listener, error in delivery.failures.items():
        tried = attempts.get(listener, 0) + 1
        pause_ms = round(min(2.0 ** (tried - 1), MAX_PAUSE_SECONDS) * 1000)
        conn.execute(
            retries.insert().values(
                event_id=delivery.event_id,
                listener=listener,
                attempts=tried,
                next_attempt_ms=None if tried >= MAX_ATTEMPTS else now_ms + pause_ms,
                last_error=error,
            )
        )
    left = conn.execute(
        select(func.count(), func.count(retries.c.next_attempt_ms)).where(mine)
    ).one()
    if left[0] == 0:
        conn.execute(OUTBOX.delete().where(OUTBOX.c.id == delivery.event_id))
    else:
        state = "retrying" if left[1] else "failed"
        conn.execute(OUTBOX.update().where(OUTBOX.c.id == delivery.event_id).values(state=state))


def _next_attempt_ms(conn: Connection) -> int | None:
    """Return when the next retry is due (now, when a new event has come in meanwhile)."""
    if conn.execute(select(OUTBOX.c.id).where(OUTBOX.c.state == "new").limit(1)).first():
        return 0
    return conn.execute(select(func.min(OUTBOX_RETRIES.c.next_attempt_ms))).scalar()


def _state(conn: Connection) -> OutboxState:
    rows = conn.execute(
        select(OUTBOX.c.state, func.count(), func.min(OUTBOX.c.created_ms)).group_by(OUTBOX.c.state)
    )
    found = {row[0]: (row[1], row[2]) for row in rows}
    waiting, oldest_ms = found.get("new", (0, None))
    return OutboxState(
        waiting=waiting,
        retrying=found.get("retrying", (0, None))[0],
        failed=found.get("failed", (0, None))[0],
        oldest_waiting_ms=oldest_ms,
    )


def _retry_failed(conn: Connection, now_ms: int) -> int:
    changed = conn.execute(
        OUTBOX_RETRIES.update()
        .where(OUTBOX_RETRIES.c.next_attempt_ms.is_(None))
        .values(next_attempt_ms=now_ms, attempts=0)
    ).rowcount
    conn.execute(OUTBOX.update().where(OUTBOX.c.state == "failed").values(state="retrying"))
    signal(conn, OUTBOX_SIGNAL)
    return changed
