"""The SponsorBlock plugin as it behaves: README of topi314/Sponsorblock-Plugin, and its code.

Parts are looked up once, when a track of the source ``youtube`` begins, for the categories that are
known by then; every new websocket forgets them. One marker lies on the next part. Lavaplayer fires
it when the place is reached, but also when a track begins behind it (late) and when a seek passes
it (bypassed), and each time the plugin jumps to the part's end.
"""

from collections.abc import Callable, Sequence
from typing import Any

from tests.support.lavalink_node.tracks import NodeTrack

type Json = dict[str, Any]


class SponsorBlock:
    """What one player's plugin does.

    Args:
        guild_id: The player's guild.
        segments: What sponsor.ajay.app knows: ``category``, ``start``, ``end``.
        chapters: What YouTube knows: ``name``, ``start``, ``end``, ``duration``.
        categories: Returns what is to be skipped, or None when nobody has said.
        say: Sends a message.
    """

    def __init__(
        self,
        guild_id: str,
        *,
        segments: Sequence[Json],
        chapters: Sequence[Json],
        categories: Callable[[], Sequence[str] | None],
        say: Callable[[Json], None],
    ) -> None:
        self._event: Json = {"op": "event", "guildId": guild_id}
        self._segments = segments
        self._chapters = chapters
        self._categories = categories
        self._say = say
        self._marks: list[Json] = []

    def begin(self, track: NodeTrack) -> None:
        """A track begins."""
        self._marks = []
        categories = self._categories()
        if track.source != "youtube" or categories is None:
            return
        segments = [each for each in self._segments if each["category"] in categories]
        if segments:
            self._say({**self._event, "type": "SegmentsLoaded", "segments": segments})
        if self._chapters:
            self._say({**self._event, "type": "ChaptersLoaded", "chapters": list(self._chapters)})
        self._marks = sorted([*segments, *self._chapters], key=lambda mark: mark["start"])

    def passed(self, position_ms: int) -> int | None:
        """The player is at, or has been sent to, a place; returns where the plugin jumps to."""
        target = None
        while self._marks and position_ms >= self._marks[0]["start"]:
            mark = self._marks.pop(0)
            if "category" in mark:
                position_ms = target = mark["end"]
                self._say({**self._event, "type": "SegmentSkipped", "segment": mark})
            else:
                self._say({**self._event, "type": "ChapterStarted", "chapter": mark})
        return target
