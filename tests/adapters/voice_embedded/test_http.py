"""Sound that comes over the network: bounded memory, bounded patience, plain sentences."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tests.adapters.voice_embedded.sounds import packets_of, write

from seraphim.adapters.voice_embedded.failure import MediaFailed
from seraphim.adapters.voice_embedded.opening import House, open_reel
from seraphim.adapters.voice_embedded.pacer import Pacer
from seraphim.adapters.voice_embedded.reel import Reel
from seraphim.adapters.voice_embedded.tuning import Tuning
from seraphim.adapters.voice_embedded.workers import Workers
from seraphim.features.music.ports import NO_FILTERS, HttpBody, Media, SourceFailed

_TUNING = Tuning(http_buffer_bytes=128 * 1024, stall_seconds=0.3)


class Body:
    """A body made of ``content``, again and again when endless; it may stall or break."""

    url = "https://example.org/song"
    content_type = "audio/ogg"
    content_length = None
    title = None
    start_ms = 0

    def __init__(
        self, content: bytes, *, endless: bool = False, then: str = "end", chunk: int = 1 << 20
    ) -> None:
        self._content = content
        self._place = 0
        self._endless = endless
        self._then = then
        self._chunk = chunk
        self.handed_out = 0
        self.closed = asyncio.Event()

    async def read(self, n: int) -> bytes:
        if self._place >= len(self._content):
            if self._then == "stall":
                await self.closed.wait()
            if self._then == "break":
                raise SourceFailed("The server hung up in mid-song.", failure="network")
            if not self._endless:
                return b""
            self._place = 0
        data = self._content[self._place : self._place + min(n, self._chunk)]
        self._place += len(data)
        self.handed_out += len(data)
        return data

    async def next_part(self) -> bool:
        return False

    async def close(self) -> None:
        self.closed.set()


class Fetcher:
    """Hands out one body, or refuses."""

    def __init__(self, body: Body | None) -> None:
        self._body = body

    async def open(
        self,
        url: str,
        *,
        endless: bool = False,
        headers: Mapping[str, str] | None = None,
        position_ms: int = 0,
        piece_bytes: int = 0,
    ) -> HttpBody:
        _ = url, endless, headers, position_ms, piece_bytes
        if self._body is None:
            raise SourceFailed("The server answered 404: there is no such file.", failure="removed")
        return self._body


@asynccontextmanager
async def house(body: Body | None) -> AsyncGenerator[House]:
    """Workers and a fetcher, ended with the context."""
    disk, network = Workers(1, name="test-disk"), Workers(2, name="test-http")
    network.start()
    house = House(Pacer(_TUNING), disk, network, _TUNING, Fetcher(body))
    yield house
    await asyncio.to_thread(network.stop)
    for feed in tuple(house.feeds):
        await asyncio.wait_for(feed, 5)


async def _open(house: House, *, is_stream: bool = False, position_ms: int = 0) -> Reel:
    media = Media("http", "https://example.org/song", is_stream=is_stream)
    return await open_reel(
        house, media, position_ms=position_ms, volume_percent=100, filters=NO_FILTERS
    )


@pytest.mark.parametrize("chunk", [1 << 20, 700])
async def test_opus_over_http_passes_through_byte_for_byte(tmp_path: Path, chunk: int) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=6)
    async with house(Body(song.read_bytes(), chunk=chunk)) as place:
        reel = await _open(place)
        place.network.request(reel)
        assert await asyncio.to_thread(_drain_slowly, reel) == packets_of(song)
        reel.close()


def _drain_slowly(reel: Reel) -> list[bytes]:
    packets: list[bytes] = []
    while not reel.finished:
        if reel.waiting and (packet := reel.take()) is not None:
            packets.append(packet)
    return packets


async def test_a_position_is_reached_by_reading_up_to_it(tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=6)
    original = packets_of(song)
    async with house(Body(song.read_bytes())) as place:
        reel = await _open(place, position_ms=4000)
        assert reel.take() in original[199:203]
        reel.close()


async def test_an_endless_stream_is_held_in_bounded_memory(tmp_path: Path) -> None:
    song = write(tmp_path / "song.mp3", "libmp3lame", seconds=2)
    body = Body(song.read_bytes(), endless=True)
    async with house(body) as place:
        reel = await _open(place, is_stream=True)
        async with asyncio.timeout(10):
            while reel.waiting < _TUNING.buffer_frames:
                place.network.request(reel)
                await asyncio.sleep(0)
        first = body.handed_out
        for _ in range(200):
            await asyncio.sleep(0)
        assert body.handed_out == first
        assert body.handed_out < 1_000_000
        reel.close()
        await asyncio.wait_for(body.closed.wait(), 5)


async def test_a_server_that_falls_silent_is_given_up_in_a_sentence(tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=2)
    body = Body(song.read_bytes()[:600], then="stall")
    async with house(body) as place:
        with pytest.raises(MediaFailed) as caught:
            await _open(place)
        assert caught.value.failure == "network"
        assert caught.value.reason.endswith(".")
        body.closed.set()


async def test_a_playback_that_is_given_up_waits_for_no_more_bytes(tmp_path: Path) -> None:
    song = write(tmp_path / "song.mp3", "libmp3lame", seconds=3)
    body = Body(song.read_bytes(), then="stall")
    async with house(body) as place:
        reel = await _open(place, is_stream=True)
        (feed,) = place.feeds
        assert not feed.done()
        reel.close()
        await asyncio.wait_for(body.closed.wait(), 5)
        await asyncio.wait_for(feed, 5)
        assert not feed.cancelled()


async def test_a_server_that_hangs_up_ends_the_song_with_its_reason(tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=8)
    content = song.read_bytes()
    async with house(Body(content[: len(content) // 2], then="break")) as place:
        reel = await _open(place)
        place.network.request(reel)
        packets = await asyncio.to_thread(_drain_slowly, reel)
        assert 100 < len(packets) < 300
        assert reel.failure is not None
        assert reel.failure.failure == "network"
        assert reel.failure.reason == "The server hung up in mid-song."
        reel.close()


async def test_what_cannot_be_fetched_says_why() -> None:
    async with house(None) as place:
        with pytest.raises(SourceFailed, match="404"):
            await _open(place)


async def test_a_playlist_over_http_is_not_followed() -> None:
    playlist = b"#EXTM3U\n#EXTINF:10,\nhttp://169.254.169.254/latest/meta-data\n"
    async with house(Body(playlist)) as place:
        with pytest.raises(MediaFailed) as caught:
            await _open(place)
        assert caught.value.failure == "unsupported"
