"""What is over gives its memory back at once, without the cycle collector's help."""

import asyncio
import ctypes
import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from av.filter import Graph
from tests.adapters.voice_embedded.conftest import WAIT_SECONDS, Room
from tests.adapters.voice_embedded.sounds import write

from seraphim.adapters.voice_embedded.quiet_websocket import QuietWebSocket
from seraphim.adapters.voice_embedded.reel import Reel
from seraphim.adapters.voice_embedded.track import open_track
from seraphim.adapters.voice_embedded.tuning import Tuning
from seraphim.adapters.voice_embedded.voicing import Voicing
from seraphim.features.music.ports import PRESETS, Filters


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def _alive(kind: type) -> int:
    return sum(type(thing) is kind for thing in gc.get_objects())


def _reel(path: Path) -> Reel:
    return Reel(
        open_track(str(path), position_ms=0),
        position_ms=0,
        voicing=Voicing(),
        tuning=Tuning(),
        request=lambda _: None,
    )


@pytest.mark.usefixtures("without_collector")
@pytest.mark.parametrize(("suffix", "codec"), [("opus", "libopus"), ("mp3", "libmp3lame")])
def test_filter_graphs_go_with_the_sound_that_needed_them(
    tmp_path: Path, suffix: str, codec: str
) -> None:
    path = write(tmp_path / f"song.{suffix}", codec, seconds=20)
    before = _alive(Graph)
    reel = _reel(path)
    most = 0
    for preset in PRESETS:
        reel.set_voicing(Voicing(0.5, Filters(preset).recipe()))
        reel.fill()
        assert reel.failure is None
        most = max(most, _alive(Graph) - before)
        for _ in range(5):
            assert reel.take() is not None
    # One for the decoder's samples, one for the filters, one in the encoder.
    assert 0 < most <= 3
    reel.close()
    assert _alive(Graph) == before


class _Heap(ctypes.Structure):
    """glibc's ``struct mallinfo2``."""

    _fields_ = tuple((f"field_{place}", ctypes.c_size_t) for place in range(10))


@pytest.mark.skipif(sys.platform != "linux", reason="glibc counts")
def test_a_track_left_in_the_middle_keeps_nothing(tmp_path: Path) -> None:
    mallinfo = ctypes.CDLL(None).mallinfo2
    mallinfo.restype = _Heap
    path = write(tmp_path / "song.opus", "libopus", seconds=2)

    def growth(times: int) -> int:
        before = cast("int", mallinfo().field_7)
        for _ in range(times):
            track = open_track(str(path), position_ms=0)
            assert track.next() is not None
            track.close()
        return cast("int", mallinfo().field_7) - before

    growth(50)
    # PyAV's reading packet alone is 150 bytes; other things may grow once, but not each time.
    assert min(growth(200) for _ in range(4)) < 200 * 75


@pytest.mark.usefixtures("without_collector")
async def test_a_voice_connection_goes_when_it_is_left(room: Room) -> None:
    before = _alive(QuietWebSocket)
    await room.voice.connect(room.guild_id, room.music)
    assert _alive(QuietWebSocket) == before + 1
    await room.voice.disconnect(room.guild_id)
    async with asyncio.timeout(WAIT_SECONDS):
        while _alive(QuietWebSocket) > before:
            await asyncio.sleep(0)
