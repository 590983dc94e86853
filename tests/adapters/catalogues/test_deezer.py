"""What links of Deezer mean."""

from collections.abc import AsyncIterator, Callable

import pytest
from tests.adapters.catalogues.conftest import HastyClock
from tests.support.services.deezer import Deezer, song
from tests.support.services.serving import serving

from seraphim.adapters.catalogues import DeezerTracks
from seraphim.features.music.ports import OnlyDescribed, SourceFailed


@pytest.fixture
def deezer() -> Deezer:
    return Deezer(songs={1: song(1, "First Light"), 2: song(2, "Last Light")})


@pytest.fixture
async def tracks(deezer: Deezer, clock: HastyClock) -> AsyncIterator[DeezerTracks]:
    async with serving(deezer.answer) as url:
        made = DeezerTracks(clock, api_url=url)
        yield made
        await made.close()


@pytest.mark.parametrize(
    "link", ["https://www.deezer.com/track/1", "https://deezer.com/fr/track/1?x=y", "deezer:1"]
)
async def test_a_song_is_described(tracks: DeezerTracks, link: str) -> None:
    (track,) = (await tracks.resolve(link, limit=1)).tracks
    assert (track.source, track.identifier, track.title) == ("deezer", "1", "First Light")
    assert (track.artist, track.album, track.duration_ms) == ("Aurora", "Dawn", 180_000)
    assert track.isrc == "GBAYE0000001"
    with pytest.raises(OnlyDescribed):
        await tracks.open(track)


@pytest.mark.parametrize(
    ("kind", "title"), [("playlist", "The playlist"), ("album", "The album"), ("artist", "Aurora")]
)
async def test_lists_come_whole_and_in_order(
    deezer: Deezer, tracks: DeezerTracks, kind: str, title: str
) -> None:
    deezer.lists["7"] = [song(n, f"Song {n}", album=None) for n in range(250)]
    steps: list[tuple[int, int | None]] = []

    found = await tracks.resolve(
        f"https://www.deezer.com/en/{kind}/7",
        limit=500,
        progress=lambda done, total: steps.append((done, total)),
    )

    count = 50 if kind == "artist" else 250
    assert [track.title for track in found.tracks] == [f"Song {n}" for n in range(count)]
    assert (found.playlist_title, steps[-1]) == (title, (count, count))
    assert (found.tracks[0].album is not None) == (kind == "album")


async def test_words_are_searched_when_it_is_named(tracks: DeezerTracks) -> None:
    assert [track.title for track in await tracks.search("last", limit=5)] == ["Last Light"]


async def test_errors_inside_good_answers_are_errors(
    deezer: Deezer, tracks: DeezerTracks, clock: HastyClock
) -> None:
    deezer.errors = [4, 700]
    assert (await tracks.resolve("deezer:1", limit=1)).tracks
    assert clock.waited == [1.0, 2.0]

    with pytest.raises(SourceFailed, match="does not know that") as failed:
        await tracks.resolve("deezer:404", limit=1)
    assert failed.value.failure == "removed"

    deezer.errors = [4] * 9
    with pytest.raises(SourceFailed, match="asked too much"):
        await tracks.resolve("deezer:1", limit=1)


class Follower:
    """Leads where it is told, as the guarded fetcher does."""

    def __init__(self, **leads: str) -> None:
        self._leads = leads
        self.asked: list[str] = []

    async def follow(self, link: str, *, until: Callable[[str], bool]) -> str:
        self.asked.append(link)
        target = self._leads[link.rsplit("/", 1)[-1]]
        assert until(target) == target.endswith("/1")
        return target


async def test_a_short_link_is_what_it_stands_for(deezer: Deezer, clock: HastyClock) -> None:
    follower = Follower(song="https://www.deezer.com/track/1", show="https://www.deezer.com/show/7")
    async with serving(deezer.answer) as url:
        tracks = DeezerTracks(clock, api_url=url, follower=follower)
        for host in ("link.deezer.com/s", "deezer.page.link", "dzr.page.link"):
            link = f"https://{host}/song"
            assert tracks.claims(link)
            (track,) = (await tracks.resolve(link, limit=1)).tracks
            assert track.identifier == "1"
        with pytest.raises(SourceFailed, match="songs, albums, playlists"):
            await tracks.resolve("https://link.deezer.com/s/show", limit=1)
        await tracks.resolve("https://www.deezer.com/track/2", limit=1)
        assert len(follower.asked) == 4, "a link that can be read is not followed"
        await tracks.close()
