"""Channels, overwrites, threads and forums."""

import pytest
from tests.sandbox.rest.conftest import Api

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Channel, Json, Member, Overwrite


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"name": "New Text", "type": 0, "topic": "t", "nsfw": True}, "new-text"),
        ({"name": "New Voice", "type": 2, "user_limit": 3, "bitrate": 32000}, "New Voice"),
        ({"name": "Kinds", "type": 4}, "Kinds"),
        ({"name": "news", "type": 5}, "news"),
        ({"name": "Stage", "type": 13}, "Stage"),
        ({"name": "forum", "type": 15, "available_tags": [{"name": "bug"}]}, "forum"),
        ({"name": "media", "type": 16}, "media"),
    ],
)
async def test_every_kind_is_made_changed_and_deleted(
    api: Api, home: str, body: Json, name: str
) -> None:
    made = await api("POST", f"{home}/channels", body, expect=201, reason="because")
    assert made["name"] == name
    assert made["type"] == body["type"]
    assert api.event("CHANNEL_CREATE")["id"] == made["id"]
    assert api.event("GUILD_AUDIT_LOG_ENTRY_CREATE")["reason"] == "because"
    path = f"/channels/{made['id']}"
    assert (await api("PATCH", path, {"name": "other"}))["name"] == "other"
    assert "CHANNEL_UPDATE" in api.events
    assert await api("GET", path) == await api("DELETE", path)
    assert "CHANNEL_DELETE" in api.events
    assert (await api("GET", path, expect=404))["code"] == 10003


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": "x", "type": 77}, "type"),
        ({"name": "x", "topic": "x" * 1025}, "topic"),
        ({"name": "x", "type": 2, "bitrate": 1}, "bitrate"),
        ({"name": "x", "type": 2, "user_limit": 100}, "user_limit"),
        ({"name": "x", "rate_limit_per_user": 21601}, "rate_limit_per_user"),
        ({"name": "x", "parent_id": "5"}, "parent_id"),
    ],
)
async def test_bad_fields_are_form_errors(api: Api, home: str, body: Json, field: str) -> None:
    answer = await api("POST", f"{home}/channels", body, expect=400)
    assert answer["code"] == 50035
    assert field in answer["errors"]


async def test_channel_in_a_category_starts_with_its_overwrites(
    api: Api, home: str, seeded: Seeded
) -> None:
    everyone = str(seeded.guild.id)
    overwrite = {"id": everyone, "type": 0, "deny": str(int(Permission.SEND_MESSAGES))}
    category = await api(
        "POST",
        f"{home}/channels",
        {"name": "c", "type": 4, "permission_overwrites": [overwrite]},
        expect=201,
    )
    child = await api(
        "POST", f"{home}/channels", {"name": "x", "parent_id": category["id"]}, expect=201
    )
    assert child["permission_overwrites"] == category["permission_overwrites"]
    await api("DELETE", f"/channels/{category['id']}")
    assert (await api("GET", f"/channels/{child['id']}"))["parent_id"] is None


async def test_making_channels_needs_manage_channels(
    api: Api, home: str, seeded: Seeded, bot: Member
) -> None:
    for number in bot.role_ids:
        seeded.guild.roles[number].permissions &= ~int(Permission.MANAGE_CHANNELS)
    refused = await api("POST", f"{home}/channels", {"name": "x"}, expect=403)
    assert refused["code"] == 50013


async def test_channels_are_listed_and_moved(api: Api, home: str, general: Channel) -> None:
    listed = await api("GET", f"{home}/channels")
    assert str(general.id) in {each["id"] for each in listed}
    await api("PATCH", f"{home}/channels", [{"id": str(general.id), "position": 7}], expect=204)
    assert api.event("CHANNEL_UPDATE")["position"] == 7


async def test_overwrites_are_set_and_removed(api: Api, here: str, alice: Member) -> None:
    path = f"{here}/permissions/{alice.id}"
    body = {"type": 1, "deny": str(int(Permission.SEND_MESSAGES))}
    await api("PUT", path, body, expect=204)
    [shown] = api.event("CHANNEL_UPDATE")["permission_overwrites"]
    assert shown == {"id": str(alice.id), "type": 1, "allow": "0", "deny": body["deny"]}
    assert api.event("GUILD_AUDIT_LOG_ENTRY_CREATE")["action_type"] == 13
    await api("DELETE", path, expect=204)
    assert (await api("DELETE", path, expect=404))["code"] == 10009


async def test_permission_the_bot_lacks_cannot_be_handed_out(
    api: Api, here: str, alice: Member
) -> None:
    body = {"type": 1, "allow": str(int(Permission.ADMINISTRATOR))}
    refused = await api("PUT", f"{here}/permissions/{alice.id}", body, expect=403)
    assert refused["code"] == 50013


async def test_deleting_a_voice_channel_disconnects_its_members(
    api: Api, sandbox: Sandbox, seeded: Seeded
) -> None:
    channel = seeded.guild.channel_named("Music")
    sandbox.world.set_voice_state(seeded.guild, seeded.people["alice"], channel.id)
    await api("DELETE", f"/channels/{channel.id}")
    assert api.event("VOICE_STATE_UPDATE")["channel_id"] is None
    assert seeded.guild.voice_states == {}


async def test_voice_status(api: Api, seeded: Seeded, here: str) -> None:
    channel = seeded.guild.channel_named("Music")
    await api("PUT", f"/channels/{channel.id}/voice-status", {"status": "Bach"}, expect=204)
    assert api.event("VOICE_CHANNEL_STATUS_UPDATE")["status"] == "Bach"
    await api("PUT", f"{here}/voice-status", {"status": "x"}, expect=403)


# -- threads -------------------------------------------------------------------------------------


async def test_thread_from_a_message_shares_its_id(api: Api, here: str) -> None:
    message = await api("POST", f"{here}/messages", {"content": "topic"})
    path = f"{here}/messages/{message['id']}/threads"
    thread = await api("POST", path, {"name": "talk"}, expect=201)
    assert thread["id"] == message["id"]
    assert api.event("THREAD_CREATE")["newly_created"] is True
    assert (await api("GET", f"{here}/messages/{message['id']}"))["thread"]["name"] == "talk"
    assert (await api("POST", path, {"name": "again"}, expect=400))["code"] == 160004
    posted = await api("POST", f"/channels/{thread['id']}/messages", {"content": "in it"})
    assert posted["position"] == 0
    assert (await api("GET", f"/channels/{thread['id']}"))["message_count"] == 1


async def test_thread_is_archived_listed_and_woken(api: Api, here: str, home: str) -> None:
    thread = await api("POST", f"{here}/threads", {"name": "t", "type": 11}, expect=201)
    path = f"/channels/{thread['id']}"
    active = await api("GET", f"{home}/threads/active")
    assert [each["id"] for each in active["threads"]] == [thread["id"]]
    archived = await api("PATCH", path, {"archived": True})
    assert archived["thread_metadata"]["archived"] is True
    assert api.events[0] == "THREAD_UPDATE"
    listed = await api("GET", f"{here}/threads/archived/public")
    assert [each["id"] for each in listed["threads"]] == [thread["id"]]
    assert listed["has_more"] is False
    assert (await api("GET", f"{home}/threads/active"))["threads"] == []
    await api("POST", f"{path}/messages", {"content": "wake up"})
    assert (await api("GET", path))["thread_metadata"]["archived"] is False
    await api("DELETE", path)
    assert "THREAD_DELETE" in api.events


async def test_private_thread_is_seen_by_its_members_only(
    api: Api, sandbox: Sandbox, here: str, general: Channel, alice: Member, bot: Member
) -> None:
    thread = sandbox.world.create_thread(general, alice.user, "secret", 12)
    bits = int(Permission.MANAGE_THREADS)
    general.overwrites[bot.id] = Overwrite(bot.id, 1, deny=bits)
    assert (await api("GET", f"/channels/{thread.id}", expect=403))["code"] == 50001
    sandbox.world.add_thread_member(thread, bot.user)
    shown = await api("GET", f"/channels/{thread.id}")
    assert shown["thread_metadata"]["invitable"] is True
    refused = await api("GET", f"{here}/threads/archived/private", expect=403)
    assert refused["code"] == 50013
    await api("GET", f"{here}/users/@me/threads/archived/private")


async def test_followers_of_a_thread(api: Api, here: str, alice: Member, bot: Member) -> None:
    thread = await api("POST", f"{here}/threads", {"name": "t", "type": 11}, expect=201)
    path = f"/channels/{thread['id']}/thread-members"
    await api("PUT", f"{path}/{alice.id}", expect=204)
    assert api.event("THREAD_MEMBERS_UPDATE")["added_members"][0]["user_id"] == str(alice.id)
    listed = await api("GET", f"{path}?with_member=true")
    assert {each["user_id"] for each in listed} == {str(alice.id), str(bot.id)}
    assert (await api("GET", f"{path}/{alice.id}?with_member=true"))["member"]["user"]
    await api("DELETE", f"{path}/{alice.id}", expect=204)
    assert api.event("THREAD_MEMBERS_UPDATE")["removed_member_ids"] == [str(alice.id)]
    assert (await api("GET", f"{path}/{alice.id}", expect=404))["code"] == 10007
    await api("DELETE", f"{path}/@me", expect=204)
    await api("PUT", f"{path}/@me", expect=204)


async def test_forum_post_with_tags(api: Api, home: str) -> None:
    forum = await api(
        "POST",
        f"{home}/channels",
        {"name": "forum", "type": 15, "available_tags": [{"name": "bug"}], "flags": 16},
        expect=201,
    )
    path = f"/channels/{forum['id']}/threads"
    body: Json = {"name": "It breaks", "message": {"content": "like so"}}
    refused = await api("POST", path, body, expect=400)
    assert refused["errors"]["applied_tags"]["_errors"][0]["code"] == "FORUM_TAG_REQUIRED"
    body["applied_tags"] = [forum["available_tags"][0]["id"]]
    post = await api("POST", path, body, expect=201)
    assert post["message"]["id"] == post["id"]
    assert post["applied_tags"] == body["applied_tags"]
    body["applied_tags"] = ["5"]
    await api("POST", path, body, expect=400)
    refused = await api("POST", f"/channels/{forum['id']}/messages", {"content": "x"}, expect=400)
    assert refused["code"] == 50008
