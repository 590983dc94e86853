"""Words that a node knows of the song it plays, for as long as it plays and a while after."""

import hashlib
from collections import OrderedDict
from dataclasses import replace

from seraphim.features.music.ports.lyrics import KnowsWords
from seraphim.features.music.rules.lyrics import Words
from seraphim.features.music.rules.queue import Entry
from seraphim.features.music.service.desk import Desk
from seraphim.kernel.ids import GuildId

KEPT = 200
"""Texts that can be shown again when their song is over."""
_MARK = "node"


class NodeWords:
    """Asks the node that plays for a guild, and keeps what it has said last.

    A node has no name for a text. Ours is made of the guild and the text, so that a message that
    outlives the process finds its words again while the song plays.

    Args:
        desk: What all verbs share.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: OrderedDict[str, Words] = OrderedDict()

    async def find(self, guild_id: GuildId, entry: Entry) -> Words | None:
        """Return the words of the entry that plays; None when no node knows any."""
        audio = self._desk.audio
        if not isinstance(audio, KnowsWords):
            return None
        found = await audio.find_words(guild_id)
        room = self._desk.rooms.find(guild_id)
        current = None if room is None else room.player.queue.current
        if found is None or current is None or current.entry_id != entry.entry_id:
            return None  # another song has begun meanwhile
        text = f"{found.timed}\0{found.plain}".encode()
        digest = hashlib.blake2b(text, digest_size=8).hexdigest()
        words = replace(
            found,
            identifier=f"{_MARK}-{guild_id}-{digest}",
            title=entry.track.title,
            artist=entry.track.artist,
            duration_ms=entry.track.duration_ms,
        )
        self._kept[words.identifier] = words
        self._kept.move_to_end(words.identifier)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return words

    def claims(self, identifier: str) -> bool:
        """Say whether an identifier is of words from a node."""
        return identifier.startswith(f"{_MARK}-")

    async def get(self, identifier: str) -> Words | None:
        """Return words that were found before, or None when their song is over and forgotten."""
        if (kept := self._kept.get(identifier)) is not None:
            return kept
        guild = identifier.split("-")[1]
        room = self._desk.rooms.find(GuildId(int(guild))) if guild.isdecimal() else None
        entry = None if room is None else room.player.queue.current
        if room is None or entry is None:
            return None
        again = await self.find(room.guild_id, entry)
        return again if again is not None and again.identifier == identifier else None
