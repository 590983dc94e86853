"""What the player does on the side, so that nobody waits for it: sentences, mostly."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from seraphim.features.music.ports import Venue
from seraphim.features.music.rules import notices
from seraphim.features.music.rules.picture import line
from seraphim.features.music.rules.queue import Entry
from seraphim.features.music.service.rooms import Room, Rooms
from seraphim.features.music.service.settings import MusicSettings
from seraphim.kernel.ids import GuildId
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

LAST_WORDS_SECONDS = 2.0


class Errands:
    """Runs work in the background, and says things in the players' text channels.

    Args:
        rooms: The players.
        venue: Where they speak.
        settings: Whether a guild wants its songs announced.
    """

    def __init__(self, rooms: Rooms, venue: Venue, settings: GuildSettings) -> None:
        self._rooms = rooms
        self._venue = venue
        self._settings = settings
        self._tasks: set[asyncio.Task[None]] = set()

    def run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin something; when it breaks, that is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def tell(self, room: Room, notice: notices.Notice) -> None:
        """Say something in the player's text channel, without waiting for it to be sent."""
        channel_id = room.player.text_channel_id
        if channel_id is not None:
            self.run(self._venue.say(room.guild_id, channel_id, notice))

    def announce(self, guild_id: GuildId, entry: Entry) -> None:
        """Say in the text channel what plays, if the guild wants that."""
        self.run(self._announce(guild_id, entry))

    async def close(self) -> None:
        """Let the last messages out, for two seconds at most."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LAST_WORDS_SECONDS)
            for task in late:
                task.cancel()

    async def _announce(self, guild_id: GuildId, entry: Entry) -> None:
        settings = await self._settings.get(guild_id, MusicSettings)
        room = self._rooms.find(guild_id)
        if settings.announce == "off" or room is None or room.player.text_channel_id is None:
            return
        notice = notices.now_playing(line(entry), silent=settings.announce == "silent")
        await self._venue.say(guild_id, room.player.text_channel_id, notice)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("music.message_failed", exc_info=error)
