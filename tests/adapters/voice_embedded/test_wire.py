"""From an Opus packet to a datagram: the transport's encryption, DAVE's, and sockets that close."""

import os
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import davey
import discord
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from tests.adapters.voice_embedded.dave import KeyGateway

from seraphim.adapters.voice_embedded.connection import QuietConnection
from seraphim.adapters.voice_embedded.datagrams import DatagramSocket
from seraphim.adapters.voice_embedded.tuning import SILENCE
from seraphim.adapters.voice_embedded.wire import AES_GCM, XCHACHA, VoiceWire

KEY = bytes(range(32))
PACKET = b"\xfc" + bytes(range(100))
BOT, LISTENER, CHANNEL = 1001, 1002, 777
SSRC = 0x01020304


@dataclass
class Connection:
    """What the wire reads of discord.py's connection."""

    socket: DatagramSocket
    secret_key: list[int] = field(default_factory=lambda: list(KEY))
    ssrc: int = SSRC
    is_open: bool = True
    waits_for_keys: bool = False
    dave_protocol_version: int = 0
    dave_session: Any = None


@dataclass
class Client:
    """What the wire reads of discord.py's client."""

    _connection: Connection
    mode: str = AES_GCM


@dataclass
class Ear:
    """A wire, and the socket at its other end."""

    connection: Connection
    client: Client
    wire: VoiceWire
    arriving: socket.socket

    def hear(self) -> tuple[int, int, bytes]:
        """Return sequence, timestamp and payload of the next packet; opens the transport's seal."""
        data = self.arriving.recv(2048)
        header, sealed, nonce = data[:12], data[12:-4], data[-4:]
        if self.client.mode == AES_GCM:
            packet = AESGCM(KEY).decrypt(nonce + bytes(8), sealed, header)
        else:
            packet = crypto_aead_xchacha20poly1305_ietf_decrypt(
                sealed, header, nonce + bytes(20), KEY
            )
        kind, sequence, timestamp, ssrc = struct.unpack(">HHII", header)
        assert (kind, ssrc) == (0x8078, SSRC)
        return sequence, timestamp, packet

    def hears_nothing(self) -> bool:
        """Say whether nothing has been sent; what was sent on loopback has arrived already."""
        try:
            self.arriving.recv(2048)
        except BlockingIOError:
            return True
        return False


@pytest.fixture
def ear() -> Iterator[Ear]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as arriving, DatagramSocket() as sending:
        arriving.bind(("127.0.0.1", 0))
        arriving.setblocking(False)  # noqa: FBT003  # the standard library's signature
        sending.connect(arriving.getsockname())
        connection = Connection(sending)
        client = Client(connection)
        yield Ear(connection, client, VoiceWire(cast("discord.VoiceClient", client)), arriving)


@pytest.mark.parametrize("mode", [AES_GCM, XCHACHA])
def test_packets_are_numbered_stamped_with_their_beat_and_sealed(ear: Ear, mode: str) -> None:
    ear.client.mode = mode
    ear.wire._sequence = 0xFFFE  # pyright: ignore[reportPrivateUsage]  # 22 minutes later
    for beat in (7, 8, 10):
        ear.wire.send(PACKET, beat)
    heard = [ear.hear() for _ in range(3)]
    assert heard == [(0xFFFF, 0, PACKET), (0, 960, PACKET), (1, 2880, PACKET)]


def test_the_largest_packets_leave_whole_and_too_large_ones_are_lost(ear: Ear) -> None:
    # Opus allows eight frames of 1275 bytes in 20 ms (RFC 6716, section 3.2.5).
    ear.arriving.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    ear.wire.send(bytes(8 * 1275), 0)
    assert len(ear.arriving.recv(1 << 16)) == 12 + 8 * 1275 + 16 + 4
    ear.wire.send(bytes(1 << 16), 1)
    assert ear.wire.lost_packets == 1


def test_a_new_key_is_used_from_the_next_packet_on(ear: Ear) -> None:
    ear.connection.secret_key = list(os.urandom(32))
    ear.wire.send(b"old", 0)
    ear.connection.secret_key = list(KEY)
    ear.wire.send(PACKET, 1)
    ear.arriving.recv(2048)
    assert ear.hear()[2] == PACKET


def test_with_end_to_end_encryption_only_the_listener_can_open_a_packet(ear: Ear) -> None:
    gateway = KeyGateway(CHANNEL)
    bot, listener = gateway.session(BOT), gateway.session(LISTENER)
    gateway.join(bot, listener)
    ear.connection.dave_protocol_version = 1
    ear.connection.dave_session = bot
    for beat in range(3):
        ear.wire.send(PACKET, beat)
        _, _, sealed = ear.hear()
        assert PACKET[10:20] not in sealed
        assert listener.decrypt(BOT, davey.MediaType.audio, sealed) == PACKET
    ear.wire.send(SILENCE, 3)
    assert ear.hear()[2] == SILENCE


def test_without_keys_nothing_leaves_that_should_have_been_sealed(ear: Ear) -> None:
    gateway = KeyGateway(CHANNEL)
    bot, listener = gateway.session(BOT), gateway.session(LISTENER)
    ear.connection.dave_protocol_version = 1
    ear.wire.send(PACKET, 0)
    ear.connection.dave_session = bot
    ear.wire.send(PACKET, 1)
    assert ear.hears_nothing()
    assert (ear.wire.unsealed_packets, ear.wire.lost_packets) == (2, 0)
    gateway.join(bot, listener)
    ear.wire.send(PACKET, 2)
    sequence, timestamp, sealed = ear.hear()
    assert listener.decrypt(BOT, davey.MediaType.audio, sealed) == PACKET
    # Nobody has missed a packet: the sequence has no gap, the time has gone on.
    assert (sequence, timestamp) == (1, 2 * 960)


@pytest.mark.parametrize("error", [ValueError("NotReady"), RuntimeError("Already borrowed")])
def test_keys_that_are_renewed_in_between_cost_one_packet_and_not_the_player(
    ear: Ear, error: Exception
) -> None:
    class Renewed:
        ready = True

        def encrypt_opus(self, packet: bytes) -> bytes:
            assert packet
            raise error

    ear.connection.dave_protocol_version = 1
    ear.connection.dave_session = Renewed()
    ear.wire.send(PACKET, 0)
    assert ear.hears_nothing()
    assert ear.wire.unsealed_packets == 1


def test_the_music_waits_for_keys_but_not_for_ever(ear: Ear) -> None:
    assert ear.wire.ready
    ear.connection.dave_protocol_version = 1
    ear.connection.waits_for_keys = True
    assert not ear.wire.ready
    ear.connection.waits_for_keys = False
    assert ear.wire.ready
    ear.connection.is_open = False
    assert not ear.wire.ready


def test_a_closed_socket_loses_the_packet_and_never_writes_into_the_next_file(ear: Ear) -> None:
    number = ear.connection.socket.fileno()
    ear.connection.socket.close()
    near, far = socket.socketpair()
    with near, far:
        assert number in {near.fileno(), far.fileno()}
        near.setblocking(False)  # noqa: FBT003  # the standard library's signature
        far.setblocking(False)  # noqa: FBT003  # as above
        ear.wire.send(PACKET, 0)
        for end in (near, far):
            with pytest.raises(BlockingIOError):
                end.recv(1)
    assert ear.wire.lost_packets == 1


def test_a_socket_is_not_closed_while_somebody_sends_on_it(ear: Ear) -> None:
    gate = ear.connection.socket._gate  # pyright: ignore[reportPrivateUsage]  # stands for a send under way
    closing = threading.Thread(target=ear.connection.socket.close)
    with gate:
        closing.start()
        closing.join(0.05)
        assert closing.is_alive()
        assert ear.connection.socket.fileno() >= 0
    closing.join(5)
    assert ear.connection.socket.fileno() < 0


def test_the_connection_offers_the_version_it_can_seal_for() -> None:
    offered = QuietConnection.max_dave_protocol_version
    assert isinstance(offered, property)
    assert offered.fget is not None
    assert offered.fget(object.__new__(QuietConnection)) == davey.DAVE_PROTOCOL_VERSION == 1
