"""One user's voice session on a voice server: keys, numbers, and what it missed."""

import os
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

from discord_sandbox.voice.ciphers import KEY_BYTES, Cipher, NonceWindow, cipher_for
from discord_sandbox.voice.taps import VoiceFrame
from discord_sandbox.voice.udp import Address

Json = dict[str, Any]

BUFFERED_MESSAGES = 100
"""Numbered messages kept for a resume (Discord does not publish its number)."""
SEQUENCE_MODULUS = 1 << 16


class MessagesLost(Exception):
    """A resume asks for messages that are no longer kept."""


class PeerSocket(Protocol):
    """Where a peer's messages go while it is connected."""

    def send(self, message: Json) -> None:
        """Queue a message for the client."""
        ...

    def close(self, code: int, reason: str) -> None:
        """Close with a voice close code."""
        ...

    def cut(self) -> None:
        """Drop the TCP connection without a close frame."""
        ...


@dataclass(slots=True)
class PeerCounts:
    """What happened to a peer's datagrams, for tests and statistics.

    Attributes:
        heard: Delivered to the channel.
        forged: Failed authentication.
        replayed: Nonce seen before.
        muted: Dropped since the sender is muted or may not speak.
        unannounced: Came before any Speaking message.
        lost: Dropped by a fault.
    """

    heard: int = 0
    forged: int = 0
    replayed: int = 0
    muted: int = 0
    unannounced: int = 0
    lost: int = 0


@dataclass(slots=True, eq=False)
class Pass:
    """The right to connect: what VOICE_SERVER_UPDATE and VOICE_STATE_UPDATE gave out.

    Attributes:
        token: Secret of this one connection.
        session_id: The voice state's session.
        endpoint: `host:port` of the voice gateway that expects it.
        silenced: Whether the user may not speak there.
    """

    guild_id: int
    user_id: int
    channel_id: int
    session_id: str
    token: str
    endpoint: str
    silenced: bool = False


@dataclass(slots=True, eq=False)
class Peer:
    """A user who identified with a voice server.

    Attributes:
        grant: What the user showed to get in.
        ssrc: The stream number given to the user.
        cipher: Set once the client selected a protocol.
        address: Where its datagrams come from; learnt from discovery or the first packet.
        speaking: The last speaking flags, None before the first Speaking message.
        silenced: The server drops what this user sends (server mute, no SPEAK permission).
        socket: The open websocket, None while away.
        early: Packets that came before the first Speaking message.
    """

    grant: Pass
    ssrc: int
    cipher: Cipher | None = None
    secret_key: bytes = b""
    address: Address | None = None
    speaking: int | None = None
    silenced: bool = False
    socket: PeerSocket | None = None
    counts: PeerCounts = field(default_factory=PeerCounts)
    window: NonceWindow = field(default_factory=NonceWindow)
    early: list[VoiceFrame] = field(default_factory=list[VoiceFrame])
    sent_nonce: int = 0
    _sequence: int = -1
    _buffer: deque[Json] = field(default_factory=lambda: deque[Json](maxlen=BUFFERED_MESSAGES))

    def choose_mode(self, mode: str) -> None:
        """Make a fresh key for a cipher mode.

        Raises:
            KeyError: The mode is not offered.
        """
        key = os.urandom(KEY_BYTES)
        self.cipher = cipher_for(mode, key)
        self.secret_key = key
        self.window = NonceWindow()
        self.sent_nonce = 0

    def send(self, op: int, data: Json) -> None:
        """Send a numbered message; kept for a resume while the client is away."""
        self._sequence = (self._sequence + 1) % SEQUENCE_MODULUS
        message: Json = {"op": op, "d": data, "seq": self._sequence}
        self._buffer.append(message)
        if self.socket is not None:
            self.socket.send(message)

    def missed_since(self, sequence: int) -> list[Json]:
        """Messages after the last that the client has seen.

        Args:
            sequence: The client's `seq_ack`; -1 when it has seen none.

        Raises:
            MessagesLost: Some of them are no longer kept.
        """
        behind = (self._sequence - sequence) % SEQUENCE_MODULUS
        if sequence == -1:
            behind = self._sequence + 1
        if behind > len(self._buffer):
            raise MessagesLost
        return list(self._buffer)[len(self._buffer) - behind :]

    def next_nonce(self) -> int:
        """A nonce for a packet to this peer."""
        self.sent_nonce = (self.sent_nonce + 1) & 0xFFFFFFFF
        return self.sent_nonce
