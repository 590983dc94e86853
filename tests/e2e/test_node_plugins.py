"""What a node can do beyond playing is seen by people: words, skipped parts, and radio's titles."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from tests.support.lavalink_node.node import LavalinkNode, NodeOptions
from tests.support.music_bot import MusicBot, music_bot, node_settings
from tests.support.places import place_after
from tests.support.services.lrclib import Lrclib
from tests.support.sound import decode_file

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.voice import VoiceFrames
from discord_sandbox.server import Sandbox

type Json = dict[str, Any]
INTERVAL = 4_000
"""Bytes of sound between two texts."""
FIRST, SECOND = "Aurora - First Light", "Aurora - Last Light"


class Station:
    """A radio station that sends a song over and over, and says what it plays (ICY)."""

    def __init__(self, song: Path) -> None:
        self.title = FIRST
        self._sound = song.read_bytes()
        self._runner: web.AppRunner | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen where the bot may fetch."""
        app = web.Application()
        app.router.add_get("/radio", self._send)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.2", 0).start()
        self.url = f"http://127.0.0.2:{self._runner.addresses[0][1]}/radio"

    async def stop(self) -> None:
        """End every listener's stream."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _send(self, request: web.Request) -> web.StreamResponse:
        says = request.headers.get("Icy-MetaData") == "1"
        headers = {"Content-Type": "audio/mpeg", "icy-name": "Radio One"}
        response = web.StreamResponse(
            headers=headers | ({"icy-metaint": str(INTERVAL)} if says else {})
        )
        await response.prepare(request)
        at = 0
        while True:
            part = (self._sound + self._sound)[at : at + INTERVAL]
            at = (at + INTERVAL) % len(self._sound)
            said = f"StreamTitle='{self.title}';".encode()
            units = -(-len(said) // 16)
            text = bytes([units]) + said.ljust(units * 16, b"\0")
            await response.write(part + text if says else part)
            await asyncio.sleep(0.1)  # somewhat faster than it sounds, as stations send


@pytest.fixture
async def station(songs: Path) -> AsyncIterator[Station]:
    made = Station(songs / "march.mp3")
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def words() -> AsyncIterator[Lrclib]:
    """The bot's own service for words, which knows none of the songs."""
    service = Lrclib()
    await service.start()
    yield service
    await service.stop()


@asynccontextmanager
async def _bot(
    options: NodeOptions, sandbox: Sandbox, folder: Path, songs: Path, **environ: str
) -> AsyncGenerator[MusicBot]:
    """The bot on one node that is made like this."""
    async with AsyncExitStack() as stack:
        made = replace(options, ca_file=sandbox.voice.ca_file)
        node = await stack.enter_async_context(LavalinkNode(made))
        settings = {**node_settings(node, songs), **environ}
        yield await stack.enter_async_context(
            music_bot(sandbox, "lavalink", folder, songs, **settings)
        )


async def _alice(guild: Guild) -> Member:
    alice = await guild.member("alice")
    alice.use("music")
    return alice


async def test_lyrics_come_from_the_node_where_lrclib_has_none(
    sandbox: Sandbox, guild: Guild, songs: Path, tmp_path: Path, words: Lrclib
) -> None:
    lines: list[Json] = [
        {"timestamp": at * 1000, "duration": None, "line": f"Verse {at}", "plugin": {}}
        for at in range(40)
    ]
    options = NodeOptions(
        plugins=("lavalyrics-plugin",),
        lyrics={
            "sourceName": "spotify",
            "provider": "MusixMatch",
            "text": None,
            "lines": lines,
            "plugin": {},
        },
    )
    async with _bot(options, sandbox, tmp_path / "bot", songs, SERAPHIM_LRCLIB_URL=words.url):
        alice = await _alice(guild)
        voice = await alice.join("Music")
        await alice.slash("play", query="hymn.opus")
        await voice.until_speaking()
        shown = await alice.slash("lyrics")
        assert "Verse 1" in shown.text
        assert "Words from MusixMatch" in shown.text
        assert words.seen, "the bot's own service is asked first"
        whole = await shown.click("All the words")
        assert "Verse 39" in whole.text


async def test_the_controller_says_what_the_node_has_skipped(
    sandbox: Sandbox, guild: Guild, songs: Path, tmp_path: Path
) -> None:
    song = songs / "hymn.opus"
    video = {
        "title": "Hymn",
        "identifier": "dQw4w9WgXcQ",
        "uri": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "length": 40_000,
        "source": "youtube",
        "media": str(song),
    }
    options = NodeOptions(
        sources=("local", "http", "youtube"),
        plugins=("sponsorblock-plugin",),
        segments=({"category": "sponsor", "start": 1_000, "end": 13_000},),
        catalogue={"ytsearch:hymn": [video]},
    )
    async with _bot(options, sandbox, tmp_path / "bot", songs, SERAPHIM_SPONSORBLOCK="false"):
        alice = await _alice(guild)
        voice = await alice.join("Music")
        await alice.slash("play", query="ytsearch:hymn")
        await voice.until_speaking()
        await voice.hear(seconds=3)
        heard = VoiceFrames(voice.heard.frames[-40:])
        assert place_after(heard, decode_file(song)) > 13
        controller = await alice.slash("nowplaying")
        assert "skipped 0:12: Sponsors" in controller.text


async def test_a_radio_station_on_a_node_is_shown_with_its_present_song(
    sandbox: Sandbox, guild: Guild, songs: Path, tmp_path: Path, station: Station
) -> None:
    async with _bot(
        NodeOptions(),
        sandbox,
        tmp_path / "bot",
        songs,
        SERAPHIM_HTTP_ALLOW="127.0.0.2/32",
    ):
        alice = await _alice(guild)
        voice = await alice.join("Music")
        await alice.slash("play", query=station.url)
        await voice.until_speaking()
        controller = await alice.slash("nowplaying")
        assert "Radio One" in controller.text
        assert FIRST in controller.text
        station.title = SECOND
        async with asyncio.timeout(15):
            while SECOND not in (await alice.slash("nowplaying")).text:
                await voice.hear(seconds=0.5)
