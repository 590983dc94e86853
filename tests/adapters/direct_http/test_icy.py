"""Radio stations that say what they play, between the sound."""

import pytest
from aiohttp import web
from tests.adapters.direct_http.conftest import Server

from seraphim.adapters.direct_http import DirectHttpTracks, GuardedFetcher
from seraphim.adapters.direct_http.icy import read_title
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import SystemClock

SOUND = bytes(range(256)) * 64
INTERVAL = 1000


def text(words: str, encoding: str = "utf-8") -> bytes:
    said = words.encode(encoding)
    units = -(-len(said) // 16)
    return bytes([units]) + said.ljust(units * 16, b"\0")


def station(server: Server, *texts: bytes, path: str = "/radio") -> str:
    """Let a station send the sound with a text after every 1,000 bytes; only to who asks for it."""
    spoken = bytearray()
    said = list(texts)
    for start in range(0, len(SOUND), INTERVAL):
        part = SOUND[start : start + INTERVAL]
        spoken += part
        if len(part) == INTERVAL:
            spoken += said.pop(0) if said else b"\0"

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Icy-MetaData") != "1":
            return web.Response(body=SOUND, content_type="audio/mpeg")
        headers = {"icy-metaint": str(INTERVAL), "icy-name": "Radio One"}
        return web.Response(body=bytes(spoken), content_type="audio/mpeg", headers=headers)

    server.handlers[path] = answer
    return server.url(path)


async def test_titles_are_told_and_the_sound_is_left_whole(
    server: Server, fetcher: GuardedFetcher
) -> None:
    url = station(
        server,
        text("StreamTitle='Aurora - First Light';StreamUrl='';"),
        b"\0",
        text("StreamTitle='Aurora - Last Light';"),
        text("StreamTitle='Aurora - Last Light';"),
    )
    tracks = DirectHttpTracks(fetcher, SystemClock())
    track = Track("http", url, "Radio One", is_stream=True)
    told: list[str] = []
    tracks.follow_titles(told.append)

    body = await fetcher.open(url, endless=True)
    heard = bytearray()
    while data := await body.read(777):
        heard += data
        if len(heard) == 2 * INTERVAL:
            assert tracks.live_title(track) == "Aurora - First Light"

    assert bytes(heard) == SOUND
    assert told == [url, url], "the same title is told once"
    assert tracks.live_title(track) == "Aurora - Last Light"
    await body.close()
    await body.close()
    assert tracks.live_title(track) is None


async def test_a_file_is_not_asked_for_titles(server: Server, fetcher: GuardedFetcher) -> None:
    body = await fetcher.open(station(server, text("StreamTitle='x';")))
    assert await body.read_up_to(len(SOUND)) == SOUND
    await body.close()


async def test_several_listeners_share_what_a_station_says(
    server: Server, fetcher: GuardedFetcher
) -> None:
    url = station(server, text("StreamTitle='One';"))
    first, second = [await fetcher.open(url, endless=True) for _ in range(2)]
    await first.read_up_to(INTERVAL + 1)
    await second.close()
    assert fetcher.titles.find(url) == "One"
    await first.close()
    assert fetcher.titles.find(url) is None


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (b"StreamTitle='It's a man's world';StreamUrl='';", "It's a man's world"),
        (b"StreamTitle='Caf\xe9';\0\0", "Café"),
        ("StreamTitle='Ночь';".encode(), "Ночь"),
        (b"StreamTitle='@everyone\x1b[31m\r\n';", "@everyone [31m"),
        (b"StreamTitle='';", ""),
        (b"StreamUrl='http://x/';", None),
        (b"\xff\xfe\x00", None),
        (b"StreamTitle='cut", None),
    ],
)
def test_titles_are_read_as_stations_write_them(said: bytes, title: str | None) -> None:
    assert read_title(said) == title


@pytest.mark.parametrize("interval", ["0", "-1", "x", "99999999999999999999", "2000000"])
async def test_absurd_intervals_are_ignored(
    server: Server, fetcher: GuardedFetcher, interval: str
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        headers = {"icy-metaint": interval}
        return web.Response(body=SOUND, content_type="audio/mpeg", headers=headers)

    server.handlers["/odd"] = answer
    body = await fetcher.open(server.url("/odd"), endless=True)
    assert await body.read_up_to(len(SOUND)) == SOUND
    await body.close()


async def test_a_text_that_is_cut_off_ends_the_stream(
    server: Server, fetcher: GuardedFetcher
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        body = SOUND[:INTERVAL] + bytes([255]) + b"StreamTitle='never"
        headers = {"icy-metaint": str(INTERVAL)}
        return web.Response(body=body, content_type="audio/mpeg", headers=headers)

    server.handlers["/cut"] = answer
    body = await fetcher.open(server.url("/cut"), endless=True)
    assert await body.read_up_to(len(SOUND)) == SOUND[:INTERVAL]
    await body.close()
