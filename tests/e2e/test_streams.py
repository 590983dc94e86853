"""A member plays a stream that comes in pieces (HLS), and hears it, however the bot plays."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.music_bot import BACKENDS, MusicBot, music_bot
from tests.support.services.hls import Broadcast, HlsServer, cut
from tests.support.sound import find, melody

from discord_sandbox.driver import Guild, Member
from discord_sandbox.server import Sandbox


@pytest.fixture
async def station() -> AsyncIterator[HlsServer]:
    """A server that the bot may fetch from."""
    made = HlsServer("127.0.0.2")
    await made.start()
    yield made
    await made.stop()


@pytest.fixture(params=BACKENDS)
async def music(
    request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path: Path
) -> AsyncIterator[MusicBot]:
    """The bot on each of the two ways to play."""
    library = tmp_path / "library"
    library.mkdir()
    async with music_bot(
        sandbox, request.param, tmp_path / "bot", library, SERAPHIM_HTTP_ALLOW="127.0.0.2/32"
    ) as made:
        yield made


@pytest.fixture
async def alice(music: MusicBot, guild: Guild) -> Member:
    """A member."""
    assert music.bot.wiring.client.is_ready()
    member = await guild.member("alice")
    member.use("music")
    return member


async def test_a_live_stream_is_heard_as_it_is_sent(
    alice: Member, station: HlsServer, tmp_path: Path
) -> None:
    source = melody(30)
    url = Broadcast(station, "radio", cut(tmp_path / "cut", "ts", source), time.monotonic).put()
    voice = await alice.join("Music")

    reply = await alice.slash("play", query=url)
    await voice.until_speaking()
    heard = (await voice.hear(seconds=8)).pcm()

    assert not reply.ephemeral, reply.text
    assert "radio" in reply.text
    _, likeness = find(heard[4800:], source)
    assert likeness > 0.98
    assert station.seen.count("/radio/live.m3u8") > 3, "the playlist is looked at again"


async def test_a_song_in_pieces_is_sought_in_without_fetching_what_lies_between(
    alice: Member, music: MusicBot, station: HlsServer, tmp_path: Path
) -> None:
    source = melody(60)
    url = station.vod("song", cut(tmp_path / "cut", "fmp4", source, every=2))
    voice = await alice.join("Music")
    await alice.slash("play", query=url)
    await voice.until_speaking()
    await alice.slash("seek", position="50")
    await voice.hear(seconds=1)
    voice.forget()
    heard = (await voice.hear(seconds=3)).pcm()

    place, likeness = find(heard[4800:], source)
    assert likeness > 0.98
    assert place / 48_000 == pytest.approx(51, abs=2)
    if music.node is None:
        assert "/song/23" not in station.seen
