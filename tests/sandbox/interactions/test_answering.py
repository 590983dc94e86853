"""Callbacks, follow-ups and their codes, spoken over plain HTTP."""

from typing import Any

import pytest
from tests.sandbox.interactions.conftest import Rest

from discord_sandbox.interactions.exchange import Interaction
from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox
from discord_sandbox.world.clock import MovableClock


@pytest.fixture
async def asked(sandbox: Sandbox, seeded: Seeded) -> Interaction:
    """Alice has just used a command."""
    body = {"name": "ping", "description": "Says pong"}
    command, _ = sandbox.interactions.commands.create(seeded.application.id, None, body)
    channel = seeded.guild.channel_named("general")
    return sandbox.interactions.slash(seeded.people["alice"], channel, command.id, [])


class Answering:
    """The application's side of one interaction."""

    def __init__(self, rest: Rest, interaction: Interaction) -> None:
        self._rest = rest
        self._callback = f"/interactions/{interaction.id}/{interaction.token}/callback"
        self._hook = f"/webhooks/{interaction.application.id}/{interaction.token}"

    async def answer(self, kind: int, data: object = None, query: str = "") -> tuple[int, Any]:
        body = {"type": kind} | ({} if data is None else {"data": data})
        return await self._rest("POST", self._callback + query, body)

    async def follow(self, data: object) -> tuple[int, Any]:
        return await self._rest("POST", self._hook, data)

    async def original(self, method: str, data: object = None) -> tuple[int, Any]:
        return await self._rest(method, f"{self._hook}/messages/@original", data)

    async def message(self, method: str, number: str, data: object = None) -> tuple[int, Any]:
        return await self._rest(method, f"{self._hook}/messages/{number}", data)


@pytest.fixture
def bot(rest: Rest, asked: Interaction) -> Answering:
    return Answering(rest, asked)


async def test_an_answer_is_204_or_its_message_when_asked(
    bot: Answering, rest: Rest, sandbox: Sandbox, asked: Interaction
) -> None:
    assert await bot.answer(4, {"content": "pong"}) == (204, None)
    again = sandbox.interactions.slash(
        asked.user, asked.channel, asked.command.id if asked.command else 0, []
    )
    other = Answering(rest, again)
    status, answer = await other.answer(4, {"content": "pong", "flags": 64}, "?with_response=true")
    assert status == 200
    assert answer["interaction"]["response_message_ephemeral"] is True
    assert answer["resource"]["type"] == 4
    assert answer["resource"]["message"]["content"] == "pong"
    assert answer["resource"]["message"]["flags"] == 64


async def test_a_second_answer_is_refused(bot: Answering) -> None:
    await bot.answer(4, {"content": "pong"})
    status, answer = await bot.answer(4, {"content": "again"})
    assert (status, answer["code"]) == (400, 40060)


async def test_after_three_seconds_the_interaction_is_unknown(
    bot: Answering, clock: MovableClock, sandbox: Sandbox, asked: Interaction
) -> None:
    clock.advance(3.1)
    status, answer = await bot.answer(4, {"content": "late"})
    assert (status, answer["code"]) == (404, 10062)
    sandbox.interactions.exchange.expire()
    assert asked.state == "failed"


async def test_a_wrong_token_is_an_unknown_interaction(rest: Rest, asked: Interaction) -> None:
    path = f"/interactions/{asked.id}/wrong/callback"
    status, answer = await rest("POST", path, {"type": 4, "data": {"content": "x"}})
    assert (status, answer["code"]) == (404, 10062)


async def test_follow_ups_work_for_fifteen_minutes(bot: Answering, clock: MovableClock) -> None:
    status, answer = await bot.follow({"content": "too early"})
    assert (status, answer["code"]) == (404, 10015)
    await bot.answer(4, {"content": "pong"})
    clock.advance(14 * 60)
    assert (await bot.follow({"content": "still"}))[0] == 200
    clock.advance(61)
    status, answer = await bot.follow({"content": "too late"})
    assert (status, answer["code"]) == (401, 50027)


async def test_a_deferral_becomes_the_first_follow_up(bot: Answering) -> None:
    await bot.answer(5, {"flags": 64})
    _, loading = await bot.original("GET")
    assert loading["flags"] == 64 | 128
    _, first = await bot.follow({"content": "done"})
    assert first["id"] == loading["id"]
    assert first["flags"] == 64
    _, second = await bot.follow({"content": "more"})
    assert second["id"] != loading["id"]
    assert second["interaction_metadata"]["original_response_message_id"] == loading["id"]


async def test_a_deleted_deferral_leaves_the_follow_up_its_own_message(
    bot: Answering, asked: Interaction
) -> None:
    await bot.answer(5)
    _, loading = await bot.original("GET")
    assert (await bot.original("DELETE"))[0] == 204
    _, message = await bot.follow({"content": "private after all", "flags": 64})
    assert message["id"] != loading["id"]
    assert message["flags"] == 64
    assert asked.state == "answered"
    assert (await bot.original("GET"))[1]["code"] == 10008


async def test_messages_of_the_token_are_edited_and_deleted(bot: Answering) -> None:
    await bot.answer(4, {"content": "pong"})
    status, edited = await bot.original("PATCH", {"content": "edited"})
    assert (status, edited["content"]) == (200, "edited")
    assert edited["edited_timestamp"] is not None
    _, extra = await bot.follow({"content": "extra"})
    assert (await bot.message("PATCH", extra["id"], {"content": "x"}))[1]["content"] == "x"
    assert (await bot.message("DELETE", extra["id"]))[0] == 204
    assert (await bot.message("GET", extra["id"]))[1]["code"] == 10008
    assert (await bot.message("GET", "123"))[1]["code"] == 10008


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (6, None),  # there is no component's message to update
        (8, {"choices": []}),  # this is no autocomplete
        (3, None),  # there is no such type
        (9, {"custom_id": "m", "title": "x" * 46, "components": []}),
        (4, {"content": "x" * 2001}),
        (4, {"embeds": [{"title": "x" * 257}]}),
        (4, {"components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x"}]}]}),
        (4, {"components": [{"type": 10, "content": "needs the flag"}]}),
        (4, {"flags": 32768, "content": "x", "components": [{"type": 10, "content": "x"}]}),
    ],
)
async def test_wrong_answers_are_invalid_form_bodies(
    bot: Answering, asked: Interaction, kind: int, data: object
) -> None:
    status, answer = await bot.answer(kind, data)
    assert (status, answer["code"]) == (400, 50035)
    assert set(answer["errors"]) <= {"type", "data"}
    assert asked.state == "created"  # it can still be answered
    assert (await bot.answer(4, {"content": "pong"}))[0] == 204


async def test_an_empty_message_is_refused(bot: Answering) -> None:
    status, answer = await bot.answer(4, {"content": ""})
    assert (status, answer["code"]) == (400, 50006)


async def test_the_payload_has_everything_discord_sends(
    sandbox: Sandbox, seeded: Seeded, asked: Interaction
) -> None:
    seen: list[Any] = []
    sandbox.world.subscribe(seen.append)
    alice = seeded.people["alice"]
    alice.locale = "de"
    command_id = asked.command.id if asked.command else 0
    sandbox.interactions.slash(alice, asked.channel, command_id, [])
    (dispatch,) = [one for one in seen if one.name == "INTERACTION_CREATE"]
    assert dispatch.only_user_ids == {seeded.application.bot.id}
    payload = dispatch.data
    assert set(payload) == {
        "id", "application_id", "type", "data", "guild", "guild_id", "channel", "channel_id",
        "member", "token", "version", "app_permissions", "locale", "guild_locale",
        "entitlements", "authorizing_integration_owners", "context", "attachment_size_limit",
    }  # fmt: skip
    assert (payload["version"], payload["locale"], payload["context"]) == (1, "de", 0)
    assert payload["authorizing_integration_owners"] == {"0": str(seeded.guild.id)}
    assert payload["guild"] == {"id": str(seeded.guild.id), "locale": "en-US", "features": []}
    assert int(payload["member"]["permissions"]) > 0
