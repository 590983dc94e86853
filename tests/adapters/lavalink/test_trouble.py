"""Nodes and networks that do what they should not: the music survives it, or somebody is told."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from tests.adapters.lavalink.conftest import KeptSessions, Stage
from tests.adapters.lavalink.hearing import listen_for, longest_gap, start_in
from tests.adapters.voice_embedded.conftest import hear
from tests.support.lavalink_node import LavalinkNode
from tests.support.lavalink_node.player import NodePlayer
from tests.support.lavalink_node.session import NodeSession

from seraphim.adapters.lavalink import LavalinkAudio, LavalinkTracks
from seraphim.adapters.lavalink.voice import ForwardedVoice
from seraphim.features.music.ports import (
    Media,
    PlaybackEnded,
    PlaybackFailed,
    PlaybackStarted,
    VoiceUnavailable,
)
from seraphim.kernel.db import DatabaseError


async def _play(stage: Stage, song: Path, **options: Any) -> None:
    await stage.audio.connect(stage.guild_id, stage.music)
    media = Media("file", str(song))
    await stage.audio.play(stage.guild_id, media, playback_id="p1", **options)
    await stage.event(PlaybackStarted)


def _playing(stage: Stage) -> tuple[LavalinkNode, NodeSession, NodePlayer]:
    """The node that plays, with its session and its player."""
    for node in stage.nodes:
        for session in node.sessions.values():
            for player in session.players.values():
                return node, session, player
    raise AssertionError("nothing plays")


async def test_a_song_that_breaks_in_the_middle_is_told_as_broken(stage: Stage, song: Path) -> None:
    """Lavaplayer reports the exception, and then that the track has "finished"."""
    await _play(stage, song, position_ms=5_000)
    _, session, player = _playing(stage)
    assert player.track is not None
    about = {"op": "event", "guildId": str(stage.guild_id), "track": player.track.json()}
    fault = {"message": "Read timed out", "severity": "suspicious", "cause": "x"}
    session.say({**about, "type": "TrackExceptionEvent", "exception": fault})
    session.say({**about, "type": "TrackEndEvent", "reason": "finished"})
    failed = await stage.event(PlaybackFailed)
    assert (failed.playback_id, failed.failure) == ("p1", "network")
    assert 5_000 <= failed.position_ms < 7_000


async def test_frames_that_nobody_understands_change_nothing(stage: Stage, song: Path) -> None:
    await _play(stage, song, position_ms=18_000)
    node, session, _ = _playing(stage)
    seen = len(node.handshakes)
    state = {"time": 1, "position": 1, "connected": True, "ping": 1}
    for words in (
        {"op": "playerUpdate", "guildId": "nonsense", "state": state},
        {"op": "playerUpdate", "guildId": "1"},
        {"op": "event", "type": "TrackEndEvent", "guildId": "7", "track": 5, "reason": "x"},
        {"op": "event", "type": "LyricsFoundEvent", "guildId": "7"},
        {"op": "unheard-of"},
        {"op": "stats", "players": "many"},
    ):
        session.say(words)
    assert session.socket is not None
    await session.socket.send_str("{")
    await session.socket.send_bytes(b"\xff")
    assert await stage.event(PlaybackEnded) == PlaybackEnded(stage.guild_id, "p1")
    assert len(node.handshakes) == seen


async def test_a_player_that_a_node_has_lost_is_made_anew(stage: Stage, song: Path) -> None:
    with stage.listen() as tap:
        await _play(stage, song)
        await hear(tap, 30)
        node, session, player = _playing(stage)
        del session.players[str(stage.guild_id)]
        player.track = None  # nothing is said of it
        await player.destroy()
        await node.cut()
        await listen_for(tap, 0.3)
        heard = await hear(tap, 60, silence=False)
    assert start_in(song, heard[10:]) > 0.5
    assert stage.audio.figures().extra["moves"] == 0


async def test_a_voice_connection_that_was_not_the_last_one_is_not_mourned(
    stage: Stage, song: Path
) -> None:
    """A node tells of the old connection too, when it has made a new one."""
    with stage.listen() as tap:
        await _play(stage, song)
        await hear(tap, 20)
        _, session, player = _playing(stage)
        line = player.line
        closed = {"type": "WebSocketClosedEvent", "code": 4014, "reason": "", "byRemote": False}
        session.say({"op": "event", "guildId": str(stage.guild_id), **closed})
        frames = await listen_for(tap, 2.5)
    assert longest_gap(frames) < 0.2
    assert player.line is line


class NoSessions(KeptSessions):
    """A database that is away."""

    async def find(self, node: str) -> str | None:
        raise DatabaseError(reason=f"no {node}")

    async def keep(self, node: str, session_id: str) -> None:
        raise DatabaseError(reason=f"no {node}, no {session_id}")


async def test_without_the_database_nodes_play_all_the_same(stage: Stage, song: Path) -> None:
    second = stage.backend(stage.client, NoSessions())
    second.subscribe(stage.events.put)
    try:
        await second.connect(stage.guild_id, stage.music)
        await second.play(stage.guild_id, Media("file", str(song)), playback_id="p1")
        assert await stage.event(PlaybackStarted) == PlaybackStarted(stage.guild_id, "p1")
    finally:
        await second.close()


async def test_a_track_is_read_by_the_node_that_has_its_source(stage: Stage, song: Path) -> None:
    first, second = stage.nodes
    first.options.sources = ("http",)
    second.options.sources = ("http", "local", "spotify")
    second.options.catalogue = {"spsearch:hymn": [{"title": "Hymn", "media": str(song)}]}
    await stage.audio.connect(stage.guild_id, stage.music)
    source = LavalinkTracks(lambda: stage.audio.nodes)
    (track,) = (await source.resolve("spsearch:hymn", limit=1)).tracks
    first.options.password = "another"  # it refuses to read any track now
    assert (await source.open(track)).location == track.identifier


@contextlib.asynccontextmanager
async def _broken_entry(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[None]:
    async def fail(*_: object, **__: object) -> None:
        raise ConnectionResetError("the gateway is away")

    with monkeypatch.context() as patch:
        patch.setattr(ForwardedVoice, "enter", fail)
        yield


async def test_a_join_that_broke_can_be_tried_again(
    stage: Stage, song: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _broken_entry(monkeypatch):
        with pytest.raises(VoiceUnavailable):
            await stage.audio.connect(stage.guild_id, stage.music)
    await _play(stage, song)
    assert stage.audio.channel_id(stage.guild_id) == stage.music


async def test_a_session_that_is_gone_is_not_the_songs_fault(stage: Stage, song: Path) -> None:
    """Between a node's restart and the end of its websocket requests are answered with 404."""
    await stage.audio.connect(stage.guild_id, stage.music)
    node = _node_of(stage.audio, stage)
    session_id = node.session_id
    node.session_id = "gone"
    await stage.audio.play(stage.guild_id, Media("file", str(song)), playback_id="p1")
    await _until_refused(stage)
    node.session_id = session_id
    for each in stage.nodes:
        await each.cut()  # the session is taken up again, and the song with it
    assert await stage.event(PlaybackStarted) == PlaybackStarted(stage.guild_id, "p1")


def _node_of(audio: LavalinkAudio, stage: Stage) -> Any:
    node = audio._presences[stage.guild_id].player.node
    assert node is not None
    return node


async def _until_refused(stage: Stage) -> None:
    async with asyncio.timeout(5):
        while not any(status == 404 for node in stage.nodes for _, _, status, *_ in node.exchanges):
            await asyncio.sleep(0.01)
