"""The people's protocol: what a person sees, may do, and is told."""

from datetime import timedelta

import aiohttp
import pytest
from tests.sandbox.people.conftest import Connect

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Dispatch, Overwrite


async def test_hello_shows_the_guild_as_this_person_sees_it(
    connect: Connect, sandbox: Sandbox, seeded: Seeded
) -> None:
    hidden = sandbox.world.create_channel(seeded.guild, "staff", 0)
    hidden.overwrites[seeded.guild.id] = Overwrite(
        seeded.guild.id, 0, deny=int(Permission.VIEW_CHANNEL)
    )
    alice, ada = await connect("alice"), await connect("ada")
    names = {one["name"] for one in alice.seen[0]["d"]["guild"]["channels"]}
    assert "general" in names
    assert "staff" not in names
    assert "staff" in {one["name"] for one in ada.seen[0]["d"]["guild"]["channels"]}
    assert alice.seen[0]["d"]["user"]["username"] == "alice"


async def test_messages_reach_those_who_see_the_channel(
    connect: Connect, sandbox: Sandbox, seeded: Seeded
) -> None:
    staff = sandbox.world.create_channel(seeded.guild, "staff", 0)
    staff.overwrites[seeded.guild.id] = Overwrite(
        seeded.guild.id, 0, deny=int(Permission.VIEW_CHANNEL)
    )
    general = seeded.guild.channel_named("general")
    alice, ada = await connect("alice"), await connect("ada")
    assert (await ada.ask("send_message", channel_id=str(staff.id), content="secret"))["ok"]
    assert (await ada.ask("send_message", channel_id=str(general.id), content="open"))["ok"]
    assert (await alice.event("MESSAGE_CREATE"))["content"] == "open"
    refused = await alice.ask("history", channel_id=str(staff.id))
    assert refused["error"]["code"] == "unknown_channel"


async def test_a_channel_that_becomes_visible_or_hidden_comes_and_goes(
    connect: Connect, sandbox: Sandbox, seeded: Seeded
) -> None:
    alice = await connect("alice")
    general = seeded.guild.channel_named("general")
    everyone = seeded.guild.id
    general.overwrites[everyone] = Overwrite(everyone, 0, deny=int(Permission.VIEW_CHANNEL))
    sandbox.world.update_channel(general)
    assert (await alice.event("CHANNEL_DELETE"))["id"] == str(general.id)
    del general.overwrites[everyone]
    sandbox.world.update_channel(general)
    assert (await alice.event("CHANNEL_CREATE"))["id"] == str(general.id)


async def test_commands_registered_later_are_told(
    connect: Connect, sandbox: Sandbox, seeded: Seeded
) -> None:
    alice = await connect("alice")
    assert alice.seen[0]["d"]["commands"] == []
    body = [{"name": "ping", "description": "Says pong"}]
    sandbox.interactions.commands.overwrite(seeded.application.id, None, body)
    (command,) = (await alice.event("COMMANDS_UPDATE"))["commands"]
    assert command["name"] == "ping"
    assert command["application"]["name"] == seeded.application.name
    general = seeded.guild.channel_named("general")
    assert str(general.id) in command["channel_ids"]
    guild_scope = (seeded.application.id, seeded.guild.id)
    sandbox.interactions.commands.create(*guild_scope, {"name": "here", "description": "x"})
    assert len((await alice.event("COMMANDS_UPDATE"))["commands"]) == 2


async def test_a_command_reaches_the_application_and_its_states_the_person(
    connect: Connect, sandbox: Sandbox, seeded: Seeded
) -> None:
    body = {"name": "ping", "description": "Says pong"}
    command, _ = sandbox.interactions.commands.create(seeded.application.id, None, body)
    alice = await connect("alice")
    general = seeded.guild.channel_named("general")
    answer = await alice.ask("slash", channel_id=str(general.id), command_id=str(command.id))
    assert answer["ok"]
    states = [one["d"]["state"] for one in alice.seen if one.get("t") == "INTERACTION_STATE"]
    assert states == ["created"]
    sandbox.interactions.exchange.answer_seconds = -1
    sandbox.interactions.exchange.expire()
    failed = await alice.event("INTERACTION_FAILED")
    assert failed == {
        "interaction_id": answer["d"]["interaction_id"],
        "reason": "The application did not respond",
    }


async def test_writing_editing_reacting_and_deleting(connect: Connect, seeded: Seeded) -> None:
    alice, bob = await connect("alice"), await connect("bob")
    general = str(seeded.guild.channel_named("general").id)
    sent = (await alice.ask("send_message", channel_id=general, content="one"))["d"]["message"]
    where = {"channel_id": general, "message_id": sent["id"]}
    assert (await alice.ask("edit_message", **where, content="two"))["ok"]
    assert (await bob.event("MESSAGE_UPDATE"))["content"] == "two"
    assert (await bob.ask("react", **where, emoji="🎵"))["ok"]
    (message,) = (await bob.ask("history", channel_id=general))["d"]["messages"]
    assert message["reactions"][0]["me"] is True
    assert (await bob.ask("unreact", **where, emoji="🎵"))["ok"]
    refused = await bob.ask("delete_message", **where)
    assert refused["error"]["code"] == "missing_permissions"
    assert (await alice.ask("delete_message", **where))["ok"]
    assert (await bob.event("MESSAGE_DELETE"))["id"] == sent["id"]


async def test_nobody_writes_where_they_may_not(
    connect: Connect, sandbox: Sandbox, seeded: Seeded
) -> None:
    general = seeded.guild.channel_named("general")
    everyone = seeded.guild.id
    general.overwrites[everyone] = Overwrite(everyone, 0, deny=int(Permission.SEND_MESSAGES))
    alice = await connect("alice")
    refused = await alice.ask("send_message", channel_id=str(general.id), content="x")
    assert refused["error"]["code"] == "missing_permissions"
    assert sandbox.world.channels[general.id].messages == {}


async def test_a_timed_out_member_is_offered_nothing(
    connect: Connect, sandbox: Sandbox, seeded: Seeded
) -> None:
    body = {"name": "ping", "description": "Says pong"}
    sandbox.interactions.commands.create(seeded.application.id, None, body)
    alice = await connect("alice")
    assert len(alice.seen[0]["d"]["commands"]) == 1
    member = seeded.guild.members[seeded.people["alice"].id]
    member.timeout_until = sandbox.world.clock.now() + timedelta(minutes=5)
    sandbox.world.update_member(seeded.guild, member)
    assert (await alice.event("COMMANDS_UPDATE"))["commands"] == []


async def test_direct_messages_with_a_bot(
    connect: Connect, sandbox: Sandbox, seeded: Seeded
) -> None:
    alice, bob = await connect("alice"), await connect("bob")
    bot = seeded.application.bot
    channel = (await alice.ask("open_dm", user_id=str(bot.id)))["d"]["channel"]
    assert (await alice.ask("send_message", channel_id=channel["id"], content="psst"))["ok"]
    assert "psst" in [one["d"]["content"] for one in alice.seen if one.get("t") == "MESSAGE_CREATE"]
    refused = await bob.ask("history", channel_id=channel["id"])
    assert refused["error"]["code"] == "unknown_channel"
    body = {"name": "ping", "description": "x", "contexts": [1]}
    command, _ = sandbox.interactions.commands.create(seeded.application.id, None, body)
    seen: list[Dispatch] = []
    sandbox.world.subscribe(seen.append)
    where = {"channel_id": channel["id"], "command_id": str(command.id)}
    assert (await alice.ask("slash", **where))["ok"]
    (dispatch,) = seen
    assert (dispatch.name, dispatch.guild_id) == ("INTERACTION_CREATE", None)
    assert dispatch.data["context"] == 1
    assert dispatch.data["user"]["username"] == "alice"
    assert dispatch.data["authorizing_integration_owners"] == {"0": "0"}


async def test_voice_is_joined_with_permission_and_left_with_the_last_window(
    connect: Connect, sandbox: Sandbox, seeded: Seeded
) -> None:
    music = seeded.guild.channel_named("Music")
    first, second, bob = await connect("alice"), await connect("alice"), await connect("bob")
    assert (await first.ask("voice_join", channel_id=str(music.id)))["ok"]
    assert (await bob.event("VOICE_STATE_UPDATE"))["channel_id"] == str(music.id)
    await first.socket.close()
    general = str(seeded.guild.channel_named("general").id)
    assert (await second.ask("typing", channel_id=general))["ok"]
    assert seeded.people["alice"].id in seeded.guild.voice_states
    await second.socket.close()
    assert (await bob.event("VOICE_STATE_UPDATE"))["channel_id"] is None
    music.user_limit = 1
    sandbox.world.set_voice_state(seeded.guild, seeded.people["dave"], music.id)
    refused = await bob.ask("voice_join", channel_id=str(music.id))
    assert refused["error"]["code"] == "channel_full"


async def test_threads_are_opened_on_messages(connect: Connect, seeded: Seeded) -> None:
    alice = await connect("alice")
    general = str(seeded.guild.channel_named("general").id)
    sent = (await alice.ask("send_message", channel_id=general, content="talk"))["d"]["message"]
    where = {"channel_id": general, "message_id": sent["id"]}
    thread = (await alice.ask("create_thread", **where, name="here"))["d"]["channel"]
    assert (thread["id"], thread["parent_id"]) == (sent["id"], general)
    assert (await alice.ask("send_message", channel_id=thread["id"], content="in"))["ok"]
    again = await alice.ask("create_thread", **where, name="again")
    assert again["error"]["code"] == "thread_exists"


@pytest.mark.parametrize(
    ("request_text", "code"),
    [("nonsense", "bad_request"), ('{"id": 1, "op": "fly"}', "unknown_op"),
     ('{"id": 1, "op": "slash", "d": {}}', "bad_request"),
     ('{"id": 1, "op": "click", "d": {"channel_id": "x"}}', "bad_request")],
)  # fmt: skip
async def test_nonsense_is_answered_and_survived(
    connect: Connect, request_text: str, code: str
) -> None:
    alice = await connect("alice")
    await alice.socket.send_str(request_text)
    assert (await alice.receive())["error"]["code"] == code
    assert (await alice.ask("commands"))["ok"]


async def test_the_directory_lists_people_and_no_bots(sandbox: Sandbox) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{sandbox.url}/sandbox/people/directory") as response,
    ):
        (guild,) = (await response.json())["guilds"]
    names = {one["user"]["username"] for one in guild["members"]}
    assert {"ada", "alice", "bob", "carol", "dave"} == names


async def test_strangers_and_bots_have_no_client(sandbox: Sandbox, seeded: Seeded) -> None:
    async with aiohttp.ClientSession() as session:
        for member in ("1", "x", str(seeded.application.bot.id)):
            url = f"{sandbox.url}/sandbox/people?member={member}"
            with pytest.raises(aiohttp.WSServerHandshakeError, match="404"):
                await session.ws_connect(url)
