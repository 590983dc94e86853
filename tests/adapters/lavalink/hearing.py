"""What was heard, as sound and as a place in a song."""

import asyncio
import itertools
from collections.abc import Sequence
from pathlib import Path

from tests.support.sound import Samples, decode_file, find

from discord_sandbox.driver.voice import decode_pcm
from discord_sandbox.people.frames import HeardFrame
from discord_sandbox.voice.taps import VoiceFrame, VoiceTap

RATE = 48_000
WARM_UP = 4_800
"""Samples at the start of a decoder that are not yet the sound."""


def pcm(frames: Sequence[VoiceFrame]) -> Samples:
    """Decode what was heard."""
    return decode_pcm(
        [
            HeardFrame(f.user_id, f.ssrc, f.sequence, f.timestamp, f.opus, f.received_ns)
            for f in frames
        ]
    )


def start_in(song: Path, frames: Sequence[VoiceFrame]) -> float:
    """The second of the song that the frames begin at; they must be of it."""
    heard = pcm(frames)
    offset, correlation = find(heard[WARM_UP:], decode_file(song))
    assert correlation >= 0.99, correlation
    return (offset - WARM_UP) / RATE


def gap_seconds(before: VoiceFrame, after: VoiceFrame) -> float:
    """How long nothing came."""
    return (after.received_ns - before.received_ns) / 1e9


def longest_gap(frames: Sequence[VoiceFrame]) -> float:
    """The longest time without a packet, in seconds."""
    return max(gap_seconds(before, after) for before, after in itertools.pairwise(frames))


async def listen_for(tap: VoiceTap, seconds: float) -> list[VoiceFrame]:
    """Return what sounds for a time, however much that is."""
    frames: list[VoiceFrame] = []
    try:
        async with asyncio.timeout(seconds):
            while True:
                frame = await tap.get()
                if not frame.silent:
                    frames.append(frame)
    except TimeoutError:
        return frames
