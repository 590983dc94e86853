"""The pacer and its lanes, stepped by hand with a clock that the test moves."""

import itertools
import threading
from dataclasses import dataclass, field

import pytest

from seraphim.adapters.voice_embedded.lane import Lane, PacketSource
from seraphim.adapters.voice_embedded.pacer import Pacer
from seraphim.adapters.voice_embedded.tuning import SILENCE, Tuning


@dataclass
class Air:
    """Where the packets of a test go."""

    clock: "HandClock"
    ready: bool = True
    sent: list[tuple[float, int, bytes]] = field(default_factory=list[tuple[float, int, bytes]])

    def send(self, packet: bytes, beat: int) -> None:
        self.sent.append((self.clock.now, beat, packet))

    @property
    def sound(self) -> list[bytes]:
        return [packet for _, _, packet in self.sent if packet != SILENCE]


class HandClock:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


class Tape:
    """A source of numbered packets."""

    def __init__(self, name: str, length: int) -> None:
        self.waiting = [f"{name}{number}".encode() for number in range(length)]
        self.complete = True
        self.closed = False

    def take(self) -> bytes | None:
        return self.waiting.pop(0) if self.waiting else None

    @property
    def finished(self) -> bool:
        return self.complete and not self.waiting

    def close(self) -> None:
        self.closed = True


@dataclass
class Stage:
    """A pacer with a hand-moved clock."""

    clock: HandClock
    pacer: Pacer
    ended: threading.Event = field(default_factory=threading.Event)
    firsts: list[PacketSource] = field(default_factory=list[PacketSource])
    ends: list[PacketSource] = field(default_factory=list[PacketSource])
    broken: list[PacketSource] = field(default_factory=list[PacketSource])

    def lane(self, air: Air | None = None) -> tuple[Lane, Air]:
        air = air or Air(self.clock)
        lane = Lane(
            air, on_first=self.firsts.append, on_end=self._end, on_broken=self.broken.append
        )
        return lane, air

    def _end(self, source: PacketSource) -> None:
        self.ends.append(source)
        self.ended.set()

    def run(self, seconds: float) -> None:
        until = self.clock.now + seconds
        while self.clock.now < until:
            wake_at = self.pacer.run_due()
            self.clock.now = until if wake_at is None else min(wake_at, until)


@pytest.fixture
def stage() -> Stage:
    clock = HandClock()
    return Stage(clock, Pacer(Tuning(), monotonic=clock))


def test_a_playback_leaves_packet_by_packet_every_20_ms_and_ends_in_five_silences(
    stage: Stage,
) -> None:
    lane, air = stage.lane()
    tape = Tape("a", 10)
    lane.load(tape)
    stage.pacer.add(lane)
    stage.run(1)
    assert air.sound == [f"a{number}".encode() for number in range(10)]
    assert [packet for _, _, packet in air.sent[10:]] == [SILENCE] * 5
    beats = [beat for _, beat, _ in air.sent]
    assert beats == list(range(beats[0], beats[0] + 15))
    times = [moment for moment, _, _ in air.sent]
    assert all(
        later - earlier == pytest.approx(0.02) for earlier, later in itertools.pairwise(times)
    )
    assert stage.firsts == [tape]
    assert stage.ends == [tape]
    assert tape.closed
    assert len(stage.pacer) == 0


def test_a_pause_is_five_silences_then_nothing_and_time_goes_on(stage: Stage) -> None:
    lane, air = stage.lane()
    lane.load(Tape("a", 1000))
    stage.pacer.add(lane)
    stage.run(0.2)
    lane.pause()
    before = len(air.sent)
    stage.run(2)
    assert [packet for _, _, packet in air.sent[before:]] == [SILENCE] * 5
    assert len(stage.pacer) == 0
    last_sound, last_beat = air.sound[-1], air.sent[before - 1][1]
    lane.resume()
    stage.pacer.add(lane)
    stage.run(0.1)
    _, beat, packet = air.sent[before + 5]
    assert packet == f"a{int(last_sound[1:]) + 1}".encode()
    assert (beat - last_beat) * 0.02 == pytest.approx(2.0, abs=0.05)


def test_a_new_source_replaces_the_old_one_in_the_next_beat(stage: Stage) -> None:
    lane, air = stage.lane()
    old = Tape("a", 1000)
    lane.load(old)
    stage.pacer.add(lane)
    stage.run(0.1)
    lane.load(Tape("b", 5))
    stage.run(0.5)
    beats = [beat for _, beat, _ in air.sent]
    assert beats == list(range(beats[0], beats[0] + len(beats)))
    assert air.sound[-5:] == [b"b0", b"b1", b"b2", b"b3", b"b4"]
    assert old.closed


def test_missing_packets_are_filled_with_silence_and_counted(stage: Stage) -> None:
    lane, air = stage.lane()
    tape = Tape("a", 3)
    tape.complete = False
    lane.load(tape)
    stage.pacer.add(lane)
    stage.run(0.06 + 0.2)
    assert [packet for _, _, packet in air.sent] == [b"a0", b"a1", b"a2", *[SILENCE] * 5]
    assert lane.underruns == pytest.approx(10, abs=1)
    tape.waiting = [b"a3"]
    stage.run(0.04)
    assert air.sound[-1] == b"a3"


def test_nothing_is_taken_while_the_connection_is_down(stage: Stage) -> None:
    lane, air = stage.lane()
    lane.load(Tape("a", 1000))
    stage.pacer.add(lane)
    stage.run(0.1)
    sent = len(air.sent)
    air.ready = False
    stage.run(1)
    assert len(air.sent) == sent
    air.ready = True
    stage.run(0.02)
    assert air.sound[sent] == f"a{sent}".encode()


def test_players_are_spread_over_the_beat(stage: Stage) -> None:
    airs: list[Air] = []
    for number in range(40):
        lane, air = stage.lane()
        lane.load(Tape(f"{number}-", 1000))
        stage.pacer.add(lane)
        airs.append(air)
    stage.run(0.5)
    offsets = [round(air.sent[0][0] % 0.02, 4) for air in airs]
    assert sorted(offsets.count(offset) for offset in set(offsets)) == [10, 10, 10, 10]


class Panic(BaseException):
    """What a panic in Rust arrives as (``pyo3_runtime.PanicException``): not an Exception."""


@pytest.mark.parametrize("error", [RuntimeError("broken"), Panic("broken")])
def test_a_lane_that_breaks_is_told_and_the_others_go_on(
    stage: Stage, error: BaseException
) -> None:
    class Torn(Air):
        def send(self, packet: bytes, beat: int) -> None:
            if len(self.sent) == 3:
                raise error
            super().send(packet, beat)

    lane, air = stage.lane()
    lane.load(Tape("a", 1000))
    torn, torn_air = stage.lane(Torn(stage.clock))
    tape = Tape("b", 1000)
    torn.load(tape)
    stage.pacer.add(torn)
    stage.pacer.add(lane)
    stage.run(1)
    assert len(air.sound) == pytest.approx(50, abs=1)
    assert stage.pacer.crashed_lanes == 1
    assert (stage.broken, tape.closed, torn.idle) == ([tape], True, True)
    # The player is not lost with its song.
    torn.load(Tape("c", 2))
    torn_air.sent.clear()
    stage.pacer.add(torn)
    stage.run(0.5)
    assert torn_air.sound == [b"c0", b"c1"]


def test_lateness_is_what_the_clock_says(stage: Stage) -> None:
    lane, _ = stage.lane()
    lane.load(Tape("a", 1000))
    stage.pacer.add(lane)
    for _ in range(400):
        wake_at = stage.pacer.run_due()
        assert wake_at is not None
        stage.clock.now = wake_at + 0.003
    assert stage.pacer.lateness.quantile_ms(0.99) == pytest.approx(3.0, abs=0.2)


def test_a_real_pacer_thread_starts_stops_and_sends(stage: Stage) -> None:
    pacer = Pacer()
    lane, air = stage.lane()
    lane.load(Tape("a", 3))
    pacer.start()
    pacer.add(lane)
    assert stage.ended.wait(5)
    pacer.stop()
    assert air.sound == [b"a0", b"a1", b"a2"]
