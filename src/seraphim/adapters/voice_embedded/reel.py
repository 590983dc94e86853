"""Ready packets of one playback: filled by workers, emptied by the pacer, re-made on a change."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from seraphim.adapters.voice_embedded import gain as loudness
from seraphim.adapters.voice_embedded.failure import (
    NOT_AUDIO,
    STALLED,
    MediaFailed,
    explain,
)
from seraphim.adapters.voice_embedded.gain import Samples
from seraphim.adapters.voice_embedded.http_input import HttpInput
from seraphim.adapters.voice_embedded.opus import OpusDecoder, OpusEncoder
from seraphim.adapters.voice_embedded.track import Track
from seraphim.adapters.voice_embedded.tuning import FRAME_MS, Tuning

_LEAD_FRAMES: Final = 2
"""Packets left alone when the volume changes: the pacer may be about to take them."""
_READY_BYTES: Final = 16 * 1024
"""Bytes off the network that make a worker's turn worth while; twice what PyAV reads at once."""
_PRIMING_FRAMES: Final = 4
"""Packets already sent that a new decoder or encoder hears first, to be in tune (80 ms)."""


class _Frame:
    """20 ms: the packet to send, and what it can be made from again."""

    __slots__ = ("original", "packet", "samples")

    def __init__(self, packet: bytes, original: bytes | None, samples: Samples | None) -> None:
        self.packet = packet
        self.original = original
        self.samples = samples


class Reel:
    """A bounded run of packets ahead of the pacer.

    Opus packets pass through untouched at a volume of 100 %. At any other volume they are
    decoded, scaled and encoded again; everything else is encoded always. When the volume changes,
    the packets that wait are made again from what they came from, in place and from the front:
    the new loudness is heard 40 ms later, nothing is missing and nothing is read twice.

    Args:
        track: The opened medium; the reel closes it.
        position_ms: Where in the medium the first packet lies.
        volume_percent: The loudness, 0 to 200.
        speed: Media milliseconds that pass in a millisecond of sound.
        request: Asks for :meth:`fill` to be called by a worker, soon.
        tuning: Sizes and the encoder's settings.
        arriving: The bytes behind the track when they come over the network.
    """

    def __init__(
        self,
        track: Track,
        *,
        position_ms: int,
        volume_percent: int,
        tuning: Tuning,
        request: Callable[["Reel"], None],
        speed: float = 1.0,
        arriving: HttpInput | None = None,
    ) -> None:
        self._track = track
        self._arriving = arriving
        self._start_ms = position_ms
        self._speed = speed
        self._tuning = tuning
        self._request = request
        self._lock = threading.Lock()
        self._frames: deque[_Frame] = deque()
        self._recent: deque[_Frame] = deque(maxlen=_PRIMING_FRAMES)
        self._gain = self._wanted_gain = loudness.factor(volume_percent)
        self._encoder: OpusEncoder | None = None
        self._decoder: OpusDecoder | None = None
        self._ended = False
        self._closed = False
        self._busy = False
        self._taken = 0
        self._starved = 0
        self._starved_limit = round(tuning.stall_seconds * 1000 / FRAME_MS)
        self.failure: MediaFailed | None = None
        """Why the medium broke off; None when it was read to its end."""
        self.queued = False
        """Owned by the worker pool: whether a request is waiting."""

    @property
    def position_ms(self) -> int:
        """How far the packets that were taken reach in the medium."""
        return self._start_ms + round(self._taken * FRAME_MS * self._speed)

    @property
    def waiting(self) -> int:
        """How many packets are ready."""
        return len(self._frames)

    @property
    def finished(self) -> bool:
        """Whether there will be no more packets."""
        return self._ended and not self._frames

    @property
    def passthrough(self) -> bool:
        """Whether the packets are the file's own."""
        return self._encoder is None

    def take(self) -> bytes | None:
        """Return the next packet; called by the pacer, never waits for a worker."""
        with self._lock:
            if not self._frames:
                if not self._ended:
                    self._starve()
                return None
            frame = self._frames.popleft()
            self._recent.append(frame)
            self._taken += 1
            self._starved = 0
            low = len(self._frames) < self._tuning.refill_frames and not self._ended
        if low and not self.queued:
            self._request(self)
        return frame.packet

    def set_volume(self, volume_percent: int) -> None:
        """Change the loudness; a worker does the rest."""
        self._wanted_gain = loudness.factor(volume_percent)
        self._request(self)

    def ready(self, otherwise: Callable[[], None]) -> bool:
        """Say whether :meth:`fill` would go through without waiting for the network.

        Args:
            otherwise: Called once when it is worth asking again, if the answer is no.
        """
        if self._arriving is None or self._closed:
            return True
        return self._arriving.ready(_READY_BYTES, otherwise)

    def fill(self, limit: int | None = None) -> bool:
        """Make packets until the reel is full, at most ``limit``; called by one worker at a time.

        Returns:
            Whether the worker should come back for more.
        """
        with self._lock:
            if self._busy or self._closed:
                return False
            self._busy = True
        try:
            if self._wanted_gain != self._gain:
                self._remake()
            copying = self._gain == 1.0 and self._encoder is None
            return self._make(limit or self._tuning.slice_frames * (4 if copying else 1))
        except Exception as error:  # noqa: BLE001  # whatever a codec throws ends this playback only
            self.failure = explain(error)
            self._ended = True
            return False
        finally:
            with self._lock:
                self._busy = False
                close = self._closed
            if close:
                self._track.close()

    def close(self) -> None:
        """Let go of the packets and the medium; from any thread."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._ended = True
            self._frames.clear()
            busy = self._busy
        if self._arriving is not None:
            self._arriving.abort()
        if not busy:
            self._track.close()

    def _make(self, limit: int) -> bool:
        for _ in range(limit):
            if self._closed or self._ended:
                return False
            if self._wanted_gain != self._gain:
                return True
            piece = self._track.next()
            if piece is None:
                if not self._taken and not self._frames and not self._start_ms:
                    raise MediaFailed("unsupported", NOT_AUDIO)
                self._ended = True
                return False
            frame = self._frame(piece.packet, piece.samples)
            with self._lock:
                if self._closed:
                    return False
                self._frames.append(frame)
                if len(self._frames) >= self._tuning.buffer_frames:
                    return False
        return True

    def _frame(self, packet: bytes | None, samples: Samples | None) -> _Frame:
        """Make one frame at the present loudness."""
        if packet is not None and self._gain == 1.0:
            self._encoder = self._decoder = None
            return _Frame(packet, packet, None)
        if packet is not None:
            self._decoder = self._decoder or OpusDecoder()
            heard = self._decoder.decode(packet)
        elif samples is not None:
            heard = samples
        else:
            raise ValueError("a piece is a packet or samples")
        self._encoder = self._encoder or OpusEncoder(self._tuning)
        made = self._encoder.encode(loudness.apply(heard, self._gain, self._gain))
        return _Frame(made, packet, samples)

    def _remake(self) -> None:
        """Make the waiting packets again at the wanted loudness, the next ones to leave first."""
        with self._lock:
            waiting = list(self._frames)
            before = [*self._recent, *waiting[:_LEAD_FRAMES]]
        old, new = self._gain, self._wanted_gain
        self._gain = new
        remade = waiting[_LEAD_FRAMES:]
        if new == 1.0 and all(frame.original is not None for frame in remade):
            for frame in remade:
                if frame.original is not None:
                    frame.packet = frame.original
            self._encoder = self._decoder = None
            return
        decoder, encoder = OpusDecoder(), OpusEncoder(self._tuning)
        for frame in before:
            encoder.encode(loudness.apply(_heard(frame, decoder), old, old))
        start = old
        for frame in remade:
            frame.packet = encoder.encode(loudness.apply(_heard(frame, decoder), start, new))
            start = new
        self._decoder, self._encoder = decoder, encoder

    def _starve(self) -> None:
        """Count a beat without a packet; a medium that stays silent too long is given up."""
        self._starved += 1
        if self._starved >= self._starved_limit:
            self.failure = MediaFailed("network", STALLED)
            self._ended = True


def _heard(frame: _Frame, decoder: OpusDecoder) -> Samples:
    if frame.samples is not None:
        return frame.samples
    return decoder.decode(frame.original or frame.packet)
