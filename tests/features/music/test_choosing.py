"""Which song follows by itself: scores, reasons, and what is never chosen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seraphim.features.music.rules.choosing import (
    Candidate,
    Why,
    choose,
    is_allowed,
    may_follow,
    rank,
    read_reason,
    song_name,
    write_reason,
)
from seraphim.features.music.rules.player import Autoplay, Player
from seraphim.features.music.rules.queue import Entry, Past, Queue
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import ChannelId, GuildId

MINUTES = 60_000


def track(name: str, *, minutes: float = 3.0, source: str = "library") -> Track:
    return Track(source, f"{name}.mp3", name.title(), "Band", duration_ms=round(minutes * MINUTES))


def best(mode: Autoplay, *candidates: Candidate) -> str:
    return rank(candidates, mode=mode, recent=())[0][1].track.title


@pytest.mark.parametrize(
    ("mode", "why"),
    [("artist", "artist"), ("genre", "genre"), ("similar", "similar"), ("mixed", "liked")],
)
def test_each_mode_prefers_its_own_reason(mode: Autoplay, why: Why) -> None:
    whys: tuple[Why, ...] = ("artist", "genre", "similar", "liked", "album")
    candidates = [Candidate(track(each), each) for each in whys]
    assert best(mode, *candidates) == why.title()


def test_reasons_of_one_song_add_up_and_the_best_is_told() -> None:
    both = track("both")
    scored = rank(
        [
            Candidate(track("one"), "artist", "Band"),
            Candidate(both, "together", "Hymn"),
            Candidate(both, "artist", "Band"),
        ],
        mode="similar",
        recent=(),
    )
    assert [candidate.track.title for _, candidate in scored] == ["Both", "One"]
    assert write_reason(scored[0][1]) == "together:Hymn"


def test_what_was_played_lately_is_not_chosen_nor_another_copy_of_it() -> None:
    copy = replace(
        track("one", source="youtube"), identifier="xyz", title="Óne (Official Video) [HD]"
    )
    assert song_name(copy) == song_name(track("one"))
    candidates = [Candidate(track("one"), "artist"), Candidate(copy, "similar")]
    assert rank(candidates, mode="mixed", recent=[track("one")]) == []
    assert choose(candidates, mode="mixed", recent=[track("one")], share=0.5) is None


def test_songs_with_titles_of_signs_only_are_told_apart() -> None:
    one, two = (replace(track(name), title="???", artist=None) for name in ("one", "two"))
    assert song_name(one) != song_name(two)


def test_streams_are_never_chosen_and_odd_lengths_rarely() -> None:
    stream = replace(track("radio"), is_stream=True, duration_ms=None)
    mix = track("mix", minutes=60)
    scored = rank(
        [Candidate(stream, "artist"), Candidate(mix, "artist"), Candidate(track("song"), "artist")],
        mode="artist",
        recent=(),
    )
    assert [candidate.track.title for _, candidate in scored] == ["Song", "Mix"]
    assert scored[0][0] == pytest.approx(5 * scored[1][0])


def test_what_the_guild_skips_has_less_of_a_chance() -> None:
    liked = Candidate(track("liked"), "artist")
    skipped = Candidate(track("skipped"), "artist", skipped=9)
    scored = rank([skipped, liked], mode="artist", recent=())
    assert scored[0][1] is liked
    assert scored[0][0] == pytest.approx(8 * scored[1][0])


@given(st.floats(0, 1, exclude_max=True), st.integers(1, 20))
def test_every_share_chooses_one_of_them(share: float, count: int) -> None:
    candidates = [Candidate(track(f"song {n}"), "liked", times=n) for n in range(1, count + 1)]
    assert choose(candidates, mode="mixed", recent=(), share=share) in candidates


def test_better_ones_are_chosen_more_often() -> None:
    candidates = [Candidate(track("good"), "artist"), Candidate(track("weak"), "liked")]
    shares = [n / 100 for n in range(100)]
    chosen = [choose(candidates, mode="artist", recent=(), share=share) for share in shares]
    assert chosen.count(candidates[0]) > 95
    assert chosen.count(candidates[1]) >= 0


def test_a_reason_is_read_as_it_was_written() -> None:
    assert read_reason(write_reason(Candidate(track("a"), "artist", "AC: DC\n"))) == (
        "artist",
        "AC: DC",
    )
    for stored in (None, "", "nonsense", "nonsense:x"):
        assert read_reason(stored) is None


def test_the_guilds_limits_hold_for_choices_too() -> None:
    long = track("long", minutes=20)
    assert is_allowed(long, max_track_minutes=20, sources=())
    assert not is_allowed(long, max_track_minutes=19, sources=())
    assert not is_allowed(track("song"), max_track_minutes=20, sources=("youtube",))


def test_it_follows_only_where_it_is_wanted_and_can_work() -> None:
    entry = Entry("e", track("one"), None)
    played, failed = Past(1, entry, "played"), Past(1, entry, "failed")
    here = Player(
        GuildId(1),
        autoplay="mixed",
        voice_channel_id=ChannelId(2),
        queue=Queue(history=(failed, failed, played)),
    )
    assert may_follow(here)
    assert not may_follow(replace(here, autoplay="off"))
    assert not may_follow(replace(here, voice_channel_id=None))
    assert not may_follow(replace(here, queue=Queue()))
    assert not may_follow(replace(here, queue=Queue(history=(played, failed, failed, failed))))
    assert not may_follow(replace(here, queue=replace(here.queue, upcoming=(entry,))))
    assert not may_follow(replace(here, queue=replace(here.queue, current=entry)))
