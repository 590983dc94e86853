"""Nodes die, hang and come back; the music does not stop for it."""

import asyncio
import itertools
from pathlib import Path

import aiohttp
import pytest
from tests.adapters.lavalink.conftest import PASSWORD, Stage
from tests.adapters.lavalink.hearing import gap_seconds, listen_for, longest_gap, pcm, start_in
from tests.adapters.voice_embedded.conftest import hear
from tests.support.lavalink_node import NodeProcess
from tests.support.sound import decode_file, find, level_db

from discord_sandbox.voice.taps import VoiceFrame, VoiceTap
from seraphim.features.music.ports import Filters, Media, PlaybackEnded, PlaybackStarted

MOVED_WITHIN_SECONDS = 2.0


async def _play(stage: Stage, song: Path, **options: object) -> None:
    await stage.audio.connect(stage.guild_id, stage.music)
    media = Media("file", str(song))
    await stage.audio.play(stage.guild_id, media, playback_id="p1", **options)  # pyright: ignore[reportArgumentType] - forwarded
    await stage.event(PlaybackStarted)


def _process_of(stage: Stage) -> NodeProcess:
    """The node that plays."""
    node = stage.audio._presences[stage.guild_id].player.node
    assert node is not None
    return stage.processes[int(node.name.removeprefix("node"))]


async def _hear_the_move(
    tap: VoiceTap, seconds: float
) -> tuple[list[VoiceFrame], list[VoiceFrame]]:
    """What came before the longest gap, and after it."""
    frames = await listen_for(tap, seconds)
    gaps = [gap_seconds(a, b) for a, b in itertools.pairwise(frames)]
    cut = gaps.index(max(gaps)) + 1
    return frames[:cut], frames[cut:]


@pytest.mark.parametrize("how", ["killed", "held"])
async def test_a_dead_nodes_player_goes_on_elsewhere_within_two_seconds(
    mortal: Stage, song: Path, how: str
) -> None:
    with mortal.listen() as tap:
        await _play(mortal, song, volume_percent=50)
        await hear(tap, 50)
        first = _process_of(mortal)
        if how == "killed":
            await first.kill()
        else:
            first.hold()
        before, after = await _hear_the_move(tap, 5)
    assert gap_seconds(before[-1], after[0]) < MOVED_WITHIN_SECONDS
    last = start_in(song, before[-40:]) + 0.8
    again = start_in(song, after[5:105]) - 0.1
    # What the node had sent when it died was heard; nothing of the song is left out.
    assert again - last == pytest.approx(0.0, abs=0.6)
    heard = pcm(after[5:105])[4800:]
    offset, _ = find(heard, decode_file(song))
    there = decode_file(song)[offset : offset + len(heard)]
    assert level_db(heard) - level_db(there) == pytest.approx(-6.0, abs=0.5)
    assert _process_of(mortal) is not first
    assert mortal.events.empty()


async def test_filters_move_with_the_player(mortal: Stage, song: Path) -> None:
    with mortal.listen() as tap:
        await _play(mortal, song, filters=Filters(speed=2.0))
        await hear(tap, 50)
        before = mortal.audio.position_ms(mortal.guild_id)
        gone = _process_of(mortal)
        await gone.kill()
        await _elsewhere(mortal, gone)
        await hear(tap, 50, silence=False)
        one = mortal.audio.position_ms(mortal.guild_id)
        await hear(tap, 50, silence=False)
        two = mortal.audio.position_ms(mortal.guild_id)
    assert before is not None
    assert one is not None
    assert two is not None
    assert one > before
    assert two - one == pytest.approx(2_000, abs=400)


async def _elsewhere(stage: Stage, gone: NodeProcess) -> None:
    """Wait until the player has another node than the one that is gone."""
    player = stage.audio._presences[stage.guild_id].player
    async with asyncio.timeout(5):
        while player.node is None or _process_of(stage) is gone:
            await asyncio.sleep(0.01)


async def test_a_held_song_stays_held_on_the_next_node(mortal: Stage, song: Path) -> None:
    with mortal.listen() as tap:
        await _play(mortal, song, position_ms=5_000)
        await hear(tap, 50)
        await mortal.audio.pause(mortal.guild_id)
        held = mortal.audio.position_ms(mortal.guild_id)
        gone = _process_of(mortal)
        await gone.kill()
        await _elsewhere(mortal, gone)
        assert await listen_for(tap, 1.0) == []
        assert mortal.audio.position_ms(mortal.guild_id) == held
    with mortal.listen() as tap:
        await mortal.audio.resume(mortal.guild_id)
        heard = await hear(tap, 60, silence=False)
    assert held is not None
    assert start_in(song, heard) == pytest.approx(held / 1000, abs=0.15)


async def test_without_another_node_the_song_waits_for_one(mortal: Stage, song: Path) -> None:
    first, second = mortal.processes
    await second.kill()
    with mortal.listen() as tap:
        await _play(mortal, song)
        await hear(tap, 50)
        assert _process_of(mortal) is first
        await first.kill()
        await listen_for(tap, 0.5)
        held = mortal.audio.position_ms(mortal.guild_id)
        await second.start()
        heard = await hear(tap, 60, silence=False)
    assert held is not None
    assert start_in(song, heard) == pytest.approx(held / 1000, abs=0.3)
    assert mortal.audio.figures().extra["nodes_ready"] == 1


async def test_a_node_that_comes_back_is_used_again(mortal: Stage, song: Path) -> None:
    with mortal.listen() as tap:
        await _play(mortal, song)
        first = _process_of(mortal)
        first.hold()
        await _elsewhere(mortal, first)
        first.let_go()
        async with asyncio.timeout(10):
            while mortal.audio.figures().extra["nodes_ready"] < 2:
                await tap.get()
            # What it still played for us is ended there: one voice, not two.
            while (await first.look())["players"]:
                await tap.get()
        frames = await listen_for(tap, 1.0)
    assert longest_gap(frames) < 0.2
    assert len({frame.ssrc for frame in frames}) == 1


async def test_a_broken_websocket_is_taken_up_again_without_a_gap(stage: Stage, song: Path) -> None:
    with stage.listen() as tap:
        await _play(stage, song)
        await hear(tap, 20)
        node = next(node for node in stage.nodes if node.players())
        seen = len(node.handshakes)
        await node.cut()
        async with asyncio.timeout(5):
            while len(node.handshakes) == seen:
                await tap.get()
        frames = await listen_for(tap, 1.0)
        assert longest_gap(frames) < 0.2
        await stage.audio.seek(stage.guild_id, 15_000)
        await hear(tap, 10)
        heard = await hear(tap, 60)
    assert node.handshakes[-1]["Session-Id"] in node.sessions
    assert start_in(song, heard) > 15
    assert stage.audio.figures().extra["moves"] == 0


async def test_after_a_restart_the_song_is_taken_over_without_a_gap(
    stage: Stage, song: Path
) -> None:
    media = Media("file", str(song))
    with stage.listen() as tap:
        await _play(stage, song)
        await hear(tap, 20)
        before = stage.audio.position_ms(stage.guild_id)
        await stage.audio.close()
        frames = await listen_for(tap, 1.0)
        second = stage.backend(stage.client, stage.sessions)
        second.subscribe(stage.events.put)
        try:
            await second.connect(stage.guild_id, stage.music)
            await second.play(stage.guild_id, media, playback_id="p2", position_ms=before or 0)
            frames += await listen_for(tap, 1.0)
            position = second.position_ms(stage.guild_id)
            await second.seek(stage.guild_id, 19_500)
            assert await stage.event(PlaybackEnded) == PlaybackEnded(stage.guild_id, "p2")
        finally:
            await second.close()
    assert longest_gap(frames) < 0.2
    assert before is not None
    assert position is not None
    assert position - before == pytest.approx(2_000, abs=600)


async def test_a_song_that_ended_meanwhile_is_not_played_again(stage: Stage, song: Path) -> None:
    media = Media("file", str(song))
    await _play(stage, song, position_ms=18_500)
    await stage.audio.close()
    with stage.listen() as tap:
        assert len(await listen_for(tap, 2.5)) > 20
    second = stage.backend(stage.client, stage.sessions)
    second.subscribe(stage.events.put)
    try:
        await second.connect(stage.guild_id, stage.music)
        await second.play(stage.guild_id, media, playback_id="p2", position_ms=18_500)
        assert await stage.event(PlaybackEnded) == PlaybackEnded(stage.guild_id, "p2")
    finally:
        await second.close()


async def test_another_song_replaces_what_the_last_process_left(stage: Stage, song: Path) -> None:
    other = stage.folder / "other.flac"
    other.write_bytes(song.read_bytes())
    await _play(stage, song, position_ms=10_000)
    await stage.audio.close()
    second = stage.backend(stage.client, stage.sessions)
    second.subscribe(stage.events.put)
    try:
        await second.connect(stage.guild_id, stage.music)
        await second.play(stage.guild_id, Media("file", str(other)), playback_id="p2")
        await stage.event(PlaybackStarted)
        with stage.listen() as tap:
            heard = await hear(tap, 60)
        assert start_in(song, heard) < 5
    finally:
        await second.close()


async def test_a_wrong_password_is_said_in_a_sentence(stage: Stage) -> None:
    stage.nodes[1].options.password = "another-password"
    await stage.audio.connect(stage.guild_id, stage.music)
    assert stage.audio.figures().problems == (
        "node1: The password is not the one in the node's configuration.",
    )
    figures = stage.audio.figures().extra
    assert (figures["node_node0_up"], figures["node_node1_up"]) == (1, 0)


async def test_the_node_knows_what_lavalink_4_2_asks_for(stage: Stage, song: Path) -> None:
    await _play(stage, song)
    node = next(node for node in stage.nodes if node.players())
    handshake = node.handshakes[0]
    assert stage.client.user is not None
    assert handshake["User-Id"] == str(stage.client.user.id)
    assert handshake["Authorization"] == PASSWORD
    assert "/" in handshake["Client-Name"]
    voice = node.players()[0].voice
    assert voice["channelId"] == str(stage.music)
    assert node.ignored == []
    async with aiohttp.ClientSession() as http, http.get(f"{node.url}/v4/info") as response:
        assert response.status == 401
