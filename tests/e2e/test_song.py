"""A member plays a song, and what arrives in the channel is the song."""

from pathlib import Path

import numpy as np
import pytest
from tests.support.bot_process import BotProcess
from tests.support.sound import decode_file, find, level_db, opus_packets

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.voice import Voice

pytestmark = pytest.mark.usefixtures("bot")


async def _listener(guild: Guild) -> tuple[Member, Voice]:
    alice = await guild.member("alice")
    alice.use("music")
    return alice, await alice.join("Music")


async def test_opus_is_passed_through_byte_for_byte(guild: Guild, songs: Path) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query="hymn.opus")
    heard = (await voice.hear(seconds=10)).audible().packets
    source = opus_packets(songs / "hymn.opus")
    assert heard == source[: len(heard)]


async def test_rtp_has_no_gap_over_ten_seconds(guild: Guild) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query="hymn.opus")
    await voice.until_speaking()
    heard = await voice.hear(seconds=10)
    assert (heard.sequence_gaps, heard.timestamp_gaps) == (0, 0)


@pytest.mark.parametrize("name", ["march.mp3", "waltz.flac", "hymn.opus"])
async def test_the_waveform_is_that_of_the_file(guild: Guild, songs: Path, name: str) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query=name)
    await voice.until_speaking()
    heard = (await voice.hear(seconds=5)).pcm()
    _, correlation = find(heard[4800:], decode_file(songs / name))
    assert correlation >= 0.99


async def test_half_volume_is_six_decibels_less(guild: Guild, songs: Path) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query="waltz.flac")
    await voice.until_speaking()
    await alice.slash("volume", percent=50)
    voice.forget()
    await voice.hear(seconds=1)
    heard = (await voice.hear(seconds=4)).pcm()
    source = decode_file(songs / "waltz.flac")
    offset, correlation = find(heard[4800:], source)
    there = source[offset : offset + len(heard) - 4800]
    assert correlation >= 0.99
    assert level_db(heard[4800:]) - level_db(there) == pytest.approx(-6.0, abs=1.0)


async def test_pause_is_silence_and_resume_goes_on_at_the_same_place(
    guild: Guild, songs: Path
) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query="march.mp3")
    await voice.until_speaking()
    before = (await voice.hear(seconds=2)).pcm()
    await alice.slash("pause")
    await voice.until_silence()
    await alice.slash("resume")
    await voice.until_speaking()
    after = (await voice.hear(seconds=2)).pcm()
    source = decode_file(songs / "march.mp3")
    first, _ = find(before[4800:], source)
    second, correlation = find(after[4800:], source)
    skipped_seconds = (second - first - len(before)) / 48_000
    assert correlation >= 0.99
    # What was on its way when the pause came has been heard; nothing is lost or played twice.
    assert skipped_seconds < 1.0


@pytest.mark.alone
async def test_skip_starts_the_next_song_within_300_ms(guild: Guild, songs: Path) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query="march.mp3")
    await alice.slash("play", query="hymn.opus")
    await voice.until_speaking()
    await voice.hear(seconds=1)
    await alice.slash("skip")
    first = opus_packets(songs / "hymn.opus")[1]
    while first not in voice.heard.packets:
        await voice.hear(seconds=0.1)
    frames = voice.heard.frames
    start = voice.heard.packets.index(first)
    last = max(i for i in range(start - 1) if frames[i].opus != b"\xf8\xff\xfe")
    assert (frames[start - 1].received_ns - frames[last].received_ns) / 1e6 < 300


@pytest.mark.alone
async def test_packets_leave_within_five_milliseconds_of_their_time(guild: Guild) -> None:
    alice, voice = await _listener(guild)
    await alice.slash("play", query="hymn.opus")
    await voice.until_speaking()
    heard = await voice.hear(seconds=10)
    late = heard.lateness_ms()
    around = np.abs(late - np.median(late))
    assert np.percentile(around, 99) < 5.0


async def test_the_bot_says_what_plays(guild: Guild, bot: BotProcess) -> None:
    alice, voice = await _listener(guild)
    reply = await alice.slash("play", query="hymn.opus")
    await voice.until_speaking()
    assert "Hymn" in reply.text
    now = await alice.slash("nowplaying")
    assert "Hymn" in now.text
    assert bot.process.returncode is None
