"""Direct links as tracks: sniffing, titles, streams, playlists."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web
from tests.adapters.direct_http.conftest import Server
from tests.support.songs import make_song

from seraphim.adapters.direct_http import DirectHttpTracks, GuardedFetcher
from seraphim.adapters.direct_http import tracks as direct_tracks
from seraphim.features.music.ports import AddressRefused, SourceFailed
from seraphim.kernel.clock import SystemClock


@pytest.fixture
def tracks(fetcher: GuardedFetcher) -> DirectHttpTracks:
    return DirectHttpTracks(fetcher, SystemClock())


def song(tmp_path: Path, name: str, **tags: str) -> bytes:
    return make_song(tmp_path / name, seconds=2, tags=tags).read_bytes()


@pytest.mark.parametrize("suffix", [".opus", ".mp3", ".flac", ".wav", ".webm"])
async def test_title_artist_and_length_come_from_the_file(
    server: Server, tracks: DirectHttpTracks, tmp_path: Path, suffix: str
) -> None:
    data = song(tmp_path, f"a{suffix}", title="Morning Hymn", artist="The Choir")
    url = server.serve(f"/files/a{suffix}", data, "application/octet-stream")

    (track,) = (await tracks.resolve(url, limit=5)).tracks

    assert track.url == track.identifier == url
    assert not track.is_stream
    assert track.duration_ms is not None
    assert abs(track.duration_ms - 2000) < 100
    if suffix != ".wav":
        assert (track.title, track.artist) == ("Morning Hymn", "The Choir")
    media = await tracks.open(track)
    assert (media.kind, media.location, media.is_stream) == ("http", url, False)


async def test_long_files_are_measured_by_their_last_bytes(
    server: Server, tracks: DirectHttpTracks, tmp_path: Path
) -> None:
    data = make_song(tmp_path / "long.opus", seconds=20).read_bytes()
    assert len(data) > 65536 * 2
    (track,) = (await tracks.resolve(server.serve("/l.opus", data), limit=1)).tracks
    assert track.duration_ms is not None
    assert abs(track.duration_ms - 20_000) < 100


async def test_a_file_without_tags_is_called_by_its_name(
    server: Server, tracks: DirectHttpTracks, tmp_path: Path
) -> None:
    url = server.serve("/Ave%20Maria.opus", song(tmp_path, "x.opus"))
    server.handlers["/Ave Maria.opus"] = server.handlers.pop("/Ave%20Maria.opus")
    (track,) = (await tracks.resolve(url, limit=1)).tracks
    assert track.title == "Ave Maria.opus"


async def test_radio_is_a_stream(server: Server, tracks: DirectHttpTracks, tmp_path: Path) -> None:
    data = song(tmp_path, "radio.mp3")

    async def radio(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "audio/mpeg", "icy-name": "Radio @everyone Nine"}
        )
        await response.prepare(request)
        while True:
            await response.write(data[100:])

    server.handlers["/live"] = radio
    (track,) = (await tracks.resolve(server.url("/live"), limit=1)).tracks

    assert track.is_stream
    assert track.duration_ms is None
    assert (await tracks.open(track)).is_stream


@pytest.mark.parametrize(
    ("body", "content_type", "sentence"),
    [
        (b"<!DOCTYPE html><html></html>", "text/html", "web page"),
        (b"<html>not audio</html>", "audio/mpeg", "web page"),
        (b"\x00\x01\x02" * 1000, "audio/mpeg", "claims to be audio"),
        (b"MZ\x90\x00" + b"\0" * 1000, "application/octet-stream", "not audio"),
        (b"", "audio/mpeg", "empty"),
        (b"OggS" + b"\xff" * 2000, "audio/ogg", "cannot play it"),
        (b"RIFF\0\0\0\0WAVE" + b"\0" * 500, "audio/wav", "cannot play it"),
        (b"#EXTM3U\n#EXT-X-VERSION:3\nseg.ts\n", "application/vnd.apple.mpegurl", "damaged"),
        (b"#EXTM3U\n#EXT-X-VERSION:3\nseg.ts\n", "text/plain", "not audio"),
    ],
)
async def test_what_is_no_audio_is_said(
    server: Server, tracks: DirectHttpTracks, body: bytes, content_type: str, sentence: str
) -> None:
    with pytest.raises(SourceFailed, match=sentence):
        await tracks.resolve(server.serve("/x", body, content_type), limit=1)


async def test_playlists_are_read_and_each_entry_judged(
    server: Server, tracks: DirectHttpTracks, tmp_path: Path
) -> None:
    server.serve("/music/one.opus", song(tmp_path, "one.opus", title="One"))
    server.serve("/music/two.mp3", song(tmp_path, "two.mp3", title="Two"))
    listing = "#EXTM3U\n#EXTINF:2,One\none.opus\nhttp://10.0.0.1/secret.mp3\n/music/two.mp3\n"
    m3u = server.serve("/music/list.m3u", listing.encode(), "audio/x-mpegurl")
    pls = server.serve(
        "/radio.pls", f"[playlist]\nFile2=http://[::1]/\nFile1={m3u}\n".encode(), "audio/x-scpls"
    )

    for url in (m3u, pls):
        found = await tracks.resolve(url, limit=10)
        assert [track.title for track in found.tracks] == ["One", "Two"]
        assert found.playlist_title is not None


async def test_a_playlist_that_only_leads_inside_is_refused(
    server: Server, tracks: DirectHttpTracks
) -> None:
    listing = b"#EXTM3U\nhttp://169.254.169.254/latest\nfile:///etc/passwd\n"
    with pytest.raises(AddressRefused):
        await tracks.resolve(server.serve("/l.m3u", listing), limit=10)


async def test_playlists_in_circles_end(server: Server, tracks: DirectHttpTracks) -> None:
    url = server.serve("/loop.m3u", b"#EXTM3U\n/loop.m3u\n")
    with pytest.raises(SourceFailed, match="without an end"):
        await tracks.resolve(url, limit=10)
    assert len(server.seen) < 10


async def test_playlists_are_cut_at_the_limit(
    server: Server, tracks: DirectHttpTracks, tmp_path: Path
) -> None:
    server.serve("/a.opus", song(tmp_path, "a.opus"))
    url = server.serve("/l.m3u", b"#EXTM3U\n" + b"/a.opus\n" * 5000)
    found = await tracks.resolve(url, limit=3)
    assert (len(found.tracks), found.truncated) == (3, True)


async def test_a_server_that_sends_byte_by_byte_is_not_waited_for(
    server: Server, tracks: DirectHttpTracks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(direct_tracks, "LOOK_SECONDS", 0.2)

    released = asyncio.Event()

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "audio/x-mpegurl"})
        await response.prepare(request)
        await response.write(b"#")
        await released.wait()
        return response

    server.handlers["/drip.m3u8"] = drip
    with pytest.raises(SourceFailed, match="in time"):
        await tracks.resolve(server.url("/drip.m3u8"), limit=1)
    released.set()


async def test_everything_with_a_scheme_is_claimed_and_other_schemes_refused(
    tracks: DirectHttpTracks,
) -> None:
    assert not tracks.claims("hymn.opus")
    assert tracks.claims("file:///etc/passwd")
    with pytest.raises(AddressRefused):
        await tracks.resolve("file:///etc/passwd", limit=1)
