"""Hearing: the voice channel a person is in, as binary frames or as Ogg Opus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from aiohttp import web

from discord_sandbox.people.frames import HeardFrame, pack_frame
from discord_sandbox.people.ogg import OggOpusStream
from discord_sandbox.world.models import Dispatch, User

if TYPE_CHECKING:
    from discord_sandbox.server import Sandbox
    from discord_sandbox.voice.taps import VoiceTap

SILENCE = b"\xf8\xff\xfe"
"""The Opus frame Discord calls silence (docs, "Voice", "Voice Data Interpolation")."""

_FRAME_SECONDS = 0.02
_LET_GO_SECONDS = 0.5  # of silence before another speaker may take the stereo stream


class Ear:
    """Follows one person from voice channel to voice channel and hears what they hear."""

    def __init__(self, sandbox: Sandbox, user: User) -> None:
        self._sandbox = sandbox
        self._user = user
        self._tap: VoiceTap | None = None
        self._moved = asyncio.Event()
        self._unsubscribe = sandbox.world.subscribe(self._watch)
        self._follow()

    def close(self) -> None:
        """Stop hearing."""
        self._unsubscribe()
        self._drop()
        self._moved.set()

    async def frames(self) -> AsyncIterator[HeardFrame]:
        """Every packet others send where the person is, until the ear is closed."""
        while True:
            tap = self._tap
            if tap is None:
                self._moved.clear()
                await self._moved.wait()
                continue
            async for frame in tap:
                if frame.user_id != self._user.id:
                    yield HeardFrame(
                        frame.user_id,
                        frame.ssrc,
                        frame.sequence,
                        frame.timestamp,
                        frame.opus,
                        frame.received_ns,
                    )
            if self._tap is tap:  # closed by the server, not by a move
                self._tap = None

    def _watch(self, dispatch: Dispatch) -> None:
        if dispatch.name == "VOICE_STATE_UPDATE" and dispatch.data["user_id"] == str(self._user.id):
            self._follow()

    def _follow(self) -> None:
        channel_id = voice_channel_of(self._sandbox, self._user)
        if self._tap is not None and self._tap.channel_id == channel_id:
            return
        self._drop()
        if channel_id is not None:
            self._tap = self._sandbox.voice.listen(channel_id)
        self._moved.set()

    def _drop(self) -> None:
        if self._tap is not None:
            self._tap.close()
            self._tap = None


def voice_channel_of(sandbox: Sandbox, user: User) -> int | None:
    """The voice channel the user is connected to, in whatever guild."""
    for guild in sandbox.world.guilds.values():
        state = guild.voice_states.get(user.id)
        if state is not None:
            return state.channel_id
    return None


async def stream_frames(
    sandbox: Sandbox, request: web.Request, user: User
) -> web.WebSocketResponse:
    """`/sandbox/people/listen`: binary frames until the client goes."""
    version = 2 if request.query.get("v") == "2" else 1
    socket = web.WebSocketResponse(heartbeat=30)
    await socket.prepare(request)
    ear = Ear(sandbox, user)

    async def send() -> None:
        await socket.send_str('{"t": "LISTENING"}')
        async for frame in ear.frames():
            await socket.send_bytes(pack_frame(frame, version))

    sending = asyncio.create_task(send())
    try:
        async for _ in socket:
            pass  # the listener has nothing to say; reading notices that it leaves
    finally:
        ear.close()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
    return socket


async def stream_ogg(sandbox: Sandbox, request: web.Request, user: User) -> web.StreamResponse:
    """`/sandbox/people/listen.ogg`: an endless stereo stream, silence while nobody speaks."""
    response = web.StreamResponse(
        headers={"Content-Type": "audio/ogg; codecs=opus", "Cache-Control": "no-store"}
    )
    await response.prepare(request)
    stream = OggOpusStream(serial=user.id & 0xFFFFFFFF)
    await response.write(stream.header())
    ear = Ear(sandbox, user)
    heard: asyncio.Queue[HeardFrame] = asyncio.Queue(maxsize=500)

    async def collect() -> None:
        async for frame in ear.frames():
            if heard.full():
                heard.get_nowait()  # a listener who stalls loses the oldest sound
            heard.put_nowait(frame)

    collecting = asyncio.create_task(collect())
    try:
        async for packet in _one_voice(heard):
            await response.write(stream.page(packet))
    except (ConnectionResetError, asyncio.CancelledError):
        pass
    finally:
        ear.close()
        collecting.cancel()
        await asyncio.gather(collecting, return_exceptions=True)
    return response


async def _one_voice(heard: asyncio.Queue[HeardFrame]) -> AsyncIterator[bytes]:
    """Packets of one speaker at a time; silence keeps the stream moving when there is none."""
    loop = asyncio.get_running_loop()
    speaker: int | None = None
    last = loop.time()
    while True:
        try:
            async with asyncio.timeout(_FRAME_SECONDS * 2):
                frame = await heard.get()
        except TimeoutError:
            # Nothing for two frames: fill what has passed, so that the listener's clock goes on.
            for _ in range(2):
                yield SILENCE
            if loop.time() - last > _LET_GO_SECONDS:
                speaker = None
            continue
        if speaker is None or loop.time() - last > _LET_GO_SECONDS:
            speaker = frame.ssrc
        if frame.ssrc == speaker:
            last = loop.time()
            yield frame.opus
