"""Changes in mid-song: nothing skipped, nothing repeated, no click, and back to the file's own."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from tests.adapters.voice_embedded.sounds import (
    RATE,
    Samples,
    above,
    decode,
    drain,
    level_db,
    noise,
    packets_of,
    place_of,
    write,
)

from seraphim.adapters.voice_embedded.gain import Limiter
from seraphim.adapters.voice_embedded.press import Frame
from seraphim.adapters.voice_embedded.reel import Reel
from seraphim.adapters.voice_embedded.track import open_track
from seraphim.adapters.voice_embedded.tuning import Tuning
from seraphim.adapters.voice_embedded.voicing import Voicing
from seraphim.features.music.ports import NO_FILTERS, PRESETS, Filters, Preset

BASS = Filters(preset="bassboost")
KINDS = [("opus", "libopus"), ("mp3", "libmp3lame"), ("flac", "flac")]


def _voicing(filters: Filters = NO_FILTERS, volume: int = 100) -> Voicing:
    return Voicing(volume / 100, filters.recipe())


def _reel(path: Path, voicing: Voicing | None = None) -> Reel:
    return Reel(
        open_track(str(path), position_ms=0),
        position_ms=0,
        voicing=voicing or Voicing(),
        tuning=Tuning(),
        request=lambda _: None,
    )


def _take(reel: Reel, count: int) -> list[bytes]:
    """Play ``count`` packets with a worker that keeps up."""
    packets: list[bytes] = []
    while len(packets) < count:
        packet = reel.take()
        if packet is None:
            assert not reel.finished
            reel.fill()
            continue
        packets.append(packet)
    return packets


def _fill(reel: Reel) -> None:
    while reel.fill():
        pass


def _second(heard: Samples, number: int) -> Samples:
    """Return six tenths of a second out of the middle of a second."""
    return heard[int((number + 0.2) * RATE) : int((number + 0.8) * RATE)]


def _change(reel: Reel, voicing: Voicing) -> None:
    """Have the sound changed while the reel is full."""
    _fill(reel)
    reel.set_voicing(voicing)
    reel.fill()


@pytest.mark.parametrize(("suffix", "codec"), KINDS)
def test_every_change_stays_in_step_to_the_sample(tmp_path: Path, suffix: str, codec: str) -> None:
    meant = noise(8)
    path = write(tmp_path / f"song.{suffix}", codec, sound=meant)
    reel = _reel(path)
    packets: list[bytes] = []
    steps = [Voicing(), _voicing(volume=60), _voicing(BASS), _voicing(BASS, 150), Voicing()]
    for step in steps:
        _change(reel, step)
        packets += _take(reel, 50)
    assert reel.position_ms == 5_000
    heard = decode(packets)
    places = [place_of(_second(heard, second), meant) for second in range(5)]
    shifts = [place - int((second + 0.2) * RATE) for second, (place, _) in enumerate(places)]
    # A decoder's output lags behind by what libopus hears ahead, in every voicing alike.
    assert max(shifts) - min(shifts) <= 1
    assert min(match for _, match in places) >= 0.97


def test_opus_is_handed_on_again_when_filters_and_volume_are_back(tmp_path: Path) -> None:
    path = write(tmp_path / "song.opus", "libopus", seconds=6)
    original = packets_of(path)
    reel = _reel(path)
    packets: list[bytes] = []
    for step in (Voicing(), _voicing(BASS), _voicing(BASS, 50), Voicing()):
        _change(reel, step)
        packets += _take(reel, 50)
    packets += drain(reel)
    assert reel.passthrough
    assert len(packets) == len(original)
    assert packets[:52] == original[:52]
    assert not set(packets[52:150]) & set(original)
    assert packets[153:] == original[153:]


@pytest.mark.parametrize(("suffix", "codec"), KINDS)
def test_no_change_clicks(tmp_path: Path, suffix: str, codec: str) -> None:
    time = np.arange(RATE * 8) / RATE
    tone = 0.3 * np.sin(2 * np.pi * 220 * time)
    path = write(tmp_path / f"song.{suffix}", codec, sound=np.stack([tone, tone], 1))
    reel = _reel(path)
    steps = [_voicing(volume=20), _voicing(volume=150), _voicing(BASS), _voicing(volume=30), None]
    packets = _take(reel, 50)
    for step in steps:
        _change(reel, step or Voicing())
        packets += _take(reel, 50)
    heard = decode(packets)
    for change in range(1, 6):
        around = heard[int(change * RATE - 0.05 * RATE) : int((change + 0.2) * RATE)]
        assert above(around, 1000) < -86


@pytest.mark.parametrize("filters", [Filters(speed=2.0), Filters(speed=0.5), Filters("nightcore")])
def test_the_position_is_what_is_heard_after_other_speeds(tmp_path: Path, filters: Filters) -> None:
    meant = noise(12)
    path = write(tmp_path / "song.opus", "libopus", sound=meant)
    reel = _reel(path)
    _take(reel, 50)
    _change(reel, _voicing(filters))
    _take(reel, 100)
    speed = filters.recipe().speed
    assert reel.position_ms == pytest.approx(1040 + (2000 - 40) * speed, abs=1)
    _change(reel, Voicing())
    _take(reel, 10)
    at = reel.position_ms
    heard = decode(_take(reel, 50))[4800:]
    place, match = place_of(heard, meant)
    assert match > 0.97
    assert (place - 4800) / RATE * 1000 == pytest.approx(at - 6.5, abs=10)


def test_speed_keeps_the_pitch_and_pitch_the_speed(tmp_path: Path) -> None:
    time = np.arange(RATE * 6) / RATE
    tone = 0.3 * np.sin(2 * np.pi * 500 * time)
    path = write(tmp_path / "song.flac", "flac", sound=np.stack([tone, tone], 1))
    for filters, length, hertz in [
        (Filters(speed=3.0), 100, 500),
        (Filters(speed=0.25), 1200, 500),
        (Filters(pitch=2.0), 300, 1000),
        (Filters(pitch=0.5), 300, 250),
        (Filters("nightcore"), 250, 600),
    ]:
        packets = drain(_reel(path, _voicing(filters)))
        assert len(packets) == pytest.approx(length, abs=8)
        heard = decode(packets)[RATE // 2 : RATE * 3 // 2, 0]
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
        loudest = np.fft.rfftfreq(len(heard), 1 / RATE)[int(np.argmax(spectrum))]
        assert loudest == pytest.approx(hertz, rel=0.02)


def test_a_change_that_comes_too_late_for_its_place_skips_nothing(tmp_path: Path) -> None:
    """The pacer takes packets while they are being made anew."""
    path = write(tmp_path / "song.flac", "flac", sound=noise(8))
    reel = _reel(path)
    _fill(reel)
    _take(reel, 25)
    press = reel._press  # pyright: ignore[reportPrivateUsage]  # to act in the middle of the change
    make, hasty = press.next, [5, 3]
    positions = [reel.position_ms]

    def take() -> None:
        assert reel.take() is not None
        positions.append(reel.position_ms)

    def next_frame() -> Frame | None:
        for _ in range(hasty.pop(0) if hasty else 0):
            take()
        return make()

    press.next = next_frame
    reel.set_voicing(_voicing(Filters(speed=2.0)))
    reel.fill()
    while reel.fill():
        pass
    for _ in range(40):
        take()
    steps = [later - earlier for earlier, later in itertools.pairwise(positions)]
    assert set(steps) == {20, 40}
    assert steps == sorted(steps)
    assert not hasty


def test_twice_the_volume_of_a_loud_song_is_limited_and_not_cut_off(tmp_path: Path) -> None:
    time = np.arange(RATE * 3) / RATE
    tone = 0.9 * np.sin(2 * np.pi * 440 * time)
    path = write(tmp_path / "song.flac", "flac", sound=np.stack([tone, tone], 1))
    heard = decode(drain(_reel(path, _voicing(volume=200))))[RATE:-RATE]
    assert np.abs(heard).max() < 32_760
    assert level_db(heard) == pytest.approx(-3.3, abs=0.3)
    # Cut-off tops would put a fifth of the tone's power into its harmonics.
    assert above(heard, 700) < level_db(heard) - 45


def test_a_burst_is_turned_down_before_it_comes_and_the_rest_comes_back(tmp_path: Path) -> None:
    time = np.arange(RATE * 4) / RATE
    tone = np.where((time > 1.5) & (time < 1.6), 0.95, 0.2) * np.sin(2 * np.pi * 440 * time)
    path = write(tmp_path / "song.flac", "flac", sound=np.stack([tone, tone], 1))
    heard = decode(drain(_reel(path, _voicing(volume=200))))
    assert np.abs(heard).max() < 32_760
    usual = level_db(heard[RATE // 2 : RATE])
    assert usual == pytest.approx(20 * np.log10(0.4 / np.sqrt(2)), abs=0.4)
    assert level_db(heard[int(2.2 * RATE) : int(2.8 * RATE)]) == pytest.approx(usual, abs=0.3)


def test_filters_change_behind_the_end_of_the_file(tmp_path: Path) -> None:
    """The file has been read to its end, its last second and a half has yet to be sent."""
    path = write(tmp_path / "song.opus", "libopus", seconds=1.2)
    reel = _reel(path)
    _fill(reel)
    sent = _take(reel, 10)
    _change(reel, _voicing(Filters(speed=0.5)))
    rest = drain(reel)
    assert len(rest) == pytest.approx(2 * (61 - len(sent)), abs=4)
    assert reel.failure is None
    assert reel.position_ms == pytest.approx(1_220, abs=30)


@pytest.mark.parametrize("preset", PRESETS)
def test_no_preset_begins_with_what_lay_in_memory(tmp_path: Path, preset: Preset) -> None:
    both = np.stack([noise(1, level=0.1, seed=seed)[:, 0] for seed in (1, 2)], 1)
    path = write(tmp_path / "song.flac", "flac", sound=both)
    for _ in range(12):
        litter = [np.full(size, np.float32(1e30)) for size in range(1_000, 60_000, 7_000)]
        del litter
        heard = decode(drain(_reel(path, _voicing(Filters(preset)))))
        assert np.abs(heard[:4_800]).max() < 20_000
        assert level_db(heard[:4_800]) == pytest.approx(level_db(heard[9_600:]), abs=8)


def test_what_is_no_number_passes_by() -> None:
    limiter = Limiter()
    calm = np.full(1920, np.float32(0.5))
    broken = calm.copy()
    broken[700] = np.nan
    heard = [limiter.push(sound) for sound in (calm, broken, *([calm] * 60))]
    assert np.isfinite(np.concatenate(heard)).all()
    assert heard[-1] == pytest.approx(calm, abs=1e-6)


def test_a_change_wished_for_while_the_last_packet_is_made_is_not_forgotten(
    tmp_path: Path,
) -> None:
    reel = _reel(write(tmp_path / "song.opus", "libopus", sound=noise(4)))
    press = reel._press  # pyright: ignore[reportPrivateUsage]  # to act while the worker is at it
    make = press.next
    wished: list[bool] = []

    def next_frame() -> Frame | None:
        if reel.waiting == Tuning().buffer_frames - 1 and not wished:
            reel.set_voicing(_voicing(volume=50))
            # Another worker comes at once, and is sent away: this one is at it.
            wished.append(reel.fill())
        return make()

    press.next = next_frame
    turns = [reel.fill() for _ in range(3)]
    assert wished == [False]
    assert turns[1], "somebody has to come back for the change"
    assert not reel.passthrough
