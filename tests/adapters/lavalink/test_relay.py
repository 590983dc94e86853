"""Nodes get sounds from us under signed addresses, and nothing else by our help."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, override
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from seraphim.adapters.direct_http import AddressPolicy, GuardedFetcher, SoundFetcher
from seraphim.adapters.lavalink import Locator, Relay, SharedFolder
from seraphim.adapters.lavalink.relay import LIFETIME_SECONDS
from seraphim.features.music.ports import AddressRefused, Media, SourceFailed
from seraphim.kernel.clock import ManualClock

SOUND = b"OggS" + bytes(range(256)) * 40
PUBLIC = "127.0.0.2"
"""Plays a public address: the only one the policy of these tests lets through."""
REFUSED = [
    "http://127.0.0.1:{port}/secret",
    "http://localhost:{port}/secret",
    "http://[::1]:{port}/secret",
    "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://2130706433:{port}/secret",
    "http://0177.0.0.1:{port}/secret",
    "http://0x7f.0.0.1:{port}/secret",
    "http://127.1:{port}/secret",
    "http://0.0.0.0:{port}/secret",
    "http://169.254.169.254/latest/meta-data",
    "http://[fd00:ec2::254]/latest",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://100.100.100.200/",
    "http://[64:ff9b::7f00:1]:{port}/secret",
    "http://user:password@127.0.0.2:{port}/song",
    "http://127.0.0.2:6379/",
    "file:///etc/passwd",
    "ftp://127.0.0.2/song",
    "http://rebinding.test:{port}/secret",
    "http://127.0.0.2:{port}/redirect",
    "http://127.0.0.2:{port}/redirect-twice",
    "http://127.0.0.2:{port}/list.m3u",
    "http://127.0.0.2:{port}/list.pls",
    "http://127.0.0.2:{port}/page",
    "http://127.0.0.2:{port}/trap.m3u8",
]


class Rebinding(AbstractResolver):
    """Answers with a public and a private address: whoever takes one of them is lost."""

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = [PUBLIC, "127.0.0.1"] if host == "rebinding.test" else ["127.0.0.1"]
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET,
                "proto": 0,
                "flags": 0,
            }
            for address in addresses
        ]

    @override
    async def close(self) -> None:
        pass


@dataclass
class Place:
    """A web server that has songs, traps and a secret."""

    port: int
    relay: Relay
    fetcher: GuardedFetcher
    clock: ManualClock
    folder: Path
    asked: list[str] = field(default_factory=list[str])

    async def ask(self, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """What a node gets at one of our addresses."""
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "http", "method": "GET", "path": urlsplit(url).path, "headers": raw}
        sent: list[Any] = []

        stays = asyncio.Event()

        async def receive() -> dict[str, Any]:
            await stays.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.relay(scope, receive, send)
        answer = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return sent[0]["status"], answer, b"".join(part["body"] for part in sent[1:])


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    asked: list[str] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        asked.append(request.path)
        match request.path:
            case "/song" | "/picky":
                return _ranged(request)
            case "/redirect":
                raise web.HTTPFound(secret)
            case "/redirect-twice":
                raise web.HTTPFound("/redirect")
            case "/list.m3u":
                return web.Response(text=f"#EXTM3U\n{secret}\n")
            case "/list.pls":
                return web.Response(text=f"[playlist]\nFile1={secret}\n")
            case "/live.m3u8" | "/trap.m3u8":
                first = "/one" if request.path == "/live.m3u8" else secret
                pieces = f"#EXTINF:2,\n{first}\n#EXT-X-DISCONTINUITY\n#EXTINF:2,\n/two\n"
                tags = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
                return web.Response(text=f"{tags}{pieces}#EXT-X-ENDLIST\n")
            case "/page":
                return web.Response(text="<html>hello</html>", content_type="audio/mpeg")
            case _:
                return web.Response(body=SOUND)

    app = web.Application()
    app.router.add_get("/{tail:.*}", serve)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0)
    await site.start()
    port = runner.addresses[0][1]
    secret = f"http://127.0.0.1:{port}/secret"
    policy = AddressPolicy((ipaddress.ip_network(f"{PUBLIC}/32"),))
    fetcher = GuardedFetcher(policy, resolver=Rebinding())
    clock = ManualClock()
    folder = tmp_path / "library"
    folder.mkdir()
    sound = SoundFetcher(fetcher, clock)
    relay = Relay(["a password"], clock, fetcher=sound, roots=[folder])
    relay.base_url = "http://bot:8080"
    yield Place(port, relay, fetcher, clock, folder, asked)
    await fetcher.close()
    await runner.cleanup()


def _ranged(request: web.Request) -> web.Response:
    span = request.http_range
    if request.path == "/picky" and span.stop is None:
        raise web.HTTPForbidden
    if span.start is None:
        return web.Response(body=SOUND)
    part = SOUND[span]
    end = span.start + len(part) - 1
    headers = {"Content-Range": f"bytes {span.start}-{end}/{len(SOUND)}"}
    return web.Response(status=206, body=part, headers=headers)


@pytest.mark.parametrize("url", REFUSED)
async def test_no_road_into_a_private_network(place: Place, url: str) -> None:
    media = Media("http", url.format(port=place.port))
    ours = await Locator(place.relay).identifier(media)
    assert ours.startswith("http://bot:8080/media/node/")
    status, _, body = await place.ask(ours)
    assert (status, body) == (422, b"")
    assert "/secret" not in place.asked


@pytest.mark.parametrize("url", REFUSED)
async def test_no_road_either_when_nodes_fetch_themselves(place: Place, url: str) -> None:
    media = Media("http", url.format(port=place.port))
    try:
        ours = await Locator(place.relay, fetcher=place.fetcher).identifier(media)
    except SourceFailed:
        assert not url.endswith(".m3u8")
    else:
        assert (await place.ask(ours))[::2] == (422, b"")
    assert "/secret" not in place.asked


async def test_a_song_is_passed_on_whole_and_in_parts(place: Place) -> None:
    media = Media("http", f"http://{PUBLIC}:{place.port}/song")
    ours = place.relay.url_of(media)
    status, headers, body = await place.ask(ours)
    assert (status, body, headers["content-length"]) == (200, SOUND, str(len(SOUND)))
    status, headers, body = await place.ask(ours, range="bytes=100-199")
    assert (status, body) == (206, SOUND[100:200])
    assert headers["content-range"] == f"bytes 100-199/{len(SOUND)}"
    direct = await Locator(place.relay, fetcher=place.fetcher).identifier(media)
    assert direct == media.location


async def test_a_stream_in_pieces_reaches_a_node_as_one_sound_and_never_as_a_list(
    place: Place,
) -> None:
    media = Media("http", f"http://{PUBLIC}:{place.port}/live.m3u8")
    for locator in (Locator(place.relay), Locator(place.relay, fetcher=place.fetcher)):
        ours = await locator.identifier(media)
        assert ours.startswith("http://bot:8080/media/node/")
        assert (await place.ask(ours, range="bytes=0-"))[::2] == (200, SOUND + SOUND)


async def test_a_server_that_wants_its_ranges_bounded_is_asked_so_for_a_node(place: Place) -> None:
    media = Media("http", f"http://{PUBLIC}:{place.port}/picky", piece_bytes=1000)
    for locator in (Locator(place.relay), Locator(place.relay, fetcher=place.fetcher)):
        ours = await locator.identifier(media)
        status, headers, body = await place.ask(ours)
        assert (status, body, headers["content-length"]) == (200, SOUND, str(len(SOUND)))
        status, headers, body = await place.ask(ours, range="bytes=2500-")
        assert (status, body) == (206, SOUND[2500:])


async def test_files_of_the_library_are_served_in_parts(place: Place) -> None:
    song = place.folder / "song.opus"
    song.write_bytes(SOUND)
    ours = place.relay.url_of(Media("file", str(song)))
    assert (await place.ask(ours))[::2] == (200, SOUND)
    status, headers, body = await place.ask(ours, range="bytes=1000-")
    assert (status, body) == (206, SOUND[1000:])
    assert headers["content-range"] == f"bytes 1000-{len(SOUND) - 1}/{len(SOUND)}"
    assert (await place.ask(ours, range=f"bytes={len(SOUND)}-"))[0] == 416


@pytest.mark.parametrize("path", ["/etc/passwd", "../outside.opus", "link.opus"])
async def test_files_outside_the_library_are_not_there(place: Place, path: str) -> None:
    outside = place.folder.parent / "outside.opus"
    outside.write_bytes(SOUND)
    (place.folder / "link.opus").symlink_to(outside)
    ours = place.relay.url_of(Media("file", str(place.folder / path)))
    assert (await place.ask(ours))[::2] == (404, b"")


async def test_an_address_that_was_changed_or_is_old_opens_nothing(place: Place) -> None:
    song = place.folder / "song.opus"
    song.write_bytes(SOUND)
    ours = place.relay.url_of(Media("file", str(song)))
    middle = len(ours) - 30
    changed = ours[:middle] + ("A" if ours[middle] != "A" else "B") + ours[middle + 1 :]
    for address in (changed, "http://bot:8080/media/node/", "http://bot:8080/media/node/x%20y"):
        assert (await place.ask(address))[0] == 403
    other = Relay(["another password"], place.clock, roots=[place.folder])
    assert (await place.ask(other.url_of(Media("file", str(song)))))[0] == 403
    same = Relay(["a password"], place.clock, roots=[place.folder])  # after a restart
    assert (await place.ask(same.url_of(Media("file", str(song)))))[0] == 200
    await place.clock.advance(LIFETIME_SECONDS + 1)
    assert (await place.ask(ours))[0] == 403


async def test_a_shared_folder_is_named_as_the_node_sees_it(place: Place) -> None:
    shared = SharedFolder(place.folder, "/music")
    locator = Locator(place.relay, shared=shared)
    inside = Media("file", str(place.folder / "a" / "b.opus"))
    assert await locator.identifier(inside) == "/music/a/b.opus"
    outside = await locator.identifier(Media("file", "/elsewhere/b.opus"))
    assert outside.startswith("http://bot:8080/media/node/")


async def test_a_refusal_keeps_its_class(place: Place) -> None:
    locator = Locator(place.relay, fetcher=place.fetcher)
    with pytest.raises(AddressRefused):
        await locator.identifier(Media("http", "http://10.0.0.1/"))
