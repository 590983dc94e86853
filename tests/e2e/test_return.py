"""The bot is killed or stopped in mid-song, and the music goes on where it was."""

from pathlib import Path

from tests.e2e.conftest import MakeBot
from tests.support.sound import RATE, decode_file, find

from discord_sandbox.driver import Guild, Member
from discord_sandbox.driver.messages import MessageView
from discord_sandbox.driver.voice import Voice


async def _controller(alice: Member) -> MessageView:
    return await alice.channel("music").wait_for(lambda message: bool(message.buttons))


async def _heard_until_now(voice: Voice, songs: Path) -> float:
    """Return the second of the march that was heard last."""
    pcm = (await voice.hear(seconds=1)).pcm()
    offset, correlation = find(pcm[4800:], decode_file(songs / "march.mp3"))
    assert correlation >= 0.99
    return (offset + len(pcm) - 4800) / RATE


async def test_after_kill_9_the_song_goes_on_within_two_seconds_of_its_place(
    guild: Guild, make_bot: MakeBot, songs: Path
) -> None:
    first = make_bot()
    await first.start()
    alice = await guild.member("alice")
    alice.use("music")
    voice = await alice.join("Music")
    await alice.slash("play", query="march.mp3")
    await alice.slash("play", query="hymn.opus")
    await voice.until_speaking()
    await voice.hear(seconds=4)
    before = await _heard_until_now(voice, songs)
    first.kill()
    await first.wait()
    voice.forget()

    second = make_bot()
    await second.start()
    await voice.until_speaking(timeout=20)
    after = await _heard_until_now(voice, songs)
    assert abs(after - 1 - before) <= 2.0
    queue = await alice.slash("queue")
    assert "Hymn" in queue.text


async def test_a_button_from_before_the_restart_still_works(
    guild: Guild, make_bot: MakeBot
) -> None:
    first = make_bot()
    await first.start()
    alice = await guild.member("alice")
    alice.use("music")
    voice = await alice.join("Music")
    await alice.slash("play", query="march.mp3")
    await alice.slash("play", query="hymn.opus")
    await voice.until_speaking()
    message = await _controller(alice)
    first.kill()
    await first.wait()
    voice.forget()

    second = make_bot()
    await second.start()
    await voice.until_speaking(timeout=20)
    await alice.channel("music").click(message, "music:skip")
    now = await alice.slash("nowplaying")
    assert "Hymn" in now.text


async def test_a_stop_in_order_keeps_the_players_and_leaves_no_message_unanswered(
    guild: Guild, make_bot: MakeBot, songs: Path
) -> None:
    first = make_bot()
    await first.start()
    alice = await guild.member("alice")
    alice.use("music")
    voice = await alice.join("Music")
    await alice.slash("play", query="march.mp3")
    await voice.until_speaking()
    before = await _heard_until_now(voice, songs)
    first.interrupt()
    assert await first.wait() == 0
    voice.forget()

    second = make_bot()
    await second.start()
    await voice.until_speaking(timeout=20)
    after = await _heard_until_now(voice, songs)
    assert abs(after - 1 - before) <= 2.0
