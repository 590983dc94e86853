"""Pictures inside songs: found, served by a name that says nothing, and only when they are ones."""

import asyncio
import os
import struct
import zlib
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from tests.support.songs import make_song

from seraphim.adapters.library import LibraryTracks
from seraphim.adapters.library.art import MAX_BYTES
from seraphim.adapters.library.tracks import POLL_SECONDS
from seraphim.app.sources import art_routes
from seraphim.kernel.clock import ManualClock

WEB = "https://bot.example"


def png(colour: int) -> bytes:
    """Return a picture of one pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(bytes([0, colour]))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def with_tags(path: Path, picture: bytes, *, isrc: str = "") -> Path:
    """Write a song with an ID3 tag (id3.org, ID3v2.3): a picture, and the recording's number."""
    make_song(path)

    def frame(name: bytes, data: bytes) -> bytes:
        return name + struct.pack(">I", len(data)) + b"\0\0" + data

    frames = frame(b"APIC", b"\0image/png\0\x03\0" + picture)
    if isrc:
        frames += frame(b"TSRC", b"\0" + isrc.encode())
    size = bytes((len(frames) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\x03\0\0" + size + frames + path.read_bytes())
    return path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


async def test_a_picture_is_shown_by_the_web_server(root: Path) -> None:
    with_tags(root / "song.mp3", png(7))
    make_song(root / "plain.opus")
    library = LibraryTracks(root, ManualClock(), public_url=WEB)

    (track,) = await library.search("song", limit=1)
    (plain,) = await library.search("plain", limit=1)

    assert track.artwork_url is not None
    assert track.artwork_url.startswith(f"{WEB}/music/art/")
    assert "song" not in track.artwork_url
    assert plain.artwork_url is None
    app = Litestar(list(art_routes([library])), openapi_config=None)  # pyright: ignore[reportArgumentType] - handlers, as the web surface takes them
    async with AsyncTestClient(app) as client:
        shown = await client.get(track.artwork_url.removeprefix(WEB))
        assert (shown.status_code, shown.content) == (200, png(7))
        assert shown.headers["content-type"] == "image/png"
        assert "immutable" in shown.headers["cache-control"]
        for key in ("0" * 32, "song.mp3", "..%2Fsong.mp3"):
            assert (await client.get(f"/music/art/{key}")).status_code == 404
    await library.close()


async def test_without_an_address_nothing_is_promised(root: Path) -> None:
    with_tags(root / "song.mp3", png(7))
    library = LibraryTracks(root, ManualClock())
    (track,) = await library.search("song", limit=1)
    assert track.artwork_url is None
    assert art_routes([]) == ()
    await library.close()


@pytest.mark.parametrize(
    "picture", [b"<svg onload=alert(1)>", b"", b"\xff\xd8\xff" + bytes(MAX_BYTES)]
)
async def test_what_is_no_picture_is_not_served(root: Path, picture: bytes) -> None:
    with_tags(root / "song.mp3", picture)
    library = LibraryTracks(root, ManualClock(), public_url=WEB)
    for track in await library.search("song", limit=1):
        if track.artwork_url is not None:
            assert await library.find_art(track.artwork_url.rsplit("/", 1)[-1]) is None
    await library.close()


async def test_a_song_is_found_by_the_number_of_its_recording(root: Path) -> None:
    with_tags(root / "song.mp3", png(1), isrc="gb-aye-05-00001")
    with_tags(root / "odd.mp3", png(1), isrc="' OR 1=1")
    library = LibraryTracks(root, ManualClock())
    (track,) = await library.search("GBAYE0500001", limit=5)
    assert (track.identifier, track.isrc) == ("song.mp3", "GBAYE0500001")
    (odd,) = await library.search("odd", limit=1)
    assert odd.isrc is None
    await library.close()


async def test_new_tags_in_an_old_file_are_noticed(root: Path) -> None:
    song = make_song(root / "song.mp3", tags={"title": "Before"})
    clock = ManualClock()
    library = LibraryTracks(root, clock)
    assert (await library.search("", limit=1))[0].title == "Before"
    folder = root.stat().st_mtime_ns

    other = make_song(root.parent / "other.mp3", tags={"title": "After"})
    song.write_bytes(other.read_bytes())
    os.utime(root, ns=(folder, folder))

    async with asyncio.timeout(60):
        while (await library.search("", limit=1))[0].title != "After":
            await clock.advance(POLL_SECONDS)
            await asyncio.to_thread(os.stat, root)  # the scan works in threads: let one run
    await library.close()
