"""What a guild decides about its music is seen in what the bot does."""

from pathlib import Path

import pytest
from tests.support.listening import change_setting, fill, heard_now, listener, titles, until_heard
from tests.support.music_bot import write_tunes
from tests.support.places import locate
from tests.support.sound import Samples, level_db

from discord_sandbox.driver import Guild, Member, MessageView
from discord_sandbox.driver.voice import Voice

SUPPRESSED = 1 << 12
"""Discord, "Message Flags": a message that makes no sound."""
type Tunes = dict[str, Samples]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tunes]:
    """Three melodies, and two of two seconds."""
    folder = tmp_path_factory.mktemp("settings")
    tunes = write_tunes(folder, ("amber", "birch", "coral"), 45, seed=600)
    return folder, tunes | write_tunes(folder, ("brief", "short"), 2, seed=610)


async def _announcements(member: Member) -> list[MessageView]:
    messages = await member.channel("music").messages()
    return [one for one in messages if one.text.startswith("▶ Now playing")]


async def test_songs_are_announced_loudly_silently_or_not_at_all(
    alice: Member, voice: Voice, guild: Guild, tunes: Tunes
) -> None:
    await fill(alice, "brief", "amber")
    await voice.until_speaking()
    await until_heard(voice, tunes, "amber")
    assert await _announcements(alice) == []

    for value, flags in (("silent", SUPPRESSED), ("loud", 0)):
        await change_setting(guild, "announce", value)
        known = {one.id for one in await _announcements(alice)}
        await alice.slash("playnow", query="short.opus")
        await fill(alice, "birch")
        said = await alice.channel("music").wait_for(
            lambda one, known=known: one.text.startswith("▶ Now playing") and one.id not in known,
            timeout=15,
        )
        assert said.data["flags"] & SUPPRESSED == flags
        await alice.slash("clear")


async def test_the_share_of_votes_is_the_guilds(
    alice: Member, voice: Voice, guild: Guild, tunes: Tunes
) -> None:
    bob, dave = [await listener(guild, name) for name in ("bob", "dave")]
    await change_setting(guild, "dj_role", await guild.role("DJ"))
    await change_setting(guild, "vote_percent", "100")
    await fill(alice, "amber", "birch", "coral")
    await voice.until_speaking()
    ballot = await bob.slash("voteskip")
    assert "1 of 3" in ballot.text
    second = await dave.channel("music").click(ballot.message, "Skip it")
    assert "2 of 3" in second.text
    assert await heard_now(voice, tunes) == "amber"
    await alice.channel("music").click(ballot.message, "Skip it")
    assert await heard_now(voice, tunes) == "birch"

    await change_setting(guild, "vote_percent", "34")
    await bob.slash("voteskip")
    assert await heard_now(voice, tunes) == "birch"
    await dave.slash("voteskip")
    assert await heard_now(voice, tunes) == "coral"


async def test_a_new_player_is_as_loud_as_the_guild_wants(
    alice: Member, voice: Voice, guild: Guild, tunes: Tunes
) -> None:
    await change_setting(guild, "default_volume", "80")
    await change_setting(guild, "max_volume", "50")
    await fill(alice, "amber")
    await voice.until_speaking()
    voice.forget()
    await voice.hear(seconds=0.3)
    heard = (await voice.hear(seconds=1.0)).pcm()[4800:]
    offset, correlation = locate(heard, tunes["amber"])
    assert correlation >= 0.95
    there = tunes["amber"][offset : offset + len(heard)]
    assert level_db(heard) - level_db(there) == pytest.approx(-6, abs=0.7)


async def test_what_may_be_asked_for_and_where(
    alice: Member, voice: Voice, guild: Guild, tunes: Tunes
) -> None:
    await fill(alice, "amber")
    await voice.until_speaking()
    await change_setting(guild, "duplicates", "off")
    refused = await alice.slash("play", query="amber.opus")
    assert refused.ephemeral
    assert "in the queue already" in refused.text

    await change_setting(guild, "max_queue", "1")
    await fill(alice, "birch")
    refused = await alice.slash("play", query="coral.opus")
    assert refused.ephemeral
    assert "it holds 1 songs" in refused.text
    assert await titles(alice) == ["amber", "birch"]

    await alice.slash("clear")
    await change_setting(guild, "allowed_sources", "direct")
    refused = await alice.slash("play", query="coral.opus")
    assert refused.ephemeral
    assert "not allowed on this server" in refused.text
    await change_setting(guild, "allowed_sources", "library")
    assert not (await alice.slash("play", query="coral.opus")).ephemeral

    await change_setting(guild, "text_channel", (await guild.channel("music")).id)
    alice.use("general")
    refused = await alice.slash("skip")
    assert refused.ephemeral
    assert "belong into" in refused.text
    assert await heard_now(voice, tunes) == "amber"
    alice.use("music")
    await alice.slash("skip")
    assert await heard_now(voice, tunes) == "coral"
