"""What the controller says, and what strangers' texts may not do to it."""

import pytest

from seraphim.features.music.rules.picture import clock_time, draw, progress_bar
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.queue import Entry, Queue
from seraphim.features.music.rules.text import clean, escape, read_tags
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import GuildId, UserId


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(0, "0:00"), (999, "0:00"), (61_000, "1:01"), (3_600_000, "1:00:00"), (-5, "0:00")],
)
def test_lengths_are_written_as_people_do(milliseconds: int, shown: str) -> None:
    assert clock_time(milliseconds) == shown


def test_the_bar_moves_from_one_end_to_the_other() -> None:
    assert progress_bar(0, 100, 5) == "●────"
    assert progress_bar(50, 100, 5) == "━━●──"
    assert progress_bar(100, 100, 5) == "━━━━●"
    assert progress_bar(900, 100, 5) == "━━━━●"
    assert progress_bar(10, None) == progress_bar(10, 0) == ""


@pytest.mark.parametrize("text", ["@everyone", "@here", "<@123>", "<@&5>", "<#7>", "</play:1>"])
def test_mentions_in_titles_are_broken(text: str) -> None:
    shown = escape(f"Song {text}")
    assert text not in shown
    assert "@e" not in shown
    assert "@h" not in shown


def test_markdown_control_characters_and_direction_marks_lose_their_power() -> None:
    assert escape("**a** `b` [c](d)") == r"\*\*a\*\* \`b\` \[c\](d)"
    assert escape("# loud - quiet") == r"\# loud - quiet"
    assert clean("a\x00b\n\nc\x1b[2J \u202egnp.exe\u2066") == "a b c [2J gnp.exe"
    assert len(clean("x" * 10_000_000)) == 200


def test_tags_fall_back_to_the_file_name() -> None:
    tags = read_tags({"TITLE": " \x00 ", "ARTIST": "Choir"}, "song\n.opus")
    assert (tags.title, tags.artist, tags.album) == ("song .opus", "Choir", None)


def test_the_picture_shows_song_progress_and_what_is_next() -> None:
    def entry(name: str) -> Entry:
        return Entry(
            name, Track("library", name, f"*{name}*", "A|B", duration_ms=200_000), UserId(7)
        )

    queue = Queue(entry("a"), tuple(entry(name) for name in "bcdef"))
    picture = draw(Player(GuildId(1), status="playing", queue=queue), position_ms=100_000)

    assert (picture.title, picture.artist, picture.requested_by) == (r"\*a\*", r"A\|B", 7)
    assert (picture.elapsed, picture.total, picture.waiting) == ("1:40", "3:20", 5)
    assert picture.bar.index("●") == len(picture.bar) // 2
    assert len(picture.next_up) == 3
    assert picture.waiting_time == "16:40"
