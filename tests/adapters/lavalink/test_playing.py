"""What is played arrives in the channel, from the node that should play it."""

from pathlib import Path

from tests.adapters.lavalink.conftest import Stage
from tests.adapters.voice_embedded.conftest import hear
from tests.support.sound import Samples, decode_file, find

from discord_sandbox.driver.voice import decode_pcm
from discord_sandbox.people.frames import HeardFrame
from discord_sandbox.voice.taps import VoiceFrame
from seraphim.features.music.ports import (
    Media,
    PlaybackStarted,
)


def pcm(frames: list[VoiceFrame]) -> Samples:
    """Decode what was heard."""
    return decode_pcm(
        [
            HeardFrame(f.user_id, f.ssrc, f.sequence, f.timestamp, f.opus, f.received_ns)
            for f in frames
        ]
    )


def at(heard: Samples, song: Path) -> tuple[float, float]:
    """The second of the song that was heard first, and how surely."""
    offset, correlation = find(heard[4800:], decode_file(song))
    return (offset - 4800) / 48_000, correlation


async def test_a_song_is_heard_from_the_place_it_should_begin(stage: Stage, song: Path) -> None:
    await stage.audio.connect(stage.guild_id, stage.music)
    with stage.listen() as tap:
        await stage.audio.play(
            stage.guild_id, Media("file", str(song)), playback_id="p1", position_ms=3_000
        )
        await stage.event(PlaybackStarted)
        heard = pcm(await hear(tap, 100))
    second, correlation = at(heard, song)
    assert correlation >= 0.99
    assert abs(second - 3.0) < 0.05
