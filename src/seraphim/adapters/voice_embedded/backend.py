"""The audio backend that needs nothing but this process."""

import asyncio
from collections.abc import Callable, Mapping
from typing import ClassVar, Final

import aiohttp
import discord

from seraphim.adapters.voice_embedded.opening import House
from seraphim.adapters.voice_embedded.pacer import Pacer
from seraphim.adapters.voice_embedded.playback import Playback
from seraphim.adapters.voice_embedded.session import Session
from seraphim.adapters.voice_embedded.tidying import give_back
from seraphim.adapters.voice_embedded.tuning import Tuning
from seraphim.adapters.voice_embedded.workers import Workers
from seraphim.features.music.ports import (
    NO_FILTERS,
    AudioFigures,
    AudioListener,
    Filters,
    HttpFetcher,
    Media,
    VoiceUnavailable,
)
from seraphim.kernel.ids import ChannelId, GuildId

NOT_CONNECTED: Final = "I am not in a voice channel. Use /join first."
CHANNEL_GONE: Final = "That voice channel is gone, or I cannot see it."
NO_ANSWER: Final = (
    "Discord did not let me into the voice channel in time. It may be full, or Discord's voice "
    "servers may be in trouble; try again in a moment."
)
_TIDY_SECONDS: Final = 60.0
BROKEN: Final = "The voice connection could not be made. Try again in a moment."


class EmbeddedVoice:
    """Plays through discord.py's voice connections, paced by one thread for all guilds.

    All methods belong on the client's event loop. Threads start with the first connection.

    Args:
        client: Returns the Discord client whose guilds are played in; called late, because the
            client is made after the features it serves.
        fetcher: Opens ``Media(kind="http")``; without one such media fail with a sentence.
        tuning: Sizes and times.
    """

    name: ClassVar[str] = "embedded"
    plays_on: ClassVar[bool] = False

    def __init__(
        self,
        client: Callable[[], discord.Client],
        *,
        fetcher: HttpFetcher | None = None,
        tuning: Tuning | None = None,
    ) -> None:
        tuning = tuning or Tuning()
        self._client = client
        self._house = House(
            pacer=Pacer(tuning),
            disk=Workers(tuning.workers, name="voice-disk"),
            network=Workers(tuning.http_workers, name="voice-http"),
            tuning=tuning,
            fetcher=fetcher,
        )
        self._sessions: dict[GuildId, Session] = {}
        self._doors: dict[GuildId, asyncio.Lock] = {}
        self._tidying: asyncio.TimerHandle | None = None
        self._past: dict[str, int] = {"packets": 0, "underruns": 0, "lost": 0}

    def subscribe(self, listener: AudioListener) -> None:
        """Send every event to ``listener``; a guild's events arrive one after the other."""
        self._house.listener = listener

    async def connect(self, guild_id: GuildId, channel_id: ChannelId) -> None:
        """Join, or move to, a voice channel; raises VoiceUnavailable. Idempotent."""
        channel = self._client().get_channel(channel_id)
        if not isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            raise VoiceUnavailable(CHANNEL_GONE)
        self._start()
        async with self._door(guild_id):
            session = self._sessions.get(guild_id)
            if session is None or session.is_leaving:
                session = Session(self._house, guild_id, self._forget)
            try:
                await session.join(channel)
            except TimeoutError as error:
                raise VoiceUnavailable(NO_ANSWER) from error
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                raise VoiceUnavailable(BROKEN) from error
            self._sessions[guild_id] = session

    async def disconnect(self, guild_id: GuildId) -> None:
        """Stop and leave; does nothing when not connected. Waits for a join under way."""
        async with self._door(guild_id):
            session = self._sessions.get(guild_id)
            if session is not None:
                await session.leave()

    async def play(
        self,
        guild_id: GuildId,
        media: Media,
        *,
        playback_id: str,
        position_ms: int = 0,
        volume_percent: int = 100,
        filters: Filters = NO_FILTERS,
        paused: bool = False,
    ) -> None:
        """Replace what is playing; trouble with the medium arrives as PlaybackFailed.

        Raises:
            VoiceUnavailable: The bot is in no voice channel of this guild.
        """
        self._session(guild_id).play(
            Playback(playback_id, media, max(0, position_ms), volume_percent, filters, paused)
        )

    async def pause(self, guild_id: GuildId) -> None:
        """Fall silent and hold the position; does nothing when not connected."""
        if (session := self._sessions.get(guild_id)) is not None:
            session.pause()

    async def resume(self, guild_id: GuildId) -> None:
        """Go on from the held position; does nothing when not connected."""
        if (session := self._sessions.get(guild_id)) is not None:
            session.resume()

    async def stop(self, guild_id: GuildId) -> None:
        """End the playback without an event; stays in the channel."""
        if (session := self._sessions.get(guild_id)) is not None:
            session.stop()

    async def seek(self, guild_id: GuildId, position_ms: int) -> None:
        """Jump within the media that is playing; does nothing when not connected."""
        if (session := self._sessions.get(guild_id)) is not None:
            session.seek(position_ms)

    async def set_volume(self, guild_id: GuildId, volume_percent: int) -> None:
        """Change the loudness, heard within a tenth of a second."""
        if (session := self._sessions.get(guild_id)) is not None:
            session.set_volume(volume_percent)

    async def set_filters(self, guild_id: GuildId, filters: Filters) -> None:
        """Change the sound of what is playing; does nothing when nothing plays."""
        if (session := self._sessions.get(guild_id)) is not None:
            session.set_filters(filters)

    def position_ms(self, guild_id: GuildId) -> int | None:
        """Return how far the playback is, or None when nothing is loaded."""
        session = self._sessions.get(guild_id)
        return session.position_ms if session is not None else None

    def channel_id(self, guild_id: GuildId) -> ChannelId | None:
        """Return the voice channel the bot is in, or None."""
        session = self._sessions.get(guild_id)
        return session.channel_id if session is not None else None

    def figures(self) -> AudioFigures:
        """Return what the pacer and the players have measured."""
        lanes = [it.lane for it in self._sessions.values() if it.lane is not None]
        pacer = self._house.pacer
        lost = sum(it.lost_packets for it in self._sessions.values())
        return AudioFigures(
            players=len(self._sessions),
            playing=sum(lane.playing for lane in lanes),
            packets_sent=self._past["packets"] + sum(lane.packets_sent for lane in lanes),
            underruns=self._past["underruns"] + sum(lane.underruns for lane in lanes),
            late_p99_ms=pacer.lateness.quantile_ms(0.99),
            extra={
                "late_p50_ms": pacer.lateness.quantile_ms(0.5),
                "transcoding": float(sum(it.transcoding for it in self._sessions.values())),
                "packets_lost": float(self._past["lost"] + lost),
                "lanes_crashed": float(pacer.crashed_lanes),
            },
        )

    def reset_lateness(self) -> None:
        """Forget the lateness measured so far; for benchmarks, after the start-up."""
        self._house.pacer.lateness.reset()

    async def close(self) -> None:
        """Stop every player and leave every channel, within five seconds."""
        await asyncio.gather(*(it.leave() for it in tuple(self._sessions.values())))
        if self._tidying is not None:
            self._tidying.cancel()
        self._house.pacer.stop()
        self._house.disk.stop()
        self._house.network.stop()

    def sessions(self) -> Mapping[GuildId, Session]:
        """Return the sessions by guild; for tests and benchmarks."""
        return self._sessions

    def _door(self, guild_id: GuildId) -> asyncio.Lock:
        """Return what lets one join or leave of a guild happen at a time."""
        return self._doors.setdefault(guild_id, asyncio.Lock())

    def _session(self, guild_id: GuildId) -> Session:
        session = self._sessions.get(guild_id)
        if session is None:
            raise VoiceUnavailable(NOT_CONNECTED)
        return session

    def _start(self) -> None:
        self._house.pacer.start()
        self._house.disk.start()
        self._house.network.start()
        if self._tidying is None:
            self._tidy_later()

    def _tidy_later(self) -> None:
        self._tidying = asyncio.get_running_loop().call_later(_TIDY_SECONDS, self._tidy)

    def _tidy(self) -> None:
        """Have free memory given back, once a minute while somebody may be playing."""
        self._tidying = None
        if self._sessions:
            self._house.disk.submit(give_back)
            self._tidy_later()

    def _forget(self, session: Session) -> None:
        """Keep the sums of a session that is over."""
        for guild_id, known in tuple(self._sessions.items()):
            if known is session:
                del self._sessions[guild_id]
                if session.lane is not None:
                    self._past["packets"] += session.lane.packets_sent
                    self._past["underruns"] += session.lane.underruns
                self._past["lost"] += session.lost_packets
