"""The controller: edited in place, at most once in five seconds, never left behind."""

from dataclasses import replace

from tests.features.music.conftest import GUILD, MUSIC_ROOM, Stage, caller
from tests.features.music.fakes import settle

from seraphim.features.music.rules.picture import Picture
from seraphim.features.music.service.keeper import EDIT_SECONDS, MAX_MISSES
from seraphim.kernel.ids import MessageId


async def play(stage: Stage, *names: str) -> None:
    for name in names:
        await stage.music.play(caller(), f"{name}.opus")


async def shown(stage: Stage, count: int) -> Picture:
    """Wait until the controller has been drawn ``count`` times; return the last picture."""
    for _ in range(1000):
        if len(stage.venue.shown) >= count:
            break
        await settle()
        await stage.db.ping()
    assert len(stage.venue.shown) == count
    return stage.venue.shown[-1][1]


async def quiet(stage: Stage) -> None:
    """Let everything that could be drawn now be drawn."""
    for _ in range(30):
        await settle()
        await stage.db.ping()


async def gone(stage: Stage) -> None:
    """Wait until the bot has left the voice channel, and that is stored."""
    for _ in range(1000):
        stored = await stage.stored()
        if stage.audio.channel_id(GUILD) is None and stored is not None and not stored.is_here:
            return
        await settle()
    raise AssertionError("the bot stays")


async def stored_message(stage: Stage, message_id: MessageId | None) -> None:
    for _ in range(1000):
        stored = await stage.stored()
        if stored is not None and stored.controller_message_id == message_id:
            return
    raise AssertionError("the controller's message was not stored")


async def test_it_appears_with_the_first_song_and_is_stored(stage: Stage) -> None:
    await play(stage, "one")
    picture = await shown(stage, 1)
    assert (picture.title, picture.status, picture.is_here) == ("One", "playing", True)
    await stored_message(stage, stage.venue.shown[0][0])


async def test_changes_within_five_seconds_are_one_edit(stage: Stage) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    await play(stage, "two", "three")
    await stage.steering.set_volume(caller(), 30)
    await stage.steering.pause(caller())
    await quiet(stage)
    assert len(stage.venue.shown) == 1

    await stage.clock.advance(EDIT_SECONDS)
    picture = await shown(stage, 2)

    assert (picture.status, picture.volume_percent, picture.waiting) == ("paused", 30, 2)
    assert len({message_id for message_id, _ in stage.venue.shown}) == 1


async def test_a_change_after_a_pause_is_shown_at_once(stage: Stage) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    await stage.clock.advance(60)
    before = len(stage.venue.shown)
    await stage.steering.pause(caller())
    assert (await shown(stage, before + 1)).status == "paused"


async def test_what_a_click_has_shown_is_not_sent_again(stage: Stage) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    message_id = stage.venue.shown[0][0]
    await stored_message(stage, message_id)
    await stage.clock.advance(60)
    count = len(stage.venue.shown)

    stage.music.click_begins(GUILD, message_id)
    await stage.steering.pause(caller())
    stage.music.click_shown(GUILD, message_id, await stage.music.picture(GUILD))
    await quiet(stage)
    await stage.clock.advance(EDIT_SECONDS)
    await quiet(stage)

    assert len(stage.venue.shown) == count


async def test_deleting_it_sends_the_bot_out(stage: Stage) -> None:
    await play(stage, "one", "two")
    await shown(stage, 1)
    message_id = stage.venue.shown[0][0]
    await stored_message(stage, message_id)
    await stage.music.controller_deleted(GUILD, [MessageId(1)])
    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM

    await stage.music.controller_deleted(GUILD, [message_id])
    await quiet(stage)

    assert stage.audio.channel_id(GUILD) is None
    assert await stage.titles() == ["One", "Two"]
    assert len(stage.venue.shown) == 1
    await stored_message(stage, None)


async def test_a_new_session_puts_it_where_people_read_and_takes_the_old_one_away(
    stage: Stage,
) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    old = stage.venue.shown[0][0]
    await stored_message(stage, old)
    await stage.music.leave(caller())
    await stage.clock.advance(EDIT_SECONDS)
    assert (await shown(stage, 2)).pause_reason == "away"

    await stage.music.join(replace(caller(), text_channel_id=type(caller().text_channel_id)(21)))

    assert (await shown(stage, 3)).is_here
    new = stage.venue.shown[-1][0]
    assert new != old
    assert stage.venue.removed == [old]
    await stored_message(stage, new)


async def test_a_message_that_shows_the_player_can_become_the_controller(stage: Stage) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    old = stage.venue.shown[0][0]
    await stored_message(stage, old)

    await stage.music.adopt_controller(GUILD, caller().text_channel_id, MessageId(99))

    assert stage.venue.removed == [old]
    await stored_message(stage, MessageId(99))
    await stage.clock.advance(60)
    await stage.steering.pause(caller())
    await quiet(stage)
    assert stage.venue.shown[-1][0] == 99
    await stage.music.controller_deleted(GUILD, [old])
    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM


async def test_it_lives_on_after_a_restart(stage: Stage) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    message_id = stage.venue.shown[0][0]
    await stored_message(stage, message_id)
    await stage.restart(kill=True)
    await shown(stage, 2)
    assert stage.venue.shown[1][0] == message_id


async def test_the_bar_moves_by_itself(stage: Stage) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    await stored_message(stage, stage.venue.shown[0][0])
    for _ in range(25):
        await stage.clock.advance(1.5)
        await stage.parts.upkeep.tick()
    await quiet(stage)
    assert stage.venue.shown[-1][1].elapsed != "0:00"
    # The first, then at most one in five seconds of the 37.5, and the one that waited at the end.
    assert len(stage.venue.shown) <= 2 + 25 * 1.5 / 5


async def test_who_leaves_while_the_bot_stops_changes_nothing(stage: Stage) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    await stage.parts.stop()
    told = len(stage.venue.shown)
    stage.venue.members.clear()
    await stage.parts.voice_changed(GUILD)
    stage.parts.keeper.touch(GUILD)
    await quiet(stage)
    await stage.clock.advance(EDIT_SECONDS)
    await quiet(stage)
    assert len(stage.venue.shown) == told
    stored = await stage.stored()
    assert stored is not None
    assert stored.status == "playing"


async def test_one_that_is_deleted_before_it_is_known_means_goodbye_too(stage: Stage) -> None:
    """Discord may tell of the deletion before it has answered the request that sent it."""
    await play(stage, "one", "two")
    await shown(stage, 1)
    await stored_message(stage, stage.venue.shown[0][0])

    await stage.music.controller_deleted(GUILD, [MessageId(99)])
    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM
    await stage.music.adopt_controller(GUILD, caller().text_channel_id, MessageId(99))

    await gone(stage)
    await stored_message(stage, None)
    assert await stage.titles() == ["One", "Two"]
    assert len(stage.venue.shown) == 1


async def test_one_that_is_deleted_while_it_is_sent_means_goodbye_too(stage: Stage) -> None:
    stage.venue.when_sent = lambda sent: stage.music.controller_deleted(GUILD, [sent])
    await play(stage, "one")
    await shown(stage, 1)
    await gone(stage)
    await stored_message(stage, None)


async def test_one_that_an_edit_finds_missing_means_goodbye_when_the_event_comes(
    stage: Stage,
) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    first = stage.venue.shown[0][0]
    await stored_message(stage, first)
    stage.venue.missing.add(first)
    await stage.clock.advance(EDIT_SECONDS)
    await stage.steering.pause(caller())
    await shown(stage, 2)
    second = stage.venue.shown[1][0]
    assert second != first
    await stored_message(stage, second)
    await stage.music.controller_deleted(GUILD, [first])
    await gone(stage)
    assert stage.venue.removed == [second]
    await stored_message(stage, None)


async def test_one_of_two_that_appear_at_once_is_taken_away(stage: Stage) -> None:
    """While the first controller is being sent, somebody asks for one."""

    async def ask(_: MessageId) -> None:
        await stage.music.adopt_controller(GUILD, caller().text_channel_id, MessageId(99))

    stage.venue.when_sent = ask
    await play(stage, "one")
    await shown(stage, 1)
    for _ in range(1000):
        if stage.venue.removed:
            break
        await quiet(stage)
    await stored_message(stage, MessageId(99))
    assert stage.venue.removed == [stage.venue.shown[0][0]]
    assert stage.audio.channel_id(GUILD) == MUSIC_ROOM


async def test_an_edit_that_does_not_arrive_is_made_up_for(stage: Stage) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    await stored_message(stage, stage.venue.shown[0][0])
    stage.venue.unreachable = 2
    await stage.steering.pause(caller())
    for _ in range(1000):
        if len(stage.venue.shown) > 1:
            break
        await stage.clock.advance(EDIT_SECONDS)
        await quiet(stage)
    assert (await shown(stage, 2)).status == "paused"
    assert stage.venue.unreachable == 0
    assert stage.venue.shown[1][0] == stage.venue.shown[0][0]


async def test_a_discord_that_stays_away_is_not_asked_for_ever(stage: Stage) -> None:
    await play(stage, "one")
    await shown(stage, 1)
    await stored_message(stage, stage.venue.shown[0][0])
    stage.venue.unreachable = 1000
    await stage.steering.pause(caller())
    for _ in range(4 * MAX_MISSES):
        await stage.clock.advance(EDIT_SECONDS)
        await quiet(stage)
    assert 1000 - stage.venue.unreachable == MAX_MISSES
