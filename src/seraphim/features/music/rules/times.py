"""Places in a song as people type them: ``1:30``, ``90``, ``2m 5s``, ``+15``, ``-30``."""

import re

from seraphim.features.music.rules.errors import NoPosition, NotSeekable, TimeUnclear
from seraphim.features.music.rules.picture import clock_time
from seraphim.features.music.rules.track import Track

_CLOCK = re.compile(r"(?:(?P<hours>\d{1,3}):)?(?P<minutes>\d{1,4}):(?P<seconds>\d{2})")
_UNITS = re.compile(
    r"(?:(?P<hours>\d{1,3})h)?(?:(?P<minutes>\d{1,4})m)?(?:(?P<seconds>\d{1,6})s?)?"
)
_SIXTY = 60


def read_place(typed: str, *, now_ms: int) -> int:
    """Return the place in milliseconds; a sign counts from where the song is now.

    Args:
        typed: What the member wrote.
        now_ms: How far the song is.

    Returns:
        The place, not below 0; it may lie behind the end.

    Raises:
        TimeUnclear: It is none of the forms.
    """
    text = typed.strip().casefold().replace("−", "-")  # noqa: RUF001 - phones write a true minus
    sign = text[:1] if text[:1] in {"+", "-"} else ""
    amount_ms = _read(text.removeprefix(sign).strip())
    if not sign:
        return amount_ms
    return max(0, now_ms + (amount_ms if sign == "+" else -amount_ms))


def check_place(track: Track, position_ms: int) -> int:
    """Return the place when the track can be played from there.

    Raises:
        NotSeekable: A live stream has no places.
        NoPosition: It lies behind the end.
    """
    if track.is_stream:
        raise NotSeekable
    if track.duration_ms is not None and position_ms >= track.duration_ms:
        raise NoPosition(length=clock_time(track.duration_ms))
    return position_ms


def _read(text: str) -> int:
    compact = text.replace(" ", "")
    match = _CLOCK.fullmatch(compact) or _UNITS.fullmatch(compact)
    if match is None or not compact or not compact.isascii():
        raise TimeUnclear
    hours, minutes, seconds = (int(match[name] or 0) for name in ("hours", "minutes", "seconds"))
    if ":" in compact and (seconds >= _SIXTY or (match["hours"] and minutes >= _SIXTY)):
        raise TimeUnclear
    return ((hours * _SIXTY + minutes) * _SIXTY + seconds) * 1000
