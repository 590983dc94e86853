"""No address that members type makes the bot, or its Lavalink node, reach into our own network.

A server on 127.0.0.1 stands for everything inside and counts who comes; one on 127.0.0.2, which the
bot is allowed to fetch from, stands for the internet. Each way in is tried on both ways to play.
"""

import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from tests.adapters.direct_http.conftest import NamedResolver
from tests.adapters.direct_http.test_policy import REFUSED_URLS
from tests.support.music_bot import BACKENDS, MusicBot, music_bot
from tests.support.songs import make_song

from discord_sandbox.driver import Guild, Member
from discord_sandbox.server import Sandbox
from seraphim.adapters.direct_http import GuardedFetcher
from seraphim.app import wiring

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REBOUND, INNER = "rebound.example", "inner.example"


@dataclass
class Site:
    """A web server; ``pages`` says what is where, ``hits`` who came."""

    host: str
    port: int = 0
    pages: dict[str, Handler] = field(default_factory=dict[str, Handler])
    hits: list[str] = field(default_factory=list[str])

    @property
    def url(self) -> str:
        """``http://host:port``."""
        return f"http://{self.host}:{self.port}"

    def redirect(self, path: str, target: str) -> str:
        """Send whoever comes elsewhere."""

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(status=302, headers={"Location": target})

        self.pages[path] = answer
        return self.url + path

    def serve(self, path: str, body: bytes, content_type: str = "audio/mpeg") -> str:
        """Put a file there."""

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, content_type=content_type)

        self.pages[path] = answer
        return self.url + path

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        self.hits.append(request.path)
        handler = self.pages.get(request.path)
        return web.Response(status=404) if handler is None else await handler(request)


@dataclass
class Net:
    """What is inside, what is outside, and the names that lead there."""

    inside: Site
    outside: Site
    names: NamedResolver


@pytest.fixture
async def net(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Net]:
    """Two servers, and a resolver whose answers change."""
    made = Net(Site("127.0.0.1"), Site("127.0.0.2"), NamedResolver())
    made.names.names = {REBOUND: ["127.0.0.2", "127.0.0.1"], INNER: ["127.0.0.1"]}
    song = make_song(tmp_path / "secret.mp3", seconds=2).read_bytes()
    runners: list[web.AppRunner] = []
    for site in (made.inside, made.outside):
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", site.answer)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        runners.append(runner)
        await web.TCPSite(runner, site.host, 0).start()
        site.port = runner.addresses[0][1]
        site.serve("/song.mp3", song)
    fetcher = functools.partial(GuardedFetcher, resolver=made.names)
    monkeypatch.setattr(wiring, "GuardedFetcher", fetcher)
    yield made
    for runner in runners:
        await runner.cleanup()


@pytest.fixture(params=BACKENDS)
async def music(
    request: pytest.FixtureRequest, sandbox: Sandbox, net: Net, tmp_path: Path
) -> AsyncIterator[MusicBot]:
    """The bot on each of the two ways to play; it may fetch from 127.0.0.2 and nowhere inside."""
    library = tmp_path / "library"
    library.mkdir()
    assert net.inside.port
    async with music_bot(
        sandbox, request.param, tmp_path / "bot", library, SERAPHIM_HTTP_ALLOW="127.0.0.2/32"
    ) as made:
        yield made


@pytest.fixture
async def alice(music: MusicBot, guild: Guild) -> Member:
    """A member in the voice channel Music."""
    assert music.bot.wiring.client.is_ready()
    member = await guild.member("alice")
    member.use("music")
    await member.join("Music")
    return member


async def _refused(alice: Member, query: str, command: str = "play") -> None:
    reply = await alice.slash(command, query=query)
    assert reply.ephemeral, f"{query} was taken: {reply.text}"
    assert "music.address_refused" in reply.text, f"{query}: {reply.text}"


def _nobody_came(music: MusicBot, net: Net) -> None:
    """Nothing inside was reached, and no node was told to fetch anything at all."""
    assert net.inside.hits == []
    if music.node is not None:
        assert music.node.loaded == []


async def test_no_form_of_an_inner_address_is_taken(
    alice: Member, music: MusicBot, net: Net
) -> None:
    port = net.inside.port
    tricks = [
        f"http://{net.outside.host}@127.0.0.1:{port}/song.mp3",
        f"http://{net.outside.host}:80@127.0.0.1:{port}/song.mp3",
        f"http://{net.outside.host}%2F@127.0.0.1:{port}/song.mp3",
        f"http://{net.outside.host}\\@127.0.0.1:{port}/song.mp3",
        f"http://user:pass@[::ffff:127.0.0.1]:{port}/song.mp3",
        f"http://①②⑦.⓪.⓪.①:{port}/song.mp3",
        f"http://127。0。0。1:{port}/song.mp3",
        f"HTTP://LOCALHOST:{port}/song.mp3",
        f"http://{INNER}:{port}/song.mp3",
        "file:///etc/passwd",
        "ftp://127.0.0.1/song.mp3",
        "gopher://127.0.0.1/",
        "data://text/plain;base64,AAAA",
        f"concat://http://127.0.0.1:{port}/song.mp3",
    ]
    for url in (f"http://127.0.0.1:{port}/song.mp3", *tricks, *REFUSED_URLS):
        reply = await alice.slash("play", query=url)
        assert reply.ephemeral, f"{url} was taken: {reply.text}"
        assert "music." in reply.text, f"{url}: {reply.text}"
    _nobody_came(music, net)


async def test_no_way_around_leads_inside(alice: Member, music: MusicBot, net: Net) -> None:
    outside, secret = net.outside, f"{net.inside.url}/song.mp3"
    mapped = f"http://[::ffff:127.0.0.1]:{net.inside.port}/song.mp3"
    for number, target in enumerate(
        (
            secret,
            mapped,
            f"http://{INNER}:{net.inside.port}/song.mp3",
            "http://169.254.169.254/",
            "file:///etc/passwd",
            f"//127.0.0.1:{net.inside.port}/song.mp3",
        )
    ):
        await _refused(alice, outside.redirect(f"/a{number}.mp3", target))
        hop = outside.redirect(f"/b{number}.mp3", f"{outside.url}/a{number}.mp3")
        await _refused(alice, hop, "playnext")
        m3u = outside.serve(f"/c{number}.m3u", f"#EXTM3U\n#EXTINF:1,x\n{target}\n".encode())
        await _refused(alice, m3u)
        via = outside.serve(f"/d{number}.m3u", f"#EXTM3U\n{outside.url}/b{number}.mp3\n".encode())
        await _refused(alice, via, "playnow")
        pls = outside.serve(
            f"/e{number}.pls", f"[playlist]\nFile1={m3u}\nFile2={target}\n".encode()
        )
        await _refused(alice, pls)
        said = await alice.channel("music").send(f"listen to {m3u}")
        assert (await alice.context("Play this", said)).ephemeral
    _nobody_came(music, net)


async def test_nothing_in_a_stream_in_pieces_leads_inside(
    alice: Member, music: MusicBot, net: Net
) -> None:
    """Pieces, keys, beginnings and variants, told outright or by a redirect."""
    outside, kind = net.outside, "application/vnd.apple.mpegurl"
    secret = f"{net.inside.url}/song.mp3"
    begin = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
    end = f"#EXTINF:2,\n{outside.url}/song.mp3\n#EXT-X-ENDLIST\n"
    inner = f"http://{INNER}:{net.inside.port}/song.mp3"
    for number, target in enumerate((secret, inner, outside.redirect("/hop", secret))):
        for place, text in {
            "piece": f"{begin}#EXTINF:2,\n{target}\n{end}",
            "key": f'{begin}#EXT-X-KEY:METHOD=AES-128,URI="{target}"\n{end}',
            "map": f'{begin}#EXT-X-MAP:URI="{target}"\n{end}',
            "variant": f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n{target}\n",
        }.items():
            await _refused(alice, outside.serve(f"/{place}{number}.m3u8", text.encode(), kind))
    _nobody_came(music, net)


async def test_a_name_that_changes_its_address_is_judged_at_every_look(
    alice: Member, music: MusicBot, net: Net
) -> None:
    """The first answer is public, every later one is not: nothing is fetched from the later."""
    assert net.inside.port != net.outside.port
    url = f"http://{REBOUND}:{net.outside.port}/song.mp3"
    inner = f"http://{REBOUND}:{net.inside.port}/song.mp3"
    await alice.slash("play", query=url)
    await _refused(alice, inner)
    assert net.inside.hits == []
    assert net.names.asked.count(REBOUND) >= 2
    if music.node is not None:
        assert not [one for one in music.node.loaded if REBOUND in one or "127.0.0.2" in one]


async def test_an_address_that_turns_inside_after_it_was_judged_is_not_followed(
    alice: Member, music: MusicBot, net: Net, tmp_path: Path
) -> None:
    """It is a song while it is looked at; when it is played, it leads inside."""
    outside = net.outside
    song = make_song(tmp_path / "bait.mp3", seconds=2).read_bytes()
    is_turned = False

    async def bait(_: web.Request) -> web.StreamResponse:
        if is_turned:
            return web.Response(status=302, headers={"Location": f"{net.inside.url}/song.mp3"})
        return web.Response(body=song, content_type="audio/mpeg")

    outside.pages["/bait.mp3"] = bait
    voice = await alice.join("Music")
    first = outside.serve("/first.mp3", make_song(tmp_path / "first.mp3", seconds=20).read_bytes())
    await alice.slash("play", query=first)
    taken = await alice.slash("play", query=f"{outside.url}/bait.mp3")
    assert not taken.ephemeral
    await voice.until_speaking()
    is_turned = True
    await alice.slash("skip")
    said = await alice.channel("music").wait_for(lambda one: "could not play" in one.text.lower())
    assert "127.0.0.1" not in said.text
    assert net.inside.hits == []
    if music.node is not None:  # it only ever hears of the bot's own relay
        base = music.bot.web.url
        assert music.node.loaded
        assert all(one.startswith(base) for one in music.node.loaded), music.node.loaded
