"""Incoming webhooks: made by a bot, used by anybody who has the token."""

from typing import Any

import aiohttp
import pytest
from tests.sandbox.interactions.conftest import Rest

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox


@pytest.fixture
async def webhook(rest: Rest, seeded: Seeded) -> Any:
    channel = seeded.guild.channel_named("general")
    status, made = await rest("POST", f"/channels/{channel.id}/webhooks", {"name": "News"})
    assert status == 200
    return made


@pytest.fixture
def address(webhook: Any) -> str:
    return f"/webhooks/{webhook['id']}/{webhook['token']}"


async def test_it_posts_under_any_name_and_answers_only_when_asked(
    rest: Rest, address: str, webhook: Any
) -> None:
    assert await rest("POST", address, {"content": "silent"}) == (204, None)
    status, message = await rest(
        "POST", f"{address}?wait=true", {"content": "hi", "username": "Ann"}
    )
    assert status == 200
    assert message["author"]["username"] == "Ann"
    assert message["webhook_id"] == webhook["id"]


async def test_its_messages_are_edited_and_deleted_by_token(rest: Rest, address: str) -> None:
    _, message = await rest("POST", f"{address}?wait=true", {"content": "one"})
    path = f"{address}/messages/{message['id']}"
    _, edited = await rest("PATCH", path, {"content": "two"})
    assert edited["content"] == "two"
    assert (await rest("DELETE", path))[0] == 204
    status, answer = await rest("GET", path)
    assert (status, answer["code"]) == (404, 10008)


async def test_it_posts_into_a_thread_of_its_channel(
    rest: Rest, address: str, sandbox: Sandbox, seeded: Seeded
) -> None:
    parent = seeded.guild.channel_named("general")
    thread = sandbox.world.create_thread(parent, seeded.people["ada"], "a thread")
    url = f"{address}?wait=true&thread_id={thread.id}"
    _, message = await rest("POST", url, {"content": "in there"})
    assert message["channel_id"] == str(thread.id)


async def test_a_file_comes_with_it(sandbox: Sandbox, address: str) -> None:
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": "see"}', content_type="application/json")
    form.add_field("files[0]", b"bytes", filename="a.txt")
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.url}/api/v10{address}?wait=true"
        async with session.post(url, data=form) as response:
            message = await response.json()
        async with session.get(message["attachments"][0]["url"]) as file:
            assert await file.read() == b"bytes"


async def test_a_wrong_token_and_an_unknown_webhook_are_told_apart(
    rest: Rest, webhook: Any
) -> None:
    status, answer = await rest("POST", f"/webhooks/{webhook['id']}/wrong", {"content": "x"})
    assert (status, answer["code"]) == (401, 50027)
    status, answer = await rest("POST", "/webhooks/123/wrong", {"content": "x"})
    assert (status, answer["code"]) == (404, 10015)


async def test_it_is_listed_renamed_and_deleted(rest: Rest, webhook: Any, seeded: Seeded) -> None:
    _, listed = await rest("GET", f"/guilds/{seeded.guild.id}/webhooks")
    assert [one["id"] for one in listed] == [webhook["id"]]
    _, renamed = await rest("PATCH", f"/webhooks/{webhook['id']}", {"name": "Olds"})
    assert renamed["name"] == "Olds"
    _, by_token = await rest("GET", f"/webhooks/{webhook['id']}/{webhook['token']}")
    assert "user" not in by_token
    assert (await rest("DELETE", f"/webhooks/{webhook['id']}"))[0] == 204
    status, _ = await rest("GET", f"/webhooks/{webhook['id']}")
    assert status == 404


async def test_names_discord_keeps_for_itself_are_refused(rest: Rest, seeded: Seeded) -> None:
    channel = seeded.guild.channel_named("general")
    status, answer = await rest("POST", f"/channels/{channel.id}/webhooks", {"name": "Discord"})
    assert (status, answer["code"]) == (400, 50035)
