"""Lines of FFmpeg filters that give their memory back as soon as nobody holds them.

A PyAV graph and its filters hold each other, so that only Python's cycle collector would free them.
To the collector a graph is ten small objects; in FFmpeg it is up to 160 kB. In a process with a
large heap the collector comes by so rarely that some tens of megabytes wait for it, and what is
freed then leaves holes. Here the circle is cut when the last holder lets go.
"""

import gc
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final

from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.codec import CodecContext
from av.error import EOFError as EndOfStream
from av.filter import Graph

type Step = tuple[str, str]
"""A filter's name and its arguments."""

_HOLDERS: Final = (Graph, AudioResampler)


class Line:
    """Filters one behind the other: frames in, frames out; used by one thread at a time.

    Args:
        sample_format: FFmpeg's name of what is put in, for example ``"s16"``.
        sample_rate: In samples per second.
        layout: FFmpeg's name of the channels, for example ``"stereo"``.
        time_base: What the frames' time stamps count.
        steps: The filters in their order.

    Raises:
        FFmpegError: There is no such filter, or it does not take its arguments.
    """

    def __init__(
        self,
        *,
        sample_format: str,
        sample_rate: int,
        layout: str,
        time_base: Fraction,
        steps: Iterable[Step],
    ) -> None:
        self._graph = graph = Graph()
        graph.threads = 1  # FFmpeg would start a thread for each core and graph
        last = graph.add_abuffer(
            format=sample_format, sample_rate=sample_rate, layout=layout, time_base=time_base
        )
        for name, arguments in steps:
            step = graph.add(name, arguments)
            last.link_to(step)
            last = step
        last.link_to(graph.add("abuffersink"))
        graph.configure()

    def __del__(self) -> None:
        """Cut the circle: the graph goes with this object."""
        dismantle(self._graph)

    def push(self, frame: AudioFrame | None) -> None:
        """Put a frame in, or None at the end."""
        self._graph.push(frame)

    def pull(self) -> Iterator[AudioFrame]:
        """Take out what is ready."""
        while True:
            try:
                frame = self._graph.pull()
            except (BlockingIOError, EndOfStream):
                return
            if isinstance(frame, AudioFrame):
                yield frame


def dismantle(holder: Graph | AudioResampler | CodecContext) -> None:
    """Make the graphs in ``holder`` forget their filters; nothing may be put in any more.

    PyAV has no call for this. What it keeps (in ``Graph``: dictionaries of its filters; in an audio
    encoder: a resampler, and in that a graph) is asked from the interpreter.
    """
    for kept in gc.get_referents(holder):
        if isinstance(kept, _HOLDERS):
            dismantle(kept)
        elif isinstance(holder, Graph) and isinstance(kept, dict):
            kept.clear()
