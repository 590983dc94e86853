"""An opened medium: a run of pieces of 20 ms, as Opus packets where possible, else as samples."""

import contextlib
from collections.abc import Generator
from fractions import Fraction
from pathlib import Path
from typing import Final, Protocol, cast

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import EOFError as EndOfStream
from av.error import FFmpegError, InvalidDataError
from av.packet import Packet as AnyPacket

from seraphim.adapters.voice_embedded.failure import (
    EMPTY,
    NO_SOUND,
    NOT_AUDIO,
    MediaFailed,
    explain,
)
from seraphim.adapters.voice_embedded.fifo import Fifo
from seraphim.adapters.voice_embedded.graph import Line
from seraphim.adapters.voice_embedded.opus import (
    OpusDecoder,
    interleaved,
    packet_samples,
    parse_head,
)
from seraphim.adapters.voice_embedded.spool import Piece, Track
from seraphim.adapters.voice_embedded.tuning import FRAME_SAMPLES, SAMPLE_RATE

FORMATS: Final = (
    "ogg,matroska,webm,mp3,flac,wav,w64,aiff,au,caf,aac,mov,mp4,m4a,mpegts,asf,ape,wv,tta,amr"
)
"""The containers that are opened. No playlists, no images, nothing that names other addresses."""

type Packet = AnyPacket[AudioStream]

_MAX_BAD_IN_A_ROW: Final = 200
_RUN_UP_MS: Final = 200
"""How much before a position decoding begins: codecs lean on what came before (MP3, AAC, Opus)."""


class Readable(Protocol):
    """A file object that is only read forward."""

    def read(self, n: int) -> bytes:
        """Return 1 to ``n`` bytes, ``b""`` at the end."""
        ...


def open_track(source: str | Readable, *, position_ms: int) -> Track:
    """Open a file (an absolute path) or a forward-only file object at a position.

    Raises:
        MediaFailed: It cannot be opened, or there is no sound in it.
    """
    try:
        container = _open(source)
    except (FFmpegError, OSError, ValueError) as error:
        raise explain(error) from error
    try:
        stream = _audio_stream(container)
        seekable = isinstance(source, str)
        head = parse_head(stream.codec_context.extradata) if stream.codec.name in _OPUS else None
        if position_ms > 0 and seekable:
            # A file that cannot seek is read from its start; the pieces before are dropped.
            with contextlib.suppress(FFmpegError):
                container.seek(max(0, position_ms - _RUN_UP_MS) * 1000)
        if head is not None and head.plain:
            return OpusTrack(container, stream, position_ms, from_first=not seekable)
        return DecodedTrack(container, stream, position_ms, from_first=not seekable)
    except BaseException:
        container.close()
        raise


def _audio_stream(container: InputContainer) -> AudioStream:
    if not container.streams.audio:
        raise MediaFailed("unsupported", NO_SOUND)
    stream = container.streams.audio[0]
    stream.codec_context.thread_count = 1  # the workers are the threads; FFmpeg needs none
    return stream


_OPUS: Final = frozenset({"opus", "libopus"})


def _open(source: str | Readable) -> InputContainer:
    options = {"format_whitelist": FORMATS}
    if isinstance(source, str):
        options["protocol_whitelist"] = "file"
        if Path(source).stat().st_size == 0:
            raise MediaFailed("unsupported", EMPTY)
        return av.open("file:" + source, mode="r", container_options=options)
    # A stream must start quickly, and whatever it is, it must not be searched for long.
    options |= {"probesize": "262144", "analyzeduration": "1000000", "protocol_whitelist": "none"}
    return av.open(source, mode="r", container_options=options, buffer_size=8192)


class _Packets:
    """The packets of one stream; steps over damaged places, a bounded number of them."""

    def __init__(self, container: InputContainer, stream: AudioStream) -> None:
        self._container = container
        self._stream = stream
        self._packets = self._begin()
        self._bad_in_a_row = 0

    def next(self) -> Packet | None:
        while True:
            try:
                packet = next(self._packets, None)
            except InvalidDataError as error:
                self.count_bad(error)
                self._packets = self._begin()
                continue
            except (FFmpegError, OSError) as error:
                raise explain(error) from error
            if packet is None or packet.size == 0:
                return None
            return packet

    def close(self) -> None:
        """Let go of the packet that PyAV reads into; a run that is only dropped keeps it."""
        self._packets.close()

    def _begin(self) -> Generator[Packet]:
        # PyAV promises an iterator; it is a generator, and only its close() frees what it holds.
        return cast("Generator[Packet]", self._container.demux(self._stream))

    def count_bad(self, error: BaseException) -> None:
        self._bad_in_a_row += 1
        if self._bad_in_a_row > _MAX_BAD_IN_A_ROW:
            raise MediaFailed("unsupported", NOT_AUDIO) from error

    def count_good(self) -> None:
        self._bad_in_a_row = 0


class OpusTrack:
    """Opus whose packets can be handed on; ones that are not 20 ms long are cut anew.

    Args:
        container: The opened file.
        stream: Its sound.
        position_ms: Where to begin.
        from_first: The position counts from the first packet, whatever its stamp: recordings of
            broadcasts begin at any time.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: AudioStream,
        position_ms: int,
        *,
        from_first: bool = False,
    ) -> None:
        self._container = container
        self._packets = _Packets(container, stream)
        self._time_base = stream.time_base or Fraction(1, SAMPLE_RATE)
        self._position = Fraction(position_ms, 1000) if position_ms > 0 else None
        self._zero: Fraction | None = None if from_first else Fraction(0)
        self._recut: _Recut | None = None

    def next(self) -> Piece | None:
        """Return the next 20 ms."""
        while True:
            if self._recut is not None and (samples := self._recut.take()) is not None:
                return Piece(None, samples)
            packet = self._packets.next()
            if packet is None:
                rest = self._recut.rest() if self._recut is not None else None
                return Piece(None, rest) if rest is not None else None
            data = bytes(packet)
            length = packet_samples(data)
            if length == 0:
                self._packets.count_bad(InvalidDataError(0, "an Opus packet without samples"))
                continue
            self._packets.count_good()
            if self._is_before(packet, length):
                continue
            if length != FRAME_SAMPLES and self._recut is None:
                self._recut = _Recut()
            if self._recut is None:
                return Piece(data, None)
            self._recut.put(data)

    def close(self) -> None:
        """Close the file."""
        self._packets.close()
        self._container.close()

    def _is_before(self, packet: Packet, length: int) -> bool:
        if self._position is None or packet.pts is None:
            return False
        begin = packet.pts * self._time_base
        if self._zero is None:
            self._zero = begin
        if begin - self._zero + Fraction(length, SAMPLE_RATE) <= self._position:
            return True
        self._position = None
        return False


class _Recut:
    """Decodes packets of any length and cuts the samples into frames of 20 ms."""

    def __init__(self) -> None:
        self._decoder = OpusDecoder()
        self._fifo = Fifo()

    def put(self, packet: bytes) -> None:
        self._fifo.put(self._decoder.decode(packet))

    def take(self) -> bytes | None:
        return self._fifo.take()

    def rest(self) -> bytes | None:
        return self._fifo.rest()


class DecodedTrack:
    """Anything FFmpeg can decode, as 48 kHz stereo; arguments as for :class:`OpusTrack`."""

    def __init__(
        self,
        container: InputContainer,
        stream: AudioStream,
        position_ms: int,
        *,
        from_first: bool = False,
    ) -> None:
        self._container = container
        self._stream = stream
        self._packets = _Packets(container, stream)
        self._position = position_ms / 1000 if position_ms > 0 else None
        self._zero = None if from_first else 0.0
        self._drop_samples = 0
        self._line: Line | None = None
        self._shape: tuple[object, ...] = ()
        self._fifo = Fifo()
        self._ended = False

    def next(self) -> Piece | None:
        """Return the next 20 ms."""
        while (samples := self._fifo.take()) is None:
            if self._ended:
                rest = self._fifo.rest()
                return Piece(None, rest) if rest is not None else None
            self._read_on()
        return Piece(None, samples)

    def close(self) -> None:
        """Close the file."""
        self._line = None
        self._packets.close()
        self._container.close()

    def _read_on(self) -> None:
        packet = self._packets.next()
        try:
            frames = self._stream.codec_context.decode(packet)  # pyright: ignore[reportUnknownMemberType]  # PyAV leaves a type argument open
        except EndOfStream:
            frames = []
        except NotImplementedError as error:
            raise explain(error) from error
        except FFmpegError as error:
            # A damaged place: the decoder goes on behind it.
            self._packets.count_bad(error)
            frames = []
        for frame in frames:
            self._packets.count_good()
            self._push(frame)
        if packet is None:
            self._ended = True
            self._flush()

    def _push(self, frame: AudioFrame) -> None:
        if self._position is not None and frame.time is not None:
            self._zero = frame.time if self._zero is None else self._zero
            begin = frame.time - self._zero
            if begin + frame.samples / frame.sample_rate <= self._position:
                return
            self._drop_samples = max(0, round((self._position - begin) * SAMPLE_RATE))
        self._position = None
        shape = (frame.sample_rate, frame.format.name, frame.layout.name)
        if shape != self._shape:
            self._flush()
            self._line = _line(frame)
            self._shape = shape
        if self._line is not None:
            # Our own count of time: files with wrong or missing stamps must not upset a filter.
            frame.pts = None
            self._line.push(frame)
            self._pull(self._line)

    def _flush(self) -> None:
        if self._line is not None:
            with contextlib.suppress(FFmpegError, ValueError):
                self._line.push(None)
                self._pull(self._line)
            self._line = None

    def _pull(self, line: Line) -> None:
        for frame in line.pull():
            self._fifo.put(interleaved(frame))
            if self._drop_samples:
                self._drop_samples = self._fifo.drop(self._drop_samples)


def _line(frame: AudioFrame) -> Line:
    """Return what makes 48 kHz stereo of frames like this one."""
    common = f"sample_fmts=s16:sample_rates={SAMPLE_RATE}:channel_layouts=stereo"
    return Line(
        sample_format=frame.format.name,
        sample_rate=frame.sample_rate,
        layout=frame.layout.name,
        time_base=Fraction(1, frame.sample_rate),
        steps=[("aformat", common)],
    )
