"""The REST API of application commands: what is stored, what is refused and how."""

from typing import Any

import pytest
from tests.sandbox.interactions.conftest import Rest

from discord_sandbox.seed import Seeded
from discord_sandbox.server import Sandbox

PING = {"name": "ping", "description": "Says pong"}


@pytest.fixture
def commands(seeded: Seeded) -> str:
    return f"/applications/{seeded.application.id}/commands"


@pytest.fixture
def guild_commands(seeded: Seeded) -> str:
    return f"/applications/{seeded.application.id}/guilds/{seeded.guild.id}/commands"


async def errors_of(rest: Rest, path: str, body: object, method: str = "POST") -> Any:
    status, answer = await rest(method, path, body)
    assert status == 400
    assert answer["code"] == 50035
    return answer["errors"]


def codes(errors: Any) -> set[str]:
    found: set[str] = set()
    for key, value in errors.items():
        found |= {one["code"] for one in value} if key == "_errors" else codes(value)
    return found


async def test_creating_twice_replaces_and_keeps_the_id(rest: Rest, commands: str) -> None:
    status, first = await rest("POST", commands, PING)
    assert status == 201
    status, second = await rest("POST", commands, {**PING, "description": "Other"})
    assert status == 200
    assert second["id"] == first["id"]
    assert int(second["version"]) > int(first["version"])
    _, listed = await rest("GET", commands)
    assert [one["description"] for one in listed] == ["Other"]


async def test_bulk_overwrite_keeps_known_ids_and_versions(rest: Rest, commands: str) -> None:
    _, before = await rest("PUT", commands, [PING, {"name": "old", "description": "goes"}])
    _, after = await rest("PUT", commands, [PING, {"name": "new", "description": "comes"}])
    assert after[0] == before[0]
    assert {one["name"] for one in after} == {"ping", "new"}


async def test_a_failing_bulk_overwrite_changes_nothing(rest: Rest, commands: str) -> None:
    await rest("PUT", commands, [PING])
    errors = await errors_of(rest, commands, [PING, {"name": "BAD NAME", "description": ""}], "PUT")
    assert errors["1"]["name"]["_errors"][0]["code"] == "APPLICATION_COMMAND_INVALID_NAME"
    assert errors["1"]["description"]["_errors"][0]["code"] == "BASE_TYPE_BAD_LENGTH"
    _, listed = await rest("GET", commands)
    assert [one["name"] for one in listed] == ["ping"]


async def test_guild_commands_hold_nothing_that_only_global_ones_have(
    rest: Rest, guild_commands: str, seeded: Seeded
) -> None:
    status, command = await rest("POST", guild_commands, {**PING, "contexts": [0]})
    assert status == 201
    assert command["guild_id"] == str(seeded.guild.id)
    assert "contexts" not in command


async def test_a_command_is_fetched_edited_and_deleted(rest: Rest, commands: str) -> None:
    _, made = await rest("POST", commands, PING)
    path = f"{commands}/{made['id']}"
    status, edited = await rest("PATCH", path, {"description": "Edited"})
    assert status == 200
    assert (edited["name"], edited["description"]) == ("ping", "Edited")
    assert (await rest("GET", path))[1] == edited
    assert (await rest("DELETE", path))[0] == 204
    status, gone = await rest("GET", path)
    assert (status, gone) == (404, {"message": "Unknown application command", "code": 10063})


async def test_lists_show_localizations_only_when_asked(rest: Rest, commands: str) -> None:
    await rest("POST", commands, {**PING, "name_localizations": {"de": "pingen"}})
    _, short = await rest("GET", commands)
    _, long = await rest("GET", f"{commands}?with_localizations=true")
    assert "name_localizations" not in short[0]
    assert long[0]["name_localizations"] == {"de": "pingen"}


def option(**more: Any) -> dict[str, Any]:
    return {"type": 3, "name": "text", "description": "Some text", **more}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"description": "x"}, "BASE_TYPE_REQUIRED"),
        ({"name": "x" * 33, "description": "x"}, "BASE_TYPE_BAD_LENGTH"),
        ({"name": "Ping", "description": "x"}, "APPLICATION_COMMAND_INVALID_NAME"),
        ({**PING, "options": [option(type=12)]}, "BASE_TYPE_CHOICES"),
        (
            {**PING, "options": [option(), option()]},
            "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
        ),
        (
            {**PING, "options": [option(), option(name="b", required=True)]},
            "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
        ),
        (
            {**PING, "options": [option(), option(name="b", type=1)]},
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        ),
        (
            {**PING, "options": [option(autocomplete=True, choices=[{"name": "a", "value": "a"}])]},
            "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE_EXCLUSIVE",
        ),
        (
            {**PING, "options": [option(type=4, min_value=3, max_value=2)]},
            "APPLICATION_COMMAND_OPTIONS_MIN_MAX_INVALID",
        ),
        ({**PING, "options": [option(name=f"o{n}") for n in range(26)]}, "BASE_TYPE_MAX_LENGTH"),
        ({**PING, "name_localizations": {"xx": "ping"}}, "BASE_TYPE_CHOICES"),
        (
            {"name": "Wave", "type": 2, "description": "no"},
            "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
        ),
        (
            {
                **PING,
                "options": [
                    option(
                        name=f"o{n}",
                        choices=[{"name": f"{m}" * 90, "value": "v" * 100} for m in range(9)],
                    )
                    for n in range(5)
                ],
            },
            "APPLICATION_COMMAND_TOO_LARGE",
        ),
    ],
)
async def test_what_discord_refuses_is_refused(
    rest: Rest, commands: str, body: object, expected: str
) -> None:
    assert expected in codes(await errors_of(rest, commands, body))


async def test_every_option_type_with_its_own_fields_is_kept(rest: Rest, commands: str) -> None:
    given = [
        option(required=True, autocomplete=True, min_length=1, max_length=9),
        option(name="count", type=4, choices=[{"name": "one", "value": 1}]),
        option(name="really", type=5),
        option(name="who", type=6),
        option(name="where", type=7, channel_types=[0, 2]),
        option(name="role", type=8),
        option(name="whom", type=9),
        option(name="ratio", type=10, min_value=0.5, max_value=1.5),
        option(name="file", type=11),
    ]
    status, made = await rest("POST", commands, {**PING, "options": given})
    assert status == 201
    assert made["options"] == given


async def test_subcommands_nest_two_deep(rest: Rest, commands: str) -> None:
    leaf = option(name="leaf", type=1, options=[option()])
    group = option(name="group", type=2, options=[leaf])
    status, _ = await rest("POST", commands, {**PING, "options": [group]})
    assert status == 201
    deeper = option(name="group", type=2, options=[{**group, "name": "inner"}])
    errors = await errors_of(rest, commands, {**PING, "options": [deeper]})
    assert "BASE_TYPE_CHOICES" in codes(errors)


async def test_a_scope_has_room_for_a_hundred_commands(rest: Rest, commands: str) -> None:
    many = [{"name": f"c{number}", "description": "x"} for number in range(100)]
    status, _ = await rest("PUT", commands, many)
    assert status == 200
    status, answer = await rest("POST", commands, PING)
    assert (status, answer["code"]) == (400, 30032)


async def test_other_applications_and_foreign_guilds_are_closed(
    rest: Rest, sandbox: Sandbox, seeded: Seeded
) -> None:
    other = sandbox.world.create_application("Other")
    status, _ = await rest("GET", f"/applications/{other.id}/commands")
    assert status == 403
    path = f"/applications/{other.id}/guilds/{seeded.guild.id}/commands"
    status, answer = await rest("GET", path, token=other.token)
    assert (status, answer) == (403, {"message": "Missing Access", "code": 50001})


async def test_permissions_are_read_by_bots_and_set_by_people(
    rest: Rest, sandbox: Sandbox, seeded: Seeded, guild_commands: str
) -> None:
    _, made = await rest("POST", guild_commands, PING)
    path = f"{guild_commands}/{made['id']}/permissions"
    status, answer = await rest("GET", path)
    assert (status, answer["code"]) == (404, 10066)
    body = {"permissions": [{"id": str(seeded.people["alice"].id), "type": 2, "permission": False}]}
    status, _ = await rest("PUT", path, body)
    assert status == 403
    registry = sandbox.interactions.commands
    ids = (seeded.application.id, seeded.guild.id, int(made["id"]))
    registry.set_permissions(*ids, body["permissions"])
    channel = seeded.guild.channel_named("general")
    assert sandbox.interactions.list_offered(seeded.people["alice"], channel) == []
    assert len(sandbox.interactions.list_offered(seeded.people["bob"], channel)) == 1
    status, answer = await rest("GET", path)
    assert (status, answer["permissions"]) == (200, body["permissions"])
