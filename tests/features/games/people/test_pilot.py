"""The crash pilot on a clock moved by hand: what it shows, and who ends what after a kill."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import pytest
from tests.features.games.people.casino import PURSE, Casino

from seraphim.features.games.rules import crash
from seraphim.features.games.rules.crash import Crash, elapsed_to, height_at
from seraphim.features.games.service.orders import View
from seraphim.features.games.service.pilot import (
    EDIT_SECONDS,
    KEEP_SECONDS,
    LEASE_SECONDS,
    CrashPilot,
)
from seraphim.features.games.service.steps import TIMEOUT_JOB
from seraphim.features.games.service.upkeep import NotShown
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.ids import MessageId, UserId
from seraphim.kernel.jobs import Finish, Job, JobHandler
from seraphim.kernel.leases import Leases

ANN, BEN = UserId(101), UserId(102)
JOIN_SECONDS = 15.0
MESSAGE = MessageId(77)


async def until(holds: Callable[[], object]) -> None:
    """Wait for something that other tasks bring about."""
    async with asyncio.timeout(10):
        while not holds():
            await asyncio.sleep(0.001)


class ProcessClock:
    """The casino's clock, with a note of how many of one process sleep how long."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.asleep: Counter[float] = Counter()

    def now(self) -> datetime:
        return self.clock.now()

    def now_ms(self) -> int:
        return self.clock.now_ms()

    def monotonic(self) -> float:
        return self.clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        self.asleep[seconds] += 1
        try:
            await self.clock.sleep(seconds)
        finally:
            self.asleep[seconds] -= 1


@dataclass
class Process:
    """A bot process: its pilot, its clock's job, and what it showed."""

    casino: Casino
    holder: str
    fails: bool = False
    held_up: asyncio.Event | None = None
    """Discord takes no edit before it is set."""
    reposts: bool = False
    """The message that is edited is gone, so each edit of it sends another."""
    posted: int = 0
    tried: int = 0
    shown: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Moment and height of each edit in flight."""
    final: list[View] = field(default_factory=list[View])

    def __post_init__(self) -> None:
        """Build the pilot."""
        casino = self.casino
        self.clock = ProcessClock(casino.clock)
        leases = Leases(casino.db, casino.clock, self.holder)
        self.pilot = CrashPilot(
            casino.db, casino.table, leases, self.clock, show=self.show, refresh=self.refresh
        )
        handler = JobHandler(TIMEOUT_JOB, run=self._time_out)
        run = self.pilot.jobs((handler,))[0].run
        assert run is not None
        self._run = run

    async def show(self, view: View) -> MessageId | None:
        state: Crash = view.state
        self.tried += 1
        if self.held_up is not None:
            await self.held_up.wait()
        if self.fails:
            raise NotShown("Discord is away")
        height = height_at(view.game.moved_ms - state.starts_ms)
        self.shown.append((self.casino.clock.now_ms(), height))
        if self.reposts and view.game.message_id == MESSAGE:
            self.posted += 1
            return MessageId(MESSAGE + self.posted)
        return view.game.message_id

    async def refresh(self, view: View) -> None:
        self.final.append(view)

    async def clock_moves(self) -> None:
        """Run the timeout jobs that are due."""
        for game_id in await self.casino.due():
            await self._run(Job("job", TIMEOUT_JOB, {"game": game_id}, None, 0, 1, None))

    async def fly_on(self, seconds: float) -> None:
        """Let time pass in steps of an edit, each once the one before has been tried."""
        for _ in range(round(seconds / EDIT_SECONDS)):
            tried = self.tried
            await until(lambda: self.clock.asleep[EDIT_SECONDS])
            await self.casino.clock.advance(EDIT_SECONDS)
            await until(lambda tried=tried: self.tried > tried)

    async def keep_on(self, seconds: float) -> None:
        """Let time pass while an edit is held up; only the lease is seen to."""
        for _ in range(round(seconds / KEEP_SECONDS)):
            await until(lambda: self.clock.asleep[KEEP_SECONDS])
            await self.casino.clock.advance(KEEP_SECONDS)

    async def land(self, view: View) -> None:
        """Let time pass until the pilot has seen that the round is over."""
        clock = self.casino.clock
        while self.pilot.watches(view.game.id):
            await until(lambda: clock._sleepers or not self.pilot.watches(view.game.id))
            await clock.advance(EDIT_SECONDS)

    async def _time_out(self, job: Job) -> Finish | None:
        view = await self.casino.table.time_out(str(job.payload["game"]))
        if view is not None:
            await self.refresh(view)


@pytest.fixture
async def casino(database: Database) -> Casino:
    """Ann and Ben at a table."""
    made = Casino(database, ManualClock(), (ANN, BEN))
    await made.fund()
    return made


@pytest.fixture(autouse=True)
def _bursts_high(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rocket bursts at 5.00."""

    def burst(_draw: int, _edge_percent: int) -> int:
        return 500

    monkeypatch.setattr(crash, "burst_of", burst)


async def flying(casino: Casino, process: Process) -> View:
    """Board Ann by click and Ben up to 2.00, and lift off."""
    opened = await casino.table.open(casino.opening("crash", ANN, "100"))
    await casino.table.set_message(opened.game.id, MESSAGE)
    await casino.table.act(casino.acting(opened, BEN, "join", {"auto": "2"}, "50"))
    await casino.clock.advance(JOIN_SECONDS)
    await process.clock_moves()
    return await casino.table.look(casino.guild_id, opened.game.id)


async def purses(casino: Casino) -> tuple[int, int]:
    return await casino.balance(ANN) - PURSE, await casino.balance(BEN) - PURSE


async def test_the_height_is_shown_as_it_grows_and_not_too_often(casino: Casino) -> None:
    process = Process(casino, "one")
    view = await flying(casino, process)
    assert process.pilot.watches(view.game.id)
    await until(lambda: process.shown)
    await process.fly_on(12)
    moments = [moment for moment, _ in process.shown]
    assert len(process.shown) >= 10
    gaps = [after - before for before, after in pairwise(moments)]
    assert min(gaps) >= EDIT_SECONDS * 1000
    heights = [height for _, height in process.shown]
    assert heights == sorted(heights)
    assert heights[0] == 100
    assert heights[-1] == height_at(moments[-1] - view.state.starts_ms)
    await process.pilot.stop()


async def test_the_round_ends_at_the_burst_and_so_does_the_pilot(casino: Casino) -> None:
    process = Process(casino, "one")
    view = await flying(casino, process)
    await casino.clock.advance(elapsed_to(500) / 1000 + 1.001)
    await process.clock_moves()
    await process.land(view)
    assert await purses(casino) == (-100, 50)
    assert process.final[-1].state.ended_at == 500
    assert not process.final[-1].state.was_interrupted


async def test_an_edit_that_was_on_its_way_at_the_end_is_painted_over(casino: Casino) -> None:
    process = Process(casino, "one")
    view = await flying(casino, process)
    await until(lambda: process.shown)
    await casino.table.house_move(view.game.id, "interrupted", casino.clock.now_ms())
    before = len(process.final)
    await process.land(view)
    assert [late.game.is_open for late in process.final[before:]] == [False]


async def test_a_flight_goes_on_while_discord_is_away(casino: Casino) -> None:
    process = Process(casino, "one", fails=True)
    view = await flying(casino, process)
    await process.fly_on(4)
    assert process.pilot.watches(view.game.id)
    process.fails = False
    await process.fly_on(3)
    assert process.shown
    await process.pilot.stop()


async def test_an_edit_that_is_held_up_leaves_the_flight_watched(casino: Casino) -> None:
    first = Process(casino, "one", held_up=asyncio.Event())
    view = await flying(casino, first)
    await until(lambda: first.tried)
    await first.keep_on(3 * LEASE_SECONDS)
    await until(lambda: first.clock.asleep[KEEP_SECONDS])
    thief = Leases(casino.db, casino.clock, "two")
    assert await thief.acquire(f"games.crash:{view.game.id}", LEASE_SECONDS) is None
    await first.keep_on(elapsed_to(500) / 1000 + 2 - 3 * LEASE_SECONDS)
    if casino.db.dialect == "sqlite":  # one process alone has the data
        await first.clock_moves()
    else:
        second = Process(casino, "two")
        await second.clock_moves()
    ended = await casino.table.look(casino.guild_id, view.game.id)
    assert ended.state.ended_at == 500
    assert not ended.state.was_interrupted
    assert await purses(casino) == (-100, 50)
    assert first.held_up is not None
    first.held_up.set()
    await first.land(view)
    assert first.final[-1].game.version == ended.game.version, "the late edit is painted over"


async def test_a_message_deleted_in_flight_is_sent_once_more(casino: Casino) -> None:
    process = Process(casino, "one", reposts=True)
    view = await flying(casino, process)
    await until(lambda: process.shown)
    await process.fly_on(6)
    assert process.posted == 1
    flown = await casino.table.look(casino.guild_id, view.game.id)
    assert flown.game.message_id == MESSAGE + 1
    await process.pilot.stop()


async def test_a_stop_ends_the_flights_of_this_process(casino: Casino) -> None:
    process = Process(casino, "one")
    await flying(casino, process)
    await process.fly_on(3.6)
    await process.pilot.stop()
    assert await purses(casino) == (0, 0)
    assert process.final[-1].state.was_interrupted


async def killed(process: Process) -> None:
    """End a process without a word."""
    tasks = list(process.pilot._flights.values())
    process.pilot._flights.clear()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    process.casino.clock._sleepers.clear()


async def test_a_flight_whose_process_was_killed_is_ended_by_the_next(casino: Casino) -> None:
    first = Process(casino, "one")
    await flying(casino, first)
    await first.fly_on(14.4)  # beyond 2.00: Ben has got off
    await killed(first)
    second = Process(casino, "two")
    await second.pilot.start()
    await casino.clock.advance(0.1)
    if casino.db.dialect != "sqlite":  # another process could be alive until its lease has run out
        await until(lambda: casino.clock._sleepers)
        assert not second.final
    while not second.final:
        await until(lambda: casino.clock._sleepers or second.final)
        await casino.clock.advance(LEASE_SECONDS / 4)
    assert second.final[-1].state.was_interrupted
    assert await purses(casino) == (0, 50)


async def test_a_burst_while_the_bot_was_away_takes_nobodys_bet(casino: Casino) -> None:
    """The clock's own job comes first after the start: it sees that nobody watched."""
    first = Process(casino, "one")
    await flying(casino, first)
    await first.fly_on(2.4)
    await killed(first)
    await casino.clock.advance(elapsed_to(500) / 1000 - 2.4 + 1.1)
    second = Process(casino, "two")
    await second.clock_moves()
    assert second.final[-1].state.was_interrupted
    assert await purses(casino) == (0, 50)


async def test_a_flight_that_another_process_shows_is_left_alone(casino: Casino) -> None:
    if casino.db.dialect == "sqlite":
        return  # one process alone has the data
    first = Process(casino, "one")
    view = await flying(casino, first)
    await until(lambda: first.shown)
    second = Process(casino, "two")
    await second.pilot.start()
    await first.fly_on(2.4)
    assert not second.final
    await first.fly_on(24)
    await casino.clock.advance(elapsed_to(500) / 1000 - 26.4 + 1.001)
    await second.clock_moves()
    assert not second.final[-1].state.was_interrupted
    assert await purses(casino) == (-100, 50)
    await first.land(view)
