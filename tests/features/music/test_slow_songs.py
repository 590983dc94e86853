"""A song that takes long to open keeps nobody waiting, and starts only if it is still wanted."""

import asyncio

import pytest
from tests.features.music.conftest import GUILD, Stage, caller
from tests.features.music.slow import SlowSource, begun, done, heard, quiet, slow_stage

from seraphim.features.music.commands.paint import paint_embed
from seraphim.features.music.ports import VoiceClosed
from seraphim.features.music.rules import notices
from seraphim.features.music.rules.filters import Filters
from seraphim.kernel.texts import Texts


@pytest.fixture
async def source(stage: Stage) -> SlowSource:
    return await slow_stage(stage)


async def play(stage: Stage, *names: str) -> None:
    for name in names:
        await done(stage, stage.music.play(caller(), f"library:{name}.opus"))


async def test_play_answers_while_the_song_is_opened_and_it_starts_by_itself(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("one")
    await play(stage, "one")
    player = await stage.player()
    assert (player.is_opening, heard(stage)) == (True, None)
    assert await stage.titles() == ["One"]
    source.let_go("one")
    await quiet(stage)
    player = await stage.player()
    assert (player.is_opening, heard(stage)) == (False, "one")
    assert source.begun == ["one.opus"]


async def test_a_skip_is_obeyed_at_once_and_the_opening_is_given_up(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("one")
    await play(stage, "one", "two")
    ended, now = await done(stage, stage.steering.skip(caller()))
    assert (ended.title, now.title if now else None) == ("One", "Two")
    assert (heard(stage), source.given_up) == ("two", ["one.opus"])
    source.let_all_go()
    await quiet(stage)
    assert begun(stage) == ["two"]
    assert await stage.titles() == ["Two"]


async def test_an_opening_that_cannot_be_given_up_starts_nothing_either(
    stage: Stage, source: SlowSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source may be deaf to being cancelled: then its answer comes late, and is dropped."""
    late = asyncio.Event()
    opened = source.open

    async def deaf(track: object) -> object:
        while not late.is_set():
            try:
                await late.wait()
            except asyncio.CancelledError:
                continue
        return await opened(track)  # pyright: ignore[reportArgumentType] - a track, handed on

    monkeypatch.setattr(source, "open", deaf)
    await play(stage, "one")
    monkeypatch.setattr(source, "open", opened)
    await play(stage, "two")
    await done(stage, stage.steering.skip(caller()))
    assert heard(stage) == "two"
    late.set()
    await quiet(stage)
    assert begun(stage) == ["two"]


async def test_the_song_before_is_silent_once_the_next_is_being_opened(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("two")
    await play(stage, "one", "two")
    await done(stage, stage.steering.skip(caller()))
    assert heard(stage) is None
    source.let_go("two")
    await quiet(stage)
    assert begun(stage) == ["one", "two"]


async def test_stopping_and_leaving_end_the_opening(stage: Stage, source: SlowSource) -> None:
    source.hold("one", "two")
    await play(stage, "one")
    await done(stage, stage.steering.stop(caller()))
    assert stage.audio.channel_id(GUILD) is None
    await play(stage, "two", "three")
    await done(stage, stage.music.leave(caller()))
    source.let_all_go()
    await quiet(stage)
    assert begun(stage) == []
    player = await stage.player()
    assert (player.status, player.pause_reason) == ("paused", "away")
    assert await stage.titles() == ["Two", "Three"]
    await done(stage, stage.music.join(caller()))
    assert (begun(stage), heard(stage)) == (["two"], "two")


async def test_a_pause_meanwhile_holds_the_song_when_it_is_there(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("one")
    await play(stage, "one")
    await done(stage, stage.steering.pause(caller()))
    source.let_go("one")
    await quiet(stage)
    assert (begun(stage), heard(stage)) == (["one"], None)
    player = await stage.player()
    assert (player.status, player.pause_reason) == ("paused", "member")
    await done(stage, stage.steering.resume(caller()))
    assert (begun(stage), heard(stage)) == (["one"], "one")


async def test_a_pause_and_a_resume_meanwhile_open_the_song_only_once(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("one")
    await play(stage, "one")
    await done(stage, stage.steering.pause(caller()))
    await done(stage, stage.steering.resume(caller()))
    source.let_go("one")
    await quiet(stage)
    assert (begun(stage), heard(stage), source.begun) == (["one"], "one", ["one.opus"])


async def test_place_loudness_and_sound_chosen_meanwhile_are_those_it_begins_with(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("one")
    await play(stage, "one")
    await done(stage, stage.steering.seek(caller(), "1:00"))
    await done(stage, stage.steering.set_volume(caller(), 40))
    await done(stage, stage.steering.set_filters(caller(), Filters(preset="nightcore")))
    source.let_go("one")
    await quiet(stage)
    player = stage.audio.players[GUILD]
    assert stage.audio.position_ms(GUILD) == 60_000
    assert (player.volume_percent, player.filters.preset) == (40, "nightcore")


async def test_who_is_alone_meanwhile_hears_it_when_company_comes(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("one")
    await play(stage, "one")
    members, stage.venue.members = stage.venue.members, {}
    await stage.parts.voice_changed(GUILD)
    source.let_go("one")
    await quiet(stage)
    assert (begun(stage), heard(stage)) == (["one"], None)
    stage.venue.members = members
    await stage.parts.voice_changed(GUILD)
    assert heard(stage) == "one"


async def test_a_slow_song_that_fails_is_told_and_the_next_plays(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("two")
    source.broken = {"two.opus": "It is gone."}
    await play(stage, "one", "two", "three")
    await stage.clock.advance(0)
    finishing = asyncio.ensure_future(stage.audio.finish(GUILD))
    await done(stage, asyncio.wait_for(finishing, None))
    assert (await stage.player()).is_opening
    source.let_go("two")
    await quiet(stage)
    assert heard(stage) == "three"
    assert [notice.parameters["reason"] for notice in stage.venue.said] == ["It is gone."]
    assert await stage.titles() == ["Three"]


async def test_a_source_that_breaks_is_a_song_that_fails(
    stage: Stage, source: SlowSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = source.open

    async def broken(track: object) -> object:
        if getattr(track, "identifier", "") == "one.opus":
            raise KeyError("url")
        return await opened(track)  # pyright: ignore[reportArgumentType] - a track, handed on

    monkeypatch.setattr(source, "open", broken)
    await play(stage, "one")
    await quiet(stage)
    assert (await stage.player()).status == "idle"
    assert len(stage.venue.said) == 1
    await play(stage, "two")
    assert heard(stage) == "two"


async def test_a_second_wish_to_play_at_once_wins(stage: Stage, source: SlowSource) -> None:
    source.hold("one", "two")
    await play(stage, "one")
    await done(stage, stage.music.play(caller(), "library:two.opus", place="now"))
    await done(stage, stage.music.play(caller(), "library:three.opus", place="now"))
    assert heard(stage) == "three"
    source.let_all_go()
    await quiet(stage)
    assert begun(stage) == ["three"]
    player = await stage.player()
    assert [past.entry.track.title for past in player.queue.history] == ["One", "Two"]


async def test_clearing_leaves_the_song_that_is_being_opened(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("one")
    await play(stage, "one", "two", "three")
    await done(stage, stage.parts.arranging.clear(caller()))
    source.let_go("one")
    await quiet(stage)
    assert (heard(stage), await stage.titles()) == ("one", ["One"])


@pytest.mark.parametrize("kill", [True, False])
async def test_a_restart_meanwhile_plays_the_song(
    stage: Stage,
    source: SlowSource,
    kill: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    source.hold("one")
    await play(stage, "one", "two")
    await done(stage, stage.steering.seek(caller(), "0:30"))
    old = stage.audio
    await done(stage, asyncio.wait_for(stage.restart(kill=kill), None))
    source.let_all_go()
    await quiet(stage)
    assert old.played == []
    assert (begun(stage), stage.audio.position_ms(GUILD)) == (["one"], 30_000)
    assert await stage.titles() == ["One", "Two"]


async def test_a_connection_lost_meanwhile_is_sought_again_and_the_song_begins_there(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("one")
    await play(stage, "one")
    await stage.audio.lose(VoiceClosed(GUILD, "connection_lost"))
    source.let_go("one")
    await quiet(stage)
    assert heard(stage) is None
    for _ in range(20):
        await stage.clock.advance(0.25)
        await quiet(stage)
    assert heard(stage) == "one"
    assert notices.CONNECTION_LOST not in stage.venue.said


async def test_who_is_thrown_out_meanwhile_stays_out(stage: Stage, source: SlowSource) -> None:
    source.hold("one")
    await play(stage, "one")
    await stage.audio.lose(VoiceClosed(GUILD, "kicked"))
    source.let_go("one")
    await quiet(stage)
    assert begun(stage) == []
    assert stage.audio.channel_id(GUILD) is None


async def test_time_without_sound_is_no_listening(stage: Stage, source: SlowSource) -> None:
    source.hold("one")
    await play(stage, "one")
    await stage.parts.listening.store()
    before = await stage.parts.listening.export(GUILD, caller().user_id)
    for _ in range(4):
        await stage.clock.advance(5)
        await quiet(stage)
    await stage.parts.listening.store()
    assert await stage.parts.listening.export(GUILD, caller().user_id) == before


async def test_the_controller_says_that_the_song_is_being_opened(
    stage: Stage, source: SlowSource
) -> None:
    source.hold("one")
    await play(stage, "one")
    say = Texts().translator("en")
    assert paint_embed(await stage.music.picture(GUILD), say).author.name == "Opening the song …"
    source.let_go("one")
    await quiet(stage)
    assert paint_embed(await stage.music.picture(GUILD), say).author.name == "Now playing"
