"""The whole way: a file, the pacer, discord.py, encryption, UDP, and the ear at the other end."""

import asyncio
import itertools
import statistics
from pathlib import Path
from typing import Any

import discord
import numpy as np
import pytest
from discord.voice_state import ConnectionFlowState
from tests.adapters.voice_embedded.conftest import Room, hear
from tests.adapters.voice_embedded.sounds import (
    decode,
    level_db,
    packets_of,
    resemblance,
    sweep,
    write,
)

from discord_sandbox.voice.taps import VoiceFrame
from seraphim.adapters.voice_embedded.connection import QuietConnection
from seraphim.adapters.voice_embedded.shared_client import SharedVoiceClient
from seraphim.features.music.ports import (
    Media,
    PlaybackEnded,
    PlaybackFailed,
    PlaybackStarted,
    VoiceClosed,
    VoiceMoved,
    VoiceUnavailable,
)
from seraphim.kernel.ids import ChannelId


def _media(path: Path) -> Media:
    return Media("file", str(path))


def _no_gap(frames: list[VoiceFrame]) -> bool:
    return all(
        (b.sequence - a.sequence) & 0xFFFF == 1 and (b.timestamp - a.timestamp) & 0xFFFFFFFF == 960
        for a, b in itertools.pairwise(frames)
    )


async def test_opus_arrives_byte_for_byte_and_without_a_gap(room: Room, tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=3)
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await room.voice.play(room.guild_id, _media(song), playback_id="one")
        frames = await hear(tap, len(packets_of(song)) + 5)
        await room.event(PlaybackStarted)
        ended = await room.event(PlaybackEnded)
    assert ended.playback_id == "one"
    assert [frame.opus for frame in frames[:-5]] == packets_of(song)
    assert all(frame.silent for frame in frames[-5:])
    assert _no_gap(frames)


@pytest.mark.parametrize(("suffix", "codec"), [("mp3", "libmp3lame"), ("flac", "flac")])
async def test_other_formats_sound_like_the_file(
    room: Room, tmp_path: Path, suffix: str, codec: str
) -> None:
    song = write(tmp_path / f"song.{suffix}", codec, seconds=3, rate=44_100)
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await room.voice.play(room.guild_id, _media(song), playback_id="one")
        frames = await hear(tap, 148)
    assert _no_gap(frames)
    heard = decode([frame.opus for frame in frames])
    assert resemblance(heard, sweep(3)) >= 0.99


async def test_volume_changes_in_mid_song_without_a_gap(room: Room, tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=6)
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await room.voice.play(room.guild_id, _media(song), playback_id="one")
        loud = await hear(tap, 75)
        await room.voice.set_volume(room.guild_id, 50)
        await hear(tap, 5)  # the tenth of a second that a change may take
        quiet = await hear(tap, 75)
    assert _no_gap([*loud, *quiet[:0]])
    assert _no_gap(quiet)
    change = level_db(decode([f.opus for f in quiet])) - level_db(decode([f.opus for f in loud]))
    assert change == pytest.approx(-6.02, abs=1)


async def test_a_pause_is_silence_and_the_song_goes_on_where_it_was(
    room: Room, tmp_path: Path
) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=6)
    original = packets_of(song)
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await room.voice.play(room.guild_id, _media(song), playback_id="one")
        before = await hear(tap, 50)
        await room.voice.pause(room.guild_id)
        while not (frame := await tap.get()).silent:
            before.append(frame)
        silence = [frame, *await hear(tap, 4)]
        held = room.voice.position_ms(room.guild_id)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(tap.get(), 0.5)
        assert room.voice.position_ms(room.guild_id) == held
        await room.voice.resume(room.guild_id)
        after = await hear(tap, 30)
    assert all(frame.silent for frame in silence)
    assert [frame.opus for frame in before + after] == original[: len(before) + 30]
    assert (after[0].sequence - silence[-1].sequence) & 0xFFFF == 1
    # Time went on during the pause: the timestamps say as much as the clock.
    stamped = (after[0].timestamp - silence[-1].timestamp) / 48_000
    passed = (after[0].received_ns - silence[-1].received_ns) / 1e9
    assert stamped == pytest.approx(passed, abs=0.1)


async def test_skipping_starts_the_next_song_within_300_ms(room: Room, tmp_path: Path) -> None:
    first = write(tmp_path / "first.opus", "libopus", seconds=6)
    second = write(tmp_path / "second.mp3", "libmp3lame", seconds=3, level=0.2)
    await room.voice.connect(room.guild_id, room.music)
    loop = asyncio.get_running_loop()
    with room.listen() as tap:
        await room.voice.play(room.guild_id, _media(first), playback_id="one")
        await hear(tap, 30)
        await room.event(PlaybackStarted)
        asked = loop.time()
        await room.voice.play(room.guild_id, _media(second), playback_id="two")
        started = await room.event(PlaybackStarted)
        took = loop.time() - asked
        assert started.playback_id == "two"
        assert took < 0.3
        heard = [frame.opus for frame in await hear(tap, 120, silence=False)]
    assert room.events.empty()
    old = set(packets_of(first))
    new = [packet for packet in heard if packet not in old]
    assert heard[-len(new) :] == new
    assert resemblance(decode(new), sweep(3, level=0.2)[:96_000]) >= 0.99


async def test_seeking_goes_on_from_the_place(room: Room, tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=10)
    original = packets_of(song)
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await room.voice.play(room.guild_id, _media(song), playback_id="one", position_ms=2000)
        frames = await hear(tap, 20)
        assert frames[0].opus in original[99:103]
        await room.voice.seek(room.guild_id, 7000)
        while (frame := await tap.get()).opus in original[:200] or frame.silent:
            pass
        assert frame.opus in original[349:353]
    position = room.voice.position_ms(room.guild_id)
    assert position == pytest.approx(7000, abs=300)
    await room.event(PlaybackStarted)
    assert room.events.empty()


@pytest.mark.alone
async def test_packets_leave_on_time(room: Room, tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=6)
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await room.voice.play(room.guild_id, _media(song), playback_id="one")
        frames = await hear(tap, 250)
    start = frames[0].received_ns
    late_ms = [(frame.received_ns - start) / 1e6 - index * 20 for index, frame in enumerate(frames)]
    middle = statistics.median(late_ms)
    assert np.quantile(np.abs(np.array(late_ms) - middle), 0.99) < 5
    assert room.voice.figures().late_p99_ms < 5
    assert room.voice.figures().underruns == 0
    assert room.voice.figures().packets_sent >= 250


async def test_what_cannot_be_played_is_told_and_the_next_song_plays(
    room: Room, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp3"
    broken.write_bytes(b"no music at all" * 1000)
    song = write(tmp_path / "song.opus", "libopus", seconds=1)
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(room.guild_id, _media(broken), playback_id="bad")
    failed = await room.event(PlaybackFailed)
    assert (failed.playback_id, failed.failure) == ("bad", "unsupported")
    assert failed.reason.endswith(".")
    await room.voice.play(room.guild_id, _media(tmp_path / "gone.mp3"), playback_id="gone")
    assert (await room.event(PlaybackFailed)).failure == "removed"
    await room.voice.play(room.guild_id, _media(song), playback_id="good")
    await room.event(PlaybackStarted)
    await room.event(PlaybackEnded)


async def test_moving_by_command_takes_the_music_along(room: Room, tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=30)
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(room.guild_id, _media(song), playback_id="one")
    await room.event(PlaybackStarted)
    with room.listen(room.lounge) as tap:
        await room.voice.connect(room.guild_id, room.lounge)
        frames = await hear(tap, 25, silence=False)
    assert {frame.opus for frame in frames} <= set(packets_of(song))
    assert room.voice.channel_id(room.guild_id) == room.lounge
    assert room.events.empty()


async def test_being_moved_is_told_and_the_music_goes_on(room: Room, tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=30)
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(room.guild_id, _media(song), playback_id="one")
    await room.event(PlaybackStarted)
    seeded = room.sandbox.seeded
    assert seeded is not None
    with room.listen(room.lounge) as tap:
        room.sandbox.world.set_voice_state(seeded.guild, seeded.application.bot, room.lounge)
        moved = await room.event(VoiceMoved)
        frames = await hear(tap, 25, silence=False)
    assert moved.channel_id == room.lounge
    assert {frame.opus for frame in frames} <= set(packets_of(song))


@pytest.mark.alone
@pytest.mark.parametrize("code", [4015, 4006, None])
async def test_a_crashed_voice_server_does_not_end_the_song(
    room: Room, tmp_path: Path, code: int | None
) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=60)
    original = packets_of(song)
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await room.voice.play(room.guild_id, _media(song), playback_id="one")
        before = await hear(tap, 25)
        await room.sandbox.voice.kill(code)
        before += [frame for frame in tap.take() if not frame.silent]
        after = await hear(tap, 25, silence=False)
    # What left while nobody knew of the crash yet is lost; the song itself did not run on.
    places = [original.index(frame.opus) for frame in [*before, *after]]
    assert places == sorted(places)
    assert places[-1] - places[0] < len(places) + 50
    assert _no_gap(after)
    assert room.voice.channel_id(room.guild_id) == room.music
    assert room.voice.figures().players == 1


async def test_a_move_to_another_voice_server_loses_nothing(room: Room, tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=30)
    original = packets_of(song)
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await room.voice.play(room.guild_id, _media(song), playback_id="one")
        before = await hear(tap, 25)
        await room.sandbox.voice.move(room.guild_id)
        after = await hear(tap, 75, silence=False)
    places = [original.index(frame.opus) for frame in [*before, *after]]
    assert places == sorted(places)
    assert places[-1] - places[0] < len(places) + 5


async def test_a_kick_and_a_deleted_channel_are_told_apart(room: Room, tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=30)
    seeded = room.sandbox.seeded
    assert seeded is not None
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(room.guild_id, _media(song), playback_id="one")
    await room.event(PlaybackStarted)
    room.sandbox.world.set_voice_state(seeded.guild, seeded.application.bot, None)
    assert (await room.event(VoiceClosed)).reason == "kicked"
    assert room.voice.channel_id(room.guild_id) is None
    with pytest.raises(VoiceUnavailable):
        await room.voice.play(room.guild_id, _media(song), playback_id="two")
    await room.voice.connect(room.guild_id, room.lounge)
    await room.voice.play(room.guild_id, _media(song), playback_id="three")
    await room.event(PlaybackStarted)
    room.sandbox.world.delete_channel(seeded.guild.channels[room.lounge])
    assert (await room.event(VoiceClosed)).reason == "channel_deleted"


async def test_a_channel_that_does_not_let_us_in_is_a_sentence(room: Room) -> None:
    with pytest.raises(VoiceUnavailable, match="gone"):
        await room.voice.connect(room.guild_id, ChannelId(1))


async def test_leaving_stops_everything_and_joining_again_works(room: Room, tmp_path: Path) -> None:
    song = write(tmp_path / "song.opus", "libopus", seconds=30)
    for _ in range(2):
        await room.voice.connect(room.guild_id, room.music)
        await room.voice.play(room.guild_id, _media(song), playback_id="one")
        await room.event(PlaybackStarted)
        await room.voice.disconnect(room.guild_id)
        assert room.voice.figures().players == 0
        assert room.voice.position_ms(room.guild_id) is None
    assert room.events.empty()


async def test_leaving_is_said_once_so_that_joining_right_after_is_not_undone(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    change = discord.Guild.change_voice_state

    async def noting(guild: discord.Guild, **state: Any) -> None:
        asked.append(state["channel"])
        await change(guild, **state)

    monkeypatch.setattr(discord.Guild, "change_voice_state", noting)
    await room.voice.connect(room.guild_id, room.music)
    connection = _connection(room)
    await room.voice.disconnect(room.guild_id)
    await room.voice.connect(room.guild_id, room.music)
    # discord.py's reader does this when it sees the WebSocket close that leaving causes.
    await connection.disconnect()
    assert asked.count(None) == 1
    assert room.voice.channel_id(room.guild_id) == room.music
    assert room.voice.figures().players == 1


@pytest.mark.parametrize("turns", range(8))
async def test_answers_of_discord_that_come_at_once_are_both_seen(room: Room, turns: int) -> None:
    await room.voice.connect(room.guild_id, room.music)
    connection = _connection(room)
    connection.state = ConnectionFlowState.set_guild_voice_state
    waiting = asyncio.create_task(
        connection._wait_for_state(ConnectionFlowState.got_both_voice_updates, timeout=5)  # pyright: ignore[reportPrivateUsage]  # what the handshake calls
    )
    await asyncio.sleep(0)
    connection.state = ConnectionFlowState.got_voice_state_update
    for _ in range(turns):
        await asyncio.sleep(0)
    connection.state = ConnectionFlowState.got_both_voice_updates
    done, _ = await asyncio.wait({waiting}, timeout=1)
    waiting.cancel()
    assert done == {waiting}
    assert waiting.exception() is None
    connection.state = ConnectionFlowState.connected


def _connection(room: Room) -> QuietConnection:
    client = room.client.voice_clients[0]
    assert isinstance(client, SharedVoiceClient)
    connection = client._connection  # pyright: ignore[reportPrivateUsage]  # discord.py types it as private
    assert isinstance(connection, QuietConnection)
    return connection
