"""Servers that send only so much at a time, and connections that break in the middle."""

import re
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from tests.adapters.direct_http.conftest import EagerClock, Server

from seraphim.adapters.direct_http import GuardedFetcher, SoundFetcher, ranged
from seraphim.features.music.ports import AddressRefused, HttpBody, SourceFailed

PIECE = 1000
SONG = bytes(range(256)) * 20


@dataclass
class Picky:
    """Answers as YouTube's servers do: 403 to whoever names no range, no end, or too much.

    Attributes:
        song: The file.
        asked: The ranges that were asked for.
        breaks_after: So many bytes come of each answer; the rest is lost.
        says_size: Whether the whole size is told.
    """

    song: bytes = SONG
    asked: list[str] = field(default_factory=list[str])
    breaks_after: int | None = None
    says_size: bool = True

    async def answer(self, request: web.Request) -> web.StreamResponse:
        wanted = request.headers.get("Range", "")
        self.asked.append(wanted)
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", wanted)
        if match is None or int(match[2]) - int(match[1]) >= PIECE:
            return web.Response(status=403)
        first, last = int(match[1]), min(int(match[2]), len(self.song) - 1)
        size = len(self.song) if self.says_size else "*"
        part = self.song[first : last + 1]
        headers = {"Content-Range": f"bytes {first}-{last}/{size}", "Content-Type": "audio/webm"}
        response = web.StreamResponse(status=206, headers=headers)
        response.content_length = len(part)
        await response.prepare(request)
        await response.write(part[: self.breaks_after])
        if self.breaks_after is not None and request.transport is not None:
            request.transport.close()
        return response


@pytest.fixture
def picky(server: Server) -> Picky:
    made = Picky()
    server.handlers["/videoplayback"] = made.answer
    return made


@pytest.fixture
def sound(fetcher: GuardedFetcher) -> SoundFetcher:
    return SoundFetcher(fetcher, EagerClock())


async def read_on(body: HttpBody) -> bytes:
    data = b""
    while more := await body.read(300):
        data += more
    return data


async def read_all(sound: SoundFetcher, server: Server, **headers: str) -> bytes:
    url = server.url("/videoplayback")
    body = await sound.open(url, headers=headers, piece_bytes=PIECE)
    data = await read_on(body)
    assert not await body.next_part()
    await body.close()
    assert await body.read(1) == b""
    return data


async def test_a_server_that_wants_ranges_is_asked_for_ranges(
    server: Server, picky: Picky, sound: SoundFetcher
) -> None:
    with pytest.raises(SourceFailed):
        await sound.open(server.url("/videoplayback"))
    assert await read_all(sound, server, referer="x") == SONG
    assert picky.asked[1:] == [
        f"bytes={at}-{min(at + PIECE, len(SONG)) - 1}" for at in range(0, len(SONG), PIECE)
    ]


async def test_large_pieces_are_cut_smaller(
    server: Server, picky: Picky, sound: SoundFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranged, "MAX_PIECE_BYTES", 500)
    assert await read_all(sound, server) == SONG
    assert picky.asked[:2] == ["bytes=0-499", "bytes=500-999"]


async def test_a_broken_connection_is_taken_up_where_it_broke(
    server: Server, picky: Picky, sound: SoundFetcher
) -> None:
    picky.breaks_after = 700
    assert await read_all(sound, server) == SONG
    assert "bytes=700-1699" in picky.asked


async def test_a_server_that_sends_nothing_any_more_is_given_up(
    server: Server, picky: Picky, sound: SoundFetcher
) -> None:
    body = await sound.open(server.url("/videoplayback"), piece_bytes=PIECE)
    assert len(await body.read(10)) == 10
    picky.breaks_after = 0
    with pytest.raises(SourceFailed) as gone:
        await read_on(body)
    assert gone.value.failure == "network"
    assert len(picky.asked) < 10


async def test_pieces_without_a_byte_are_given_up(
    server: Server, picky: Picky, sound: SoundFetcher
) -> None:
    body = await sound.open(server.url("/videoplayback"), piece_bytes=PIECE)
    assert len(await body.read(PIECE)) == PIECE

    async def empty(request: web.Request) -> web.StreamResponse:
        picky.asked.append("")
        wanted = request.headers["Range"].removeprefix("bytes=")
        headers = {"Content-Range": f"bytes {wanted}/{len(SONG)}"}
        return web.Response(status=206, headers=headers)

    server.handlers["/videoplayback"] = empty
    with pytest.raises(SourceFailed) as gone:
        await read_on(body)
    assert gone.value.failure == "network"
    assert len(picky.asked) < 10


@pytest.mark.parametrize(
    ("wanted", "part", "said"),
    [
        ("bytes=0-", SONG, f"bytes 0-{len(SONG) - 1}/{len(SONG)}"),
        ("bytes=1500-", SONG[1500:], f"bytes 1500-{len(SONG) - 1}/{len(SONG)}"),
        ("bytes=10-3009", SONG[10:3010], f"bytes 10-3009/{len(SONG)}"),
        ("bytes=10-99999", SONG[10:], f"bytes 10-{len(SONG) - 1}/{len(SONG)}"),
    ],
)
async def test_a_part_of_it_is_answered_as_one(
    server: Server, picky: Picky, sound: SoundFetcher, wanted: str, part: bytes, said: str
) -> None:
    url = server.url("/videoplayback")
    body = await sound.open(url, headers={"Range": wanted}, piece_bytes=PIECE)
    assert body.headers == {
        "content-type": "audio/webm",
        "accept-ranges": "bytes",
        "content-length": str(len(part)),
        "content-range": said,
    }
    await body.close()
    assert await read_all(sound, server, Range=wanted) == part
    assert len(picky.asked) > 1


async def test_a_size_that_nobody_says_ends_with_a_short_piece(
    server: Server, picky: Picky, sound: SoundFetcher
) -> None:
    picky.says_size = False
    assert await read_all(sound, server) == SONG


async def test_a_server_without_ranges_sends_everything(
    server: Server, sound: SoundFetcher
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=SONG)

    server.handlers["/videoplayback"] = answer
    assert await read_all(sound, server) == SONG


async def test_each_piece_is_judged_and_the_whole_is_limited(
    server: Server, picky: Picky, sound: SoundFetcher
) -> None:
    body = await sound.open(server.url("/videoplayback"), piece_bytes=PIECE)
    server.redirect("/videoplayback", "http://169.254.169.254/latest")
    with pytest.raises(AddressRefused):
        await read_on(body)

    picky.song = bytes(2 * 1024 * 1024)
    server.handlers["/videoplayback"] = picky.answer
    with pytest.raises(SourceFailed) as failed:
        await read_all(sound, server)
    assert failed.value.failure == "too_long"
