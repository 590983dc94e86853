"""Skips the parts of a video that are not the song."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from seraphim.features.music.ports.segments import (
    PartSkipped,
    PartsKnown,
    SegmentSource,
    SkipsByItself,
)
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.segments import (
    END_MARGIN_MS,
    Segment,
    SegmentCategory,
    merged,
    segment_at,
    video_id_of,
)
from seraphim.features.music.service.desk import Desk
from seraphim.features.music.service.keeper import position_of
from seraphim.features.music.service.rounds import Rounds
from seraphim.features.music.service.settings import MusicSettings
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import GuildId
from seraphim.kernel.telemetry import get_logger

_log = get_logger(__name__)

LOOK_SECONDS = 0.5


@dataclass(slots=True)
class _Known:
    playback_id: str
    segments: tuple[Segment, ...] | None = None
    """None while the service is asked."""
    skipped: Segment | None = None
    task: asyncio.Task[None] | None = None
    is_nodes: bool = False
    """A node skips what the guild does not want to hear."""


class Skipping:
    """Watches the players whose song is a video, and jumps over what the guild does not want.

    A member who jumps back into such a part hears it: each is skipped only when its beginning is
    reached, and where a part lies behind that is no beginning.

    Where a node knows the parts, it skips them, and only what it says is shown.

    Args:
        desk: What all verbs share.
        source: Knows the parts.
    """

    def __init__(self, desk: Desk, source: SegmentSource) -> None:
        self._desk = desk
        self._source = source
        self._known: dict[GuildId, _Known] = {}
        self._notes: set[asyncio.Task[None]] = set()
        self._rounds = Rounds("music-segments", desk.clock, LOOK_SECONDS, self.look)
        if isinstance(desk.audio, SkipsByItself):
            desk.audio.skip_parts(self._wanted, self._told)

    def start(self) -> None:
        """Begin."""
        self._rounds.start()

    async def close(self) -> None:
        """Stop."""
        await self._rounds.close()
        tasks = [known.task for known in self._known.values() if known.task is not None]
        tasks += self._notes
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._source.close()

    @property
    def is_asking(self) -> bool:
        """Whether the service has been asked and has not answered yet."""
        return any(known.task is not None for known in self._known.values())

    def skipped(self, player: Player) -> Segment | None:
        """Return what was skipped last in the song that plays, for the controller."""
        known = self._known.get(player.guild_id)
        if known is None or known.playback_id != player.playback_id:
            return None
        return known.skipped

    async def look(self) -> None:
        """Jump where a part has begun; ask about songs that have begun."""
        for guild_id in [each for each in self._known if self._desk.rooms.find(each) is None]:
            del self._known[guild_id]
        for room in self._desk.rooms:
            player = room.player
            current = player.queue.current
            video = None if current is None else video_id_of(current.track)
            if video is None or player.status != "playing" or player.playback_id is None:
                continue
            known = self._known.get(room.guild_id)
            if known is None or known.playback_id != player.playback_id:
                known = self._known[room.guild_id] = _Known(player.playback_id)
                known.task = asyncio.create_task(self._ask(room.guild_id, known, video))
            elif known.segments and segment_at(
                known.segments, position_of(player, self._desk.audio)
            ):
                await self._skip(room.guild_id, known)

    async def _ask(self, guild_id: GuildId, known: _Known, video: str) -> None:
        try:
            wanted = await self._wanted(guild_id)
            found = await self._source.find(video) if wanted else ()
            if not known.is_nodes:
                known.segments = merged(found, wanted)
        except SeraphimError as error:
            _log.info("music.plays_whole", guild_id=guild_id, reason=str(error))
        finally:
            known.task = None

    async def _wanted(self, guild_id: GuildId) -> Sequence[SegmentCategory]:
        return (await self._desk.settings.get(guild_id, MusicSettings)).skipped_parts

    def _told(self, event: PartsKnown | PartSkipped) -> None:
        """Leave the parts to the node that knows them, and show what it has skipped."""
        known = self._known.get(event.guild_id)
        if known is None or known.playback_id != event.playback_id:
            known = self._known[event.guild_id] = _Known(event.playback_id)
        known.is_nodes, known.segments = True, ()
        if isinstance(event, PartSkipped):
            known.skipped = event.part
            note = asyncio.create_task(self._note(event), name="music-segments-note")
            self._notes.add(note)
            note.add_done_callback(self._notes.discard)

    async def _note(self, event: PartSkipped) -> None:
        """Store where the node has jumped to, and show it."""
        desk = self._desk
        try:
            async with desk.rooms.hold(event.guild_id) as room:
                player = room.player
                if player.playback_id == event.playback_id:
                    position_ms = position_of(player, desk.audio)
                    now_ms = desk.clock.now_ms()
                    after = replace(player, position_ms=position_ms, position_at_ms=now_ms)
                    await desk.rooms.save(room, after, must=False)
                    desk.keeper.touch(event.guild_id)
        except SeraphimError as error:
            _log.warning("music.skip_not_stored", guild_id=event.guild_id, reason=str(error))

    async def _skip(self, guild_id: GuildId, known: _Known) -> None:
        """Jump behind the part, unless the song has changed or has been held in between."""
        desk = self._desk
        async with desk.rooms.hold(guild_id) as room:
            player = room.player
            current = player.queue.current
            if player.playback_id != known.playback_id or player.status != "playing":
                return
            part = segment_at(known.segments or (), position_of(player, desk.audio))
            if part is None or current is None:
                return
            target_ms = part.end_ms
            if current.track.duration_ms is not None:
                target_ms = min(target_ms, max(0, current.track.duration_ms - END_MARGIN_MS))
            if target_ms <= part.start_ms:
                return
            known.skipped = part
            after = replace(player, position_ms=target_ms, position_at_ms=desk.clock.now_ms())
            await desk.rooms.save(room, after, must=False)
            await desk.audio.seek(guild_id, target_ms)
            desk.keeper.touch(guild_id)
