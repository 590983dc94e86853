"""What links of Spotify mean."""

from collections.abc import AsyncIterator

import pytest
from tests.adapters.catalogues.conftest import HastyClock
from tests.support.services.serving import serving
from tests.support.services.spotify import CLIENT_ID, CLIENT_SECRET, Spotify, song, spotify_id

from seraphim.adapters.catalogues import SpotifyTracks
from seraphim.features.music.ports import OnlyDescribed, SourceFailed

LIST = spotify_id(999)


@pytest.fixture
def spotify() -> Spotify:
    return Spotify()


@pytest.fixture
async def tracks(spotify: Spotify, clock: HastyClock) -> AsyncIterator[SpotifyTracks]:
    async with serving(spotify.answer) as url:
        made = SpotifyTracks(CLIENT_ID, CLIENT_SECRET, clock, api_url=url)
        yield made
        await made.close()


def lines(count: int) -> list[object]:
    return [{"track": song(n, f"Song {n}")} for n in range(count)]


async def test_a_song_is_described(spotify: Spotify, tracks: SpotifyTracks) -> None:
    link = spotify.add(1, "First Light")

    (track,) = (await tracks.resolve(f"{link}?si=abc", limit=1)).tracks

    assert (track.source, track.identifier) == ("spotify", spotify_id(1))
    assert (track.title, track.artist, track.album) == ("First Light", "Aurora", "Dawn")
    assert (track.duration_ms, track.isrc) == (180_000, "GBAYE0000001")
    assert (track.url, track.artwork_url) == (link, "https://i.example/640")


async def test_it_plays_nothing_itself(spotify: Spotify, tracks: SpotifyTracks) -> None:
    (track,) = (await tracks.resolve(spotify.add(1, "First Light"), limit=1)).tracks
    with pytest.raises(OnlyDescribed):
        await tracks.open(track)


@pytest.mark.parametrize("name", ["tracks", "items"])
async def test_a_playlist_comes_whole_and_in_order(
    spotify: Spotify, tracks: SpotifyTracks, name: str
) -> None:
    spotify.lists[LIST] = lines(250)
    spotify.lines_are_called = name
    steps: list[tuple[int, int | None]] = []

    found = await tracks.resolve(
        f"https://open.spotify.com/playlist/{LIST}",
        limit=500,
        progress=lambda done, total: steps.append((done, total)),
    )

    assert [track.title for track in found.tracks] == [f"Song {n}" for n in range(250)]
    assert (found.playlist_title, found.truncated) == ("A list", False)
    assert steps == [(100, 250), (200, 250), (250, 250)]


async def test_a_longer_playlist_is_cut_and_no_page_too_many_is_read(
    spotify: Spotify, tracks: SpotifyTracks
) -> None:
    spotify.lists[LIST] = lines(500)

    found = await tracks.resolve(f"https://open.spotify.com/playlist/{LIST}", limit=120)

    assert (len(found.tracks), found.truncated) == (120, True)
    assert sum("playlists" in path for path in spotify.seen) == 2
    exact = await tracks.resolve(f"https://open.spotify.com/playlist/{LIST}", limit=500)
    assert (len(exact.tracks), exact.truncated) == (500, False)


async def test_what_cannot_be_played_is_left_out(spotify: Spotify, tracks: SpotifyTracks) -> None:
    spotify.lists[LIST] = [
        {"track": song(1, "A song")},
        {"track": None},
        None,
        {"track": song(2, "An episode", type="episode")},
        {"track": song(3, "A file", is_local=True, id=None)},
        {"track": {"id": 7, "name": ["nonsense"]}},
        {"track": song(4, "Another")},
    ]
    found = await tracks.resolve(f"https://open.spotify.com/playlist/{LIST}", limit=100)
    assert [track.title for track in found.tracks] == ["A song", "Another"]


async def test_albums_and_artists_are_lists_too(spotify: Spotify, tracks: SpotifyTracks) -> None:
    spotify.lists[LIST] = [song(n, f"Song {n}", album=None) for n in range(60)]
    album = await tracks.resolve(f"https://open.spotify.com/intl-de/album/{LIST}", limit=100)
    assert [track.title for track in album.tracks] == [f"Song {n}" for n in range(60)]
    assert {track.album for track in album.tracks} == {"An album"}

    artist = await tracks.resolve(f"spotify:artist:{LIST}", limit=100)
    assert (len(artist.tracks), artist.playlist_title) == (50, "Aurora")

    spotify.has_top_tracks = False
    spotify.add(1, "First Light")
    searched = await tracks.resolve(f"spotify:artist:{LIST}", limit=100)
    assert [track.title for track in searched.tracks] == ["First Light"]


async def test_words_are_searched_when_it_is_named(spotify: Spotify, tracks: SpotifyTracks) -> None:
    spotify.add(1, "First Light")
    spotify.add(2, "Last Light")
    assert [t.title for t in await tracks.search("light", limit=5)] == ["First Light", "Last Light"]
    (best,) = (await tracks.resolve("light", limit=5)).tracks
    assert best.title == "First Light"
    again = await tracks.resolve(f"spotify:{best.identifier}", limit=1)
    assert again.tracks == (best,), "what autocomplete would send finds the same song"


async def test_a_token_is_used_until_it_ends(
    spotify: Spotify, tracks: SpotifyTracks, clock: HastyClock
) -> None:
    link = spotify.add(1, "First Light")
    await tracks.resolve(link, limit=1)
    await tracks.resolve(link, limit=1)
    assert spotify.tokens == 1

    await clock.advance(3600)
    await tracks.resolve(link, limit=1)
    assert spotify.tokens == 2

    spotify.end_tokens()
    await tracks.resolve(link, limit=1)
    assert spotify.tokens == 3


async def test_a_wrong_key_is_said_to_be_wrong(spotify: Spotify, clock: HastyClock) -> None:
    async with serving(spotify.answer) as url:
        tracks = SpotifyTracks(CLIENT_ID, "wrong", clock, api_url=url)
        with pytest.raises(SourceFailed, match="does not accept this bot's key") as failed:
            await tracks.resolve(spotify.add(1, "First Light"), limit=1)
        assert failed.value.failure == "login"
        with pytest.raises(SourceFailed, match="key"):
            await tracks.ping()
        await tracks.close()


async def test_it_waits_as_long_as_it_is_told_to(
    spotify: Spotify, tracks: SpotifyTracks, clock: HastyClock
) -> None:
    link = spotify.add(1, "First Light")
    spotify.trouble.add(429, **{"Retry-After": "7"})
    spotify.trouble.add(503)
    assert (await tracks.resolve(link, limit=1)).tracks
    assert clock.waited == [7.0, 1.0]

    spotify.trouble.add(429, **{"Retry-After": "3600"})
    with pytest.raises(SourceFailed, match="asked too much") as failed:
        await tracks.resolve(link, limit=1)
    assert failed.value.failure == "network"
    assert clock.waited == [7.0, 1.0], "nobody waits for an hour"


@pytest.mark.parametrize(
    ("status", "failure"),
    [(403, "login"), (404, "removed"), (400, "unsupported"), (302, "unknown")],
)
async def test_refusals_are_classified(
    spotify: Spotify, tracks: SpotifyTracks, status: int, failure: str
) -> None:
    link = spotify.add(1, "First Light")
    spotify.trouble.add(status)
    with pytest.raises(SourceFailed, match="Spotify") as failed:
        await tracks.resolve(link, limit=1)
    assert failed.value.failure == failure


async def test_a_service_that_is_down_is_said_to_be(clock: HastyClock) -> None:
    tracks = SpotifyTracks(CLIENT_ID, CLIENT_SECRET, clock, api_url="http://127.0.0.1:1")
    with pytest.raises(SourceFailed, match="cannot be reached") as failed:
        await tracks.resolve(f"spotify:track:{spotify_id(1)}", limit=1)
    assert failed.value.failure == "network"
    await tracks.close()


async def test_a_next_page_elsewhere_is_not_followed(
    spotify: Spotify, tracks: SpotifyTracks, monkeypatch: pytest.MonkeyPatch
) -> None:
    spotify.lists[LIST] = lines(3)
    page: dict[str, object] = {
        "items": lines(1),
        "next": "http://169.254.169.254/latest",
        "total": 3,
    }

    def elsewhere(*_: object) -> dict[str, object]:
        return page

    monkeypatch.setattr(spotify, "_page", elsewhere)
    with pytest.raises(SourceFailed, match="unexpected"):
        await tracks.resolve(f"https://open.spotify.com/playlist/{LIST}", limit=10)


async def test_links_it_cannot_read_say_what_it_can(tracks: SpotifyTracks) -> None:
    for query in (f"https://open.spotify.com/show/{LIST}", "https://open.spotify.com/"):
        assert tracks.claims(query)
        with pytest.raises(SourceFailed, match="songs, albums, playlists and artists"):
            await tracks.resolve(query, limit=1)
    assert tracks.claims("https://spotify.link/hRkBrwub9xb")
    assert tracks.claims("https://open.spotify.com/s/2czejYu")
    for query in ("spotify:", "https://open.spotify.com.evil.example/track/x", "song", "http://["):
        assert not tracks.claims(query)
