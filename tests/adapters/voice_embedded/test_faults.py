"""Faults of the voice connection in mid-song, with the position checked on the decoded sound."""

import asyncio
import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.adapters.voice_embedded.conftest import Room, hear
from tests.adapters.voice_embedded.sounds import (
    RATE,
    decode,
    noise,
    packets_of,
    place_of,
    write,
)

from discord_sandbox.voice.taps import VoiceFrame, VoiceTap
from seraphim.features.music.ports import NO_FILTERS, Filters, Media

SECONDS = 40
FRAME_MS = 20
LOUD = Filters(equalizer_db=(3.0,) * 15)
"""Makes everything be encoded anew, and the sound stay what it is."""

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def meant() -> NDArray[np.float64]:
    return noise(SECONDS)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory, meant: NDArray[np.float64]) -> Path:
    return write(tmp_path_factory.mktemp("faults") / "song.opus", "libopus", sound=meant)


class Listener:
    """Hears a playback and says where in the song it is."""

    def __init__(self, room: Room, tap: VoiceTap, meant: NDArray[np.float64]) -> None:
        self.room = room
        self._tap = tap
        self._meant = meant
        self.position_ms = 0
        """What the player said when the last frame had been heard."""

    async def hear(self, count: int) -> list[VoiceFrame]:
        """Return the next frames, and those that wait behind them."""
        frames = await hear(self._tap, count, silence=False)
        frames += [frame for frame in self._tap.take() if not frame.silent]
        position = self.room.voice.position_ms(self.room.guild_id)
        assert position is not None
        self.position_ms = position
        return frames

    def end_ms(self, frames: list[VoiceFrame]) -> float:
        """Return where in the song the frames end, by their sound alone."""
        heard = decode([frame.opus for frame in frames])
        tail = heard[-20 * 960 :]
        place, match = place_of(tail, self._meant)
        assert match > 0.95
        # A decoder is 6.5 ms behind.
        return (place + len(tail) + 312) / RATE * 1000

    def start_ms(self, frames: list[VoiceFrame]) -> float:
        """Return where in the song the frames begin, once a new decoder is in tune."""
        heard = decode([frame.opus for frame in frames[:30]])[10 * 960 :]
        place, match = place_of(heard, self._meant)
        assert match > 0.95
        return (place - 10 * 960 + 312) / RATE * 1000


async def _play(room: Room, song: Path, filters: Filters) -> None:
    await room.voice.connect(room.guild_id, room.music)
    await room.voice.play(
        room.guild_id, Media("file", str(song)), playback_id="one", filters=filters
    )


@pytest.mark.parametrize("filters", [NO_FILTERS, LOUD], ids=["untouched", "transcoded"])
@pytest.mark.parametrize("fault", [4006, 4014, 4015, None, "move"])
async def test_a_broken_connection_costs_no_music(
    room: Room, song: Path, meant: NDArray[np.float64], fault: int | str | None, filters: Filters
) -> None:
    await _play(room, song, filters)
    with room.listen() as tap:
        listener = Listener(room, tap, meant)
        before = await listener.hear(50)
        assert listener.position_ms == pytest.approx(listener.end_ms(before), abs=60)
        if fault == "move":
            await room.sandbox.voice.move(room.guild_id)
        else:
            assert not isinstance(fault, str)
            await room.sandbox.voice.kill(fault)
        before += [frame for frame in tap.take() if not frame.silent]
        after = await listener.hear(50)
    # What left before the bot could know of the fault is lost, a tenth of a second at most.
    assert 0 <= listener.start_ms(after) - listener.end_ms(before) + 1 < 100
    assert listener.position_ms == pytest.approx(listener.end_ms(after), abs=60)
    assert room.voice.channel_id(room.guild_id) == room.music
    assert room.voice.figures().underruns == 0


async def test_lost_datagrams_do_not_hold_the_music_up(
    room: Room, song: Path, meant: NDArray[np.float64]
) -> None:
    await _play(room, song, NO_FILTERS)
    original = packets_of(song)
    with room.listen() as tap:
        listener = Listener(room, tap, meant)
        await listener.hear(25)
        count = itertools.count()

        def lose(deliver: Callable[[], None]) -> bool:
            _ = deliver
            return next(count) % 3 == 0

        room.sandbox.voice.lose = lose
        holed = await listener.hear(50)
        room.sandbox.voice.lose = None
        whole = await listener.hear(50)
        places = [original.index(frame.opus) for frame in [*holed, *whole]]
        first = holed[0]
        for frame, place in zip([*holed, *whole], places, strict=True):
            # Every packet keeps its place in the song, in the sequence and in time.
            assert place - places[0] == (frame.sequence - first.sequence) & 0xFFFF
            assert (frame.timestamp - first.timestamp) & 0xFFFFFFFF == (place - places[0]) * 960
        assert len(set(places)) == len(places)
        assert listener.position_ms == pytest.approx(listener.end_ms(whole), abs=60)


@pytest.mark.parametrize(
    ("first", "then"), [(NO_FILTERS, LOUD), (LOUD, NO_FILTERS)], ids=["to filters", "back"]
)
@pytest.mark.parametrize("code", [4006, 4015])
async def test_the_sound_can_be_changed_while_the_connection_is_down(
    room: Room,
    song: Path,
    meant: NDArray[np.float64],
    first: Filters,
    then: Filters,
    code: int,
) -> None:
    await _play(room, song, first)
    original = set(packets_of(song))
    with room.listen() as tap:
        listener = Listener(room, tap, meant)
        before = await listener.hear(50)
        await room.sandbox.voice.kill(code)
        await room.voice.set_filters(room.guild_id, then)
        before += [frame for frame in tap.take() if not frame.silent]
        after = await listener.hear(60)
    assert 0 <= listener.start_ms(after) - listener.end_ms(before) + 1 < 100
    assert listener.position_ms == pytest.approx(listener.end_ms(after), abs=60)
    untouched = [frame.opus in original for frame in after[5:]]
    assert all(untouched) if then is NO_FILTERS else not any(untouched)
    assert room.voice.figures().extra["transcoding"] == (0 if then is NO_FILTERS else 1)


async def test_a_seek_and_a_pause_while_the_connection_is_down(
    room: Room, song: Path, meant: NDArray[np.float64]
) -> None:
    await _play(room, song, NO_FILTERS)
    with room.listen() as tap:
        listener = Listener(room, tap, meant)
        await listener.hear(25)
        await room.sandbox.voice.kill(4015)
        await room.voice.seek(room.guild_id, 20_000)
        await room.voice.pause(room.guild_id)
        tap.take()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(hear(tap, 1, silence=False), 2)
        held = room.voice.position_ms(room.guild_id)
        await room.voice.resume(room.guild_id)
        after = await listener.hear(50)
    assert held == pytest.approx(20_000, abs=FRAME_MS)
    assert listener.start_ms(after) == pytest.approx(20_000, abs=60)
    assert listener.position_ms == pytest.approx(listener.end_ms(after), abs=60)
