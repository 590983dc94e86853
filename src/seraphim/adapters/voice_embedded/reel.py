"""Ready packets of one playback: filled by workers, emptied by the pacer, re-made on a change."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from seraphim.adapters.voice_embedded.failure import (
    NOT_AUDIO,
    STALLED,
    MediaFailed,
    explain,
)
from seraphim.adapters.voice_embedded.http_input import HttpInput
from seraphim.adapters.voice_embedded.press import Frame, Press
from seraphim.adapters.voice_embedded.spool import Track
from seraphim.adapters.voice_embedded.tuning import FRAME_MS, SAMPLE_RATE, Tuning
from seraphim.adapters.voice_embedded.voicing import Voicing

_LEADS: Final = (2, 8, 30)
"""Packets left alone when the sound changes, because the pacer may be about to take them; more
in later attempts, when the new ones were not ready in time."""
_FIRST_FRAMES: Final = 6
"""Packets made anew before the old ones are thrown away."""
_READY_BYTES: Final = 16 * 1024
"""Bytes off the network that make a worker's turn worth while; twice what PyAV reads at once."""
_RECENT_FRAMES: Final = 8
"""Packets already sent that a new decoder or encoder hears first, to be in tune (160 ms)."""


class Reel:
    """A bounded run of packets ahead of the pacer.

    When the sound is to change, the packets that wait are thrown away, except for the next two,
    and made again from the same place in the medium: the change is heard 40 ms later, nothing is
    missing, nothing is heard twice and nothing is read twice.

    Args:
        track: The opened medium; the reel closes it.
        position_ms: Where in the medium the first packet lies.
        voicing: How it shall sound.
        request: Asks for :meth:`fill` to be called by a worker, soon.
        tuning: Sizes and the encoder's settings.
        arriving: The bytes behind the track when they come over the network.
    """

    def __init__(
        self,
        track: Track,
        *,
        position_ms: int,
        voicing: Voicing,
        tuning: Tuning,
        request: Callable[["Reel"], None],
        arriving: HttpInput | None = None,
    ) -> None:
        self._arriving = arriving
        self._start_ms = position_ms
        self._tuning = tuning
        self._request = request
        self._lock = threading.Lock()
        self._press = Press(track, voicing, tuning)
        self._wanted = voicing
        """The press's own one unless a change is due; compared as an object, once a packet."""
        self._frames: deque[Frame] = deque()
        self._recent: deque[Frame] = deque(maxlen=_RECENT_FRAMES)
        self._reach = 0.0
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
        return self._start_ms + round(self._reach * 1000 / SAMPLE_RATE)

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
        return self._press.copying

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
            self._reach = frame.reach
            self._starved = 0
            low = len(self._frames) < self._tuning.refill_frames and not self._ended
        if low and not self.queued:
            self._request(self)
        return frame.packet

    def set_voicing(self, voicing: Voicing) -> None:
        """Change the sound; a worker does the rest."""
        if voicing != self._wanted:
            self._wanted = voicing
            self._request(self)

    def ready(self, otherwise: Callable[[], None]) -> bool:
        """Say whether :meth:`fill` would go through without waiting for the network.

        Args:
            otherwise: Called once when it is worth asking again, if the answer is no.
        """
        if self._arriving is None or self._closed or self._wanted is not self._press.voicing:
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
            if self._wanted is not self._press.voicing:
                self._change()
            slices = 4 if self._press.copying else 1
            more = self._make(limit or self._tuning.slice_frames * slices)
        except Exception as error:  # noqa: BLE001  # whatever a codec throws ends this playback only
            # Without its trace: that would hold the reel, and the reel holds the failure.
            self.failure = explain(error).with_traceback(None)
            self._ended = True
            return False
        finally:
            with self._lock:
                self._busy = False
                close = self._closed
            if close:
                self._press.close()
        # Whoever asked for another sound meanwhile was sent away, because this worker was at it.
        return more or (self._wanted is not self._press.voicing and not self._closed)

    def close(self) -> None:
        """Let go of the packets and the medium; from any thread."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._ended = True
            self._frames.clear()
            self._recent.clear()
            busy = self._busy
        if self._arriving is not None:
            self._arriving.abort()
        if not busy:
            self._press.close()

    def _make(self, limit: int) -> bool:
        self._press.forget_before(self._reach)
        for _ in range(limit):
            if self._closed or self._ended:
                return False
            if self._wanted is not self._press.voicing:
                return True
            frame = self._press.next()
            if frame is None:
                if not self._taken and not self._frames and not self._start_ms:
                    raise MediaFailed("unsupported", NOT_AUDIO)
                self._ended = True
                return False
            with self._lock:
                if self._closed:
                    return False
                self._frames.append(frame)
                if len(self._frames) >= self._tuning.buffer_frames:
                    return False
        return True

    def _change(self) -> None:
        """Make the waiting packets again in the wanted voicing, all but the next to leave."""
        wanted = self._wanted
        for lead in _LEADS:
            with self._lock:
                waiting, taken = list(self._frames), self._taken
                recent, reach = list(self._recent), self._reach
            kept, replaced = waiting[:lead], waiting[lead:]
            if self._ended and not replaced:
                # What is left is about to be sent; the press has nothing more to make.
                self._press.voicing = wanted
                return
            boundary = kept[-1].reach if kept else reach
            self._press.change(wanted, boundary, [*recent, *kept], replaced)
            fresh: list[Frame] = []
            ended = False
            while len(fresh) < _FIRST_FRAMES and not ended:
                frame = self._press.next()
                if frame is None:
                    ended = True
                else:
                    fresh.append(frame)
            with self._lock:
                gone = self._taken - taken
                if self._closed or (self._ended and not self._frames):
                    return
                if gone <= len(kept) or lead == _LEADS[-1]:
                    late = max(0, gone - len(kept))
                    self._frames = deque([*kept[gone:], *fresh[late:]])
                    self._ended = ended
                    return

    def _starve(self) -> None:
        """Count a beat without a packet; a medium that stays silent too long is given up."""
        self._starved += 1
        if self._starved >= self._starved_limit:
            self.failure = MediaFailed("network", STALLED)
            self._ended = True
