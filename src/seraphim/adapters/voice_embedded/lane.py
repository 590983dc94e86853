"""One player's lane: decides, beat by beat, which packet leaves."""

import threading
from collections.abc import Callable
from typing import Protocol

from seraphim.adapters.voice_embedded.tuning import SILENCE, SILENCE_FRAMES
from seraphim.adapters.voice_embedded.wire import Wire


class PacketSource(Protocol):
    """Ready packets of one playback."""

    def take(self) -> bytes | None:
        """Return the next packet, or None when none is ready (yet, or any more)."""
        ...

    @property
    def finished(self) -> bool:
        """Whether :meth:`take` will never return a packet again."""
        ...

    def close(self) -> None:
        """Let go of everything; called from any thread, more than once."""
        ...


class Lane:
    """Sends a source's packets; silence at its end, in a pause and while packets are missing.

    Whenever sound stops, five frames of silence follow and then nothing (Discord docs, "Voice
    Data Interpolation"). Time goes on in the RTP timestamps during a pause, the sequence does
    not: to a receiver nothing was lost, there was only nothing to hear (RFC 3550, section 5.1).

    Args:
        wire: Where packets go.
        on_first: Called from the pacer's thread when a source's first packet has left.
        on_end: Called from the pacer's thread when a source is used up.
        on_broken: Called from the pacer's thread when :meth:`tick` has failed with a source.
    """

    def __init__(
        self,
        wire: Wire,
        *,
        on_first: Callable[[PacketSource], None],
        on_end: Callable[[PacketSource], None],
        on_broken: Callable[[PacketSource], None],
    ) -> None:
        self._wire = wire
        self._on_first = on_first
        self._on_end = on_end
        self._on_broken = on_broken
        self._lock = threading.Lock()
        self._source: PacketSource | None = None
        self._announced = False
        self._paused = False
        self._silence_left = 0
        self.packets_sent = 0
        self.silence_sent = 0
        self.underruns = 0

    @property
    def idle(self) -> bool:
        """Whether there is nothing to send: no sound, and the silence after it is out."""
        return (self._source is None or self._paused) and self._silence_left == 0

    @property
    def playing(self) -> bool:
        """Whether sound is being sent."""
        return self._source is not None and not self._paused

    def load(self, source: PacketSource, *, paused: bool = False) -> None:
        """Send ``source`` from the next beat on; what was playing is closed."""
        with self._lock:
            old, self._source = self._source, source
            self._announced = False
            self._paused = paused
        if old is not None and old is not source:
            old.close()

    def cut(self) -> None:
        """Stop the sound at once; silence follows."""
        with self._lock:
            old, self._source = self._source, None
            self._fall_silent(was_sounding=old is not None and not self._paused)
        if old is not None:
            old.close()

    def pause(self) -> None:
        """Fall silent and keep the source where it is."""
        with self._lock:
            if not self._paused:
                self._paused = True
                self._fall_silent(was_sounding=self._source is not None)

    def resume(self) -> None:
        """Go on with the source."""
        with self._lock:
            self._paused = False

    def tick(self, beat: int) -> bool:
        """Send at most one packet; called once a beat by the pacer.

        Returns:
            Whether there will be more to send.
        """
        if not self._wire.ready:
            # A reconnect: nothing is taken from the source, so that nothing is lost.
            return True
        sound: bytes | None = None
        ended: PacketSource | None = None
        is_first = False
        # One method and no property: this is run for each packet of each player.
        with self._lock:
            source = self._source
            if source is not None and not self._paused:
                sound = source.take()
                if sound is not None:
                    is_first = not self._announced
                    self._announced = True
                    self._silence_left = SILENCE_FRAMES
                elif source.finished:
                    self._source, ended = None, source
                elif self._announced:
                    self.underruns += 1
            packet = sound
            if sound is None and self._silence_left:
                self._silence_left -= 1
                packet = SILENCE
            more = sound is not None or not self.idle
        if packet is not None:
            self._wire.send(packet, beat)
            if sound is None:
                self.silence_sent += 1
            else:
                self.packets_sent += 1
        if is_first or ended is not None:
            self._tell(source, ended)
        return more

    def _tell(self, source: PacketSource | None, ended: PacketSource | None) -> None:
        if ended is not None:
            ended.close()
            self._on_end(ended)
        elif source is not None:
            self._on_first(source)

    def broke(self) -> None:
        """Give the source up: :meth:`tick` has raised and the pacer has taken this lane out."""
        with self._lock:
            source, self._source = self._source, None
            self._silence_left = 0
        if source is not None:
            source.close()
            self._on_broken(source)

    def _fall_silent(self, *, was_sounding: bool) -> None:
        if was_sounding and self._announced:
            self._silence_left = SILENCE_FRAMES
