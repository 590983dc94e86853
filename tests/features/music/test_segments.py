"""Parts of a video that are no music are skipped, once, and only where the guild wants it."""

import asyncio

import pytest
from tests.features.music.conftest import GUILD, Stage, caller

from seraphim.features.music.rules.segments import Segment, merged, segment_at, video_id_of
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service import MusicSettings
from seraphim.kernel.ids import UserId

VIDEO = "dQw4w9WgXcQ"
URL = f"https://www.youtube.com/watch?v={VIDEO}"


@pytest.fixture
async def playing(stage: Stage) -> Stage:
    """A video of three minutes plays; a sponsor speaks from 0:10 to 0:42."""
    track = Track("library", "video.opus", "Video", duration_ms=180_000, url=URL)
    stage.source.tracks["video.opus"] = track
    stage.segments.known[VIDEO] = [Segment(10_000, 42_000), Segment(60_000, 70_000, "intro")]
    await stage.music.play(caller(), "library:video.opus")
    return stage


async def _pass(stage: Stage, seconds: float) -> None:
    for _ in range(round(seconds * 2)):
        await stage.clock.advance(0.5)
        await stage.parts.skipping.look()
        for _ in range(4_000):
            if not stage.parts.skipping.is_asking:
                break
            await asyncio.sleep(0.005)


async def _position(stage: Stage) -> int:
    return (await stage.player()).position_ms


async def test_a_sponsor_is_skipped_and_the_controller_says_so(playing: Stage) -> None:
    await _pass(playing, 9)
    assert (await playing.music.picture(GUILD)).skipped is None
    await _pass(playing, 2)
    assert 42_000 <= await _position(playing) <= 43_500
    picture = await playing.music.picture(GUILD)
    assert (picture.skipped, picture.skipped_length) == ("sponsor", "0:32")
    assert playing.segments.asked == [VIDEO]


async def test_what_the_guild_wants_to_hear_is_not_skipped(playing: Stage) -> None:
    await playing.steering.seek(caller(), "0:59")
    await _pass(playing, 3)
    assert 60_000 <= await _position(playing) <= 63_000
    assert (await playing.music.picture(GUILD)).skipped is None


async def test_without_categories_nobody_is_asked(playing: Stage) -> None:
    await playing.settings.change(
        GUILD, MusicSettings, {"skipped_parts": []}, actor_id=UserId(1), source="test"
    )
    await _pass(playing, 12)
    assert 11_000 <= await _position(playing) <= 13_000
    assert playing.segments.asked == []


async def test_whoever_jumps_into_a_part_hears_it(playing: Stage) -> None:
    await _pass(playing, 1)
    await playing.steering.seek(caller(), "0:20")
    await _pass(playing, 3)
    assert 22_000 <= await _position(playing) <= 24_000


async def test_nothing_is_skipped_while_it_is_paused(playing: Stage) -> None:
    await _pass(playing, 1)
    await playing.steering.seek(caller(), "0:10")
    await playing.steering.pause(caller())
    await _pass(playing, 2)
    assert await _position(playing) == 10_000


async def test_a_repeated_song_is_skipped_in_each_time(playing: Stage) -> None:
    await playing.steering.set_loop(caller(), "track")
    await _pass(playing, 11)
    await playing.audio.finish(GUILD)
    assert (await playing.music.picture(GUILD)).skipped is None
    await _pass(playing, 12)
    assert await _position(playing) >= 42_000


async def test_a_part_up_to_the_end_ends_the_song(playing: Stage) -> None:
    playing.segments.known[VIDEO] = [Segment(10_000, 180_500)]
    await _pass(playing, 11)
    assert 179_500 <= await _position(playing) <= 181_500


async def test_a_service_in_trouble_lets_the_song_play_whole(playing: Stage) -> None:
    playing.segments.is_down = True
    await _pass(playing, 12)
    assert 11_000 <= await _position(playing) <= 13_000
    assert playing.segments.asked == [VIDEO]


async def test_songs_that_are_no_videos_are_nobodys_business(stage: Stage) -> None:
    await stage.music.play(caller(), "library:one.opus")
    await _pass(stage, 2)
    assert stage.segments.asked == []


@pytest.mark.parametrize(
    ("url", "video"),
    [
        (URL, VIDEO),
        (f"https://youtu.be/{VIDEO}?t=5", VIDEO),
        (f"https://music.youtube.com/watch?list=x&v={VIDEO}", VIDEO),
        (f"https://youtube.com/shorts/{VIDEO}", VIDEO),
        (f"https://evil.example/watch?v={VIDEO}", None),
        (f"https://youtube.com.evil.example/watch?v={VIDEO}", None),
        (f"https://www.youtube.com/watch?v={VIDEO}x", None),
        ("https://www.youtube.com/playlist?list=x", None),
        ("song.opus", None),
    ],
)
def test_a_video_is_known_by_its_address(url: str, video: str | None) -> None:
    assert video_id_of(Track("youtube", url, "x")) == video
    assert video_id_of(Track("youtube", url, "x", is_stream=True)) is None


def test_parts_that_overlap_become_one() -> None:
    parts = [
        Segment(50_000, 60_000, "intro"),
        Segment(15_000, 30_000, "selfpromo"),
        Segment(10_000, 20_000),
        Segment(30_000, 35_000),
        Segment(80_000, 80_500),
    ]
    assert merged(parts, {"sponsor", "selfpromo"}) == (Segment(10_000, 35_000),)
    assert segment_at(merged(parts, {"intro"}), 50_000) == Segment(50_000, 60_000, "intro")
    assert segment_at(merged(parts, {"intro"}), 49_999) is None
    assert segment_at(merged(parts, {"intro"}), 53_000) is None
