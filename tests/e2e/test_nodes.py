"""The whole bot with its music on Lavalink nodes: people hear the same, and it lasts longer."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from tests.e2e.conftest import MakeBot
from tests.support.bot_process import BotProcess
from tests.support.lavalink_node import NodeProcess
from tests.support.sound import RATE, decode_file, find, level_db

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.voice import Voice, VoiceFrames
from discord_sandbox.server import Sandbox

WARM_UP = 4_800


@pytest.fixture
async def nodes(sandbox: Sandbox) -> AsyncIterator[tuple[NodeProcess, NodeProcess]]:
    """Two nodes that trust the local Discord's voice server."""
    trusted = str(sandbox.voice.ca_file)
    made = (
        NodeProcess("east", ca_file=trusted, stats_seconds=1.0),
        NodeProcess("west", ca_file=trusted, stats_seconds=1.0),
    )
    await asyncio.gather(*(node.start() for node in made))
    yield made
    for node in made:
        await node.stop()


def _settings(
    nodes: tuple[NodeProcess, ...], songs: Path, *, shared: bool = True
) -> dict[str, str]:
    settings = {"SERAPHIM_LAVALINK_NODES": " ".join(node.address for node in nodes)}
    if shared:
        settings["SERAPHIM_LAVALINK_LIBRARY"] = str(songs)
    return settings


@pytest.fixture
async def bot(make_bot: MakeBot, nodes: tuple[NodeProcess, NodeProcess], songs: Path) -> BotProcess:
    """The bot, ready, on the nodes."""
    running = make_bot(**_settings(nodes, songs))
    await running.start()
    return running


async def _listener(guild: Guild) -> tuple[Member, Voice]:
    alice = await guild.member("alice")
    alice.use("music")
    return alice, await alice.join("Music")


def _place(frames: VoiceFrames, song: Path) -> float:
    """The second of the song after the last that was heard."""
    pcm = frames.pcm()
    offset, correlation = find(pcm[WARM_UP:], decode_file(song))
    assert correlation >= 0.99, correlation
    return (offset + len(pcm) - WARM_UP) / RATE


async def _until_playing(voice: Voice, song: Path) -> None:
    """Listen until what is heard is this song; the gap before it may be too short to wait for."""
    source = decode_file(song)
    async with asyncio.timeout(10):
        while find((await voice.hear(seconds=1)).pcm()[WARM_UP:], source)[1] < 0.99:
            pass


def _longest_gap_seconds(frames: VoiceFrames) -> float:
    times = [frame.received_ns for frame in frames]
    return max(after - before for before, after in itertools.pairwise(times)) / 1e9


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("name", ["march.mp3", "waltz.flac", "hymn.opus"])
async def test_the_waveform_is_that_of_the_file(guild: Guild, songs: Path, name: str) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query=name)
    await voice.until_speaking()
    heard = (await voice.hear(seconds=5)).pcm()
    _, correlation = find(heard[WARM_UP:], decode_file(songs / name))
    assert correlation >= 0.99


@pytest.mark.usefixtures("bot")
async def test_pause_seek_volume_and_skip(guild: Guild, songs: Path) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query="march.mp3")
    await alice.slash("play", query="waltz.flac")
    await voice.until_speaking()
    await voice.hear(seconds=2)
    await alice.slash("pause")
    await voice.until_silence()
    last = VoiceFrames(voice.heard.audible().frames[-100:])
    before = _place(last, songs / "march.mp3")
    await alice.slash("resume")
    await voice.until_speaking()
    after = _place(await voice.hear(seconds=2), songs / "march.mp3") - 2
    assert after == pytest.approx(before, abs=0.15)
    await alice.slash("skip")
    await _until_playing(voice, songs / "waltz.flac")
    await alice.slash("volume", percent=50)
    await voice.hear(seconds=0.5)
    heard = (await voice.hear(seconds=3)).pcm()[WARM_UP:]
    source = decode_file(songs / "waltz.flac")
    offset, correlation = find(heard, source)
    assert correlation >= 0.99
    there = source[offset : offset + len(heard)]
    assert level_db(heard) - level_db(there) == pytest.approx(-6.0, abs=1.0)
    queue = await alice.slash("queue")
    assert "Waltz" in queue.text


async def test_sounds_come_from_the_bots_own_web_server_when_no_folder_is_shared(
    guild: Guild, make_bot: MakeBot, nodes: tuple[NodeProcess, NodeProcess], songs: Path
) -> None:
    for node in nodes:
        await node.kill()
        node.options["sources"] = ["http"]  # they cannot open a file
        await node.start()
    bot = make_bot(**_settings(nodes, songs, shared=False))
    await bot.start()
    alice, voice = await _listener(guild)
    await alice.slash("play", query="march.mp3")
    await voice.until_speaking()
    heard = await voice.hear(seconds=3)
    assert _place(heard, songs / "march.mp3") == pytest.approx(3.0, abs=0.5)
    assert sum([(await node.look())["playingPlayers"] for node in nodes]) == 1


@pytest.mark.usefixtures("bot")
async def test_a_killed_nodes_music_goes_on_within_two_seconds_at_its_place(
    guild: Guild, nodes: tuple[NodeProcess, NodeProcess], songs: Path
) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query="march.mp3")
    await voice.until_speaking()
    before = _place(await voice.hear(seconds=3), songs / "march.mp3")
    playing = [node for node in nodes if (await node.look())["players"]]
    assert len(playing) == 1
    seen = len(voice.heard)
    await playing[0].kill()
    heard = await voice.hear(seconds=4)
    assert _longest_gap_seconds(VoiceFrames(voice.heard.frames[seen - 1 :])) < 2.0
    after = _place(VoiceFrames(heard.frames[-100:]), songs / "march.mp3")
    # Four seconds were heard since; a part of the last half second may have been heard twice.
    assert after - before == pytest.approx(4.0, abs=1.0)


@pytest.mark.parametrize("ending", ["kill", "stop"])
async def test_the_music_does_not_stop_while_the_bot_restarts(
    guild: Guild,
    make_bot: MakeBot,
    nodes: tuple[NodeProcess, NodeProcess],
    songs: Path,
    ending: str,
) -> None:
    first = make_bot(**_settings(nodes, songs))
    await first.start()
    alice, voice = await _listener(guild)
    await alice.slash("play", query="hymn.opus")
    await alice.slash("play", query="march.mp3")
    await voice.until_speaking()
    await voice.hear(seconds=2)
    seen = len(voice.heard)
    if ending == "kill":
        first.kill()
        await first.wait()
    else:
        await first.stop()
        assert first.process.returncode == 0, first.text
    second = make_bot(**_settings(nodes, songs))
    await second.start()
    now = await alice.slash("nowplaying")
    assert "Hymn" in now.text
    while_away = len(voice.heard) - seen
    assert while_away > 25  # half a second of sound, at least, without a bot
    voice.forget()
    await voice.hear(seconds=2)
    away = VoiceFrames(voice.heard.frames[seen:])
    assert _longest_gap_seconds(away) < 0.2
    assert (away.sequence_gaps, away.timestamp_gaps) == (0, 0)
    assert len(away.audible()) == len(away)
    await alice.slash("skip")
    await _until_playing(voice, songs / "march.mp3")


@pytest.mark.usefixtures("bot")
async def test_a_moved_voice_server_costs_a_moment_and_no_place(
    guild: Guild, sandbox: Sandbox, songs: Path
) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query="march.mp3")
    await voice.until_speaking()
    before = _place(await voice.hear(seconds=3), songs / "march.mp3")
    seen = len(voice.heard)
    await sandbox.voice.move(int(guild.id))
    await voice.hear(seconds=4)
    heard = VoiceFrames(voice.heard.audible().frames[-100:])
    after = _place(heard, songs / "march.mp3")
    assert 0 < after - before < 6
    assert _longest_gap_seconds(VoiceFrames(voice.heard.frames[seen - 1 :])) < 1.0


async def test_health_and_metrics_name_the_nodes(
    make_bot: MakeBot, nodes: tuple[NodeProcess, NodeProcess], songs: Path
) -> None:
    settings = _settings(nodes, songs)
    wrong = settings["SERAPHIM_LAVALINK_NODES"].rsplit("west=ws://", 1)
    settings["SERAPHIM_LAVALINK_NODES"] = f"{wrong[0]}west=ws://wrong@{wrong[1].split('@')[1]}"
    bot = make_bot(**settings)
    await bot.start()
    address = next(word for line in bot.output for word in line.split() if word.endswith("/health"))
    async with aiohttp.ClientSession() as http:
        async with http.get(address) as response:
            health = await response.text()
        async with http.get(address.replace("/health", "/metrics")) as response:
            metrics = await response.text()
    assert "west: The password is not the one in the node's configuration." in health
    assert 'seraphim_lavalink_node_up{node="east"} 1.0' in metrics
    assert "a-password-of-the-tests" not in health + metrics + bot.text
