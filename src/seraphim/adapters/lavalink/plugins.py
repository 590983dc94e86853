"""What nodes can do beyond playing, when they have the plugin for it.

Sources: the READMEs of LavaLyrics and SponsorBlock-Plugin, and where they are silent the plugins
themselves. SponsorBlock asks for a track's parts once, when the track begins, and only for tracks
of the node's own source ``youtube``; so it must know the categories before. It forgets them with
every new websocket. It also "skips" a part that lies behind the place where a track begins or is
sought to, which would throw listeners back: :class:`GuildPlayer` undoes that.
"""

import contextlib
from typing import Final, cast, get_args

import structlog

from seraphim.adapters.lavalink.errors import NodeRefused, NodeUnreachable
from seraphim.adapters.lavalink.messages import Lyrics, SegmentSkipped, SegmentsLoaded
from seraphim.adapters.lavalink.node import Node
from seraphim.adapters.lavalink.player import GuildPlayer
from seraphim.features.music.ports.segments import (
    PartListener,
    PartSkipped,
    PartsKnown,
    WantedParts,
)
from seraphim.features.music.rules.lyrics import Words
from seraphim.features.music.rules.segments import Segment, SegmentCategory
from seraphim.features.music.rules.text import clean
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId

_log = structlog.get_logger(__name__)

_MAX_CREDIT: Final = 40
_CATEGORIES: Final = frozenset(get_args(SegmentCategory.__value__))


class SegmentPlugin:
    """Has SponsorBlock on the nodes skip what guilds do not want to hear, and tells of it."""

    def __init__(self) -> None:
        self.skipped = 0
        """Parts that nodes have skipped, since the start."""
        self._wanted: WantedParts | None = None
        self._listener: PartListener | None = None

    def connect(self, wanted: WantedParts, listener: PartListener) -> None:
        """See ``SkipsByItself``."""
        self._wanted, self._listener = wanted, listener

    async def prepare(self, node: Node, guild_id: GuildId) -> None:
        """Tell a node the categories, before a track begins; what goes wrong stops no track."""
        session_id = node.session_id
        if self._wanted is None or session_id is None or not node.has_plugin("sponsorblock"):
            return
        try:
            categories = await self._wanted(guild_id)
            await node.ask(node.rest.set_segments(session_id, guild_id, categories))
        except (NodeRefused, NodeUnreachable, SeraphimError) as error:
            _log.info("lavalink.plays_whole", node=node.name, reason=str(error))

    def said(self, player: GuildPlayer, message: SegmentsLoaded | SegmentSkipped) -> None:
        """Take in what the plugin says of what a player plays."""
        playback_id = player.playback_of_node
        if playback_id is None:
            return
        if isinstance(message, SegmentsLoaded):
            self._tell(PartsKnown(player.guild_id, playback_id))
            return
        part = message.segment
        if not player.skipped(part.end):
            return
        self.skipped += 1
        if part.category in _CATEGORIES:
            category = cast("SegmentCategory", part.category)
            segment = Segment(part.start, part.end, category)
            self._tell(PartSkipped(player.guild_id, playback_id, segment))

    def _tell(self, event: PartsKnown | PartSkipped) -> None:
        if self._listener is not None:
            self._listener(event)


async def find_words(node: Node | None, guild_id: GuildId) -> Words | None:
    """Return the words of what plays (LavaLyrics), or None: no plugin, no words, nothing plays."""
    if node is None or node.session_id is None or not node.has_plugin("lyrics"):
        return None
    with contextlib.suppress(NodeRefused, NodeUnreachable):
        found = await node.ask(node.rest.lyrics(node.session_id, guild_id))
        return None if found is None else words_of(found)
    return None


def words_of(lyrics: Lyrics) -> Words | None:
    """Return what a node has sent as words without a name; None when there is no text in it."""
    lines = lyrics.lines or []
    timed = any(line.timestamp > 0 for line in lines)
    plain = lyrics.text or "\n".join(line.line for line in lines)
    if not plain.strip():
        return None
    return Words(
        identifier="",
        title="",
        timed="\n".join(_lrc(line.timestamp, line.line) for line in lines) if timed else None,
        plain=plain,
        credit=clean(lyrics.provider or lyrics.source_name, _MAX_CREDIT) or "Lavalink",
    )


def _lrc(at_ms: int, words: str) -> str:
    minutes, milliseconds = divmod(max(0, at_ms), 60_000)
    text = " ".join(words.split())
    return f"[{minutes:02}:{milliseconds // 1000:02}.{milliseconds % 1000:03}]{text}"
