"""What was played is kept: to go back in, to ask for again, to take home, and to count."""

import asyncio
import time
from pathlib import Path

import pytest
from tests.support.listening import fill, heard_now, titles
from tests.support.music_bot import MusicBot, write_tunes
from tests.support.places import place_after
from tests.support.sound import Samples

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.voice import Voice, VoiceFrames

type Tunes = dict[str, Samples]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tunes]:
    """Three melodies, and one of two seconds."""
    folder = tmp_path_factory.mktemp("remembers")
    tunes = write_tunes(folder, ("amber", "birch", "coral"), 45, seed=500)
    return folder, tunes | write_tunes(folder, ("brief",), 2, seed=510)


async def test_the_history_is_shown_asked_for_again_and_gone_back_in(
    alice: Member, voice: Voice, tunes: Tunes
) -> None:
    await fill(alice, "amber", "birch", "coral")
    await voice.until_speaking()
    await alice.slash("skip")
    await alice.slash("skip")
    history = await alice.slash("history")
    lines = [line for line in history.text.splitlines() if line.startswith("⏭ ")]
    assert [line.split()[1] for line in lines] == ["Birch", "Amber"]
    assert all(f"<@{alice.id}>" in line for line in lines)

    await history.select("Amber", menu="Queue songs again")
    assert await titles(alice) == ["coral", "amber"]
    await alice.slash("back")
    assert await heard_now(voice, tunes) == "birch"
    await alice.slash("back")
    assert await heard_now(voice, tunes) == "amber"
    assert await titles(alice) == ["amber", "birch", "coral", "amber"]
    refused = await alice.slash("back")
    assert refused.ephemeral
    assert await heard_now(voice, tunes) == "amber"


async def test_a_grabbed_song_is_in_the_direct_messages_with_the_place_that_was_heard(
    alice: Member, voice: Voice, tunes: Tunes, music: MusicBot
) -> None:
    await fill(alice, "amber")
    await voice.until_speaking()
    await alice.slash("seek", position="0:20")
    voice.forget()
    await voice.hear(seconds=1)
    answer = await alice.slash("grab")
    place = place_after(VoiceFrames(voice.heard.frames[-30:]), tunes["amber"])
    assert answer.ephemeral
    letter = await (await alice.dm(str(music.bot.wiring.client.application_id))).wait_for(
        lambda one: bool(one.embeds)
    )
    assert letter.embeds[0]["title"] == "Amber"
    fields = {field["name"]: field["value"] for field in letter.embeds[0]["fields"]}
    assert fields["Length"] == "0:45"
    minutes, _, seconds = fields["Heard at"].partition(":")
    assert int(minutes) == 0
    assert abs(int(seconds) - place) <= 1.5
    assert "Played on" in letter.text
    # Nobody else learns of it.
    assert [one for one in await alice.channel("music").messages() if "Heard at" in one.text] == []


async def test_songs_and_listeners_are_counted(
    alice: Member, voice: Voice, music: MusicBot, guild: Guild, monkeypatch: pytest.MonkeyPatch
) -> None:
    carol = await guild.member("carol")
    carol.use("music")
    await fill(alice, "brief", "brief", "amber")
    await voice.until_speaking()
    await voice.hear(seconds=10)
    await alice.slash("skip")  # what is skipped was not played to its end

    songs = await carol.slash("history", view="songs", period="week")
    assert "Brief" in songs.text
    assert "**2 ▶**" in songs.text
    assert "Amber" not in songs.text

    await fill(alice, "birch")
    # What was counted is stored twice a minute.
    monkeypatch.setattr(music.bot.kernel.clock, "monotonic", lambda: time.monotonic() + 40)
    async with asyncio.timeout(20):
        while (
            f"🥇 <@{alice.id}>"
            not in (shown := await carol.slash("history", view="listeners", period="week")).text
        ):
            await voice.hear(seconds=0.5)
    assert f"<@{carol.id}>" not in shown.text  # was not there
    chart = await carol.slash("history", view="hours", period="week")
    fields = {field["name"]: field["value"] for field in chart.embeds[0]["fields"]}
    assert fields["Music"] == fields["Listened, all together"]
    seconds = int(fields["Music"].removesuffix(" s"))
    assert 5 <= seconds <= 60
    assert [one["filename"] for one in chart.message.attachments] == ["hours.png"]
