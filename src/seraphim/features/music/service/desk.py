"""What every verb of music needs: the player, the channel, and whether this member may."""

from dataclasses import dataclass, replace

from seraphim.features.music.ports import AudioBackend, GuildLimits, Venue
from seraphim.features.music.rules.control import check_listener, check_room, may_steer
from seraphim.features.music.rules.errors import DjModeOn, DjOnly, NotPlaying, WrongTextChannel
from seraphim.features.music.rules.limits import MusicLimits, tighter
from seraphim.features.music.rules.player import Player, with_queue
from seraphim.features.music.rules.queue import Entry, Queue
from seraphim.features.music.service.caller import Caller
from seraphim.features.music.service.keeper import ControllerKeeper
from seraphim.features.music.service.playback import Playback
from seraphim.features.music.service.rooms import Room, Rooms
from seraphim.features.music.service.settings import MusicSettings
from seraphim.kernel.clock import Clock
from seraphim.kernel.db import Database
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId, Ids
from seraphim.kernel.settings import GuildSettings


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts that the verbs share, and the steps that several of them take."""

    db: Database
    rooms: Rooms
    playback: Playback
    keeper: ControllerKeeper
    audio: AudioBackend
    venue: Venue
    settings: GuildSettings
    guild_limits: GuildLimits
    clock: Clock
    ids: Ids

    async def limits(self, guild_id: GuildId) -> MusicLimits:
        """Return what the guild may have: the installation's limits and its own."""
        settings = await self.settings.get(guild_id, MusicSettings)
        return tighter(
            await self.guild_limits.limits(guild_id),
            queue=settings.max_queue,
            track_minutes=settings.max_track_minutes,
            playlist=settings.max_playlist,
        )

    def listeners(self, guild_id: GuildId) -> int:
        """Return how many people are in the bot's channel; 0 when it is in none."""
        here = self.audio.channel_id(guild_id)
        found = None if here is None else self.venue.room(guild_id, here)
        return 0 if found is None else found.listeners

    def channel_of(self, caller: Caller) -> ChannelId:
        """Return the voice channel the caller speaks for; raises NotInVoice or OtherChannel."""
        return check_listener(
            self.venue.channel_of(caller.guild_id, caller.user_id),
            self.audio.channel_id(caller.guild_id),
            listeners=self.listeners(caller.guild_id),
        )

    async def may_steer(self, caller: Caller) -> bool:
        """Say whether the caller may decide for all who listen."""
        settings = await self.settings.get(caller.guild_id, MusicSettings)
        return may_steer(
            dj_role=settings.dj_role,
            dj_only=settings.dj_only,
            role_ids=caller.role_ids,
            is_manager=caller.is_manager,
            listeners=self.listeners(caller.guild_id),
        )

    async def check_steering(self, caller: Caller) -> None:
        """Let only those steer who listen and may.

        Raises:
            NotInVoice, OtherChannel, DjOnly, DjModeOn, WrongTextChannel: What stands against it.
        """
        self.channel_of(caller)
        settings = await self.settings.get(caller.guild_id, MusicSettings)
        _check_text_channel(settings, caller)
        if await self.may_steer(caller):
            return
        if settings.dj_only or settings.dj_role is None:
            raise DjModeOn
        raise DjOnly(role_id=int(settings.dj_role))

    async def check_asking(self, caller: Caller) -> None:
        """Let members ask for songs, unless the guild leaves that to its DJs.

        Raises:
            DjModeOn, WrongTextChannel: What stands against it.
        """
        settings = await self.settings.get(caller.guild_id, MusicSettings)
        _check_text_channel(settings, caller)
        if settings.dj_only and not await self.may_steer(caller):
            raise DjModeOn

    async def check_place(self, caller: Caller) -> None:
        """Let listeners do what needs no right of steering, in the guild's channel for that.

        Raises:
            NotInVoice, OtherChannel, WrongTextChannel: What stands against it.
        """
        self.channel_of(caller)
        _check_text_channel(await self.settings.get(caller.guild_id, MusicSettings), caller)

    async def current(self, room: Room, caller: Caller) -> Entry:
        """Return the entry the caller may act on; raises NotPlaying when there is none."""
        if room.player.queue.current is None or not room.player.is_here:
            raise NotPlaying
        await self.check_steering(caller)
        return room.player.queue.current

    async def save(self, room: Room, after: Player) -> None:
        """Store a player's new value and let the controller show it."""
        await self.rooms.save(room, after)
        self.keeper.touch(room.guild_id)

    async def move_to(self, room: Room, queue: Queue) -> None:
        """Store a queue whose current entry is another one, and play that."""
        after = with_queue(room.player, queue, now_ms=self.clock.now_ms())
        await self.rooms.save(room, replace(after, failures=0))
        await self.playback.start(room)

    async def join(self, room: Room, caller: Caller, channel_id: ChannelId) -> bool:
        """Come into the channel; returns whether a song that was held has to be started again."""
        player = room.player
        connected = self.audio.channel_id(room.guild_id)
        if player.voice_channel_id == channel_id == connected:
            return False
        check_room(self.venue.room(room.guild_id, channel_id))
        await self.audio.connect(room.guild_id, channel_id)
        is_return = not player.is_here or connected is None
        after = replace(player, voice_channel_id=channel_id)
        if is_return:
            after = replace(
                after,
                text_channel_id=caller.text_channel_id,
                controller_message_id=None,
                controller_channel_id=None,
            )
        try:
            await self.rooms.save(room, after)
        except SeraphimError:
            if is_return:
                await self.audio.disconnect(room.guild_id)
            raise
        room.idle_since = None
        if is_return:
            self.keeper.renew(room.guild_id)
            await self.put_away_controller(player)
        return is_return

    async def put_away_controller(self, before: Player) -> None:
        """Delete the controller of an earlier session: the new one appears where people read."""
        if before.controller_message_id is not None and before.controller_channel_id is not None:
            await self.venue.remove(
                before.guild_id, before.controller_channel_id, before.controller_message_id
            )


def playing(room: Room) -> Entry:
    """Return the current entry; raises NotPlaying."""
    current = room.player.queue.current
    if current is None:
        raise NotPlaying
    return current


def _check_text_channel(settings: MusicSettings, caller: Caller) -> None:
    wanted = settings.text_channel
    if wanted is not None and caller.text_channel_id != wanted and not caller.is_manager:
        raise WrongTextChannel(channel_id=int(wanted))
