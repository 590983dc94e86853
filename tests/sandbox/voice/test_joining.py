"""Op 4: who may join, what is announced, and how a connection ends."""

import asyncio

import pytest
from tests.sandbox.voice.conftest import Bot, Dial, Enter, NewBot
from tests.support.spec_check import SpecCheck

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.models import Channel, Overwrite

CONNECT = 1 << 20
SPEAK = 1 << 21
MOVE_MEMBERS = 1 << 24


async def test_a_join_is_announced_with_state_then_server(
    bot: Bot, sandbox: Sandbox, music: Channel
) -> None:
    state, server = await bot.join(music.id)
    assert state["channel_id"] == str(music.id)
    assert server["endpoint"] == sandbox.voice.endpoint
    assert "://" not in server["endpoint"]
    check = SpecCheck()
    check.dispatch("VOICE_STATE_UPDATE", state)
    check.dispatch("VOICE_SERVER_UPDATE", server)
    check.verdict()
    assert sandbox.gateway.sessions[0].id != state["session_id"]


async def test_leaving_without_being_there_is_not_echoed(bot: Bot) -> None:
    await bot.ask(None)
    assert await bot.settle() == []


async def test_no_permission_no_answer(bot: Bot, music: Channel) -> None:
    music.overwrites[bot.user_id] = Overwrite(bot.user_id, 1, deny=CONNECT)
    await bot.ask(music.id)
    assert await bot.settle() == []


async def test_a_text_channel_and_an_unknown_one_are_met_with_silence(
    bot: Bot, seeded: Seeded
) -> None:
    await bot.ask(seeded.guild.channel_named("general").id)
    await bot.ask(1)
    assert await bot.settle() == []


@pytest.mark.parametrize("may_move", [False, True])
async def test_a_full_channel_lets_only_movers_in(
    bot: Bot, sandbox: Sandbox, seeded: Seeded, music: Channel, *, may_move: bool
) -> None:
    music.user_limit = 1
    allow, deny = (MOVE_MEMBERS, 0) if may_move else (0, MOVE_MEMBERS)
    music.overwrites[bot.user_id] = Overwrite(bot.user_id, 1, allow=allow, deny=deny)
    sandbox.world.set_voice_state(seeded.guild, seeded.people["alice"], music.id)
    await bot.client.event("VOICE_STATE_UPDATE")
    await bot.ask(music.id)
    names = await bot.settle()
    assert ("VOICE_SERVER_UPDATE" in names) is may_move


async def test_muting_in_the_same_channel_brings_no_new_server(
    bot: Bot, enter: Enter, music: Channel
) -> None:
    await enter(bot, music)
    await bot.ask(music.id)
    assert await bot.settle() == ["VOICE_STATE_UPDATE"]


async def test_asking_again_without_a_connection_brings_a_new_server(
    bot: Bot, music: Channel
) -> None:
    _, first = await bot.join(music.id)
    _, second = await bot.join(music.id)
    assert first["token"] != second["token"]


async def test_a_bot_that_died_and_came_back_is_told_of_one_server(
    bot: Bot, new_bot: NewBot, sandbox: Sandbox, seeded: Seeded, music: Channel
) -> None:
    first, _ = await bot.join(music.id)
    sandbox.faults.drop_gateway()  # no close frame: its session and its voice state live on
    reborn = await new_bot(seeded.application)
    await reborn.ask(music.id)
    assert await reborn.settle() == ["VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE"]
    state = [payload["d"] for payload in reborn.client.seen if payload["t"] == "VOICE_STATE_UPDATE"]
    assert state[-1]["session_id"] != first["session_id"]


async def test_a_move_closes_the_old_connection_and_names_a_new_token(
    bot: Bot, enter: Enter, music: Channel, lounge: Channel
) -> None:
    voice = await enter(bot, music)
    state, _server = await bot.join(lounge.id)
    assert state["channel_id"] == str(lounge.id)
    assert await voice.close_code() == 4014


async def test_leaving_is_echoed_and_closes_the_connection(
    bot: Bot, enter: Enter, music: Channel
) -> None:
    voice = await enter(bot, music)
    await bot.ask(None)
    assert (await bot.own_state())["channel_id"] is None
    assert await voice.close_code() == 4014


async def test_being_disconnected_by_a_moderator_closes_with_4014(
    bot: Bot, enter: Enter, sandbox: Sandbox, seeded: Seeded, music: Channel
) -> None:
    voice = await enter(bot, music)
    sandbox.world.set_voice_state(seeded.guild, seeded.application.bot, None)
    assert (await bot.own_state())["channel_id"] is None
    assert await voice.close_code() == 4014


async def test_a_deleted_channel_disconnects_with_4014(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel
) -> None:
    voice = await enter(bot, music)
    sandbox.world.delete_channel(music)
    assert (await bot.own_state())["channel_id"] is None
    assert await voice.close_code() == 4014


async def test_a_lost_voice_connection_leaves_after_its_grace(
    bot: Bot, enter: Enter, sandbox: Sandbox, music: Channel
) -> None:
    sandbox.voice.grace_seconds = 0
    voice = await enter(bot, music)
    await voice.ws.close(code=4000)
    assert (await bot.own_state())["channel_id"] is None


async def test_the_end_of_a_session_leaves_voice(
    bot: Bot, new_bot: NewBot, sandbox: Sandbox, seeded: Seeded, music: Channel
) -> None:
    other = sandbox.world.create_application("Other")
    sandbox.world.add_member(seeded.guild, other.bot)
    watcher = await new_bot(other)
    await bot.join(music.id)
    await watcher.client.event("VOICE_STATE_UPDATE")
    await bot.client.close(1000)
    left = await watcher.client.event("VOICE_STATE_UPDATE")
    assert (left["user_id"], left["channel_id"]) == (str(bot.user_id), None)


async def test_two_bots_are_introduced_and_hear_each_other(
    bot: Bot,
    new_bot: NewBot,
    enter: Enter,
    sandbox: Sandbox,
    seeded: Seeded,
    music: Channel,
) -> None:
    other = sandbox.world.create_application("Other")
    sandbox.world.add_member(seeded.guild, other.bot)
    first = await enter(bot, music)
    second = await enter(await new_bot(other), music, "aead_aes256_gcm_rtpsize")
    assert (await first.op(11))["d"] == {"user_ids": [str(other.bot.id)]}
    spoken = (await first.op(5))["d"]
    assert spoken == {"speaking": 1, "ssrc": second.ssrc, "user_id": str(other.bot.id)}
    second.udp.send(second.seal(b"\xfc" + b"from the second"))
    from discord_sandbox.voice.ciphers import open_packet  # noqa: PLC0415 - only here

    assert first.cipher is not None
    _nonce, opus = open_packet(first.cipher, await first.datagram())
    assert opus == b"\xfc" + b"from the second"
    await second.ws.close()
    sandbox.world.set_voice_state(seeded.guild, other.bot, None)
    assert (await first.op(13))["d"] == {"user_id": str(other.bot.id)}


async def test_a_second_connection_of_a_user_replaces_the_first(
    bot: Bot, dial: Dial, music: Channel
) -> None:
    state, server = await bot.join(music.id)
    first, second = await dial(), await dial()
    await first.identify(server, state)
    await first.op(2)
    await second.identify(server, state)
    await second.op(2)
    assert await asyncio.wait_for(first.close_code(), 5) == 4006
