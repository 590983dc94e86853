"""Hearing what a voice channel hears, packet by packet."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Self

from discord_sandbox.voice.rtp import SILENCE_FRAME

TAP_LIMIT_FRAMES = 60_000
"""Twenty minutes of one sender; a tap that nobody reads drops its oldest frames."""


@dataclass(frozen=True, slots=True)
class VoiceFrame:
    """One Opus packet as it reached the voice server.

    Sequence and timestamp are the sender's own, so that a gap stays visible.

    Attributes:
        user_id: Who sent it.
        ssrc: The sender's stream.
        sequence: 16 bits, wraps.
        timestamp: 32 bits, samples of 48 kHz, wraps.
        opus: The packet after decryption, byte for byte.
        received_ns: Arrival on `time.monotonic_ns`'s clock, stamped by the kernel where
            it can.
    """

    user_id: int
    ssrc: int
    sequence: int
    timestamp: int
    opus: bytes
    received_ns: int

    @property
    def silent(self) -> bool:
        """Whether this is the silence frame that ends a transmission."""
        return self.opus == SILENCE_FRAME


class TapClosed(Exception):
    """The tap was closed, or its channel is gone."""


class VoiceTap:
    """A listener's queue of frames of one voice channel.

    Iterate it (`async for frame in tap`), or wait with `get`. The order is that of
    arrival.

    Attributes:
        channel_id: The channel heard.
        dropped: Frames thrown away because nobody read them.
    """

    def __init__(self, channel_id: int, forget: Callable[["VoiceTap"], None]) -> None:
        """Made by `Voice.listen`; `forget` takes the tap off the channel."""
        self.channel_id = channel_id
        self.dropped = 0
        self._frames: deque[VoiceFrame] = deque(maxlen=TAP_LIMIT_FRAMES)
        self._waiting: asyncio.Future[None] | None = None
        self._closed = False
        self._forget = forget

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def __len__(self) -> int:
        """Frames that wait to be read."""
        return len(self._frames)

    async def __aiter__(self) -> AsyncIterator[VoiceFrame]:
        """Frames until the tap is closed."""
        while True:
            try:
                frame = await self.get()
            except TapClosed:
                return
            yield frame

    def put(self, frame: VoiceFrame) -> None:
        """Hand over a frame; wakes the reader."""
        if len(self._frames) == TAP_LIMIT_FRAMES:
            self.dropped += 1
        self._frames.append(frame)
        self._wake()

    async def get(self) -> VoiceFrame:
        """The next frame; waits for it.

        Raises:
            TapClosed: No more frames will come.
        """
        while not self._frames:
            if self._closed:
                raise TapClosed
            if self._waiting is None or self._waiting.done():
                self._waiting = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._waiting)
        return self._frames.popleft()

    def take(self) -> list[VoiceFrame]:
        """All frames that wait, without waiting for more."""
        frames = list(self._frames)
        self._frames.clear()
        return frames

    def close(self) -> None:
        """Stop hearing; a waiting reader gets `TapClosed` after the last frame."""
        if not self._closed:
            self._closed = True
            self._forget(self)
            self._wake()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)
