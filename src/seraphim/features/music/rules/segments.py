"""Parts of a video that are not the song, and whether one has just begun."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from seraphim.features.music.rules.track import Track

type SegmentCategory = Literal[
    "sponsor", "selfpromo", "interaction", "intro", "outro", "preview", "music_offtopic", "filler"
]
"""As SponsorBlock names them: https://wiki.sponsor.ajay.app/w/Types ."""

_VIDEO = re.compile(
    r"^https?://(?:(?:www|m|music)\.)?"
    r"(?:youtube\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|live/|embed/)|youtu\.be/)([\w-]{11})(?![\w-])"
)
MIN_SEGMENT_MS = 1_000
"""A shorter part is over before a jump is heard as anything but a stumble."""
GRACE_MS = 2_000
"""So far into a part it is still skipped; whoever has jumped further wants to hear it."""
END_MARGIN_MS = 500
"""A part that reaches this near to the end ends the song."""


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """A part of a track, milliseconds from its start."""

    start_ms: int
    end_ms: int
    category: SegmentCategory = "sponsor"


def merged(segments: Sequence[Segment], categories: Collection[str]) -> tuple[Segment, ...]:
    """Return the parts of these categories in their order; what overlaps becomes one part."""
    found: list[Segment] = []
    for each in sorted(segments):
        if each.category not in categories or each.end_ms - each.start_ms < MIN_SEGMENT_MS:
            continue
        if found and each.start_ms <= found[-1].end_ms:
            last = found[-1]
            found[-1] = Segment(last.start_ms, max(last.end_ms, each.end_ms), last.category)
        else:
            found.append(each)
    return tuple(found)


def segment_at(segments: Sequence[Segment], position_ms: int) -> Segment | None:
    """Return the part that has just begun at a position, if any."""
    for each in segments:
        if each.start_ms <= position_ms < min(each.end_ms, each.start_ms + GRACE_MS):
            return each
    return None


def video_id_of(track: Track) -> str | None:
    """Return the id of a YouTube video, or None for everything else."""
    if track.is_stream:
        return None
    found = _VIDEO.search(track.url or track.identifier)
    return None if found is None else found[1]
