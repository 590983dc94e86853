"""What links of Apple Music mean."""

from collections.abc import AsyncIterator

import pytest
from tests.adapters.catalogues.conftest import HastyClock
from tests.support.services.applemusic import TOKEN, AppleMusic, song
from tests.support.services.serving import serving

from seraphim.adapters.catalogues import AppleMusicTracks
from seraphim.features.music.ports import OnlyDescribed, SourceFailed


@pytest.fixture
def apple() -> AppleMusic:
    return AppleMusic(songs={"1": song(1, "First Light"), "2": song(2, "Last Light")})


@pytest.fixture
async def tracks(apple: AppleMusic, clock: HastyClock) -> AsyncIterator[AppleMusicTracks]:
    async with serving(apple.answer) as url:
        made = AppleMusicTracks(TOKEN, "us", clock, api_url=url)
        yield made
        await made.close()


@pytest.mark.parametrize(
    "link",
    [
        "https://music.apple.com/us/song/first-light/1",
        "https://music.apple.com/us/song/1",
        "https://music.apple.com/us/album/dawn/77?i=1",
        "applemusic:1",
    ],
)
async def test_a_song_is_described(tracks: AppleMusicTracks, link: str) -> None:
    (track,) = (await tracks.resolve(link, limit=1)).tracks
    assert (track.source, track.identifier, track.title) == ("applemusic", "1", "First Light")
    assert (track.artist, track.album, track.duration_ms) == ("Aurora", "Dawn", 180_000)
    assert (track.isrc, track.artwork_url) == ("GBAYE0000001", "https://i.example/600x600bb.jpg")
    with pytest.raises(OnlyDescribed):
        await tracks.open(track)


@pytest.mark.parametrize("link", ["playlist/x/pl.u-abc", "album/x/77"])
async def test_lists_come_whole_and_in_order(
    apple: AppleMusic, tracks: AppleMusicTracks, link: str
) -> None:
    apple.lists[link.rsplit("/", 1)[-1]] = [song(n, f"Song {n}") for n in range(250)]
    steps: list[int] = []

    found = await tracks.resolve(
        f"https://music.apple.com/de/{link}", limit=500, progress=lambda done, _: steps.append(done)
    )

    assert [track.title for track in found.tracks] == [f"Song {n}" for n in range(250)]
    assert steps == [100, 200, 250]
    assert all("/catalog/de/" in path for path in apple.seen), "the link's own country is asked"
    cut = await tracks.resolve(f"https://music.apple.com/de/{link}", limit=100)
    assert (len(cut.tracks), cut.truncated) == (100, True)


async def test_videos_in_a_list_are_left_out_and_artists_are_lists(
    apple: AppleMusic, tracks: AppleMusicTracks
) -> None:
    apple.lists["9"] = [song(1, "First Light"), {**song(2, "A video"), "type": "music-videos"}]
    found = await tracks.resolve("https://music.apple.com/us/artist/aurora/9", limit=10)
    assert [track.title for track in found.tracks] == ["First Light"]
    assert found.playlist_title == "Aurora"


async def test_words_are_searched_when_it_is_named(tracks: AppleMusicTracks) -> None:
    assert [track.title for track in await tracks.search("light", limit=1)] == ["First Light"]


async def test_a_wrong_token_is_said_to_be_wrong(apple: AppleMusic, clock: HastyClock) -> None:
    async with serving(apple.answer) as url:
        tracks = AppleMusicTracks("wrong", "us", clock, api_url=url)
        with pytest.raises(SourceFailed, match="does not accept this bot's key"):
            await tracks.ping()
        await tracks.close()


async def test_it_waits_longer_each_time_it_is_refused(
    apple: AppleMusic, tracks: AppleMusicTracks, clock: HastyClock
) -> None:
    for _ in range(3):
        apple.trouble.add(429)
    await tracks.ping()
    assert clock.waited == [1.0, 2.0, 4.0]
    asked = len(apple.seen)
    await tracks.ping()
    assert len(apple.seen) == asked, "health does not ask again and again"
    await clock.advance(600)
    await tracks.ping()
    assert len(apple.seen) == asked + 1
    with pytest.raises(SourceFailed, match="does not know that"):
        await tracks.resolve("https://music.apple.com/us/album/x/404", limit=1)
