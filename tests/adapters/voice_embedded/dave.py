"""The voice gateway's part in the key exchange of Discord's end-to-end encryption (DAVE)."""

import struct
from typing import Final

import davey
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_BASIC: Final = struct.pack(">H", 1)
_EXTERNAL_SENDER: Final = bytes([2])
_PROPOSAL: Final = bytes([2])
_ADD: Final = struct.pack(">H", 1)
_MLS_PUBLIC_MESSAGE: Final = struct.pack(">HH", 1, 1)


class KeyGateway:
    """Proposes members to a channel's MLS group, as Discord's voice gateway does.

    What is written and signed is laid down in RFC 9420: ``ExternalSender`` (12.1.8.1), ``Add``
    (12.1.1), ``PublicMessage`` (6.2), ``SignWithLabel`` (5.1.2); the suite is P-256, the group's
    name the channel (DAVE protocol, "MLS Parameters").
    """

    def __init__(self, channel_id: int) -> None:
        self._channel_id = channel_id
        self._key = ec.generate_private_key(ec.SECP256R1())

    def session(self, user_id: int) -> davey.DaveSession:
        """Return a member's session that knows this gateway."""
        session = davey.DaveSession(1, user_id, self._channel_id)
        point = self._key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        session.set_external_sender(_vector(point) + _BASIC + _vector(b"voice gateway"))
        return session

    def join(self, first: davey.DaveSession, second: davey.DaveSession) -> None:
        """Have ``first``, alone so far, take ``second`` into its group; both have keys then."""
        first.get_serialized_key_package()
        proposal = self._add(second.get_serialized_key_package())
        answer = first.process_proposals(davey.ProposalsOperationType.append, _vector(proposal))
        assert answer is not None
        assert answer.welcome is not None
        first.process_commit(answer.commit)
        second.process_welcome(answer.welcome)

    def _add(self, key_package: bytes) -> bytes:
        group, epoch, nothing = struct.pack(">Q", self._channel_id), struct.pack(">Q", 0), b""
        sender = _EXTERNAL_SENDER + struct.pack(">I", 0)
        content = _vector(group) + epoch + sender + _vector(nothing)
        framed = _MLS_PUBLIC_MESSAGE + content + _PROPOSAL + _ADD + key_package
        to_sign = _vector(b"MLS 1.0 FramedContentTBS") + _vector(framed)
        return framed + _vector(self._key.sign(to_sign, ec.ECDSA(hashes.SHA256())))


def _vector(data: bytes) -> bytes:
    """Return bytes behind their length, whose first two bits say how long it is itself."""
    size = len(data)
    if size < 1 << 6:
        return bytes([size]) + data
    return struct.pack(">H", 1 << 14 | size) + data
