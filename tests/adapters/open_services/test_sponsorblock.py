"""Parts of videos from SponsorBlock: right, private, and without asking twice."""

import hashlib
from collections.abc import AsyncIterator

import pytest
from tests.support.services.sponsorblock import SponsorBlock

from seraphim.adapters.open_services import SponsorBlockSegments
from seraphim.features.music.ports.segments import SegmentsUnavailable
from seraphim.features.music.rules.segments import Segment
from seraphim.kernel.clock import ManualClock

VIDEO = "dQw4w9WgXcQ"


@pytest.fixture
async def service() -> AsyncIterator[SponsorBlock]:
    made = SponsorBlock()
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def segments(
    service: SponsorBlock, clock: ManualClock
) -> AsyncIterator[SponsorBlockSegments]:
    made = SponsorBlockSegments(clock, url=service.url)
    yield made
    await made.close()


async def test_parts_come_in_their_order_and_in_milliseconds(
    service: SponsorBlock, segments: SponsorBlockSegments
) -> None:
    service.mark(VIDEO, 100.25, 130.5, "selfpromo")
    service.mark(VIDEO, 0, 12.345)
    assert await segments.find(VIDEO) == (
        Segment(0, 12_345, "sponsor"),
        Segment(100_250, 130_500, "selfpromo"),
    )


async def test_the_service_never_learns_which_video_it_is(
    service: SponsorBlock, segments: SponsorBlockSegments
) -> None:
    service.mark(VIDEO, 0, 10)
    await segments.find(VIDEO)
    digest = hashlib.sha256(VIDEO.encode()).hexdigest()
    [seen] = service.seen
    assert seen.startswith(f"/api/skipSegments/{digest[:4]}?")
    assert VIDEO not in seen
    assert digest[:5] not in seen


async def test_parts_of_another_video_with_the_same_prefix_are_not_taken(
    service: SponsorBlock, segments: SponsorBlockSegments
) -> None:
    prefix = hashlib.sha256(VIDEO.encode()).hexdigest()[:4]
    other = next(
        name
        for name in (f"video{number}" for number in range(1_000_000))
        if hashlib.sha256(name.encode()).hexdigest().startswith(prefix)
    )
    service.mark(other, 0, 10)
    assert await segments.find(VIDEO) == ()
    assert len(await segments.find(other)) == 1


async def test_what_is_not_skipped_or_makes_no_sense_is_left_out(
    service: SponsorBlock, segments: SponsorBlockSegments
) -> None:
    service.mark(VIDEO, 10, 20, action="mute")
    service.mark(VIDEO, 30, 25)
    service.mark(VIDEO, -4, 5)
    service.mark(VIDEO, 50, 60, "exclusive_access")
    assert await segments.find(VIDEO) == ()


async def test_answers_are_remembered_for_an_hour(
    service: SponsorBlock, segments: SponsorBlockSegments, clock: ManualClock
) -> None:
    assert await segments.find(VIDEO) == ()
    service.mark(VIDEO, 0, 10)
    assert await segments.find(VIDEO) == ()
    await clock.advance(3_601)
    assert len(await segments.find(VIDEO)) == 1
    assert len(service.seen) == 2


@pytest.mark.parametrize("body", [None, b"nonsense", b'[{"videoID": 1}]', b"[" * 3_000_000])
async def test_a_service_in_trouble_is_left_in_peace(
    service: SponsorBlock, segments: SponsorBlockSegments, clock: ManualClock, body: bytes | None
) -> None:
    service.status, service.body = (500, None) if body is None else (None, body)
    for _ in range(2):
        with pytest.raises(SegmentsUnavailable):
            await segments.find(VIDEO)
    with pytest.raises(SegmentsUnavailable):
        await segments.ping()
    assert len(service.seen) == 1
    service.status = service.body = None
    await clock.advance(61)
    assert await segments.find(VIDEO) == ()
