"""Words in time: a message follows the song through pauses, jumps, speed, skips and restarts."""

import asyncio
import itertools
from dataclasses import replace

import pytest
from tests.features.music.conftest import GUILD, TEXT, Stage, caller

from seraphim.features.music.ports import Filters
from seraphim.features.music.rules.errors import NotPlaying
from seraphim.features.music.rules.lyrics import LEAD_MS, NoLyrics, Sheet, Words
from seraphim.features.music.service.lyrics import EDIT_SECONDS, FOLLOW_MS
from seraphim.features.music.store import lyrics as store
from seraphim.kernel.ids import MessageId

SHOWN, OTHER = MessageId(700), MessageId(701)
TIMED = "\n".join(f"[00:{second:02}.00]line {second}" for second in range(0, 60, 2))
WORDS = Words("7", "One", "Choir", timed=TIMED, plain="line\n" * 30)


@pytest.fixture
async def following(stage: Stage) -> Stage:
    """The song One plays, and a message follows it."""
    stage.lyrics.known["One"] = WORDS
    await stage.music.play(caller(), "library:one.opus")
    found = await stage.parts.lyrics.of_now(await stage.player())
    assert found.sheet is not None
    await stage.parts.lyrics.follow(GUILD, TEXT, SHOWN, found)
    return stage


async def _look(stage: Stage) -> None:
    """Let the service look once, and its edits arrive."""
    await stage.parts.lyrics.look()
    for _ in range(4_000):
        if not stage.parts.lyrics.is_editing:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("an edit never ended")


async def _pass(stage: Stage, seconds: float) -> None:
    for _ in range(round(seconds * 2)):
        await stage.clock.advance(0.5)
        await _look(stage)


def _last(stage: Stage) -> Sheet:
    return stage.board.shown[-1][1]


async def test_the_line_of_now_is_shown_at_most_every_three_seconds(following: Stage) -> None:
    moments: list[float] = []
    edits = 0
    for _ in range(40):
        await _pass(following, 0.5)
        if len(following.board.shown) > edits:
            edits = len(following.board.shown)
            moments.append(following.clock.monotonic())
            position_ms = round(following.clock.monotonic() * 1000) + LEAD_MS
            assert _last(following).now == f"line {position_ms // 2000 * 2}"
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    assert len(moments) >= 4
    assert min(gaps) >= EDIT_SECONDS


async def test_a_pause_needs_no_edit_and_a_jump_is_followed(following: Stage) -> None:
    await _pass(following, 4)
    await following.steering.pause(caller())
    await _pass(following, 4)
    edits = len(following.board.shown)
    await _pass(following, 20)
    assert len(following.board.shown) == edits
    await following.steering.resume(caller())
    await following.steering.seek(caller(), "0:40")
    await _pass(following, EDIT_SECONDS + 0.5)
    assert _last(following).now in {"line 42", "line 44"}


async def test_double_speed_is_followed(following: Stage) -> None:
    await following.steering.set_filters(caller(), Filters(speed=2.0))
    await _pass(following, 10)
    assert _last(following).now in {"line 16", "line 18", "line 20"}


async def test_the_message_ends_with_the_song(following: Stage) -> None:
    await _pass(following, 4)
    await following.music.play(caller(), "library:two.opus")
    await following.steering.skip(caller())
    await _look(following)
    assert (_last(following).stage, _last(following).now) == ("over", None)
    edits = len(following.board.shown)
    await _pass(following, 10)
    assert len(following.board.shown) == edits
    assert await following.db.read(store.list_followed) == []


async def test_stopping_the_music_ends_it_too(following: Stage) -> None:
    await following.steering.stop(caller())
    await _look(following)
    assert _last(following).stage == "over"


async def test_a_deleted_message_is_let_go(following: Stage) -> None:
    following.board.deleted.add(SHOWN)
    await _pass(following, 4)
    assert following.parts.lyrics.message_of(GUILD, "any") is None
    assert await following.db.read(store.list_followed) == []


async def test_after_a_quarter_of_an_hour_it_is_let_go(following: Stage) -> None:
    await following.steering.pause(caller())
    await following.clock.advance(FOLLOW_MS / 1000)
    await _look(following)
    assert _last(following).stage == "let_go"
    assert await following.db.read(store.list_followed) == []


async def test_a_new_message_takes_over_from_the_one_before(following: Stage) -> None:
    found = await following.parts.lyrics.of_now(await following.player())
    await following.parts.lyrics.follow(GUILD, TEXT, OTHER, found)
    assert following.board.shown[-1][0] == SHOWN
    assert _last(following).stage == "let_go"
    await _pass(following, 5)
    assert following.board.shown[-1][0] == OTHER
    [kept] = await following.db.read(store.list_followed)
    assert kept.message_id == OTHER
    known = following.parts.lyrics.message_of(GUILD, found.entry_id)
    assert known is not None
    assert known.message_id == OTHER


@pytest.mark.parametrize("kill", [True, False])
async def test_a_restart_goes_on_with_the_same_message(following: Stage, *, kill: bool) -> None:
    await _pass(following, 5)
    await following.parts.upkeep.save_positions()
    await following.restart(kill=kill)
    for _ in range(4_000):
        known = (await following.player()).queue.current
        assert known is not None
        if following.parts.lyrics.message_of(GUILD, known.entry_id) is not None:
            break
        await asyncio.sleep(0.005)
    edits = len(following.board.shown)
    await _pass(following, 6)
    assert len(following.board.shown) > edits
    assert following.board.shown[-1][0] == SHOWN
    assert _last(following).stage == "live"


async def test_words_without_times_and_songs_without_words_are_told(stage: Stage) -> None:
    with pytest.raises(NotPlaying):
        await stage.parts.lyrics.of_now(await stage.player())
    await stage.music.play(caller(), "library:one.opus")
    with pytest.raises(NoLyrics):
        await stage.parts.lyrics.of_now(await stage.player())
    stage.lyrics.known["One"] = replace(WORDS, timed=None)
    assert (await stage.parts.lyrics.of_now(await stage.player())).sheet is None
    with pytest.raises(NoLyrics):
        await stage.parts.lyrics.search("unheard of")
    with pytest.raises(NoLyrics):
        await stage.parts.lyrics.get("99")
