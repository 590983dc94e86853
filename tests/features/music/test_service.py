"""What members can do: every verb stores before it acts, and says what stands against it."""

from dataclasses import replace

import pytest
from tests.features.music.conftest import (
    ALICE,
    BOB,
    GUILD,
    LOUNGE,
    MUSIC_ROOM,
    STRANGER,
    Stage,
    caller,
    song,
)

from seraphim.features.music.rules.control import VoiceRoom
from seraphim.features.music.rules.errors import (
    ChannelFull,
    ChannelGone,
    NotConnected,
    NothingBefore,
    NothingFound,
    NothingNext,
    NotInVoice,
    NotPlaying,
    OtherChannel,
    PermissionMissing,
    QueryEmpty,
    QueryTooLong,
    QueueFull,
    StageChannel,
    VolumeTooHigh,
)
from seraphim.features.music.service import MusicSettings
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, UserId


async def play(stage: Stage, *names: str) -> None:
    for name in names:
        await stage.music.play(caller(), f"{name}.opus")


async def test_the_first_song_joins_and_plays_and_the_next_ones_wait(stage: Stage) -> None:
    first = await stage.music.play(caller(), "one.opus")
    await stage.clock.advance(30)
    second = await stage.music.play(caller(BOB), "two.opus")
    third = await stage.music.play(caller(), "three.opus")

    assert (first.is_playing, second.is_playing) == (True, False)
    assert (second.place_in_queue, second.wait_ms) == (1, 150_000)
    assert (third.place_in_queue, third.wait_ms) == (2, 330_000)
    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM
    assert [media.location for media in stage.audio.played] == ["/library/one.opus"]
    assert await stage.titles() == ["One", "Two", "Three"]
    stored = await stage.stored()
    assert stored is not None
    assert [entry.requested_by for entry in stored.queue.upcoming] == [BOB, ALICE]


async def test_next_goes_before_the_queue_and_now_before_everything(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.music.play(caller(), "three.opus", place="next")
    assert await stage.titles() == ["One", "Three", "Two"]

    added = await stage.music.play(caller(), "four.opus", place="now")

    assert added.is_playing
    assert await stage.titles() == ["Four", "Three", "Two"]
    assert stage.audio.played[-1].location == "/library/four.opus"
    assert (await stage.steering.back(caller())).title == "One"


async def test_a_list_is_queued_in_order_up_to_the_limit(stage: Stage) -> None:
    await stage.settings.change(
        GUILD, MusicSettings, {"max_queue": 3}, actor_id=ALICE, source="test"
    )
    added = await stage.music.play(caller(), "library:everything")
    assert added.playlist_title == "Everything"
    assert added.truncated
    assert await stage.titles() == ["One", "Two", "Three"]
    added = await stage.music.play(caller(), "library:everything")
    assert (len(added.entries), added.refused) == (1, 2)
    with pytest.raises(QueueFull, match="holds 3"):
        await play(stage, "four")


async def test_pause_holds_the_position_and_resume_goes_on(stage: Stage) -> None:
    await play(stage, "one")
    await stage.clock.advance(12)
    await stage.steering.pause(caller())
    await stage.clock.advance(60)
    stored = await stage.stored()
    assert stored is not None
    assert (stored.status, stored.pause_reason, stored.position_ms) == ("paused", "member", 12_000)
    assert not stage.audio.is_sounding(GUILD)
    await stage.steering.pause(caller())

    await stage.steering.resume(caller())
    await stage.clock.advance(1)
    assert stage.audio.position_ms(GUILD) == 13_000
    assert (await stage.player()).status == "playing"
    assert len(stage.audio.played) == 1


async def test_skip_and_back_walk_through_the_queue(stage: Stage) -> None:
    await play(stage, "one", "two", "three", "four")

    ended, now = await stage.steering.skip(caller())
    assert (ended.title, now and now.title) == ("One", "Two")
    _, now = await stage.steering.skip(caller(), steps=2)
    assert now is not None
    assert now.title == "Four"
    with pytest.raises(NothingNext):
        await stage.steering.skip(caller(), steps=5)

    for title in ("Three", "Two", "One"):
        assert (await stage.steering.back(caller())).title == title
    with pytest.raises(NothingBefore):
        await stage.steering.back(caller())
    assert await stage.titles() == ["One", "Two", "Three", "Four"]
    assert stage.audio.played[-1].location == "/library/one.opus"


async def test_skipping_the_last_song_falls_silent_but_stays(stage: Stage) -> None:
    await play(stage, "one")
    _, now = await stage.steering.skip(caller())
    assert now is None
    assert not stage.audio.is_sounding(GUILD)
    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM
    assert (await stage.player()).status == "idle"
    with pytest.raises(NotPlaying):
        await stage.steering.skip(caller())


async def test_stop_empties_the_queue_and_leaves(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.steering.stop(caller())
    assert stage.audio.channel_id(GUILD) is None
    assert await stage.titles() == []
    with pytest.raises(NotPlaying):
        await stage.steering.stop(caller())


async def test_leave_keeps_the_song_for_the_way_back(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.clock.advance(20)
    await stage.music.leave(caller())
    assert stage.audio.channel_id(GUILD) is None
    assert await stage.titles() == ["One", "Two"]
    with pytest.raises(NotConnected):
        await stage.music.leave(caller())

    assert await stage.music.join(caller()) == MUSIC_ROOM
    assert stage.audio.position_ms(GUILD) == 20_000
    assert stage.audio.is_sounding(GUILD)


async def test_playing_after_leaving_goes_on_with_the_held_song(stage: Stage) -> None:
    await play(stage, "one")
    await stage.clock.advance(20)
    await stage.music.leave(caller())

    added = await stage.music.play(caller(), "two.opus")

    assert not added.is_playing
    assert stage.audio.position_ms(GUILD) == 20_000
    assert await stage.titles() == ["One", "Two"]


async def test_volume_is_stored_and_bounded(stage: Stage) -> None:
    await play(stage, "one")
    assert await stage.steering.set_volume(caller(), 50) == 50
    assert stage.audio.players[GUILD].volume_percent == 50
    assert await stage.steering.change_volume(caller(), -60) == 0
    assert await stage.steering.change_volume(caller(), 500) == 200
    await stage.settings.change(
        GUILD, MusicSettings, {"max_volume": 80}, actor_id=ALICE, source="test"
    )
    with pytest.raises(VolumeTooHigh, match="0 to 80"):
        await stage.steering.set_volume(caller(), 81)
    await play(stage, "two")
    await stage.steering.skip(caller())
    assert stage.audio.players[GUILD].volume_percent == 200


async def test_a_new_player_starts_at_the_guilds_volume(stage: Stage) -> None:
    await stage.settings.change(
        GUILD, MusicSettings, {"default_volume": 40}, actor_id=ALICE, source="test"
    )
    await play(stage, "one")
    assert stage.audio.players[GUILD].volume_percent == 40


async def test_only_listeners_control_the_music(stage: Stage) -> None:
    await play(stage, "one")
    with pytest.raises(NotInVoice):
        await stage.steering.skip(caller(STRANGER))
    stage.venue.members[STRANGER] = LOUNGE
    for verb in (stage.steering.skip, stage.steering.pause, stage.steering.stop, stage.music.leave):
        with pytest.raises(OtherChannel, match="<#10>"):
            await verb(caller(STRANGER))
    with pytest.raises(OtherChannel):
        await stage.music.play(caller(STRANGER), "two.opus")
    assert (await stage.player()).status == "playing"


async def test_a_bot_nobody_listens_to_may_be_called_over(stage: Stage) -> None:
    await play(stage, "one")
    stage.venue.members = {STRANGER: LOUNGE}
    await stage.music.play(caller(STRANGER), "two.opus")
    assert stage.audio.channel_id(GUILD) == LOUNGE
    stored = await stage.stored()
    assert stored is not None
    assert stored.voice_channel_id == LOUNGE


ROOM = VoiceRoom(MUSIC_ROOM, "Music")


@pytest.mark.parametrize(
    ("room", "error", "sentence"),
    [
        (replace(ROOM, missing_permissions=("Connect",)), PermissionMissing, "Connect in Music"),
        (
            replace(ROOM, missing_permissions=("View Channel", "Speak")),
            PermissionMissing,
            "View Channel, Speak",
        ),
        (replace(ROOM, is_full=True), ChannelFull, "Music is full"),
        (replace(ROOM, is_stage=True), StageChannel, "stage"),
        (None, ChannelGone, "does not exist"),
    ],
)
async def test_what_keeps_the_bot_out_is_said_before_joining(
    stage: Stage, room: VoiceRoom | None, error: type[SeraphimError], sentence: str
) -> None:
    if room is None:
        del stage.venue.rooms[MUSIC_ROOM]
    else:
        stage.venue.rooms[MUSIC_ROOM] = room
    with pytest.raises(error, match=sentence):
        await play(stage, "one")
    with pytest.raises(error):
        await stage.music.join(caller())
    assert stage.audio.players == {}


async def test_queries_that_cannot_be_meant_are_refused(stage: Stage) -> None:
    with pytest.raises(QueryTooLong, match="5000 characters"):
        await stage.music.play(caller(), "x" * 5000)
    with pytest.raises(QueryEmpty):
        await stage.music.play(caller(), "   ")
    with pytest.raises(NothingFound, match="unheard of"):
        await stage.music.play(caller(), "unheard of")
    assert stage.audio.players == {}


async def test_a_voice_connection_that_fails_changes_nothing(stage: Stage) -> None:
    stage.audio.refuse_connect = "Discord did not answer."
    with pytest.raises(SeraphimError, match="did not answer"):
        await play(stage, "one")
    assert await stage.stored() is None


async def test_verbs_without_a_song_say_so(stage: Stage) -> None:
    for verb in (
        stage.steering.pause,
        stage.steering.resume,
        stage.steering.skip,
        stage.steering.stop,
    ):
        with pytest.raises(NotPlaying):
            await verb(caller())
    with pytest.raises(NotConnected):
        await stage.steering.back(caller())


async def test_suggestions_come_from_the_library_and_from_what_was_heard(stage: Stage) -> None:
    url = "https://radio.example.com/live"
    stage.source.tracks["far"] = replace(song("far"), identifier=url, title="Faraway Radio")
    stage.source.tracks[url] = stage.source.tracks.pop("far")
    await stage.music.play(caller(), url)
    await stage.steering.skip(caller())
    del stage.source.tracks[url]

    found = await stage.music.suggest(GUILD, "t")
    assert [item.name for item in found] == ["Two", "Three"]
    assert found[0].value == "library:two.opus"
    assert [item.value for item in await stage.music.suggest(GUILD, "faraway")] == [url]
    assert await stage.music.suggest(GUILD, "https://example.com/x") == []


async def test_long_names_still_make_choices(stage: Stage) -> None:
    long = "a" * 300
    stage.source.tracks[long] = replace(song("x"), identifier=long, title="long " * 60)
    (found,) = await stage.music.suggest(GUILD, "long long")
    assert len(found.name) <= 100
    assert len(found.value) <= 100


async def test_a_member_can_take_their_name_off_everything(stage: Stage) -> None:
    await play(stage, "one", "two")
    await stage.music.play(caller(BOB), "three.opus")
    await stage.steering.skip(caller())

    exported = await stage.music.export_member(GUILD, ALICE)
    assert [row["title"] for row in exported["queue"]] == ["Two"]  # pyright: ignore - rows of the export
    assert [row["title"] for row in exported["history"]] == ["One"]  # pyright: ignore - as above

    await stage.music.erase_member(GUILD, ALICE)
    left = await stage.music.export_member(GUILD, ALICE)
    assert set(map(str, left.values())) == {"[]"}
    await stage.steering.skip(caller())
    stored = await stage.stored()
    assert stored is not None
    assert stored.queue.current is not None
    assert stored.queue.current.requested_by == BOB
    assert [past.entry.requested_by for past in stored.queue.history] == [None, None]


async def test_streams_start_where_they_are(stage: Stage) -> None:
    stage.source.tracks["radio.opus"] = song("radio", stream=True)
    await play(stage, "radio")
    await stage.clock.advance(100)
    await stage.music.leave(caller())
    await stage.music.join(caller())
    assert stage.audio.position_ms(GUILD) == 0


async def test_guilds_do_not_meet(stage: Stage) -> None:
    await play(stage, "one")
    other = replace(caller(), guild_id=type(GUILD)(2))
    await stage.music.play(other, "two.opus")
    await stage.steering.skip(other)
    assert (await stage.player()).status == "playing"
    assert await stage.titles() == ["One"]


async def test_a_member_who_moves_on_may_come_back(stage: Stage) -> None:
    await play(stage, "one")
    stage.venue.members = {ALICE: LOUNGE, BOB: MUSIC_ROOM}
    with pytest.raises(OtherChannel):
        await stage.steering.pause(caller())
    stage.venue.members[ALICE] = MUSIC_ROOM
    await stage.steering.pause(caller())


async def test_unknown_members_are_in_no_channel(stage: Stage) -> None:
    assert stage.venue.channel_of(GUILD, UserId(999)) is None
    assert stage.venue.room(GUILD, ChannelId(999)) is None


async def test_a_new_player_is_not_louder_than_the_guild_allows(stage: Stage) -> None:
    chosen = {"default_volume": 120, "max_volume": 60}
    await stage.settings.change(GUILD, MusicSettings, chosen, actor_id=ALICE, source="test")
    await stage.music.play(caller(), "one.opus")
    assert stage.audio.players[GUILD].volume_percent == 60
