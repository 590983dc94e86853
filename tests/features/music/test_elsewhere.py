"""A song that fails is played from another source; it is said once, and nothing else is cut."""

from collections.abc import Sequence
from typing import ClassVar, override

import pytest
from tests.features.music.conftest import ALICE, GUILD, Stage, caller
from tests.features.music.fakes import FakeSource, settle

from seraphim.features.music.ports import (
    Media,
    NotSound,
    OnlyDescribed,
    Progress,
    Reach,
    Resolution,
    SourceFailed,
)
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service import MusicSettings
from seraphim.features.music.service.opening import MAX_ELSEWHERE


class Tube(FakeSource):
    """A site with videos of songs; counts what it is asked."""

    name: ClassVar[str] = "youtube"
    reach: ClassVar[Reach] = "words"

    def __init__(self, *tracks: Track) -> None:
        super().__init__(*tracks)
        self.searched: list[str] = []
        self.opened: list[str] = []

    @override
    def claims(self, query: str) -> bool:
        return query.startswith("https://tube/")

    @override
    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        if query == "https://tube/list":
            for done in (25, 50, 75):
                if progress is not None:
                    progress(done, 75)
            return Resolution(tuple(self.tracks.values())[:limit], "A list")
        if not self.claims(query):
            return Resolution(tuple(await self.search(query, limit=1)))
        return await super().resolve(query, limit=limit)

    @override
    async def search(self, text: str, *, limit: int) -> Sequence[Track]:
        self.searched.append(text)
        words = text.casefold().split()
        return [
            track
            for track in self.tracks.values()
            if all(w in f"{track.title} {track.artist} {track.isrc}".casefold() for w in words)
        ][:limit]

    @override
    async def open(self, track: Track) -> Media:
        self.opened.append(track.identifier)
        if reason := self.broken.get(track.identifier):
            raise SourceFailed(reason, failure="region")
        return Media("http", track.identifier)


class Shelf(Tube):
    """A folder of songs."""

    name: ClassVar[str] = "library"
    reach: ClassVar[Reach] = "typing"


class Described(FakeSource):
    """A service that plays nothing."""

    name: ClassVar[str] = "spotify"
    reach: ClassVar[Reach] = "links"

    @override
    def claims(self, query: str) -> bool:
        return query.startswith("spotify:")

    @override
    async def resolve(
        self, query: str, *, limit: int, progress: Progress | None = None
    ) -> Resolution:
        track = self.tracks.get(query.removeprefix("spotify:"))
        return Resolution(() if track is None else (track,))

    @override
    async def open(self, track: Track) -> Media:
        raise OnlyDescribed


def hymn(source: str, identifier: str, *, seconds: int = 200, title: str = "Hymn") -> Track:
    return Track(source, identifier, title, "Choir", duration_ms=seconds * 1000)


@pytest.fixture
async def tube(stage: Stage) -> Tube:
    return await with_sources(stage, Tube(hymn("youtube", "https://tube/1")))


async def with_sources[S: FakeSource](stage: Stage, *more: S) -> S:
    await stage.parts.stop()
    stage.sources = [stage.source, *more]
    await stage.begin()
    return more[0]


def played(stage: Stage) -> str:
    return stage.audio.played[-1].location


def said(stage: Stage) -> list[str]:
    return [notice.text for notice in stage.venue.said]


@pytest.mark.usefixtures("tube")
async def test_what_cannot_be_opened_is_played_from_elsewhere(stage: Stage) -> None:
    stage.source.tracks["hymn.opus"] = hymn("library", "hymn.opus")
    stage.source.broken = {"hymn.opus": "That song is no longer in the library."}

    await stage.music.play(caller(), "hymn.opus")
    await settle()

    assert played(stage) == "https://tube/1"
    assert await stage.titles() == ["Hymn"]
    (notice,) = stage.venue.said
    assert notice.parameters["reason"] == "That song is no longer in the library."
    assert notice.parameters["source"] == "youtube"
    assert (await stage.player()).failures == 0


@pytest.mark.usefixtures("tube")
async def test_what_breaks_off_goes_on_where_it_was_and_the_next_is_not_cut(stage: Stage) -> None:
    stage.source.tracks["hymn.opus"] = hymn("library", "hymn.opus")
    await stage.music.play(caller(), "hymn.opus")
    await stage.music.play(caller(), "two.opus")

    await stage.audio.fail(GUILD, "The disk is gone.", at_ms=90_000)
    await settle()

    assert played(stage) == "https://tube/1"
    assert stage.audio.position_ms(GUILD) == 90_000
    assert await stage.titles() == ["Hymn", "Two"]
    assert len(stage.venue.said) == 1

    await stage.audio.finish(GUILD)
    assert played(stage) == "/library/two.opus"


async def test_what_has_failed_is_not_tried_again_and_the_trying_ends(stage: Stage) -> None:
    tube = Tube(*(hymn("youtube", f"https://tube/{n}", seconds=200 + n) for n in range(9)))
    await with_sources(stage, tube)
    stage.source.tracks["hymn.opus"] = hymn("library", "hymn.opus")
    await stage.music.play(caller(), "hymn.opus")
    await stage.music.play(caller(), "two.opus")

    for _ in range(MAX_ELSEWHERE + 1):
        await stage.audio.fail(GUILD, "It broke off.")
    await settle()

    assert tube.opened == ["https://tube/0", "https://tube/1"]
    assert await stage.titles() == ["Two"]
    assert played(stage) == "/library/two.opus"
    assert len(stage.venue.said) == 2, "once that it plays from elsewhere, once that it is over"


async def test_another_version_is_no_replacement(stage: Stage) -> None:
    other = Tube(
        hymn("youtube", "https://tube/live", title="Hymn (Live)"),
        hymn("youtube", "https://tube/long", seconds=300),
    )
    await with_sources(stage, other)
    stage.source.tracks["hymn.opus"] = hymn("library", "hymn.opus")
    stage.source.broken = {"hymn.opus": "It is gone."}
    await stage.music.play(caller(), "hymn.opus")
    await settle()
    assert other.opened == []
    assert stage.venue.said[0].parameters["reason"] == "It is gone."


async def test_a_service_that_only_describes_is_played_from_elsewhere_in_silence(
    stage: Stage,
) -> None:
    spotify = Described(hymn("spotify", "x"))
    tube = Tube(hymn("youtube", "https://tube/1"))
    await with_sources(stage, tube, spotify)

    added = await stage.music.play(caller(), "spotify:x")

    assert added.is_playing
    assert played(stage) == "https://tube/1"
    assert (await stage.titles(), said(stage)) == (["Hymn"], [])
    stored = await stage.stored()
    assert stored is not None
    assert stored.queue.current is not None
    assert stored.queue.current.track.source == "spotify", "the queue keeps what was asked for"

    await stage.music.play(caller(), "spotify:x", place="now")
    assert len(tube.searched) == 1, "what was found once is remembered"


async def test_the_library_is_looked_through_first(stage: Stage) -> None:
    tube = Tube(hymn("youtube", "https://tube/1"))
    shelf = Shelf(hymn("library", "hymn.opus"))
    await stage.parts.stop()
    stage.sources = [shelf, tube, Described(hymn("spotify", "x"))]
    await stage.begin()
    await stage.music.play(caller(), "spotify:x")
    assert (shelf.opened, tube.searched) == (["hymn.opus"], [])


async def test_the_number_of_the_recording_is_asked_for_first(stage: Stage) -> None:
    numbered = Track("youtube", "https://tube/n", "H.", "C.", duration_ms=1, isrc="GBAYE0500001")
    tube = Tube(hymn("youtube", "https://tube/1"), numbered)
    wanted = Track("spotify", "x", "Hymn", "Choir", duration_ms=200_000, isrc="GBAYE0500001")
    await with_sources(stage, tube, Described(wanted))
    await stage.music.play(caller(), "spotify:x")
    assert tube.searched == ["GBAYE0500001"]
    assert played(stage) == "https://tube/n"


async def test_what_is_nowhere_is_explained(stage: Stage, tube: Tube) -> None:
    await with_sources(stage, tube, Described(Track("spotify", "y", "Unknown", "Nobody")))
    await stage.music.play(caller(), "spotify:y")
    await settle()
    (notice,) = stage.venue.said
    assert "found it nowhere else" in str(notice.parameters["reason"])


@pytest.mark.parametrize("failure", ["refused", "too_long"])
async def test_what_is_not_allowed_is_not_got_round(stage: Stage, tube: Tube, failure: str) -> None:
    stage.source.tracks["hymn.opus"] = hymn("library", "hymn.opus")
    await stage.music.play(caller(), "hymn.opus")
    await stage.audio.fail(GUILD, "No.", failure)  # pyright: ignore[reportArgumentType] - one of the classes
    assert tube.opened == []


async def test_a_guild_that_does_not_want_a_source_gets_nothing_from_it(
    stage: Stage, tube: Tube
) -> None:
    await stage.settings.change(
        GUILD, MusicSettings, {"allowed_sources": ["library"]}, actor_id=ALICE, source="test"
    )
    stage.source.tracks["hymn.opus"] = hymn("library", "hymn.opus")
    stage.source.broken = {"hymn.opus": "It is gone."}
    await stage.music.play(caller(), "hymn.opus")
    assert tube.opened == []


async def test_the_next_song_is_opened_before_its_turn(stage: Stage) -> None:
    tube = Tube(hymn("youtube", "https://tube/1"))
    await with_sources(stage, tube, Described(hymn("spotify", "x")))
    await stage.music.play(caller(), "one.opus")
    await stage.music.play(caller(), "spotify:x")
    await settle()
    assert tube.opened == ["https://tube/1"]

    await stage.audio.finish(GUILD)
    assert played(stage) == "https://tube/1"
    assert len(tube.searched) == 1


async def test_an_address_without_sound_is_left_to_the_next_that_claims_it(stage: Stage) -> None:
    class Web(Tube):
        name: ClassVar[str] = "http"
        reach: ClassVar[Reach] = "links"

        @override
        async def resolve(
            self, query: str, *, limit: int, progress: Progress | None = None
        ) -> Resolution:
            raise NotSound("That address is a web page, not an audio file.")

    tube = Tube(hymn("youtube", "https://tube/1"))
    tube.tracks = {"https://tube/1": hymn("youtube", "https://tube/1")}
    await with_sources(stage, Web(), tube)
    await stage.music.play(caller(), "https://tube/1")
    assert played(stage) == "https://tube/1"
    with pytest.raises(SourceFailed, match="is a web page"):
        await stage.music.play(caller(), "https://tube/unknown")


@pytest.mark.usefixtures("tube")
async def test_a_long_list_says_how_far_it_is(stage: Stage) -> None:
    steps: list[tuple[int, int | None]] = []
    await stage.music.play(
        caller(), "https://tube/list", progress=lambda done, total: steps.append((done, total))
    )
    assert steps == [(25, 75), (50, 75), (75, 75)]


async def test_links_only_sources_are_not_asked_for_words_unless_named(
    stage: Stage, tube: Tube
) -> None:
    described = Described(hymn("spotify", "hymn"))
    await with_sources(stage, tube, described)
    found = await stage.music.search(caller(), "hymn", limit=5)
    assert {track.source for track in found[1]} == {"youtube"}
    named = await stage.music.search(caller(), "hymn", limit=5, source="spotify")
    assert {track.source for track in named[1]} == {"spotify"}
    suggestions = await stage.music.suggest(GUILD, "hymn")
    assert all("tube" not in suggestion.value for suggestion in suggestions)
