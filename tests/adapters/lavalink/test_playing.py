"""What is played arrives in the channel, as it should sound."""

from pathlib import Path

import pytest
from tests.adapters.lavalink.conftest import Stage
from tests.adapters.lavalink.hearing import WARM_UP, listen_for, longest_gap, pcm, start_in
from tests.adapters.voice_embedded.conftest import hear
from tests.support.sound import decode_file, find, level_db

from seraphim.features.music.ports import (
    Filters,
    Media,
    PlaybackEnded,
    PlaybackFailed,
    PlaybackStarted,
    VoiceClosed,
    VoiceMoved,
    VoiceUnavailable,
)


async def _play(stage: Stage, song: Path, **options: object) -> None:
    await stage.audio.connect(stage.guild_id, stage.music)
    media = Media("file", str(song))
    await stage.audio.play(stage.guild_id, media, playback_id="p1", **options)  # pyright: ignore[reportArgumentType] - forwarded
    await stage.event(PlaybackStarted)


async def test_a_song_is_heard_from_the_place_it_should_begin(stage: Stage, song: Path) -> None:
    with stage.listen() as tap:
        await _play(stage, song, position_ms=3_000)
        heard = await hear(tap, 100)
    assert start_in(song, heard) == pytest.approx(3.0, abs=0.05)


async def test_a_seek_lands_within_100_ms(stage: Stage, song: Path) -> None:
    with stage.listen() as tap:
        await _play(stage, song)
        await hear(tap, 20)
        await stage.audio.pause(stage.guild_id)
        await stage.audio.seek(stage.guild_id, 12_345)
    with stage.listen() as tap:
        await stage.audio.resume(stage.guild_id)
        heard = await hear(tap, 100, silence=False)
    assert start_in(song, heard) == pytest.approx(12.345, abs=0.1)


async def test_half_volume_is_six_decibels_less(stage: Stage, song: Path) -> None:
    with stage.listen() as tap:
        await _play(stage, song, volume_percent=50)
        heard = pcm(await hear(tap, 100))[WARM_UP:]
    source = decode_file(song)
    offset, _ = find(heard, source)
    there = source[offset : offset + len(heard)]
    assert level_db(heard) - level_db(there) == pytest.approx(-6.0, abs=0.5)


async def test_filters_are_heard_at_once_although_the_node_has_seconds_ready(
    stage: Stage, song: Path
) -> None:
    with stage.listen() as tap:
        await _play(stage, song)
        first = await hear(tap, 50)
        await stage.audio.set_filters(stage.guild_id, Filters(speed=2.0))
        await hear(tap, 20)
        before = stage.audio.position_ms(stage.guild_id)
        await hear(tap, 50)
        after = stage.audio.position_ms(stage.guild_id)
        await stage.audio.set_filters(stage.guild_id, Filters())
        await hear(tap, 20)
        place = stage.audio.position_ms(stage.guild_id)
        heard = await hear(tap, 100)
    assert before is not None
    assert after is not None
    assert place is not None
    assert after - before == pytest.approx(2_000, abs=300)
    # The node itself counts what it has sent; the place in the song is found by ear.
    assert start_in(song, heard) == pytest.approx(place / 1000, abs=0.15)
    # 50 packets at speed 1, 70 at speed 2, 20 at speed 1: 1.0 s + 2.8 s + 0.4 s of the song.
    assert start_in(song, heard) - start_in(song, first) == pytest.approx(4.2, abs=0.5)
    assert [node.ignored for node in stage.nodes] == [[], []]


async def test_the_end_of_a_song_is_told(stage: Stage, song: Path) -> None:
    await _play(stage, song, position_ms=19_000)
    assert await stage.event(PlaybackEnded) == PlaybackEnded(stage.guild_id, "p1")


async def test_a_file_that_is_no_song_fails_with_a_sentence(stage: Stage) -> None:
    bad = stage.folder / "bad.mp3"
    bad.write_bytes(b"<html>no</html>" * 100)
    await stage.audio.connect(stage.guild_id, stage.music)
    await stage.audio.play(stage.guild_id, Media("file", str(bad)), playback_id="p1")
    failed = await stage.event(PlaybackFailed)
    assert (failed.failure, failed.playback_id) == ("unsupported", "p1")
    assert str(stage.folder) not in failed.reason
    assert stage.audio.position_ms(stage.guild_id) is None


async def test_a_kick_is_told(stage: Stage, song: Path) -> None:
    await _play(stage, song)
    world = stage.sandbox.world
    world.set_voice_state(world.guilds[stage.guild_id], world.users[_own(stage)], None)
    assert await stage.event(VoiceClosed) == VoiceClosed(stage.guild_id, "kicked")
    assert stage.audio.channel_id(stage.guild_id) is None
    assert [player.track for node in stage.nodes for player in node.players()] == []


async def test_somebody_moves_the_bot_and_it_plays_there(stage: Stage, song: Path) -> None:
    await _play(stage, song)
    with stage.listen(stage.lounge) as tap:
        world = stage.sandbox.world
        guild = world.guilds[stage.guild_id]
        state = guild.voice_states[_own(stage)]
        own = world.users[_own(stage)]
        world.set_voice_state(guild, own, stage.lounge, session_id=state.session_id)
        moved = await stage.event(VoiceMoved)
        assert moved == VoiceMoved(stage.guild_id, stage.lounge)
        heard = await hear(tap, 50, silence=False)
    assert start_in(song, heard) > 0
    told = [player.voice["channelId"] for node in stage.nodes for player in node.players()]
    assert told == [str(stage.lounge)]


async def test_the_voice_server_moves_and_the_song_goes_on(stage: Stage, song: Path) -> None:
    with stage.listen() as tap:
        await _play(stage, song)
        first = await hear(tap, 50)
        await stage.sandbox.voice.move(stage.guild_id)
        frames = await listen_for(tap, 4.0)  # the old server hangs up after two
    assert longest_gap(frames) < 1.0
    assert 0 < start_in(song, frames[-60:]) - start_in(song, first) < 5
    told = {player.voice["endpoint"] for node in stage.nodes for player in node.players()}
    assert told == {stage.sandbox.voice.endpoint}
    assert stage.events.empty()


async def test_a_voice_connection_that_is_cut_comes_back(stage: Stage, song: Path) -> None:
    with stage.listen() as tap:
        await _play(stage, song)
        first = await hear(tap, 50)
        await stage.sandbox.voice.kill(4006)
        second = await hear(tap, 200, silence=False)
    assert 0 < start_in(song, second[100:]) - start_in(song, first) < 5
    assert stage.audio.channel_id(stage.guild_id) == stage.music
    assert stage.events.empty()


async def test_without_a_node_joining_says_so(stage: Stage) -> None:
    for node in stage.nodes:
        await node.stop()
    with pytest.raises(VoiceUnavailable, match="None of the music nodes"):
        await stage.audio.connect(stage.guild_id, stage.music)
    assert not stage.sandbox.world.guilds[stage.guild_id].voice_states


def _own(stage: Stage) -> int:
    assert stage.client.user is not None
    return stage.client.user.id
