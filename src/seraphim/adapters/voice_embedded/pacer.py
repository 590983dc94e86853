"""One thread that sends every player's packets at their moment."""

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Protocol

import structlog

from seraphim.adapters.voice_embedded.beat import Schedule
from seraphim.adapters.voice_embedded.lateness import Lateness
from seraphim.adapters.voice_embedded.tuning import Tuning

_log = structlog.get_logger(__name__)

_SWITCH_SECONDS = 0.000_5
_NICENESS = -10


class Paced(Protocol):
    """What the pacer calls; one player's lane."""

    def tick(self, beat: int) -> bool:
        """Send at most one packet; return whether there is more to come."""
        ...

    def broke(self) -> None:
        """Hear that :meth:`tick` has raised, and will not be called again before the next add."""
        ...

    @property
    def idle(self) -> bool:
        """Whether nothing is left to send, so that the lane may leave the pacer."""
        ...


class Pacer:
    """The thread, and the lanes it serves, spread evenly over the slots of the beat.

    The lists of lanes are tuples that are replaced as a whole, so that the thread reads them
    without a lock. An error in one lane is logged and takes only that lane out.

    Args:
        tuning: Slots and the lag that is caught up with.
        monotonic: The clock (seconds); only :meth:`run_due` may be used with one that is not real.
    """

    def __init__(
        self, tuning: Tuning | None = None, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        tuning = tuning or Tuning()
        self._monotonic = monotonic
        self._schedule = Schedule(
            monotonic(), slots=tuning.slots, max_lag_seconds=tuning.max_lag_seconds
        )
        self._slots: list[tuple[Paced, ...]] = [()] * tuning.slots
        self._place: dict[Paced, int] = {}
        self._lock = threading.Lock()
        self._work = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self.lateness = Lateness()
        self.crashed_lanes = 0

    def __len__(self) -> int:
        return len(self._place)

    def start(self) -> None:
        """Start the thread; does nothing when it runs already."""
        if self._thread is None:
            # The thread must get the interpreter back quickly after a sleep: with Python's
            # default of 5 ms a busy event loop alone would make every packet late.
            sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_SECONDS))
            self._stopping = False
            self._thread = threading.Thread(target=self._run, name="voice-pacer", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it (at most a beat)."""
        self._stopping = True
        self._work.set()
        if self._thread is not None:
            self._thread.join(timeout=2)
            self._thread = None

    def add(self, lane: Paced) -> None:
        """Serve ``lane`` from now on; it keeps its slot when it is served already."""
        with self._lock:
            if lane in self._place:
                return
            if not self._place:
                self._schedule.wake(self._monotonic())
            slot = min(range(len(self._slots)), key=lambda index: len(self._slots[index]))
            self._place[lane] = slot
            self._slots[slot] = (*self._slots[slot], lane)
        self._work.set()

    def remove(self, lane: Paced) -> None:
        """Serve ``lane`` no more; does nothing when it is not served."""
        with self._lock:
            slot = self._place.pop(lane, None)
            if slot is not None:
                self._slots[slot] = tuple(it for it in self._slots[slot] if it is not lane)

    def run_due(self) -> float | None:
        """Do all that is due now; return when to come back (monotonic seconds), None when idle."""
        monotonic, record = self._monotonic, self.lateness.record
        while self._place:
            now = monotonic()
            tick = self._schedule.take(now)
            if tick is None:
                return self._schedule.next_at()
            beat, due = tick.beat, tick.due
            for lane in self._slots[tick.slot]:
                try:
                    more = lane.tick(beat)
                except BaseException:  # noqa: BLE001  # must not stop the others; a panic in DAVE's Rust is no Exception
                    self._take_out(lane)
                    continue
                record(monotonic() - due)
                if not more:
                    self._leave(lane)
            self.lateness.turn(now)
        return None

    def _take_out(self, lane: Paced) -> None:
        self.crashed_lanes += 1
        _log.exception("voice.lane_crashed")
        self.remove(lane)
        try:
            lane.broke()
        except Exception:  # noqa: BLE001  # as above
            _log.exception("voice.lane_crashed")

    def _leave(self, lane: Paced) -> None:
        """Take a lane out unless somebody has given it something to send meanwhile."""
        with self._lock:
            if lane.idle and (slot := self._place.pop(lane, None)) is not None:
                self._slots[slot] = tuple(it for it in self._slots[slot] if it is not lane)

    def _run(self) -> None:
        if sys.platform == "linux":
            # Works for root and with CAP_SYS_NICE only; without it the pacer does its best.
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
        while not self._stopping:
            wake_at = self.run_due()
            if wake_at is None:
                self._work.clear()
                if not self._place and not self._stopping:
                    self._work.wait()
                continue
            delay = wake_at - self._monotonic()
            if delay > 0:
                time.sleep(delay)
