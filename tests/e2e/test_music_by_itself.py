"""What the bot does without being asked: it goes on when the queue is over, and it leaves."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.listening import change_setting, fill, titles, until_heard
from tests.support.music_bot import MusicBot
from tests.support.sound import Samples, decode_file, melody, write_song

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.voice import Voice
from seraphim.features.music import store
from seraphim.features.music.rules.choosing import read_reason
from seraphim.features.music.rules.player import Player
from seraphim.kernel.ids import GuildId

NAMES = ("ash", "beech", "cedar")
LENGTH = 7.0
type Tunes = dict[str, Samples]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tunes]:
    """Three short songs of one band, and a long one of another."""
    folder = tmp_path_factory.mktemp("by-itself")
    tunes: Tunes = {}
    songs = [(name, LENGTH, "Woods", "Folk") for name in NAMES]
    songs.append(("dune", 40.0, "Sands", "Drone"))
    for number, (name, seconds, artist, genre) in enumerate(songs, start=400):
        path = write_song(
            folder / f"{name}.opus",
            melody(seconds, number),
            title=name.capitalize(),
            codec="libopus",
            bit_rate=96_000,
            artist=artist,
            genre=genre,
        )
        tunes[name] = decode_file(path)
    return folder, tunes


@pytest.fixture
def later(music: MusicBot, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let the bot believe that so many seconds have passed."""
    clock = music.bot.kernel.clock
    passed = 0.0

    def let_pass(seconds: float) -> None:
        nonlocal passed
        passed += seconds

    monkeypatch.setattr(clock, "monotonic", lambda: time.monotonic() + passed)
    return let_pass


async def _stored(music: MusicBot, guild: Guild) -> Player:
    found = await music.bot.kernel.db.read(store.find_player, GuildId(int(guild.id)))
    assert found is not None
    return found


async def test_autoplay_goes_on_says_why_and_repeats_nothing(
    alice: Member, voice: Voice, tunes: Tunes, music: MusicBot, guild: Guild
) -> None:
    await alice.slash("autoplay", mode="artist")
    await fill(alice, "ash")
    await voice.until_speaking()
    room = alice.channel("music")
    # While the first one plays the controller tells what follows, and why.
    await room.wait_for(lambda one: "more by Woods" in one.text and "Ash" in one.text, timeout=15)

    second = await room.wait_for(lambda one: "Chosen by autoplay" in one.text, timeout=20)
    assert "more by Woods" in second.text
    (last,) = [name for name in NAMES[1:] if name.capitalize() not in second.embeds[0]["title"]]
    heard = await until_heard(voice, tunes, last, seconds=30)
    assert "dune" not in heard, "those of the band"
    await voice.until_silence(
        1.0, timeout=15
    )  # both have been heard lately, and nothing is heard twice

    player = await _stored(music, guild)
    past = player.queue.history
    assert sorted(each.entry.track.title for each in past) == ["Ash", "Beech", "Cedar"]
    assert past[0].entry.reason is None
    assert past[0].entry.requested_by == int(alice.id)
    for each in past[1:]:
        assert each.entry.requested_by is None
        assert read_reason(each.entry.reason) == ("artist", "Woods")
    history = await alice.slash("history")
    assert history.text.count("♾ more by Woods") == 2


async def test_who_asks_for_a_song_comes_before_what_autoplay_has_chosen(
    alice: Member, voice: Voice, tunes: Tunes
) -> None:
    await alice.slash("autoplay", mode="artist")
    await fill(alice, "ash")
    await alice.channel("music").wait_for(lambda one: "more by Woods" in one.text, timeout=15)
    await fill(alice, "dune")
    heard = await until_heard(voice, tunes, "dune")
    assert heard <= {"ash", "dune"}
    assert await titles(alice) == ["dune"]


async def test_an_empty_channel_is_left_after_the_guilds_minutes(
    alice: Member,
    voice: Voice,
    guild: Guild,
    music: MusicBot,
    later: Callable[[float], None],
) -> None:
    await change_setting(guild, "idle_minutes", "2")
    await fill(alice, "dune")
    await voice.until_speaking()
    bot_id = str(music.bot.wiring.client.application_id)
    await alice.join("Lounge")
    while "⏸" not in (await alice.slash("queue")).text:
        pass
    # The two minutes begin with the look after that; one of them is not enough.
    await alice.channel("music").wait_for(lambda one: "Paused until" in one.text, timeout=15)
    later(60)
    assert (await _stored(music, guild)).is_here
    later(70)
    await alice.sees_in_voice(bot_id, None)
    await alice.channel("music").wait_for(lambda one: "Nobody was listening" in one.text)
    player = await _stored(music, guild)
    assert (player.pause_reason, player.is_here) == ("away", False)
    await alice.join("Music")
    await alice.slash("join")
    await voice.until_speaking()
    assert await titles(alice) == ["dune"]


async def test_a_player_whose_queue_is_over_leaves_unless_it_shall_stay(
    alice: Member,
    voice: Voice,
    guild: Guild,
    music: MusicBot,
    later: Callable[[float], None],
) -> None:
    await change_setting(guild, "idle_minutes", "1")
    await alice.slash("stay")
    await fill(alice, "ash")
    await voice.until_speaking()
    await voice.until_silence(0.5, timeout=15)
    bot_id = str(music.bot.wiring.client.application_id)
    later(300)
    await alice.slash("play", query="beech.opus")
    await voice.until_speaking()
    await voice.until_silence(0.5, timeout=15)
    await alice.slash("stay")  # no longer
    await alice.sees_in_voice(bot_id, "Music")
    async with asyncio.timeout(20):
        while (await _stored(music, guild)).is_here:
            later(61)
            await alice.slash("queue")
    await alice.sees_in_voice(bot_id, None)
    await alice.channel("music").wait_for(lambda one: "The music is over" in one.text)
    assert (await _stored(music, guild)).queue.current is None
