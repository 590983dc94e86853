"""What nodes can do with plugins is used when they have them, and not missed when they have not."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.adapters.lavalink.conftest import Stage
from tests.adapters.lavalink.hearing import start_in
from tests.adapters.voice_embedded.conftest import hear

from seraphim.adapters.lavalink import LavalinkTracks
from seraphim.adapters.lavalink.messages import Lyrics, LyricsLine, TrackLoaded
from seraphim.adapters.lavalink.plugins import words_of
from seraphim.adapters.lavalink.tracks import source_of
from seraphim.features.music.ports import Media, PlaybackStarted, SourceFailed
from seraphim.features.music.ports.segments import PartSkipped, PartsKnown
from seraphim.features.music.rules.lyrics import read_lrc
from seraphim.features.music.rules.segments import Segment
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import GuildId


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
            "lines": [
                {"timestamp": 16_770, "duration": None, "line": "Took a walk", "plugin": {}},
                {"timestamp": 214_480, "duration": None, "line": "", "plugin": {}},
            ],
            "plugin": {},
        }
    await stage.audio.connect(stage.guild_id, stage.music)
    assert await stage.audio.find_words(stage.guild_id) is None  # nothing plays
    await stage.audio.play(stage.guild_id, Media("file", str(song)), playback_id="p1")
    await stage.event(PlaybackStarted)
    words = await stage.audio.find_words(stage.guild_id)
    assert words is not None
    lines = read_lrc(words.timed or "")
    assert [(line.at_ms, line.text) for line in lines] == [(16_770, "Took a walk"), (214_480, "")]
    assert words.credit == "MusixMatch"
    for nothing in (None, {"sourceName": "x", "provider": None, "text": None, "lines": None}):
        for node in stage.nodes:
            node.options.lyrics = nothing
        assert await stage.audio.find_words(stage.guild_id) is None
    for node in stage.nodes:
        node.options.lyrics = {"lines": "nonsense"}
    assert await stage.audio.find_words(stage.guild_id) is None


def test_words_without_times_are_plain() -> None:
    lines = [LyricsLine(timestamp=0, line="one"), LyricsLine(timestamp=0, line="two")]
    words = words_of(Lyrics(source_name="genius", lines=lines))
    assert words is not None
    assert (words.timed, words.plain, words.credit) == (None, "one\ntwo", "genius")


VIDEO = "dQw4w9WgXcQ"
INTRO = {"category": "intro", "start": 1_500, "end": 8_000}
SPONSOR = {"category": "sponsor", "start": 12_000, "end": 14_000}


class Parts:
    """What the feature asks and is told."""

    def __init__(self, stage: Stage, song: Path, wanted: Sequence[str]) -> None:
        self.told: asyncio.Queue[PartsKnown | PartSkipped] = asyncio.Queue()
        self._wanted = wanted
        for node in stage.nodes:
            node.options.sources = ("local", "http", "youtube")
            node.options.plugins = ("sponsorblock-plugin",)
            node.options.segments = (INTRO, SPONSOR)
            node.options.chapters = (
                {"name": "Prelude", "start": 0, "end": 9_000, "duration": "9000"},
            )
            row = {"title": "Hymn", "identifier": VIDEO, "length": 20_000, "source": "youtube"}
            node.options.catalogue = {"ytsearch:hymn": [{**row, "media": str(song)}]}
        stage.audio.skip_parts(self._ask, self.told.put_nowait)

    async def _ask(self, guild_id: GuildId) -> Sequence[str]:
        _ = guild_id
        return self._wanted

    async def next(self) -> PartsKnown | PartSkipped:
        return await asyncio.wait_for(self.told.get(), 10)


async def _video(stage: Stage) -> Media:
    await stage.audio.connect(stage.guild_id, stage.music)
    source = LavalinkTracks(lambda: stage.audio.nodes)
    (track,) = (await source.resolve("ytsearch:hymn", limit=1)).tracks
    return await source.open(track)


async def test_segments_are_skipped_by_sponsorblock_and_told(stage: Stage, song: Path) -> None:
    parts = Parts(stage, song, ["intro"])
    await stage.audio.play(stage.guild_id, await _video(stage), playback_id="p1")
    await stage.event(PlaybackStarted)
    assert await parts.next() == PartsKnown(stage.guild_id, "p1")
    skipped = PartSkipped(stage.guild_id, "p1", Segment(1_500, 8_000, "intro"))
    assert await parts.next() == skipped
    # The node tells its place every second only: it must be right before.
    position = stage.audio.position_ms(stage.guild_id)
    assert position is not None
    assert 8_000 <= position < 9_000
    with stage.listen() as tap:
        assert start_in(song, await hear(tap, 60)) > 7.9
    assert stage.audio.figures().extra["segments_skipped"] == 1


async def test_a_part_that_lies_behind_throws_nobody_back(stage: Stage, song: Path) -> None:
    parts = Parts(stage, song, ["intro", "sponsor"])
    with stage.listen() as tap:
        media = await _video(stage)
        await stage.audio.play(stage.guild_id, media, playback_id="p1", position_ms=10_000)
        assert await parts.next() == PartsKnown(stage.guild_id, "p1")
        assert start_in(song, (await hear(tap, 60))[20:]) > 10
    skipped = PartSkipped(stage.guild_id, "p1", Segment(12_000, 14_000, "sponsor"))
    assert await parts.next() == skipped
    with stage.listen() as tap:
        assert start_in(song, await hear(tap, 60)) > 13.9
    assert stage.audio.figures().extra["segments_skipped"] == 1


async def test_what_the_bot_fetches_is_left_to_the_bot(stage: Stage, song: Path) -> None:
    parts = Parts(stage, song, ["intro"])
    await stage.audio.connect(stage.guild_id, stage.music)
    with stage.listen() as tap:
        await stage.audio.play(stage.guild_id, Media("file", str(song)), playback_id="p1")
        await hear(tap, 80)
    assert parts.told.empty()
    assert [node.categories for node in stage.nodes if any(node.categories.values())] == []


async def test_without_plugins_nothing_is_asked(stage: Stage, song: Path) -> None:
    parts = Parts(stage, song, ["intro"])
    for node in stage.nodes:
        node.options.plugins = ()
    await stage.audio.play(stage.guild_id, await _video(stage), playback_id="p1")
    await stage.event(PlaybackStarted)
    assert await stage.audio.find_words(stage.guild_id) is None
    assert parts.told.empty()
    paths = [path for node in stage.nodes for _, path, *_ in node.exchanges]
    assert not [path for path in paths if "lyrics" in path or "sponsorblock" in path]
