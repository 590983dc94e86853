"""Who may ask, for what, and what a refused request gets."""

import aiohttp
import pytest
from tests.sandbox.rest.conftest import Api

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Channel, Overwrite


async def test_bot_reads_itself_and_its_application(api: Api, seeded: Seeded) -> None:
    me = await api("GET", "/users/@me")
    assert me["id"] == str(seeded.application.id)
    assert me["bot"] is True
    for path in ("/applications/@me", "/oauth2/applications/@me"):
        application = await api("GET", path)
        assert application["owner"]["username"] == "ada"
        assert application["approximate_guild_count"] == 1


async def test_content_type_is_exactly_json(api: Api) -> None:
    await api("GET", "/users/@me")
    assert api.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("token", ["", "nonsense", "MTAw.x.y"])
async def test_bad_token_is_unauthorized(api: Api, token: str) -> None:
    answer = await api("GET", "/users/@me", token=token, expect=401)
    assert answer == {"message": "401: Unauthorized", "code": 0}


async def test_revoked_token_is_unauthorized_and_a_new_one_works(
    api: Api, sandbox: Sandbox, seeded: Seeded
) -> None:
    sandbox.world.revoke_token(seeded.application)
    await api("GET", "/users/@me", expect=401)
    api.token = sandbox.world.reset_token(seeded.application)
    await api("GET", "/users/@me")


async def test_unknown_route_and_wrong_method(api: Api) -> None:
    assert await api("GET", "/nothing/here", expect=404) == {
        "message": "404: Not Found",
        "code": 0,
    }
    assert await api("PUT", "/users/@me", expect=405) == {
        "message": "405: Method Not Allowed",
        "code": 0,
    }


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/channels/1", 10003),
        ("/guilds/1", 10004),
        ("/users/1", 10013),
        ("/invites/none", 10006),
    ],
)
async def test_unknown_things_have_their_code(api: Api, path: str, code: int) -> None:
    assert (await api("GET", path, expect=404))["code"] == code


async def test_id_that_is_no_snowflake_is_a_form_error(api: Api) -> None:
    answer = await api("GET", "/channels/abc", expect=400)
    assert answer["code"] == 50035
    assert answer["errors"]["channel_id"]["_errors"][0]["code"] == "NUMBER_TYPE_COERCE"


async def test_body_that_is_no_json(
    sandbox: Sandbox, api: Api, here: str, http: aiohttp.ClientSession
) -> None:
    async with http.post(
        f"{sandbox.url}/api/v10{here}/messages",
        data=b"{not json",
        headers={"Authorization": f"Bot {api.token}", "Content-Type": "application/json"},
    ) as response:
        assert response.status == 400
        assert (await response.json())["code"] == 50109


@pytest.mark.parametrize("version", ["", "/v9", "/v10"])
async def test_versions_9_and_10_and_none_are_answered(
    sandbox: Sandbox, api: Api, http: aiohttp.ClientSession, version: str
) -> None:
    headers = {"Authorization": f"Bot {api.token}"}
    async with http.get(f"{sandbox.url}/api{version}/users/@me", headers=headers) as response:
        assert response.status == 200


async def test_old_version_is_refused(
    sandbox: Sandbox, api: Api, http: aiohttp.ClientSession
) -> None:
    headers = {"Authorization": f"Bot {api.token}"}
    async with http.get(f"{sandbox.url}/api/v5/users/@me", headers=headers) as response:
        assert (await response.json())["code"] == 50041


async def test_guild_the_bot_is_not_in_is_missing_access(api: Api, sandbox: Sandbox) -> None:
    other = sandbox.world.create_guild("Elsewhere", sandbox.world.create_user("eve"))
    assert (await api("GET", f"/guilds/{other.id}", expect=403))["code"] == 50001


async def test_guilds_of_the_bot_and_leaving_one(api: Api, seeded: Seeded) -> None:
    [entry] = await api("GET", "/users/@me/guilds?with_counts=true")
    assert entry["id"] == str(seeded.guild.id)
    assert entry["approximate_member_count"] == 6
    assert entry["owner"] is False
    await api("DELETE", f"/users/@me/guilds/{seeded.guild.id}", expect=204)
    assert "GUILD_MEMBER_REMOVE" in api.events
    assert await api("GET", "/users/@me/guilds") == []


async def test_renaming_the_bot_reaches_its_members(api: Api) -> None:
    await api("PATCH", "/users/@me", {"username": "Gabriel"})
    assert api.event("USER_UPDATE")["username"] == "Gabriel"
    assert api.event("GUILD_MEMBER_UPDATE")["user"]["username"] == "Gabriel"


async def test_direct_message_channel_is_the_same_each_time(api: Api, seeded: Seeded) -> None:
    body = {"recipient_id": str(seeded.people["alice"].id)}
    first = await api("POST", "/users/@me/channels", body)
    second = await api("POST", "/users/@me/channels", body)
    assert first["id"] == second["id"]
    assert [each["username"] for each in first["recipients"]] == ["alice"]
    await api("POST", f"/channels/{first['id']}/messages", {"content": "psst"})
    [dispatch] = api.dispatches
    assert dispatch.guild_id is None
    assert "guild_id" not in dispatch.data
    assert dispatch.only_user_ids == {seeded.people["alice"].id, seeded.application.id}


async def test_voice_regions(api: Api, home: str) -> None:
    assert {each["id"] for each in await api("GET", "/voice/regions")} >= {"rotterdam"}
    await api("GET", f"{home}/regions")


async def test_lists_that_are_always_empty_have_the_right_shape(api: Api, home: str) -> None:
    for path in ("/stickers", "/soundboard-sounds", "/preview"):
        await api("GET", home + path)
    await api("GET", "/sticker-packs")
    await api("GET", "/soundboard-default-sounds")


async def test_observers_learn_route_and_bodies(api: Api, sandbox: Sandbox, here: str) -> None:
    seen: list[tuple[object, ...]] = []

    class Note:
        def on_exchange(self, *exchange: object) -> None:
            seen.append(exchange)

    sandbox.observers.append(Note())  # pyright: ignore[reportArgumentType] - takes what comes
    await api("POST", f"{here}/messages", {"content": "hi"})
    method, template, path, status, request, response, kind = seen[0]
    assert (method, template, status) == ("POST", "/channels/{channel_id}/messages", 200)
    assert path == f"/api/v10{here}/messages"
    assert request == b'{"content":"hi"}'
    assert isinstance(response, bytes)
    assert kind == "application/json"


async def test_unseen_channel_is_missing_access(api: Api, seeded: Seeded, general: Channel) -> None:
    deny = int(Permission.VIEW_CHANNEL)
    general.overwrites[seeded.application.id] = Overwrite(seeded.application.id, 1, deny=deny)
    assert (await api("GET", f"/channels/{general.id}", expect=403))["code"] == 50001
