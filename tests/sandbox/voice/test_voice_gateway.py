"""The voice websocket: handshake, resume, close codes; and packets that reach the tap."""

import ssl
import time
from typing import Any

import aiohttp
import pytest
from tests.sandbox.voice.conftest import Bot, Dial, Enter

from discord_sandbox.server import Sandbox
from discord_sandbox.voice.ciphers import MODES
from discord_sandbox.voice.rtp import SILENCE_FRAME
from discord_sandbox.voice.server import KEEPALIVE_BYTES
from discord_sandbox.world.models import Channel, Overwrite

SPEAK = 1 << 21


@pytest.mark.parametrize("mode", MODES)
async def test_packets_arrive_byte_identical(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel, mode: str
) -> None:
    with sandbox.voice.listen(music.id) as tap:
        voice = await enter(bot, music, mode)
        sent = [bytes([0xFC, number]) * 40 for number in range(20)] + [SILENCE_FRAME]
        before = time.monotonic_ns()
        for opus in sent:
            voice.udp.send(voice.seal(opus))
        frames = [await tap.get() for _ in sent]
    assert [frame.opus for frame in frames] == sent
    assert [frame.sequence for frame in frames] == list(range(1, 22))
    assert [frame.timestamp for frame in frames] == [960 * n for n in range(1, 22)]
    assert {(frame.user_id, frame.ssrc) for frame in frames} == {(bot.user_id, voice.ssrc)}
    assert [frame.silent for frame in frames] == [False] * 20 + [True]
    stamps = [frame.received_ns for frame in frames]
    assert stamps == sorted(stamps)
    # The kernel's stamp is moved between clocks, which costs some microseconds.
    assert before - 1_000_000 <= stamps[0] <= stamps[-1] <= time.monotonic_ns()


async def test_arrival_is_stamped_before_a_busy_loop_gets_to_it(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel
) -> None:
    voice = await enter(bot, music)
    with sandbox.voice.listen(music.id) as tap:
        voice.udp.send(voice.seal(b"\xfcx"))
        sent_ns = time.monotonic_ns()
        while time.monotonic_ns() < sent_ns + 50_000_000:
            pass  # nothing else runs on the loop meanwhile
        frame = await tap.get()
    assert frame.received_ns - sent_ns < 25_000_000


async def test_forged_and_replayed_packets_are_not_heard(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel
) -> None:
    voice = await enter(bot, music)
    with sandbox.voice.listen(music.id) as tap:
        packet = voice.seal(b"\xfcone")
        voice.udp.send(packet)
        voice.udp.send(packet)
        voice.udp.send(packet[:-6] + b"\0\0" + packet[-4:])
        voice.udp.send(b"\x80x")
        voice.udp.send(voice.seal(b"\xfctwo"))
        assert [(await tap.get()).opus, (await tap.get()).opus] == [b"\xfcone", b"\xfctwo"]
    peer = sandbox.voice.find_peer(bot.guild_id, bot.user_id)
    assert peer is not None
    assert (peer.counts.heard, peer.counts.replayed, peer.counts.forged) == (2, 1, 1)


async def test_packets_before_speaking_are_an_invalid_ssrc(
    bot: Bot, dial: Dial, music: Channel
) -> None:
    state, server = await bot.join(music.id)
    voice = await dial()
    await voice.identify(server, state)
    await voice.negotiate(MODES[0])
    voice.udp.send(voice.seal(b"\xfcx"))
    assert await voice.close_code() == 4020


async def test_a_packet_may_overtake_the_speaking_message(
    bot: Bot, dial: Dial, sandbox: Sandbox, music: Channel
) -> None:
    state, server = await bot.join(music.id)
    voice = await dial()
    await voice.identify(server, state)
    await voice.negotiate(MODES[0])
    with sandbox.voice.listen(music.id) as tap:
        voice.udp.send(voice.seal(b"\xfcfirst"))
        voice.udp.send(b"keepaliv")
        assert await voice.datagram() == b"keepaliv"
        assert len(tap) == 0
        await voice.speak()
        assert (await tap.get()).opus == b"\xfcfirst"


async def test_who_may_not_speak_is_not_heard(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel
) -> None:
    music.overwrites[bot.user_id] = Overwrite(bot.user_id, 1, deny=SPEAK)
    voice = await enter(bot, music)
    peer = sandbox.voice.find_peer(bot.guild_id, bot.user_id)
    assert peer is not None
    voice.udp.send(voice.seal(b"\xfcx"))
    voice.udp.send(b"keepaliv")
    assert await voice.datagram() == b"keepaliv"
    assert (peer.counts.muted, peer.counts.heard) == (1, 0)


async def test_a_keepalive_is_echoed(bot: Bot, enter: Enter, music: Channel) -> None:
    voice = await enter(bot, music)
    voice.udp.send(bytes(range(KEEPALIVE_BYTES)))
    assert await voice.datagram() == bytes(range(KEEPALIVE_BYTES))


async def test_speaking_is_told_to_listeners(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel
) -> None:
    told: list[tuple[int, int, int]] = []
    sandbox.voice.on_speaking.append(
        lambda channel_id, user_id, flags: told.append((channel_id, user_id, flags))
    )
    voice = await enter(bot, music)
    await voice.speak(0)
    assert told == [(music.id, bot.user_id, 1), (music.id, bot.user_id, 0)]


async def test_heartbeats_are_acknowledged_with_their_nonce(dial: Dial) -> None:
    voice = await dial()
    await voice.send(3, {"t": 1501184119561, "seq_ack": 10})
    assert (await voice.op(6))["d"] == {"t": 1501184119561}


async def test_silence_on_the_websocket_times_out(dial: Dial, sandbox: Sandbox) -> None:
    sandbox.voice.servers[0].heartbeat_interval_ms = 20
    voice = await dial()
    assert await voice.close_code() == 4009


async def test_resume_brings_what_was_missed(
    bot: Bot, enter: Enter, dial: Dial, sandbox: Sandbox, music: Channel
) -> None:
    voice = await enter(bot, music)
    last = max(message["seq"] for message in voice.seen if "seq" in message)
    peer = sandbox.voice.find_peer(bot.guild_id, bot.user_id)
    assert peer is not None
    await voice.ws.close(code=4000)
    peer.send(13, {"user_id": "77"})
    again = await dial()
    grant = peer.grant
    data: dict[str, Any] = {
        "server_id": str(grant.guild_id),
        "session_id": grant.session_id,
        "token": grant.token,
        "seq_ack": last,
    }
    await again.send(7, data)
    assert await again.op(9) == {"op": 9, "d": None}
    assert await again.receive() == {"op": 13, "d": {"user_id": "77"}, "seq": last + 1}
    with sandbox.voice.listen(music.id) as tap:
        voice2 = voice  # the stream and its key outlive the websocket
        voice2.udp.send(voice2.seal(b"\xfcafter"))
        assert (await tap.get()).opus == b"\xfcafter"


@pytest.mark.parametrize(
    ("change", "code"), [({"session_id": "no"}, 4006), ({"token": "no"}, 4004)]
)
async def test_a_bad_resume_is_closed(
    bot: Bot,
    enter: Enter,
    dial: Dial,
    sandbox: Sandbox,
    music: Channel,
    change: dict[str, str],
    code: int,
) -> None:
    await enter(bot, music)
    peer = sandbox.voice.find_peer(bot.guild_id, bot.user_id)
    assert peer is not None
    again = await dial()
    data = {
        "server_id": str(bot.guild_id),
        "session_id": peer.grant.session_id,
        "token": peer.grant.token,
        "seq_ack": -1,
        **change,
    }
    await again.send(7, data)
    assert await again.close_code() == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"session_id": "wrong"}, 4006),
        ({"server_id": "1"}, 4011),
        ({"user_id": "x"}, 4002),
    ],
)
async def test_a_bad_identify_is_closed(
    bot: Bot, dial: Dial, music: Channel, change: dict[str, object], code: int
) -> None:
    state, server = await bot.join(music.id)
    voice = await dial()
    await voice.identify(server, state, **change)
    assert await voice.close_code() == code


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (1, {"protocol": "webrtc", "data": {}}, 4012),
        (1, {"protocol": "udp", "data": {"mode": "xsalsa20_poly1305"}}, 4016),
        (0, {}, 4005),
        (99, {}, 4001),
        (5, {"speaking": "yes"}, 4002),
    ],
)
async def test_a_bad_message_is_closed(
    bot: Bot, dial: Dial, music: Channel, op: int, data: object, code: int
) -> None:
    state, server = await bot.join(music.id)
    voice = await dial()
    await voice.identify(server, state)
    await voice.op(2)
    await voice.send(op, data)
    assert await voice.close_code() == code


async def test_identify_comes_first(dial: Dial) -> None:
    voice = await dial()
    await voice.send(5, {"speaking": 1})
    assert await voice.close_code() == 4003


async def test_nobody_else_is_vouched_for(sandbox: Sandbox) -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await http.ws_connect(f"wss://{sandbox.voice.endpoint}/?v=8")
    host, port = sandbox.voice.endpoint.split(":")
    trusted = sandbox.voice.client_context()
    assert trusted.verify_mode is ssl.CERT_REQUIRED
    assert (host, int(port) > 0) == ("127.0.0.1", True)
