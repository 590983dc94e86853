"""Makes packets from a medium, one after the other, in whatever voicing is wanted."""

import math
from collections.abc import Sequence
from typing import Final

from seraphim.adapters.voice_embedded import gain as loudness
from seraphim.adapters.voice_embedded.filters import chain
from seraphim.adapters.voice_embedded.gain import SILENT_FRAME, Sound
from seraphim.adapters.voice_embedded.opus import OpusDecoder
from seraphim.adapters.voice_embedded.spool import Piece, Spool, Track
from seraphim.adapters.voice_embedded.tuning import FRAME_SAMPLES, Tuning
from seraphim.adapters.voice_embedded.voicing import Encoding, Shaper, Voicing

_TUNE_IN: Final = 8
"""Frames of output that new filters and a new decoder make for nothing, to be in tune (160 ms)."""
_PRIMING: Final = 4
"""Frames that a new encoder hears first: what the listeners' decoders have just heard."""
_KEPT_PIECES: Final = 40
"""Pieces kept behind the place that is playing: enough to tune in at triple speed."""


class Frame:
    """A packet, and what is needed to go on from it in another voicing."""

    __slots__ = ("packet", "reach", "sound")

    def __init__(self, packet: bytes | None, reach: float, sound: Sound | None) -> None:
        self.packet = packet
        self.reach = reach
        """Where in the medium its sound ends, in samples from the first piece."""
        self.sound = sound
        """What was encoded, before the loudness; None for a packet that is the file's own."""


class Press:
    """Turns pieces into frames; used by one worker at a time.

    Args:
        track: The opened medium; the press closes it.
        voicing: How it shall sound.
        tuning: The encoder's settings.
    """

    def __init__(self, track: Track, voicing: Voicing, tuning: Tuning) -> None:
        self._spool = Spool(track)
        self._tuning = tuning
        self.voicing = voicing
        self._reach = 0.0
        self._shaper: Shaper | None = None
        self._encoding: Encoding | None = None
        self._pending: Frame | None = None
        self._blend: tuple[Sound, float] | None = None
        """The old sound of the next frame and its loudness, for a soft change."""
        self._bridge = False
        """Whether one more frame is encoded before the file's own packets come back."""

    @property
    def voicing(self) -> Voicing:
        """How it sounds."""
        return self._voicing

    @voicing.setter
    def voicing(self, voicing: Voicing) -> None:
        self._voicing = voicing
        self._untouched = voicing.untouched

    @property
    def copying(self) -> bool:
        """Whether the frames are the file's own packets."""
        return self._encoding is None

    def next(self) -> Frame | None:
        """Return the next frame, None at the end; raises MediaFailed."""
        if self._encoding is None and self._untouched:
            piece = self._spool.read()
            if piece is None:
                return None
            if piece.packet is not None:
                self._reach += FRAME_SAMPLES
                return Frame(piece.packet, self._reach, None)
            self._spool.rewind(self._spool.next - 1)
        if self._encoding is None:
            self._begin()
        frame = self._encode_next()
        if self._bridge and frame is not None:
            self._copy_from(frame)
        return frame

    def change(
        self, voicing: Voicing, boundary: float, before: Sequence[Frame], after: Sequence[Frame]
    ) -> None:
        """Go on in another voicing behind ``boundary`` (samples from the first piece).

        Args:
            voicing: How it shall sound.
            boundary: Where the frames that stay end.
            before: Frames that end there, the latest last; what the listeners will have heard.
            after: Frames that were made already, and are replaced by what is made next.
        """
        old, self.voicing = self.voicing, voicing
        rest = [*after, *([self._pending] if self._pending is not None else [])]
        if not before:
            # Nothing has been heard yet: begin afresh.
            self._reset(boundary)
            return
        decoder = OpusDecoder()
        past = [_sound(frame, decoder) for frame in before]
        upcoming = _sound(rest[0], decoder) if rest else None
        self._reset(boundary)
        piece = self._spool.peek()
        self._bridge = voicing.untouched and piece is not None and piece.packet is not None
        self._prime(past[-_PRIMING:], old)
        if upcoming is not None:
            self._blend = (upcoming, old.gain)

    def forget_before(self, reach: float) -> None:
        """Let go of pieces that cannot be wanted again once the playback is at ``reach``."""
        self._spool.trim(int(reach / FRAME_SAMPLES) - _KEPT_PIECES)

    def close(self) -> None:
        """Close the medium, and let go of filters and encoder at once."""
        self._shaper = self._encoding = self._pending = self._blend = None
        self._spool.clear()
        self._spool.close()

    def _reset(self, boundary: float) -> None:
        """Go to a place in the medium, without an encoder."""
        self._shaper = self._encoding = self._pending = self._blend = None
        self._bridge = False
        self._reach = boundary
        self._spool.rewind(round(boundary / FRAME_SAMPLES))

    def _begin(self) -> None:
        """Start to encode at the present place, behind what was handed on untouched."""
        decoder = OpusDecoder()
        packets = [piece.packet for piece in self._spool.behind(_TUNE_IN)]
        past = [decoder.decode(packet) for packet in packets if packet is not None]
        self._prime(past[-_PRIMING:], self.voicing)

    def _prime(self, past: Sequence[Sound], old: Voicing) -> None:
        """Make a shaper and an encoder that are in tune at the present place."""
        voicing = self.voicing
        speed = voicing.recipe.speed
        first = math.floor(self._reach / FRAME_SAMPLES) - math.ceil(_TUNE_IN * speed)
        self._spool.rewind(first)
        skip = round((self._reach - first * FRAME_SAMPLES) / speed)
        self._shaper = Shaper(chain(voicing.recipe), skip_samples=skip)
        for _ in range(self._spool.next - first):
            # Before the beginning there is silence: FFmpeg's vibrato begins with what lay in its
            # memory, which must not be heard.
            self._shaper.put(Piece(None, SILENT_FRAME))
        limited = voicing.may_exceed or old.may_exceed
        self._encoding = Encoding(self._tuning, limited=limited)
        # The first frame's packet needs the end of the frame before it, if only of silence.
        for sound in past or [SILENT_FRAME]:
            self._encoding.put(sound, old.gain, old.gain)

    def _encode_next(self) -> Frame | None:
        encoding, gain = self._encoding, self.voicing.gain
        if encoding is None:
            return None
        while (sound := self._shape()) is not None:
            start = gain
            if self._blend is not None:
                upcoming, start = self._blend
                self._blend = None
                if sound is not upcoming:
                    sound = loudness.blend(upcoming, sound)
            self._reach += FRAME_SAMPLES * self.voicing.recipe.speed
            packet = encoding.put(sound, start, gain)
            previous, self._pending = self._pending, Frame(None, self._reach, sound)
            if previous is not None:
                previous.packet = packet
                return previous
        previous, self._pending = self._pending, None
        if previous is not None:
            previous.packet = encoding.end()
        return previous

    def _shape(self) -> Sound | None:
        """Return the next 20 ms in the present voicing, None at the end."""
        shaper = self._shaper
        if shaper is None:
            return None
        while (sound := shaper.take()) is None:
            if shaper.ended:
                return shaper.rest()
            piece = self._spool.read()
            if piece is None:
                shaper.end()
            else:
                shaper.put(piece)
        return sound

    def _copy_from(self, frame: Frame) -> None:
        """Hand on the file's own packets behind ``frame``."""
        self._reset(float(round(frame.reach / FRAME_SAMPLES) * FRAME_SAMPLES))


def _sound(frame: Frame, decoder: OpusDecoder) -> Sound:
    """Return what a frame sounds like before its loudness."""
    if frame.sound is not None:
        return frame.sound
    return decoder.decode(frame.packet or b"")
