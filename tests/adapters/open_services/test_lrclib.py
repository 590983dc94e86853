"""Words from LRCLIB: the right ones, few questions, and peace for a service that is down."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from tests.support.services.lrclib import Lrclib

from seraphim.adapters.open_services import LrclibLyrics
from seraphim.features.music.ports.lyrics import LyricsUnavailable
from seraphim.features.music.rules.track import Track
from seraphim.kernel.clock import ManualClock

HYMN = Track("library", "hymn.opus", "Hymn", "Choir", duration_ms=180_000)


@pytest.fixture
async def service() -> AsyncIterator[Lrclib]:
    made = Lrclib()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def lyrics(service: Lrclib, clock: ManualClock) -> AsyncIterator[LrclibLyrics]:
    made = LrclibLyrics(clock, url=f"{service.url}/")
    yield made
    await made.close()


async def test_exactly_this_recording_is_asked_for_first(
    service: Lrclib, lyrics: LrclibLyrics
) -> None:
    number = service.add("Hymn", "Choir", album="Dawn", timed="[00:01.00]Oh", plain="Oh")
    found = await lyrics.find(replace(HYMN, album="Dawn"))
    assert found is not None
    assert (found.identifier, found.timed, found.plain) == (str(number), "[00:01.00]Oh", "Oh")
    assert (found.duration_ms, found.album) == (180_000, "Dawn")
    assert service.seen == [
        "/api/get?track_name=Hymn&artist_name=Choir&album_name=Dawn&duration=180"
    ]
    assert all(agent.startswith("Seraphim/") for agent in service.agents)


async def test_a_video_is_found_by_what_its_title_means(
    service: Lrclib, lyrics: LrclibLyrics
) -> None:
    service.add("Hymn", "Choir", plain="Oh")
    video = Track("youtube", "x", "Choir - Hymn (Official Video)", "Choir Channel")
    found = await lyrics.find(video)
    assert found is not None
    assert found.plain == "Oh"


async def test_another_recording_of_other_length_is_not_taken(
    service: Lrclib, lyrics: LrclibLyrics
) -> None:
    service.add("Hymn", "Choir", seconds=400, plain="Live")
    assert await lyrics.find(HYMN) is None
    service.add("Hymn", "Choir", seconds=185, plain="Studio")
    other = LrclibLyrics(ManualClock(), url=service.url)
    found = await other.find(HYMN)
    await other.close()
    assert found is not None
    assert found.plain == "Studio"


async def test_answers_are_remembered_for_a_day_and_gaps_for_minutes(
    service: Lrclib, lyrics: LrclibLyrics, clock: ManualClock
) -> None:
    assert await lyrics.find(HYMN) is None
    asked = len(service.seen)
    assert await lyrics.find(HYMN) is None
    assert len(service.seen) == asked
    service.add("Hymn", "Choir", plain="Oh")
    await clock.advance(601)
    assert await lyrics.find(HYMN) is not None
    asked = len(service.seen)
    await clock.advance(80_000)
    assert await lyrics.find(HYMN) is not None
    assert len(service.seen) == asked


async def test_what_was_found_is_got_again_without_asking(
    service: Lrclib, lyrics: LrclibLyrics
) -> None:
    number = service.add("Hymn", "Choir", plain="Oh")
    service.add("Hymn to nobody", "Choir")
    [found] = await lyrics.search("hymn", limit=10)
    assert await lyrics.get(found.identifier) == found
    assert service.seen == ["/api/search?q=hymn"]
    fresh = LrclibLyrics(ManualClock(), url=service.url)
    assert await fresh.get(str(number)) == found
    assert await fresh.get("99") is None
    assert await fresh.get("../secret") is None
    await fresh.close()


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b""), (429, b""), (200, b"<html>"), (200, b'{"id": "x"}'), (200, b"[" * 5_000_000)],
)
async def test_a_service_in_trouble_is_left_in_peace(
    service: Lrclib, lyrics: LrclibLyrics, clock: ManualClock, status: int, body: bytes
) -> None:
    service.status, service.body = status, body
    await lyrics.ping()
    with pytest.raises(LyricsUnavailable):
        await lyrics.find(HYMN)
    asked = len(service.seen)
    with pytest.raises(LyricsUnavailable):
        await lyrics.search("hymn", limit=1)
    with pytest.raises(LyricsUnavailable):
        await lyrics.ping()
    assert len(service.seen) == asked
    service.status = None
    await clock.advance(31)
    assert await lyrics.search("hymn", limit=1) == []


async def test_a_service_that_is_not_there_is_said_so(clock: ManualClock) -> None:
    gone = LrclibLyrics(clock, url="http://127.0.0.1:9")
    with pytest.raises(LyricsUnavailable):
        await gone.find(HYMN)
    await gone.close()
