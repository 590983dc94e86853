"""Places in a song, as people type them."""

import pytest

from seraphim.features.music.rules.errors import NoPosition, NotSeekable, TimeUnclear
from seraphim.features.music.rules.times import check_place, read_place
from seraphim.features.music.rules.track import Track


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("90", 90),
        ("0", 0),
        ("1:30", 90),
        ("01:02:03", 3723),
        ("75:00", 4500),
        ("2m 5s", 125),
        ("1h2m3s", 3723),
        ("45s", 45),
        ("2M", 120),
        ("+15", 75),
        ("-30", 30),
        ("+1:00", 120),
        ("-2m", 0),
        ("\u221230", 30),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, seconds: int) -> None:
    assert read_place(typed, now_ms=60_000) == seconds * 1000


@pytest.mark.parametrize(
    "typed", ["", "+", "abc", "1:3", "1:60", "1:60:00", "1.5", "--3", "1:30:", "٩٠", "5x", "1e9"]
)
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(TimeUnclear):
        read_place(typed, now_ms=0)


def test_a_place_must_lie_inside_the_song() -> None:
    song = Track("library", "a", "A", duration_ms=60_000)
    assert check_place(song, 59_999) == 59_999
    with pytest.raises(NoPosition, match="1:00"):
        check_place(song, 60_000)


def test_a_live_stream_has_no_places() -> None:
    with pytest.raises(NotSeekable):
        check_place(Track("http", "a", "A", is_stream=True), 0)


def test_a_song_of_unknown_length_can_be_tried_anywhere() -> None:
    assert check_place(Track("http", "a", "A"), 10**9) == 10**9
