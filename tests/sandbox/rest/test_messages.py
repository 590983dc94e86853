"""Messages: posting, limits, files, replies, reactions, pins, deletion, polls."""

import json
from datetime import timedelta

import aiohttp
import pytest
from tests.sandbox.rest.conftest import Api

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Channel, Json, Member, Overwrite

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x03\x00\x00\x00\x02"
    b"\x08\x02\x00\x00\x00\x12\x16\xf1M"
)


def deny(channel: Channel, member: Member, bits: int) -> None:
    channel.overwrites[member.id] = Overwrite(member.id, 1, deny=int(bits))


async def test_posted_message_is_answered_and_dispatched(api: Api, here: str, bot: Member) -> None:
    message = await api("POST", f"{here}/messages", {"content": "hello", "nonce": "n1"})
    assert message["content"] == "hello"
    assert message["nonce"] == "n1"
    data = api.event("MESSAGE_CREATE")
    assert data["member"]["roles"] == [str(each) for each in bot.role_ids]
    assert await api("GET", f"{here}/messages/{message['id']}") == message


async def test_enforced_nonce_posts_once(api: Api, here: str) -> None:
    body = {"content": "once", "nonce": "same", "enforce_nonce": True}
    first = await api("POST", f"{here}/messages", body)
    second = await api("POST", f"{here}/messages", body)
    assert first["id"] == second["id"]
    assert api.events == []


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description", "BASE_TYPE_MAX_LENGTH"),
        ({"embeds": [{"title": "x"}] * 11}, "embeds", "BASE_TYPE_MAX_LENGTH"),
        (
            {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
            "embeds.0.fields",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            {"embeds": [{"fields": [{"name": "", "value": "v"}]}]},
            "embeds.0.fields.0.name",
            "BASE_TYPE_REQUIRED",
        ),
        (
            {"embeds": [{"image": {"url": "ftp://x/y"}}]},
            "embeds.0.image.url",
            "URL_TYPE_INVALID_SCHEME",
        ),
        (
            {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
            "embeds.1",
            "MAX_EMBED_SIZE_EXCEEDED",
        ),
        ({"content": 5}, "content", "STRING_TYPE_CONVERT"),
        (
            {"content": "x", "allowed_mentions": {"parse": ["all"]}},
            "allowed_mentions.parse.0",
            "BASE_TYPE_CHOICES",
        ),
        (
            {"content": "x", "message_reference": {"message_id": "1"}},
            "message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
        ),
        (
            {"components": [{"type": 1, "components": [{"type": 2, "style": 1}]}]},
            "components.0.components.0",
            "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
        ),
        (
            {"poll": {"question": {"text": "q" * 301}, "answers": [{"poll_media": {"text": "a"}}]}},
            "poll.question.text",
            "BASE_TYPE_BAD_LENGTH",
        ),
    ],
)
async def test_limits_are_nested_form_errors(
    api: Api, here: str, body: Json, path: str, code: str
) -> None:
    answer = await api("POST", f"{here}/messages", body, expect=400)
    assert answer["code"] == 50035
    assert answer["message"] == "Invalid Form Body"
    node = answer["errors"]
    for part in path.split("."):
        node = node[part]
    assert node["_errors"][0]["code"] == code


async def test_everything_wrong_is_listed_at_once(api: Api, here: str) -> None:
    body = {"content": "x" * 2001, "embeds": [{"title": "x" * 300}]}
    answer = await api("POST", f"{here}/messages", body, expect=400)
    assert set(answer["errors"]) == {"content", "embeds"}


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": " \n"}, {"embeds": []}])
async def test_empty_message_is_refused(api: Api, here: str, body: Json) -> None:
    assert (await api("POST", f"{here}/messages", body, expect=400))["code"] == 50006


async def test_emptying_an_edit_is_refused(api: Api, here: str) -> None:
    message = await api("POST", f"{here}/messages", {"content": "hi"})
    path = f"{here}/messages/{message['id']}"
    assert (await api("PATCH", path, {"content": ""}, expect=400))["code"] == 50006


async def test_embed_keeps_known_fields_and_gets_its_type(api: Api, here: str) -> None:
    embed = {
        "title": "T",
        "description": "D",
        "color": 0xABCDEF,
        "footer": {"text": "F"},
        "author": {"name": "A", "icon_url": "https://example.org/a.png"},
        "fields": [{"name": "n", "value": "v"}],
        "timestamp": "2026-01-01T00:00:00+00:00",
        "unknown": 1,
    }
    message = await api("POST", f"{here}/messages", {"embeds": [embed]})
    [shown] = message["embeds"]
    assert shown["type"] == "rich"
    assert shown["fields"] == [{"name": "n", "value": "v", "inline": False}]
    assert "unknown" not in shown


async def test_without_embed_links_the_embed_is_dropped(
    api: Api, here: str, general: Channel, bot: Member
) -> None:
    deny(general, bot, Permission.EMBED_LINKS)
    message = await api("POST", f"{here}/messages", {"content": "c", "embeds": [{"title": "t"}]})
    assert message["embeds"] == []


@pytest.mark.parametrize(
    ("missing", "body"),
    [
        (Permission.SEND_MESSAGES, {"content": "x"}),
        (Permission.SEND_TTS_MESSAGES, {"content": "x", "tts": True}),
        (
            Permission.SEND_POLLS,
            {"poll": {"question": {"text": "q"}, "answers": [{"poll_media": {"text": "a"}}]}},
        ),
    ],
)
async def test_missing_permission_is_50013(
    api: Api, here: str, general: Channel, bot: Member, missing: Permission, body: Json
) -> None:
    deny(general, bot, missing)
    assert (await api("POST", f"{here}/messages", body, expect=403))["code"] == 50013


async def test_uploaded_file_is_served_with_its_type(
    api: Api, here: str, http: aiohttp.ClientSession
) -> None:
    form = aiohttp.FormData(quote_fields=False)
    payload = {
        "embeds": [{"title": "t", "image": {"url": "attachment://a_b.png"}}],
        "attachments": [{"id": 0, "description": "a picture"}],
    }
    form.add_field("payload_json", json.dumps(payload), content_type="application/json")
    form.add_field("files[0]", PNG, filename="a b.png", content_type="image/png")
    message = await api("POST", f"{here}/messages", form=form)
    [attachment] = message["attachments"]
    assert attachment["filename"] == "a_b.png"
    assert (attachment["width"], attachment["height"]) == (3, 2)
    assert attachment["description"] == "a picture"
    assert message["embeds"][0]["image"]["url"] == attachment["url"]
    async with http.get(attachment["url"]) as response:
        assert response.content_type == "image/png"
        assert await response.read() == PNG
    async with http.get(attachment["url"], headers={"Range": "bytes=1-3"}) as response:
        assert response.status == 206
        assert await response.read() == PNG[1:4]
    kept = await api(
        "PATCH",
        f"{here}/messages/{message['id']}",
        {"content": "now with words", "attachments": [{"id": attachment["id"]}]},
    )
    assert [each["id"] for each in kept["attachments"]] == [attachment["id"]]
    await api("DELETE", f"{here}/messages/{message['id']}", expect=204)
    async with http.get(attachment["url"]) as response:
        assert response.status == 404


async def test_reply_refers_and_pings(api: Api, sandbox: Sandbox, here: str, alice: Member) -> None:
    asked = sandbox.world.post_message(alice_channel(sandbox), alice.user, {"content": "?"})
    reply = await api(
        "POST",
        f"{here}/messages",
        {"content": "!", "message_reference": {"message_id": str(asked.id)}},
    )
    assert reply["type"] == 19
    assert reply["referenced_message"]["content"] == "?"
    assert [each["username"] for each in reply["mentions"]] == ["alice"]
    silent = await api(
        "POST",
        f"{here}/messages",
        {
            "content": "!",
            "message_reference": {"message_id": str(asked.id)},
            "allowed_mentions": {"parse": [], "replied_user": False},
        },
    )
    assert silent["mentions"] == []


def alice_channel(sandbox: Sandbox) -> Channel:
    assert sandbox.seeded is not None
    return sandbox.seeded.guild.channel_named("general")


async def test_allowed_mentions_decide_who_is_pinged(
    api: Api, here: str, alice: Member, seeded: Seeded
) -> None:
    role = next(each for each in seeded.guild.roles.values() if each.name == "DJ")
    content = f"<@{alice.id}> <@&{role.id}> @everyone"
    free = await api("POST", f"{here}/messages", {"content": content})
    assert [each["id"] for each in free["mentions"]] == [str(alice.id)]
    assert free["mention_roles"] == [str(role.id)]
    assert free["mention_everyone"] is True
    none = await api(
        "POST", f"{here}/messages", {"content": content, "allowed_mentions": {"parse": []}}
    )
    assert (none["mentions"], none["mention_roles"], none["mention_everyone"]) == ([], [], False)
    one = await api(
        "POST",
        f"{here}/messages",
        {"content": content, "allowed_mentions": {"users": [str(alice.id)]}},
    )
    assert [each["id"] for each in one["mentions"]] == [str(alice.id)]
    assert one["mention_everyone"] is False


async def test_history_pages(api: Api, here: str) -> None:
    made = [await api("POST", f"{here}/messages", {"content": str(n)}) for n in range(5)]
    ids = [each["id"] for each in made]
    newest = await api("GET", f"{here}/messages?limit=2")
    assert [each["id"] for each in newest] == [ids[4], ids[3]]
    older = await api("GET", f"{here}/messages?limit=2&before={ids[2]}")
    assert [each["id"] for each in older] == [ids[1], ids[0]]
    newer = await api("GET", f"{here}/messages?limit=2&after={ids[0]}")
    assert [each["id"] for each in newer] == [ids[2], ids[1]]
    around = await api("GET", f"{here}/messages?limit=3&around={ids[2]}")
    assert [each["id"] for each in around] == [ids[3], ids[2], ids[1]]
    await api("GET", f"{here}/messages?limit=101", expect=400)


async def test_edit_and_delete(api: Api, here: str) -> None:
    message = await api("POST", f"{here}/messages", {"content": "a", "embeds": [{"title": "t"}]})
    path = f"{here}/messages/{message['id']}"
    edited = await api("PATCH", path, {"content": "b"})
    assert edited["content"] == "b"
    assert edited["embeds"]
    assert edited["edited_timestamp"] is not None
    assert api.events == ["MESSAGE_UPDATE"]
    assert (await api("PATCH", path, {"embeds": []}))["embeds"] == []
    await api("DELETE", path, expect=204)
    assert api.events == ["MESSAGE_DELETE"]
    assert (await api("GET", path, expect=404))["code"] == 10008


async def test_another_ones_message_cannot_be_edited_but_deleted(
    api: Api, sandbox: Sandbox, here: str, general: Channel, alice: Member
) -> None:
    message = sandbox.world.post_message(general, alice.user, {"content": "mine"})
    path = f"{here}/messages/{message.id}"
    assert (await api("PATCH", path, {"content": "x"}, expect=403))["code"] == 50005
    await api("DELETE", path, expect=204, reason="spam%20%C3%A4")
    entry = api.event("GUILD_AUDIT_LOG_ENTRY_CREATE")
    assert entry["action_type"] == 72
    assert entry["reason"] == "spam ä"


async def test_bulk_delete(api: Api, here: str) -> None:
    ids = [(await api("POST", f"{here}/messages", {"content": str(n)}))["id"] for n in range(3)]
    path = f"{here}/messages/bulk-delete"
    assert (await api("POST", path, {"messages": ids[:1]}, expect=400))["code"] == 50016
    assert (await api("POST", path, {"messages": ["1", "2"]}, expect=400))["code"] == 50034
    await api("POST", path, {"messages": ids}, expect=204)
    assert set(api.event("MESSAGE_DELETE_BULK")["ids"]) == set(ids)
    assert await api("GET", f"{here}/messages") == []


async def test_reactions(api: Api, here: str, bot: Member) -> None:
    message = await api("POST", f"{here}/messages", {"content": "x"})
    path = f"{here}/messages/{message['id']}/reactions"
    await api("PUT", f"{path}/%F0%9F%91%8D/@me", expect=204)
    added = api.event("MESSAGE_REACTION_ADD")
    assert added["emoji"] == {"id": None, "name": "👍"}
    [shown] = (await api("GET", f"{here}/messages/{message['id']}"))["reactions"]
    assert (shown["count"], shown["me"]) == (1, True)
    assert [each["id"] for each in await api("GET", f"{path}/%F0%9F%91%8D")] == [str(bot.id)]
    await api("DELETE", f"{path}/%F0%9F%91%8D/@me", expect=204)
    assert api.events == ["MESSAGE_REACTION_REMOVE"]
    assert (await api("PUT", f"{path}/nonsense/@me", expect=404))["code"] == 10014
    await api("PUT", f"{path}/%F0%9F%91%8D/@me", expect=204)
    await api("DELETE", f"{path}/%F0%9F%91%8D", expect=204)
    assert api.events == ["MESSAGE_REACTION_REMOVE_EMOJI"]
    await api("DELETE", path, expect=204)
    assert api.events == ["MESSAGE_REACTION_REMOVE_ALL"]


async def test_new_reaction_needs_the_permission_but_joining_one_does_not(
    api: Api, sandbox: Sandbox, here: str, general: Channel, bot: Member, alice: Member
) -> None:
    message = sandbox.world.post_message(general, alice.user, {"content": "x"})
    deny(general, bot, Permission.ADD_REACTIONS)
    path = f"{here}/messages/{message.id}/reactions/%F0%9F%91%8D/@me"
    assert (await api("PUT", path, expect=403))["code"] == 50013
    sandbox.world.add_reaction(message, alice.user, "👍")
    await api("PUT", path, expect=204)


@pytest.mark.parametrize("pins", ["messages/pins", "pins"])
async def test_pins(api: Api, here: str, pins: str) -> None:
    message = await api("POST", f"{here}/messages", {"content": "x"})
    await api("PUT", f"{here}/{pins}/{message['id']}", expect=204)
    assert {"MESSAGE_UPDATE", "CHANNEL_PINS_UPDATE", "MESSAGE_CREATE"} <= set(api.events)
    assert api.event("MESSAGE_CREATE")["type"] == 6
    listed = await api("GET", f"{here}/{pins}")
    found = [each["message"] for each in listed["items"]] if pins != "pins" else listed
    assert [each["id"] for each in found] == [message["id"]]
    await api("DELETE", f"{here}/{pins}/{message['id']}", expect=204)
    assert (await api("GET", f"{here}/messages/{message['id']}"))["pinned"] is False


async def test_typing(api: Api, here: str) -> None:
    await api("POST", f"{here}/typing", expect=204)
    assert api.events == ["TYPING_START"]


async def test_poll_is_asked_voted_and_ended(
    api: Api, sandbox: Sandbox, here: str, general: Channel, alice: Member
) -> None:
    poll = {
        "question": {"text": "Tea?"},
        "answers": [{"poll_media": {"text": "Yes"}}, {"poll_media": {"text": "No"}}],
        "duration": 1,
    }
    message = await api("POST", f"{here}/messages", {"poll": poll})
    assert [each["answer_id"] for each in message["poll"]["answers"]] == [1, 2]
    posted = general.messages[int(message["id"])]
    sandbox.world.vote(posted, alice.user, 1)
    sandbox.world.vote(posted, alice.user, 2)
    voters = await api("GET", f"{here}/polls/{message['id']}/answers/2")
    assert [each["username"] for each in voters["users"]] == ["alice"]
    assert (await api("GET", f"{here}/polls/{message['id']}/answers/1"))["users"] == []
    ended = await api("POST", f"{here}/polls/{message['id']}/expire")
    assert ended["poll"]["results"]["is_finalized"] is True


async def test_components_of_both_kinds_come_back_numbered(api: Api, here: str) -> None:
    row = {
        "type": 1,
        "components": [
            {"type": 2, "style": 1, "label": "Go", "custom_id": "go"},
            {"type": 2, "style": 5, "label": "Site", "url": "https://example.org"},
        ],
    }
    first = await api("POST", f"{here}/messages", {"content": "x", "components": [row]})
    assert first["components"][0]["components"][0]["custom_id"] == "go"
    container = {
        "type": 17,
        "accent_color": 0x112233,
        "components": [
            {"type": 10, "content": "**Hi**"},
            {"type": 14},
            {
                "type": 9,
                "components": [{"type": 10, "content": "side"}],
                "accessory": {"type": 2, "style": 2, "label": "B", "custom_id": "b"},
            },
        ],
    }
    second = await api("POST", f"{here}/messages", {"flags": 1 << 15, "components": [container]})
    assert second["flags"] & 1 << 15
    assert second["components"][0]["components"][1]["divider"] is True
    body = {"flags": 1 << 15, "components": [container], "content": "both"}
    await api("POST", f"{here}/messages", body, expect=400)


async def test_publishing_needs_an_announcement_channel(api: Api, here: str, home: str) -> None:
    message = await api("POST", f"{here}/messages", {"content": "x"})
    refused = await api("POST", f"{here}/messages/{message['id']}/crosspost", expect=403)
    assert refused["code"] == 50024
    news = await api("POST", f"{home}/channels", {"name": "news", "type": 5}, expect=201)
    told = await api("POST", f"/channels/{news['id']}/messages", {"content": "News!"})
    path = f"/channels/{news['id']}/messages/{told['id']}/crosspost"
    assert (await api("POST", path))["flags"] & 1
    assert (await api("POST", path, expect=400))["code"] == 40033


async def test_time_out_takes_the_voice_away(
    api: Api, sandbox: Sandbox, here: str, bot: Member
) -> None:
    bot.timeout_until = sandbox.world.clock.now() + timedelta(minutes=5)
    refused = await api("POST", f"{here}/messages", {"content": "x"}, expect=403)
    assert refused["code"] == 50013
    await api("GET", f"{here}/messages")
