"""Where the words of songs come from, and where they are shown in time."""

from collections.abc import Sequence
from typing import ClassVar, Protocol, runtime_checkable

from seraphim.features.music.rules.lyrics import Sheet, Words
from seraphim.features.music.rules.track import Track
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId, MessageId
from seraphim.kernel.marks import N_


class LyricsUnavailable(SeraphimError):
    """The service with the words does not answer."""

    code = "music.lyrics_unavailable"
    http_status = 503
    message = N_("The service with the words does not answer right now. Try again in a minute.")


class LyricsOff(SeraphimError):
    """The installation asks no service for words."""

    code = "music.lyrics_off"
    http_status = 501
    message = N_("Lyrics are switched off on this bot (SERAPHIM_LYRICS).")


class LyricsSource(Protocol):
    """Knows the words of songs. Trouble is :class:`LyricsUnavailable`."""

    name: ClassVar[str]

    async def find(self, track: Track) -> Words | None:
        """Return the words of a track, or None when nobody has written them down."""
        ...

    async def search(self, text: str, *, limit: int) -> Sequence[Words]:
        """Return what goes best with a title, an artist or a line, best first."""
        ...

    async def get(self, identifier: str) -> Words | None:
        """Return words that were found before, or None when they are gone."""
        ...

    async def ping(self) -> None:
        """Raise when the service cannot work right now; feeds the health page."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class KnowsWords(Protocol):
    """An audio backend whose nodes may know the words of what they play (Lavalink's plugin)."""

    async def find_words(self, guild_id: GuildId) -> Words | None:
        """Return the words of what plays; None when its node knows none, or does not answer."""
        ...


class LyricsBoard(Protocol):
    """Shows timed words in a message that exists already."""

    async def show(
        self,
        guild_id: GuildId,
        channel_id: ChannelId,
        message_id: MessageId,
        sheet: Sheet,
        words_id: str,
    ) -> bool:
        """Edit the message; returns whether it can still be edited."""
        ...


class NullLyrics:
    """Asks nobody, and says which setting would."""

    name: ClassVar[str] = "null"

    async def find(self, track: Track) -> Words | None:
        """Refuse, naming the setting."""
        _ = track
        raise LyricsOff

    async def search(self, text: str, *, limit: int) -> Sequence[Words]:
        """Refuse, naming the setting."""
        _ = text, limit
        raise LyricsOff

    async def get(self, identifier: str) -> Words | None:
        """Refuse, naming the setting."""
        _ = identifier
        raise LyricsOff

    async def ping(self) -> None:
        """Fine: there is nothing to reach."""

    async def close(self) -> None:
        """Nothing to let go of."""


class NullBoard:
    """Shows nothing: for an installation without messages."""

    async def show(
        self,
        guild_id: GuildId,
        channel_id: ChannelId,
        message_id: MessageId,
        sheet: Sheet,
        words_id: str,
    ) -> bool:
        """Say that there is no such message."""
        _ = guild_id, channel_id, message_id, sheet, words_id
        return False
