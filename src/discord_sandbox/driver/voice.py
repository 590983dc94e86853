"""Hearing a voice channel as a person does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import aiohttp
import av
import numpy as np
from numpy.typing import NDArray

from discord_sandbox.driver.connection import PersonConnection
from discord_sandbox.people.frames import HeardFrame, unpack_frame
from discord_sandbox.people.opus_length import packet_samples

SAMPLE_RATE = 48_000
SILENCE_FRAME = b"\xf8\xff\xfe"
_WRAP_16, _WRAP_32 = 1 << 16, 1 << 32


@dataclass(slots=True)
class VoiceFrames:
    """Opus packets of one voice channel in the order they arrived."""

    frames: list[HeardFrame] = field(default_factory=list[HeardFrame])

    def __len__(self) -> int:
        return len(self.frames)

    def __iter__(self) -> Iterator[HeardFrame]:
        return iter(self.frames)

    @property
    def packets(self) -> list[bytes]:
        """The Opus packets, byte for byte."""
        return [frame.opus for frame in self.frames]

    @property
    def speakers(self) -> list[int]:
        """User ids of who was heard, in the order of their first packet."""
        return list(dict.fromkeys(frame.user_id for frame in self.frames))

    @property
    def seconds(self) -> float:
        """How long the packets play."""
        return sum(packet_samples(frame.opus) for frame in self.frames) / SAMPLE_RATE

    @property
    def sequence_gaps(self) -> int:
        """Packets missing by RTP sequence; 0 when none was lost. Of one speaker only."""
        steps = self._steps(lambda frame: frame.sequence, _WRAP_16)
        return sum(step - 1 for step in steps if step != 1)

    @property
    def timestamp_gaps(self) -> int:
        """Samples missing by RTP timestamp, beyond what the packets play. Of one speaker only."""
        steps = self._steps(lambda frame: frame.timestamp, _WRAP_32)
        played = [packet_samples(frame.opus) for frame in self.frames[:-1]]
        return sum(step - samples for step, samples in zip(steps, played, strict=True))

    def of(self, user_id: int | str) -> VoiceFrames:
        """The frames of one speaker."""
        return VoiceFrames([frame for frame in self.frames if frame.user_id == int(user_id)])

    def audible(self) -> VoiceFrames:
        """The frames without Discord's silence frames."""
        return VoiceFrames([frame for frame in self.frames if frame.opus != SILENCE_FRAME])

    def lateness_ms(self, frame_ms: float = 20.0) -> NDArray[np.float64]:
        """How late each packet came against an even pace, in milliseconds.

        The pace starts where it makes the earliest packet punctual, so that the numbers are
        not negative.
        """
        arrivals = np.array([frame.received_ns for frame in self.frames], dtype=np.float64) / 1e6
        due = np.arange(len(arrivals), dtype=np.float64) * frame_ms
        late = arrivals - due
        return late - late.min() if len(late) else late

    def pcm(self) -> NDArray[np.float32]:
        """Decode to samples: shape (n, 2), float32 in -1..1, 48 kHz.

        Lost packets (by RTP timestamp) become silence of their length, so that positions stay
        true.
        """
        return decode_pcm(self.frames)

    def _steps(self, number: Callable[[HeardFrame], int], wrap: int) -> list[int]:
        pairs = zip(self.frames, self.frames[1:], strict=False)
        return [(number(after) - number(before)) % wrap for before, after in pairs]


def decode_pcm(frames: Sequence[HeardFrame]) -> NDArray[np.float32]:
    """Decode one speaker's frames; see `VoiceFrames.pcm`."""
    decoder = av.CodecContext.create("libopus", "r")
    decoder.sample_rate = SAMPLE_RATE
    decoder.layout = "stereo"
    parts: list[NDArray[np.float32]] = []
    following: int | None = None
    for frame in frames:
        missing = 0 if following is None else (frame.timestamp - following) % _WRAP_32
        if 0 < missing < SAMPLE_RATE * 60:
            parts.append(np.zeros((missing, 2), dtype=np.float32))
        heard = decoder.decode(av.Packet(frame.opus))  # pyright: ignore[reportUnknownMemberType] - PyAV's generic packet has no bound
        parts.extend(_samples(decoded) for decoded in heard)
        following = (frame.timestamp + packet_samples(frame.opus)) % _WRAP_32
    return np.concatenate(parts) if parts else np.zeros((0, 2), dtype=np.float32)


def _samples(decoded: av.AudioFrame) -> NDArray[np.float32]:
    """Planar or packed, 16 bits or float, to (n, 2) float32."""
    raw = decoded.to_ndarray()
    if not decoded.format.is_planar:
        raw = raw.reshape(-1, decoded.layout.nb_channels).T
    values = raw.astype(np.float32)
    if raw.dtype == np.int16:
        values /= 32768.0
    return np.ascontiguousarray(values.T)


class Voice:
    """A person's ears in the voice channel they are in; from `Member.join`."""

    def __init__(self, connection: PersonConnection, channel_id: str) -> None:
        self._connection = connection
        self.channel_id = channel_id
        self._frames: list[HeardFrame] = []
        self._read_to = 0
        self._news = asyncio.Condition()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Start to hear."""
        wire = self._connection.wire
        url = f"{wire.url}/sandbox/people/listen?member={self._connection.user_id}&v=2"
        self._socket = await wire.http.ws_connect(url, max_msg_size=0)
        await self._socket.receive()  # LISTENING: from here on nothing is missed
        self._reading = asyncio.create_task(self._read(self._socket))

    async def close(self) -> None:
        """Stop hearing; the person stays in the channel (see `Member.leave`)."""
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await asyncio.gather(self._reading, return_exceptions=True)

    @property
    def heard(self) -> VoiceFrames:
        """Everything heard since joining."""
        return VoiceFrames(list(self._frames))

    def forget(self) -> None:
        """Let `hear` start at what comes from now on."""
        self._read_to = len(self._frames)

    async def hear(self, seconds: float, timeout: float | None = None) -> VoiceFrames:
        """The next `seconds` of sound after what was returned before.

        Args:
            seconds: How long the frames shall play together (silence frames count).
            timeout: Seconds to wait; by default twice as long and the usual timeout more.

        Raises:
            ExpectationFailed: Less was heard in time.
        """
        start = self._read_to

        def complete() -> bool:
            return VoiceFrames(self._frames[start:]).seconds >= seconds

        limit = timeout if timeout is not None else 2 * seconds + self._connection.wire.timeout
        await self._until(complete, f"{seconds:g} s of sound", limit)
        end, samples = start, 0
        while samples < seconds * SAMPLE_RATE and end < len(self._frames):
            samples += packet_samples(self._frames[end].opus)
            end += 1
        self._read_to = end
        return VoiceFrames(self._frames[start:end])

    async def until_speaking(self, timeout: float | None = None) -> HeardFrame:
        """Wait for the next audible packet (not a silence frame) and return it."""
        start = self._read_to

        def first() -> HeardFrame | None:
            frames = self._frames[start:]
            return next((frame for frame in frames if frame.opus != SILENCE_FRAME), None)

        await self._until(lambda: first() is not None, "somebody to speak", timeout)
        found = first()
        if found is None:
            raise LookupError("the wait above ends only with a packet")
        self._read_to = self._frames.index(found, start)
        return found

    async def until_silence(self, quiet_seconds: float = 0.5, timeout: float | None = None) -> None:
        """Wait until nothing audible came for `quiet_seconds`."""
        wire = self._connection.wire
        limit = wire.timeout if timeout is None else timeout
        try:
            async with asyncio.timeout(limit):
                while await self._speaks_within(quiet_seconds):
                    pass
        except TimeoutError:
            raise await wire.fail(f"waited {limit:g} s for silence") from None
        self._read_to = len(self._frames)

    async def _speaks_within(self, seconds: float) -> bool:
        seen = len(self._frames)
        try:
            async with asyncio.timeout(seconds), self._news:
                await self._news.wait_for(
                    lambda: any(frame.opus != SILENCE_FRAME for frame in self._frames[seen:])
                )
        except TimeoutError:
            return False
        return True

    async def _until(self, condition: Callable[[], bool], what: str, timeout: float | None) -> None:
        wire = self._connection.wire
        limit = wire.timeout if timeout is None else timeout
        try:
            async with asyncio.timeout(limit), self._news:
                await self._news.wait_for(condition)
        except TimeoutError:
            heard = len(self._frames)
            raise await wire.fail(
                f"waited {limit:g} s for {what}; {heard} packets were heard in all"
            ) from None

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for message in socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                async with self._news:
                    self._frames.append(unpack_frame(message.data))
                    self._news.notify_all()
