"""Bytes: RTP headers, discovery, and the two ciphers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from discord_sandbox.voice.ciphers import (
    MODES,
    WINDOW_NONCES,
    ForgedPacket,
    NonceWindow,
    cipher_for,
    open_packet,
)
from discord_sandbox.voice.rtp import (
    MalformedPacket,
    discovery_request,
    discovery_response,
    read_discovery_request,
    read_header,
    write_header,
)

KEY = bytes(range(32))


@given(
    mode=st.sampled_from(MODES),
    sequence=st.integers(0, 65_535),
    timestamp=st.integers(0, 2**32 - 1),
    ssrc=st.integers(0, 2**32 - 1),
    nonce=st.integers(0, 2**32 - 1),
    opus=st.binary(max_size=1275),
)
def test_what_is_sealed_is_opened(
    mode: str, sequence: int, timestamp: int, ssrc: int, nonce: int, opus: bytes
) -> None:
    cipher = cipher_for(mode, KEY)
    packet = cipher.seal(write_header(sequence, timestamp, ssrc), opus, nonce)
    header = read_header(packet)
    assert (header.sequence, header.timestamp, header.ssrc) == (sequence, timestamp, ssrc)
    assert open_packet(cipher, packet) == (nonce, opus)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("at", [2, 12, -1, -10])
def test_a_changed_byte_is_noticed(mode: str, at: int) -> None:
    cipher = cipher_for(mode, KEY)
    packet = bytearray(cipher.seal(write_header(1, 960, 7), b"opus", 1))
    packet[at] ^= 1
    with pytest.raises(ForgedPacket):
        open_packet(cipher, bytes(packet))


@pytest.mark.parametrize("mode", MODES)
def test_extension_and_padding_are_no_part_of_the_opus_packet(mode: str) -> None:
    cipher = cipher_for(mode, KEY)
    clear = bytes([0x80 | 0x20 | 0x10 | 1]) + write_header(5, 960, 7)[1:]
    clear += b"\0\0\0\1" + b"\xbe\xde\0\2"  # one contributing source, two words of extension
    packet = cipher.seal(clear, b"EXTENSIO" + b"opus" + b"\0\0\3", 9)
    assert read_header(packet).size_bytes == 20
    assert open_packet(cipher, packet) == (9, b"opus")


@pytest.mark.parametrize(
    "packet", [b"", b"\x80" * 11, b"\x40" + bytes(20), b"\x90" + bytes(11) + b"\0\0"]
)
def test_no_rtp_is_refused(packet: bytes) -> None:
    with pytest.raises(MalformedPacket):
        read_header(packet)


def test_the_packet_is_what_discord_py_would_send() -> None:
    # discord.py 2.7.1, VoiceClient._encrypt_aead_xchacha20_poly1305_rtpsize
    import nacl.secret  # noqa: PLC0415 - only this comparison needs it

    header = write_header(3, 2880, 11)
    nonce = (5).to_bytes(4, "big")
    sealed = nacl.secret.Aead(KEY).encrypt(b"opus", header, nonce + bytes(20)).ciphertext
    cipher = cipher_for("aead_xchacha20_poly1305_rtpsize", KEY)
    assert cipher.seal(header, b"opus", 5) == header + sealed + nonce


def test_discovery_answers_where_the_request_came_from() -> None:
    assert read_discovery_request(discovery_request(99)) == 99
    assert read_discovery_request(discovery_request(99)[:-1]) is None
    answer = discovery_response(99, "127.0.0.1", 50_000)
    assert len(answer) == 74
    assert answer[:8] == b"\0\2\0F\0\0\0c"
    assert answer[8:72].rstrip(b"\0") == b"127.0.0.1"
    assert int.from_bytes(answer[72:], "big") == 50_000


@given(st.lists(st.integers(0, 3000), max_size=200))
def test_a_nonce_is_accepted_at_most_once(nonces: list[int]) -> None:
    window = NonceWindow()
    accepted = [nonce for nonce in nonces if window.accept(nonce)]
    assert len(accepted) == len(set(accepted))
    highest = -1
    for nonce in dict.fromkeys(nonces):
        if nonce > highest:
            assert nonce in accepted
            highest = nonce


def test_a_late_nonce_is_accepted_within_the_window() -> None:
    window = NonceWindow()
    assert window.accept(WINDOW_NONCES + 10)
    assert window.accept(11)
    assert not window.accept(11)
    assert not window.accept(10)
