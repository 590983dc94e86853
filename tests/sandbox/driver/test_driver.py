"""The driver itself: what it waits for, what it prints, what it hears."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest
from tests.sandbox.driver.tone import SAMPLES, TONE_HZ, opus_tone
from tests.support.local_discord import local_discord

from discord_sandbox.driver import Driver, ExpectationFailed, OperationRefused, VoiceFrames
from discord_sandbox.people.frames import HeardFrame, pack_frame, unpack_frame
from discord_sandbox.people.ogg import OggOpusStream
from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.voice.taps import VoiceFrame, VoiceTap

SILENCE = b"\xf8\xff\xfe"


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with local_discord(tmp_path) as sandbox:
        yield sandbox


@pytest.fixture
def seeded(sandbox: Sandbox) -> Seeded:
    assert sandbox.seeded is not None
    return sandbox.seeded


@pytest.fixture
async def driver(sandbox: Sandbox) -> AsyncIterator[Driver]:
    async with Driver(sandbox, timeout=5) as driver:
        yield driver


Speak = Callable[[list[bytes]], None]


@pytest.fixture
def speak(sandbox: Sandbox, seeded: Seeded, monkeypatch: pytest.MonkeyPatch) -> Speak:
    """Put packets of the bot into the channel "Music", as the voice server does."""
    music = seeded.guild.channel_named("Music").id
    taps: list[VoiceTap] = []
    listen = sandbox.voice.listen
    sent = 0

    def remember(channel_id: int) -> VoiceTap:
        tap = listen(channel_id)
        taps.append(tap)
        return tap

    monkeypatch.setattr(sandbox.voice, "listen", remember)

    def send(packets: list[bytes]) -> None:
        nonlocal sent
        for packet in packets:
            frame = VoiceFrame(
                seeded.application.bot.id, 7, sent & 0xFFFF, sent * 960, packet, sent * 20_000_000
            )
            sent += 1
            for tap in taps:
                if tap.channel_id == music:
                    tap.put(frame)

    return send


async def test_a_failed_expectation_prints_the_traffic(driver: Driver, seeded: Seeded) -> None:
    del seeded
    alice = await (await driver.guild()).member("alice")
    await alice.channel("general").send("something in the transcript")
    with pytest.raises(ExpectationFailed) as caught:
        await alice.channel("general").wait_for(lambda one: one.content == "never", timeout=0.05)
    assert "an expected message in #general" in str(caught.value)
    assert "MESSAGE_CREATE" in str(caught.value)
    assert "something in the transcript" in str(caught.value)


async def test_an_unknown_command_names_what_is_offered(
    driver: Driver, sandbox: Sandbox, seeded: Seeded
) -> None:
    body = {"name": "ping", "description": "Says pong"}
    sandbox.interactions.commands.create(seeded.application.id, None, body)
    alice = await (await driver.guild()).member("alice")
    with pytest.raises(ExpectationFailed, match=r"'pong' to be offered to alice .*'ping'"):
        await alice.command("pong", timeout=0.05)
    with pytest.raises(OperationRefused, match="unknown_option"):
        await alice.slash("ping", nonsense=1)


async def test_a_person_whom_the_sandbox_dropped_connects_again(driver: Driver) -> None:
    guild = await driver.guild()
    alice, bob = await guild.member("alice"), await guild.member("bob")
    said = await alice.channel("general").send("before")
    await alice.connection.until(lambda: said.id in alice.connection.messages, "the message")

    await alice.connection.close()
    with pytest.raises(OperationRefused, match="not connected"):
        await alice.channel("general").send("lost")
    missed = await bob.channel("general").send("meanwhile")

    await alice.connection.open()
    assert said.id in alice.connection.messages
    assert missed.id in [one.id for one in await alice.channel("general").messages()]
    after = await bob.channel("general").send("after")
    await alice.connection.until(lambda: after.id in alice.connection.messages, "news")


async def test_a_guild_of_its_own_with_people_roles_and_channels(driver: Driver) -> None:
    application = await driver.create_application("Helper")
    guild = await driver.create_guild("Mine", application=application, channels=[("hall", 0)])
    erin = await guild.create_member("erin", locale="de")
    cellar = await guild.create_channel("cellar")
    await guild.overwrite(cellar, guild.id, deny=1 << 10, member=False)
    await guild.overwrite(cellar, erin, allow=1 << 10)
    frank = await guild.create_member("frank")
    assert erin.channel("cellar").id == cellar
    with pytest.raises(LookupError, match="frank sees no channel"):
        frank.channel("cellar")
    assert erin.connection.hello["user"]["locale"] == "de"


async def test_hearing_until_somebody_speaks_and_falls_silent(driver: Driver, speak: Speak) -> None:
    alice = await (await driver.guild()).member("alice")
    voice = await alice.join("Music")
    tone = opus_tone(seconds=1.0)
    speak([SILENCE, *tone])
    first = await voice.until_speaking()
    assert first.opus == tone[0]
    frames = await voice.hear(seconds=1)
    assert frames.packets == tone
    assert (frames.sequence_gaps, frames.timestamp_gaps) == (0, 0)
    speak([SILENCE] * 5)
    await voice.until_silence(quiet_seconds=0.05)
    with pytest.raises(ExpectationFailed, match=r"56 packets were heard in all"):
        await voice.hear(seconds=1, timeout=0.05)


async def test_a_person_hears_only_the_channel_they_are_in(driver: Driver, speak: Speak) -> None:
    alice = await (await driver.guild()).member("alice")
    voice = await alice.join("Lounge")
    speak(opus_tone(seconds=0.1))
    await alice.join("Music")
    speak([SILENCE])
    assert (await voice.hear(seconds=0.02)).packets == [SILENCE]


async def test_decoded_sound_is_the_sound_that_was_sent() -> None:
    packets = opus_tone(seconds=1.0)
    frames = VoiceFrames([HeardFrame(1, 7, n, n * 960, one) for n, one in enumerate(packets)])
    pcm = frames.pcm()
    assert pcm.dtype == np.float32
    assert pcm.shape == (len(packets) * SAMPLES, 2)
    spectrum = np.abs(np.fft.rfft(pcm[:48_000, 0]))
    assert int(np.argmax(spectrum)) == TONE_HZ
    holed = VoiceFrames([*frames.frames[:20], *frames.frames[25:]])
    assert holed.sequence_gaps == 5
    assert holed.timestamp_gaps == 5 * SAMPLES
    assert holed.pcm().shape == pcm.shape


def test_lateness_is_measured_against_an_even_pace() -> None:
    arrivals = [0, 20, 47, 60]
    frames = [HeardFrame(1, 7, 0, 0, b"", at * 1_000_000) for at in arrivals]
    assert VoiceFrames(frames).lateness_ms().tolist() == [0, 0, 7, 0]


def test_frames_survive_both_versions_of_the_wire() -> None:
    frame = HeardFrame(2**63, 2**32 - 1, 65_535, 2**32 - 1, b"opus", 123)
    assert unpack_frame(pack_frame(frame, 2)) == frame
    assert unpack_frame(pack_frame(frame)).received_ns == 0
    with pytest.raises(ValueError, match="not a frame"):
        unpack_frame(b"\x03 nonsense")


def test_the_ogg_stream_decodes_to_the_same_packets(tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    packets = opus_tone(seconds=0.5)
    stream = OggOpusStream(serial=1)
    path = tmp_path / "heard.ogg"
    path.write_bytes(stream.header() + b"".join(stream.page(one) for one in packets))
    with av.open(str(path)) as container:
        found = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    assert found == packets
