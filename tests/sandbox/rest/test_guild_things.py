"""Guild settings, invites, emoji, scheduled events, stages, prune."""

import base64
from datetime import timedelta

import aiohttp
import pytest
from tests.sandbox.rest.conftest import Api

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Json, Member

IMAGE = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\nrest").decode()


@pytest.fixture
def manager(seeded: Seeded, bot: Member) -> None:
    seeded.guild.roles[bot.role_ids[0]].permissions |= int(Permission.MANAGE_GUILD)


async def test_guild_without_manage_guild_cannot_be_changed(api: Api, home: str) -> None:
    assert (await api("PATCH", home, {"name": "x y"}, expect=403))["code"] == 50013


@pytest.mark.usefixtures("manager")
async def test_guild_is_read_and_changed(
    api: Api, home: str, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    before = await api("GET", f"{home}?with_counts=true")
    assert before["approximate_member_count"] == 6
    after = await api("PATCH", home, {"name": "Renamed", "icon": IMAGE, "verification_level": 2})
    assert after["name"] == "Renamed"
    assert api.event("GUILD_UPDATE")["name"] == "Renamed"
    url = f"{sandbox.url}/cdn/icons/{after['id']}/{after['icon']}.png"
    async with http.get(url) as response:
        assert response.content_type == "image/png"
        assert (await response.read()).startswith(b"\x89PNG")
    bad: Json = {"name": "x", "system_channel_id": "1", "icon": None, "afk_timeout": 5}
    answer = await api("PATCH", home, bad, expect=400)
    assert set(answer["errors"]) == {"name", "system_channel_id", "afk_timeout"}
    await api("GET", f"{home}/integrations")
    await api("GET", f"{home}/prune")


@pytest.mark.usefixtures("manager")
async def test_invites(api: Api, here: str, home: str) -> None:
    invite = await api("POST", f"{here}/invites", {"max_age": 60, "max_uses": 2})
    assert api.event("INVITE_CREATE")["code"] == invite["code"]
    again = await api("POST", f"{here}/invites", {"max_age": 60, "max_uses": 2})
    assert again["code"] == invite["code"]
    other = await api("POST", f"{here}/invites", {"max_age": 60, "max_uses": 2, "unique": True})
    assert other["code"] != invite["code"]
    assert len(await api("GET", f"{here}/invites")) == 2
    assert len(await api("GET", f"{home}/invites")) == 2
    shown = await api("GET", f"/invites/{invite['code']}?with_counts=true")
    assert shown["approximate_member_count"] == 6
    await api("DELETE", f"/invites/{invite['code']}")
    assert "INVITE_DELETE" in api.events
    assert (await api("GET", f"/invites/{invite['code']}", expect=404))["code"] == 10006


async def test_emoji_of_a_guild_and_of_an_application(
    api: Api, sandbox: Sandbox, seeded: Seeded, home: str, http: aiohttp.ClientSession, here: str
) -> None:
    for base in (f"{home}/emojis", f"/applications/{seeded.application.id}/emojis"):
        emoji = await api("POST", base, {"name": "wave", "image": IMAGE}, expect=201)
        path = f"{base}/{emoji['id']}"
        assert await api("GET", path) == emoji
        assert (await api("PATCH", path, {"name": "hello"}))["name"] == "hello"
        listed = await api("GET", base)
        assert (listed["items"] if base.startswith("/applications") else listed) != []
        async with http.get(f"{sandbox.url}/cdn/emojis/{emoji['id']}.png") as response:
            assert response.status == 200
        message = await api("POST", f"{here}/messages", {"content": "x"})
        reactions = f"{here}/messages/{message['id']}/reactions"
        await api("PUT", f"{reactions}/hello:{emoji['id']}/@me", expect=204)
        assert api.event("MESSAGE_REACTION_ADD")["emoji"]["id"] == emoji["id"]
        await api("DELETE", path, expect=204)
        assert (await api("GET", path, expect=404))["code"] == 10014
        bad = await api("POST", base, {"name": "x", "image": IMAGE}, expect=400)
        assert "name" in bad["errors"]
        bad = await api("POST", base, {"name": "xy", "image": "no"}, expect=400)
        assert "image" in bad["errors"]


async def test_scheduled_event_from_plan_to_end(
    api: Api, sandbox: Sandbox, home: str, seeded: Seeded
) -> None:
    start = sandbox.world.clock.now() + timedelta(hours=1)
    body: Json = {
        "name": "Concert",
        "entity_type": 2,
        "privacy_level": 2,
        "channel_id": str(seeded.guild.channel_named("Music").id),
        "scheduled_start_time": start.isoformat(),
    }
    event = await api("POST", f"{home}/scheduled-events", body)
    assert "GUILD_SCHEDULED_EVENT_CREATE" in api.events
    path = f"{home}/scheduled-events/{event['id']}"
    assert await api("GET", path) == event
    seeded.guild.scheduled_events[int(event["id"])].user_ids[seeded.people["bob"].id] = None
    [listed] = await api("GET", f"{home}/scheduled-events?with_user_count=true")
    assert listed["user_count"] == 1
    [interested] = await api("GET", f"{path}/users?with_member=true")
    assert interested["user"]["username"] == "bob"
    assert (await api("PATCH", path, {"status": 3}, expect=400))["code"] == 50035
    assert (await api("PATCH", path, {"status": 2}))["status"] == 2
    assert (await api("PATCH", path, {"status": 3}))["status"] == 3
    assert (await api("GET", path, expect=404))["code"] == 10070


async def test_external_event_needs_place_and_end(api: Api, sandbox: Sandbox, home: str) -> None:
    start = sandbox.world.clock.now() + timedelta(hours=1)
    body: Json = {
        "name": "Walk",
        "entity_type": 3,
        "privacy_level": 2,
        "scheduled_start_time": start.isoformat(),
    }
    answer = await api("POST", f"{home}/scheduled-events", body, expect=400)
    assert set(answer["errors"]) == {"entity_metadata", "scheduled_end_time"}
    body["entity_metadata"] = {"location": "Park"}
    body["scheduled_end_time"] = (start + timedelta(hours=1)).isoformat()
    event = await api("POST", f"{home}/scheduled-events", body)
    assert event["entity_metadata"] == {"location": "Park"}
    await api("DELETE", f"{home}/scheduled-events/{event['id']}", expect=204)
    assert "GUILD_SCHEDULED_EVENT_DELETE" in api.events


async def test_stage(api: Api, sandbox: Sandbox, home: str, seeded: Seeded, bot: Member) -> None:
    channel = await api("POST", f"{home}/channels", {"name": "Stage", "type": 13}, expect=201)
    body = {"channel_id": channel["id"], "topic": "Talk"}
    stage = await api("POST", "/stage-instances", body)
    assert "STAGE_INSTANCE_CREATE" in api.events
    path = f"/stage-instances/{channel['id']}"
    assert await api("GET", path) == stage
    assert (await api("PATCH", path, {"topic": "More"}))["topic"] == "More"
    assert (await api("POST", "/stage-instances", body, expect=400))["code"] == 150006
    sandbox.world.set_voice_state(seeded.guild, bot.user, int(channel["id"]))
    assert (await api("GET", f"{home}/voice-states/@me"))["suppress"] is True
    await api("PATCH", f"{home}/voice-states/@me", {"suppress": False}, expect=204)
    assert api.event("VOICE_STATE_UPDATE")["suppress"] is False
    await api("DELETE", path, expect=204)
    assert (await api("GET", path, expect=404))["code"] == 10067


async def test_drawn_avatar_is_the_same_each_time(
    sandbox: Sandbox, seeded: Seeded, http: aiohttp.ClientSession
) -> None:
    pictures: list[bytes] = []
    for name in ("alice", "alice", "bob"):
        number = seeded.people[name].id
        async with http.get(f"{sandbox.url}/cdn/sandbox/avatars/{number}.png") as response:
            assert response.content_type == "image/svg+xml"
            pictures.append(await response.read())
    assert pictures[0] == pictures[1] != pictures[2]
