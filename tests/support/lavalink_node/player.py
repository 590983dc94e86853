"""One guild's player on the stand-in: the track, the voice connection, and the beat between."""

# PyAV's own annotations are partial.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false

import asyncio
import ssl
import time
from collections.abc import Callable
from typing import Any

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from tests.support.lavalink_node.deck import FRAME, RATE, Deck
from tests.support.lavalink_node.sponsorblock import SponsorBlock
from tests.support.lavalink_node.tracks import NodeTrack
from tests.support.lavalink_node.voice import VoiceLine

type Json = dict[str, Any]
type Say = Callable[[Json], None]
FRAME_SECONDS = 0.02
STUCK_SECONDS = 10.0
SILENCE_FRAMES = 5


class NodePlayer:
    """Plays for one guild of a session.

    Attributes:
        counts: Frames of the present minute: sent, and due but not there.
    """

    def __init__(
        self,
        guild_id: str,
        user_id: str,
        say: Say,
        *,
        context: ssl.SSLContext | None,
        update_seconds: float,
    ) -> None:
        self.guild_id = guild_id
        self.volume = 100
        self.paused = False
        self.filters: Json = {}
        self.track: NodeTrack | None = None
        self.line: VoiceLine | None = None
        self.voice: Json = {"token": "", "endpoint": "", "sessionId": "", "channelId": None}
        self.counts = {"sent": 0, "nulled": 0}
        self._user_id = user_id
        self._say = say
        self._context = context
        self._update_seconds = update_seconds
        self._deck: Deck | None = None
        self._encoder = _encoder()
        self._quiet = 0
        self._starved = 0.0
        self._started = False
        self.plugin: SponsorBlock | None = None
        """SponsorBlock, where the node has it."""
        self._task = asyncio.create_task(self._run(), name=f"lavalink-player-{guild_id}")

    # What the REST routes do

    async def connect(self, voice: Json) -> None:
        """Connect to a voice server, unless it is the one it is connected to."""
        if self.line is not None and self.line.is_open and self.voice == voice:
            return
        await self._hang_up()
        self.voice = voice
        line = VoiceLine(voice, self.guild_id, self._user_id, self._voice_closed)
        self.line = line
        await line.connect(self._context)
        self.say_update()

    def play(self, track: NodeTrack, position_ms: int) -> None:
        """Play a track in place of the one before."""
        self._end("replaced")
        self.track, self._started = track, False
        self._deck = Deck(track, position_ms, self.filters)
        self.say_update()

    def stop(self) -> None:
        """End the track."""
        self._end("stopped")

    def seek(self, position_ms: int) -> None:
        """Jump; the plugin may send it elsewhere."""
        if self._deck is not None:
            self._deck.seek(position_ms)
            self._mark(self._deck, position_ms)

    def set_filters(self, filters: Json) -> None:
        """Use other filters from now on; what is ready keeps the old ones."""
        self.filters = filters
        if self._deck is not None:
            self._deck.set_filters(filters)

    async def destroy(self) -> None:
        """End everything."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._end("cleanup")
        await self._hang_up()

    @property
    def playing(self) -> bool:
        """Whether a track sounds."""
        return self.track is not None and not self.paused

    def state(self) -> Json:
        """The protocol's Player State."""
        line = self.line
        return {
            "time": round(time.time() * 1000),
            "position": self._deck.position_ms if self._deck is not None else 0,
            "connected": line is not None and line.is_open,
            "ping": line.ping_ms if line is not None and line.is_open else -1,
        }

    def json(self) -> Json:
        """The protocol's Player."""
        return {
            "guildId": self.guild_id,
            "track": None if self.track is None else self.track.json(),
            "volume": self.volume,
            "paused": self.paused,
            "state": self.state(),
            "voice": self.voice,
            "filters": self.filters,
        }

    def say_update(self) -> None:
        """Tell the client where it is."""
        self._say({"op": "playerUpdate", "guildId": self.guild_id, "state": self.state()})

    # The beat

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        told = due
        while True:
            due += FRAME_SECONDS
            if loop.time() - due > 1.0:
                due = loop.time()
            await asyncio.sleep(max(0.0, due - loop.time()))
            self._beat()
            if self.track is not None and loop.time() - told >= self._update_seconds:
                told = loop.time()
                self.say_update()

    def _beat(self) -> None:
        line, deck = self.line, self._deck
        if line is None or not line.is_open:
            return
        if deck is None or self.track is None or self.paused:
            self._hush(line)
            return
        samples = deck.take()
        if samples is not None:
            self._begin(deck)
            self._mark(deck, deck.position_ms)
            self._starved = 0.0
            self.counts["sent"] += 1
            line.send(self._encode(samples))
            self._quiet = 0
            return
        if deck.over():
            self._over(deck)
            return
        self.counts["nulled"] += 1
        self._starved += FRAME_SECONDS
        self._hush(line)
        if self._started and abs(self._starved - STUCK_SECONDS) < FRAME_SECONDS / 2:
            self._event("TrackStuckEvent", thresholdMs=round(STUCK_SECONDS * 1000))

    def _begin(self, deck: Deck) -> None:
        if not self._started and deck is self._deck:
            self._started = True
            self._event("TrackStartEvent")
            if self.plugin is not None and self.track is not None:
                self.plugin.begin(self.track)
            self.say_update()

    def _mark(self, deck: Deck, position_ms: int) -> None:
        target = None if self.plugin is None else self.plugin.passed(position_ms)
        if target is not None:
            deck.seek(target)

    def _over(self, deck: Deck) -> None:
        if deck.failure is not None:
            message = f"Something broke when playing the track. {type(deck.failure).__name__}"
            fault = {"message": message, "severity": "suspicious", "cause": str(deck.failure)}
            if not self._started:
                self._event("TrackStartEvent")
            self._event("TrackExceptionEvent", exception={**fault, "causeStackTrace": ""})
            self._end("loadFailed" if not self._started else "finished")
        else:
            self._end("finished")

    def _end(self, reason: str) -> None:
        if self._deck is not None:
            self._deck.close()
        if self.track is not None:
            self._event("TrackEndEvent", reason=reason)
        self.track = self._deck = None

    def _hush(self, line: VoiceLine) -> None:
        if self._quiet < SILENCE_FRAMES and self._started:
            self._quiet += 1
            line.silence()

    def _encode(self, samples: Any) -> bytes:
        loud = np.clip(samples * (self.volume / 100), -1.0, 1.0).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(loud.reshape(1, -1), "flt", "stereo")
        frame.sample_rate = RATE
        packets = self._encoder.encode(frame)
        return bytes(packets[0]) if packets else b"\xf8\xff\xfe"

    def _event(self, kind: str, **more: Any) -> None:
        track = self.track.json() if self.track is not None else None
        self._say({"op": "event", "type": kind, "guildId": self.guild_id, "track": track, **more})

    def _voice_closed(self, code: int, reason: str) -> None:
        self._say(
            {
                "op": "event",
                "type": "WebSocketClosedEvent",
                "guildId": self.guild_id,
                "code": code,
                "reason": reason,
                "byRemote": True,
            }
        )
        self.say_update()

    async def _hang_up(self) -> None:
        line, self.line = self.line, None
        if line is not None:
            await line.close()


def _encoder() -> AudioCodecContext:
    encoder = av.CodecContext.create("libopus", "w")
    encoder.sample_rate = RATE
    encoder.layout = "stereo"
    encoder.format = "flt"
    encoder.bit_rate = 128_000
    encoder.options = {"frame_duration": "20", "application": "audio", "compression_level": "5"}
    encoder.open()
    assert encoder.frame_size == FRAME
    return encoder
