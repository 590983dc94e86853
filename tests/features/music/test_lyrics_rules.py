"""Timed lines are read, found and shown; the right words are told from the wrong ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seraphim.features.music.rules.lyrics import (
    AFTER,
    BEFORE,
    LEAD_MS,
    MAX_LINES,
    Line,
    Words,
    asked_as,
    best_match,
    index_at,
    pages_of,
    read_lrc,
    sheet,
    whole_text,
)
from seraphim.features.music.rules.track import Track

SONG = Words("7", "Hymn", "Choir")


def test_lines_are_read_in_the_order_of_their_times() -> None:
    assert read_lrc("[ar:Choir]\n[00:12.34]Second\n[00:01.5] First \n[1:02]Third\n[00:20]") == (
        Line(1_500, "First"),
        Line(12_340, "Second"),
        Line(20_000, ""),
        Line(62_000, "Third"),
    )


def test_a_line_with_several_stamps_is_sung_several_times() -> None:
    assert read_lrc("[00:01.00][00:03.000]Again\n[00:02:50]Between") == (
        Line(1_000, "Again"),
        Line(2_500, "Between"),
        Line(3_000, "Again"),
    )


def test_a_positive_offset_shows_the_lines_earlier() -> None:
    assert read_lrc("[offset:+500]\n[00:01.00]A\n[00:00.20]B") == (Line(0, "B"), Line(500, "A"))
    assert read_lrc("[OFFSET: -500]\n[00:01.00]A") == (Line(1_500, "A"),)


def test_stamps_of_single_words_are_left_out() -> None:
    assert read_lrc("[00:01.00]<00:01.00>Oh <00:01.50>well") == (Line(1_000, "Oh well"),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no times at all",
        "[aa:bb]x",
        "[00:01",
        "[:]",
        "[00:01.00",
        "[offset:many]",
        "[]",
        "\x00",
    ],
)
def test_what_is_no_timed_text_has_no_lines(text: str) -> None:
    assert read_lrc(text) == ()


@given(st.text(max_size=2_000))
def test_any_text_can_be_read(text: str) -> None:
    lines = read_lrc(text)
    assert list(lines) == sorted(lines, key=lambda line: line.at_ms)
    assert all(line.at_ms >= 0 and "\n" not in line.text for line in lines)


def test_a_text_without_end_is_cut() -> None:
    assert len(read_lrc("[00:01.00]x\n" * 50_000)) <= MAX_LINES
    assert len(read_lrc("[00:01]" * 50_000)) <= MAX_LINES


def test_the_line_of_now_is_the_last_that_has_begun() -> None:
    lines = (Line(1_000, "a"), Line(2_000, "b"), Line(2_000, "c"), Line(9_000, "d"))
    shown = [index_at(lines, ms - LEAD_MS) for ms in (999, 1_000, 1_999, 2_000, 8_999, 99_000)]
    assert shown == [-1, 0, 0, 2, 2, 3]
    assert index_at((), 5) == -1


def test_a_sheet_shows_what_was_is_and_comes() -> None:
    lines = tuple(Line(n * 1_000, f"line {n}") for n in range(20))
    shown = sheet(SONG, lines, 10)
    assert shown.before == ("line 8", "line 9")
    assert shown.now == "line 10"
    assert shown.after == tuple(f"line {n}" for n in range(11, 11 + AFTER))
    first = sheet(SONG, lines, -1)
    assert (first.before, first.now, first.after[0]) == ((), None, "line 0")
    last = sheet(SONG, lines, 19)
    assert (len(last.before), last.now, last.after) == (BEFORE, "line 19", ())


def test_what_is_over_has_no_line_of_now() -> None:
    lines = (Line(0, "a"), Line(1, ""), Line(2, "c"))
    shown = sheet(SONG, lines, 1, "over")
    assert (shown.before, shown.now, shown.after) == (("a",), None, ("♪", "c"))


def test_words_of_strangers_are_made_harmless() -> None:
    shown = sheet(Words("1", "@everyone"), (Line(0, "**<@1>** @here"),), 0)
    assert shown.now is not None
    assert "@everyone" not in shown.title
    assert "<@1>" not in shown.now
    assert "**" not in shown.now.replace("\\*", "")
    assert "@here" not in pages_of("@here")[0]


def test_pages_end_between_verses() -> None:
    verse = "\n".join(["la la la"] * 10)
    pages = pages_of("\n\n".join([verse] * 5), limit=200)
    assert len(pages) == 3
    assert pages[0] == f"{verse}\n\n{verse}"
    assert all(len(page) <= 200 for page in pages)


@given(st.text(max_size=3_000))
def test_pages_hold_everything_within_their_limit(text: str) -> None:
    pages = pages_of(text, limit=400)
    assert pages
    assert all(len(page) <= 400 for page in pages)


def test_timed_words_have_a_whole_text_too() -> None:
    assert whole_text(Words("1", "x", timed="[00:01]a\n[00:02]b")) == "a\nb"
    assert whole_text(Words("1", "x", timed="[00:01]a", plain="A")) == "A"
    assert whole_text(Words("1", "x", is_instrumental=True)) == ""


@pytest.mark.parametrize(
    ("title", "artist", "asked"),
    [
        ("Hymn", "Choir", ("Hymn", "Choir")),
        ("Choir - Hymn (Official Video) [4K]", "Choir Channel", ("Hymn", "Choir")),
        ("Choir \u2013 Hymn (Lyrics)", None, ("Hymn", "Choir")),
        ("Hymn", "Choir - Topic", ("Hymn", "Choir")),
        ("Before - After", "Choir", ("Before - After", "Choir")),
        ("Hymn (Live)", "Choir", ("Hymn (Live)", "Choir")),
        ("(Official Video)", None, ("(Official Video)", None)),
    ],
)
def test_a_video_is_asked_for_as_a_song(
    title: str, artist: str | None, asked: tuple[str, str | None]
) -> None:
    assert asked_as(Track("x", "y", title, artist)) == asked


def test_the_wrong_words_are_worse_than_none() -> None:
    track = Track("x", "y", "Hymn", "Choir", duration_ms=180_000)
    near = Words("1", "Hymn", "Choir", duration_ms=182_000, plain="a")
    timed = Words("2", "Hymn", "Choir", duration_ms=181_000, timed="[00:01]a")
    far = Words("3", "Hymn", "Choir", duration_ms=300_000, timed="[00:01]a")
    other = Words("4", "Waltz", "Band", duration_ms=180_000, timed="[00:01]a")
    empty = Words("5", "Hymn", "Choir", duration_ms=180_000)
    assert best_match(track, [near, timed, far, other, empty]) is timed
    assert best_match(track, [far, other, empty]) is None
