"""A guild with a player, on each database engine."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from tests.features.music.fake_listening import FakeBoard, FakeLyrics, FakeSegments
from tests.features.music.fakes import FakeAudioBackend, FakeSource, FakeVenue

from seraphim.features.music import store
from seraphim.features.music.ports import SameLimits, TrackSource
from seraphim.features.music.rules.control import VoiceRoom
from seraphim.features.music.rules.player import Player
from seraphim.features.music.rules.track import Track
from seraphim.features.music.service import Caller, Music, MusicParts, Steering, assemble
from seraphim.kernel.bus import InProcessBus
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.db import Database
from seraphim.kernel.dice import SeededDice
from seraphim.kernel.ids import ChannelId, GuildId, SequenceIds, UserId
from seraphim.kernel.settings import GuildSettings
from seraphim.kernel.telemetry import Metrics

GUILD = GuildId(1)
MUSIC_ROOM, LOUNGE = ChannelId(10), ChannelId(11)
TEXT = ChannelId(20)
ALICE, BOB, STRANGER = UserId(100), UserId(101), UserId(102)


def song(name: str, *, seconds: int = 180, stream: bool = False) -> Track:
    duration = None if stream else seconds * 1000
    return Track("library", f"{name}.opus", name.title(), duration_ms=duration, is_stream=stream)


def caller(user_id: UserId = ALICE) -> Caller:
    return Caller(GUILD, user_id, TEXT)


@dataclass
class Stage:
    """One process's music, and everything around it."""

    db: Database
    clock: ManualClock
    audio: FakeAudioBackend
    source: FakeSource
    venue: FakeVenue
    settings: GuildSettings
    parts: MusicParts
    ids: SequenceIds
    sources: list[TrackSource]
    lyrics: FakeLyrics
    board: FakeBoard
    segments: FakeSegments
    running: list[MusicParts] = field(default_factory=list[MusicParts])

    @property
    def music(self) -> Music:
        return self.parts.music

    @property
    def steering(self) -> Steering:
        return self.parts.steering

    async def player(self) -> Player:
        return await self.music.look(GUILD)

    async def stored(self) -> Player | None:
        return await self.db.read(store.find_player, GUILD)

    async def titles(self) -> list[str]:
        """The current song and what waits, as the database has them."""
        stored = await self.stored()
        assert stored is not None
        current = [stored.queue.current] if stored.queue.current else []
        return [entry.track.title for entry in (*current, *stored.queue.upcoming)]

    async def restart(self, *, kill: bool) -> None:
        """End this process, by force or in order, and start the next one on the same data."""
        if kill:
            await self.parts.upkeep.abandon()
            await self.parts.listening.abandon()
            for part in (self.parts.automatic, self.parts.lyrics, self.parts.skipping):
                await part.close()
            await self.parts.keeper.close()
        else:
            await self.parts.stop()
        self.audio = FakeAudioBackend(self.clock)
        self.parts = self._assemble()
        await self.parts.start()

    async def begin(self) -> None:
        self.parts = self._assemble()
        await self.parts.start()

    def _assemble(self) -> MusicParts:
        parts = assemble(
            db=self.db,
            settings=self.settings,
            clock=self.clock,
            ids=self.ids,
            dice=SeededDice(1),
            metrics=Metrics(),
            limits=SameLimits(),
            audio=self.audio,
            sources=self.sources,
            venue=self.venue,
            lyrics=self.lyrics,
            board=self.board,
            segments=self.segments,
        )
        self.running.append(parts)
        return parts


@pytest.fixture
async def stage(database: Database) -> AsyncIterator[Stage]:
    clock = ManualClock()
    ids = SequenceIds()
    settings = GuildSettings(database, InProcessBus(), clock, ids)
    audio = FakeAudioBackend(clock)
    source = FakeSource(*(song(name) for name in ("one", "two", "three", "four", "five")))
    venue = FakeVenue(
        rooms={
            MUSIC_ROOM: VoiceRoom(MUSIC_ROOM, "Music"),
            LOUNGE: VoiceRoom(LOUNGE, "Lounge"),
        },
        members={ALICE: MUSIC_ROOM, BOB: MUSIC_ROOM},
    )
    made = Stage.__new__(Stage)
    made.db, made.clock, made.audio, made.source = database, clock, audio, source
    made.sources = [source]
    made.venue, made.settings, made.ids, made.running = venue, settings, ids, []
    made.lyrics, made.board, made.segments = FakeLyrics(), FakeBoard(), FakeSegments()
    await made.begin()
    yield made
    for parts in made.running:
        await parts.stop()
