"""Fetching: what is refused on the way, and what limits are kept."""

import asyncio
import gzip

import pytest
from aiohttp import web
from tests.adapters.direct_http.conftest import NamedResolver, Server

from seraphim.adapters.direct_http import AddressPolicy, GuardedFetcher
from seraphim.features.music.ports import AddressRefused, SourceFailed


async def test_bytes_arrive_with_their_headers(server: Server, fetcher: GuardedFetcher) -> None:
    url = server.serve("/a.mp3", b"x" * 1000, "Audio/MPEG; charset=binary")

    body = await fetcher.open(url)

    assert (body.content_type, body.content_length, body.url) == ("audio/mpeg", 1000, url)
    assert await body.read_up_to(4000) == b"x" * 1000
    assert await body.read(10) == b""
    await body.close()
    await body.close()


async def test_loopback_is_refused_by_default(server: Server) -> None:
    fetcher = GuardedFetcher()

    with pytest.raises(AddressRefused):
        await fetcher.open(server.serve("/a.mp3", b"x"))

    assert server.seen == []
    await fetcher.close()


async def test_a_redirect_to_a_private_address_is_refused(
    server: Server, fetcher: GuardedFetcher
) -> None:
    for number, target in enumerate(
        ["http://169.254.169.254/latest", "http://[::1]/", "http://10.0.0.1/", "file:///etc/passwd"]
    ):
        with pytest.raises(AddressRefused):
            await fetcher.open(server.redirect(f"/{number}", target))


async def test_redirects_are_followed_and_bounded(server: Server, fetcher: GuardedFetcher) -> None:
    server.serve("/end.mp3", b"song")
    body = await fetcher.open(server.redirect("/start", "/end.mp3"))
    assert (await body.read(100), body.url) == (b"song", server.url("/end.mp3"))
    await body.close()

    server.redirect("/circle", "/circle")
    with pytest.raises(SourceFailed, match="circles"):
        await fetcher.open(server.url("/circle"))


async def test_a_name_that_leads_inside_is_refused(server: Server) -> None:
    resolver = NamedResolver(inside_test=["127.0.0.1"], both_test=["93.184.216.34+10.0.0.1"])
    fetcher = GuardedFetcher(resolver=resolver)

    for host in ("inside.test", "both.test"):
        with pytest.raises(AddressRefused):
            await fetcher.open(f"http://{host}:{server.port}/a.mp3")

    assert server.seen == []
    await fetcher.close()


async def test_a_name_that_changes_its_answer_is_judged_each_time(server: Server) -> None:
    server.serve("/a.mp3", b"x")
    resolver = NamedResolver(rebind_test=["127.0.0.1", "10.0.0.1"])
    fetcher = GuardedFetcher(AddressPolicy.parse(["127.0.0.0/8"]), resolver=resolver)
    url = f"http://rebind.test:{server.port}/a.mp3"

    await (await fetcher.open(url)).close()
    assert resolver.asked == ["rebind.test"]
    with pytest.raises(AddressRefused):
        await fetcher.open(url)
    await fetcher.close()


async def test_an_unknown_name_and_a_dead_port_are_said(fetcher: GuardedFetcher) -> None:
    unknown = GuardedFetcher(resolver=NamedResolver())
    with pytest.raises(SourceFailed, match="could not find that server"):
        await unknown.open("http://nowhere.test/a.mp3")
    await unknown.close()

    with pytest.raises(SourceFailed, match="could not reach"):
        await fetcher.open("http://127.0.0.1:1024/a.mp3")


@pytest.mark.parametrize(
    ("status", "failure"),
    [(401, "login"), (403, "login"), (404, "removed"), (410, "removed"), (451, "region")],
)
async def test_error_answers_are_classified(
    server: Server, fetcher: GuardedFetcher, status: int, failure: str
) -> None:
    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    server.handlers["/x"] = answer
    with pytest.raises(SourceFailed) as caught:
        await fetcher.open(server.url("/x"))
    assert caught.value.failure == failure


async def test_a_file_that_says_it_is_too_large_is_refused(
    server: Server, fetcher: GuardedFetcher
) -> None:
    async def ten_gigabytes(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(10 * 1024**3)})
        await response.prepare(request)
        return response

    server.handlers["/big"] = ten_gigabytes
    with pytest.raises(SourceFailed, match="larger than the 1 MB"):
        await fetcher.open(server.url("/big"))


async def test_a_file_that_turns_out_too_large_is_cut_off(
    server: Server, fetcher: GuardedFetcher
) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    server.handlers["/endless"] = endless
    body = await fetcher.open(server.url("/endless"))
    with pytest.raises(SourceFailed, match="larger"):
        await body.read_up_to(2 * 1024 * 1024)

    live = await fetcher.open(server.url("/endless"), endless=True)
    assert len(await live.read_up_to(2 * 1024 * 1024)) == 2 * 1024 * 1024
    await live.close()


async def test_compressed_answers_are_refused(server: Server, fetcher: GuardedFetcher) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    url = server.serve("/bomb", bomb, **{"Content-Encoding": "gzip"})

    with pytest.raises(SourceFailed, match="compressed"):
        await fetcher.open(url)


async def test_servers_that_hang_are_given_up(server: Server, fetcher: GuardedFetcher) -> None:
    released = asyncio.Event()

    async def silent(_: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    async def stalls(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"begin")
        await released.wait()
        return response

    server.handlers |= {"/silent": silent, "/stalls": stalls}
    with pytest.raises(SourceFailed, match="did not answer"):
        await fetcher.open(server.url("/silent"))

    body = await fetcher.open(server.url("/stalls"))
    assert await body.read(100) == b"begin"
    with pytest.raises(SourceFailed, match="stopped sending"):
        await body.read(100)
    released.set()
    await body.close()
