"""The library: what a scan finds, how songs are found, and what stays outside."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.support.songs import CODECS, make_song

from seraphim.adapters.library import LibraryTracks, scan
from seraphim.features.music.ports import SourceFailed
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import ManualClock


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


@pytest.fixture
async def library(root: Path) -> AsyncIterator[LibraryTracks]:
    made = LibraryTracks(root, ManualClock())
    yield made
    await made.close()


@pytest.mark.parametrize("suffix", sorted(CODECS))
async def test_every_kind_of_file_is_read(root: Path, library: LibraryTracks, suffix: str) -> None:
    make_song(root / f"song{suffix}", tags={"title": "Hymn", "artist": "Choir", "album": "Light"})

    (track,) = await library.search("song", limit=5)

    assert track.identifier == f"song{suffix}"
    assert track.duration_ms is not None
    assert abs(track.duration_ms - 1000) < 100
    if suffix != ".wav":
        assert (track.title, track.artist, track.album) == ("Hymn", "Choir", "Light")
    media = await library.open(track)
    assert (media.kind, media.location) == ("file", str((root / track.identifier).resolve()))


async def test_an_exact_file_name_wins_over_a_better_title(
    root: Path, library: LibraryTracks
) -> None:
    make_song(root / "deep" / "hymn.opus", tags={"title": "Something else"})
    make_song(root / "other.opus", tags={"title": "hymn.opus hymn"})

    for query in ("hymn.opus", "HYMN.opus", "deep/hymn.opus", "library:deep/hymn.opus"):
        (track,) = (await library.resolve(query, limit=5)).tracks
        assert track.identifier == "deep/hymn.opus"


async def test_songs_are_found_by_what_people_remember(root: Path, library: LibraryTracks) -> None:
    make_song(root / "01.opus", tags={"title": "Clair de Lune", "artist": "Debussy"})
    make_song(root / "02.opus", tags={"title": "Gymnopedie", "artist": "Satie", "album": "Piano"})
    make_song(root / "nocturne_op9.opus")

    for query, found in {
        "clair": "01.opus",
        "debussi": "01.opus",
        "lune clair": "01.opus",
        "satie piano": "02.opus",
        "nocturne": "nocturne_op9.opus",
    }.items():
        assert [track.identifier for track in await library.search(query, limit=1)] == [found]
    assert (await library.resolve("zzqqxxyy", limit=1)).tracks == ()
    assert len(await library.search("", limit=2)) == 2


async def test_a_folder_is_a_list(root: Path, library: LibraryTracks) -> None:
    for name in ("2.opus", "1.opus", "3.opus"):
        make_song(root / "Album" / name)

    found = await library.resolve("album", limit=2)

    assert [track.identifier for track in found.tracks] == ["Album/1.opus", "Album/2.opus"]
    assert (found.playlist_title, found.truncated) == ("album", True)


@pytest.mark.parametrize(
    "identifier",
    ["../secret.opus", "/etc/passwd", "a/../../secret.opus", "link.opus", "x\0.opus", "notes.txt"],
)
async def test_nothing_outside_the_folder_can_be_opened(
    root: Path, library: LibraryTracks, identifier: str
) -> None:
    make_song(root.parent / "secret.opus")
    (root / "notes.txt").write_text("not a song")
    (root / "link.opus").symlink_to(root.parent / "secret.opus")

    with pytest.raises(SourceFailed):
        await library.open(Track("library", identifier, "x"))
    assert await library.search("", limit=10) == []


async def test_broken_files_are_reported_and_harm_nobody(
    root: Path, library: LibraryTracks
) -> None:
    make_song(root / "good.opus")
    (root / "empty.mp3").write_bytes(b"")
    (root / "page.mp3").write_bytes(b"<html>" * 100)
    (root / "playlist.mp3").write_text("#EXTM3U\n/etc/passwd\nhttp://127.0.0.1/\n")
    (root / "cut.flac").write_bytes(make_song(root.parent / "x.flac").read_bytes()[:30])
    os.mkfifo(root / "pipe.mp3")

    await library.rescan()

    assert list(library.catalogue.songs) == ["good.opus"]
    assert set(library.catalogue.unreadable) == {
        "empty.mp3",
        "page.mp3",
        "playlist.mp3",
        "cut.flac",
    }
    with pytest.raises(SourceFailed, match=r"page\.mp3 is in the library, but"):
        await library.resolve("page.mp3", limit=1)
    with pytest.raises(SourceFailed, match="4 files"):
        await library.ping()


async def test_tags_are_shown_without_tricks(root: Path, library: LibraryTracks) -> None:
    title = "@everyone\x00\x1b[31m \u202egnp.exe\u2066\n**bold** " + "A" * 1_000_000
    make_song(root / "evil.mp3", tags={"title": title})

    (track,) = await library.search("", limit=1)

    assert len(track.title) <= 200
    assert not any(ord(character) < 32 or character in "\u202e\u2066" for character in track.title)


async def test_a_rescan_opens_only_what_changed(
    root: Path, library: LibraryTracks, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_song(root / "old.opus", tags={"title": "Old"})
    (root / "broken.mp3").write_bytes(b"junk")
    await library.rescan()
    opened: list[str] = []
    really = scan.read_song

    def watched(path: Path, name: str, stamp: scan.Stamp, *, source: str) -> scan.Song:
        opened.append(name)
        return really(path, name, stamp, source=source)

    monkeypatch.setattr(scan, "read_song", watched)
    make_song(root / "new.opus", tags={"title": "New"})
    await library.rescan()
    assert opened == ["new.opus"]
    (root / "old.opus").unlink()
    await library.rescan()
    assert opened == ["new.opus"]
    assert [track.title for track in await library.search("", limit=5)] == ["New"]


async def test_changes_are_followed(root: Path) -> None:
    clock = ManualClock()
    library = LibraryTracks(root, clock)
    assert await library.search("", limit=1) == []
    make_song(root / "later.opus")

    async with asyncio.timeout(20):
        while not library.catalogue.songs:
            await clock.advance(15)
            await asyncio.to_thread(os.stat, root)  # the scan works in threads: let one run
    assert list(library.catalogue.songs) == ["later.opus"]
    await library.close()


async def test_a_missing_folder_is_reported_until_it_is_there(tmp_path: Path) -> None:
    library = LibraryTracks(tmp_path / "missing", ManualClock())
    await library.rescan()
    with pytest.raises(SourceFailed, match="cannot be read"):
        await library.ping()
    assert (await library.resolve("x", limit=1)).tracks == ()

    make_song(tmp_path / "missing" / "a.opus")
    await library.rescan()
    await library.ping()
    assert len(library.catalogue.songs) == 1
    await library.close()


async def test_songs_that_go_together_are_recommended_by_their_tags(
    root: Path, library: LibraryTracks
) -> None:
    for name, artist, album, genre in (
        ("one", "Choir", "Dawn", "Choral"),
        ("two", "choir", "Dusk", "choral"),
        ("three", "Band", "Dawn", "Rock"),
        ("four", "Band", "Noon", "Choral"),
        ("five", "Nobody", "Night", "Noise"),
    ):
        tags = {"title": name, "artist": artist, "album": album, "genre": genre}
        make_song(root / f"{name}.flac", seconds=0.2, tags=tags)
    [one] = (await library.resolve("one.flac", limit=1)).tracks
    found = await library.recommend(one, limit=5, order=1)
    assert {(each.track.title, each.likeness, each.detail) for each in found} == {
        ("two", "artist", "choir"),
        ("two", "genre", "choral"),
        ("three", "album", "Dawn"),
        ("four", "genre", "Choral"),
    }
    elsewhere = replace(one, source="youtube", identifier="abc", album=None)
    known = await library.recommend(elsewhere, limit=5, order=1)
    assert {each.track.title for each in known} == {"one", "two", "four"}
    orders = [await library.recommend(one, limit=1, order=order) for order in range(12)]
    firsts = {each.track.title for some in orders for each in some if each.likeness == "genre"}
    assert firsts == {"two", "four"}
