"""Music's commands and buttons, with what people in the channel hear after each.

Everything here is done on both ways to play: by the bot itself, and through a Lavalink node.
"""

import asyncio
import re
from pathlib import Path

import pytest
from tests.support.listening import heard_now, listener
from tests.support.music_bot import (
    HIGH_HZ,
    LOW_HZ,
    SWEEP_HZ_A_SECOND,
    MusicBot,
    sweep,
    write_tunes,
)
from tests.support.places import (
    beginning_of,
    locate,
    peak_hertz,
    place_after,
    strength_db,
)
from tests.support.sound import Samples, level_db, opus_packets, write_song

from discord_sandbox.driver import Guild, Member, MessageView, Reply
from discord_sandbox.driver.voice import Voice, VoiceFrames
from discord_sandbox.server import Sandbox

NAMES = ("amber", "birch", "coral", "delta", "ember")
type Tunes = dict[str, Samples]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tunes]:
    """Five melodies, tones to measure filters by, and a song of two seconds."""
    folder = tmp_path_factory.mktemp("tunes")
    tunes = write_tunes(folder, NAMES, 45)
    write_song(folder / "tones.opus", sweep(60), title="Tones", codec="libopus", bit_rate=160_000)
    tunes |= write_tunes(folder, ("brief",), 2, seed=200)
    return folder, tunes


async def _titles(member: Member) -> list[str]:
    """The queue's titles in the order in which /queue shows them; the one that plays is first."""
    shown = await member.slash("queue")
    return [
        name.lower()
        for name in re.findall(r"(?:^[▶⏸] \*\*|^`\d+` )(\w+)", shown.text, re.MULTILINE)
    ]


async def _fill(member: Member, *names: str) -> None:
    for name in names:
        await member.slash("play", query=f"{name}.opus")


async def _controller(member: Member) -> MessageView:
    return (await member.slash("nowplaying")).message


async def _press(member: Member, message: MessageView, action: str) -> Reply:
    return await member.channel("music").click(message, f"music:{action}")


async def test_a_song_is_found_played_and_gone_through(
    alice: Member, voice: Voice, tunes: Tunes
) -> None:
    answer = await alice.slash("play", query="amber")
    assert "Amber" in answer.text
    await voice.until_speaking()
    begun = await voice.hear(seconds=0.6)
    assert beginning_of(begun, tunes["amber"]) == pytest.approx(0, abs=0.1)

    for command, options, expected in (
        ("seek", {"position": "0:20"}, 20.0),
        ("seek", {"position": "90"}, None),
        ("seek", {"position": "12"}, 12.0),
    ):
        since = len(voice.heard)
        answer = await alice.slash(command, options)
        if expected is None:  # the song is shorter: nothing happens
            assert answer.ephemeral
            continue
        voice.forget()
        await voice.hear(seconds=1.0)
        heard = VoiceFrames(voice.heard.frames[since:])
        assert beginning_of(heard, tunes["amber"]) == pytest.approx(expected, abs=0.1)

    for command, options, step in (
        ("seek", {"position": "+10"}, 10),
        ("forward", {"seconds": 5}, 5),
        ("rewind", {"seconds": 15}, -15),
    ):
        since = len(voice.heard)
        before = place_after(VoiceFrames(voice.heard.frames[since - 30 :]), tunes["amber"])
        await alice.slash(command, options)
        waited = (len(voice.heard) - since) * 0.02
        voice.forget()
        await voice.hear(seconds=1.0)
        after = beginning_of(VoiceFrames(voice.heard.frames[since:]), tunes["amber"])
        # What was heard while the command was on its way has moved the place a little.
        assert -0.3 <= after - before - step <= waited + 0.3


async def test_pause_and_the_buttons_that_jump(alice: Member, voice: Voice, tunes: Tunes) -> None:
    await _fill(alice, "amber")
    await voice.until_speaking()
    controller = await _controller(alice)
    await _press(alice, controller, "forward")
    voice.forget()
    await voice.hear(seconds=0.3)
    there = place_after(await voice.hear(seconds=0.6), tunes["amber"])
    assert 30 < there < 35
    await _press(alice, controller, "toggle")
    await voice.until_silence(0.3)
    last = place_after(VoiceFrames(voice.heard.audible().frames[-30:]), tunes["amber"])
    assert "Paused" in (await _controller(alice)).text
    await _press(alice, await _controller(alice), "toggle")
    await voice.until_speaking()
    again = beginning_of(await voice.hear(seconds=0.6), tunes["amber"])
    assert again == pytest.approx(last, abs=0.15)
    await alice.slash("pause")
    await voice.until_silence(0.3)
    await alice.slash("resume")
    await voice.until_speaking()
    await _press(alice, await _controller(alice), "rewind")
    voice.forget()
    await voice.hear(seconds=0.3)
    assert place_after(await voice.hear(seconds=0.6), tunes["amber"]) < 10


async def test_loudness_by_command_and_by_button(
    alice: Member, voice: Voice, tunes: Tunes, guild: Guild
) -> None:
    await _fill(alice, "amber")
    await voice.until_speaking()

    async def decibels() -> float:
        """How much louder the song is heard than it was recorded."""
        voice.forget()
        await voice.hear(seconds=0.4)
        heard = (await voice.hear(seconds=1.0)).pcm()[4800:]
        offset, correlation = locate(heard, tunes["amber"])
        assert correlation >= 0.95
        return level_db(heard) - level_db(tunes["amber"][offset : offset + len(heard)])

    controller = await _controller(alice)
    await alice.slash("volume", percent=50)
    assert await decibels() == pytest.approx(-6.0, abs=0.7)
    await _press(alice, controller, "quieter")
    assert await decibels() == pytest.approx(-8.0, abs=0.7)
    await _press(alice, controller, "louder")
    await _press(alice, controller, "louder")
    assert await decibels() == pytest.approx(-4.4, abs=0.7)
    await _press(alice, controller, "mute")
    voice.forget()
    await voice.hear(seconds=0.5)
    assert level_db((await voice.hear(seconds=0.5)).pcm()) < -70
    await _press(alice, controller, "mute")
    assert await decibels() == pytest.approx(-4.4, abs=0.7)

    ada = await guild.owner()
    ada.use("music")
    chosen = {"feature": "music", "setting": "max_volume", "value": "60"}
    await ada.slash("settings change", chosen)
    refused = await alice.slash("volume", percent=61)
    assert refused.ephemeral
    assert "60" in refused.text
    await _press(alice, controller, "louder")
    assert await decibels() == pytest.approx(-4.4, abs=0.7)


async def test_filters_change_pitch_speed_and_colour_and_leave_no_trace(
    alice: Member, voice: Voice, library: tuple[Path, Tunes], music: MusicBot
) -> None:
    await alice.slash("play", query="tones.opus")
    await voice.until_speaking()

    async def heard() -> Samples:
        voice.forget()
        await voice.hear(seconds=0.6)
        return (await voice.hear(seconds=1.2)).pcm()[4800:]

    def rise(samples: Samples) -> float:
        """How many hertz a second the rising tone rises."""
        size = len(samples) // 3
        ends = (samples[:size], samples[-size:])
        low, high = (peak_hertz(part, 300, 2500) for part in ends)
        return (high - low) / ((len(samples) - size) / 48_000)

    plain = await heard()
    assert peak_hertz(plain, 2000, 5000) == pytest.approx(HIGH_HZ, rel=0.005)
    assert rise(plain) == pytest.approx(SWEEP_HZ_A_SECOND, rel=0.15)
    colour = strength_db(plain, LOW_HZ) - strength_db(plain, HIGH_HZ)

    panel = await alice.slash("filters", preset="nightcore")
    fast = await heard()
    assert peak_hertz(fast, 2000, 5000) == pytest.approx(HIGH_HZ * 1.2, rel=0.005)
    assert rise(fast) == pytest.approx(SWEEP_HZ_A_SECOND * 1.2 * 1.2, rel=0.15)

    await panel.select("bassboost")
    deep = await heard()
    boost = strength_db(deep, LOW_HZ) - strength_db(deep, HIGH_HZ) - colour
    assert 3.5 <= boost <= 9
    assert peak_hertz(deep, 2000, 5000) == pytest.approx(HIGH_HZ, rel=0.005)

    await panel.select("flat")
    await panel.click("music:tune:faster")
    quick = await heard()
    assert peak_hertz(quick, 2000, 5000) == pytest.approx(HIGH_HZ, rel=0.005)
    assert rise(quick) == pytest.approx(SWEEP_HZ_A_SECOND * 1.1, rel=0.08)

    await panel.click("music:equalizer")
    form = await alice.modal()
    await form.submit(
        bands0="0 0 0",
        bands3="-12 -12 -12",
        **dict.fromkeys(("bands6", "bands9", "bands12"), "0 0 0"),
    )
    thin = await heard()
    assert strength_db(thin, LOW_HZ) - strength_db(thin, HIGH_HZ) - colour < -6

    await panel.click("music:tune:reset")
    await heard()
    voice.forget()
    packets = (await voice.hear(seconds=0.5)).packets
    if music.node is None:  # untouched again: byte for byte what is in the file
        assert set(packets) <= set(opus_packets(library[0] / "tones.opus"))


async def test_the_order_of_the_queue_is_the_order_in_which_it_is_heard(
    alice: Member, voice: Voice, tunes: Tunes
) -> None:
    await _fill(alice, "amber", "birch")
    await alice.slash("playnext", query="coral.opus")
    await alice.slash("play", query="delta.opus", position="next")
    assert await _titles(alice) == ["amber", "delta", "coral", "birch"]
    await alice.slash("playnow", query="ember.opus")
    assert await heard_now(voice, tunes) == "ember"
    assert await _titles(alice) == ["ember", "delta", "coral", "birch"]
    await alice.slash("back")
    assert await heard_now(voice, tunes) == "amber"
    assert await _titles(alice) == ["amber", "ember", "delta", "coral", "birch"]
    await alice.slash("move", song=4, to=1)
    assert await _titles(alice) == ["amber", "birch", "ember", "delta", "coral"]
    await alice.slash("skip")
    assert await heard_now(voice, tunes) == "birch"
    gone = await alice.slash("remove", songs="1-2")
    assert await _titles(alice) == ["birch", "coral"]
    await gone.click("Undo")
    assert await _titles(alice) == ["birch", "coral", "ember", "delta"]
    await alice.slash("skip", to=3)
    assert await heard_now(voice, tunes) == "delta"
    await _press(alice, await _controller(alice), "back")
    assert await heard_now(voice, tunes) == "ember"
    await _press(alice, await _controller(alice), "skip")
    assert await heard_now(voice, tunes) == "delta"


async def test_shuffle_clear_and_duplicates(alice: Member, voice: Voice) -> None:
    await _fill(alice, *NAMES, "amber", "birch")
    await voice.until_speaking()
    waiting = (await _titles(alice))[1:]
    await alice.slash("shuffle")
    shuffled = await _titles(alice)
    assert shuffled[0] == "amber"
    assert sorted(shuffled[1:]) == sorted(waiting)
    await alice.slash("remove", songs="duplicates")
    assert sorted((await _titles(alice))[1:]) == sorted({*waiting} - {"amber"})
    await _press(alice, await _controller(alice), "shuffle")
    await alice.slash("clear")
    assert await _titles(alice) == ["amber"]
    refused = await alice.slash("shuffle")
    assert refused.ephemeral


async def test_a_song_and_a_queue_are_repeated(alice: Member, voice: Voice, tunes: Tunes) -> None:
    await _fill(alice, "brief")
    await alice.slash("loop", mode="track")
    await voice.until_speaking()
    heard = await voice.hear(seconds=3)
    assert beginning_of(heard, tunes["brief"], window=0.4) == pytest.approx(0, abs=0.1)
    assert place_after(VoiceFrames(heard.frames[:50]), tunes["brief"]) == pytest.approx(1, abs=0.1)
    await _press(alice, await _controller(alice), "loop")  # the song -> the queue
    await _fill(alice, "coral")
    await alice.slash("skip")
    assert await heard_now(voice, tunes) == "coral"
    assert await _titles(alice) == ["coral", "brief"]
    await alice.slash("skip")
    await alice.slash("loop", mode="off")
    await alice.slash("skip")
    assert await heard_now(voice, tunes) == "coral"
    assert await _titles(alice) == ["coral"]


async def test_search_takes_several_and_a_message_is_played(
    alice: Member, voice: Voice, tunes: Tunes
) -> None:
    found = await alice.slash("search", query="r")  # amber, birch, coral, brief
    options = found.message.selects[0]["options"]
    wanted = [one["value"] for one in options if one["label"] in {"Birch", "Coral"}]
    first = next(one["label"].lower() for one in options if one["label"] in {"Birch", "Coral"})
    await found.select(*wanted)
    assert await heard_now(voice, tunes) == first
    assert set(await _titles(alice)) == {"birch", "coral"}
    said = await alice.channel("music").send("delta")
    answer = await alice.context("Play this", said)
    assert "Delta" in answer.text
    assert (await _titles(alice))[-1] == "delta"
    empty = await alice.channel("music").send("👍")
    assert (await alice.context("Play this", empty)).ephemeral


async def test_two_who_press_the_same_button_at_once_do_it_once(
    alice: Member, voice: Voice, tunes: Tunes, guild: Guild
) -> None:
    bob = await listener(guild, "bob")
    await _fill(alice, "amber", "birch", "coral")
    await voice.until_speaking()
    controller = await _controller(alice)

    async def both(action: str) -> tuple[Reply, Reply]:
        return await asyncio.gather(
            _press(alice, controller, action), _press(bob, controller, action)
        )

    answers = await both("skip")
    assert [answer.ephemeral for answer in answers].count(True) == 1
    assert await _titles(alice) == ["birch", "coral"]
    assert await heard_now(voice, tunes) == "birch"
    controller = await _controller(alice)
    await both("toggle")
    await voice.until_silence(0.3)
    assert "Paused" in (await _controller(alice)).text
    controller = await _controller(alice)
    await both("toggle")
    assert await heard_now(voice, tunes) == "birch"
    controller = await _controller(alice)
    await both("mute")
    assert "🔇" in (await _controller(alice)).text
    voice.forget()
    await voice.hear(seconds=0.5)
    assert level_db((await voice.hear(seconds=0.5)).pcm()) < -70
    controller = await _controller(alice)
    await both("mute")
    assert await heard_now(voice, tunes) == "birch"


async def test_only_djs_steer_while_others_listen_and_the_others_vote(
    alice: Member, voice: Voice, tunes: Tunes, guild: Guild
) -> None:
    bob, dave, carol = [await listener(guild, name) for name in ("bob", "dave", "carol")]
    ada = await guild.owner()
    ada.use("music")
    dj = {"feature": "music", "setting": "dj_role", "value": await guild.role("DJ")}
    await ada.slash("settings change", dj)
    await _fill(alice, "amber", "birch", "coral")
    await voice.until_speaking()

    for command, options in (
        ("pause", {}),
        ("stop", {}),
        ("seek", {"position": "10"}),
        ("volume", {"percent": 10}),
        ("loop", {"mode": "track"}),
        ("shuffle", {}),
        ("clear", {}),
        ("back", {}),
        ("move", {"song": 1, "to": 2}),
        ("remove", {"songs": "1"}),
        ("stay", {}),
        ("filters", {"preset": "8d"}),
        ("playnow", {"query": "delta.opus"}),
        ("leave", {}),
        ("autoplay", {"mode": "mixed"}),
        ("skip", {"to": 2}),
    ):
        refused = await bob.slash(command, options)
        assert refused.ephemeral, command
        assert "music." in refused.text, command
    for action in ("toggle", "stop", "mute", "louder", "loop", "forward", "autoplay", "shuffle"):
        refused = await _press(bob, await _controller(alice), action)
        assert refused.ephemeral, action
    assert await _titles(alice) == ["amber", "birch", "coral"]
    assert await heard_now(voice, tunes) == "amber"

    ballot = await bob.slash("voteskip")
    assert "1 of 2" in ballot.text
    again = await bob.channel("music").click(ballot.message, "Skip it")
    assert "1 of 2" in again.text  # two clicks of one member are one vote
    await dave.channel("music").click(ballot.message, "Skip it")
    assert await heard_now(voice, tunes) == "birch"
    late = (
        await carol.channel("music").click(ballot.message, "Skip it")
        if (ballot.message.buttons)
        else None
    )
    assert late is None or late.ephemeral

    await _fill(bob, "delta")
    await alice.slash("skip", to=2)
    assert await heard_now(voice, tunes) == "delta"
    await bob.slash("skip")  # one's own song needs nobody's leave
    await voice.until_silence(0.3)

    only = {"feature": "music", "setting": "dj_only", "value": "on"}
    await ada.slash("settings change", only)
    assert (await bob.slash("play", query="ember.opus")).ephemeral
    assert not (await alice.slash("play", query="ember.opus")).ephemeral
    assert await heard_now(voice, tunes) == "ember"


async def test_the_bot_waits_for_company_moves_and_leaves(
    alice: Member,
    voice: Voice,
    tunes: Tunes,
    guild: Guild,
    sandbox: Sandbox,
    music: MusicBot,
) -> None:
    ada = await guild.owner()
    await _fill(alice, "amber", "birch")
    await voice.until_speaking()
    stays = await alice.slash("stay")
    assert "stay" in stays.text
    await voice.hear(seconds=0.5)
    bot_id = str(music.bot.wiring.client.application_id)
    await alice.join("Lounge")  # alone: it pauses and waits
    while "⏸" not in (await alice.slash("queue")).text:
        pass
    await alice.join("Music")
    voice.forget()
    await voice.until_speaking()
    assert place_after(await voice.hear(seconds=0.5), tunes["amber"]) < 6

    await alice.join("Lounge")
    world, lounge = sandbox.world, int((await guild.channel("Lounge")).id)
    where = world.guilds[int(guild.id)]
    world.set_voice_state(where, world.users[int(bot_id)], lounge)
    await alice.sees_in_voice(bot_id, "Lounge")
    voice.forget()
    await voice.until_speaking()
    assert await heard_now(voice, tunes) == "amber"

    await alice.slash("leave")
    await alice.sees_in_voice(bot_id, None)
    await alice.slash("join")
    assert await heard_now(voice, tunes) == "amber"
    assert await _titles(alice) == ["amber", "birch"]
    channel = alice.channel("music")
    before = await channel.wait_for(lambda message: bool(message.buttons))
    controller = await _controller(alice)
    messages = alice.connection.messages
    await alice.connection.until(lambda: before.id not in messages, "the controller to be replaced")
    deleted = {"channel_id": controller.channel_id, "message_id": controller.id}
    await ada.connection.ask("delete_message", **deleted)  # thrown away, it means goodbye
    await alice.sees_in_voice(bot_id, None)
    await alice.slash("resume")
    assert await heard_now(voice, tunes) == "amber"
    await alice.slash("stop")
    await alice.sees_in_voice(bot_id, None)
    assert (await alice.slash("nowplaying")).ephemeral
