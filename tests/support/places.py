"""Where in a song something was heard, and which song it was."""

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from tests.support.sound import RATE, Samples, find

from discord_sandbox.driver.voice import SILENCE_FRAME, VoiceFrames
from discord_sandbox.people.frames import HeardFrame

WARM_UP = 4_800
"""Samples at the start of a decoder that are not yet the sound."""
BLOCK = 960
"""Samples of one packet."""
SURE, _LIKELY = 0.9, 0.5
_COARSE = 8
_ENOUGH = 20
"""Packets that are enough to recognize a place."""
_SETTLING = 4
"""Packets that a decoder may need after a jump until it can be compared."""


def locate(heard: Samples, song: Samples) -> tuple[int, float]:
    """Find where in a song sound comes from, as `find` does, in a tenth of the time.

    It looks at every eighth sample first, and then closely around the place that this gives.
    """
    coarse, _ = find(_thin(heard), _thin(song))
    start = max(0, coarse * _COARSE - 4 * _COARSE)
    offset, correlation = find(heard, song[start : start + len(heard) + 8 * _COARSE])
    return start + offset, correlation


def _thin(samples: Samples) -> Samples:
    whole = len(samples) // _COARSE * _COARSE
    return samples[:whole].reshape(-1, _COARSE, samples.shape[1]).mean(axis=1)


def place_after(frames: VoiceFrames, song: Samples) -> float:
    """Return the second of the song after the last that was heard; it must be of this song."""
    pcm = frames.pcm()
    offset, correlation = locate(pcm[WARM_UP:], song)
    assert correlation >= SURE, f"that is another sound: {correlation:.3f}"
    return (offset + len(pcm) - WARM_UP) / RATE


def beginning_of(frames: VoiceFrames, song: Samples, *, window: float = 0.5) -> float:
    """Return the second of the song at which the stretch begins that the frames end with.

    The last ``window`` seconds say where in the song that is; from there it is followed back,
    packet by packet, to the first that is of it. So nothing depends on when it was heard.
    """
    pcm = frames.pcm()
    size = round(window * RATE)
    offset, correlation = locate(pcm[-size:], song)
    assert correlation >= SURE, f"that is another sound: {correlation:.3f}"
    shift = offset - (len(pcm) - size)
    first = len(pcm) - size
    while first >= BLOCK and first - BLOCK + shift >= 0:
        heard = pcm[first - BLOCK : first].ravel()
        there = song[first - BLOCK + shift : first + shift].ravel()
        norm = float(np.linalg.norm(heard) * np.linalg.norm(there))
        if norm == 0 or float(heard @ there) / norm < _LIKELY:
            break
        first -= BLOCK
    return (first + shift) / RATE


def lost_seconds(frames: VoiceFrames, song: Samples) -> float:
    """Return how much of a song is missing in what was heard; below zero: so much came twice.

    Of several places where something is missing or repeated, the worst counts.
    """
    stretches = [part for run in _runs(frames) for part in _stretches(run, song)]
    steps = [after[0] - before[1] for before, after in itertools.pairwise(stretches)]
    return max(steps, key=abs, default=0.0)


def _runs(frames: VoiceFrames) -> list[VoiceFrames]:
    """Split where the RTP time jumps, as it does with a new connection."""
    runs: list[list[HeardFrame]] = [[]]
    for frame in frames:
        run = runs[-1]
        if run and (frame.timestamp - run[-1].timestamp) % (1 << 32) != BLOCK:
            run = list[HeardFrame]()
            runs.append(run)
        run.append(frame)
    return [VoiceFrames(run) for run in runs if len(run) >= _ENOUGH]


def _stretches(run: VoiceFrames, song: Samples) -> list[tuple[float, float]]:
    """Return where each part of a run that goes on without a jump begins and ends in the song."""
    found: list[tuple[float, float]] = []
    while len(run) >= _ENOUGH:
        begin = beginning_of(run, song, window=0.25)
        end = place_after(VoiceFrames(run.frames[-_ENOUGH:]), song)
        found.append((begin, end))
        count = round((end - begin) * RATE / BLOCK) + _SETTLING
        run = VoiceFrames(run.frames[: max(0, len(run) - count)])
    return found[::-1]


def which(frames: VoiceFrames, songs: Mapping[str, Samples]) -> str:
    """Return the name of the song that the frames are of; they must be of one."""
    pcm = frames.pcm()[WARM_UP:]
    scores = {name: locate(pcm, song)[1] for name, song in songs.items()}
    best = max(scores, key=lambda name: scores[name])
    assert scores[best] >= SURE, f"that is none of the songs: {scores}"
    return best


def sounding(frames: Sequence[HeardFrame] | VoiceFrames) -> VoiceFrames:
    """Return the frames without Discord's silence."""
    return VoiceFrames([frame for frame in frames if frame.opus != SILENCE_FRAME])


def longest_gap_seconds(frames: VoiceFrames) -> float:
    """Return the longest time without a packet."""
    times = [frame.received_ns for frame in frames]
    return max((b - a for a, b in itertools.pairwise(times)), default=0) / 1e9


def strength_db(samples: Samples, hertz: float, *, width: float = 12.0) -> float:
    """Return how much there is around a frequency, in decibels."""
    mono = samples.mean(axis=1) * np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(mono)) ** 2
    frequencies = np.fft.rfftfreq(len(mono), 1 / RATE)
    near = spectrum[np.abs(frequencies - hertz) <= width]
    return float(10 * np.log10(near.sum() / len(mono) + 1e-12))


def peak_hertz(samples: Samples, low: float, high: float) -> float:
    """Return the strongest frequency between two."""
    mono = samples.mean(axis=1) * np.hanning(len(samples))
    spectrum = np.abs(np.fft.rfft(mono, 4 * len(mono)))
    frequencies = np.fft.rfftfreq(4 * len(mono), 1 / RATE)
    inside = (frequencies >= low) & (frequencies <= high)
    return float(frequencies[inside][np.argmax(spectrum[inside])])
