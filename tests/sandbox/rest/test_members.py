"""Members, roles, bans, hierarchy and the audit log."""

from datetime import timedelta

import pytest
from tests.sandbox.rest.conftest import Api

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Channel, Json, Member, Role


def role_named(seeded: Seeded, name: str) -> Role:
    return next(each for each in seeded.guild.roles.values() if each.name == name)


async def test_members_are_listed_and_found(api: Api, home: str, alice: Member) -> None:
    assert len(await api("GET", f"{home}/members?limit=10")) == 6
    [first] = await api("GET", f"{home}/members?limit=1&after={alice.id - 1}")
    assert first["user"]["username"] == "alice"
    [found] = await api("GET", f"{home}/members/search?query=ALI")
    assert found == await api("GET", f"{home}/members/{alice.id}")
    assert (await api("GET", f"{home}/members/1", expect=404))["code"] == 10013


async def test_bot_that_left_is_an_unknown_member(api: Api, sandbox: Sandbox, home: str) -> None:
    stranger = sandbox.world.create_user("eve")
    assert (await api("GET", f"{home}/members/{stranger.id}", expect=404))["code"] == 10007


async def test_nick_roles_and_time_out(
    api: Api, sandbox: Sandbox, home: str, alice: Member, seeded: Seeded
) -> None:
    until = (sandbox.world.clock.now() + timedelta(hours=1)).isoformat()
    dj, member = role_named(seeded, "DJ"), role_named(seeded, "Member")
    answer = await api(
        "PATCH",
        f"{home}/members/{alice.id}",
        {"nick": "Al", "roles": [str(dj.id)], "communication_disabled_until": until},
        reason="loud",
    )
    assert answer["nick"] == "Al"
    assert answer["roles"] == [str(dj.id)]
    assert answer["communication_disabled_until"] is not None
    assert api.events.count("GUILD_MEMBER_UPDATE") == 1
    lines = (await api("GET", f"{home}/audit-logs"))["audit_log_entries"]
    assert {each["action_type"] for each in lines} == {24, 25}
    assert {each["reason"] for each in lines} == {"loud"}
    removed = next(each for each in lines if each["action_type"] == 25)["changes"][0]
    assert removed == {
        "key": "$remove",
        "new_value": [{"id": str(member.id), "name": "Member"}],
    }


async def test_time_out_longer_than_28_days_is_refused(
    api: Api, sandbox: Sandbox, home: str, alice: Member
) -> None:
    until = (sandbox.world.clock.now() + timedelta(days=29)).isoformat()
    body = {"communication_disabled_until": until}
    answer = await api("PATCH", f"{home}/members/{alice.id}", body, expect=400)
    assert "communication_disabled_until" in answer["errors"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "/members/{}", {"nick": "x"}),
        ("PATCH", "/members/{}", {"communication_disabled_until": "2020-01-01T00:00:00+00:00"}),
        ("DELETE", "/members/{}", None),
        ("PUT", "/bans/{}", None),
    ],
)
async def test_nobody_acts_on_the_owner(
    api: Api, home: str, seeded: Seeded, method: str, path: str, body: Json | None
) -> None:
    owner = seeded.people["ada"].id
    answer = await api(method, home + path.format(owner), body, expect=403)
    assert answer["code"] == 50013


async def test_moderator_above_the_bot_cannot_be_kicked(
    api: Api, home: str, seeded: Seeded
) -> None:
    carol = seeded.people["carol"].id
    role_named(seeded, "Moderator").position = 50
    assert (await api("DELETE", f"{home}/members/{carol}", expect=403))["code"] == 50013
    role_named(seeded, "Moderator").position = 1
    await api("DELETE", f"{home}/members/{carol}", expect=204)
    assert api.event("GUILD_MEMBER_REMOVE")["user"]["username"] == "carol"


async def test_single_roles(api: Api, home: str, seeded: Seeded, alice: Member) -> None:
    moderator, admin = role_named(seeded, "Moderator"), role_named(seeded, "Admin")
    path = f"{home}/members/{alice.id}/roles"
    await api("PUT", f"{path}/{moderator.id}", expect=204)
    assert moderator.id in alice.role_ids
    await api("DELETE", f"{path}/{moderator.id}", expect=204)
    assert moderator.id not in alice.role_ids
    assert (await api("PUT", f"{path}/{admin.id}", expect=403))["code"] == 50013
    assert (await api("PUT", f"{path}/1", expect=404))["code"] == 10011


async def test_moving_and_muting_in_voice(
    api: Api, sandbox: Sandbox, home: str, seeded: Seeded, alice: Member
) -> None:
    path = f"{home}/members/{alice.id}"
    lounge, music = (seeded.guild.channel_named(name) for name in ("Lounge", "Music"))
    refused = await api("PATCH", path, {"channel_id": str(lounge.id)}, expect=400)
    assert refused["code"] == 40032
    sandbox.world.set_voice_state(seeded.guild, alice.user, music.id)
    await api("PATCH", path, {"channel_id": str(lounge.id)})
    assert api.event("VOICE_STATE_UPDATE")["channel_id"] == str(lounge.id)
    await api("PATCH", path, {"mute": True})
    assert api.event("VOICE_STATE_UPDATE")["mute"] is True
    shown = await api("GET", f"{home}/voice-states/{alice.id}")
    assert shown["channel_id"] == str(lounge.id)
    await api("PATCH", path, {"channel_id": None})
    assert api.event("VOICE_STATE_UPDATE")["channel_id"] is None
    assert (await api("GET", f"{home}/voice-states/{alice.id}", expect=404))["code"] == 10065


async def test_ban_deletes_messages_and_is_lifted(
    api: Api, sandbox: Sandbox, home: str, general: Channel, alice: Member
) -> None:
    message = sandbox.world.post_message(general, alice.user, {"content": "spam"})
    path = f"{home}/bans/{alice.id}"
    await api("PUT", path, {"delete_message_seconds": 3600}, expect=204, reason="spam")
    assert {"GUILD_BAN_ADD", "GUILD_MEMBER_REMOVE", "MESSAGE_DELETE_BULK"} <= set(api.events)
    assert message.id not in general.messages
    assert (await api("GET", path))["reason"] == "spam"
    assert len(await api("GET", f"{home}/bans")) == 1
    await api("DELETE", path, expect=204)
    assert "GUILD_BAN_REMOVE" in api.events
    assert (await api("GET", path, expect=404))["code"] == 10026


async def test_bulk_ban_needs_manage_guild_and_lists_failures(
    api: Api, home: str, seeded: Seeded, bot: Member
) -> None:
    body = {"user_ids": [str(seeded.people[name].id) for name in ("ada", "bob")]}
    assert (await api("POST", f"{home}/bulk-ban", body, expect=403))["code"] == 50013
    seeded.guild.roles[bot.role_ids[0]].permissions |= int(Permission.MANAGE_GUILD)
    answer = await api("POST", f"{home}/bulk-ban", body)
    assert answer["banned_users"] == [str(seeded.people["bob"].id)]
    assert answer["failed_users"] == [str(seeded.people["ada"].id)]


async def test_roles_are_made_changed_moved_and_deleted(
    api: Api, home: str, alice: Member, seeded: Seeded
) -> None:
    role = await api("POST", f"{home}/roles", {"name": "New", "color": 0xFF, "hoist": True})
    assert api.events[0] == "GUILD_ROLE_CREATE"
    path = f"{home}/roles/{role['id']}"
    assert (await api("PATCH", path, {"name": "Newer"}))["name"] == "Newer"
    alice.role_ids.append(int(role["id"]))
    listed = await api("PATCH", f"{home}/roles", [{"id": role["id"], "position": 2}])
    assert next(each for each in listed if each["id"] == role["id"])["position"] == 2
    counts = await api("GET", f"{home}/roles/member-counts")
    assert counts[role["id"]] == 1
    await api("DELETE", path, expect=204)
    assert {"GUILD_MEMBER_UPDATE", "GUILD_ROLE_DELETE"} <= set(api.events)
    assert int(role["id"]) not in alice.role_ids
    assert (await api("GET", path, expect=404))["code"] == 10011
    admin = role_named(seeded, "Admin")
    assert (await api("PATCH", f"{home}/roles/{admin.id}", {"name": "x"}, expect=403))[
        "code"
    ] == 50013


async def test_role_cannot_have_more_than_the_bot(api: Api, home: str) -> None:
    body = {"name": "x", "permissions": str(int(Permission.ADMINISTRATOR))}
    assert (await api("POST", f"{home}/roles", body, expect=403))["code"] == 50013


async def test_own_nick(api: Api, home: str) -> None:
    assert (await api("PATCH", f"{home}/members/@me", {"nick": "DJ"}))["nick"] == "DJ"
    assert (await api("GET", f"/users/@me{home}/member"))["nick"] == "DJ"


async def test_audit_log_is_filtered(api: Api, home: str, alice: Member) -> None:
    await api("PATCH", f"{home}/members/{alice.id}", {"nick": "a"})
    await api("POST", f"{home}/roles", {"name": "r"})
    log = await api("GET", f"{home}/audit-logs?action_type=30")
    assert [each["action_type"] for each in log["audit_log_entries"]] == [30]
    log = await api("GET", f"{home}/audit-logs?target_id={alice.id}&limit=1")
    assert [each["target_id"] for each in log["audit_log_entries"]] == [str(alice.id)]
    assert "alice" in {each["username"] for each in log["users"]}
