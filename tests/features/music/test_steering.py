"""Steering: places, loudness, sound and modes; all of it is stored before it is done."""

import pytest
from tests.features.music.conftest import ALICE, BOB, GUILD, MUSIC_ROOM, Stage, caller, song

from seraphim.features.music.rules.control import VoiceRoom
from seraphim.features.music.rules.errors import (
    AlreadyQueued,
    NoPosition,
    NothingToRemove,
    NothingToUndo,
    NotSeekable,
    QueueFull,
    SearchOver,
    SourceNotAllowed,
    TrackTooLong,
)
from seraphim.features.music.rules.filters import Filters
from seraphim.features.music.service import MusicSettings
from seraphim.kernel.db import DatabaseBusy


async def play(stage: Stage, *names: str) -> None:
    for name in names:
        await stage.music.play(caller(), f"{name}.opus")


async def let(stage: Stage, **changes: object) -> None:
    await stage.settings.change(GUILD, MusicSettings, changes, actor_id=ALICE, source="test")


async def test_seeking_goes_there_and_is_stored(stage: Stage) -> None:
    await play(stage, "one")
    await stage.clock.advance(20)
    assert (await stage.steering.seek(caller(), "+15"))[1] == 35_000
    assert stage.audio.position_ms(GUILD) == 35_000
    stored = await stage.stored()
    assert stored is not None
    assert stored.position_ms == 35_000
    assert (await stage.steering.seek(caller(), "-1:00"))[1] == 0


async def test_seeking_in_a_paused_song_keeps_it_paused(stage: Stage) -> None:
    await play(stage, "one")
    await stage.steering.pause(caller())
    await stage.steering.seek(caller(), "1:00")
    await stage.clock.advance(10)
    assert (await stage.player()).position_ms == 60_000
    assert not stage.audio.is_sounding(GUILD)


async def test_seeking_outside_of_the_song_changes_nothing(stage: Stage) -> None:
    await play(stage, "one")
    await stage.clock.advance(5)
    with pytest.raises(NoPosition):
        await stage.steering.seek(caller(), "3:00")
    assert (await stage.player()).position_ms == 5_000


async def test_a_stream_cannot_be_wound(stage: Stage) -> None:
    stage.source.tracks["radio.opus"] = song("radio", stream=True)
    await play(stage, "radio")
    with pytest.raises(NotSeekable):
        await stage.steering.seek(caller(), "+10")


async def test_muting_remembers_the_loudness(stage: Stage) -> None:
    await play(stage, "one")
    await stage.steering.set_volume(caller(), 70)
    assert await stage.steering.set_muted(caller(), muted=True) == 0
    assert stage.audio.players[GUILD].volume_percent == 0
    await stage.restart(kill=True)
    assert await stage.steering.set_muted(caller(), muted=False) == 70
    assert stage.audio.players[GUILD].volume_percent == 70


async def test_setting_the_volume_ends_the_mute(stage: Stage) -> None:
    await play(stage, "one")
    await stage.steering.set_muted(caller(), muted=True)
    await stage.steering.set_volume(caller(), 40)
    assert await stage.steering.set_muted(caller(), muted=True) == 0
    assert await stage.steering.set_muted(caller(), muted=False) == 40


async def test_filters_change_what_plays_and_all_that_follows(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.clock.advance(10)
    night = Filters(preset="nightcore")
    await stage.steering.set_filters(caller(), night)
    await stage.clock.advance(10)
    assert stage.audio.position_ms(GUILD) == 22_000, "1.2 times as fast since then"
    await stage.steering.skip(caller())
    assert stage.audio.players[GUILD].filters == night
    await stage.restart(kill=True)
    assert stage.audio.players[GUILD].filters == night


async def test_modes_survive_a_restart(stage: Stage) -> None:
    await play(stage, "one")
    await stage.steering.set_loop(caller(), "queue")
    await stage.steering.set_autoplay(caller(), "artist")
    assert await stage.steering.toggle_stay(caller())
    await stage.restart(kill=True)
    player = await stage.player()
    assert (player.loop, player.autoplay, player.stay) == ("queue", "artist", True)


async def test_a_repeated_song_begins_again_when_it_ends(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.steering.set_loop(caller(), "track")
    await stage.clock.advance(180)
    await stage.audio.finish(GUILD)
    assert await stage.titles() == ["One", "Two"]
    assert stage.audio.position_ms(GUILD) == 0
    assert len(stage.audio.played) == 2
    await stage.steering.skip(caller())
    assert await stage.titles() == ["Two"]


async def test_a_repeated_queue_goes_round(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.steering.set_loop(caller(), "queue")
    await stage.audio.finish(GUILD)
    assert await stage.titles() == ["Two", "One"]
    await stage.steering.skip(caller())
    assert await stage.titles() == ["One", "Two"]
    await stage.steering.back(caller())
    assert await stage.titles() == ["Two", "One"]


async def test_a_failing_song_is_not_repeated(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.steering.set_loop(caller(), "queue")
    await stage.audio.fail(GUILD, "It broke.")
    assert await stage.titles() == ["Two"]


async def test_staying_means_never_leaving_by_itself(stage: Stage) -> None:
    await play(stage, "one")
    await stage.steering.toggle_stay(caller())
    stage.venue.rooms[MUSIC_ROOM] = VoiceRoom(MUSIC_ROOM, "Music", listeners=0)
    for _ in range(3):
        await stage.parts.upkeep.tick()
        await stage.clock.advance(400)
    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM


async def test_a_song_that_is_too_long_is_refused_and_left_out_of_lists(stage: Stage) -> None:
    await let(stage, max_track_minutes=2)
    stage.source.tracks["short.opus"] = song("short", seconds=60)
    with pytest.raises(TrackTooLong, match="3:00"):
        await play(stage, "one")
    assert await stage.stored() is None
    added = await stage.music.play(caller(), "library:everything")
    assert (len(added.entries), added.left_out) == (1, 5)


async def test_duplicates_are_refused_where_the_guild_wants_it(stage: Stage) -> None:
    await play(stage, "one", "one")
    await let(stage, duplicates=False)
    with pytest.raises(AlreadyQueued):
        await play(stage, "one")
    assert await stage.titles() == ["One", "One"]


async def test_only_allowed_sources_may_be_used(stage: Stage) -> None:
    await let(stage, allowed_sources=["http"])
    with pytest.raises(SourceNotAllowed):
        await play(stage, "one")


async def test_lists_are_taken_up_to_the_guilds_limit(stage: Stage) -> None:
    await let(stage, max_playlist=2)
    added = await stage.music.play(caller(), "library:everything")
    assert (len(added.entries), added.truncated) == (2, True)


async def test_removed_songs_come_back_once(stage: Stage) -> None:
    await play(stage, "one", "two", "three")
    arranging = stage.parts.arranging
    gone = await arranging.clear(caller())
    name = await arranging.remember(caller(), gone)
    assert await stage.titles() == ["One"]
    assert await arranging.undo(caller(), name) == 2
    assert await stage.titles() == ["One", "Two", "Three"]
    with pytest.raises(NothingToUndo):
        await arranging.undo(caller(), name)


async def test_songs_of_those_who_left_can_be_removed(stage: Stage) -> None:
    await play(stage, "one")
    await stage.music.play(caller(BOB), "two.opus")
    await play(stage, "three")
    with pytest.raises(NothingToRemove):
        await stage.parts.arranging.remove_absent(caller())
    stage.venue.members.pop(BOB)
    assert len(await stage.parts.arranging.remove_absent(caller())) == 1
    assert await stage.titles() == ["One", "Three"]


async def test_what_a_search_found_can_be_chosen_for_an_hour(stage: Stage) -> None:
    name, tracks = await stage.music.search(caller(), "o", limit=10)
    assert [track.title for track in tracks] == ["One", "Two", "Four"]
    added = await stage.music.play_found(caller(BOB), name, [2, 0, 0, 99])
    assert [entry.track.title for entry in added.entries] == ["One", "Four"]
    assert {entry.requested_by for entry in added.entries} == {BOB}
    with pytest.raises(SearchOver):
        await stage.music.play_found(caller(), "unknown", [0])


async def test_what_does_not_fit_when_a_removal_is_undone_can_be_brought_back_later(
    stage: Stage,
) -> None:
    arranging = stage.parts.arranging
    for name in ("one", "two", "three", "four"):
        await stage.music.play(caller(), f"{name}.opus")
    removal = await arranging.remember(caller(), await arranging.clear(caller()))
    limit = {"max_queue": 2}
    await stage.settings.change(GUILD, MusicSettings, limit, actor_id=ALICE, source="test")
    assert await arranging.undo(caller(), removal) == 2
    assert await stage.titles() == ["One", "Two", "Three"]
    with pytest.raises(QueueFull):
        await arranging.undo(caller(), removal)
    await stage.steering.skip(caller())
    assert await arranging.undo(caller(), removal) == 1
    assert await stage.titles() == ["Two", "Three", "Four"]
    with pytest.raises(NothingToUndo):
        await arranging.undo(caller(), removal)


async def test_an_undo_that_cannot_be_stored_can_be_done_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    arranging = stage.parts.arranging
    for name in ("one", "two"):
        await stage.music.play(caller(), f"{name}.opus")
    removal = await arranging.remember(caller(), await arranging.clear(caller()))

    async def busy(*_: object, **__: object) -> object:
        raise DatabaseBusy(reason="locked.")

    with monkeypatch.context() as patched:
        patched.setattr(stage.parts.arranging._desk.rooms, "save", busy)  # pyright: ignore[reportPrivateUsage] - the moment between two transactions
        with pytest.raises(DatabaseBusy):
            await arranging.undo(caller(), removal)
    assert await arranging.undo(caller(), removal) == 1
    assert await stage.titles() == ["One", "Two"]
