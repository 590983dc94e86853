"""Seraphim's embedded voice and discord.py's own player in many rooms, and what they cost."""

import asyncio
import statistics
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import av
import discord
import psutil

from discord_sandbox.demo_tracks import FOLDER
from seraphim.adapters.voice_embedded import EmbeddedVoice, Tuning
from seraphim.features.music.ports import AudioEvent, Media, PlaybackStarted
from seraphim.kernel.ids import ChannelId, GuildId
from support.voice_hall import Hall, in_parts

OPUS = FOLDER / "hymn.opus"
MP3 = FOLDER / "groove.mp3"
SETTLE_SECONDS = 1.5
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

    def __init__(self, client: discord.Client, hall: Hall) -> None:
        self.voice = EmbeddedVoice(lambda: client, tuning=Tuning(connect_seconds=60))
        self._hall = hall
        self._started: dict[str, asyncio.Event] = {}
        self.voice.subscribe(self._on_event)

    async def _on_event(self, event: AudioEvent) -> None:
        if isinstance(event, PlaybackStarted):
            self._started[event.playback_id].set()
        else:
            sys.stderr.write(f"unexpected: {event}\n")

    async def join(self) -> None:
        """Join every room."""
        await in_parts(self.voice.connect(*room) for room in self._hall.rooms)

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

    async def run(self, song: Path, players: int, seconds: float, base_mb: float) -> Result:
        """Play in ``players`` rooms at once and measure."""
        rooms = self._hall.rooms[:players]
        await self.start(song, players)
        await asyncio.sleep(SETTLE_SECONDS)
        before = self.voice.figures()
        self.voice.reset_lateness()
        meter = Meter()
        await asyncio.sleep(seconds)
        core_percent, share = meter.core_percent(), meter.share()
        after = self.voice.figures()
        result = Result(
            players,
            after.late_p99_ms,
            after.underruns - before.underruns,
            core_percent,
            after.extra["late_p50_ms"],
            (meter.resident_mb - base_mb) / players,
            meter.threads,
            share,
        )
        sent = (after.packets_sent - before.packets_sent) / players / seconds
        if not 49 < sent < 51:
            sys.stderr.write(f"{song.name}: {sent:.1f} packets a second and player, not 50\n")
        for guild_id, _ in rooms:
            await self.voice.stop(guild_id)
        return result

    async def start(self, song: Path, players: int) -> None:
        """Begin the song in so many rooms; returns when the last has sent its first packet."""
        for number, (guild_id, _) in enumerate(self._hall.rooms[:players]):
            await self._play(guild_id, song, f"{song.name}-{number}")
            await asyncio.sleep(0.004)
        async with asyncio.timeout(60):
            for number in range(players):
                await self._started[f"{song.name}-{number}"].wait()

    async def _play(self, guild_id: GuildId, song: Path, playback_id: str) -> None:
        self._started[playback_id] = asyncio.Event()
        await self.voice.play(guild_id, Media("file", str(song)), playback_id=playback_id)


class OpusFile(discord.AudioSource):
    """The same file for discord.py's player, which reads in its own thread."""

    def __init__(self, path: Path) -> None:
        self._container = av.open(str(path))
        self._packets = self._container.demux(audio=0)

    def read(self) -> bytes:
        """Return the next packet."""
        return bytes(next(self._packets))

    def is_opus(self) -> bool:
        """Say that nothing needs to be encoded."""
        return True


class MeteredVoiceClient(discord.VoiceClient):
    """discord.py's client, noting when each packet is handed over."""

    def __init__(self, client: discord.Client, channel: discord.abc.Connectable) -> None:
        super().__init__(client, channel)
        self.sent_at: list[float] = []

    def send_audio_packet(self, data: bytes, *, encode: bool = True) -> None:
        """Send as the library does, then look at the clock."""
        super().send_audio_packet(data, encode=encode)
        self.sent_at.append(time.monotonic())


async def run_bare(
    client: discord.Client, hall: Hall, players: int, seconds: float, base_mb: float
) -> Result:
    """Play Opus in ``players`` rooms with discord.py alone and measure."""
    voices: list[MeteredVoiceClient] = []

    async def join(channel_id: ChannelId) -> None:
        channel = client.get_channel(channel_id)
        assert isinstance(channel, discord.VoiceChannel)  # noqa: S101  # it was made as one
        voices.append(await channel.connect(cls=MeteredVoiceClient, timeout=60, self_deaf=True))

    await in_parts(join(channel_id) for _, channel_id in hall.rooms[:players])
    for voice in voices:
        voice.play(OpusFile(OPUS), after=lambda _: None)
        await asyncio.sleep(0.004)
    await asyncio.sleep(SETTLE_SECONDS)
    meter, begin = Meter(), time.monotonic()
    await asyncio.sleep(seconds)
    core_percent, end = meter.core_percent(), time.monotonic()
    late: list[float] = []
    for voice in voices:
        # discord.py has no grid of its own; each player's is laid through its quickest packet.
        offsets = [at - 0.02 * index for index, at in enumerate(tuple(voice.sent_at))]
        measured = [
            offset for offset, at in zip(offsets, voice.sent_at, strict=False) if begin <= at <= end
        ]
        late += [(offset - min(measured)) * 1000 for offset in measured]
    result = Result(
        players,
        statistics.quantiles(late, n=100)[98],
        sum(1 for value in late if value > 20),
        core_percent,
        statistics.median(late),
        (meter.resident_mb - base_mb) / players,
        threading.active_count(),
    )
    await in_parts(voice.disconnect(force=True) for voice in voices)
    return result
