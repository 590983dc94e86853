"""What every audio backend promises.

One body, run on the fake that the service's tests rely on and on the real backend: a discord.py
client in a local Discord, with an ear in the voice channel.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest
from tests.adapters.lavalink.conftest import lavalink_stage
from tests.adapters.voice_embedded.conftest import Room, hear
from tests.adapters.voice_embedded.conftest import room as embedded_room  # noqa: F401  # pyright: ignore[reportUnusedImport]  # a fixture
from tests.adapters.voice_embedded.sounds import write
from tests.features.music.fakes import FakeAudioBackend

from discord_sandbox.voice.taps import VoiceTap
from seraphim.features.music.ports import (
    NO_FILTERS,
    AudioBackend,
    AudioEvent,
    Filters,
    Media,
    NullAudioBackend,
    PlaybackEnded,
    PlaybackFailed,
    VoiceUnavailable,
)
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId

SONG_SECONDS = 10
NEAR_THE_END_MS = 9_700
PACKET_MS = 20
QUIET_SECONDS = 0.3
WAIT_SECONDS = 10


class Stage(Protocol):
    """A backend with a guild to play in, and what makes its time pass."""

    backend: AudioBackend
    guild: GuildId
    room: ChannelId
    other_room: ChannelId
    song: Media
    tolerance_ms: int
    """How far a position may be ahead of what was heard."""
    endings: list[AudioEvent]
    """Every end and failure of a playback so far."""

    async def sound(self, milliseconds: int) -> None:
        """Let the song sound for so long."""
        ...

    async def quiet(self) -> None:
        """Let time pass in which nothing may sound."""
        ...

    async def finish(self) -> None:
        """Let the song come to its end."""
        ...


class FakeStage:
    """The fake on a clock that the test moves."""

    def __init__(self) -> None:
        self._clock = ManualClock()
        self._fake = FakeAudioBackend(self._clock)
        self.backend: AudioBackend = self._fake
        self.guild, self.room, self.other_room = GuildId(1), ChannelId(10), ChannelId(11)
        self.song = Media("file", "/library/song.opus")
        self.tolerance_ms = 0
        self.endings: list[AudioEvent] = []
        self.backend.subscribe(self._listen)

    async def sound(self, milliseconds: int) -> None:
        await self._clock.advance(milliseconds / 1000)

    async def quiet(self) -> None:
        await self._clock.advance(2)

    async def finish(self) -> None:
        await self._fake.finish(self.guild)

    async def _listen(self, event: AudioEvent) -> None:
        if isinstance(event, PlaybackEnded | PlaybackFailed):
            self.endings.append(event)


class HeardStage:
    """A real backend; its time passes as packets arrive at the other end."""

    def __init__(
        self,
        backend: AudioBackend,
        guild: GuildId,
        rooms: tuple[ChannelId, ChannelId],
        song: Path,
        tap: VoiceTap,
        *,
        tolerance_ms: int = 150,
        more_packets: int = 0,
    ) -> None:
        self._tap = tap
        self._more_packets = more_packets
        self._ended = asyncio.Event()
        self.backend = backend
        self.guild, (self.room, self.other_room) = guild, rooms
        self.song = Media("file", str(song))
        self.tolerance_ms = tolerance_ms
        self.endings: list[AudioEvent] = []
        self.backend.subscribe(self._listen)

    async def sound(self, milliseconds: int) -> None:
        await hear(self._tap, milliseconds // PACKET_MS + self._more_packets, silence=False)

    async def quiet(self) -> None:
        """Read what is on its way and the frames of silence; then nothing may come."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                try:
                    await asyncio.wait_for(self._tap.get(), QUIET_SECONDS)
                except TimeoutError:
                    return

    async def finish(self) -> None:
        await self.backend.seek(self.guild, NEAR_THE_END_MS)
        await asyncio.wait_for(self._ended.wait(), WAIT_SECONDS)

    async def _listen(self, event: AudioEvent) -> None:
        if isinstance(event, PlaybackEnded | PlaybackFailed):
            self.endings.append(event)
            self._ended.set()


@pytest.fixture
def fake_stage() -> FakeStage:
    return FakeStage()


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contract")
    return write(folder / "song.opus", "libopus", seconds=SONG_SECONDS)


@pytest.fixture
async def embedded_stage(
    embedded_room: Room,  # noqa: F811  # the fixture of that name
    song: Path,
) -> AsyncIterator[HeardStage]:
    room = embedded_room
    with room.listen() as tap:
        yield HeardStage(room.voice, room.guild_id, (room.music, room.lounge), song, tap)


@pytest.fixture
async def node_stage(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[HeardStage]:
    """Lavalink's: what it says of a position between two words of the node is an estimate."""
    async with lavalink_stage(tmp_path, song.parent, monkeypatch) as opened:
        with opened.listen() as tap:
            rooms = opened.music, opened.lounge
            yield HeardStage(
                *(opened.audio, opened.guild_id, rooms, song, tap),
                tolerance_ms=400,
                more_packets=4,
            )


@pytest.fixture(params=["fake_stage", "embedded_stage", "node_stage"])
def stage(request: pytest.FixtureRequest) -> Stage:
    """Each backend in turn."""
    opened: Stage = request.getfixturevalue(request.param)
    return opened


def _near(stage: Stage, milliseconds: int, *, early_ms: int = 0) -> bool:
    position = stage.backend.position_ms(stage.guild)
    return position is not None and -early_ms <= position - milliseconds <= stage.tolerance_ms


async def test_joining_is_idempotent_and_moves(stage: Stage) -> None:
    backend, guild = stage.backend, stage.guild
    assert backend.channel_id(guild) is None
    await backend.connect(guild, stage.room)
    await backend.connect(guild, stage.room)
    assert backend.channel_id(guild) == stage.room
    assert backend.figures().players == 1
    await backend.connect(guild, stage.other_room)
    assert backend.channel_id(guild) == stage.other_room
    await backend.disconnect(guild)
    await backend.disconnect(guild)
    assert backend.channel_id(guild) is None
    assert backend.figures().players == 0


async def test_playing_needs_a_channel(stage: Stage) -> None:
    with pytest.raises(VoiceUnavailable):
        await stage.backend.play(stage.guild, stage.song, playback_id="p1")


async def test_the_position_advances_only_while_it_sounds(stage: Stage) -> None:
    backend, guild = stage.backend, stage.guild
    await backend.connect(guild, stage.room)
    assert backend.position_ms(guild) is None
    await backend.play(guild, stage.song, playback_id="p1", position_ms=5_000)
    await stage.sound(1_000)
    assert _near(stage, 6_000)
    await backend.pause(guild)
    held = backend.position_ms(guild)
    assert held is not None
    await stage.quiet()
    assert backend.position_ms(guild) == held
    await backend.resume(guild)
    await backend.resume(guild)
    await stage.sound(500)
    assert _near(stage, held + 500)
    await backend.pause(guild)
    await stage.quiet()
    await backend.seek(guild, 1_000)
    assert _near(stage, 1_000)


async def test_a_song_can_be_loaded_held(stage: Stage) -> None:
    backend, guild = stage.backend, stage.guild
    await backend.connect(guild, stage.room)
    await backend.play(guild, stage.song, playback_id="p1", position_ms=3_000, paused=True)
    await stage.quiet()
    assert backend.position_ms(guild) == 3_000
    assert backend.figures().playing == 0
    await backend.resume(guild)
    await stage.sound(100)
    assert backend.figures().playing == 1
    assert _near(stage, 3_100)


async def test_filters_change_the_pace_of_the_position_and_nothing_else(stage: Stage) -> None:
    backend, guild = stage.backend, stage.guild
    await backend.connect(guild, stage.room)
    await backend.set_filters(guild, Filters(speed=2.0))  # nothing plays: nothing happens
    await backend.play(guild, stage.song, playback_id="p1", position_ms=1_000)
    await stage.sound(500)
    before = backend.position_ms(guild)
    assert before is not None
    assert _near(stage, 1_500)
    await backend.set_filters(guild, Filters(speed=2.0, preset="bassboost"))
    await stage.sound(1_000)
    # A change may take a tenth of a second to be heard.
    assert _near(stage, before + 2_000, early_ms=100)
    await backend.pause(guild)
    held = backend.position_ms(guild)
    await backend.set_filters(guild, NO_FILTERS)
    await backend.set_volume(guild, 150)
    assert backend.position_ms(guild) == held
    assert held is not None
    await stage.quiet()
    await backend.resume(guild)
    await stage.sound(500)
    assert _near(stage, held + 500, early_ms=20)
    assert stage.endings == []


async def test_a_song_can_be_loaded_with_filters(stage: Stage) -> None:
    backend, guild = stage.backend, stage.guild
    await backend.connect(guild, stage.room)
    filters = Filters(speed=0.5)
    await backend.play(guild, stage.song, playback_id="p1", position_ms=2_000, filters=filters)
    await stage.sound(1_000)
    assert _near(stage, 2_500)
    await backend.play(guild, stage.song, playback_id="p2", position_ms=2_000)
    await stage.sound(1_000)
    assert _near(stage, 3_000)


async def test_stopping_sends_no_event_and_stays(stage: Stage) -> None:
    backend, guild = stage.backend, stage.guild
    await backend.connect(guild, stage.room)
    await backend.play(guild, stage.song, playback_id="p1")
    await stage.sound(100)
    await backend.stop(guild)
    await backend.stop(guild)
    await stage.quiet()
    assert stage.endings == []
    assert (backend.channel_id(guild), backend.position_ms(guild)) == (stage.room, None)
    assert backend.figures().playing == 0


async def test_the_end_names_the_playback(stage: Stage) -> None:
    backend, guild = stage.backend, stage.guild
    await backend.connect(guild, stage.room)
    await backend.play(guild, stage.song, playback_id="p1")
    await stage.sound(100)
    await backend.play(guild, stage.song, playback_id="p2")
    await stage.finish()
    assert stage.endings == [PlaybackEnded(guild, "p2")]
    assert backend.position_ms(guild) is None


async def test_closing_leaves_every_channel(stage: Stage) -> None:
    await stage.backend.connect(stage.guild, stage.room)
    await stage.backend.close()
    assert stage.backend.channel_id(stage.guild) is None
    assert stage.backend.figures().players == 0


async def test_verbs_on_a_guild_without_a_player_do_nothing(stage: Stage) -> None:
    backend, stranger = stage.backend, GuildId(1234)
    await backend.connect(stage.guild, stage.room)
    await backend.play(stage.guild, stage.song, playback_id="p1", position_ms=5_000)
    await stage.sound(500)
    await _call_every_verb(backend, stranger)
    assert (backend.channel_id(stranger), backend.position_ms(stranger)) == (None, None)
    # Whoever plays elsewhere is neither stopped nor moved nor changed.
    assert (backend.figures().players, backend.figures().playing) == (1, 1)
    await stage.sound(500)
    assert _near(stage, 6_000)
    assert stage.endings == []


async def test_verbs_of_the_null_backend_do_nothing() -> None:
    backend, guild = NullAudioBackend(), GuildId(1)
    await _call_every_verb(backend, guild)
    assert (backend.channel_id(guild), backend.position_ms(guild)) == (None, None)
    assert backend.figures().players == 0


async def _call_every_verb(backend: AudioBackend, guild: GuildId) -> None:
    await backend.pause(guild)
    await backend.resume(guild)
    await backend.stop(guild)
    await backend.seek(guild, 1)
    await backend.set_volume(guild, 50)
    await backend.set_filters(guild, Filters(preset="bassboost"))
    await backend.disconnect(guild)


async def test_the_null_backend_says_that_voice_is_missing() -> None:
    with pytest.raises(SeraphimError, match="Voice is not available"):
        await NullAudioBackend().connect(GuildId(1), ChannelId(10))
