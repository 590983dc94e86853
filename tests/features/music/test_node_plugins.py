"""What a node knows of the song it plays is used: words, and the parts that it skips by itself."""

import asyncio
from dataclasses import replace

import pytest
from tests.features.music.conftest import GUILD, TEXT, Stage, caller, song
from tests.features.music.fakes import FakeAudioBackend

from seraphim.features.music.ports.lyrics import LyricsUnavailable
from seraphim.features.music.ports.segments import (
    PartListener,
    PartSkipped,
    PartsKnown,
    WantedParts,
)
from seraphim.features.music.rules.lyrics import NoLyrics, Words
from seraphim.features.music.rules.segments import Segment
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service import MusicSettings
from seraphim.kernel.ids import GuildId, MessageId, UserId

VIDEO = "dQw4w9WgXcQ"
SPONSOR = Segment(10_000, 42_000)
OWN = Words("7", "One", "Choir", plain="from the service")
NODES = Words("", "", timed="[00:01.00]from the node", plain="from the node", credit="MusixMatch")


class NodeAudio(FakeAudioBackend):
    """A backend whose node has both plugins."""

    words: Words | None = None
    wanted: WantedParts | None = None
    listener: PartListener | None = None

    async def find_words(self, guild_id: GuildId) -> Words | None:
        return self.words if guild_id in self.players else None

    def skip_parts(self, wanted: WantedParts, listener: PartListener) -> None:
        self.wanted, self.listener = wanted, listener


@pytest.fixture
async def audio(stage: Stage) -> NodeAudio:
    """The stage, with such a backend."""
    await stage.parts.stop()
    stage.audio = made = NodeAudio(stage.clock)
    await stage.begin()
    return made


async def _ask(stage: Stage) -> Words:
    return (await stage.parts.lyrics.of_now(await stage.player())).words


async def test_words_of_the_node_are_shown_where_the_service_has_none(
    stage: Stage, audio: NodeAudio
) -> None:
    await stage.music.play(caller(), "library:one.opus")
    with pytest.raises(NoLyrics):
        await _ask(stage)
    audio.words = NODES
    found = await stage.parts.lyrics.of_now(await stage.player())
    assert (found.words.title, found.words.credit) == ("One", "MusixMatch")
    assert found.sheet is not None
    assert (found.sheet.title, found.sheet.credit) == ("One", "MusixMatch")
    assert await stage.parts.lyrics.get(found.words.identifier) == found.words


async def test_the_service_comes_first_unless_only_the_node_has_times(
    stage: Stage, audio: NodeAudio
) -> None:
    await stage.music.play(caller(), "library:one.opus")
    stage.lyrics.known["One"] = OWN
    audio.words = replace(NODES, timed=None)
    assert await _ask(stage) == OWN
    audio.words = NODES
    assert (await _ask(stage)).credit == "MusixMatch"
    stage.lyrics.known["One"] = in_time = replace(OWN, timed="[00:02.00]from the service")
    assert await _ask(stage) == in_time


async def test_a_service_in_trouble_is_replaced_by_the_node(
    stage: Stage, audio: NodeAudio, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(track: Track) -> Words | None:
        _ = track
        raise LyricsUnavailable

    monkeypatch.setattr(stage.lyrics, "find", fail)
    await stage.music.play(caller(), "library:one.opus")
    with pytest.raises(LyricsUnavailable):
        await _ask(stage)
    audio.words = NODES
    assert (await _ask(stage)).credit == "MusixMatch"


async def test_words_of_a_song_that_ended_while_they_were_fetched_are_not_the_next_ones(
    stage: Stage, audio: NodeAudio
) -> None:
    await stage.music.play(caller(), "library:one.opus")
    before = await stage.player()
    await stage.music.play(caller(), "library:two.opus")
    await stage.steering.skip(caller())
    audio.words = NODES
    with pytest.raises(NoLyrics):
        await stage.parts.lyrics.of_now(before)


async def test_after_a_restart_the_message_finds_the_nodes_words_again(
    stage: Stage, audio: NodeAudio
) -> None:
    audio.words = NODES
    await stage.music.play(caller(), "library:one.opus")
    found = await stage.parts.lyrics.of_now(await stage.player())
    await stage.parts.lyrics.follow(GUILD, TEXT, MessageId(700), found)
    await stage.parts.stop()
    stage.audio = again = NodeAudio(stage.clock)
    again.words = NODES
    await stage.begin()
    assert (await stage.parts.lyrics.get(found.words.identifier)).credit == "MusixMatch"
    again.words = replace(NODES, plain="other words")
    await stage.parts.stop()
    stage.audio = third = NodeAudio(stage.clock)
    third.words = again.words
    await stage.begin()
    with pytest.raises(NoLyrics):
        await stage.parts.lyrics.get(found.words.identifier)


async def _video(stage: Stage) -> str:
    """Play a video, and return the name of its playback."""
    url = f"https://www.youtube.com/watch?v={VIDEO}"
    stage.source.tracks["video.opus"] = replace(song("video"), url=url)
    stage.segments.known[VIDEO] = [SPONSOR]
    await stage.music.play(caller(), "library:video.opus")
    playback_id = (await stage.player()).playback_id
    assert playback_id is not None
    return playback_id


async def _look(stage: Stage, seconds: float) -> None:
    for _ in range(round(seconds * 2)):
        await stage.clock.advance(0.5)
        await stage.parts.skipping.look()
        for _ in range(4_000):
            if not stage.parts.skipping.is_asking:
                break
            await asyncio.sleep(0.005)


async def test_what_the_node_has_skipped_is_shown_and_stored(
    stage: Stage, audio: NodeAudio
) -> None:
    playback_id = await _video(stage)
    await _look(stage, 1)
    assert stage.segments.asked == [VIDEO]  # the bot knows the part as well
    assert audio.listener is not None
    audio.listener(PartsKnown(GUILD, playback_id))
    await _look(stage, 11)
    assert (await stage.player()).position_ms < 13_000  # left to the node, which has not done it
    await audio.seek(GUILD, 42_000)
    audio.listener(PartSkipped(GUILD, playback_id, SPONSOR))
    async with asyncio.timeout(5):
        while (stored := await stage.stored()) is None or stored.position_ms < 42_000:
            await asyncio.sleep(0.005)
    picture = await stage.music.picture(GUILD)
    assert (picture.skipped, picture.skipped_length) == ("sponsor", "0:32")


async def test_parts_are_skipped_here_when_the_node_does_not_know_them(
    stage: Stage, audio: NodeAudio
) -> None:
    assert audio.listener is not None
    audio.listener(PartsKnown(GUILD, "another-playback"))
    await _video(stage)
    await _look(stage, 11)
    assert (await stage.player()).position_ms >= 42_000


async def test_the_node_is_told_what_the_guild_does_not_want(
    stage: Stage, audio: NodeAudio
) -> None:
    assert audio.wanted is not None
    await stage.settings.change(
        GUILD, MusicSettings, {"skipped_parts": ["intro"]}, actor_id=UserId(1), source="test"
    )
    assert list(await audio.wanted(GUILD)) == ["intro"]
