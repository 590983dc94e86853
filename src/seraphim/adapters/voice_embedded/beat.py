"""When packets are due: the pure arithmetic of the pacer, without a thread and without a clock.

Time is cut into beats of 20 ms, and every beat into slots. A player sits in one slot and sends one
packet each beat, at ``origin + beat * 20 ms + slot * slot length``. Every due time is computed from
the origin, never from the last wake-up, so that errors do not add up (no drift).
"""

import math
from dataclasses import dataclass

from seraphim.adapters.voice_embedded.tuning import FRAME_SECONDS


@dataclass(frozen=True, slots=True)
class Tick:
    """One slot of one beat that is due."""

    beat: int
    """Beats since the origin; RTP timestamps are this times 960."""
    slot: int
    due: float
    """The moment it should happen, in seconds of the monotonic clock."""


class Schedule:
    """Yields ticks in order, one at a time, each at its moment.

    After a standstill the missed ticks follow at twice the normal pace: each player then gets a
    packet every 10 ms until it is on time again, so that a receiver's jitter buffer is never hit
    by a burst. A standstill longer than ``max_lag_seconds`` is skipped: those beats never happen.

    Args:
        origin: The moment of beat 0, slot 0, in monotonic seconds.
        slots: Parts of a beat.
        max_lag_seconds: The longest lag that is caught up with.
    """

    def __init__(self, origin: float, *, slots: int = 4, max_lag_seconds: float = 1.0) -> None:
        self.slots = slots
        self._origin = origin
        self._slot_seconds = FRAME_SECONDS / slots
        self._max_lag = max_lag_seconds
        self._index = 0
        self._taken_at = [float("-inf")] * slots
        self.skipped_beats = 0
        """Beats that never happened because of long standstills."""

    @property
    def beat(self) -> int:
        """The beat of the next tick."""
        return self._index // self.slots

    def next_at(self) -> float:
        """Return the moment the next tick may happen (monotonic seconds)."""
        due = self._origin + self._index * self._slot_seconds
        return max(due, self._taken_at[self._index % self.slots] + FRAME_SECONDS / 2)

    def take(self, now: float) -> Tick | None:
        """Return the next tick when it is due at ``now``, and move on; otherwise None."""
        if now < self.next_at():
            return None
        due = self._origin + self._index * self._slot_seconds
        if now - due > self._max_lag:
            beats = int((now - due) / FRAME_SECONDS)
            self.skipped_beats += beats
            self._index += beats * self.slots
            due = self._origin + self._index * self._slot_seconds
        tick = Tick(self._index // self.slots, self._index % self.slots, due)
        self._index += 1
        self._taken_at[tick.slot] = now
        return tick

    def wake(self, now: float) -> None:
        """Start again after idling: ticks between the last one and ``now`` do not happen."""
        self._index = max(self._index, math.ceil((now - self._origin) / self._slot_seconds))
