"""What a person typed behind a slash command, checked as Discord's client and API check it.

A person's client sends ``[{"name", "type", "value"}]``, nested in ``options`` for groups and
subcommands. The result is what the application receives in `data.options` (discord-api-docs,
"Receiving and Responding", "Application Command Interaction Data Option Structure").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from discord_sandbox.interactions.checks import Json, Problems
from discord_sandbox.interactions.command_rules import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    SUB_COMMAND,
    SUB_COMMAND_GROUP,
    USER_OPTION,
)

MAX_STRING = 6000
_IDS = (USER_OPTION, CHANNEL, ROLE, MENTIONABLE, ATTACHMENT)

type Exists = Callable[[int, int, Sequence[int]], bool]
"""Whether an option type's id is known here: (option type, id, allowed channel types)."""


def check_options(
    definition: Sequence[Json],
    given: Any,  # noqa: ANN401 - JSON from outside
    problems: Problems,
    exists: Exists,
    *,
    completing: bool = False,
) -> list[Json]:
    """Check typed options against the command's definition.

    Args:
        definition: The `options` of the command, group or subcommand.
        given: What the person's client sent.
        problems: Receives what is wrong, at the option's position.
        exists: Answers whether ids of users, channels, roles and files are known.
        completing: While a person still types (autocomplete) values need not be complete or
            valid and required ones may be missing; `focused` is kept.

    Returns:
        The options for the application, with the types of the definition.
    """
    if not isinstance(given, list):
        problems.add("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
        return []
    options = cast("list[Any]", given)
    known = {option["name"]: option for option in definition}
    checked: list[Json] = []
    seen: set[str] = set()
    for at, option in enumerate(options):
        here = problems.at(at)
        if not isinstance(option, dict):
            here.add("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType.")
            continue
        value = cast("Json", option)
        name = str(value.get("name"))
        if name not in known or name in seen:
            here.at("name").add("INTERACTION_OPTION_UNKNOWN", f'There is no option "{name}" here')
            continue
        seen.add(name)
        checked.append(_check_one(known[name], value, here, exists, completing=completing))
    _check_presence(definition, seen, problems, completing=completing)
    return checked


def _check_presence(
    definition: Sequence[Json], seen: set[str], problems: Problems, *, completing: bool
) -> None:
    branches = [one for one in definition if one["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP)]
    if branches:
        if len(seen) != 1:
            problems.add("INTERACTION_SUBCOMMAND_REQUIRED", "Exactly one subcommand is needed")
        return
    if completing:
        return
    for option in definition:
        if option.get("required") and option["name"] not in seen:
            problems.at(option["name"]).add("BASE_TYPE_REQUIRED", "This field is required")


def _check_one(
    definition: Json, given: Json, problems: Problems, exists: Exists, *, completing: bool
) -> Json:
    kind: int = definition["type"]
    result: Json = {"name": definition["name"], "type": kind}
    if kind in (SUB_COMMAND, SUB_COMMAND_GROUP):
        result["options"] = check_options(
            definition.get("options", ()),
            given.get("options", []),
            problems.at("options"),
            exists,
            completing=completing,
        )
        return result
    focused = completing and bool(given.get("focused"))
    if completing:
        # "This field isn't validated by Discord while typing": numbers arrive as typed.
        result["value"] = given.get("value", "")
        if focused:
            result["focused"] = True
        return result
    here = problems.at("value")
    if given.get("value") is None:
        here.add("BASE_TYPE_REQUIRED", "This field is required")
        return result
    result["value"] = _check_value(definition, given["value"], here, exists)
    return result


def _check_value(definition: Json, value: Any, problems: Problems, exists: Exists) -> Any:  # noqa: ANN401 - JSON from outside
    kind: int = definition["type"]
    if kind == STRING:
        value = str(value)
        _check_bounds(
            len(value), definition.get("min_length", 0), definition.get("max_length"), problems
        )
        if len(value) > MAX_STRING:
            problems.add("BASE_TYPE_MAX_LENGTH", f"Must be {MAX_STRING} or fewer in length.")
        _check_choice(definition, value, problems)
    elif kind in (INTEGER, NUMBER):
        value = _number(kind, value, problems)
        _check_bounds(value, definition.get("min_value"), definition.get("max_value"), problems)
        _check_choice(definition, value, problems)
    elif kind == BOOLEAN:
        if not isinstance(value, bool):
            problems.add("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
    elif kind in _IDS:
        value = str(value)
        channel_types: Sequence[int] = definition.get("channel_types", ())
        if not value.isdecimal() or not exists(kind, int(value), channel_types):
            problems.add("INTERACTION_OPTION_UNKNOWN_ENTITY", f'"{value}" is not known here')
    return value


def _number(kind: int, value: Any, problems: Problems) -> float:  # noqa: ANN401 - JSON from outside
    try:
        if isinstance(value, bool):
            raise TypeError  # noqa: TRY301 - one place says what is wrong
        return int(value) if kind == INTEGER else float(value)
    except (TypeError, ValueError):
        name = "int" if kind == INTEGER else "float"
        problems.add("NUMBER_TYPE_COERCE", f'Value "{value}" is not {name}.')
        return 0


def _check_bounds(
    size: float, minimum: float | None, maximum: float | None, problems: Problems
) -> None:
    if minimum is not None and size < minimum:
        problems.add("NUMBER_TYPE_MIN", f"Must be {minimum} or more.")
    if maximum is not None and size > maximum:
        problems.add("NUMBER_TYPE_MAX", f"Must be {maximum} or less.")


def _check_choice(definition: Json, value: object, problems: Problems) -> None:
    choices: Sequence[Mapping[str, Any]] = definition.get("choices", ())
    if choices and all(choice["value"] != value for choice in choices):
        problems.add("BASE_TYPE_CHOICES", "Value must be one of the choices.")


def focused_option(options: Sequence[Json]) -> Json | None:
    """The option a person is typing in, at whatever depth."""
    for option in options:
        if option.get("focused"):
            return option
        found = focused_option(option.get("options", ()))
        if found is not None:
            return found
    return None


def find_definition(definition: Sequence[Json], given: Sequence[Json], name: str) -> Json | None:
    """The definition of the option `name`, followed down the subcommand that was chosen."""
    known = {option["name"]: option for option in definition}
    for option in given:
        if option["name"] == name and "options" not in option:
            return known.get(name)
        if "options" in option and option["name"] in known:
            found = find_definition(
                known[option["name"]].get("options", ()), option["options"], name
            )
            if found is not None:
                return found
    return None


def collect_ids(options: Sequence[Json]) -> dict[int, list[int]]:
    """The ids in the options by option type, to be resolved."""
    found: dict[int, list[int]] = {}
    for option in options:
        for kind, ids in collect_ids(option.get("options", ())).items():
            found.setdefault(kind, []).extend(ids)
        if option["type"] in _IDS and str(option.get("value", "")).isdecimal():
            found.setdefault(option["type"], []).append(int(option["value"]))
    return found


def command_text(name: str, options: Sequence[Json]) -> str:
    """The full name people see: ``queue show`` for a subcommand."""
    for option in options:
        if option["type"] in (SUB_COMMAND, SUB_COMMAND_GROUP):
            return f"{name} {command_text(option['name'], option.get('options', ()))}"
    return name
