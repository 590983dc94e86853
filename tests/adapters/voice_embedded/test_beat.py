"""Packets are due on an absolute grid: no drift, no bursts, no endless catching up."""

import itertools

import pytest

from seraphim.adapters.voice_embedded.beat import Schedule


def _run(schedule: Schedule, start: float, until: float, step: float = 0.000_1) -> list[float]:
    """Return the moments at which ticks of slot 0 were taken while time moved evenly."""
    taken: list[float] = []
    now = start
    while now < until:
        tick = schedule.take(now)
        if tick is not None:
            if tick.slot == 0:
                taken.append(now)
            continue
        now += step
    return taken


def test_a_minute_of_ticks_ends_on_the_very_grid_it_began_on() -> None:
    schedule = Schedule(100.0)
    late = 0.000_7
    for index in range(4 * 50 * 60):
        tick = schedule.take(100.0 + index * 0.005 + late)
        assert tick is not None
        assert (tick.beat, tick.slot) == (index // 4, index % 4)
        assert tick.due == pytest.approx(100.0 + index * 0.005)
    assert schedule.next_at() == pytest.approx(160.0)


def test_nothing_is_due_early() -> None:
    schedule = Schedule(10.0)
    assert schedule.take(9.999) is None
    assert schedule.take(10.0) is not None
    assert schedule.take(10.004) is None


def test_a_short_standstill_is_made_good_at_twice_the_pace() -> None:
    schedule = Schedule(0.0)
    _run(schedule, 0.0, 1.0)
    after = _run(schedule, 1.2, 2.0)  # two tenths of a second in which nothing ran
    gaps = [later - earlier for earlier, later in itertools.pairwise(after)]
    assert min(gaps) >= 0.009
    assert gaps[0] == pytest.approx(0.01, abs=0.001)
    assert gaps[-1] == pytest.approx(0.02, abs=0.001)
    assert schedule.beat == pytest.approx(100, abs=1)
    assert schedule.skipped_beats == 0


def test_a_long_standstill_is_skipped_and_its_beats_never_happen() -> None:
    schedule = Schedule(0.0, max_lag_seconds=1.0)
    _run(schedule, 0.0, 0.1)
    tick = schedule.take(30.0)
    assert tick is not None
    assert tick.beat == pytest.approx(1500, abs=1)
    assert schedule.skipped_beats == pytest.approx(1495, abs=2)


def test_after_idling_the_grid_is_the_old_one() -> None:
    schedule = Schedule(0.0)
    schedule.take(0.0)
    schedule.wake(7.003)
    assert schedule.next_at() == pytest.approx(7.005)
