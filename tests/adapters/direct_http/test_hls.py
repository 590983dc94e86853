"""Sound in pieces: what is heard, what is fetched when, and what is refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import av
import numpy as np
import pytest
from tests.support.services.hls import HlsServer, Kind, cut
from tests.support.sound import RATE, Samples, find, melody

from seraphim.adapters.direct_http import GuardedFetcher, SoundFetcher
from seraphim.features.music.ports import HttpBody
from seraphim.kernel.clock import ManualClock


@pytest.fixture
async def hls() -> AsyncIterator[HlsServer]:
    made = HlsServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def sound(fetcher: GuardedFetcher, clock: ManualClock) -> SoundFetcher:
    return SoundFetcher(fetcher, clock)


class Whole:
    """A body as the file object that PyAV reads."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, n: int) -> bytes:
        data, self._data = self._data[:n], self._data[n:]
        return data


async def read_parts(body: HttpBody) -> list[bytes]:
    parts = [b""]
    while True:
        data = await body.read(32 * 1024)
        parts[-1] += data
        if not data:
            if not await body.next_part():
                await body.close()
                return parts
            parts.append(b"")


def decode(data: bytes) -> Samples:
    parts: list[Samples] = []
    with av.open(Whole(data), mode="r") as container:
        resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
        for frame in [*container.decode(audio=0), None]:
            parts += [
                one.to_ndarray().reshape(-1, 2).astype(np.float32)
                for one in resampler.resample(frame)
            ]
    return np.concatenate(parts)


@pytest.mark.parametrize("kind", ["ts", "fmp4", "fmp4-opus", "aac", "mp3"])
async def test_all_pieces_are_one_sound_without_a_gap(
    hls: HlsServer, sound: SoundFetcher, tmp_path: Path, kind: Kind
) -> None:
    source = melody(6)
    body = await sound.open(hls.vod("song", cut(tmp_path, kind, source)))
    (whole,) = await read_parts(body)

    heard = decode(whole)
    offset, likeness = find(heard[4800:-4800], source)
    assert likeness > 0.99, (offset, likeness)
    assert abs(len(heard) - len(source)) < RATE // 10
