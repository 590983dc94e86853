"""Events: delivered promptly after the commit, at least once, in order, and never before."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Connection

from seraphim.kernel.clock import ManualClock, SystemClock
from seraphim.kernel.db import Database, open_database
from seraphim.kernel.db.sqlite import SqliteDatabase
from seraphim.kernel.errors import NotFound
from seraphim.kernel.events import OUTBOX, Event, EventTooLarge, Listener, publish
from seraphim.kernel.leases import Leases
from seraphim.kernel.outbox import LEASE_SECONDS, MAX_ATTEMPTS, Outbox
from seraphim.kernel.telemetry import Metrics, current_trace_id, trace


class CoinsMoved(Event, frozen=True, tag="test.coins_moved"):
    amount: int


class GuildJoined(Event, frozen=True, tag="test.guild_joined"):
    guild_id: int


class Recorder:
    """A listener that remembers, and fails when told to."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.trace_ids: list[str | None] = []
        self.failing = 0
        self.arrived = asyncio.Condition()

    async def handle(self, event: CoinsMoved) -> None:
        async with self.arrived:
            if self.failing:
                self.failing -= 1
                raise RuntimeError("not today")
            self.seen.append(event.amount)
            self.trace_ids.append(current_trace_id())
            self.arrived.notify_all()

    async def until(self, count: int) -> None:
        async with self.arrived, asyncio.timeout(10):
            await self.arrived.wait_for(lambda: len(self.seen) >= count)


def outbox_of(db: Database, recorder: Recorder, clock: ManualClock | None = None) -> Outbox:
    outbox = Outbox(db, clock or SystemClock(), Metrics())
    outbox.subscribe(Listener(CoinsMoved, recorder.handle, name="recorder"))
    return outbox


@pytest.fixture
async def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def outbox(database: Database, recorder: Recorder) -> AsyncIterator[Outbox]:
    outbox = outbox_of(database, recorder)
    await outbox.start()
    yield outbox
    await outbox.stop()


def rows(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(OUTBOX)).scalar_one()


async def test_an_event_arrives_right_after_its_commit(
    database: Database, outbox: Outbox, recorder: Recorder
) -> None:
    started = asyncio.get_running_loop().time()
    await database.write(publish, CoinsMoved(amount=5), SystemClock())
    await recorder.until(1)
    assert recorder.seen == [5]
    assert asyncio.get_running_loop().time() - started < 5  # woken, not polled for
    await outbox.stop()
    assert await database.read(rows) == 0


async def test_an_event_of_a_failed_transaction_never_arrives(
    database: Database, outbox: Outbox, recorder: Recorder
) -> None:
    def publish_then_fail(conn: Connection) -> None:
        publish(conn, CoinsMoved(amount=1), SystemClock())
        raise NotFound(what="the account")

    with pytest.raises(NotFound):
        await database.write(publish_then_fail)
    await database.write(publish, CoinsMoved(amount=2), SystemClock())
    await recorder.until(1)
    assert recorder.seen == [2]
    assert (await outbox.state()).waiting in {0, 1}


async def test_events_arrive_in_order_and_only_at_listeners_of_their_type(
    database: Database, outbox: Outbox, recorder: Recorder
) -> None:
    def publish_many(conn: Connection) -> None:
        for number in range(250):
            publish(conn, CoinsMoved(amount=number), SystemClock())
            publish(conn, GuildJoined(guild_id=number), SystemClock())

    await database.write(publish_many)
    await recorder.until(250)
    assert recorder.seen == list(range(250))
    await outbox.stop()
    assert await database.read(rows) == 0


async def test_events_of_a_former_process_are_delivered_at_the_next_start(
    database_url: str, recorder: Recorder
) -> None:
    first = await open_database(database_url)
    await first.write(publish, CoinsMoved(amount=9), SystemClock())
    await first.close()
    second = await open_database(database_url)
    outbox = outbox_of(second, recorder)
    await outbox.start()
    await recorder.until(1)
    await outbox.stop()
    await second.close()
    assert recorder.seen == [9]


async def test_the_trace_travels_with_the_event(
    database: Database, outbox: Outbox, recorder: Recorder
) -> None:
    with trace("feedfacefeedface"):
        await database.write(publish, CoinsMoved(amount=1), SystemClock())
    await recorder.until(1)
    assert recorder.trace_ids == ["feedfacefeedface"]
    await outbox.stop()


async def test_a_failing_listener_is_tried_again_while_others_are_not_repeated(
    database: Database, recorder: Recorder
) -> None:
    clock = ManualClock()
    outbox = outbox_of(database, recorder, clock)
    steady = Recorder()
    outbox.subscribe(Listener(CoinsMoved, steady.handle, name="steady"))
    recorder.failing = 2
    await database.write(publish, CoinsMoved(amount=1), clock)
    await outbox.deliver_pending()
    assert (recorder.seen, steady.seen) == ([], [1])
    assert (await outbox.state()).retrying == 1
    assert await outbox.deliver_pending() == 0  # not before its pause is over
    await clock.advance(1)
    await outbox.deliver_pending()
    await clock.advance(1)
    assert await outbox.deliver_pending() == 0  # the second pause is two seconds
    await clock.advance(1)
    await outbox.deliver_pending()
    assert (recorder.seen, steady.seen) == ([1], [1])
    assert await database.read(rows) == 0


async def test_later_events_do_not_wait_for_a_failing_one(
    database: Database, recorder: Recorder
) -> None:
    clock = ManualClock()
    outbox = outbox_of(database, recorder, clock)
    recorder.failing = 1
    for amount in (1, 2, 3):
        await database.write(publish, CoinsMoved(amount=amount), clock)
    await outbox.deliver_pending()
    assert recorder.seen == [2, 3]
    await clock.advance(1)
    await outbox.deliver_pending()
    assert recorder.seen == [2, 3, 1]


async def test_an_event_nobody_can_take_is_given_up_visibly_and_retried_by_hand(
    database: Database, recorder: Recorder
) -> None:
    clock = ManualClock()
    outbox = outbox_of(database, recorder, clock)
    recorder.failing = MAX_ATTEMPTS
    await database.write(publish, CoinsMoved(amount=1), clock)
    for _ in range(MAX_ATTEMPTS + 2):
        await outbox.deliver_pending()
        await clock.advance(3600)
    state = await outbox.state()
    assert (state.failed, state.retrying, recorder.seen) == (1, 0, [])
    assert await outbox.retry_failed() == 1
    await outbox.deliver_pending()
    assert recorder.seen == [1]
    assert await database.read(rows) == 0


async def test_of_two_processes_one_delivers_until_it_dies(
    database: Database, recorder: Recorder
) -> None:
    clock = ManualClock()
    other = Recorder()
    boxes: list[Outbox] = []
    for holder, listener in (("a", recorder), ("b", other)):
        outbox = Outbox(database, clock, Metrics(), Leases(database, clock, holder))
        outbox.subscribe(Listener(CoinsMoved, listener.handle, name="recorder"))
        boxes.append(outbox)
    assert await boxes[0]._may_deliver()
    assert not await boxes[1]._may_deliver()
    await database.write(publish, CoinsMoved(amount=1), clock)
    await boxes[0].deliver_pending()
    await clock.advance(LEASE_SECONDS)
    assert await boxes[1]._may_deliver()
    await database.write(publish, CoinsMoved(amount=2), clock)
    await boxes[1].deliver_pending()
    assert (recorder.seen, other.seen) == ([1], [2])


def test_two_listeners_of_one_name_are_refused(recorder: Recorder) -> None:
    outbox = Outbox(_no_database(), SystemClock(), Metrics())
    outbox.subscribe(Listener(CoinsMoved, recorder.handle, name="same"))
    with pytest.raises(ValueError, match="two listeners named same"):
        outbox.subscribe(Listener(CoinsMoved, recorder.handle, name="same"))


async def test_an_event_that_is_too_large_is_refused(database: Database) -> None:
    class Essay(Event, frozen=True, tag="test.essay"):
        text: str

    with pytest.raises(EventTooLarge):
        await database.write(publish, Essay(text="x" * 70_000), SystemClock())


def _no_database() -> Database:
    return SqliteDatabase()
