"""Hearing over the people's door."""

import asyncio

import aiohttp

from discord_sandbox.people.frames import unpack_frame
from discord_sandbox.people.ogg import OggOpusStream
from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.voice.taps import VoiceFrame, VoiceTap

WAIT_SECONDS = 10
PACKETS = [bytes([0xFC, number]) * 30 for number in range(10)]


def hook_taps(sandbox: Sandbox) -> list[VoiceTap]:
    """Every tap that is opened from now on."""
    taps: list[VoiceTap] = []
    listen = sandbox.voice.listen

    def remember(channel_id: int) -> VoiceTap:
        taps.append(listen(channel_id))
        return taps[-1]

    sandbox.voice.listen = remember
    return taps


def speak(tap: VoiceTap, user_id: int) -> None:
    for number, packet in enumerate(PACKETS):
        tap.put(VoiceFrame(user_id, 7, number, number * 960, packet, number + 1))


async def test_frames_follow_the_person_and_leave_out_their_own(
    sandbox: Sandbox, seeded: Seeded
) -> None:
    taps = hook_taps(sandbox)
    alice, bot = seeded.people["alice"], seeded.application.bot
    url = f"{sandbox.url}/sandbox/people/listen?member={alice.id}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        assert (await socket.receive_json(timeout=WAIT_SECONDS))["t"] == "LISTENING"
        music = seeded.guild.channel_named("Music")
        sandbox.world.set_voice_state(seeded.guild, alice, music.id)
        (tap,) = taps
        assert tap.channel_id == music.id
        speak(tap, alice.id)
        speak(tap, bot.id)
        heard = [unpack_frame(await socket.receive_bytes(timeout=WAIT_SECONDS)) for _ in PACKETS]
        assert [frame.opus for frame in heard] == PACKETS
        assert {frame.user_id for frame in heard} == {bot.id}
        lounge = seeded.guild.channel_named("Lounge")
        sandbox.world.set_voice_state(seeded.guild, alice, lounge.id)
        assert taps[1].channel_id == lounge.id
        sandbox.world.set_voice_state(seeded.guild, alice, None)
        assert len(taps) == 2


async def test_the_ogg_stream_starts_with_headers_and_carries_the_packets(
    sandbox: Sandbox, seeded: Seeded
) -> None:
    taps = hook_taps(sandbox)
    alice, bot = seeded.people["alice"], seeded.application.bot
    music = seeded.guild.channel_named("Music")
    sandbox.world.set_voice_state(seeded.guild, alice, music.id)
    url = f"{sandbox.url}/sandbox/people/listen.ogg?member={alice.id}"
    header = OggOpusStream(serial=alice.id & 0xFFFFFFFF).header()
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.headers["Content-Type"].startswith("audio/ogg")
        async with asyncio.timeout(WAIT_SECONDS):
            assert await response.content.readexactly(len(header)) == header
            speak(taps[0], bot.id)
            received = b""
            while any(packet not in received for packet in PACKETS):
                received += await response.content.readany()
    positions = [received.index(packet) for packet in PACKETS]
    assert positions == sorted(positions)
