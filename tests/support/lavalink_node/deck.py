"""Sound of one track: decoded ahead in a thread, as lavaplayer does it.

Five seconds are kept ready behind the filters, so that other filters are heard only then, or at
once after a seek; and the position counts what has left the filters since the last seek, whatever
the speed (lavaplayer, ``FinalPcmAudioFilter``).
"""

# PyAV's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

import math
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

import av
import av.error
import av.filter
import numpy as np
from numpy.typing import NDArray
from tests.support.lavalink_node.tracks import NodeTrack

type Json = dict[str, Any]
type Samples = NDArray[np.float32]
RATE = 48_000
FRAME = 960
AHEAD_FRAMES = 250
BANDS_HZ = (25, 40, 63, 100, 160, 250, 400, 630, 1000, 1600, 2500, 4000, 6300, 10000, 16000)


class Deck:
    """Frames of a track, in order.

    Attributes:
        failure: Why decoding ended before the track did.
        finished: Everything has been decoded.
    """

    def __init__(self, track: NodeTrack, position_ms: int, filters: Json) -> None:
        self.track = track
        self.failure: Exception | None = None
        self.finished = False
        self._frames: deque[tuple[int, Samples]] = deque()
        self._changed = threading.Condition()
        self._seek_to: int | None = position_ms
        self._filters = filters
        self._revision = 0
        self._ends = False
        self._position = position_ms
        threading.Thread(target=self._run, daemon=True, name="lavalink-deck").start()

    @property
    def position_ms(self) -> int:
        """The wanted place of a seek that is under way, or what was taken last."""
        with self._changed:
            return self._position if self._seek_to is None else self._seek_to

    def take(self) -> Samples | None:
        """The next 20 ms, or None when nothing is ready."""
        with self._changed:
            if self._seek_to is not None or not self._frames:
                return None
            timecode, samples = self._frames.popleft()
            self._position = timecode + 20
            self._changed.notify_all()
            return samples

    def over(self) -> bool:
        """Whether nothing will come any more."""
        with self._changed:
            return self.finished and not self._frames and self._seek_to is None

    def seek(self, position_ms: int) -> None:
        """Go elsewhere; what is ready is thrown away."""
        with self._changed:
            self._seek_to, self.finished = position_ms, False
            self._changed.notify_all()

    def set_filters(self, filters: Json) -> None:
        """Use other filters for what is decoded from now on."""
        with self._changed:
            self._filters = filters
            self._revision += 1

    def close(self) -> None:
        """End the thread."""
        with self._changed:
            self._ends = True
            self._changed.notify_all()

    def _run(self) -> None:
        try:
            with av.open(self.track.media, timeout=10) as container:
                while self._wait_for_seek():
                    self._play(container)
        except Exception as error:  # noqa: BLE001 - told to the player
            with self._changed:
                self.failure, self.finished, self._seek_to = error, True, None

    def _wait_for_seek(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: self._seek_to is not None or self._ends)
            return not self._ends

    def _play(self, container: Any) -> None:
        with self._changed:
            start = self._seek_to or 0
            self._frames.clear()
            self._seek_to, self._position, self.finished = None, start, False
            revision, filters = self._revision, self._filters
        container.seek(max(0, start - 500) * 1000, any_frame=False)
        chain = _Chain(filters)
        timecode, rest = start, np.zeros((0, 2), np.float32)
        for piece in _decoded(container, start):
            if revision != self._revision:
                revision, filters = self._revision, self._filters
                rest = np.concatenate([rest, *chain.finish()])
                chain = _Chain(filters)
            rest = np.concatenate([rest, *chain.feed(piece)])
            while len(rest) >= FRAME:
                if not self._put(timecode, rest[:FRAME]):
                    return
                rest, timecode = rest[FRAME:], timecode + 20
        rest = np.concatenate([rest, *chain.finish()])
        while len(rest):
            last = np.zeros((FRAME, 2), np.float32)
            last[: min(FRAME, len(rest))] = rest[:FRAME]
            if not self._put(timecode, last):
                return
            rest, timecode = rest[FRAME:], timecode + 20
        with self._changed:
            self.finished = self._seek_to is None

    def _put(self, timecode: int, samples: Samples) -> bool:
        with self._changed:
            self._changed.wait_for(
                lambda: len(self._frames) < AHEAD_FRAMES or self._seek_to is not None or self._ends
            )
            if self._seek_to is not None or self._ends:
                return False
            self._frames.append((timecode, samples))
            return True


def _decoded(container: Any, start_ms: int) -> Iterator[Samples]:
    """Samples from exactly ``start_ms`` on, 48 kHz stereo."""
    stream = container.streams.audio[0]
    resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
    origin = float((stream.start_time or 0) * stream.time_base) if stream.time_base else 0.0
    at: int | None = None
    wanted = start_ms * RATE // 1000
    for frame in container.decode(stream):
        if at is None:
            at = round((float(frame.time or 0.0) - origin) * RATE)
        for ready in resampler.resample(frame):
            samples = ready.to_ndarray().reshape(-1, 2)
            skip = max(0, wanted - at)
            at += len(samples)
            if skip < len(samples):
                yield samples[skip:].astype(np.float32)


class _Chain:
    """FFmpeg's filters for Lavalink's."""

    def __init__(self, filters: Json) -> None:
        steps = list(_steps(filters))
        self._graph: Any = None
        self._pts = 0
        if steps:
            graph = av.filter.Graph()
            source = graph.add(
                "abuffer",
                f"sample_rate={RATE}:sample_fmt=flt:channel_layout=stereo:time_base=1/{RATE}",
            )
            last = source
            for name, arguments in (
                *steps,
                ("aformat", f"sample_fmts=flt:sample_rates={RATE}:channel_layouts=stereo"),
            ):
                step = graph.add(name, arguments)
                last.link_to(step)
                last = step
            sink = graph.add("abuffersink")
            last.link_to(sink)
            graph.configure()
            self._graph = graph

    def feed(self, samples: Samples) -> list[Samples]:
        """What comes out for what goes in."""
        if self._graph is None:
            return [samples]
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(samples).reshape(1, -1), "flt", "stereo"
        )
        frame.sample_rate = RATE
        frame.pts = self._pts
        self._pts += len(samples)
        self._graph.push(frame)
        return self._pull()

    def finish(self) -> list[Samples]:
        """What is still inside."""
        if self._graph is None:
            return []
        self._graph.push(None)
        return self._pull()

    def _pull(self) -> list[Samples]:
        out: list[Samples] = []
        while True:
            try:
                frame = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return out
            out.append(frame.to_ndarray().reshape(-1, 2).astype(np.float32))


def _steps(filters: Json) -> Iterator[tuple[str, str]]:
    timescale: Json = filters.get("timescale") or {}
    rate = float(timescale.get("rate", 1.0))
    speed = float(timescale.get("speed", 1.0)) * rate
    pitch = float(timescale.get("pitch", 1.0)) * rate
    if not math.isclose(pitch, 1.0):
        yield "asetrate", f"r={round(RATE * pitch)}"
        yield "aresample", f"osr={RATE}"
    tempo = speed / pitch
    while not math.isclose(tempo, 1.0, abs_tol=1e-6):
        part = max(0.5, min(2.0, tempo))
        yield "atempo", f"tempo={part:.6f}"
        tempo /= part
    for band in filters.get("equalizer") or ():
        # Lavaplayer multiplies a band by 1 + 4 x gain.
        decibels = 20 * math.log10(max(0.001, 1 + 4 * band.get("gain", 0.0)))
        yield "equalizer", f"f={BANDS_HZ[band['band']]}:t=o:w=0.667:g={decibels:.2f}"
    rotation: Json = filters.get("rotation") or {}
    if rotation.get("rotationHz"):
        yield "apulsator", f"hz={rotation['rotationHz']}"
    for name in ("tremolo", "vibrato"):
        if swing := filters.get(name):
            yield name, f"f={swing.get('frequency', 2.0)}:d={swing.get('depth', 0.5)}"
    if "volume" in filters:
        yield "volume", f"volume={filters['volume']}"
