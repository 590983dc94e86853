"""Autoplay: the music goes on by itself, and members' wishes come first."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import override

import pytest
from tests.features.music.conftest import ALICE, GUILD, Stage, caller, song
from tests.features.music.fakes import FakeSource, settle

from seraphim.features.music.ports import Recommendation, RecommendsTracks
from seraphim.features.music.rules.choosing import NEVER_AGAIN_WITHIN
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service import MusicSettings
from seraphim.kernel.ids import UserId


class Recommending(FakeSource):
    """A source that says which tracks go with another one."""

    def __init__(self, *tracks: Track) -> None:
        super().__init__(*tracks)
        self.recommended: list[Recommendation] = []
        self.asked: list[Track] = []
        self.hangs: asyncio.Event | None = None

    async def recommend(self, track: Track, *, limit: int, order: int) -> Sequence[Recommendation]:
        _ = order
        self.asked.append(track)
        if self.hangs is not None:
            await self.hangs.wait()
        return self.recommended[:limit]

    @override
    async def close(self) -> None:
        if self.hangs is not None:
            self.hangs.set()
        await super().close()


@pytest.fixture
async def source(stage: Stage) -> Recommending:
    made = Recommending(*stage.source.tracks.values())
    stage.source, stage.sources = made, [made]
    await stage.restart(kill=False)
    return made


async def _play(stage: Stage, name: str = "one") -> None:
    await stage.music.play(caller(), f"library:{name}.opus")


async def _prepared(stage: Stage) -> str | None:
    """What the controller says comes next, once it has been chosen."""
    await stage.parts.automatic.look()
    for _ in range(4_000):
        if not stage.parts.automatic.is_choosing:
            break
        await asyncio.sleep(0.005)
    picture = await stage.music.picture(GUILD)
    return picture.follows or None


def _recommend(source: Recommending, *names: str) -> None:
    source.recommended = [
        Recommendation(source.tracks[f"{name}.opus"], "artist", "Choir") for name in names
    ]


def test_the_fake_recommends_as_the_port_says(stage: Stage) -> None:
    assert isinstance(Recommending(), RecommendsTracks)
    assert not isinstance(stage.source, RecommendsTracks)


async def test_the_music_goes_on_with_a_recommended_song_and_says_why(
    stage: Stage, source: Recommending
) -> None:
    _recommend(source, "two")
    await _play(stage)
    await stage.steering.set_autoplay(caller(), "artist")
    assert await _prepared(stage) == "Two `3:00`"
    await stage.audio.finish(GUILD)
    player = await stage.player()
    current = player.queue.current
    assert current is not None
    assert (current.track.title, current.requested_by, current.reason) == (
        "Two",
        None,
        "artist:Choir",
    )
    assert stage.audio.is_sounding(GUILD)
    stored = await stage.stored()
    assert stored is not None
    assert stored.queue.current == current


async def test_without_autoplay_the_music_ends(stage: Stage, source: Recommending) -> None:
    _recommend(source, "two")
    await _play(stage)
    assert await _prepared(stage) is None
    await stage.audio.finish(GUILD)
    assert (await stage.player()).status == "idle"
    assert source.asked == []


async def test_a_song_is_found_at_the_end_when_none_was_ready(
    stage: Stage, source: Recommending
) -> None:
    _recommend(source, "three")
    await _play(stage)
    await stage.steering.set_autoplay(caller(), "similar")
    await stage.steering.skip(caller())
    assert await stage.titles() == ["Three"]


async def test_what_members_ask_for_comes_before_the_choice(
    stage: Stage, source: Recommending
) -> None:
    _recommend(source, "two")
    await _play(stage)
    await stage.steering.set_autoplay(caller(), "artist")
    assert await _prepared(stage) is not None
    await _play(stage, "four")
    assert (await stage.music.picture(GUILD)).follows == ""
    await stage.audio.finish(GUILD)
    assert await stage.titles() == ["Four"]


async def test_none_of_the_last_fifty_is_chosen(stage: Stage, source: Recommending) -> None:
    names = [f"song {n}" for n in range(NEVER_AGAIN_WITHIN + 1)]
    source.tracks = {f"{name}.opus": song(name) for name in names}
    _recommend(source, *names)
    await stage.music.play(caller(), "library:everything")
    await stage.steering.set_autoplay(caller(), "artist")
    for _ in names:
        await stage.audio.finish(GUILD)
    assert await stage.titles() == ["Song 0"]
    await stage.audio.finish(GUILD)
    assert await stage.titles() == ["Song 1"]


async def test_history_knows_what_goes_together(stage: Stage, source: Recommending) -> None:
    source.tracks |= {f"filler {n}.opus": song(f"filler {n}") for n in range(NEVER_AGAIN_WITHIN)}
    for name in ("one", "two"):
        await _play(stage, name)
    for _ in range(2):
        await stage.audio.finish(GUILD)
    for n in range(NEVER_AGAIN_WITHIN):
        await _play(stage, f"filler {n}")
        await stage.audio.finish(GUILD)
    await stage.steering.stop(caller())
    await _play(stage, "one")
    await stage.steering.set_autoplay(caller(), "similar")
    await stage.audio.finish(GUILD)
    current = (await stage.player()).queue.current
    assert current is not None
    assert (current.track.title, current.reason) == ("Two", "together:One")


async def test_a_source_that_hangs_does_not_hold_up_the_music(
    stage: Stage, source: Recommending
) -> None:
    for name in ("two", "one"):
        await _play(stage, name)
    await stage.audio.finish(GUILD)
    source.hangs = asyncio.Event()
    await stage.steering.set_autoplay(caller(), "mixed")
    async with asyncio.timeout(10):
        await stage.audio.finish(GUILD)
    assert (await stage.player()).status == "idle"
    await _play(stage, "three")
    assert await stage.titles() == ["Three"]


async def test_choices_that_cannot_be_played_end_after_three(
    stage: Stage, source: Recommending
) -> None:
    _recommend(source, "two", "three", "four", "five")
    source.broken = {f"{name}.opus": "It is gone." for name in ("two", "three", "four", "five")}
    await _play(stage)
    await stage.steering.set_autoplay(caller(), "artist")
    await stage.audio.finish(GUILD)
    await settle()
    player = await stage.player()
    assert player.status == "idle"
    assert [past.outcome for past in player.queue.history] == ["played", *["failed"] * 3]


async def test_a_guild_that_forbids_a_source_gets_none_of_it(
    stage: Stage, source: Recommending
) -> None:
    foreign = replace(song("abroad"), source="elsewhere")
    source.recommended = [Recommendation(foreign, "artist", "Choir")]
    await _play(stage)
    await stage.settings.change(
        GUILD, MusicSettings, {"allowed_sources": ["library"]}, actor_id=UserId(1), source="test"
    )
    await stage.steering.set_autoplay(caller(), "artist")
    await stage.audio.finish(GUILD)
    assert await stage.titles() == []


async def test_another_mode_chooses_anew(stage: Stage, source: Recommending) -> None:
    _recommend(source, "two")
    await _play(stage)
    await stage.steering.set_autoplay(caller(), "artist")
    assert await _prepared(stage) is not None
    await stage.steering.set_autoplay(caller(), "genre")
    assert (await stage.music.picture(GUILD)).follows == ""
    assert await _prepared(stage) is not None
    assert len(source.asked) == 2


async def test_nothing_is_chosen_while_the_song_repeats(stage: Stage, source: Recommending) -> None:
    _recommend(source, "two")
    await _play(stage)
    await stage.steering.set_autoplay(caller(), "artist")
    await stage.steering.set_loop(caller(), "track")
    assert await _prepared(stage) is None
    await stage.audio.finish(GUILD)
    assert await stage.titles() == ["One"]
    assert source.asked == []
    assert ALICE in stage.venue.members
