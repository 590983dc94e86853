"""What happens at once: joins, leaves, moves and plays that cross, and what breaks in between."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest
from discord.voice_state import ConnectionFlowState
from tests.adapters.voice_embedded.conftest import WAIT_SECONDS, Room, hear
from tests.adapters.voice_embedded.sounds import packets_of, write

from seraphim.adapters.voice_embedded.connection import QuietConnection
from seraphim.adapters.voice_embedded.http_input import HttpInput
from seraphim.adapters.voice_embedded.lane import Lane
from seraphim.adapters.voice_embedded.opening import House
from seraphim.adapters.voice_embedded.quiet_websocket import QuietWebSocket
from seraphim.adapters.voice_embedded.shared_client import SharedVoiceClient
from seraphim.features.music.ports import (
    Media,
    PlaybackFailed,
    PlaybackStarted,
    VoiceClosed,
    VoiceUnavailable,
)

type Verb = Callable[..., Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Media:
    folder = tmp_path_factory.mktemp("races")
    return Media("file", str(write(folder / "song.opus", "libopus", seconds=30)))


class Gate:
    """Holds discord.py up in the middle of its handshake."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        handshake: Verb = QuietConnection._handshake_websocket  # pyright: ignore[reportPrivateUsage]  # the moment in the middle

        async def held(connection: QuietConnection) -> None:
            self.reached.set()
            await self.opened.wait()
            await handshake(connection)

        monkeypatch.setattr(QuietConnection, "_handshake_websocket", held)


def _house(room: Room) -> House:
    return room.voice._house  # pyright: ignore[reportPrivateUsage]  # to make a wait short


def _connection(room: Room) -> QuietConnection:
    client = room.client.voice_clients[0]
    assert isinstance(client, SharedVoiceClient)
    connection = client._connection  # pyright: ignore[reportPrivateUsage]  # discord.py types it as private
    assert isinstance(connection, QuietConnection)
    return connection


async def test_leaving_while_joining_leaves(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    joining = asyncio.create_task(room.voice.connect(room.guild_id, room.music))
    await asyncio.wait_for(gate.reached.wait(), WAIT_SECONDS)
    leaving = asyncio.create_task(room.voice.disconnect(room.guild_id))
    await asyncio.sleep(0)
    gate.opened.set()
    await asyncio.wait_for(asyncio.gather(joining, leaving), WAIT_SECONDS)
    assert room.voice.channel_id(room.guild_id) is None
    assert room.client.voice_clients == []


async def test_joining_while_leaving_joins_anew(room: Room, song: Media) -> None:
    await room.voice.connect(room.guild_id, room.music)
    leaving = asyncio.create_task(room.voice.disconnect(room.guild_id))
    await asyncio.sleep(0)
    await room.voice.connect(room.guild_id, room.music)
    await leaving
    with room.listen() as tap:
        await room.voice.play(room.guild_id, song, playback_id="one")
        assert await hear(tap, 5, silence=False)
    assert room.voice.figures().players == 1


async def test_a_join_that_is_cut_short_can_be_made_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        gate = Gate(patched)
        joining = asyncio.create_task(room.voice.connect(room.guild_id, room.music))
        await asyncio.wait_for(gate.reached.wait(), WAIT_SECONDS)
        joining.cancel()
        with pytest.raises(asyncio.CancelledError):
            await joining
    assert room.client.voice_clients == []
    await room.voice.connect(room.guild_id, room.music)
    assert room.voice.channel_id(room.guild_id) == room.music


async def test_a_voice_server_that_refuses_is_a_sentence(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> QuietWebSocket:
        raise aiohttp.ClientPayloadError

    monkeypatch.setattr(QuietWebSocket, "from_connection_state", refuse)
    with pytest.raises(VoiceUnavailable, match="could not be made"):
        await room.voice.connect(room.guild_id, room.music)
    assert room.client.voice_clients == []


async def test_a_move_that_discord_does_not_make_is_said_and_the_music_stays(
    room: Room, song: Media
) -> None:
    seeded = room.sandbox.seeded
    assert seeded is not None
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(room.guild_id, song, playback_id="one")
    await room.event(PlaybackStarted)
    house = _house(room)
    house.tuning = replace(house.tuning, connect_seconds=0.3)

    async def nothing(*_: object, **__: object) -> None:
        """Discord says nothing to a move into a channel that is full or closed to the bot."""

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(discord.Guild, "change_voice_state", nothing)
        with pytest.raises(VoiceUnavailable, match="full"):
            await room.voice.connect(room.guild_id, room.lounge)
    assert room.voice.channel_id(room.guild_id) == room.music
    with room.listen() as tap:
        assert await hear(tap, 10, silence=False)


async def test_of_two_plays_at_once_the_later_is_heard_and_nothing_of_the_first(
    room: Room, song: Media, tmp_path: Path
) -> None:
    other = write(tmp_path / "other.opus", "libopus", seconds=2, level=0.1)
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await asyncio.gather(
            room.voice.play(room.guild_id, song, playback_id="one"),
            room.voice.play(room.guild_id, Media("file", str(other)), playback_id="two"),
        )
        frames = await hear(tap, 60, silence=False)
    assert [frame.opus for frame in frames] == packets_of(other)[:60]
    assert (await room.event(PlaybackStarted)).playback_id == "two"


async def test_stopping_while_a_song_is_opened_keeps_it_silent(room: Room, song: Media) -> None:
    await room.voice.connect(room.guild_id, room.music)
    with room.listen() as tap:
        await room.voice.play(room.guild_id, song, playback_id="one")
        await asyncio.sleep(0)
        await room.voice.stop(room.guild_id)
        await room.voice.play(room.guild_id, song, playback_id="two", position_ms=20_000)
        frames = await hear(tap, 5, silence=False)
    late = set(packets_of(Path(song.location))[990:])
    assert {frame.opus for frame in frames} <= late
    assert (await room.event(PlaybackStarted)).playback_id == "two"


async def test_moving_during_a_reconnect_ends_in_the_right_channel_with_the_music(
    room: Room, song: Media
) -> None:
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(room.guild_id, song, playback_id="one")
    await room.event(PlaybackStarted)
    with room.listen(room.lounge) as tap:
        await room.sandbox.voice.kill(4015)
        await room.voice.connect(room.guild_id, room.lounge)
        frames = await hear(tap, 25, silence=False)
    assert {frame.opus for frame in frames} <= set(packets_of(Path(song.location)))
    assert room.voice.channel_id(room.guild_id) == room.lounge


async def test_an_error_while_sending_fails_the_song_and_the_next_one_plays(
    room: Room, song: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.voice.connect(room.guild_id, room.music)

    def broken(lane: Lane, beat: int) -> bool:
        raise LookupError(f"{lane} in beat {beat}")

    with monkeypatch.context() as patched:
        patched.setattr(Lane, "tick", broken)
        await room.voice.play(room.guild_id, song, playback_id="one")
        failed = await room.event(PlaybackFailed)
    assert (failed.playback_id, failed.failure) == ("one", "unknown")
    assert room.voice.figures().extra["lanes_crashed"] == 1
    await room.voice.play(room.guild_id, song, playback_id="two")
    assert (await room.event(PlaybackStarted)).playback_id == "two"


@pytest.mark.parametrize(
    ("error", "failure"),
    [(ValueError("no address"), "unknown"), (OSError("unreachable"), "network")],
)
async def test_a_fetcher_that_breaks_fails_the_song_with_a_sentence(
    room: Room, error: Exception, failure: str
) -> None:
    class Broken:
        async def open(self, url: str, **_: object) -> Any:
            assert url
            raise error

    _house(room).fetcher = Broken()
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(room.guild_id, Media("http", "https://radio.test/"), playback_id="one")
    failed = await room.event(PlaybackFailed)
    assert (failed.playback_id, failed.failure) == ("one", failure)
    assert failed.reason.endswith(".")


async def test_a_body_that_breaks_is_no_end_of_the_song() -> None:
    class Body:
        start_ms = 0

        async def read(self, n: int) -> bytes:
            raise LookupError(f"{n} bytes")

        async def close(self) -> None:
            """Nothing is open."""

    body: Any = Body()
    arriving = HttpInput(body, limit_bytes=1000, stall_seconds=1)
    await arriving.feed()
    with pytest.raises(Exception, match="unexpected"):
        await asyncio.to_thread(arriving.read, 10)


async def test_what_only_a_node_can_play_is_said(room: Room) -> None:
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(room.guild_id, Media("node", "ytsearch:x"), playback_id="one")
    failed = await room.event(PlaybackFailed)
    assert (failed.failure, "node" in failed.reason) == ("unsupported", True)


@pytest.mark.alone
async def test_a_voice_server_that_answers_no_more_is_left_and_the_music_waits(
    room: Room, song: Media
) -> None:
    await room.voice.connect(room.guild_id, room.music)
    original = packets_of(Path(song.location))
    with room.listen() as tap:
        await room.voice.play(room.guild_id, song, playback_id="one")
        before = await hear(tap, 25)
        websocket = _connection(room).ws.ws

        async def silence(*_: object, **__: object) -> aiohttp.WSMessage:
            raise TimeoutError

        # What discord.py's wait of 30 s for any message comes to.
        websocket.receive = silence
        websocket._reader.set_exception(TimeoutError())  # pyright: ignore[reportPrivateUsage]  # wakes the wait up
        before += [frame for frame in tap.take() if not frame.silent]
        after = await hear(tap, 25, silence=False)
    places = [original.index(frame.opus) for frame in [*before, *after]]
    assert places == sorted(places)
    assert places[-1] - places[0] < len(places) + 50
    assert _connection(room).ws.ws is not websocket


async def test_a_reconnect_that_cannot_be_made_is_told_at_once(
    room: Room, song: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(room.guild_id, song, playback_id="one")
    await room.event(PlaybackStarted)

    async def unreachable(*_: object, **__: object) -> QuietWebSocket:
        raise aiohttp.ClientOSError

    monkeypatch.setattr(QuietWebSocket, "from_connection_state", unreachable)
    await room.sandbox.voice.kill(4015)
    assert (await room.event(VoiceClosed)).reason == "connection_lost"
    assert room.voice.channel_id(room.guild_id) is None


async def test_keys_are_waited_for_after_the_handshake_only(room: Room) -> None:
    await room.voice.connect(room.guild_id, room.music)
    connection = _connection(room)
    assert connection.state is ConnectionFlowState.connected
    assert connection.waits_for_keys
    connection._sealed_by = 0.0  # pyright: ignore[reportPrivateUsage]  # the two seconds are over
    assert not connection.waits_for_keys
