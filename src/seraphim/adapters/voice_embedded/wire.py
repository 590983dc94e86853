"""From an Opus packet to a datagram: RTP header, encryption, socket.

The layout is Discord's (docs, "Voice Connections", "Sending and Receiving Voice"): a 12-byte RTP
header with type 0x78, which is the associated data; the encrypted packet with its tag; then the
32-bit nonce. With end-to-end encryption (DAVE) the packet is first sealed for the listeners by the
session that discord.py keeps.
"""

import struct
from collections.abc import Callable
from typing import Any, Protocol

import davey
import discord
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

from seraphim.adapters.voice_embedded.tuning import FRAME_SAMPLES

AES_GCM = "aead_aes256_gcm_rtpsize"
XCHACHA = "aead_xchacha20_poly1305_rtpsize"

_HEADER = struct.Struct(">BBHII")
_NONCE = struct.Struct(">I8x")
"""AES-GCM's nonce: the counter, and zeros up to 12 bytes."""
_SENT_OF_NONCE = 4
_XCHACHA_PADDING = bytes(12)

type Seal = Callable[[bytes, bytes, bytes], bytes]
"""(nonce of 12 bytes, packet, header) -> ciphertext with tag."""


class Wire(Protocol):
    """Where a lane's packets go."""

    @property
    def ready(self) -> bool:
        """Whether a packet handed over now would reach the voice server."""
        ...

    def send(self, packet: bytes, beat: int) -> None:
        """Send one Opus packet of 20 ms in ``beat``; what the network loses is lost."""
        ...


def aes_gcm_seal(key: bytes) -> Seal:
    """Return the sealing function of ``aead_aes256_gcm_rtpsize`` for a 32-byte key."""
    return AESGCM(key).encrypt


def xchacha_seal(key: bytes) -> Seal:
    """Return the sealing function of ``aead_xchacha20_poly1305_rtpsize`` for a 32-byte key."""

    def seal(nonce: bytes, packet: bytes, header: bytes) -> bytes:
        return crypto_aead_xchacha20poly1305_ietf_encrypt(
            packet, header, nonce + _XCHACHA_PADDING, key
        )

    return seal


def _sealed_by_nobody(nonce: bytes, packet: bytes, header: bytes) -> bytes:
    """Stand where a key will be; without one nothing may leave."""
    raise ValueError(f"no key for {len(header) + len(packet) + len(nonce)} bytes yet")


def _sent_by_nobody(datagram: bytes) -> None:
    """Stand where a socket will be."""
    raise OSError(f"no socket for {len(datagram)} bytes yet")


SEALS: dict[str, Callable[[bytes], Seal]] = {AES_GCM: aes_gcm_seal, XCHACHA: xchacha_seal}


class VoiceWire:
    """The wire of one discord.py voice client; follows its reconnects by itself.

    Args:
        client: The voice client. It must not send by itself: it would use this wire's nonces again.
    """

    def __init__(self, client: discord.VoiceClient) -> None:
        self._client = client
        # discord.py types the connection as private; it is where its own player reads too.
        self._connection: Any = client._connection  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # see above
        self._key: object = None
        self._seal: Seal = _sealed_by_nobody
        self._ssrc = 0
        self._transmit: Callable[[bytes], None] = _sent_by_nobody
        self._sequence = self._counter = 0
        self._first_beat: int | None = None
        self.lost_packets = 0
        """Datagrams the operating system refused (a full buffer, an unreachable network)."""
        self.unsealed_packets = 0
        """Packets that did not leave, because there were no keys to seal them for the listeners."""

    @property
    def ready(self) -> bool:
        """Whether the handshake is done and the connection has not been cut since.

        With end-to-end encryption also whether its keys are there, for as long as they may come.
        """
        connection = self._connection
        if not connection.is_open:
            return False
        return not (connection.dave_protocol_version and connection.waits_for_keys)

    def send(self, packet: bytes, beat: int) -> None:
        """Send one packet; the RTP timestamp is that of ``beat``, the sequence has no gaps."""
        connection = self._connection
        if connection.secret_key is not self._key:
            self._rekey()
        if self._first_beat is None:
            self._first_beat = beat
        try:
            if connection.dave_protocol_version:
                packet = _sealed_for_listeners(connection.dave_session, packet)
            self._sequence = sequence = (self._sequence + 1) & 0xFFFF
            self._counter = counter = (self._counter + 1) & 0xFFFFFFFF
            timestamp = (beat - self._first_beat) * FRAME_SAMPLES & 0xFFFFFFFF
            header = _HEADER.pack(0x80, 0x78, sequence, timestamp, self._ssrc)
            nonce = _NONCE.pack(counter)
            sealed = self._seal(nonce, packet, header)
            self._transmit(header + sealed + nonce[:_SENT_OF_NONCE])
        except _NoKeysYet:
            self.unsealed_packets += 1
        except (OSError, ValueError):
            # A socket that was closed by a reconnect under our hands, or a full buffer: the same
            # to a listener as a datagram lost on the way.
            self.lost_packets += 1

    def _rekey(self) -> None:
        """Take over a new session: with each comes a new key, behind a new socket and SSRC."""
        connection = self._connection
        self._key = connection.secret_key
        self._ssrc = connection.ssrc
        self._transmit = connection.socket.transmit
        # The client offers the voice server no other modes than these.
        self._seal = SEALS[self._client.mode](bytes(connection.secret_key))


class _NoKeysYet(Exception):
    """The end-to-end encryption is agreed on, and there are no keys for it."""


def _sealed_for_listeners(session: davey.DaveSession | None, packet: bytes) -> bytes:
    """Seal a packet with the DAVE session's keys; never returns one that is not sealed.

    discord.py sends packets in the clear until the keys are there. No listener plays those, and the
    voice server must not read what is meant to be sealed. (Silence stays as it is, the protocol has
    it so: "Silence Packets".) The event loop may renew the session between asking and sealing.
    """
    if session is None or not session.ready:
        raise _NoKeysYet
    try:
        return bytes(session.encrypt_opus(packet))
    except (ValueError, RuntimeError) as error:
        raise _NoKeysYet from error
