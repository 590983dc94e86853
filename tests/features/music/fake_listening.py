"""Stand-ins for words, the messages that show them, and parts of videos."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from seraphim.features.music.ports.segments import SegmentsUnavailable
from seraphim.features.music.rules.lyrics import Sheet, Words
from seraphim.features.music.rules.segments import Segment
from seraphim.features.music.rules.track import Track
from seraphim.kernel.ids import ChannelId, GuildId, MessageId


@dataclass
class FakeLyrics:
    """Knows the words the test gives it, by title."""

    name: ClassVar[str] = "fake"
    known: dict[str, Words] = field(default_factory=dict[str, Words])
    is_closed: bool = False

    async def find(self, track: Track) -> Words | None:
        return self.known.get(track.title)

    async def search(self, text: str, *, limit: int) -> Sequence[Words]:
        return [w for w in self.known.values() if text.casefold() in w.title.casefold()][:limit]

    async def get(self, identifier: str) -> Words | None:
        return next((w for w in self.known.values() if w.identifier == identifier), None)

    async def ping(self) -> None:
        return None

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class FakeBoard:
    """Remembers every edit; a deleted message takes none."""

    shown: list[tuple[MessageId, Sheet]] = field(default_factory=list[tuple[MessageId, Sheet]])
    deleted: set[MessageId] = field(default_factory=set[MessageId])

    async def show(
        self,
        guild_id: GuildId,
        channel_id: ChannelId,
        message_id: MessageId,
        sheet: Sheet,
        words_id: str,
    ) -> bool:
        _ = guild_id, channel_id, words_id
        if message_id in self.deleted:
            return False
        self.shown.append((message_id, sheet))
        return True


@dataclass
class FakeSegments:
    """Knows the parts the test gives it, by video."""

    name: ClassVar[str] = "fake"
    known: dict[str, list[Segment]] = field(default_factory=dict[str, list[Segment]])
    asked: list[str] = field(default_factory=list[str])
    is_down: bool = False

    async def find(self, video_id: str) -> Sequence[Segment]:
        self.asked.append(video_id)
        if self.is_down:
            raise SegmentsUnavailable
        return self.known.get(video_id, ())

    async def ping(self) -> None:
        return None

    async def close(self) -> None:
        return None
