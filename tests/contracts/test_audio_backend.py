"""What every audio backend promises; run on the fake that the service's tests rely on."""

from collections.abc import Callable

import pytest
from tests.features.music.fakes import FakeAudioBackend

from seraphim.features.music.ports import (
    AudioBackend,
    AudioEvent,
    AudioListener,
    Media,
    NullAudioBackend,
    PlaybackEnded,
    VoiceUnavailable,
)
from seraphim.kernel.clock import ManualClock
from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.ids import ChannelId, GuildId

GUILD, ROOM, OTHER_ROOM = GuildId(1), ChannelId(10), ChannelId(11)
SONG = Media("file", "/library/song.opus")


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def backend(clock: ManualClock) -> FakeAudioBackend:
    return FakeAudioBackend(clock)


async def test_joining_is_idempotent_and_moves(backend: FakeAudioBackend) -> None:
    assert backend.channel_id(GUILD) is None
    await backend.connect(GUILD, ROOM)
    await backend.connect(GUILD, ROOM)
    assert backend.channel_id(GUILD) == ROOM
    await backend.connect(GUILD, OTHER_ROOM)
    assert backend.channel_id(GUILD) == OTHER_ROOM
    await backend.disconnect(GUILD)
    await backend.disconnect(GUILD)
    assert backend.channel_id(GUILD) is None


async def test_playing_needs_a_channel(backend: FakeAudioBackend) -> None:
    with pytest.raises(VoiceUnavailable):
        await backend.play(GUILD, SONG, playback_id="p1")


async def test_the_position_advances_only_while_it_sounds(
    backend: FakeAudioBackend, clock: ManualClock
) -> None:
    await backend.connect(GUILD, ROOM)
    assert backend.position_ms(GUILD) is None
    await backend.play(GUILD, SONG, playback_id="p1", position_ms=5_000)
    await clock.advance(2)
    assert backend.position_ms(GUILD) == 7_000
    await backend.pause(GUILD)
    await clock.advance(2)
    assert backend.position_ms(GUILD) == 7_000
    await backend.resume(GUILD)
    await backend.resume(GUILD)
    await clock.advance(1)
    assert backend.position_ms(GUILD) == 8_000
    await backend.seek(GUILD, 1_000)
    assert backend.position_ms(GUILD) == 1_000


async def test_a_song_can_be_loaded_held(backend: FakeAudioBackend, clock: ManualClock) -> None:
    await backend.connect(GUILD, ROOM)
    await backend.play(GUILD, SONG, playback_id="p1", position_ms=3_000, paused=True)
    await clock.advance(5)
    assert backend.position_ms(GUILD) == 3_000
    assert backend.figures().playing == 0
    await backend.resume(GUILD)
    assert backend.figures().playing == 1


async def test_stopping_sends_no_event_and_stays(backend: FakeAudioBackend) -> None:
    events: list[AudioEvent] = []
    backend.subscribe(_collect(events))
    await backend.connect(GUILD, ROOM)
    await backend.play(GUILD, SONG, playback_id="p1")
    await backend.stop(GUILD)
    await backend.stop(GUILD)
    assert events == []
    assert (backend.channel_id(GUILD), backend.position_ms(GUILD)) == (ROOM, None)


async def test_the_end_names_the_playback(backend: FakeAudioBackend) -> None:
    events: list[AudioEvent] = []
    backend.subscribe(_collect(events))
    await backend.connect(GUILD, ROOM)
    await backend.play(GUILD, SONG, playback_id="p1")
    await backend.play(GUILD, SONG, playback_id="p2")
    await backend.finish(GUILD)
    assert events == [PlaybackEnded(GUILD, "p2")]


async def test_closing_leaves_every_channel(backend: FakeAudioBackend) -> None:
    await backend.connect(GUILD, ROOM)
    await backend.close()
    assert backend.channel_id(GUILD) is None
    assert backend.figures().players == 0


def _null(_: ManualClock) -> AudioBackend:
    return NullAudioBackend()


@pytest.mark.parametrize("make", [FakeAudioBackend, _null])
async def test_verbs_on_a_guild_without_a_player_do_nothing(
    make: Callable[[ManualClock], AudioBackend], clock: ManualClock
) -> None:
    backend = make(clock)
    await backend.pause(GUILD)
    await backend.resume(GUILD)
    await backend.stop(GUILD)
    await backend.seek(GUILD, 1)
    await backend.set_volume(GUILD, 50)
    await backend.disconnect(GUILD)
    assert backend.position_ms(GUILD) is None
    assert backend.figures().players == 0


async def test_the_null_backend_says_that_voice_is_missing() -> None:
    with pytest.raises(SeraphimError, match="Voice is not available"):
        await NullAudioBackend().connect(GUILD, ROOM)


def _collect(events: list[AudioEvent]) -> AudioListener:
    async def listen(event: AudioEvent) -> None:
        events.append(event)

    return listen
