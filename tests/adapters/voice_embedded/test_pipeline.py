"""Real files through the pipeline: what comes out is what went in."""

from pathlib import Path

import numpy as np
import pytest
from tests.adapters.voice_embedded.sounds import (
    RATE,
    decode,
    drain,
    level_db,
    packets_of,
    resemblance,
    sweep,
    write,
)

from seraphim.adapters.voice_embedded.failure import MediaFailed
from seraphim.adapters.voice_embedded.gain import factor
from seraphim.adapters.voice_embedded.opus import packet_samples
from seraphim.adapters.voice_embedded.reel import Reel
from seraphim.adapters.voice_embedded.track import open_track
from seraphim.adapters.voice_embedded.tuning import Tuning
from seraphim.adapters.voice_embedded.voicing import Voicing
from seraphim.features.music.ports import NO_FILTERS, PRESETS, Filters


def _ask_nobody(reel: Reel) -> None:
    _ = reel


def _reel(
    path: Path, *, volume: int = 100, position_ms: int = 0, filters: Filters = NO_FILTERS
) -> Reel:
    track = open_track(str(path), position_ms=position_ms)
    return Reel(
        track,
        position_ms=position_ms,
        voicing=Voicing(factor(volume), filters.recipe()),
        tuning=Tuning(),
        request=_ask_nobody,
    )


@pytest.mark.parametrize("suffix", ["opus", "ogg", "webm", "mka"])
def test_opus_passes_through_byte_for_byte(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"song.{suffix}", "libopus")
    reel = _reel(path)
    assert drain(reel) == packets_of(path)
    assert reel.passthrough


@pytest.mark.parametrize(
    ("suffix", "codec", "rate"),
    [
        ("mp3", "libmp3lame", 44_100),
        ("flac", "flac", 44_100),
        ("wav", "pcm_s16le", 22_050),
        ("m4a", "aac", 48_000),
    ],
)
def test_other_formats_sound_the_same(tmp_path: Path, suffix: str, codec: str, rate: int) -> None:
    path = write(tmp_path / f"song.{suffix}", codec, rate=rate)
    packets = drain(_reel(path))
    assert {packet_samples(packet) for packet in packets} == {960}
    assert len(packets) == pytest.approx(200, abs=4)
    assert resemblance(decode(packets), sweep(4)) >= 0.99


def test_opus_with_long_packets_is_cut_into_20_ms(tmp_path: Path) -> None:
    path = write(tmp_path / "song.opus", "libopus", options={"frame_duration": "60"})
    packets = drain(_reel(path))
    assert {packet_samples(packet) for packet in packets} == {960}
    assert resemblance(decode(packets), sweep(4)) >= 0.99


@pytest.mark.parametrize(("suffix", "codec"), [("opus", "libopus"), ("flac", "flac")])
@pytest.mark.parametrize(("volume", "change_db"), [(50, -6.02), (25, -12.04), (200, 6.02)])
def test_volume_is_a_factor_on_the_amplitude(
    tmp_path: Path, suffix: str, codec: str, volume: int, change_db: float
) -> None:
    path = write(tmp_path / f"song.{suffix}", codec, level=0.3)
    plain = level_db(decode(drain(_reel(path))))
    changed = level_db(decode(drain(_reel(path, volume=volume))))
    assert changed - plain == pytest.approx(change_db, abs=0.5)


def test_volume_zero_is_silence(tmp_path: Path) -> None:
    path = write(tmp_path / "song.opus", "libopus")
    assert np.abs(decode(drain(_reel(path, volume=0)))).max() <= 2


@pytest.mark.parametrize(("suffix", "codec"), [("opus", "libopus"), ("flac", "flac")])
def test_a_volume_change_is_heard_within_100_ms_and_nothing_is_lost(
    tmp_path: Path, suffix: str, codec: str
) -> None:
    path = write(tmp_path / f"song.{suffix}", codec)
    reel = _reel(path)
    while reel.fill():
        pass
    sent = [packet for _ in range(50) if (packet := reel.take()) is not None]
    reel.set_voicing(Voicing(0.5))
    reel.fill()
    packets = sent + drain(reel)
    heard = decode(packets)
    assert len(packets) == pytest.approx(201, abs=1)
    before = level_db(heard[RATE // 2 : RATE - 960])
    after = level_db(heard[RATE + RATE // 10 : RATE + RATE // 2])
    assert after - before == pytest.approx(-6.02, abs=1)
    louder = heard.copy()
    louder[RATE + RATE // 10 :] *= 2
    assert resemblance(louder[RATE + RATE // 10 :], sweep(4)[RATE + RATE // 10 :]) >= 0.98


def test_back_at_full_volume_the_files_own_packets_are_sent_again(tmp_path: Path) -> None:
    path = write(tmp_path / "song.opus", "libopus")
    original = packets_of(path)
    reel = _reel(path, volume=50)
    while reel.fill():
        pass
    sent = [packet for _ in range(30) if (packet := reel.take()) is not None]
    assert not set(sent) & set(original[:30])
    reel.set_voicing(Voicing())
    reel.fill()
    rest = drain(reel)
    assert rest[3:] == original[33:]
    assert reel.passthrough


@pytest.mark.parametrize(
    ("suffix", "codec"),
    [("opus", "libopus"), ("webm", "libopus"), ("mp3", "libmp3lame"), ("flac", "flac")],
)
def test_seeking_lands_within_a_frame(tmp_path: Path, suffix: str, codec: str) -> None:
    path = write(tmp_path / f"song.{suffix}", codec, seconds=10)
    reel = _reel(path, position_ms=6_500)
    heard = decode(drain(reel))
    assert len(heard) / RATE == pytest.approx(3.5, abs=0.08)
    meant = sweep(10)[int(6.5 * RATE) :]
    assert resemblance(heard, meant, most_shift=2400) >= 0.99
    assert reel.position_ms == pytest.approx(10_000, abs=80)


def test_a_seek_behind_the_end_is_an_end_and_not_an_error(tmp_path: Path) -> None:
    path = write(tmp_path / "song.opus", "libopus")
    reel = _reel(path, position_ms=60_000)
    drain(reel)
    assert reel.finished
    assert reel.failure is None


def test_speed_changes_the_length_and_the_position_follows_the_medium(tmp_path: Path) -> None:
    path = write(tmp_path / "song.flac", "flac")
    reel = _reel(path, filters=Filters(speed=2.0))
    assert len(drain(reel)) == pytest.approx(100, abs=4)
    assert reel.position_ms == pytest.approx(4_000, abs=160)


def test_an_equalizer_lifts_its_band(tmp_path: Path) -> None:
    time = np.arange(RATE * 2) / RATE
    tone = np.sin(2 * np.pi * 1000 * time) * 0.1
    path = write(tmp_path / "tone.flac", "flac", sound=np.stack([tone, tone], 1))
    bands = tuple(6.0 if index == 8 else 0.0 for index in range(15))
    plain = decode(drain(_reel(path)))
    lifted = decode(drain(_reel(path, filters=Filters(equalizer_db=bands))))
    assert level_db(lifted[RATE // 2 :]) - level_db(plain[RATE // 2 :]) == pytest.approx(6, abs=0.7)


def test_every_preset_and_an_odd_mix_can_be_played(tmp_path: Path) -> None:
    path = write(tmp_path / "song.opus", "libopus", seconds=1)
    for preset in PRESETS:
        filters = Filters(equalizer_db=(3.0,) * 15, speed=0.5, pitch=1.9, preset=preset)
        packets = drain(_reel(path, filters=filters))
        assert len(packets) == pytest.approx(50 / filters.recipe().speed, abs=8)


def _failure_of(path: Path) -> MediaFailed | None:
    try:
        reel = _reel(path)
    except MediaFailed as error:
        return error
    drain(reel)
    return reel.failure


HLS = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.mp3", b""),
        ("text.mp3", b"this is not music\n" * 400),
        ("zeros.opus", bytes(40_000)),
        ("noise.flac", np.random.default_rng(7).integers(0, 256, 60_000, np.uint8).tobytes()),
        ("list.mp3", HLS),
        ("list.m3u8", HLS),
        ("list.ffconcat", b"ffconcat version 1.0\nfile '/etc/passwd'\n"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(3000)),
        ("head.ogg", b"OggS\x00\x02" + bytes(60)),
    ],
)
def test_what_is_not_audio_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    failure = _failure_of(path)
    assert failure is not None
    assert failure.failure == "unsupported"
    assert failure.reason[0].isupper()
    assert failure.reason.endswith(".")
    assert str(tmp_path) not in failure.reason


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(MediaFailed) as missing:
        open_track(str(tmp_path / "gone.opus"), position_ms=0)
    assert missing.value.failure == "removed"
    with pytest.raises(MediaFailed) as folder:
        open_track(str(tmp_path), position_ms=0)
    assert folder.value.failure == "unsupported"


@pytest.mark.parametrize(
    ("suffix", "codec"), [("opus", "libopus"), ("mp3", "libmp3lame"), ("flac", "flac")]
)
def test_a_damaged_place_in_mid_file_is_stepped_over(
    tmp_path: Path, suffix: str, codec: str
) -> None:
    path = write(tmp_path / f"song.{suffix}", codec, seconds=10)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 600] = np.random.default_rng(3).bytes(600)
    path.write_bytes(content)
    reel = _reel(path)
    packets = drain(reel)
    assert reel.failure is None
    assert len(packets) >= 400
    tail = decode(packets)[-2 * RATE :]
    assert level_db(tail) > -20


def test_a_truncated_file_plays_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path / "song.mp3", "libmp3lame", seconds=8)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    reel = _reel(path)
    assert len(drain(reel)) == pytest.approx(200, abs=10)
    assert reel.failure is None


def test_a_reel_holds_a_bounded_number_of_packets(tmp_path: Path) -> None:
    path = write(tmp_path / "song.opus", "libopus", seconds=20)
    reel = _reel(path)
    while reel.fill():
        pass
    assert reel.waiting == Tuning().buffer_frames
    reel.close()
    assert reel.waiting == 0
    assert reel.finished


def test_a_source_that_never_delivers_is_given_up() -> None:
    class Hanging:
        def next(self) -> None:
            raise AssertionError("nobody reads on")

        def close(self) -> None:
            pass

    reel = Reel(
        Hanging(),
        position_ms=0,
        voicing=Voicing(),
        tuning=Tuning(stall_seconds=1.0),
        request=_ask_nobody,
    )
    for _ in range(50):
        assert reel.take() is None
    assert reel.finished
    assert reel.failure is not None
    assert reel.failure.failure == "network"
