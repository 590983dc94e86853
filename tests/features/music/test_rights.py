"""Who may steer: everybody, DJs, who is alone, who manages the server; and who votes."""

import asyncio
from collections.abc import Awaitable, Callable
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
)

from seraphim.features.music.rules.control import VoiceRoom, votes_needed
from seraphim.features.music.rules.errors import (
    DjModeOn,
    DjOnly,
    NotInVoice,
    NotPlaying,
    NotYours,
    OtherChannel,
    SongChanged,
    VoteOver,
    WrongTextChannel,
)
from seraphim.features.music.service import Ballot, Caller, MusicSettings
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, RoleId, UserId

DJ = RoleId(900)
CAROL = UserId(103)


async def let(stage: Stage, **changes: object) -> None:
    """Change the guild's settings."""
    await stage.settings.change(GUILD, MusicSettings, changes, actor_id=ALICE, source="test")


def listen(stage: Stage, count: int) -> None:
    """Let so many people be in the room."""
    people = [ALICE, BOB, STRANGER, CAROL][:count]
    stage.venue.members = dict.fromkeys(people, MUSIC_ROOM)
    stage.venue.rooms[MUSIC_ROOM] = VoiceRoom(MUSIC_ROOM, "Music", listeners=count)


def dj(user_id: UserId = ALICE) -> Caller:
    return replace(caller(user_id), role_ids=frozenset({DJ}))


@pytest.fixture
async def playing(stage: Stage) -> Stage:
    """Alice has asked for three songs; alice, bob and a stranger listen."""
    for name in ("one", "two", "three"):
        await stage.music.play(caller(), f"{name}.opus")
    listen(stage, 3)
    return stage


def verbs(stage: Stage, who: Caller) -> list[Callable[[], Awaitable[object]]]:
    """Everything that steers the music for all."""
    steering, arranging = stage.steering, stage.parts.arranging
    return [
        lambda: steering.seek(who, "0:10"),
        lambda: steering.set_volume(who, 50),
        lambda: steering.set_muted(who, muted=True),
        lambda: steering.set_muted(who, muted=False),
        lambda: steering.set_loop(who, "queue"),
        lambda: steering.set_autoplay(who, "mixed"),
        lambda: steering.set_filters(who, stage.audio.players[GUILD].filters),
        lambda: steering.toggle_stay(who),
        lambda: arranging.shuffle(who),
        lambda: arranging.move(who, 1, 2),
        lambda: stage.music.play(who, "four.opus", place="next"),
        lambda: arranging.remove_by(who, STRANGER if who.user_id == BOB else BOB),
        lambda: steering.pause(who),
        lambda: steering.resume(who),
        lambda: steering.skip(who),
        lambda: steering.back(who),
        lambda: arranging.clear(who),
        lambda: steering.stop(who),
    ]


async def test_without_a_dj_role_every_listener_may(playing: Stage) -> None:
    await playing.music.play(caller(STRANGER), "five.opus")
    for verb in verbs(playing, caller(BOB)):
        await verb()


async def test_with_a_dj_role_the_others_may_ask_but_not_steer(playing: Stage) -> None:
    await let(playing, dj_role=DJ)
    for verb in verbs(playing, caller(BOB)):
        with pytest.raises(DjOnly):
            await verb()
    assert (await playing.music.play(caller(BOB), "four.opus")).place_in_queue == 3
    await playing.steering.pause(dj())


async def test_who_listens_alone_needs_no_role(playing: Stage) -> None:
    await let(playing, dj_role=DJ)
    listen(playing, 1)
    await playing.steering.pause(caller())


async def test_who_manages_the_server_needs_no_role(playing: Stage) -> None:
    await let(playing, dj_role=DJ)
    await playing.steering.pause(replace(caller(BOB), is_manager=True))


async def test_in_dj_only_mode_nobody_else_may_even_ask(playing: Stage) -> None:
    await let(playing, dj_role=DJ, dj_only=True)
    listen(playing, 1)
    with pytest.raises(DjModeOn):
        await playing.music.play(caller(), "four.opus")
    with pytest.raises(DjModeOn):
        await playing.steering.pause(caller())
    await playing.music.play(dj(), "four.opus")


async def test_commands_belong_into_the_chosen_text_channel(playing: Stage) -> None:
    await let(playing, text_channel=ChannelId(77))
    for attempt in (
        playing.music.play(caller(), "four.opus"),
        playing.steering.pause(caller()),
        playing.music.join(caller()),
        playing.parts.voting.skip_or_vote(caller()),
        playing.parts.voting.vote(caller()),
        playing.parts.arranging.remove(caller(), "1"),
        playing.parts.arranging.remove_by(caller(), ALICE),
    ):
        with pytest.raises(WrongTextChannel):
            await attempt
    await playing.steering.pause(replace(caller(), text_channel_id=ChannelId(77)))
    await playing.steering.resume(replace(caller(), is_manager=True))


@pytest.mark.parametrize(
    ("where", "error"), [(None, NotInVoice), (LOUNGE, OtherChannel)], ids=["nowhere", "elsewhere"]
)
async def test_only_listeners_may_do_anything(
    playing: Stage, where: ChannelId | None, error: type[SeraphimError]
) -> None:
    playing.venue.members.pop(BOB)
    if where is not None:
        playing.venue.members[BOB] = where
    for verb in [*verbs(playing, caller(BOB)), lambda: playing.parts.voting.vote(caller(BOB))]:
        with pytest.raises(error):
            await verb()


async def test_a_member_removes_their_own_songs_only(playing: Stage) -> None:
    await let(playing, dj_role=DJ)
    await playing.music.play(caller(BOB), "four.opus")
    arranging = playing.parts.arranging
    with pytest.raises(NotYours):
        await arranging.remove(caller(BOB), "1")
    with pytest.raises(NotYours):
        await arranging.remove(caller(BOB), "2-3")
    assert await playing.titles() == ["One", "Two", "Three", "Four"]
    assert [e.track.title for e in await arranging.remove(caller(BOB), "3")] == ["Four"]


async def test_a_member_may_skip_their_own_song(playing: Stage) -> None:
    await let(playing, dj_role=DJ)
    ballot = await playing.parts.voting.skip_or_vote(caller())
    assert ballot.skipped
    assert await playing.titles() == ["Two", "Three"]


@pytest.mark.parametrize(
    ("listeners", "percent", "needed"),
    [
        (1, 50, 1),
        (2, 50, 1),
        (3, 50, 2),
        (4, 50, 2),
        (5, 60, 3),
        (3, 100, 3),
        (0, 50, 1),
        (9, 1, 1),
    ],
)
def test_votes_needed_are_a_share_of_the_listeners(
    listeners: int, percent: int, needed: int
) -> None:
    assert votes_needed(listeners, percent) == needed


async def test_enough_votes_skip_and_nobody_votes_twice(playing: Stage) -> None:
    await let(playing, dj_role=DJ)
    voting = playing.parts.voting
    first = await voting.skip_or_vote(caller(BOB))
    again = await voting.vote(caller(BOB))
    assert (first.skipped, first.votes, first.needed) == (False, 1, 2)
    assert (again.skipped, again.votes) == (False, 1)
    last = await voting.vote(caller(STRANGER), first.entry_id)
    assert last.skipped
    assert last.now is not None
    assert last.now.title == "Two"
    assert await playing.titles() == ["Two", "Three"]


async def test_a_vote_counts_for_a_minute(playing: Stage) -> None:
    await let(playing, dj_role=DJ)
    await playing.parts.voting.vote(caller(BOB))
    await playing.clock.advance(61)
    assert (await playing.parts.voting.vote(caller(STRANGER))).votes == 1


async def test_who_has_left_does_not_count(playing: Stage) -> None:
    await let(playing, dj_role=DJ, vote_percent=100)
    await playing.parts.voting.vote(caller(BOB))
    playing.venue.members.pop(BOB)
    playing.venue.rooms[MUSIC_ROOM] = VoiceRoom(MUSIC_ROOM, "Music", listeners=2)
    ballot = await playing.parts.voting.vote(caller(STRANGER))
    assert (ballot.votes, ballot.needed) == (1, 2)


async def test_a_vote_on_a_song_that_is_over_skips_no_other(playing: Stage) -> None:
    old = await playing.parts.voting.vote(caller(BOB))
    await playing.steering.skip(caller())
    with pytest.raises(VoteOver):
        await playing.parts.voting.vote(caller(STRANGER), old.entry_id)
    assert await playing.titles() == ["Two", "Three"]


async def test_votes_survive_a_restart(playing: Stage) -> None:
    await let(playing, dj_role=DJ)
    await playing.parts.voting.vote(caller(BOB))
    await playing.restart(kill=True)
    assert (await playing.parts.voting.vote(caller(STRANGER))).skipped


async def test_there_is_no_vote_without_a_song(stage: Stage) -> None:
    with pytest.raises(NotPlaying):
        await stage.parts.voting.vote(caller())


async def test_jumping_over_several_songs_is_for_djs(playing: Stage) -> None:
    await let(playing, dj_role=DJ)
    with pytest.raises(DjOnly):
        await playing.parts.voting.skip_or_vote(caller(), steps=2)
    assert (await playing.parts.voting.skip_or_vote(dj(), steps=2)).skipped
    assert await playing.titles() == ["Three"]


async def test_two_who_skip_at_the_same_moment_skip_one_song(playing: Stage) -> None:
    before = await playing.titles()
    answers = await asyncio.gather(
        playing.parts.voting.skip_or_vote(caller()),
        playing.parts.voting.skip_or_vote(caller(BOB)),
        return_exceptions=True,
    )
    assert [type(one) for one in answers] == [Ballot, SongChanged]
    assert await playing.titles() == before[1:]
