"""Seraphim's embedded voice in many rooms, and what it costs."""

import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import discord
import psutil

from discord_sandbox.demo_tracks import FOLDER
from seraphim.adapters.voice_embedded import EmbeddedVoice, Tuning
from seraphim.adapters.voice_embedded.tidying import give_back
from seraphim.features.music.ports import AudioEvent, Media, PlaybackStarted
from seraphim.kernel.ids import GuildId
from support.voice_hall import Hall, in_parts

OPUS = FOLDER / "hymn.opus"
MP3 = FOLDER / "groove.mp3"
SETTLE_SECONDS = 1.5
START_SECONDS = 30
FIRST_PACKET_TRIES = 15


@dataclass(frozen=True)
class Result:
    """What one run showed."""

    players: int
    late_p99_ms: float
    underruns: int
    core_percent: float
    late_p50_ms: float
    per_player_mb: float
    threads: int
    share: Mapping[str, float] = field(default_factory=dict[str, float])
    """Percent of a core by thread."""

    def summary(self) -> dict[str, float]:
        """Return the figures that are compared from version to version."""
        return {
            "players": self.players,
            "late_p99_ms": round(self.late_p99_ms, 2),
            "underruns": self.underruns,
            "core_percent": round(self.core_percent, 1),
        }


class Meter:
    """Processor time and memory of this process over a while."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._cpu = time.process_time()
        self._wall = time.monotonic()
        self._by_thread = self._thread_seconds()

    def core_percent(self) -> float:
        """Return the share of one core since the meter was made."""
        return 100 * (time.process_time() - self._cpu) / (time.monotonic() - self._wall)

    def share(self) -> dict[str, float]:
        """Return the percent of a core each kind of thread has used since the meter was made."""
        seconds = time.monotonic() - self._wall
        now = self._thread_seconds()
        return {kind: 100 * (now[kind] - self._by_thread.get(kind, 0.0)) / seconds for kind in now}

    @property
    def resident_mb(self) -> float:
        """Return the resident memory."""
        return self._process.memory_info().rss / 1e6

    @property
    def threads(self) -> int:
        """Return how many threads there are."""
        return self._process.num_threads()

    def _thread_seconds(self) -> dict[str, float]:
        names = {thread.native_id: thread.name for thread in threading.enumerate()}
        seconds: dict[str, float] = {}
        for thread in self._process.threads():
            kind = names.get(thread.id, "other").rstrip("0123456789-")
            seconds[kind] = seconds.get(kind, 0.0) + thread.user_time + thread.system_time
        return seconds


class Seraphim:
    """The embedded voice, joined to every room."""

    def __init__(self, client: discord.Client, hall: Hall, *, slots: int) -> None:
        tuning = Tuning(connect_seconds=60, slots=slots)
        self.voice = EmbeddedVoice(lambda: client, tuning=tuning)
        self._hall = hall
        self._connection_mb = 0.0
        self._started: dict[str, asyncio.Event] = {}
        self.voice.subscribe(self._on_event)

    async def _on_event(self, event: AudioEvent) -> None:
        if isinstance(event, PlaybackStarted):
            self._started[event.playback_id].set()
        else:
            sys.stderr.write(f"unexpected: {event}\n")

    async def join(self) -> None:
        """Join every room."""
        before_mb = Meter().resident_mb
        await in_parts(self.voice.connect(*room) for room in self._hall.rooms)
        self._connection_mb = (Meter().resident_mb - before_mb) / len(self._hall.rooms)

    async def first_packet_ms(self, song: Path) -> float:
        """Return the median time from the command to the first packet at the other end."""
        guild_id, channel_id = self._hall.rooms[0]
        took: list[float] = []
        for number in range(FIRST_PACKET_TRIES):
            asked = 0

            async def play(number: int = number) -> None:
                nonlocal asked
                asked = time.monotonic_ns()
                await self._play(guild_id, song, f"first-{number}")

            arrived = await self._hall.first_packet_at(channel_id, play)
            took.append((arrived - asked) / 1e6)
            await self.voice.stop(guild_id)
            await asyncio.sleep(0.15 + number * 0.007)
        return statistics.median(took)

    async def run(self, song: Path, players: int, seconds: float) -> Result:
        """Play in ``players`` rooms at once and measure; TimeoutError when not all get going."""
        give_back()
        idle_mb = Meter().resident_mb
        try:
            await self.start(song, players)
            await asyncio.sleep(SETTLE_SECONDS)
            return await self._measure(song, players, seconds, idle_mb)
        finally:
            for guild_id, _ in self._hall.rooms[:players]:
                await self.voice.stop(guild_id)

    async def _measure(self, song: Path, players: int, seconds: float, idle_mb: float) -> Result:
        before = self.voice.figures()
        self.voice.reset_lateness()
        meter = Meter()
        begin = time.monotonic()
        await asyncio.sleep(seconds)
        core_percent, share = meter.core_percent(), meter.share()
        after, took = self.voice.figures(), time.monotonic() - begin
        sent = (after.packets_sent - before.packets_sent) / players / took
        if not 49 < sent < 51:
            sys.stderr.write(f"{song.name}: {sent:.1f} packets a second and player, not 50\n")
        return Result(
            players,
            after.late_p99_ms,
            after.underruns - before.underruns,
            core_percent,
            after.extra["late_p50_ms"],
            # Some rooms are silent: of them only the connection belongs to a player.
            self._connection_mb + (meter.resident_mb - idle_mb) / players,
            meter.threads,
            share,
        )

    async def start(self, song: Path, players: int) -> None:
        """Begin the song in so many rooms; returns when the last has sent its first packet."""
        for number, (guild_id, _) in enumerate(self._hall.rooms[:players]):
            await self._play(guild_id, song, f"{song.name}-{number}")
            await asyncio.sleep(0.004)
        async with asyncio.timeout(START_SECONDS):
            for number in range(players):
                await self._started[f"{song.name}-{number}"].wait()

    async def _play(self, guild_id: GuildId, song: Path, playback_id: str) -> None:
        self._started[playback_id] = asyncio.Event()
        await self.voice.play(guild_id, Media("file", str(song)), playback_id=playback_id)
