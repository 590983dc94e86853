"""What happens by itself: positions are stored, idle players leave, controllers move on."""

import asyncio
from dataclasses import replace

from seraphim.features.music.ports import AudioBackend, Venue
from seraphim.features.music.rules import notices
from seraphim.features.music.rules.player import Player
from seraphim.features.music.service.keeper import ControllerKeeper, position_of
from seraphim.features.music.service.playback import Playback
from seraphim.features.music.service.rooms import Room, Rooms
from seraphim.features.music.service.settings import MusicSettings
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import DatabaseError
from seraphim.kernel.ids import GuildId
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

TICK_SECONDS = 1.5
"""Positions are promised to be at most two seconds old; this leaves half a second for storing."""
TICKS_PER_REDRAW = 10
"""How often the progress bar moves by itself: every 15 seconds."""


class Upkeep:
    """One loop for all players."""

    def __init__(
        self,
        *,
        rooms: Rooms,
        playback: Playback,
        keeper: ControllerKeeper,
        audio: AudioBackend,
        venue: Venue,
        settings: GuildSettings,
        clock: Clock,
    ) -> None:
        self._rooms = rooms
        self._playback = playback
        self._keeper = keeper
        self._audio = audio
        self._venue = venue
        self._settings = settings
        self._clock = clock
        self._task: asyncio.Task[None] | None = None
        self._ticks = 0
        self._closed = False

    def start(self) -> None:
        """Begin."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="music-upkeep")

    async def close(self) -> None:
        """Stop, after storing every position once more."""
        await self.abandon()
        await self.save_positions()

    async def abandon(self) -> None:
        """Stop at once, storing nothing."""
        self._closed = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def tick(self) -> None:
        """Do one round."""
        self._ticks += 1
        await self.save_positions()
        for room in self._rooms:
            if room.loaded and room.saved is not room.player and room.saved != room.player:
                await self._store_again(room.guild_id)
            if room.player.is_here:
                await self._look_after(room)

    async def save_positions(self) -> None:
        """Store how far every playing song is, for all guilds in one unit of work."""
        now_ms = self._clock.now_ms()
        moved: list[Player] = []
        for room in self._rooms:
            if room.player.status != "playing" or room.saved is not room.player:
                continue
            position_ms = position_of(room.player, self._audio)
            if position_ms != room.player.position_ms:
                after = replace(room.player, position_ms=position_ms, position_at_ms=now_ms)
                room.player = room.saved = after
                moved.append(after)
        if moved:
            try:
                await self._rooms.save_positions(moved)
            except DatabaseError as error:
                _log.warning("music.positions_not_stored", players=len(moved), reason=str(error))

    async def check_company(self, guild_id: GuildId) -> None:
        """Pause when the last listener has left, go on when one is back."""
        room = self._rooms.find(guild_id)
        if self._closed or room is None or not room.player.is_here:
            return  # whoever leaves while the bot stops must not leave it paused for its return
        async with self._rooms.hold(guild_id) as held:
            listeners = self._listeners(held.player)
            if listeners is not None and not self._closed:
                await self._playback.hold_for(held, "company" if listeners else "alone")

    async def _run(self) -> None:
        while True:
            await self._clock.sleep(TICK_SECONDS)
            try:
                await self.tick()
            except Exception:  # noqa: BLE001 - a bad round must not end all later ones
                _log.exception("music.upkeep_failed")

    async def _store_again(self, guild_id: GuildId) -> None:
        async with self._rooms.hold(guild_id) as room:
            await self._rooms.save(room, room.player, must=False)

    async def _look_after(self, room: Room) -> None:
        listeners = self._listeners(room.player)
        if room.player.stay:
            room.idle_since = None
        elif listeners == 0 or room.player.status == "idle":
            await self._leave_when_idle(room, alone=listeners == 0)
            return
        room.idle_since = None
        if room.player.status == "playing" and self._ticks % TICKS_PER_REDRAW == 0:
            self._keeper.touch(room.guild_id)

    async def _leave_when_idle(self, room: Room, *, alone: bool) -> None:
        now = self._clock.monotonic()
        if room.idle_since is None:
            room.idle_since = now
        settings = await self._settings.get(room.guild_id, MusicSettings)
        if now - room.idle_since < settings.idle_minutes * 60:
            return
        async with self._rooms.hold(room.guild_id) as held:
            if held.player.is_here:
                await self._playback.leave(held, notices.LEFT_IDLE if alone else notices.LEFT_DONE)

    def _listeners(self, player: Player) -> int | None:
        if player.voice_channel_id is None:
            return None
        found = self._venue.room(player.guild_id, player.voice_channel_id)
        return None if found is None else found.listeners
