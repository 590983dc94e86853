"""Seeking in files: within 100 ms of the place, measured on the decoded sound."""

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.adapters.voice_embedded.sounds import RATE, decode, noise, place_of, write

from seraphim.adapters.voice_embedded.reel import Reel
from seraphim.adapters.voice_embedded.track import open_track
from seraphim.adapters.voice_embedded.tuning import Tuning
from seraphim.adapters.voice_embedded.voicing import Voicing

SECONDS = 60
KINDS: dict[str, tuple[str, str, dict[str, str]]] = {
    "opus": ("song.opus", "libopus", {}),
    "opus in webm": ("song.webm", "libopus", {}),
    "mp3 cbr": ("song.mp3", "libmp3lame", {"b": "128000"}),
    "mp3 vbr": ("song.mp3", "libmp3lame", {"q": "4"}),
    "flac": ("song.flac", "flac", {}),
    "aac in m4a": ("song.m4a", "aac", {}),
    "aac bare": ("song.aac", "aac", {}),
    "wav": ("song.wav", "pcm_s16le", {}),
}


@pytest.fixture(scope="module")
def song() -> NDArray[np.float64]:
    return noise(SECONDS)


def _uneven(song: NDArray[np.float64]) -> NDArray[np.float64]:
    """A soft and a loud half, so that a variable bit rate varies indeed."""
    wave = song.copy()
    wave[: RATE * SECONDS // 2] *= 0.02
    return wave


@pytest.fixture(scope="module", params=KINDS)
def file(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    song: NDArray[np.float64],
) -> Path:
    """The song in each format."""
    name, codec, options = KINDS[request.param]
    return write(
        tmp_path_factory.mktemp("seek") / name, codec, sound=_uneven(song), options=options
    )


@pytest.fixture(scope="module")
def untagged(tmp_path_factory: pytest.TempPathFactory, song: NDArray[np.float64]) -> Path:
    """An MP3 of variable bit rate whose header does not say so."""
    path = write(
        tmp_path_factory.mktemp("seek") / "song.mp3",
        "libmp3lame",
        sound=_uneven(song),
        options={"q": "4"},
    )
    content = path.read_bytes()
    tag = re.search(rb"Xing|Info", content)
    assert tag is not None
    start = content.rfind(b"\xff\xfb", 0, tag.start())
    length = content.find(b"\xff\xfb", tag.end())
    path.write_bytes(content[:start] + content[length:])
    return path


def _off_by_ms(path: Path, song: NDArray[np.float64], at_ms: int) -> float:
    reel = Reel(
        open_track(str(path), position_ms=at_ms),
        position_ms=at_ms,
        voicing=Voicing(),
        tuning=Tuning(),
        request=lambda _: None,
    )
    reel.fill(40)
    packets = [packet for _ in range(35) if (packet := reel.take())]
    assert reel.position_ms == at_ms + 700
    reel.close()
    place, match = place_of(decode(packets)[4800:], song)
    assert match > 0.9
    return abs((place - 4800) / RATE * 1000 - at_ms)


@pytest.mark.parametrize("at_ms", [1_234, 17_000, 31_000, 45_678, 58_000])
def test_a_seek_lands_where_it_should(file: Path, song: NDArray[np.float64], at_ms: int) -> None:
    assert _off_by_ms(file, song, at_ms) <= 60


@pytest.mark.parametrize("at_ms", [1_234, 31_000, 45_678])
def test_an_mp3_that_hides_its_variable_rate(
    untagged: Path, song: NDArray[np.float64], at_ms: int
) -> None:
    assert _off_by_ms(untagged, song, at_ms) <= 60
