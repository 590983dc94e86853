"""For how long it is believed where a sound lies."""

import pytest

from seraphim.adapters.ytdlp.messages import Stream
from seraphim.adapters.ytdlp.streams import MAX_KEPT, StreamCache
from seraphim.kernel.clock import ManualClock

HOUR = 3600


def stream(clock: ManualClock, query: str = "", *, is_live: bool = False) -> Stream:
    now = clock.now_ms() // 1000
    return Stream(
        f"https://cdn.test/sound?{query.format(soon=now + 1800, later=now + 6 * HOUR)}", {}, is_live
    )


@pytest.mark.parametrize(
    ("query", "is_live", "minutes"),
    [
        ("", False, 20),
        ("expire={soon}", False, 20),
        ("Expires={soon}&x=1", False, 20),
        ("expire={later}", False, 60),
        ("expire=never", False, 20),
        ("expire={later}", True, 1),
    ],
)
async def test_an_address_is_used_until_shortly_before_it_ends_and_no_longer_than_an_hour(
    query: str, *, is_live: bool, minutes: int
) -> None:
    clock = ManualClock()
    streams = StreamCache(clock)
    made = stream(clock, query, is_live=is_live)
    streams.keep("page", made)
    await clock.advance(minutes * 60 - 1)
    assert streams.find("page") == made
    await clock.advance(2)
    assert streams.find("page") is None


def test_what_ends_at_once_is_not_kept_and_the_longest_unused_makes_room() -> None:
    clock = ManualClock()
    streams = StreamCache(clock)
    streams.keep("old", Stream("https://cdn.test/?expire=1", {}))
    assert streams.find("old") is None
    for number in range(MAX_KEPT):
        streams.keep(str(number), stream(clock))
    assert streams.find("0") is not None
    streams.keep("one more", stream(clock))
    assert streams.find("0") is not None
    assert streams.find("1") is None
