"""Who gets which event, and how much of it."""

from typing import Any

import pytest
from tests.sandbox.gateway.conftest import Clients

from discord_sandbox.gateway.events import shows_content, without_content
from discord_sandbox.gateway.protocol import Intent
from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.models import Dispatch, Overwrite

Json = dict[str, Any]


def message(content: str, *, author: str = "alice", mentions: str = "") -> Json:
    """The parts of a MESSAGE_CREATE that the filter reads."""
    return {
        "content": content,
        "embeds": [{"title": "x"}],
        "attachments": [],
        "components": [],
        "author": {"id": author},
        "mentions": [{"id": mentions}] if mentions else [],
    }


async def events_after(
    clients: Clients, sandbox: Sandbox, intents: int, dispatches: list[Dispatch]
) -> list[str]:
    """Names of the events that a session with these intents gets of some dispatches."""
    client = await clients.connect()
    await client.identify(intents=intents)
    await client.event("READY")
    start = len(client.seen)
    for dispatch in dispatches:
        sandbox.world.emit(dispatch)
    await client.send(1, None)
    await client.op(11)
    names = [p["t"] for p in client.seen[start:] if p["t"] not in (None, "GUILD_CREATE")]
    client.seen.clear()  # the payloads of this file are too small for the description
    return names


@pytest.mark.parametrize(
    ("name", "intent"),
    [
        ("CHANNEL_CREATE", Intent.GUILDS),
        ("GUILD_MEMBER_ADD", Intent.GUILD_MEMBERS),
        ("GUILD_BAN_ADD", Intent.GUILD_MODERATION),
        ("MESSAGE_CREATE", Intent.GUILD_MESSAGES),
        ("MESSAGE_REACTION_ADD", Intent.GUILD_MESSAGE_REACTIONS),
        ("TYPING_START", Intent.GUILD_MESSAGE_TYPING),
        ("VOICE_STATE_UPDATE", Intent.GUILD_VOICE_STATES),
        ("PRESENCE_UPDATE", Intent.GUILD_PRESENCES),
        ("WEBHOOKS_UPDATE", Intent.GUILD_WEBHOOKS),
        ("GUILD_SCHEDULED_EVENT_CREATE", Intent.GUILD_SCHEDULED_EVENTS),
        ("MESSAGE_POLL_VOTE_ADD", Intent.GUILD_MESSAGE_POLLS),
    ],
)
async def test_an_event_needs_its_intent(
    clients: Clients, sandbox: Sandbox, seeded: Seeded, name: str, intent: Intent
) -> None:
    dispatch = Dispatch(name, {"user_id": "1"}, seeded.guild.id)
    others = ((1 << 26) - 1) & ~intent & ~Intent.GUILD_PRESENCES
    assert name in await events_after(clients, sandbox, intent, [dispatch])
    assert name not in await events_after(clients, sandbox, others, [dispatch])


async def test_direct_messages_have_intents_of_their_own(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    channel = sandbox.world.dm_channel(seeded.application.bot, seeded.people["alice"])
    dispatch = Dispatch("MESSAGE_CREATE", {}, None, channel.id)
    direct = await events_after(clients, sandbox, Intent.DIRECT_MESSAGES, [dispatch])
    guild = await events_after(clients, sandbox, Intent.GUILD_MESSAGES, [dispatch])
    assert (direct, guild) == (["MESSAGE_CREATE"], [])


async def test_a_direct_message_between_others_stays_theirs(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    channel = sandbox.world.dm_channel(seeded.people["bob"], seeded.people["alice"])
    dispatch = Dispatch("MESSAGE_CREATE", {}, None, channel.id)
    assert await events_after(clients, sandbox, Intent.DIRECT_MESSAGES, [dispatch]) == []


async def test_a_hidden_channel_is_silent(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    channel = seeded.guild.channel_named("general")
    bot_id = seeded.application.bot.id
    dispatch = Dispatch("MESSAGE_CREATE", {}, seeded.guild.id, channel.id)
    intents = Intent.GUILD_MESSAGES
    assert await events_after(clients, sandbox, intents, [dispatch]) == ["MESSAGE_CREATE"]
    channel.overwrites[bot_id] = Overwrite(bot_id, 1, deny=1 << 10)
    assert await events_after(clients, sandbox, intents, [dispatch]) == []


async def test_a_guild_without_the_bot_is_silent(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    foreign = sandbox.world.create_guild("Foreign", seeded.people["ada"])
    dispatch = Dispatch("CHANNEL_CREATE", {}, foreign.id)
    assert await events_after(clients, sandbox, Intent.GUILDS, [dispatch]) == []


async def test_what_is_for_one_user_reaches_no_other(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    bot_id = seeded.application.bot.id
    mine = Dispatch("INTERACTION_CREATE", {}, seeded.guild.id, None, frozenset({bot_id}))
    theirs = Dispatch("MESSAGE_CREATE", {}, seeded.guild.id, None, frozenset({1}))
    intents = Intent.GUILD_MESSAGES
    names = await events_after(clients, sandbox, intents, [mine, theirs])
    assert names == ["INTERACTION_CREATE"]


async def test_own_member_updates_come_without_the_members_intent(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    own = {"user": {"id": str(seeded.application.bot.id)}}
    other = {"user": {"id": "1"}}
    dispatches = [Dispatch("GUILD_MEMBER_UPDATE", data, seeded.guild.id) for data in (own, other)]
    names = await events_after(clients, sandbox, Intent.GUILDS, dispatches)
    assert names == ["GUILD_MEMBER_UPDATE"]


async def test_message_content_is_emptied_without_its_intent(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    channel = seeded.guild.channel_named("general")
    for intents, content in ((Intent.GUILD_MESSAGES, ""), (0x8200, "a secret")):
        client = await clients.ready(intents=intents)
        data = message("a secret")
        sandbox.world.emit(Dispatch("MESSAGE_CREATE", data, seeded.guild.id, channel.id))
        got = await client.event("MESSAGE_CREATE")
        assert (got["content"], bool(got["embeds"])) == (content, bool(content))
        client.seen.clear()


def test_own_messages_and_mentions_keep_their_content(seeded: Seeded) -> None:
    bot = str(seeded.application.bot.id)
    assert shows_content(message("x", author=bot), seeded.application)
    assert shows_content(message("x", mentions=bot), seeded.application)
    assert not shows_content(message("x", mentions="7"), seeded.application)


def test_content_is_emptied_in_references_too() -> None:
    reply: Json = {
        **message("outer"),
        "poll": {"question": {}},
        "referenced_message": message("inner"),
        "message_snapshots": [{"message": message("forwarded")}],
    }
    bare = without_content(reply)
    assert "poll" not in bare
    assert [
        bare["content"],
        bare["referenced_message"]["content"],
        bare["message_snapshots"][0]["message"]["content"],
    ] == ["", "", ""]
    assert bare["embeds"] == bare["referenced_message"]["embeds"] == []
    assert reply["content"] == "outer"  # what others get is untouched


async def test_guild_create_brings_members_only_with_presences(clients: Clients) -> None:
    few = await clients.ready(intents=Intent.GUILDS | Intent.GUILD_MEMBERS)
    assert len((await few.event("GUILD_CREATE"))["members"]) == 1
    many = await clients.ready(intents=Intent.GUILDS | Intent.GUILD_PRESENCES)
    guild = await many.event("GUILD_CREATE")
    assert len(guild["members"]) == guild["member_count"] == 6
    assert len(guild["presences"]) == 6


async def test_members_are_chunked_on_demand(clients: Clients, seeded: Seeded) -> None:
    client = await clients.ready()
    guild_id = str(seeded.guild.id)
    await client.send(8, {"guild_id": guild_id, "query": "", "limit": 0, "nonce": "n"})
    chunk = await client.event("GUILD_MEMBERS_CHUNK")
    assert len(chunk["members"]) == 6
    assert (chunk["chunk_index"], chunk["chunk_count"], chunk["nonce"]) == (0, 1, "n")
    await client.send(8, {"guild_id": guild_id, "query": "AL", "limit": 5})
    found = (await client.event("GUILD_MEMBERS_CHUNK"))["members"]
    assert [member["user"]["username"] for member in found] == ["alice"]
    alice = str(seeded.people["alice"].id)
    await client.send(8, {"guild_id": guild_id, "user_ids": [alice, "5"], "presences": True})
    chunk = await client.event("GUILD_MEMBERS_CHUNK")
    assert chunk["not_found"] == ["5"]
    assert [presence["user"]["id"] for presence in chunk["presences"]] == [alice]


async def test_all_members_need_the_members_intent(clients: Clients, seeded: Seeded) -> None:
    client = await clients.ready(intents=Intent.GUILDS)
    await client.send(8, {"guild_id": str(seeded.guild.id), "query": "", "limit": 0})
    await client.send(1, None)
    await client.op(11)
    assert "GUILD_MEMBERS_CHUNK" not in client.events()


async def test_a_presence_reaches_those_who_share_a_guild(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    other = sandbox.world.create_application("Other")
    sandbox.world.add_member(seeded.guild, other.bot)
    watcher = await clients.ready()
    client = await clients.connect(token=other.token)
    await client.identify()
    await client.event("READY")
    activity = {"name": "a song", "type": 2}
    await client.send(3, {"since": None, "activities": [activity], "status": "dnd", "afk": False})
    seen = await watcher.until(lambda p: p["t"] == "PRESENCE_UPDATE" and p["d"]["status"] == "dnd")
    assert seen["d"]["user"]["id"] == str(other.bot.id)
    assert seen["d"]["activities"][0]["name"] == "a song"


async def test_a_guild_out_of_service_is_gone_and_comes_back(
    clients: Clients, sandbox: Sandbox, seeded: Seeded
) -> None:
    client = await clients.ready()
    await client.event("GUILD_CREATE")
    sandbox.gateway.set_available(seeded.guild, available=False)
    assert await client.event("GUILD_DELETE") == {
        "id": str(seeded.guild.id),
        "unavailable": True,
    }
    sandbox.world.create_channel(seeded.guild, "unheard")
    late = await clients.ready()
    sandbox.gateway.set_available(seeded.guild, available=True)
    guild = await client.event("GUILD_CREATE")
    assert "unheard" in [channel["name"] for channel in guild["channels"]]
    assert "CHANNEL_CREATE" not in client.events()
    await late.event("GUILD_CREATE")
