"""What strangers write into tags and playlists is shown clean, pings nobody, breaks nothing."""

import json
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from tests.support.music_bot import MusicBot, music_bot
from tests.support.songs import make_song

from discord_sandbox.driver import Guild, Member
from discord_sandbox.server import Sandbox

ROLE, USER = 1456074443980800012, 1456074443980800032
BOMB = f"@everyone @here <@{USER}> <@&{ROLE}> <#1> <@!{USER}>"
TITLES = {
    "bomb": BOMB,
    "million": "Long " + "word " * 200_000 + BOMB,
    "control": "Bell\a Escape\x1b[31m Null\u0001 Line\nBreak\r\tTab Next\x85 Sep\u2028\u2029",
    "bidi": "Left \u202e@everyone gnp.exe\u202c \u2066isolated\u2069 \u200eend\u200f",
    "markup": "**bold** [click](https://evil.example) `code` ```block``` ||spoiler|| # > -# ~~x~~",
    "zalgo": "Z" + "\u0315\u0321\u035c" * 2000,
    "private": "Private \ue000\uf8ff tag \U000e0041\U000e007f end",
    "blank": "\u200b \u2060\u00ad",
}


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A song for each title, whose artist and album are no better, and one that is no song."""
    folder = tmp_path_factory.mktemp("titles")
    for name, title in TITLES.items():
        tags = {"title": title, "artist": title, "album": title}
        make_song(folder / f"{name}.flac", seconds=2.5, tags=tags)
    (folder / "@everyone [x](https:evil) *.mp3").write_bytes(b"\xff\xfb\x90\x00" + bytes(3000))
    return folder


@pytest.fixture
async def music(sandbox: Sandbox, library: Path, tmp_path: Path) -> AsyncIterator[MusicBot]:
    """The bot; it may fetch from 127.0.0.2."""
    async with music_bot(
        sandbox, "embedded", tmp_path / "bot", library, SERAPHIM_HTTP_ALLOW="127.0.0.2/32"
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


class _Watch:
    """Sees every message that the bot sends or edits, and the choices it offers."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def on_exchange(
        self,
        method: str,
        template: str | None,
        path: str,
        status: int,
        request_body: bytes | None,
        response_body: bytes | None,
        content_type: str,
    ) -> None:
        """Note a request's body."""
        _ = template, status, response_body, content_type
        if request_body and method in {"POST", "PATCH"} and "commands" not in path:
            self.sent.append(json.loads(request_body))


# JSON is what it is; its values are of no known type.
# pyright: reportUnknownVariableType=false


def _texts(value: Any) -> list[str]:
    """Every text in a body that Discord shows as markdown."""
    if isinstance(value, dict):
        # Labels of menus and choices of autocomplete are plain text to Discord.
        plain = "label" in value or "choices" in value
        return [] if plain else [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def _plain(value: Any) -> list[str]:
    """Every text in a body, plain or not."""
    if isinstance(value, dict | list):
        return [
            text
            for one in (value.values() if isinstance(value, dict) else value)
            for text in _plain(one)
        ]
    return [value] if isinstance(value, str) else []


def _check_text(text: str) -> None:
    """No mention that anybody would parse, and no link that is not what it seems."""
    for mention in ("@everyone", "@here", "<@&", "<#1>", f"<@{USER}>", f"<@!{USER}>"):
        assert mention not in text, repr(text[:300])
    assert "](https" not in text.replace("\\]", "")


def _check_characters(text: str) -> None:
    """No control, direction or private characters."""
    for character in text:
        category = unicodedata.category(character)
        assert character == "\n" or category not in {"Cc", "Co", "Cs", "Zl", "Zp"}, repr(text[:300])
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


async def _check_channel(alice: Member, watch: _Watch) -> None:
    """Nothing in the channel pings, and nothing sent could have."""
    for message in await alice.channel("music").messages():
        assert message.data["mentions"] == []
        assert message.data["mention_roles"] == []
        assert message.data["mention_everyone"] is False
    for body in watch.sent:
        data = body.get("data", body)
        if "embeds" in data or "content" in data:
            assert data["allowed_mentions"] == {"parse": []}, data
        for text in _texts(data):
            _check_text(text)
        for text in _plain(data):
            _check_characters(text)


async def test_titles_are_cleaned_wherever_they_are_shown(
    alice: Member, music: MusicBot, guild: Guild, sandbox: Sandbox
) -> None:
    watch = _Watch()
    sandbox.observers.append(watch)
    ada = await guild.owner()
    ada.use("music")
    loud = {"feature": "music", "setting": "announce", "value": "loud"}
    await ada.slash("settings change", loud)
    voice = await alice.join("Music")
    for name in TITLES:
        answer = await alice.slash("play", query=f"{name}.flac")
        assert not answer.ephemeral, answer.text
    await voice.until_speaking()
    controller = await alice.slash("nowplaying")
    assert "everyone" in controller.text  # shown, and not swallowed
    await alice.slash("queue")
    found = await alice.slash("search", query="everyone")
    for one in found.message.selects[0]["options"]:
        assert len(one["label"]) <= 100
    await alice.autocomplete("play", query="every")
    await alice.autocomplete("remove", songs="1")
    gone = await alice.slash("remove", songs="1-7")
    await gone.click("Undo")
    await alice.slash("move", song=3, to=1)
    for command, options in (("pause", {}), ("resume", {}), ("seek", {"position": "1"})):
        await alice.slash(command, options)
    await alice.slash("voteskip")
    await alice.slash("back")
    await alice.slash("playlist save", name=BOMB[:40])
    await alice.slash("playlist list")
    await alice.slash("playlist show", name=BOMB[:40])
    await alice.slash("playlist load", name=BOMB)
    await alice.slash("play", query=BOMB)
    await alice.slash("play", query="@everyone \u202e nothing like this")
    await alice.slash("play", query="https://example.invalid/@everyone.mp3")
    await alice.slash("seek", position="@everyone")
    await alice.slash("remove", songs="@everyone")
    await alice.slash("grab") if alice.offers("grab") else None
    # The next song is announced when one ends by itself.
    await alice.channel("music").wait_for(
        lambda one: one.text.startswith("▶ Now playing"), timeout=15
    )
    await _check_channel(alice, watch)
    assert music.bot.wiring.client.is_ready()


async def test_a_song_that_cannot_be_played_is_named_cleanly(
    alice: Member, sandbox: Sandbox
) -> None:
    watch = _Watch()
    sandbox.observers.append(watch)
    reply = await alice.slash("play", query="@everyone [x]")
    text = reply.text
    if not reply.ephemeral:
        notice = await alice.channel("music").wait_for(lambda one: "could not" in one.text.lower())
        text = notice.text
    assert "everyone" in text  # named, and not swallowed
    assert "@everyone" not in text
    assert "[x](https" not in text
    await _check_channel(alice, watch)


@pytest.fixture
async def pages() -> AsyncIterator[tuple[str, dict[str, bytes], list[str]]]:
    """A web server on 127.0.0.2: its address, what it serves, and what was asked of it."""
    served: dict[str, bytes] = {}
    asked: list[str] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        asked.append(request.path_qs)
        body = served.get(request.path)
        if body is None:
            return web.Response(status=404)
        return web.Response(body=body, content_type="audio/x-mpegurl")

    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.2", 0).start()
    host, port = runner.addresses[0][:2]
    yield f"http://{host}:{port}", served, asked
    await runner.cleanup()


async def test_malformed_playlists_end_in_a_sentence(
    alice: Member,
    music: MusicBot,
    pages: tuple[str, dict[str, bytes], list[str]],
    tmp_path: Path,
) -> None:
    base, served, asked = pages
    served["/song.mp3"] = make_song(tmp_path / "song.mp3", seconds=2).read_bytes()
    served["/binary.m3u"] = b"#EXTM3U\n" + bytes(range(256)) * 400
    served["/nul.m3u"] = b"#EXTM3U\n\0\0\0\n\xff\xfe\n"
    served["/empty.m3u"] = b"#EXTM3U\n#EXTINF:-1,@everyone\n"
    served["/huge.m3u"] = b"#EXTM3U\n" + b"x" * 3_000_000
    served["/lines.m3u"] = b"#EXTM3U\n" + b"#EXTINF:1,y\n" * 300_000
    served["/schemes.m3u"] = b"#EXTM3U\nfile:///etc/passwd\nconcat:a|b\n/etc/passwd\n"
    served["/numbers.pls"] = b"[playlist]\nFile99999=\nFile0=//[\nNumberOfEntries=-1\nFile-1=a\n"
    served["/digits.pls"] = b"[playlist]\n" + "File٣=http://a/\n".encode() * 50
    served["/list.xspf"] = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
        b'<playlist xmlns="http://xspf.org/ns/0/"><trackList><track><location>file:///etc/passwd'
        b"</location></track></trackList>&b;</playlist>"
    )
    for depth in range(8):
        served[f"/deep{depth}.m3u"] = f"#EXTM3U\n/deep{depth + 1}.m3u\n".encode()
    served["/deep8.m3u"] = b"#EXTM3U\n/song.mp3\n"
    fine = {"/song.mp3", "/deep6.m3u", "/deep7.m3u", "/deep8.m3u"}  # three deep is allowed
    for path in [path for path in served if path not in fine]:
        reply = await alice.slash("play", query=base + path, timeout=15)
        assert reply.ephemeral, f"{path}: {reply.text}"
        assert "music." in reply.text, f"{path}: {reply.text}"
        assert "internal" not in reply.text.lower(), path
    served["/mixed.m3u"] = b"\xef\xbb\xbf#EXTM3U\r\n\xff\xfe\r\nhttp://[::1]/\r\n/song.mp3\r\n"
    taken = await alice.slash("play", query=f"{base}/mixed.m3u", timeout=15)
    assert not taken.ephemeral, taken.text
    assert music.bot.wiring.client.is_ready()
    assert asked


async def test_a_playlist_of_itself_costs_a_few_requests(
    alice: Member, pages: tuple[str, dict[str, bytes], list[str]]
) -> None:
    """Fifty times itself would be 125 000 requests three levels down; so would fifty others."""
    base, served, asked = pages
    served["/self.m3u"] = b"#EXTM3U\n" + b"/self.m3u\n" * 50
    refused = await alice.slash("play", query=f"{base}/self.m3u", timeout=20)
    assert refused.ephemeral
    assert len(asked) <= 5
    asked.clear()
    for number in range(50):
        served[f"/{number}.m3u"] = b"#EXTM3U\n" + b"".join(
            b"/%d.m3u?%d\n" % (other, number) for other in range(50)
        )
    refused = await alice.slash("play", query=f"{base}/0.m3u", timeout=20)
    assert refused.ephemeral
    assert len(asked) <= 110
