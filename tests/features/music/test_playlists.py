"""Playlists: kept, loaded in order, shared, undone; files come and go."""

import json
from typing import Any

import pytest
from tests.features.music.conftest import ALICE, BOB, GUILD, Stage, caller, song

from seraphim.features.music.ports import Resolution
from seraphim.features.music.rules.errors import (
    NothingFound,
    NothingToSave,
    NothingToUndo,
    PlaylistExists,
    PlaylistFileUnclear,
    PlaylistNameUnclear,
    PlaylistNotYours,
    PlaylistsFull,
    PlaylistUnknown,
)
from seraphim.features.music.rules.playlists import (
    MAX_PLAYLISTS,
    MAX_TRACKS,
    Playlist,
    read_file,
    write_file,
)
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service import MusicSettings
from seraphim.features.music.service.playlists import (
    IMPORT_SECONDS,
    MAX_SEARCHED,
    SEARCHED_AT_ONCE,
    Playlists,
)
from seraphim.kernel.ids import UserId


@pytest.fixture
async def lists(stage: Stage) -> Playlists:
    """Alice plays one and has two and three waiting."""
    for name in ("one", "two", "three"):
        await stage.music.play(caller(), f"{name}.opus")
    return stage.parts.playlists


async def test_a_saved_queue_is_loaded_whole_and_in_order(stage: Stage, lists: Playlists) -> None:
    saved = await lists.save(caller(), "  Road trip ")
    assert (saved.name, saved.count, saved.replaced) == ("Road trip", 3, False)
    await stage.steering.stop(caller())
    playlist, added = await lists.load(caller(), "road TRIP")
    assert playlist.duration_ms == 540_000
    assert added.playlist_title == "Road trip"
    assert await stage.titles() == ["One", "Two", "Three"]


async def test_saving_again_replaces_ones_own_list(stage: Stage, lists: Playlists) -> None:
    await lists.save(caller(), "Mix")
    await stage.music.play(caller(), "four.opus")
    assert (await lists.save(caller(), "mix")).replaced
    assert [one.count for one in await lists.list_all(caller())] == [4]


async def test_an_empty_player_has_nothing_to_save(stage: Stage) -> None:
    with pytest.raises(NothingToSave):
        await stage.parts.playlists.save(caller(), "Mix")


@pytest.mark.parametrize("name", ["", "   ", "\n\t", "x" * 51, "\u200b"])
async def test_a_name_is_needed(lists: Playlists, name: str) -> None:
    with pytest.raises(PlaylistNameUnclear):
        await lists.save(caller(), name)


async def test_others_see_a_list_once_it_is_shared(lists: Playlists) -> None:
    await lists.save(caller(), "Mix")
    with pytest.raises(PlaylistUnknown):
        await lists.load(caller(BOB), "Mix")
    await lists.toggle_shared(caller(), "Mix")
    assert (await lists.load(caller(BOB), "Mix"))[0].owner_id == ALICE
    for attempt in (
        lists.rename(caller(BOB), "Mix", "Mine"),
        lists.toggle_shared(caller(BOB), "Mix"),
        lists.delete(caller(BOB), "Mix"),
    ):
        with pytest.raises(PlaylistNotYours):
            await attempt
    await lists.toggle_shared(caller(), "Mix")
    with pytest.raises(PlaylistUnknown):
        await lists.show(caller(BOB), "Mix")


async def test_ones_own_list_comes_before_a_shared_one_of_the_same_name(lists: Playlists) -> None:
    await lists.save(caller(), "Mix")
    await lists.toggle_shared(caller(), "Mix")
    await lists.save(caller(BOB), "Mix")
    assert (await lists.show(caller(BOB), "Mix")).owner_id == BOB
    assert [one.owner_id for one in await lists.list_all(caller(BOB))] == [BOB, ALICE]


async def test_a_name_is_taken_once(lists: Playlists) -> None:
    await lists.save(caller(), "Mix")
    await lists.save(caller(), "Other")
    with pytest.raises(PlaylistExists):
        await lists.rename(caller(), "Other", "MIX")
    assert await lists.rename(caller(), "Mix", "MIX") == "MIX"


async def test_deleting_can_be_undone_once(lists: Playlists) -> None:
    await lists.save(caller(), "Mix")
    gone = await lists.delete(caller(), "Mix")
    with pytest.raises(PlaylistUnknown):
        await lists.show(caller(), "Mix")
    with pytest.raises(NothingToUndo):
        await lists.restore(caller(BOB), gone.playlist_id)
    await lists.restore(caller(), gone.playlist_id)
    assert (await lists.show(caller(), "Mix")).count == 3
    with pytest.raises(NothingToUndo):
        await lists.restore(caller(), gone.playlist_id)


async def test_a_deleted_list_does_not_come_back_over_a_new_one(lists: Playlists) -> None:
    await lists.save(caller(), "Mix")
    gone = await lists.delete(caller(), "Mix")
    await lists.save(caller(), "Mix")
    with pytest.raises(PlaylistExists):
        await lists.restore(caller(), gone.playlist_id)


async def test_deleted_lists_are_forgotten_after_a_day(stage: Stage, lists: Playlists) -> None:
    await lists.save(caller(), "Mix")
    gone = await lists.delete(caller(), "Mix")
    stage.clock.set_back(-86_401)  # ahead, without the rounds of every second
    await lists.save(caller(), "Other")
    with pytest.raises(NothingToUndo):
        await lists.restore(caller(), gone.playlist_id)


async def test_a_member_keeps_a_bounded_number(lists: Playlists) -> None:
    for number in range(MAX_PLAYLISTS):
        await lists.save(caller(), f"Mix {number}")
    with pytest.raises(PlaylistsFull):
        await lists.save(caller(), "One more")
    await lists.save(caller(), "Mix 1")


async def test_a_file_is_read_as_it_was_written(lists: Playlists) -> None:
    await lists.save(caller(), "Mix")
    file = write_file(await lists.show(caller(), "Mix"))
    saved = await lists.import_file(caller(BOB), file, None)
    assert (saved.name, saved.count) == ("Mix", 3)
    mine, theirs = await lists.show(caller(), "Mix"), await lists.show(caller(BOB), "Mix")
    assert theirs.tracks == mine.tracks
    with pytest.raises(PlaylistExists):
        await lists.import_file(caller(BOB), file, None)


async def test_a_text_is_looked_for_line_by_line(lists: Playlists) -> None:
    saved = await lists.import_file(caller(), b"two.opus\n\nunknown.opus\n# note\none.opus", "Text")
    assert (saved.count, saved.missing) == (2, ("unknown.opus",))
    found = await lists.show(caller(), "Text")
    assert [track.title for track in found.tracks] == ["Two", "One"]


async def test_a_long_text_tells_how_far_it_is_and_keeps_its_order(
    stage: Stage, lists: Playlists
) -> None:
    stage.source.tracks |= {f"n{n}.opus": song(f"n{n}") for n in range(60)}
    told: list[tuple[int, int | None]] = []
    text = "\n".join(f"n{n}.opus" for n in range(60))
    saved = await lists.import_file(
        caller(), text.encode(), "Long", lambda done, total: told.append((done, total))
    )
    assert (saved.count, saved.missing, saved.truncated) == (60, (), False)
    assert told == [(n, 60) for n in range(1, 61)]
    found = await lists.show(caller(), "Long")
    assert [track.identifier for track in found.tracks] == [f"n{n}.opus" for n in range(60)]


async def test_more_lines_than_a_playlist_holds_are_said(stage: Stage, lists: Playlists) -> None:
    limit = {"max_playlist": 50}
    await stage.settings.change(GUILD, MusicSettings, limit, actor_id=ALICE, source="test")
    saved = await lists.import_file(caller(), b"one.opus\n" * 51, "Mix 2")
    assert (saved.count, saved.truncated, saved.limit) == (50, True, 50)


async def test_lines_that_nobody_looked_for_are_not_called_unknown(lists: Playlists) -> None:
    text = b"one.opus\n" * MAX_SEARCHED + b"two.opus\nhttp://nowhere.example/a\nthree.opus\n"
    saved = await lists.import_file(caller(), text, "Titles")
    assert (saved.count, saved.not_searched) == (MAX_SEARCHED, 2)
    assert saved.missing == ("http://nowhere.example/a",)


async def test_looking_for_lines_ends_before_discord_stops_waiting(
    stage: Stage, lists: Playlists, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve = stage.source.resolve

    async def slow(query: str, **options: Any) -> Resolution:
        await stage.clock.advance(IMPORT_SECONDS / 6)
        return await resolve(query, **options)

    monkeypatch.setattr(stage.source, "resolve", slow)
    saved = await lists.import_file(caller(), b"one.opus\n" * 50, "Slow")
    assert 0 < saved.count <= 6 * SEARCHED_AT_ONCE
    assert saved.count + saved.not_searched == 50


async def test_a_taken_name_is_refused_before_anything_is_looked_for(
    stage: Stage, lists: Playlists, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lists.save(caller(), "Mix")
    asked: list[str] = []

    async def note(query: str, **_: object) -> Resolution:
        asked.append(query)
        return Resolution(())

    monkeypatch.setattr(stage.source, "resolve", note)
    with pytest.raises(PlaylistExists):
        await lists.import_file(caller(), b"one.opus\ntwo.opus", "mIX")
    assert asked == []


async def test_a_text_of_unknown_songs_is_not_kept(lists: Playlists) -> None:
    with pytest.raises(NothingFound):
        await lists.import_file(caller(), b"nobody\nknows\n", "Text")


def test_an_m3u_gives_addresses_and_titles() -> None:
    text = "#EXTM3U\n#EXTINF:123,Artist - Song\nC:\\Music\\song.mp3\nhttps://example.com/a.mp3\n"
    assert read_file(text.encode()).queries == ("Artist - Song", "https://example.com/a.mp3")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n# only notes\n",
        b"{",
        b"{}",
        b'{"format": "other", "name": "a", "tracks": []}',
        b'{"format": "seraphim-playlist", "name": "a", "tracks": []}',
        b'{"format": "seraphim-playlist", "name": 1, "tracks": [{}]}',
        b"\x00\x01\x02\x03",
        b"a" * 2_000_001,
    ],
)
def test_files_that_are_none_are_refused(content: bytes) -> None:
    with pytest.raises(PlaylistFileUnclear):
        read_file(content)


def test_a_strangers_file_is_bounded_and_cleaned() -> None:
    track = {
        "source": "library",
        "identifier": "x" * 9000,
        "title": "Bad\x07 \u202etitle",
        "artist": "a" * 5000,
        "duration_ms": -5,
        "url": "javascript:alert(1)",
        "artwork_url": "http://169.254.169.254/",
    }
    whole = {"format": "seraphim-playlist", "name": "n" * 500, "tracks": [track]}
    read = read_file(json.dumps(whole).encode())
    first = read.tracks[0]
    assert (first.title, first.duration_ms, first.url) == ("Bad title", 0, None)
    assert first.artwork_url is None
    assert (len(first.identifier), len(first.artist or ""), len(read.name or "")) == (2000, 200, 50)


def test_a_file_holds_a_bounded_number_of_songs() -> None:
    lines = "\n".join(f"song {number}" for number in range(MAX_TRACKS + 5))
    read = read_file(lines.encode())
    assert (len(read.queries), read.truncated) == (MAX_TRACKS, True)
    tracks = tuple(Track("library", f"{n}", f"{n}") for n in range(MAX_TRACKS + 5))
    written = write_file(
        Playlist(
            "p",
            UserId(1),
            "All",
            is_shared=False,
            count=len(tracks),
            duration_ms=0,
            changed_at_ms=0,
            tracks=tracks,
        )
    )
    assert len(read_file(written).tracks) == MAX_TRACKS


async def test_a_members_lists_are_handed_out_and_forgotten(stage: Stage, lists: Playlists) -> None:
    await lists.save(caller(), "Mix")
    exported = await stage.music.export_member(GUILD, ALICE)
    assert [one["name"] for one in exported["playlists"]] == ["Mix"]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType, reportIndexIssue] - JSON
    await stage.music.erase_member(GUILD, ALICE)
    assert await lists.list_all(caller()) == []
