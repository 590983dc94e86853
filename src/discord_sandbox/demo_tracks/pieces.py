"""The scores: six short pieces, each a function from nothing to sound."""

# A score is made of numbers: bars, beats and notes.
# ruff: noqa: PLR2004

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from discord_sandbox.demo_tracks.synth import (
    Stereo,
    Tape,
    bass,
    bell,
    brush,
    choir,
    comb,
    kick,
    pulse,
    string,
    strum,
    swell,
    triangle,
)

type Chord = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece, what it is called, and how it is stored."""

    slug: str
    title: str
    suffix: str
    play: Callable[[], Stereo]
    colours: tuple[tuple[int, int, int], tuple[int, int, int]]
    """The two ends of the cover's gradient (red, green, blue)."""


def hymn() -> Stereo:
    """Return a slow hymn in D major for choir, with a melody of bells in its second verse."""
    tape = Tape(74)
    chords: list[Chord] = [
        (38, 57, 62, 66), (45, 57, 61, 64), (47, 59, 62, 66), (42, 57, 61, 66),
        (43, 55, 59, 62), (38, 57, 62, 66), (43, 59, 62, 67), (45, 57, 61, 64),
    ]  # fmt: skip
    melody = [
        [(74, 2), (73, 1), (74, 1)], [(76, 3), (73, 1)], [(74, 2), (78, 2)],
        [(76, 1), (73, 1), (69, 2)],
        [(71, 2), (74, 2)], [(73, 1), (74, 1), (78, 2)], [(79, 2), (78, 1), (74, 1)], [(76, 4)],
    ]  # fmt: skip
    bar = 4.2
    for verse, (index, chord) in itertools.product(range(2), enumerate(chords)):
        at = (verse * 8 + index) * bar
        last = verse == 1 and index == 7
        for number, note in enumerate(chord):
            shape = swell(bar + 1.6, 1.1, 1.7)[:, None]
            sound = choir(note, bar + 1.6, brightness=0.35 + 0.1 * verse, seed=number)
            tape.lay(sound * shape, at, level=0.5 if number == 0 else 0.36, room=0.5)
        if verse == 1 or index >= 4:
            moment = at
            for note, beats in melody[index]:
                length = beats * bar / 4
                tape.lay(bell(note, length + 2, decay=1.3), moment, level=0.13, pan=0.15, room=0.8)
                moment += length
        if last:
            _lay_final_chord(tape, at + bar)
    return tape.master(room_seconds=3.2)


def _lay_final_chord(tape: Tape, at: float) -> None:
    for number, note in enumerate((38, 50, 57, 62, 66, 74)):
        shape = swell(6, 0.9, 3.5)[:, None]
        tape.lay(choir(note, 6, seed=number) * shape, at, level=0.36, room=0.6)


def music_box() -> Stereo:
    """Return a waltz in G for a music box."""
    tape = Tape(48)
    beat = 0.36
    tune = [
        [79, 83, 86], [88, None, 86], [83, 86, 83], [81, None, None],
        [84, 83, 81], [83, None, 79], [78, 81, 84], [83, None, None],
        [79, 83, 86], [88, None, 91], [90, 88, 86], [84, None, None],
        [83, 86, 83], [81, 84, 78], [79, None, 74], [79, None, None],
    ]  # fmt: skip
    chords: list[Chord] = [
        (55, 62, 67), (60, 64, 67), (55, 62, 67), (62, 66, 69), (57, 64, 69), (52, 59, 67),
        (50, 60, 66), (55, 62, 67), (55, 62, 67), (60, 64, 67), (50, 62, 66), (57, 60, 64),
        (55, 59, 62), (50, 60, 66), (55, 59, 62), (55, 62, 67),
    ]  # fmt: skip
    rng = np.random.default_rng(5)
    for verse, (index, (notes, chord)) in itertools.product(
        range(2), enumerate(zip(tune, chords, strict=True))
    ):
        at = (verse * 16 + index) * 3 * beat + 0.3
        slow = 1.0 + (0.16 * (index - 13) if verse and index > 13 else 0)
        for step, note in enumerate(notes):
            moment = at + step * beat * slow + rng.normal(0, 0.004)
            if note is not None:
                tape.lay(comb(note, 2.2), moment, level=0.34, pan=0.25, room=0.35)
                if verse and step == 0:
                    tape.lay(comb(note - 12, 2.2), moment + 0.01, level=0.16, pan=0.3, room=0.35)
            low = chord[0] if step == 0 else None
            for tooth in (low,) if low is not None else chord[1:]:
                tape.lay(comb(tooth + 12, 1.8), moment, level=0.15, pan=-0.3, room=0.4)
    at = 32 * 3 * beat + 0.8
    for note, delay in strum((67, 71, 74, 79, 83, 91), 0.09):
        tape.lay(comb(note, 4), at + delay, level=0.22, room=0.5)
    return tape.master(room_seconds=1.6)


def groove() -> Stereo:  # noqa: C901  # four instruments in four loops
    """Return a relaxed groove in E minor: bass, brushes, plucked chords."""
    beat = 60 / 92
    bar = 4 * beat
    tape = Tape(16 * bar + 3)
    roots = [40, 40, 45, 45, 36, 38, 40, 40]
    chords: list[Chord] = [
        (64, 67, 71, 74), (64, 67, 71, 76), (64, 67, 69, 72), (64, 67, 69, 74),
        (64, 67, 71, 72), (62, 66, 69, 74), (64, 67, 71, 74), (62, 67, 71, 76),
    ]  # fmt: skip
    riff = [(0, 0, 0.9), (1.5, 0, 0.4), (2, 12, 0.5), (2.75, 10, 0.3), (3.25, 7, 0.6)]
    lead = [
        (76, 0, 1.5),
        (79, 1.5, 0.5),
        (78, 2, 1),
        (74, 3, 1),
        (71, 4, 2.5),
        (74, 6.5, 0.5),
        (76, 7, 1),
    ]
    rng = np.random.default_rng(8)
    for index in range(16):
        at, root = index * bar, roots[index % 8]
        for start, interval, length in riff:
            tape.lay(
                bass(root + interval, length * beat + 0.2), at + start * beat, level=0.36, room=0.05
            )
        for hit in (0, 2.5) if index % 2 else (0, 1.75, 2.5):
            tape.lay(kick(), at + hit * beat, level=0.55, room=0.05)
        if index >= 2:
            for hit in (1, 3):
                tape.lay(brush(0.22, bright=0.35), at + hit * beat, level=0.26, pan=0.1, room=0.25)
            for eighth in range(8):
                swing = 0.06 if eighth % 2 else 0.0
                level = 0.07 if eighth % 2 else 0.11
                moment = at + (eighth / 2 + swing) * beat + rng.normal(0, 0.003)
                tape.lay(
                    brush(0.09, bright=0.95, seed=eighth), moment, level=level, pan=-0.35, room=0.1
                )
        for hit in (0.5, 2.0, 3.5):
            for note, delay in strum(chords[index % 8], 0.012):
                moment = at + hit * beat + delay
                tape.lay(string(note, 0.9, decay=0.35), moment, level=0.17, pan=0.35, room=0.3)
        if index >= 8 and index % 2 == 0:
            for note, start, length in lead:
                sound = string(note, length * beat + 0.6, decay=1.2, seed=4)
                tape.lay(sound, at + start * beat, level=0.4, pan=-0.2, room=0.5)
    return tape.master(room_seconds=1.1)


def bells_at_dusk() -> Stereo:
    """Return bells over a slowly changing ground, in the pentatonic of A flat."""
    tape = Tape(66)
    ground: list[Chord] = [(44, 51, 56, 63), (41, 53, 56, 60), (49, 56, 61, 65), (46, 53, 58, 63)]
    for index, chord in enumerate(ground * 2):
        for number, note in enumerate(chord):
            sound = choir(note, 10, brightness=0.2, seed=index + number)
            tape.lay(sound * swell(10, 3, 4)[:, None], index * 7.4, level=0.34, room=0.7)
    rng = np.random.default_rng(2026)
    scale = [68, 70, 72, 75, 77, 80, 82, 84, 87]
    place, at = 4, 2.0
    while at < 58:
        place = int(np.clip(place + rng.choice([-2, -1, 1, 1, 2, -1]), 0, len(scale) - 1))
        pan = float(rng.uniform(-0.8, 0.8))
        tape.lay(bell(scale[place], 6, decay=2.2), at, level=0.17, pan=pan, room=1.0)
        if rng.random() < 0.3:
            partner = scale[(place + 2) % len(scale)]
            tape.lay(bell(partner, 6, decay=1.8), at + 0.11, level=0.1, pan=-pan, room=1.0)
        at += float(rng.choice([0.9, 1.2, 1.8, 2.4]))
    return tape.master(room_seconds=4.5, loudness_db=-17)


def pixel_parade() -> Stereo:
    """Return a march for an imagined game console, in C major."""
    beat = 60 / 138
    bar = 4 * beat
    tape = Tape(20 * bar + 1.5)
    tune = [
        [(76, 1), (79, 0.5), (76, 0.5), (84, 1), (79, 1)], [(77, 1), (81, 0.5), (77, 0.5), (74, 2)],
        [(74, 0.5), (76, 0.5), (77, 1), (83, 1), (79, 1)], [(76, 1.5), (74, 0.5), (72, 2)],
        [(81, 1), (84, 0.5), (81, 0.5), (88, 1), (84, 1)], [(83, 0.5), (81, 0.5), (79, 1), (76, 2)],
        [(77, 0.5), (81, 0.5), (84, 1), (83, 0.5), (81, 0.5), (79, 1)], [(84, 1), (79, 1), (84, 2)],
    ]  # fmt: skip
    chords: list[Chord] = [
        (48, 64, 67), (50, 65, 69), (43, 62, 65), (48, 64, 67),
        (45, 64, 69), (40, 64, 67), (41, 60, 65), (43, 62, 67),
    ]  # fmt: skip
    for index in range(18):
        at, chord = index * bar, chords[index % 8]
        for half in range(4):
            low = chord[0] + (12 if half % 2 else 0) - (0 if half != 3 else 5)
            tape.lay(triangle(low, beat * 0.85), at + half * beat, level=0.4, room=0.02)
        for step in range(16):
            note = chord[1 + step % 2] + (12 if step % 4 == 3 else 0)
            sound = pulse(note, beat * 0.22, duty=0.5)
            tape.lay(sound, at + step * beat / 4, level=0.09, pan=-0.4, room=0.1)
        for step in range(8):
            loud = 0.2 if step % 4 == 2 else 0.07
            tape.lay(
                brush(0.08, bright=0.8, seed=step), at + step * beat / 2, level=loud, room=0.05
            )
        if index >= 2:
            moment = at
            for note, beats in tune[(index - 2) % 8]:
                sound = pulse(note, beats * beat * 0.94, duty=0.25)
                tape.lay(sound, moment, level=0.3, pan=0.15, room=0.15)
                if index >= 10:
                    tape.lay(pulse(note - 12, beats * beat * 0.9, duty=0.125), moment, level=0.12)
                moment += beats * beat
    at = 18 * bar
    for note, delay in strum((72, 76, 79, 84), beat / 4):
        tape.lay(pulse(note, beat * 3, duty=0.25), at + delay, level=0.2, room=0.3)
    tape.lay(triangle(36, beat * 3), at, level=0.5)
    return tape.master(room_seconds=0.8)


def first_light() -> Stereo:
    """Return a short prelude for plucked strings over a rising choir, in F."""
    beat = 0.3
    tape = Tape(40)
    figures: list[Chord] = [
        (53, 60, 65, 69, 72, 69, 65, 60), (50, 57, 65, 69, 74, 69, 65, 57),
        (46, 58, 62, 65, 70, 74, 70, 65), (48, 55, 64, 67, 70, 72, 67, 64),
        (53, 60, 65, 69, 77, 72, 69, 65), (52, 60, 64, 67, 72, 76, 72, 67),
        (50, 57, 62, 69, 74, 77, 74, 69), (46, 53, 62, 65, 70, 74, 77, 74),
        (43, 55, 58, 62, 67, 70, 74, 70), (48, 55, 60, 64, 70, 76, 72, 67),
        (53, 60, 65, 69, 72, 77, 81, 77), (46, 58, 65, 70, 74, 77, 82, 77),
        (48, 60, 65, 69, 72, 77, 72, 69), (48, 60, 64, 67, 70, 76, 79, 76),
    ]  # fmt: skip
    for index, figure in enumerate(figures):
        at = index * 8 * beat
        for step, note in enumerate(figure):
            level = 0.42 if step == 0 else 0.3
            pan = -0.4 + 0.8 * step / 7
            tape.lay(
                string(note, 2.4, decay=1.5, seed=step),
                at + step * beat,
                level=level,
                pan=pan,
                room=0.45,
            )
        if index >= 4:
            for number, note in enumerate((figure[0], figure[3], figure[5] - 12)):
                sound = choir(note, 8 * beat + 1.2, brightness=0.3, seed=number)
                shape = swell(8 * beat + 1.2, 0.9, 1.2)[:, None]
                tape.lay(sound * shape, at, level=0.012 * (index + 3), room=0.6)
    at = len(figures) * 8 * beat
    for note, delay in strum((41, 53, 60, 65, 69, 77, 81), 0.07):
        tape.lay(string(note, 5, decay=2.2, seed=9), at + delay, level=0.34, room=0.6)
    return tape.master(room_seconds=2.6)


PIECES: tuple[Piece, ...] = (
    Piece("hymn", "Hymn of the Seraphim", "opus", hymn, ((28, 32, 74), (214, 178, 94))),
    Piece("music-box", "Music Box Waltz", "opus", music_box, ((232, 180, 188), (108, 74, 120))),
    Piece("groove", "Backstage Groove", "mp3", groove, ((18, 60, 58), (230, 140, 60))),
    Piece("bells-at-dusk", "Bells at Dusk", "opus", bells_at_dusk, ((70, 40, 92), (240, 150, 120))),
    Piece("pixel-parade", "Pixel Parade", "opus", pixel_parade, ((20, 24, 40), (90, 220, 170))),
    Piece("first-light", "First Light", "flac", first_light, ((250, 214, 140), (90, 150, 200))),
)
