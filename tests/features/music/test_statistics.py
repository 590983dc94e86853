"""History and statistics: what was played, who listened, how many hours."""

import pytest
from tests.features.music.conftest import ALICE, BOB, GUILD, LOUNGE, Stage, caller

from seraphim.features.music.commands.history import draw_hours
from seraphim.features.music.rules.errors import HistoryOver
from seraphim.features.music.rules.statistics import (
    DAY_MS,
    MAX_STEP_MS,
    Day,
    credit,
    day_of,
    whole_span,
)
from seraphim.features.music.service.statistics import KEEP_DAYS, LOOK_SECONDS, STORE_SECONDS
from seraphim.features.music.store import statistics as store
from seraphim.kernel.texts import Texts

MINUTE = 60


async def _play(stage: Stage, name: str = "one") -> None:
    await stage.music.play(caller(), f"library:{name}.opus")


async def _pass(stage: Stage, seconds: float) -> None:
    """Let time pass as the bot sees it: with a look every few seconds."""
    for _ in range(round(seconds / LOOK_SECONDS)):
        await stage.clock.advance(LOOK_SECONDS)
        await stage.parts.listening.look()


async def _listened(stage: Stage) -> dict[int, int]:
    await stage.parts.listening.store()
    top = await stage.parts.statistics.top_listeners(GUILD, "month")
    return {each.user_id: each.listened_ms for each in top}


async def _sounded(stage: Stage) -> int:
    await stage.parts.listening.store()
    return sum(day.sounded_ms for day in await stage.parts.statistics.days(GUILD, "month"))


async def test_everybody_in_the_channel_is_credited_the_time_they_heard(stage: Stage) -> None:
    await _play(stage)
    await _pass(stage, MINUTE)
    del stage.venue.members[BOB]
    await _pass(stage, MINUTE)
    listened = await _listened(stage)
    step = LOOK_SECONDS * 1000
    assert listened[ALICE] == pytest.approx(120_000, abs=step)
    assert listened[BOB] == pytest.approx(60_000, abs=step)
    assert await _sounded(stage) == pytest.approx(120_000, abs=step)


async def test_nobody_is_credited_while_it_is_paused_or_elsewhere_or_deaf(stage: Stage) -> None:
    await _play(stage)
    stage.venue.members[BOB] = LOUNGE
    await stage.steering.pause(caller())
    await _pass(stage, MINUTE)
    assert await _listened(stage) == {}
    await stage.steering.resume(caller())
    stage.venue.deafened.add(ALICE)
    await _pass(stage, MINUTE)
    assert await _listened(stage) == {}
    assert await _sounded(stage) == 0


async def test_a_crash_loses_at_most_half_a_minute(stage: Stage) -> None:
    await _play(stage)
    await _pass(stage, 10 * MINUTE)
    await stage.restart(kill=True)
    top = await stage.parts.statistics.top_listeners(GUILD, "month")
    lost_ms = 600_000 - next(each.listened_ms for each in top if each.user_id == ALICE)
    assert 0 <= lost_ms <= (STORE_SECONDS + LOOK_SECONDS) * 1000


async def test_an_ordered_stop_stores_what_was_counted(stage: Stage) -> None:
    await _play(stage)
    await _pass(stage, STORE_SECONDS + 3 * LOOK_SECONDS)
    await stage.restart(kill=False)
    top = await stage.parts.statistics.top_listeners(GUILD, "month")
    assert next(each.listened_ms for each in top if each.user_id == ALICE) == 45_000


def test_time_nobody_watched_is_not_credited() -> None:
    assert credit(5_000) == 5_000
    assert credit(3_600_000) == MAX_STEP_MS
    assert credit(-5) == 0


async def test_days_without_music_are_part_of_the_span(stage: Stage) -> None:
    assert whole_span([Day(3, 7, 9)], 2, 4) == [Day(2), Day(3, 7, 9), Day(4)]
    await _play(stage)
    await _pass(stage, MINUTE)
    await stage.parts.listening.store()
    days = await stage.parts.statistics.days(GUILD, "week")
    assert len(days) == 7
    assert days[-1].day == day_of(stage.clock.now_ms())
    assert (days[-1].sounded_ms > 0, days[-1].listened_ms) == (True, 2 * days[-1].sounded_ms)


async def test_old_days_are_forgotten(stage: Stage) -> None:
    today = day_of(stage.clock.now_ms())
    old, kept = today - KEEP_DAYS - 1, today - KEEP_DAYS
    for day in (old, kept):
        await stage.db.write(
            store.add_listening, {(GUILD, day): 5}, {(GUILD, day, ALICE): 5}, oldest_day=0
        )
    await _play(stage)
    await _pass(stage, MINUTE)
    await stage.parts.listening.store()
    found = await stage.db.read(store.list_days, GUILD, first_day=0)
    assert [day.day for day in found] == [kept, today]


async def test_listening_adds_up_within_a_day(stage: Stage) -> None:
    for _ in range(2):
        await stage.db.write(
            store.add_listening, {(GUILD, 5): 10}, {(GUILD, 5, ALICE): 7}, oldest_day=0
        )
    assert await stage.db.read(store.list_days, GUILD, first_day=0) == [Day(5, 20, 14)]


async def test_history_says_what_was_played_newest_first(stage: Stage) -> None:
    await _play(stage, "one")
    await _play(stage, "two")
    await _play(stage, "three")
    await stage.audio.finish(GUILD)
    await stage.steering.skip(caller())
    count, lines = await stage.parts.statistics.history(GUILD, start=0, limit=10)
    shown = [(each.entry.track.title, each.outcome, each.entry.requested_by) for each in lines]
    assert count == 2
    assert shown == [("Two", "skipped", ALICE), ("One", "played", ALICE)]
    assert lines[0].ended_at_ms == stage.clock.now_ms()


async def test_top_songs_counts_what_was_played_to_its_end(stage: Stage) -> None:
    for name in ("one", "two", "two", "three"):
        await _play(stage, name)
    for _ in range(3):
        await stage.audio.finish(GUILD)
    await stage.steering.stop(caller())
    top = await stage.parts.statistics.top_songs(GUILD, "month")
    assert [(each.track.title, each.times) for each in top] == [("Two", 2), ("One", 1)]


async def test_songs_of_long_ago_are_in_no_period(stage: Stage) -> None:
    await _play(stage)
    await stage.audio.finish(GUILD)
    stage.clock.set_back(-8 * DAY_MS / 1000)  # ahead, without the rounds of every second
    assert await stage.parts.statistics.top_songs(GUILD, "week") == []
    assert len(await stage.parts.statistics.top_songs(GUILD, "month")) == 1


async def test_a_song_of_the_history_is_queued_again(stage: Stage) -> None:
    await _play(stage, "one")
    await stage.audio.finish(GUILD)
    _, lines = await stage.parts.statistics.history(GUILD, start=0, limit=1)
    added = await stage.parts.statistics.play_again(caller(), [lines[0].sequence, 999])
    assert [entry.track.title for entry in added.entries] == ["One"]
    assert await stage.titles() == ["One"]
    with pytest.raises(HistoryOver):
        await stage.parts.statistics.play_again(caller(), [999])


async def test_a_member_who_is_forgotten_is_in_no_list(stage: Stage) -> None:
    await _play(stage)
    await _pass(stage, MINUTE)
    assert await stage.parts.listening.export(GUILD, ALICE) != []
    await _pass(stage, LOOK_SECONDS)
    await stage.parts.listening.erase(GUILD, ALICE)
    assert set(await _listened(stage)) == {BOB}
    assert await stage.parts.listening.export(GUILD, ALICE) == []


def test_the_chart_shows_minutes_weeks_or_hours() -> None:
    say = Texts().translator("en")
    hour = 3_600_000
    assert "Hours of music by day" in draw_hours([Day(20_000, hour), Day(20_001, hour)], say)
    assert "Minutes of music by day" in draw_hours([Day(20_000, 60_000)], say)
    assert "Hours of music by week" in draw_hours([Day(20_000 + n, hour) for n in range(365)], say)
    assert "Minutes of music by week" in draw_hours([Day(n) for n in range(365)], say)
