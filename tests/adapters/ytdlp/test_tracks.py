"""Songs, lists and searches of a site that yt-dlp reads, and what is said when it cannot."""

from collections.abc import Callable

import pytest
from tests.adapters.ytdlp.conftest import STAND_IN
from tests.support.services.ytdlp_site import VideoSite

from seraphim.adapters.ytdlp import Site, StreamCache, WorkerPool, YouTubeTracks, YtdlpTracks
from seraphim.adapters.ytdlp.messages import Answer, Ask, Item
from seraphim.features.music.ports import RecommendsTracks, SourceFailed
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import ManualClock


async def test_a_song_is_described_and_opened(site: VideoSite, tracks: YtdlpTracks) -> None:
    page = site.add("first-light", artist="Aurora", album="Dawn", duration=61.5, isrc="USX")

    (track,) = (await tracks.resolve(page, limit=5)).tracks
    media = await tracks.open(track)

    assert (track.title, track.artist, track.album) == ("First Light", "Aurora", "Dawn")
    assert (track.duration_ms, track.isrc, track.identifier) == (61_500, "USX", page)
    assert (media.kind, media.location) == ("http", site.url("/sound/first-light.opus"))
    assert dict(media.headers)["User-Agent"]
    assert site.seen.count("/api/first-light") == 1, "what is known is not asked for again"


async def test_where_a_sound_lies_is_forgotten_in_time(
    site: VideoSite, tracks: YtdlpTracks, clock: ManualClock
) -> None:
    (track,) = (await tracks.resolve(site.add("song"), limit=1)).tracks
    await clock.advance(3600)

    await tracks.open(track)

    assert site.seen.count("/api/song") == 2


def form(site: VideoSite, name: str, **facts: object) -> dict[str, object]:
    """A format as an extractor describes it."""
    return {"format_id": name, "url": site.url(f"/sound/{name}"), "ext": "webm", **facts}


@pytest.mark.parametrize(
    ("left_out", "chosen"),
    [
        ([], "opus"),
        (["opus"], "aac"),
        (["opus", "aac"], "pieces"),
        (["opus", "aac", "pieces"], "small"),
        (["opus", "aac", "pieces", "small"], "large"),
        (["opus", "aac", "pieces", "small", "large"], "live-small"),
        (["opus", "aac", "pieces", "small", "large", "live-small"], "live-large"),
    ],
)
async def test_sound_alone_comes_before_pictures_and_files_before_pieces(
    site: VideoSite, tracks: YtdlpTracks, left_out: list[str], chosen: str
) -> None:
    alone, seen = {"vcodec": "none"}, {"vcodec": "avc1", "acodec": "mp4a"}
    file, pieces = {"protocol": "https"}, {"protocol": "m3u8_native"}
    formats = [
        form(site, "mute", vcodec="avc1", acodec="none", height=144, **file),
        form(site, "dash", acodec="opus", protocol="http_dash_segments", **alone),
        form(site, "opus", acodec="opus", **alone, **file),
        form(site, "aac", acodec="mp4a", **alone, **file),
        form(site, "pieces", acodec="opus", **alone, **pieces),
        form(site, "tiny", height=144, tbr=100, **seen, **file),
        form(site, "small", height=360, tbr=700, **seen, **file),
        form(site, "large", height=720, tbr=2000, **seen, **file),
        form(site, "live-tiny", height=144, tbr=100, **seen, **pieces),
        form(site, "live-small", height=360, tbr=700, **seen, **pieces),
        form(site, "live-large", height=720, tbr=2000, **seen, **pieces),
    ]
    gone = {*left_out, *(["tiny"] if "small" in left_out else [])}
    gone |= {"live-tiny"} if "live-small" in left_out else set()
    page = site.add("both", formats=[one for one in formats if one["format_id"] not in gone])
    (track,) = (await tracks.resolve(page, limit=1)).tracks
    assert (await tracks.open(track)).location == site.url(f"/sound/{chosen}")


async def test_what_comes_in_no_form_that_can_be_read_is_said(
    site: VideoSite, tracks: YtdlpTracks
) -> None:
    dash = {"vcodec": "none", "acodec": "opus", "protocol": "http_dash_segments"}
    page = site.add("cut", formats=[form(site, "dash", **dash)])
    with pytest.raises(SourceFailed) as failed:
        await tracks.resolve(page, limit=1)
    assert failed.value.failure == "unsupported"


@pytest.mark.parametrize(("said", "piece_bytes"), [(10 << 20, 10 << 20), (None, 0), ("x", 0)])
async def test_how_much_a_server_sends_at_a_time_is_passed_on(
    site: VideoSite, tracks: YtdlpTracks, said: object, piece_bytes: int
) -> None:
    sound = {"vcodec": "none", "acodec": "opus", "protocol": "https"}
    options = {"http_chunk_size": said}
    page = site.add("song", formats=[form(site, "a", downloader_options=options, **sound)])
    (track,) = (await tracks.resolve(page, limit=1)).tracks
    assert (await tracks.open(track)).piece_bytes == piece_bytes


async def test_a_list_comes_whole_in_order_and_tells_how_far_it_is(
    site: VideoSite, tracks: YtdlpTracks
) -> None:
    site.lists["long"] = [f"n{number}" for number in range(120)]
    steps: list[tuple[int, int | None]] = []

    found = await tracks.resolve(
        site.url("/list/long"), limit=110, progress=lambda done, total: steps.append((done, total))
    )

    assert [track.title for track in found.tracks] == [f"Song n{n}" for n in range(110)]
    assert (found.playlist_title, found.truncated) == ("A long list", True)
    assert [done for done, _ in steps] == [25, 50, 75, 100]
    assert site.seen == ["/api/list/long"] * 3, "no song is opened before its turn"

    whole = await tracks.resolve(site.url("/list/long"), limit=120)
    assert (len(whole.tracks), whole.truncated) == (120, False)


async def test_a_song_pasted_out_of_a_list_is_that_song(
    site: VideoSite, tracks: YtdlpTracks
) -> None:
    site.lists["long"] = ["a", "b"]
    page = site.add("a")

    found = await tracks.resolve(f"{page}?list=long", limit=10)

    assert [track.title for track in found.tracks] == ["A"]
    assert found.playlist_title is None


async def test_words_are_looked_for_on_the_site(site: VideoSite, tracks: YtdlpTracks) -> None:
    for name in ("blue-moon-1", "blue-moon-2", "red-sun"):
        site.add(name)

    found = await tracks.search(f"{site.port} blue moon", limit=5)

    assert [track.title for track in found] == ["blue moon blue-moon-1", "blue moon blue-moon-2"]
    assert found[0].artist == "A"
    best = await tracks.resolve(f"{site.port} blue moon", limit=5)
    assert best.tracks == (found[0],)


@pytest.mark.parametrize(
    ("facts", "failure", "words"),
    [
        ({"trouble": "region"}, "region", "Stand-in does not offer that in the country"),
        ({"trouble": "login"}, "login", "only to people who are signed in"),
        ({"trouble": "age"}, "age", "proof of age"),
        ({"trouble": "drm"}, "drm", "protects that against copying"),
        ({"trouble": "removed"}, "removed", "not on Stand-in any more"),
        ({"trouble": "changed"}, "unknown", "the site may have changed"),
        ({"trouble": "inward"}, "refused", "private network"),
        ({"trouble": "generic"}, "unsupported", "in a form that I cannot play"),
        ({"trouble": "program", "mark": "x"}, "unknown", "the site may have changed"),
        ({"formats": []}, "unsupported", "in a form that I cannot play"),
        ({"status": 404}, "removed", "not on Stand-in any more"),
        ({"status": 403}, "login", "signed in"),
        ({"status": 451}, "region", "country"),
        ({"status": 503}, "network", "cannot be reached"),
    ],
    ids=str,
)
async def test_each_trouble_has_its_class_and_its_sentence(
    site: VideoSite, tracks: YtdlpTracks, facts: dict[str, object], failure: str, words: str
) -> None:
    with pytest.raises(SourceFailed, match=words) as failed:
        await tracks.resolve(site.add("song", **facts), limit=1)
    assert failed.value.failure == failure


@pytest.mark.parametrize(
    "query",
    [
        "http://127.0.0.1:1/x#__youtubedl_smuggle=%7B%22to_generic%22%3Atrue%7D",
        "http://127.0.0.1:1/nothing-knows-this",
    ],
)
async def test_addresses_that_no_extractor_knows_are_not_opened(
    tracks: YtdlpTracks, query: str
) -> None:
    with pytest.raises(SourceFailed):
        await tracks.resolve(query, limit=1)


def test_only_web_addresses_of_the_site_are_claimed(tracks: YtdlpTracks) -> None:
    assert tracks.claims("http://127.0.0.1:80/watch/x")
    for query in (
        "file:///etc/passwd",
        "ytsearch:x",
        "http://127.0.0.1.evil.example/",
        "x",
        "http://[",
    ):
        assert not tracks.claims(query)


async def test_a_short_link_is_followed_before_it_is_read(
    site: VideoSite, pool: WorkerPool, clock: ManualClock
) -> None:
    leads = {
        "http://short.test/a": site.add("first-light"),
        "http://short.test/b": "http://x.test/",
    }

    class Follower:
        async def follow(self, link: str, *, until: Callable[[str], bool]) -> str:
            assert until(leads[link]) == link.endswith("a")
            assert not until(link)
            return leads[link]

    short = Site("Stand-in", ("127.0.0.1", "short.test"), short=("short.test",))
    tracks = YtdlpTracks(pool, StreamCache(clock), short, follower=Follower())
    (track,) = (await tracks.resolve("http://short.test/a", limit=1)).tracks
    assert (track.title, track.identifier) == ("First Light", site.watch("first-light"))
    with pytest.raises(SourceFailed) as gone:
        await tracks.resolve("http://short.test/b", limit=1)
    assert gone.value.failure == "removed"


@pytest.fixture
def youtube(site: VideoSite, pool: WorkerPool, clock: ManualClock) -> YouTubeTracks:
    """The stand-in's site in YouTube's place; each video's mix is the list ``mix``."""
    site.lists["mix"] = ["seed", *(f"n{number}" for number in range(60))]
    return YouTubeTracks(
        pool, StreamCache(clock), STAND_IN, mix=lambda track: f"{track.identifier}?list=mix"
    )


async def test_what_follows_a_video_is_the_beginning_of_its_mix_without_itself(
    site: VideoSite, youtube: YouTubeTracks
) -> None:
    (seed,) = (await youtube.resolve(site.add("seed"), limit=1)).tracks
    found = await youtube.recommend(seed, limit=10, order=7)
    assert [one.track.title for one in found] == [f"Song n{number}" for number in range(10)]
    assert {(one.likeness, one.detail) for one in found} == {("similar", "Seed")}
    assert site.seen.count("/api/list/mix") == 1, "no more of the list is read than is wanted"
    assert isinstance(youtube, RecommendsTracks)


async def test_songs_of_other_sources_get_nothing_from_here_and_failures_are_said(
    site: VideoSite, youtube: YouTubeTracks
) -> None:
    other = Track(source="library", identifier="x", title="X")
    assert await youtube.recommend(other, limit=10, order=0) == ()
    assert site.seen == []
    del site.lists["mix"]
    (seed,) = (await youtube.resolve(site.add("seed"), limit=1)).tracks
    with pytest.raises(SourceFailed):
        await youtube.recommend(seed, limit=10, order=0)


async def test_youtubes_own_mix_begins_with_the_video(
    pool: WorkerPool, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Ask] = []

    async def answer(ask: Ask, **_: object) -> Answer:
        asked.append(ask)
        urls = [
            f"https://www.youtube.com/watch?v={name}" for name in ("dQw4w9WgXcQ", "aaaaaaaaaaa")
        ]
        return Answer(items=[Item(url=url, title="T") for url in urls])

    monkeypatch.setattr(pool, "ask", answer)
    tracks = YouTubeTracks(pool, StreamCache(clock))
    seed = Track(source="youtube", identifier="https://youtu.be/dQw4w9WgXcQ", title="Seed")
    (found,) = await tracks.recommend(seed, limit=5, order=0)
    assert found.track.identifier.endswith("aaaaaaaaaaa")
    mix = "https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=RDdQw4w9WgXcQ"
    assert asked == [Ask("list", mix, 6)]
