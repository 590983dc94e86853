"""What follows by itself: ends, failures, lost channels, silence, restarts."""

import asyncio
from collections.abc import Callable

import pytest
from tests.features.music.conftest import (
    ALICE,
    BOB,
    GUILD,
    LOUNGE,
    MUSIC_ROOM,
    Stage,
    caller,
)
from tests.features.music.fakes import settle

from seraphim.features.music.ports import VoiceClosed
from seraphim.features.music.rules import notices
from seraphim.features.music.service import MusicSettings
from seraphim.features.music.service.playback import RETURN_AFTER_SECONDS
from seraphim.features.music.service.returning import UNHEARD_MS
from seraphim.features.music.service.upkeep import TICK_SECONDS
from seraphim.kernel.db import DatabaseBusy


async def play(stage: Stage, *names: str) -> None:
    for name in names:
        await stage.music.play(caller(), f"{name}.opus")


def texts(stage: Stage) -> list[str]:
    return [notice.text for notice in stage.venue.said]


async def test_the_next_song_follows(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.audio.finish(GUILD)
    assert stage.audio.played[-1].location == "/library/two.opus"
    assert await stage.titles() == ["Two"]
    await stage.audio.finish(GUILD)
    player = await stage.player()
    assert (player.status, player.queue.current) == ("idle", None)
    assert [past.outcome for past in player.queue.history] == ["played", "played"]


async def test_the_end_of_an_older_playback_cuts_nothing_off(stage: Stage) -> None:
    await play(stage, "one", "two", "three")
    before = stage.audio.players[GUILD].playback_id
    await stage.steering.skip(caller())
    stage.audio.players[GUILD].playback_id = before
    await stage.audio.finish(GUILD)
    assert await stage.titles() == ["Two", "Three"]


async def test_a_song_that_breaks_off_is_said_once_and_the_next_plays(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.audio.fail(GUILD, "The server stopped sending.")
    await settle()
    assert await stage.titles() == ["Two"]
    assert stage.audio.is_sounding(GUILD)
    (notice,) = stage.venue.said
    assert notice.parameters["reason"] == "The server stopped sending."


async def test_what_a_song_broke_off_for_is_said_with_its_numbers(stage: Stage) -> None:
    """The sentence stays a message id, so that each guild reads it in its own language."""
    await play(stage, "one")
    await stage.audio.fail(GUILD, "The server answered with an error ({status}).", status=503)
    await settle()
    (notice,) = stage.venue.said
    assert notice.parameters["reason"] == "The server answered with an error ({status})."
    assert notice.parameters["status"] == 503


async def test_a_song_that_cannot_be_opened_is_passed_over(stage: Stage) -> None:
    stage.source.broken = {"two.opus": "It is gone."}
    await play(stage, "one", "two", "three")
    await stage.audio.finish(GUILD)
    await settle()
    assert await stage.titles() == ["Three"]
    assert [notice.parameters["reason"] for notice in stage.venue.said] == ["It is gone."]


async def test_three_failures_in_a_row_stop_and_keep_the_rest(stage: Stage) -> None:
    stage.source.broken = {f"{name}.opus": "It is gone." for name in ("two", "three", "four")}
    await play(stage, "one", "two", "three", "four", "five")
    await stage.audio.finish(GUILD)
    await settle()
    player = await stage.player()
    assert player.status == "idle"
    assert await stage.titles() == ["Five"]
    assert len(stage.venue.said) == 4
    assert stage.venue.said[-1].parameters == {"count": 3, "waiting": 1}

    assert (await stage.steering.resume(caller())).title == "Five"
    assert stage.audio.is_sounding(GUILD)


async def test_a_song_that_plays_ends_the_row_of_failures(stage: Stage) -> None:
    stage.source.broken = {"two.opus": "Gone.", "three.opus": "Gone."}
    await play(stage, "one", "two", "three", "four", "five")
    await stage.audio.finish(GUILD)
    assert (await stage.player()).failures == 2
    await stage.audio.finish(GUILD)
    assert (await stage.player()).failures == 0
    assert await stage.titles() == ["Five"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("kicked", notices.KICKED),
        ("channel_deleted", notices.CHANNEL_DELETED),
    ],
)
async def test_losing_the_channel_keeps_the_song(
    stage: Stage, reason: str, said: notices.Notice
) -> None:
    await play(stage, "one", "two")
    await ticks(stage, 10)
    await stage.audio.lose(VoiceClosed(GUILD, reason))  # pyright: ignore[reportArgumentType] - one of the three
    await settle()
    assert stage.venue.said == [said]
    player = await stage.player()
    assert (player.status, player.pause_reason) == ("paused", "away")
    assert abs(player.position_ms - 10_000) <= TICK_SECONDS * 1000
    assert await stage.titles() == ["One", "Two"]

    await stage.music.join(caller())
    assert abs((stage.audio.position_ms(GUILD) or 0) - 10_000) <= TICK_SECONDS * 1000


_ALL = sum(RETURN_AFTER_SECONDS)


async def _lose_connection(stage: Stage) -> None:
    await play(stage, "one", "two")
    await ticks(stage, 10)
    await stage.audio.lose(VoiceClosed(GUILD, "connection_lost"))
    await settle()


async def _pass(stage: Stage, seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    """Let time pass in small steps, each of them used, until something holds."""
    for _ in range(round(seconds * 2)):
        await stage.clock.advance(0.5)
        for _ in range(3):
            await settle()
            await stage.db.write(lambda _: None)  # behind what is being stored
        if until():
            return


async def test_after_a_lost_connection_the_song_goes_on_where_it_was(stage: Stage) -> None:
    await _lose_connection(stage)
    stage.audio.refuse_connect = "Discord is away."
    await _pass(stage, 6)
    assert stage.audio.channel_id(GUILD) is None
    assert (await stage.player()).is_here
    stage.audio.refuse_connect = None
    await _pass(stage, _ALL, until=lambda: stage.audio.is_sounding(GUILD))
    assert stage.audio.is_sounding(GUILD)
    assert abs((stage.audio.position_ms(GUILD) or 0) - 10_500) <= TICK_SECONDS * 1000
    assert await stage.titles() == ["One", "Two"]
    assert stage.venue.said == []


async def test_a_connection_that_does_not_come_back_is_said_in_the_end(stage: Stage) -> None:
    await _lose_connection(stage)
    stage.audio.refuse_connect = "Discord is away."
    await _pass(stage, _ALL / 2)
    assert stage.venue.said == []
    await _pass(stage, 2 * _ALL, until=lambda: bool(stage.venue.said))
    assert stage.venue.said == [notices.CONNECTION_LOST]
    player = await stage.player()
    assert (player.status, player.pause_reason, player.is_here) == ("paused", "away", False)
    assert abs(player.position_ms - 10_000) <= TICK_SECONDS * 1000
    stage.audio.refuse_connect = None
    await stage.music.join(caller())
    assert stage.audio.is_sounding(GUILD)


async def test_a_guild_out_of_service_keeps_its_player_until_it_is_back(stage: Stage) -> None:
    await _lose_connection(stage)
    stage.audio.refuse_connect = "Discord is away."
    stage.venue.is_known = False
    await _pass(stage, 1.2 * _ALL)
    assert stage.venue.said == []
    stage.audio.refuse_connect, stage.venue.is_known = None, True
    known = (await stage.player()).position_ms
    await stage.parts.guild_is_back(GUILD)
    assert stage.audio.is_sounding(GUILD)
    assert stage.audio.position_ms(GUILD) == known - UNHEARD_MS


async def test_who_calls_the_bot_back_is_faster_than_its_own_return(stage: Stage) -> None:
    await _lose_connection(stage)
    await stage.music.join(caller())
    played = len(stage.audio.played)
    await _pass(stage, 1.2 * _ALL)
    assert len(stage.audio.played) == played


async def test_who_stops_the_bot_while_it_is_lost_is_obeyed(stage: Stage) -> None:
    await _lose_connection(stage)
    await stage.steering.stop(caller())
    await _pass(stage, 1.2 * _ALL)
    assert stage.audio.channel_id(GUILD) is None


async def test_a_stop_does_not_wait_for_a_return(stage: Stage) -> None:
    await _lose_connection(stage)
    await asyncio.wait_for(stage.parts.stop(), 1.5)
    stored = await stage.stored()
    assert stored is not None
    assert stored.is_here


async def test_a_moved_bot_goes_on_in_the_new_channel(stage: Stage) -> None:
    await play(stage, "one")
    stage.venue.members = {ALICE: LOUNGE}
    await stage.audio.move(GUILD, LOUNGE)
    stored = await stage.stored()
    assert stored is not None
    assert stored.voice_channel_id == LOUNGE
    await stage.steering.pause(caller())


async def test_alone_is_paused_and_company_resumes(stage: Stage) -> None:
    await play(stage, "one")
    stage.venue.members = {}
    await stage.parts.voice_changed(GUILD)
    player = await stage.player()
    assert (player.status, player.pause_reason) == ("paused", "alone")
    assert not stage.audio.is_sounding(GUILD)
    stage.venue.members = {BOB: MUSIC_ROOM}
    await stage.parts.voice_changed(GUILD)
    assert (await stage.player()).status == "playing"
    assert stage.audio.is_sounding(GUILD)


async def test_a_members_pause_outlasts_company(stage: Stage) -> None:
    await play(stage, "one")
    await stage.steering.pause(caller())
    stage.venue.members = {}
    await stage.parts.voice_changed(GUILD)
    stage.venue.members = {BOB: MUSIC_ROOM}
    await stage.parts.voice_changed(GUILD)
    assert not stage.audio.is_sounding(GUILD)


async def test_an_empty_channel_is_left_after_the_guilds_minutes(stage: Stage) -> None:
    await stage.settings.change(
        GUILD, MusicSettings, {"idle_minutes": 2}, actor_id=ALICE, source="test"
    )
    await play(stage, "one", "two")
    stage.venue.members = {}
    await stage.parts.voice_changed(GUILD)
    await ticks(stage, 118)
    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM
    await ticks(stage, 5)
    assert stage.audio.channel_id(GUILD) is None
    await settle()
    assert texts(stage) == [notices.LEFT_IDLE.text]
    assert await stage.titles() == ["One", "Two"]


async def test_a_player_with_nothing_to_play_leaves_in_the_end(stage: Stage) -> None:
    await play(stage, "one")
    await stage.audio.finish(GUILD)
    await ticks(stage, 5 * 60 + 5)
    assert stage.audio.channel_id(GUILD) is None
    await settle()
    assert texts(stage) == [notices.LEFT_DONE.text]


async def test_company_starts_the_waiting_anew(stage: Stage) -> None:
    await play(stage, "one")
    for _ in range(3):
        stage.venue.members = {}
        await ticks(stage, 4 * 60)
        stage.venue.members = {ALICE: MUSIC_ROOM}
        await ticks(stage, 3)
    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM


async def test_songs_are_announced_when_the_guild_wants_it(stage: Stage) -> None:
    await stage.settings.change(
        GUILD, MusicSettings, {"announce": "silent"}, actor_id=ALICE, source="test"
    )
    await play(stage, "one", "two")
    await stage.audio.finish(GUILD)
    await stage.clock.advance(0)
    for _ in range(100):
        await stage.db.ping()
        if stage.venue.said:
            break
    (notice,) = stage.venue.said
    assert notice.silent
    assert notice.parameters == {"line": "Two `3:00`"}


@pytest.mark.parametrize("kill", [True, False])
async def test_a_restart_goes_on_at_the_position(stage: Stage, kill: bool) -> None:  # noqa: FBT001 - a parameter of the test
    await play(stage, "one", "two", "three")
    await stage.steering.set_volume(caller(), 70)
    await stage.steering.skip(caller())
    await ticks(stage, 61)
    await stage.restart(kill=kill)

    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM
    assert [media.location for media in stage.audio.played] == ["/library/two.opus"]
    assert abs((stage.audio.position_ms(GUILD) or 0) - 61_000) <= 2000
    assert stage.audio.players[GUILD].volume_percent == 70
    assert await stage.titles() == ["Two", "Three"]
    assert (await stage.steering.back(caller())).title == "One"


async def test_a_paused_player_comes_back_paused(stage: Stage) -> None:
    await play(stage, "one")
    await stage.clock.advance(30)
    await stage.steering.pause(caller())
    await stage.restart(kill=True)
    assert not stage.audio.is_sounding(GUILD)
    assert stage.audio.position_ms(GUILD) == 30_000
    player = await stage.player()
    assert (player.status, player.pause_reason) == ("paused", "member")
    await stage.steering.resume(caller())
    assert stage.audio.is_sounding(GUILD)


async def test_a_player_nobody_waits_for_comes_back_held(stage: Stage) -> None:
    await play(stage, "one")
    stage.venue.members = {}
    await stage.restart(kill=True)
    assert (await stage.player()).pause_reason == "alone"
    assert not stage.audio.is_sounding(GUILD)


async def test_a_channel_that_is_gone_after_a_restart_is_said(stage: Stage) -> None:
    await play(stage, "one", "two")
    del stage.venue.rooms[MUSIC_ROOM]
    await stage.restart(kill=True)
    await settle()
    (notice,) = stage.venue.said
    assert "does not exist" in str(notice.parameters["reason"])
    assert await stage.titles() == ["One", "Two"]
    stored = await stage.stored()
    assert stored is not None
    assert stored.pause_reason == "away"


async def test_a_guild_out_of_service_is_taken_up_when_it_is_back(stage: Stage) -> None:
    await play(stage, "one")
    stage.venue.is_known = False
    await stage.restart(kill=True)
    assert stage.audio.players == {}
    stage.venue.is_known = True
    await stage.parts.guild_is_back(GUILD)
    await stage.parts.guild_is_back(GUILD)
    assert stage.audio.is_sounding(GUILD)
    assert len(stage.audio.played) == 1


async def test_a_process_that_lost_the_player_cannot_write_it(stage: Stage) -> None:
    await play(stage, "one", "two")
    old = stage.parts
    await stage.begin()
    await stage.steering.set_volume(caller(), 30)

    from seraphim.features.music.rules.errors import PlayerTaken  # noqa: PLC0415 - used here only

    with pytest.raises(PlayerTaken):
        await old.steering.set_volume(caller(), 90)
    stored = await stage.stored()
    assert stored is not None
    assert stored.volume_percent == 30


async def test_positions_are_stored_every_two_seconds(stage: Stage) -> None:
    await play(stage, "one")
    for second in range(2, 20, 2):
        await ticks(stage, 2)
        stored = await stage.stored()
        assert stored is not None
        assert second * 1000 - stored.position_ms <= 2000


async def test_the_music_goes_on_when_the_database_is_busy(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await play(stage, "one", "two", "three")
    write = stage.db.write

    async def busy(*_: object, **__: object) -> object:
        raise DatabaseBusy(reason="locked.")

    monkeypatch.setattr(stage.db, "write", busy)
    await stage.audio.finish(GUILD)
    assert stage.audio.played[-1].location == "/library/two.opus"
    assert stage.audio.is_sounding(GUILD)
    with pytest.raises(DatabaseBusy):
        await stage.steering.skip(caller())
    assert stage.audio.played[-1].location == "/library/two.opus"

    monkeypatch.setattr(stage.db, "write", write)
    await stage.parts.upkeep.tick()
    assert await stage.titles() == ["Two", "Three"]


async def ticks(stage: Stage, seconds: float) -> None:
    """Let time pass; after each round wait for the database's own thread to have answered."""
    passed = 0.0
    while passed < seconds:
        await stage.clock.advance(TICK_SECONDS)
        passed += TICK_SECONDS
        await stage.parts.upkeep.tick()
