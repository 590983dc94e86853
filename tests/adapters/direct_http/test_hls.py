"""Sound in pieces: what is heard, what is fetched when, and what is refused."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import av
import numpy as np
import pytest
from aiohttp import web
from tests.adapters.direct_http.conftest import EagerClock, NamedResolver
from tests.support.services.hls import Broadcast, HlsServer, Kind, Pieces, cut, encrypt, write_list
from tests.support.sound import RATE, Samples, find, melody

from seraphim.adapters.direct_http import (
    AddressPolicy,
    DirectHttpTracks,
    GuardedFetcher,
    SoundFetcher,
)
from seraphim.adapters.direct_http.hls import HlsBody, loading
from seraphim.features.music.ports import AddressRefused, HttpBody, SourceFailed


@pytest.fixture
async def hls() -> AsyncIterator[HlsServer]:
    made = HlsServer()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def clock() -> EagerClock:
    return EagerClock()


@pytest.fixture
def sound(fetcher: GuardedFetcher, clock: EagerClock) -> SoundFetcher:
    return SoundFetcher(fetcher, clock)


def blocks(count: int, *, seconds: float = 2.0) -> Pieces:
    """Pieces that only tell which one they are."""
    return Pieces("ts", [b"%04d" % number for number in range(count)], [seconds] * count)


async def read_numbers(body: HttpBody, count: int) -> list[int]:
    """Return the numbers of the next ``count`` blocks."""
    return [int(await body.read(4)) for _ in range(count)]


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


async def test_a_live_stream_is_joined_three_targets_before_its_end(
    hls: HlsServer, sound: SoundFetcher, clock: EagerClock
) -> None:
    url = Broadcast(hls, "live", blocks(40), clock.monotonic, window=10).put()
    body = await sound.open(url, endless=True, position_ms=90_000)
    assert await read_numbers(body, 1) == [7]
    assert body.start_ms == 90_000, "a live stream is where it was left"
    assert "/live/0" not in hls.seen


async def test_a_live_playlist_is_looked_at_once_a_target_and_twice_when_nothing_is_new(
    hls: HlsServer, sound: SoundFetcher, clock: EagerClock
) -> None:
    show = Broadcast(hls, "live", blocks(40), clock.monotonic)
    url = show.put()
    looks: list[float] = []

    def write() -> str:
        looks.append(clock.monotonic())
        return show.write()

    hls.put("/live/live.m3u8", write)
    body = await sound.open(url, endless=True)
    assert await read_numbers(body, 20) == list(range(3, 23))
    waits = [after - before for before, after in itertools.pairwise(looks)]
    assert waits
    assert all(wait >= 2.0 for wait in waits), waits

    held, began = show.write(), clock.monotonic()
    looks.clear()
    hls.put("/live/live.m3u8", lambda: (looks.append(clock.monotonic()), held)[1])
    with pytest.raises(SourceFailed) as stale:
        await read_numbers(body, 20)
    assert stale.value.failure == "network"
    assert "nothing new" in str(stale.value)
    waits = [after - before for before, after in itertools.pairwise(looks)]
    assert waits[1:] == pytest.approx([1.0] * len(waits[1:]))
    assert 15 <= clock.monotonic() - began <= 20


async def test_a_stream_ends_with_its_list(
    hls: HlsServer, sound: SoundFetcher, clock: EagerClock
) -> None:
    show = Broadcast(hls, "live", blocks(40), clock.monotonic)
    url = show.put()
    body = await sound.open(url, endless=True)
    await read_numbers(body, 3)
    hls.put("/live/live.m3u8", write_list("live", show.pieces, 4, 5) + "#EXT-X-ENDLIST\n")
    assert await read_numbers(body, 3) == [6, 7, 8]
    assert await body.read(4) == b""
    assert not await body.next_part()


@pytest.mark.parametrize("status", [404, 410, 503])
async def test_missing_pieces_are_left_out_until_there_are_too_many(
    hls: HlsServer, sound: SoundFetcher, clock: EagerClock, status: int
) -> None:
    url = Broadcast(hls, "live", blocks(60), clock.monotonic).put()
    body = await sound.open(url, endless=True)

    async def missing(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    for number in (5, 6, 20, 21, 30, 31, 32):
        hls.pages[f"/live/{number}"] = missing
    assert await read_numbers(body, 23) == [3, 4, *range(7, 20), *range(22, 30)]
    with pytest.raises(SourceFailed) as gone:
        await read_numbers(body, 1)
    assert gone.value.failure == "network"
    assert hls.seen.count("/live/5") == (3 if status == 503 else 1)


async def test_a_stream_whose_first_pieces_are_refused_says_the_servers_reason(
    hls: HlsServer, sound: SoundFetcher
) -> None:
    url = hls.vod("song", blocks(6))

    async def forbidden(_: web.Request) -> web.StreamResponse:
        return web.Response(status=403)

    for number in range(6):
        hls.pages[f"/song/{number}"] = forbidden
    with pytest.raises(SourceFailed) as refused:
        await sound.open(url)
    assert refused.value.failure == "login"
    assert len(hls.seen) == 4


async def test_gaps_are_left_out_without_being_asked_for(
    hls: HlsServer, sound: SoundFetcher
) -> None:
    pieces = blocks(3)
    text = write_list("song", pieces).replace("/song/1", "#EXT-X-GAP\n/song/1")
    hls.put_pieces("song", pieces)
    body = await sound.open(hls.put("/song/index.m3u8", text + "#EXT-X-ENDLIST\n"))
    assert await read_numbers(body, 2) == [0, 2]
    assert "/song/1" not in hls.seen


async def test_after_a_long_pause_a_live_stream_goes_on_where_it_is_now(
    hls: HlsServer, sound: SoundFetcher, clock: EagerClock
) -> None:
    show = Broadcast(hls, "live", blocks(400), clock.monotonic, window=12)
    url = show.put()
    hls.put("/live/live.m3u8", lambda: show.write().replace("DURATION:2", "DURATION:6"))
    body = await sound.open(url, endless=True)
    assert await read_numbers(body, 2) == [3, 4]
    await clock.advance(600)
    for number in range(5, 300):
        hls.pages.pop(f"/live/{number}")
    assert await body.read(4) == b""
    assert await body.next_part(), "what follows is no continuation"
    assert await read_numbers(body, 2) == [303, 304]


async def test_a_playlist_that_cannot_be_had_after_a_long_pause_is_asked_for_again(
    hls: HlsServer, sound: SoundFetcher, clock: EagerClock
) -> None:
    show = Broadcast(hls, "live", blocks(400), clock.monotonic)
    body = await sound.open(show.put(), endless=True)
    assert await read_numbers(body, 3) == [3, 4, 5]
    await clock.advance(600)
    answers = [503, 503]

    async def unwell(request: web.Request) -> web.StreamResponse:
        if answers:
            return web.Response(status=answers.pop())
        show.put()
        show.began = 0
        return await hls.pages[request.path](request)

    hls.pages["/live/live.m3u8"] = unwell
    assert await body.read(4) == b""
    assert await body.next_part()
    assert (await read_numbers(body, 1))[0] > 300


async def test_a_stream_that_has_not_begun_is_joined_at_its_edge(
    hls: HlsServer, sound: SoundFetcher, clock: EagerClock
) -> None:
    show = Broadcast(hls, "live", blocks(60), clock.monotonic, window=12)
    url = show.put()
    show.began = clock.monotonic() - 20
    first = [write_list("live", show.pieces, count=0)] * 3
    hls.put("/live/live.m3u8", lambda: first.pop() if first else show.write())
    body = await sound.open(url, endless=True)
    assert (await read_numbers(body, 1))[0] >= 19, "the playlist begins with number 10"


async def test_a_station_whose_numbers_begin_anew_is_followed(
    hls: HlsServer, sound: SoundFetcher, clock: EagerClock
) -> None:
    show = Broadcast(hls, "live", blocks(60), clock.monotonic)
    show.put()
    show.began = clock.monotonic() - 80
    body = await sound.open(hls.url("/live/live.m3u8"), endless=True)
    assert await read_numbers(body, 2) == [43, 44]
    show.began = clock.monotonic()
    for _ in range(10):
        if not (data := await body.read(4)):
            break
        assert int(data) > 44
    assert await body.next_part()
    assert (await read_numbers(body, 1))[0] < 20


async def test_a_part_begins_where_encoding_or_container_change(
    hls: HlsServer, sound: SoundFetcher
) -> None:
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:1", '#EXT-X-MAP:URI="/head-a?token=1"']
    for number, before in enumerate(
        ["", '#EXT-X-MAP:URI="/head-a?token=2"', "#EXT-X-DISCONTINUITY", '#EXT-X-MAP:URI="/b"', ""]
    ):
        lines += [before, "#EXTINF:1,", f"/{number}"]
        hls.put(f"/{number}", str(number).encode())
    hls.put("/head-a", b"A")
    hls.put("/b", b"B")
    url = hls.put("/index.m3u8", "\n".join([*lines, "#EXT-X-ENDLIST"]))

    assert await read_parts(await sound.open(url)) == [b"A01", b"A2", b"B34"]


@pytest.mark.parametrize("has_iv", [True, False])
async def test_encrypted_pieces_are_decrypted_with_a_key_that_is_asked_for_once(
    hls: HlsServer, sound: SoundFetcher, *, has_iv: bool
) -> None:
    key, clear = bytes(range(16)), blocks(5)
    secret = [encrypt(one, key, 77 if has_iv else 3 + n) for n, one in enumerate(clear.data)]
    hls.put("/key", key)
    hls.put_pieces("song", Pieces("ts", secret, clear.seconds))
    iv = ",IV=0x4D" if has_iv else ""
    tag = f'#EXT-X-MEDIA-SEQUENCE:3\n#EXT-X-KEY:METHOD=AES-128,URI="/key"{iv}'
    lines = write_list("song", clear).replace("#EXT-X-MEDIA-SEQUENCE:0", tag)
    body = await sound.open(hls.put("/index.m3u8", lines + "#EXT-X-ENDLIST\n"))

    assert await read_numbers(body, 5) == [0, 1, 2, 3, 4]
    assert hls.seen.count("/key") == 1


@pytest.mark.parametrize(
    ("tag", "key", "failure"),
    [
        ('METHOD=SAMPLE-AES,URI="/key"', bytes(16), "drm"),
        ('METHOD=AES-128,URI="/key",KEYFORMAT="com.widevine"', bytes(16), "drm"),
        ('METHOD=AES-128,URI="/key"', bytes(15), "unsupported"),
        ('METHOD=AES-128,URI="/key"', bytes(16), "unsupported"),  # the wrong one
        ('METHOD=AES-128,URI="/nothing"', bytes(16), "removed"),
    ],
)
async def test_what_cannot_be_decrypted_says_why(
    hls: HlsServer, sound: SoundFetcher, tag: str, key: bytes, failure: str
) -> None:
    hls.put("/key", key)
    pieces = blocks(4)
    secret = [encrypt(one, b"another key here", n) for n, one in enumerate(pieces.data)]
    hls.put_pieces("song", Pieces("ts", secret, pieces.seconds))
    url = hls.put("/x.m3u8", write_list("song", pieces, more=f"#EXT-X-KEY:{tag}"))
    with pytest.raises(SourceFailed) as failed:
        await sound.open(url)
    assert failed.value.failure == failure


@pytest.mark.parametrize("ranges", [True, False])
async def test_parts_of_one_file_are_fetched_by_their_ranges(
    hls: HlsServer, sound: SoundFetcher, *, ranges: bool
) -> None:
    hls.put("/all", b"HEAD00000001....0002", ranges=ranges)
    lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:1", '#EXT-X-MAP:URI="/all",BYTERANGE="4@0"']
    lines += ["#EXT-X-BYTERANGE:4@4", "#EXTINF:1,", "/all", "#EXT-X-BYTERANGE:4", "#EXTINF:1,"]
    lines += ["/all", "#EXT-X-BYTERANGE:4@16", "#EXTINF:1,", "/all", "#EXT-X-ENDLIST"]
    url = hls.put("/index.m3u8", "\n".join(lines))

    assert await read_parts(await sound.open(url)) == [b"HEAD000000010002"]
    if ranges:
        assert sorted(hls.ranges) == ["bytes=0-3", "bytes=16-19", "bytes=4-7", "bytes=8-11"]


async def test_a_position_is_reached_without_fetching_what_lies_before(
    hls: HlsServer, sound: SoundFetcher
) -> None:
    url = hls.vod("song", blocks(30))
    for wanted, number in ((0, 0), (20_500, 10), (20_100, 9), (999_999, 29)):
        body = await sound.open(url, position_ms=wanted)
        assert await read_numbers(body, 1) == [number]
        assert body.start_ms == number * 2000
        await body.close()
    assert "/song/5" not in hls.seen


async def test_pieces_that_need_the_first_one_are_read_from_the_first(
    hls: HlsServer, sound: SoundFetcher
) -> None:
    data = [b"OggS....OpusHead", b"OggS1", b"OggS2"]
    body = await sound.open(hls.vod("song", Pieces("ts", data, [2.0] * 3)), position_ms=5000)
    assert body.start_ms == 0
    assert await read_parts(body) == [b"".join(data)]


async def test_nobody_is_asked_for_empty_pieces_as_fast_as_the_bot_can(
    hls: HlsServer, sound: SoundFetcher, clock: EagerClock
) -> None:
    body = await sound.open(hls.vod("song", blocks(200, seconds=0.01)))
    assert await read_numbers(body, 200) == list(range(200))
    assert clock.monotonic() >= 30


async def test_a_piece_without_an_end_is_cut_off(
    hls: HlsServer, sound: SoundFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "MAX_PIECE_BYTES", 100_000)

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(bytes(65_536))

    url = hls.vod("song", blocks(3))
    hls.pages["/song/0"] = endless
    with pytest.raises(SourceFailed) as failed:
        await sound.open(url)
    assert failed.value.failure == "too_long"


INNER = [
    "http://10.0.0.1/x",
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:192.168.1.1]/x",
    "//10.0.0.1/x",
    "http://0x7f.1/x",
    "http://user:pass@example.org/x",
    "file:///etc/passwd",
    "data:text/plain;base64,AAAA",
    "concat:http://10.0.0.1/x",
    "/inward",
]
"""The last one redirects inside."""


@pytest.mark.parametrize("target", INNER)
@pytest.mark.parametrize("place", ["piece", "later", "key", "map", "variant", "rendition"])
async def test_nothing_that_a_playlist_names_leads_inside(
    hls: HlsServer, sound: SoundFetcher, place: str, target: str
) -> None:
    async def inward(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "http://10.0.0.1/x"})

    hls.pages["/inward"] = inward
    hls.put_pieces("song", blocks(3))
    text = write_list("song", blocks(3))
    stream = '#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1,mp4a",AUDIO="a"\n'
    media = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="x",URI='
    text = {
        "piece": text.replace("/song/0", target),
        "later": text.replace("/song/1", target),
        "key": write_list("song", blocks(3), more=f'#EXT-X-KEY:METHOD=AES-128,URI="{target}"'),
        "map": write_list("song", blocks(3), more=f'#EXT-X-MAP:URI="{target}"'),
        "variant": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{target}\n",
        "rendition": f'#EXTM3U\n{media}"{target}"\n{stream}/song/video.m3u8\n',
    }[place]
    if text.count("STREAM-INF") == 0:
        text += "#EXT-X-ENDLIST\n"
    url = hls.put("/index.m3u8", text)

    with pytest.raises(AddressRefused):
        await read_parts(await sound.open(url))
    assert hls.seen.count("/song/2") == 0


async def test_a_reloaded_playlist_and_a_second_look_at_its_name_are_judged_too(
    hls: HlsServer, clock: EagerClock
) -> None:
    resolver = NamedResolver(live_test=["127.0.0.1"])
    fetcher = GuardedFetcher(AddressPolicy.parse(["127.0.0.0/8"]), resolver=resolver)
    Broadcast(hls, "live", blocks(40), clock.monotonic).put()
    body = await SoundFetcher(fetcher, clock).open(
        f"http://live.test:{hls.port}/live/live.m3u8", endless=True
    )
    await read_numbers(body, 2)
    resolver.names["live.test"] = ["10.0.0.1"]
    with pytest.raises(AddressRefused):
        await read_numbers(body, 5)
    await fetcher.close()


async def test_masters_of_masters_are_not_followed_for_ever(
    hls: HlsServer, sound: SoundFetcher
) -> None:
    url = hls.put("/m.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n/m.m3u8\n")
    with pytest.raises(SourceFailed, match="damaged"):
        await sound.open(url)
    assert len(hls.seen) < 5


async def test_a_track_says_how_long_it_is_or_that_it_is_live(
    hls: HlsServer, fetcher: GuardedFetcher, clock: EagerClock
) -> None:
    tracks = DirectHttpTracks(fetcher, clock)
    (song,) = (await tracks.resolve(hls.vod("first-light", blocks(30)), limit=5)).tracks
    assert (song.title, song.duration_ms, song.is_stream) == ("first-light", 60_000, False)

    live = Broadcast(hls, "radio", blocks(40), clock.monotonic).put()
    top = hls.put("/radio/master.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlive.m3u8\n")
    for url in (live, top):
        (radio,) = (await tracks.resolve(url, limit=5)).tracks
        assert (radio.title, radio.duration_ms, radio.is_stream) == ("radio", None, True)
        assert (await tracks.open(radio)).location == url


async def test_no_piece_is_fetched_before_its_turn(hls: HlsServer, sound: SoundFetcher) -> None:
    body = await sound.open(hls.vod("song", blocks(30)))
    assert await read_numbers(body, 3) == [0, 1, 2]
    assert hls.seen == ["/song/index.m3u8", "/song/0", "/song/1", "/song/2"]


async def test_closing_lets_go_in_the_middle(hls: HlsServer, sound: SoundFetcher) -> None:
    body = await sound.open(hls.vod("song", blocks(30)))
    assert isinstance(body, HlsBody)
    await read_numbers(body, 1)
    await body.close()
    await body.close()
    assert await body.read(4) == b""
    assert not await body.next_part()
