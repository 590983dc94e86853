"""Sound that arrives in several containers, and positions in what begins at any time."""

import asyncio
from pathlib import Path

import numpy as np
import pytest
from tests.adapters.voice_embedded.test_http import Body
from tests.support.services.hls import Kind, Pieces, cut
from tests.support.sound import RATE, Samples, find, melody

from seraphim.adapters.direct_http.hls.loading import without_id3
from seraphim.adapters.voice_embedded.failure import MediaFailed
from seraphim.adapters.voice_embedded.http_input import HttpInput
from seraphim.adapters.voice_embedded.opus import OpusDecoder
from seraphim.adapters.voice_embedded.parts import PartsTrack
from seraphim.adapters.voice_embedded.spool import Track


class Parts(Body):
    """A body in parts that begins somewhere in the medium."""

    def __init__(self, *parts: bytes, start_ms: int = 0) -> None:
        super().__init__(parts[0])
        self._more = list(parts[1:])
        self.start_ms = start_ms

    async def next_part(self) -> bool:
        if not self._more:
            return False
        super().__init__(self._more.pop(0))
        return True


async def play(body: Body, *, position_ms: int = 0) -> Samples:
    """Return all that is heard from a position on."""
    arriving = HttpInput(body, limit_bytes=128 * 1024, stall_seconds=5)
    feed = asyncio.create_task(arriving.feed())

    def listen() -> Samples:
        return samples_of(PartsTrack(arriving, position_ms=position_ms))

    heard = await asyncio.to_thread(listen)
    await feed
    return heard


def samples_of(track: Track) -> Samples:
    decoder = OpusDecoder()
    parts: list[bytes] = []
    while (piece := track.next()) is not None:
        parts.append(piece.samples if piece.packet is None else decoder.decode(piece.packet))  # pyright: ignore[reportArgumentType] - one of the two is there
    track.close()
    return np.frombuffer(b"".join(parts), "<i2").reshape(-1, 2).astype(np.float32) / np.float32(
        32768
    )


def whole(pieces: Pieces, first: int = 0) -> bytes:
    return (pieces.head or b"") + b"".join(without_id3(one) for one in pieces.data[first:])


async def test_parts_of_different_kinds_are_one_sound(tmp_path: Path) -> None:
    kinds: list[Kind] = ["ts", "fmp4", "aac", "fmp4-opus"]
    sources = [melody(3, seed) for seed in range(len(kinds))]
    parts = [
        whole(cut(tmp_path / kind, kind, source))
        for kind, source in zip(kinds, sources, strict=True)
    ]
    heard = await play(Parts(*parts))
    assert abs(len(heard) / RATE - 12) < 0.4
    for number, source in enumerate(sources):
        begin = number * 3 * RATE
        _, likeness = find(heard[begin + RATE // 2 : begin + 2 * RATE], source)
        assert likeness > 0.99, kinds[number]


@pytest.mark.parametrize("kind", ["ts", "fmp4", "fmp4-opus", "aac", "mp3"])
@pytest.mark.parametrize("first", [0, 4])
async def test_a_position_is_found_in_what_begins_later(
    tmp_path: Path, kind: Kind, first: int
) -> None:
    """Transport streams and fragments bear stamps of their own; packed sound bears none."""
    source = melody(8)
    pieces = cut(tmp_path, kind, source)
    start_ms = round(sum(pieces.seconds[:first]) * 1000)
    heard = await play(Parts(whole(pieces, first), start_ms=start_ms), position_ms=5_300)
    place, likeness = find(heard[4800 : 4800 + RATE], source)
    assert likeness > 0.99
    assert abs((place - 4800) / RATE - 5.3) < 0.06


async def test_a_part_that_is_no_sound_ends_the_song_with_a_reason(tmp_path: Path) -> None:
    song = whole(cut(tmp_path, "aac", melody(2)))
    with pytest.raises(MediaFailed) as failed:
        await play(Parts(song, b"<html>an advertisement</html>" * 500))
    assert failed.value.failure == "unsupported"
