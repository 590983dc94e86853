"""Steering what plays: pause, skip, seek, loudness, sound and modes."""

from collections.abc import Callable
from dataclasses import replace

from seraphim.features.music.rules.errors import NotConnected, NotPlaying, VolumeTooHigh
from seraphim.features.music.rules.filters import Filters
from seraphim.features.music.rules.player import Autoplay, Player, paused, resumed, with_queue
from seraphim.features.music.rules.queue import Loop, advance, back, end
from seraphim.features.music.rules.times import check_place, read_place
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service.caller import Caller
from seraphim.features.music.service.desk import Desk, playing
from seraphim.features.music.service.keeper import position_of
from seraphim.features.music.service.settings import MusicSettings

type Change = Callable[[Player], Player]


class Steering:
    """The verbs that act on the song that plays, or on how songs are played."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def pause(self, caller: Caller) -> Track:
        """Hold the song. Doing it twice changes nothing."""
        desk = self._desk
        async with desk.rooms.hold(caller.guild_id) as room:
            entry = await desk.current(room, caller)
            if room.player.status == "playing" or room.player.pause_reason == "alone":
                position_ms = position_of(room.player, desk.audio)
                now_ms = desk.clock.now_ms()
                after = paused(room.player, "member", position_ms=position_ms, now_ms=now_ms)
                await desk.save(room, after)
                await desk.audio.pause(caller.guild_id)
            return entry.track

    async def resume(self, caller: Caller) -> Track:
        """Go on: from a pause, from outside the channel, or with what waits after failures."""
        desk = self._desk
        async with desk.rooms.hold(caller.guild_id) as room:
            queue = room.player.queue
            if queue.current is None and not queue.upcoming:
                raise NotPlaying
            await desk.check_steering(caller)
            is_new_here = await desk.join(room, caller, desk.channel_of(caller))
            if queue.current is None:
                await desk.move_to(room, advance(queue, "skipped"))
            elif is_new_here or room.player.playback_id is None:
                await desk.playback.start(room, position_ms=room.player.position_ms)
            elif room.player.status == "paused":
                await desk.rooms.save(room, resumed(room.player, now_ms=desk.clock.now_ms()))
                await desk.audio.resume(caller.guild_id)
            desk.keeper.touch(caller.guild_id)
            return playing(room).track

    async def skip(self, caller: Caller, *, steps: int = 1) -> tuple[Track, Track | None]:
        """Go to the next song, or several on. Returns the one that ended and the one that plays."""
        desk = self._desk
        async with desk.rooms.hold(caller.guild_id) as room:
            entry = await desk.current(room, caller)
            player = room.player
            await desk.move_to(
                room, advance(player.queue, "skipped", steps=steps, loop=player.loop)
            )
            current = room.player.queue.current
            return entry.track, None if current is None else current.track

    async def back(self, caller: Caller) -> Track:
        """Return to the song before; the present one plays after it."""
        desk = self._desk
        async with desk.rooms.hold(caller.guild_id) as room:
            await desk.check_steering(caller)
            if not room.player.is_here:
                raise NotConnected
            await desk.move_to(room, back(room.player.queue))
            return playing(room).track

    async def stop(self, caller: Caller) -> None:
        """Stop, forget the queue and leave."""
        desk = self._desk
        await desk.check_steering(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            player = room.player
            if not player.is_here and player.queue.current is None and not player.queue.upcoming:
                raise NotPlaying
            after = with_queue(player, end(player.queue), now_ms=desk.clock.now_ms())
            await desk.rooms.save(room, after)
            await desk.audio.stop(caller.guild_id)
            await desk.playback.leave(room)

    async def seek(self, caller: Caller, typed: str) -> tuple[Track, int]:
        """Jump to a place in the song, as typed; returns the song and the place, milliseconds.

        Raises:
            TimeUnclear, NotSeekable, NoPosition: Why it cannot be.
        """
        desk = self._desk
        async with desk.rooms.hold(caller.guild_id) as room:
            entry = await desk.current(room, caller)
            player = room.player
            wanted_ms = read_place(typed, now_ms=position_of(player, desk.audio))
            position_ms = check_place(entry.track, wanted_ms)
            after = replace(player, position_ms=position_ms, position_at_ms=desk.clock.now_ms())
            await desk.save(room, after)
            await desk.audio.seek(caller.guild_id, position_ms)
            return entry.track, position_ms

    async def set_volume(self, caller: Caller, percent: int) -> int:
        """Change the loudness; returns what it is now.

        Raises:
            VolumeTooHigh: Outside 0 to the guild's maximum.
        """
        desk = self._desk
        settings = await desk.settings.get(caller.guild_id, MusicSettings)
        if not 0 <= percent <= settings.max_volume:
            raise VolumeTooHigh(limit=settings.max_volume)
        await desk.check_steering(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            after = replace(room.player, volume_percent=percent, unmuted_percent=None)
            await desk.save(room, after)
            await desk.audio.set_volume(caller.guild_id, percent)
        return percent

    async def change_volume(self, caller: Caller, by_percent: int) -> int:
        """Make it louder or quieter by so much, within the guild's bounds."""
        settings = await self._desk.settings.get(caller.guild_id, MusicSettings)
        async with self._desk.rooms.hold(caller.guild_id) as room:
            now = room.player.volume_percent
        return await self.set_volume(caller, min(settings.max_volume, max(0, now + by_percent)))

    async def set_muted(self, caller: Caller, *, muted: bool) -> int:
        """Fall silent, or return to the loudness before; returns the loudness now.

        Doing either twice changes nothing: two people may press the same button at once.
        """
        desk = self._desk
        await desk.check_steering(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            player = room.player
            if muted == (player.unmuted_percent is not None):
                return player.volume_percent
            if player.unmuted_percent is None:
                after = replace(player, volume_percent=0, unmuted_percent=player.volume_percent)
            else:
                after = replace(player, volume_percent=player.unmuted_percent, unmuted_percent=None)
            await desk.save(room, after)
            await desk.audio.set_volume(caller.guild_id, after.volume_percent)
            return after.volume_percent

    async def set_filters(self, caller: Caller, filters: Filters) -> None:
        """Change the sound, of what plays at once and of all that follows."""
        desk = self._desk
        await desk.check_steering(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            position_ms = position_of(room.player, desk.audio)
            after = replace(
                room.player,
                filters=filters,
                position_ms=position_ms,
                position_at_ms=desk.clock.now_ms(),
            )
            await desk.save(room, after)
            await desk.audio.set_filters(caller.guild_id, filters)

    async def set_loop(self, caller: Caller, loop: Loop) -> None:
        """Repeat nothing, the song, or the queue."""
        await self._change(caller, lambda player: replace(player, loop=loop))

    async def set_autoplay(self, caller: Caller, autoplay: Autoplay) -> None:
        """Decide what plays by itself when the queue has run out."""
        await self._change(caller, lambda player: replace(player, autoplay=autoplay))

    async def toggle_stay(self, caller: Caller) -> bool:
        """Stay in the channel for good, or leave again when idle; returns what holds now."""
        after = await self._change(caller, lambda player: replace(player, stay=not player.stay))
        return after.stay

    async def check(self, caller: Caller) -> None:
        """Say before a form is filled in whether it may be sent; raises like every verb."""
        await self._desk.check_steering(caller)

    async def _change(self, caller: Caller, change: Change) -> Player:
        desk = self._desk
        await desk.check_steering(caller)
        async with desk.rooms.hold(caller.guild_id) as room:
            await desk.save(room, change(room.player))
            return room.player
