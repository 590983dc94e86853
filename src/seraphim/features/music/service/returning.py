"""After a restart: back into every voice channel, at the place where the music broke off."""

import asyncio

from seraphim.features.music.ports import AudioBackend, Venue, VoiceUnavailable
from seraphim.features.music.rules import notices
from seraphim.features.music.rules.control import check_room
from seraphim.features.music.service.keeper import ControllerKeeper
from seraphim.features.music.service.playback import Playback
from seraphim.features.music.service.rooms import Room, Rooms
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

UNHEARD_MS = 400
"""So much may have been sent to a voice server that had let go of the bot already: played again."""
AT_ONCE = 16
"""Voice connections opened at the same time; Discord bounds how fast a shard may ask for them."""


class Returning:
    """Takes up every player that was in a voice channel when the last process ended."""

    def __init__(
        self,
        *,
        rooms: Rooms,
        playback: Playback,
        keeper: ControllerKeeper,
        audio: AudioBackend,
        venue: Venue,
    ) -> None:
        self._rooms = rooms
        self._playback = playback
        self._keeper = keeper
        self._audio = audio
        self._venue = venue
        self._has_begun = False
        playback.return_by(self.again)

    async def all(self) -> None:
        """Return to every guild; one that fails says so in its channel and stops no other."""
        self._has_begun = True
        guild_ids = await self._rooms.present_guilds()
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(guild_id: GuildId) -> None:
            async with turn:
                await self._to(guild_id)

        await asyncio.gather(*(one(guild_id) for guild_id in guild_ids))

    async def to(self, guild_id: GuildId) -> None:
        """Return to one guild, if its player was in a channel and is not there yet.

        Guilds that arrive before :meth:`all` wait for it: the connection is not ready yet. Those
        out of service stay as stored, and are taken up when they come back.
        """
        if self._has_begun:
            await self._to(guild_id, again_ms=UNHEARD_MS)

    async def _to(self, guild_id: GuildId, *, again_ms: int = 0) -> None:
        if not self._venue.knows(guild_id):
            return
        try:
            async with self._rooms.hold(guild_id) as room:
                channel_id = room.player.voice_channel_id
                if channel_id is not None and self._audio.channel_id(guild_id) is None:
                    await self._return(room, channel_id, again_ms)
        except SeraphimError:
            _log.exception("music.return_failed", guild_id=guild_id)

    async def again(self, guild_id: GuildId) -> bool:
        """Return after a lost connection; False when that did not work yet."""
        async with self._rooms.hold(guild_id) as room:
            channel_id = room.player.voice_channel_id
            if channel_id is None or self._audio.channel_id(guild_id) is not None:
                return True
            try:
                await self._enter(room, channel_id, again_ms=UNHEARD_MS)
            except SeraphimError as error:
                _log.info("music.not_back_yet", guild_id=guild_id, reason=str(error))
                return False
            return True

    async def _return(self, room: Room, channel_id: ChannelId, again_ms: int) -> None:
        try:
            await self._enter(room, channel_id, again_ms=again_ms)
        except VoiceUnavailable as error:  # Discord is not ready for us yet
            _log.info("music.not_back_yet", guild_id=room.guild_id, reason=str(error))
            self._playback.return_later(room.guild_id)
        except SeraphimError as error:
            await self._playback.leave(room, notices.could_not_return(str(error)))

    async def _enter(self, room: Room, channel_id: ChannelId, *, again_ms: int = 0) -> None:
        found = check_room(self._venue.room(room.guild_id, channel_id))
        await self._audio.connect(room.guild_id, channel_id)
        player = room.player
        held = player.status == "paused"
        if player.queue.current is not None:
            position_ms = max(0, player.position_ms - again_ms)
            await self._playback.start(room, position_ms=position_ms, held=held)
        await self._playback.hold_for(room, "company" if found.listeners else "alone")
        self._keeper.touch(room.guild_id)
