"""The words of songs: found, and shown in time with what plays."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from seraphim.features.music.ports.lyrics import LyricsBoard, LyricsSource, LyricsUnavailable
from seraphim.features.music.rules.errors import NotPlaying
from seraphim.features.music.rules.lyrics import (
    Line,
    NoLyrics,
    Sheet,
    Stage,
    Words,
    index_at,
    read_lrc,
    sheet,
)
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.queue import Entry
from seraphim.features.music.rules.text import clean, escape
from seraphim.features.music.service.desk import Desk
from seraphim.features.music.service.keeper import position_of
from seraphim.features.music.service.node_words import NodeWords
from seraphim.features.music.service.rounds import Rounds
from seraphim.features.music.store import lyrics as store
from seraphim.features.music.store.lyrics import Followed
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId, MessageId
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

LOOK_SECONDS = 0.5
EDIT_SECONDS = 3.0
"""At most one edit in so long; lines that pass in between are shown together."""
FOLLOW_MS = 15 * 60_000
"""How long a message follows its song."""
RESULTS = 10
MAX_QUERY = 200


@dataclass(frozen=True, slots=True)
class Found:
    """The words of what plays."""

    words: Words
    entry_id: str
    sheet: Sheet | None
    """What to show now; None when the words have no times."""


@dataclass(slots=True)
class _Following:
    followed: Followed
    words: Words
    lines: tuple[Line, ...]
    index: int = -2
    """The line on the screen; -2 when nothing is known to be there."""
    edited_at: float = field(default=-EDIT_SECONDS)
    task: asyncio.Task[None] | None = None
    is_over: bool = False


class Lyrics:
    """Finds words, and keeps one message a guild in time with its song.

    Args:
        desk: What all verbs share.
        source: Knows the words.
        board: Shows them.
    """

    def __init__(self, desk: Desk, source: LyricsSource, board: LyricsBoard) -> None:
        self._desk = desk
        self._source = source
        self._nodes = NodeWords(desk)
        self._board = board
        self._following: dict[GuildId, _Following] = {}
        self._rounds = Rounds("music-lyrics", desk.clock, LOOK_SECONDS, self.look)
        self._return: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, with the messages that the last process followed."""
        self._rounds.start()
        self._return = asyncio.create_task(self._take_up(), name="music-lyrics-return")

    async def close(self) -> None:
        """Stop; the messages are taken up by the next process."""
        await self._rounds.close()
        tasks = [each.task for each in self._following.values() if each.task is not None]
        tasks += [] if self._return is None else [self._return]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._following.clear()
        await self._source.close()

    @property
    def is_editing(self) -> bool:
        """Whether an edit is on its way."""
        return any(each.task is not None for each in self._following.values())

    async def of_now(self, player: Player) -> Found:
        """Return the words of the song that plays, from the service or the node that plays it.

        Raises:
            NotPlaying: There is no song.
            NoLyrics: Nobody has written its words down.
            LyricsUnavailable, LyricsOff: The service cannot be asked.
        """
        entry = player.queue.current
        if entry is None:
            raise NotPlaying
        words = None if entry.track.is_stream else await self._find(player.guild_id, entry)
        if words is None or not words.has_text:
            raise NoLyrics(song=escape(entry.track.title))
        lines = read_lrc(words.timed or "")
        if not lines:
            return Found(words, entry.entry_id, None)
        position_ms = position_of(player, self._desk.audio)
        return Found(words, entry.entry_id, sheet(words, lines, index_at(lines, position_ms)))

    async def search(self, text: str) -> Sequence[Words]:
        """Return what goes best with what was typed, best first; at least one.

        Raises:
            NoLyrics: Nothing does.
        """
        wanted = clean(text, MAX_QUERY)
        found = await self._source.search(wanted, limit=RESULTS) if wanted else ()
        if not found:
            raise NoLyrics(song=escape(text))
        return found

    async def get(self, identifier: str) -> Words:
        """Return words that were found before; raises NoLyrics when they are gone."""
        words = await self._again(identifier)
        if words is None:
            raise NoLyrics(song="♪")
        return words

    def message_of(self, guild_id: GuildId, entry_id: str) -> Followed | None:
        """Return the message that follows an entry already."""
        known = self._following.get(guild_id)
        if known is None or known.is_over or known.followed.entry_id != entry_id:
            return None
        return known.followed

    async def follow(
        self, guild_id: GuildId, channel_id: ChannelId, message_id: MessageId, found: Found
    ) -> None:
        """Keep a message in time with its song; the guild's one before is let go."""
        await self._let_go(guild_id)
        followed = Followed(
            guild_id,
            channel_id,
            message_id,
            found.entry_id,
            found.words.identifier,
            self._desk.clock.now_ms() + FOLLOW_MS,
        )
        made = _Following(followed, found.words, read_lrc(found.words.timed or ""))
        made.edited_at = self._desk.clock.monotonic()
        self._following[guild_id] = made
        await self._desk.db.write(store.keep_followed, followed)

    async def look(self) -> None:
        """Edit what has moved on; three seconds apart at least."""
        for guild_id, following in tuple(self._following.items()):
            if following.task is not None:
                continue
            room = self._desk.rooms.find(guild_id)
            if room is None and not self._desk.venue.knows(guild_id):
                continue  # out of service, and so is its music; it will be back
            player = None if room is None else room.player
            stage = self._stage(following, player)
            if stage == "live" and player is not None:
                index = index_at(following.lines, position_of(player, self._desk.audio))
                due = following.edited_at + EDIT_SECONDS <= self._desk.clock.monotonic()
                if index == following.index or not due:
                    continue
            else:
                index = following.index
            following.is_over = stage != "live"
            following.task = asyncio.create_task(
                self._edit(following, max(index, -1), stage), name="music-lyrics-edit"
            )

    async def _find(self, guild_id: GuildId, entry: Entry) -> Words | None:
        """Ask the service first; words with times from the node are better than none of it."""
        try:
            words = await self._source.find(entry.track)
        except LyricsUnavailable:
            words = await self._nodes.find(guild_id, entry)
            if words is None:
                raise
            return words
        if words is not None and (words.timed or words.is_instrumental):
            return words
        known = await self._nodes.find(guild_id, entry)
        return known if known is not None and (known.timed or words is None) else words

    async def _again(self, identifier: str) -> Words | None:
        if self._nodes.claims(identifier):
            return await self._nodes.get(identifier)
        return await self._source.get(identifier)

    def _stage(self, following: _Following, player: Player | None) -> Stage:
        current = None if player is None else player.queue.current
        if current is None or current.entry_id != following.followed.entry_id:
            return "over"
        if self._desk.clock.now_ms() >= following.followed.until_ms:
            return "let_go"
        return "live"

    async def _edit(self, following: _Following, index: int, stage: Stage) -> None:
        followed = following.followed
        shown = sheet(following.words, following.lines, index, stage)
        following.edited_at = self._desk.clock.monotonic()
        try:
            is_there = await self._board.show(
                followed.guild_id,
                followed.channel_id,
                followed.message_id,
                shown,
                followed.words_id,
            )
            following.index = index
            if not is_there or stage != "live":
                await self._forget(following)
        except SeraphimError as error:
            _log.warning("music.lyrics_not_shown", reason=str(error))
        finally:
            following.task = None

    async def _let_go(self, guild_id: GuildId) -> None:
        before = self._following.get(guild_id)
        if before is None:
            return
        if before.task is not None:
            await asyncio.gather(before.task, return_exceptions=True)
        before.is_over = True
        await self._edit(before, max(before.index, -1), "let_go")

    async def _forget(self, following: _Following) -> None:
        followed = following.followed
        gone = (followed.guild_id, followed.message_id)
        try:
            await self._desk.db.write(store.forget_followed, *gone)
        finally:
            if self._following.get(followed.guild_id) is following:
                del self._following[followed.guild_id]

    async def _take_up(self) -> None:
        try:
            for followed in await self._desk.db.read(store.list_followed):
                words = await self._again(followed.words_id)
                lines = () if words is None else read_lrc(words.timed or "")
                if words is None or not lines:
                    gone = (followed.guild_id, followed.message_id)
                    await self._desk.db.write(store.forget_followed, *gone)
                elif followed.guild_id not in self._following:
                    self._following[followed.guild_id] = _Following(followed, words, lines)
        except SeraphimError as error:
            _log.warning("music.lyrics_not_taken_up", reason=str(error))
