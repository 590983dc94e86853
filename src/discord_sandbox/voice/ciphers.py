"""The two transport ciphers that Discord still offers, both in their `rtpsize` form.

A sealed packet is: RTP header in the clear (authenticated), cipher text with its tag,
and the low four bytes of the nonce. The full nonce is those four bytes followed by
zeroes (Discord, "Transport Encryption Modes").
"""

from typing import Protocol

import nacl.bindings
import nacl.exceptions
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from discord_sandbox.voice.rtp import read_header, strip_plaintext

AES_GCM = "aead_aes256_gcm_rtpsize"
XCHACHA20 = "aead_xchacha20_poly1305_rtpsize"
MODES = (AES_GCM, XCHACHA20)
"""In Discord's order of preference."""

KEY_BYTES = 32
TAG_BYTES = 16
NONCE_SUFFIX_BYTES = 4
WINDOW_NONCES = 1024
"""How far behind the newest a nonce may come (packets overtake each other on the way)."""


class ForgedPacket(ValueError):
    """Authentication failed: wrong key, wrong header or changed bytes."""


class Cipher(Protocol):
    """Seals and opens voice packets under one key."""

    mode: str

    def seal(self, header: bytes, opus: bytes, nonce: int) -> bytes:
        """The datagram for an Opus packet.

        Args:
            header: The RTP header, sent in the clear and authenticated.
            opus: What to hide.
            nonce: 32 bits, never used twice with the same key.
        """
        ...

    def decrypt(self, sealed: bytes, header: bytes, suffix: bytes) -> bytes:
        """The plain text of a payload.

        Raises:
            ForgedPacket: It was not sealed with this key and header.
        """
        ...


class AesGcm:
    """AES-256 in Galois/counter mode with a 12-byte nonce."""

    mode = AES_GCM

    def __init__(self, key: bytes) -> None:
        """Take the 32-byte key of the session description."""
        self._aead = AESGCM(key)

    def seal(self, header: bytes, opus: bytes, nonce: int) -> bytes:
        """See `Cipher.seal`."""
        suffix = nonce.to_bytes(NONCE_SUFFIX_BYTES, "big")
        return header + self._aead.encrypt(suffix + bytes(8), opus, header) + suffix

    def decrypt(self, sealed: bytes, header: bytes, suffix: bytes) -> bytes:
        """See `Cipher.decrypt`."""
        try:
            return self._aead.decrypt(suffix + bytes(8), sealed, header)
        except InvalidTag as error:
            raise ForgedPacket("the packet's tag does not fit its key") from error


class XChaCha20:
    """XChaCha20-Poly1305 (IETF) with a 24-byte nonce."""

    mode = XCHACHA20

    def __init__(self, key: bytes) -> None:
        """Take the 32-byte key of the session description."""
        self._key = key

    def seal(self, header: bytes, opus: bytes, nonce: int) -> bytes:
        """See `Cipher.seal`."""
        suffix = nonce.to_bytes(NONCE_SUFFIX_BYTES, "big")
        sealed = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            opus, header, suffix + bytes(20), self._key
        )
        return header + sealed + suffix

    def decrypt(self, sealed: bytes, header: bytes, suffix: bytes) -> bytes:
        """See `Cipher.decrypt`."""
        try:
            return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed, header, suffix + bytes(20), self._key
            )
        except nacl.exceptions.CryptoError as error:
            raise ForgedPacket("the packet's tag does not fit its key") from error


def cipher_for(mode: str, key: bytes) -> Cipher:
    """The cipher of a mode.

    Raises:
        KeyError: The mode is none of `MODES`.
    """
    return {AES_GCM: AesGcm, XCHACHA20: XChaCha20}[mode](key)


class NonceWindow:
    """Tells a nonce seen before from a new one, in constant space.

    A sliding bitmap as in RFC 4303 section 3.4.3: nonces older than the window count
    as seen.
    """

    __slots__ = ("_highest", "_seen")

    def __init__(self) -> None:
        self._highest = -1
        self._seen = 0

    def accept(self, nonce: int) -> bool:
        """Whether this nonce is new; it is remembered."""
        ahead = nonce - self._highest
        if ahead > 0:
            mask = (1 << WINDOW_NONCES) - 1
            self._seen = 1 if ahead >= WINDOW_NONCES else ((self._seen << ahead) | 1) & mask
            self._highest = nonce
            return True
        behind = -ahead
        if behind >= WINDOW_NONCES or self._seen >> behind & 1:
            return False
        self._seen |= 1 << behind
        return True


def open_packet(cipher: Cipher, packet: bytes) -> tuple[int, bytes]:
    """Authenticate and decrypt one datagram.

    Args:
        cipher: The sender's cipher.
        packet: The datagram as received, header included.

    Returns:
        The nonce and the Opus packet.

    Raises:
        ForgedPacket: Authentication failed.
        MalformedPacket: The bytes are no RTP packet.
    """
    header = read_header(packet)
    if len(packet) < header.size_bytes + TAG_BYTES + NONCE_SUFFIX_BYTES:
        raise ForgedPacket("too short to hold a tag and a nonce")
    suffix = packet[-NONCE_SUFFIX_BYTES:]
    clear = packet[: header.size_bytes]
    sealed = packet[header.size_bytes : -NONCE_SUFFIX_BYTES]
    plaintext = cipher.decrypt(sealed, clear, suffix)
    return int.from_bytes(suffix, "big"), strip_plaintext(header, plaintext)
