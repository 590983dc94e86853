"""What nodes can do with plugins is used when they have them, and not missed when they have not."""

import asyncio
from pathlib import Path

import pytest
from tests.adapters.lavalink.conftest import Stage
from tests.adapters.lavalink.hearing import start_in
from tests.adapters.voice_embedded.conftest import hear

from seraphim.adapters.lavalink import LavalinkTracks
from seraphim.adapters.lavalink.messages import SegmentSkipped, TrackLoaded
from seraphim.adapters.lavalink.tracks import source_of
from seraphim.features.music.ports import Media, PlaybackStarted, SourceFailed
from seraphim.features.music.rules.track import Track


def _catalogue(stage: Stage, song: Path) -> None:
    """Two nodes with LavaSrc, which finds the song by a search and by its page."""
    row = {
        "title": "Hymn",
        "identifier": "4uLU6hMCjMI75M1A2tKUQC",
        "author": "Choir",
        "length": 20_000,
        "uri": "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
        "media": str(song),
        "isrc": "QMDA61320363",
    }
    for node in stage.nodes:
        node.options.sources = ("local", "http", "spotify")
        node.options.plugins = ("lavasrc-plugin",)
        node.options.catalogue = {
            "spsearch:hymn": [row, {**row, "title": "Another", "identifier": "x"}],
            "https://open.spotify.com/album/1": [row, row, row],
        }


async def test_lavasrc_finds_and_plays(stage: Stage, song: Path) -> None:
    _catalogue(stage, song)
    await stage.audio.connect(stage.guild_id, stage.music)
    source = LavalinkTracks(lambda: stage.audio.nodes)
    assert source.claims("spsearch:hymn")
    assert not source.claims("dzsearch:hymn")  # no node has Deezer
    found = await source.resolve("spsearch:hymn", limit=5)
    (track,) = found.tracks
    assert (track.title, track.artist, track.duration_ms) == ("Hymn", "Choir", 20_000)
    album = await source.resolve("https://open.spotify.com/album/1", limit=2)
    assert (len(album.tracks), album.truncated) == (2, True)
    assert (await source.resolve("spsearch:nothing", limit=5)).tracks == ()
    with stage.listen() as tap:
        await stage.audio.play(stage.guild_id, await source.open(track), playback_id="p1")
        await stage.event(PlaybackStarted)
        assert start_in(song, await hear(tap, 60)) == pytest.approx(0.0, abs=0.2)


@pytest.mark.parametrize(
    "query",
    [
        "http://127.0.0.1/x",
        "https://open.spotify.com.evil.example/track/1",
        "https://user@open.spotify.com/track/1",
        "https://open.spotify.com:8443/track/1",
        "http://open.spotify.com/track/1",
        "/etc/passwd",
        "spsearch",
        "spsearch:" + "x" * 600,
    ],
)
def test_only_known_services_are_asked_for(query: str) -> None:
    assert source_of(query) is None


async def test_a_stored_track_that_leads_anywhere_else_is_not_opened(
    stage: Stage, song: Path
) -> None:
    await stage.audio.connect(stage.guild_id, stage.music)
    node = stage.audio.nodes[0]
    loaded = await node.rest.load(str(song))
    assert isinstance(loaded, TrackLoaded)
    source = LavalinkTracks(lambda: stage.audio.nodes)
    for identifier in (loaded.data.encoded, "nonsense"):
        with pytest.raises(SourceFailed):
            await source.open(Track("lavalink", identifier, "Hymn"))


async def test_words_come_from_lavalyrics(stage: Stage, song: Path) -> None:
    for node in stage.nodes:
        node.options.plugins = ("lavalyrics-plugin",)
        node.options.lyrics = {
            "sourceName": "spotify",
            "provider": "MusixMatch",
            "text": None,
            "lines": [{"timestamp": 16_770, "duration": None, "line": "Took a walk", "plugin": {}}],
            "plugin": {},
        }
    await stage.audio.connect(stage.guild_id, stage.music)
    assert await stage.audio.find_lyrics(stage.guild_id) is None  # nothing plays
    await stage.audio.play(stage.guild_id, Media("file", str(song)), playback_id="p1")
    await stage.event(PlaybackStarted)
    lyrics = await stage.audio.find_lyrics(stage.guild_id)
    assert lyrics is not None
    assert [(line.timestamp, line.line) for line in lyrics.lines] == [(16_770, "Took a walk")]
    for node in stage.nodes:
        node.options.lyrics = None
    assert await stage.audio.find_lyrics(stage.guild_id) is None


async def test_segments_are_skipped_by_sponsorblock(stage: Stage, song: Path) -> None:
    for node in stage.nodes:
        node.options.plugins = ("sponsorblock-plugin",)
        node.options.segments = ({"category": "intro", "start": 0, "end": 8_000},)
    skipped: asyncio.Queue[SegmentSkipped] = asyncio.Queue()
    stage.audio.on_segment(lambda _, event: skipped.put_nowait(event))
    with stage.listen() as tap:
        await stage.audio.connect(stage.guild_id, stage.music)
        await stage.audio.play(stage.guild_id, Media("file", str(song)), playback_id="p1")
        await stage.event(PlaybackStarted)
        assert await stage.audio.skip_segments(stage.guild_id, ["intro"])
        event = await asyncio.wait_for(skipped.get(), 5)
        assert (event.segment.category, event.segment.end) == ("intro", 8_000)
        await hear(tap, 20)
        assert start_in(song, await hear(tap, 60)) > 8
    assert stage.audio.figures().extra["segments_skipped"] == 1
    assert await stage.audio.skip_segments(stage.guild_id, [])


async def test_without_plugins_nothing_is_asked(stage: Stage, song: Path) -> None:
    await stage.audio.connect(stage.guild_id, stage.music)
    await stage.audio.play(stage.guild_id, Media("file", str(song)), playback_id="p1")
    await stage.event(PlaybackStarted)
    assert await stage.audio.find_lyrics(stage.guild_id) is None
    assert not await stage.audio.skip_segments(stage.guild_id, ["intro"])
    paths = [path for node in stage.nodes for _, path, *_ in node.exchanges]
    assert not [path for path in paths if "lyrics" in path or "sponsorblock" in path]
