"""A small synthesizer: tones with envelopes, a room to play them in, and a gentle master."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

type Mono = NDArray[np.float64]
"""Samples of one channel, about -1..1."""
type Stereo = NDArray[np.float64]
"""Samples of two channels, shape ``(samples, 2)``."""

RATE = 48_000

_ABSOLUTE_GATE_LUFS = -70.0


def hertz(note: float) -> float:
    """Return the frequency of a MIDI note number (69 is a' at 440 Hz)."""
    return 440.0 * 2 ** ((note - 69) / 12)


def seconds_axis(seconds: float) -> Mono:
    """Return the time of each sample."""
    return np.arange(int(seconds * RATE)) / RATE


def swell(seconds: float, attack: float, release: float) -> Mono:
    """Return an envelope that rises and falls along half cosines (seconds)."""
    count = int(seconds * RATE)
    shape = np.ones(count)
    rise, fall = min(int(attack * RATE), count // 2), min(int(release * RATE), count // 2)
    if rise:
        shape[:rise] = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, rise))
    if fall:
        shape[-fall:] = 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fall))
    return shape


def pluck_shape(seconds: float, decay: float, attack: float = 0.003) -> Mono:
    """Return the envelope of something struck: it is there at once and dies away."""
    time = seconds_axis(seconds)
    shape = np.exp(-time / decay) * np.minimum(1, time / attack)
    tail = min(len(shape), int(0.02 * RATE))
    shape[-tail:] *= np.linspace(1, 0, tail)
    return shape


def choir(note: float, seconds: float, *, brightness: float = 0.5, seed: int = 0) -> Stereo:
    """Return a soft, slowly beating tone of several slightly different voices."""
    rng = np.random.default_rng(seed + int(note * 10))
    time = seconds_axis(seconds)
    out = np.zeros((len(time), 2))
    for voice in range(5):
        detune = 1 + (voice - 2) * 0.0016 + rng.normal(0, 0.0004)
        drift = 0.0012 * np.sin(2 * np.pi * rng.uniform(0.15, 0.4) * time + rng.uniform(0, 6.28))
        phase = 2 * np.pi * np.cumsum(hertz(note) * (detune + drift)) / RATE
        tone = np.zeros(len(time))
        for harmonic in range(1, 9):
            if hertz(note) * harmonic < RATE / 3:
                strength = harmonic ** -(2.6 - brightness * 1.2)
                tone += strength * np.sin(harmonic * phase + rng.uniform(0, 6.28))
        pan = 0.5 + (voice - 2) * 0.18
        out += tone[:, None] * np.array([np.cos(pan * np.pi / 2), np.sin(pan * np.pi / 2)])
    return out * 0.2


def bell(note: float, seconds: float, *, decay: float = 1.2) -> Mono:
    """Return a small bell: partials of a bar, the high ones die first."""
    time = seconds_axis(seconds)
    out = np.zeros(len(time))
    partials = (
        (1, 1.0, 1),
        (2.0, 0.35, 0.7),
        (2.76, 0.4, 0.45),
        (5.4, 0.18, 0.22),
        (8.93, 0.06, 0.1),
    )
    for ratio, strength, life in partials:
        if hertz(note) * ratio < RATE / 2.5:
            out += (
                strength
                * np.sin(2 * np.pi * hertz(note) * ratio * time)
                * np.exp(-time / (decay * life))
            )
    return out * np.minimum(1, time / 0.002) * swell(seconds, 0, 0.05)


def comb(note: float, seconds: float) -> Mono:
    """Return a tooth of a music box's comb: a clear tone, a short metallic start."""
    time = seconds_axis(seconds)
    base = 2 * np.pi * hertz(note) * time
    body = np.sin(base) + 0.25 * np.sin(2 * base + 0.3) * np.exp(-time / 0.25)
    ting = 0.3 * np.sin(6.27 * base) * np.exp(-time / 0.05)
    return (body + ting) * pluck_shape(seconds, 0.55)


def string(note: float, seconds: float, *, decay: float = 0.5, seed: int = 1) -> Mono:
    """Return a plucked string (Karplus and Strong)."""
    period = round(RATE / hertz(note))
    noise = np.random.default_rng(seed + int(note)).uniform(-1, 1, period)
    noise = (noise + np.roll(noise, 1) + np.roll(noise, 2)) / 3
    loss = np.exp(-period / RATE / decay)
    rows = [noise]
    for _ in range(int(seconds * RATE) // period):
        rows.append(loss * 0.5 * (rows[-1] + np.roll(rows[-1], 1)))
    out = np.concatenate(rows)[: int(seconds * RATE)]
    return out * swell(seconds, 0.001, 0.03) * 1.6


def bass(note: float, seconds: float) -> Mono:
    """Return a round bass with a little growl at its start."""
    time = seconds_axis(seconds)
    base = 2 * np.pi * hertz(note) * time
    growl = np.exp(-time / 0.12)
    tone = np.sin(base) + (0.25 + 0.4 * growl) * np.sin(2 * base) + 0.25 * growl * np.sin(3 * base)
    return np.tanh(tone * 1.2) * pluck_shape(seconds, 0.7, 0.006)


def pulse(note: float, seconds: float, *, duty: float = 0.25) -> Mono:
    """Return the square-ish tone of an old game console, without harmonics above hearing."""
    time = seconds_axis(seconds)
    vibrato = 1 + 0.004 * np.sin(2 * np.pi * 5.5 * time) * np.minimum(1, time / 0.3)
    phase = 2 * np.pi * np.cumsum(hertz(note) * vibrato) / RATE
    out = np.zeros(len(time))
    for harmonic in range(1, int(14_000 / hertz(note)) + 1):
        out += np.sin(np.pi * harmonic * duty) / harmonic * np.cos(harmonic * phase)
    return out * (2 / np.pi) * swell(seconds, 0.004, 0.02) * (0.55 + 0.45 * np.exp(-time / 0.15))


def triangle(note: float, seconds: float) -> Mono:
    """Return a triangle tone, the bass of an old game console."""
    time = seconds_axis(seconds)
    base = 2 * np.pi * hertz(note) * time
    out = sum(
        (-1) ** index * np.sin((2 * index + 1) * base) / (2 * index + 1) ** 2 for index in range(6)
    )
    return np.asarray(out) * 0.8 * swell(seconds, 0.003, 0.02)


def kick() -> Mono:
    """Return a soft bass drum."""
    time = seconds_axis(0.35)
    sweep = 48 + 110 * np.exp(-time / 0.03)
    return np.sin(2 * np.pi * np.cumsum(sweep) / RATE) * pluck_shape(0.35, 0.12, 0.002)


def brush(seconds: float = 0.18, *, bright: float = 0.5, seed: int = 3) -> Mono:
    """Return a brushed drum or a shaker: shaped noise."""
    noise = np.random.default_rng(seed).normal(0, 1, int(seconds * RATE))
    spectrum = np.fft.rfft(noise)
    frequency = np.fft.rfftfreq(len(noise), 1 / RATE)
    centre = 1500 + 6500 * bright
    spectrum *= np.exp(-((np.log2((frequency + 1) / centre)) ** 2) / 0.8)
    shaped = np.fft.irfft(spectrum, len(noise))
    return shaped / np.abs(shaped).max() * pluck_shape(seconds, seconds / 4, 0.004)


class Tape:
    """A stereo tape that notes are laid on, with a send to the room."""

    def __init__(self, seconds: float) -> None:
        self.dry = np.zeros((int(seconds * RATE), 2))
        self.wet = np.zeros_like(self.dry)

    def lay(
        self,
        sound: Mono | Stereo,
        at: float,
        *,
        level: float = 1,
        pan: float = 0,
        room: float = 0.3,
    ) -> None:
        """Mix a sound in at a moment (seconds); ``pan`` is -1 (left) to 1 (right)."""
        if sound.ndim == 1:
            angle = (pan + 1) * np.pi / 4
            sound = sound[:, None] * np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(2)
        start = int(at * RATE)
        end = min(start + len(sound), len(self.dry))
        part = sound[: end - start] * level
        self.dry[start:end] += part
        self.wet[start:end] += part * room

    def master(self, *, room_seconds: float = 2.0, loudness_db: float = -16.0) -> Stereo:
        """Return the mix with its room, at a loudness (dB of full scale), peaks bent softly."""
        mix = self.dry + _room(self.wet, room_seconds)
        mix = _high_pass(mix, 28)
        audible = np.flatnonzero(np.abs(mix).max(axis=1) > 0.002 * np.abs(mix).max())
        mix = mix[: audible[-1] + int(0.3 * RATE)]
        edge = int(0.02 * RATE)
        mix[:edge] *= np.linspace(0, 1, edge)[:, None]
        fade = int(1.5 * RATE)
        mix[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade))[:, None] ** 2
        for _ in range(3):
            mix *= 10 ** ((loudness_db - loudness(mix)) / 20)
            mix = _bend(mix, 0.6, 0.88)
        return mix


def _room(sound: Stereo, seconds: float) -> Stereo:
    """Convolve with the decaying noise of a hall, darker the longer it rings."""
    rng = np.random.default_rng(11)
    time = seconds_axis(seconds * 1.4)
    out = np.zeros_like(sound)
    size = 1 << (len(sound) + len(time)).bit_length()
    for channel in range(2):
        noise = rng.normal(0, 1, len(time))
        dark = np.convolve(noise, np.ones(24) / 24, "same")
        blend = np.exp(-time / (seconds * 0.12))
        answer = (noise * 0.5 * blend + dark * 2.2 * (1 - blend)) * np.exp(-6.9 * time / seconds)
        answer[: int(0.012 * RATE)] *= 0.05
        answer /= np.sqrt(np.sum(answer**2))
        out[:, channel] = _convolve(sound[:, channel], answer, size)
    return out


def _convolve(sound: Mono, answer: Mono, size: int) -> Mono:
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(answer, size)
    return np.fft.irfft(spectrum, size)[: len(sound)]


def _high_pass(sound: Stereo, cutoff: float) -> Stereo:
    spectrum = np.fft.rfft(sound, axis=0)
    frequency = np.fft.rfftfreq(len(sound), 1 / RATE)
    ratio = (frequency / cutoff) ** 4
    return np.fft.irfft(spectrum * (ratio / (1 + ratio))[:, None], len(sound), axis=0)


def _bend(sound: Stereo, knee: float, ceiling: float) -> Stereo:
    """Leave what is below ``knee``; bend what is above so that it never reaches ``ceiling``."""
    size = np.abs(sound)
    span = ceiling - knee
    bent = knee + span * np.tanh((size - knee) / span)
    return np.sign(sound) * np.where(size > knee, bent, size)


def loudness(sound: Stereo) -> float:
    """Return the loudness in LUFS after ITU-R BS.1770-4 (both channels, gated blocks of 0.4 s)."""
    frequency = np.fft.rfftfreq(len(sound), 1 / RATE)
    weight = _k_weight(frequency)
    weighted = np.fft.irfft(np.fft.rfft(sound, axis=0) * weight[:, None], len(sound), axis=0)
    block, step = int(0.4 * RATE), int(0.1 * RATE)
    starts = range(0, max(1, len(weighted) - block), step)
    powers = np.array([np.sum(np.mean(weighted[at : at + block] ** 2, axis=0)) for at in starts])
    levels = -0.691 + 10 * np.log10(powers + 1e-12)
    kept = powers[levels > _ABSOLUTE_GATE_LUFS]
    if not len(kept):
        return -120.0
    gate = -0.691 + 10 * np.log10(kept.mean()) - 10
    return float(-0.691 + 10 * np.log10(powers[levels > gate].mean()))


def _k_weight(frequency: Mono) -> Mono:
    """Return the magnitude of the K-weighting (the two filters of BS.1770 at 48 kHz)."""
    z = np.exp(-2j * np.pi * frequency / RATE)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.abs(shelf * high)


def strum(notes: Sequence[float], spread: float) -> list[tuple[float, float]]:
    """Return ``(note, delay)`` for a chord that is struck one string after the other."""
    return [(note, index * spread) for index, note in enumerate(notes)]
