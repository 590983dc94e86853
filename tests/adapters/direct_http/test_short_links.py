"""Short links of services: where they lead, and where they must not."""

from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from tests.adapters.direct_http.conftest import NamedResolver, Server

from seraphim.adapters.catalogues.links import read_apple, read_deezer, read_spotify
from seraphim.adapters.direct_http import AddressPolicy, GuardedFetcher, ShortLinks
from seraphim.features.music.ports import AddressRefused, SourceFailed

HOSTS = ("spotify.link", "link.deezer.com", "deezer.page.link", "on.soundcloud.com")
SONG = "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"


@pytest.fixture
async def links() -> AsyncIterator[ShortLinks]:
    """May reach loopback, under the names of services too."""
    resolver = NamedResolver()
    resolver.names = {host: ["127.0.0.1"] for host in (*HOSTS, "geo.music.apple.com", "app.test")}
    resolver.names["open.spotify.com"] = ["127.0.0.1"]
    fetcher = GuardedFetcher(AddressPolicy.parse(["127.0.0.0/8"]), resolver=resolver)
    yield ShortLinks(fetcher)
    await fetcher.close()


def is_named(read: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda link: read(link) is not None


@pytest.mark.parametrize(
    ("host", "location", "meant", "read"),
    [
        ("spotify.link", f"{SONG}?si=1", f"{SONG}?si=1", read_spotify),
        (
            "link.deezer.com",
            "https://deezer.test/app?dest=https%3A%2F%2Fwww.deezer.com%2Ftrack%2F3135556",
            "https://www.deezer.com/track/3135556",
            read_deezer,
        ),
        (
            "deezer.page.link",
            "https://www.deezer.com/en/album/302127?host=0",
            "https://www.deezer.com/en/album/302127?host=0",
            read_deezer,
        ),
        (
            "geo.music.apple.com",
            "https://music.apple.com/us/album/dawn/1440857781?i=1440857782",
            "https://music.apple.com/us/album/dawn/1440857781?i=1440857782",
            read_apple,
        ),
    ],
)
async def test_a_short_link_stands_for_what_its_service_says(
    server: Server,
    links: ShortLinks,
    host: str,
    location: str,
    meant: str,
    read: Callable[[str], object],
) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.headers["User-Agent"])
        return web.Response(status=302, headers={"Location": location})

    server.handlers["/x"] = answer
    link = f"http://{host}:{server.port}/x"
    assert await links.follow(link, until=is_named(read)) == meant
    assert len(asked) == 1, "what is meant is not opened"
    assert "Mozilla" not in asked[0]


async def test_several_hops_are_followed_and_the_end_is_told(
    server: Server, links: ShortLinks
) -> None:
    server.redirect("/a", f"http://app.test:{server.port}/b")
    server.redirect("/b", SONG)
    link = f"http://spotify.link:{server.port}/a"
    assert await links.follow(link, until=is_named(read_spotify)) == SONG

    show = f"http://open.spotify.com:{server.port}/show/1"
    server.redirect("/show", show)
    server.serve("/show/1", b"<html></html>", "text/html")
    link = f"http://spotify.link:{server.port}/show"
    assert await links.follow(link, until=is_named(read_spotify)) == show


async def test_circles_end(server: Server, links: ShortLinks) -> None:
    link = server.redirect("/a", "/a")
    assert await links.follow(link, until=lambda _: False) == link
    assert len(server.seen) == 5


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/x", "http://[::1]/x", "file:///etc/passwd", "//169.254.169.254/"]
)
async def test_no_short_link_leads_inside(server: Server, links: ShortLinks, target: str) -> None:
    server.redirect("/a", f"http://app.test:{server.port}/b")
    server.redirect("/b", target)
    with pytest.raises(AddressRefused):
        await links.follow(f"http://spotify.link:{server.port}/a", until=lambda _: False)


async def test_a_link_that_is_no_more_says_so(server: Server, links: ShortLinks) -> None:
    with pytest.raises(SourceFailed) as gone:
        await links.follow(f"http://spotify.link:{server.port}/gone", until=lambda _: False)
    assert gone.value.failure == "removed"
