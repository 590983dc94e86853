"""What a valid application command is, and its cleaned form.

Sources: discord-api-docs, "Application Commands" (naming, limits, option structure), and the
OpenAPI schema `ApplicationCommandCreateRequest`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

from discord_sandbox.interactions.checks import (
    Flag,
    Integer,
    Json,
    ListOf,
    Number,
    OneOf,
    Problems,
    Rule,
    Shape,
    Text,
    TextMap,
)

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUB_COMMAND, SUB_COMMAND_GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
USER_OPTION, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 6, 7, 8, 9, 10, 11

MAX_OPTIONS = 25
MAX_COMMAND_CHARACTERS = 8000
LIMITS = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
"""Commands an application may have a scope, by type (docs: "Registering a Command")."""

_INT53 = 2**53 - 1
_PERMISSION_MAXIMUM = 18014398509481983  # the schema's bound of default_member_permissions
_CHANNEL_TYPES = (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16)

# The documented regex is ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$ and "you must use the
# lowercase variant of any letters used". `\w` covers \p{L}, \p{N} and "_"; the two scripts add
# their combining marks.
_NAME = re.compile(r"[-'\w\u0900-\u097F\u0E00-\u0E7F]+")
_NAME_ERROR = ("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


class _Name:
    """The name of a chat-input command or of an option."""

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the name; wrong characters and capitals are refused."""
        text: str = Text(1, 32).check(value, problems)
        if 1 <= len(text) <= 32 and (not _NAME.fullmatch(text) or text != text.lower()):  # noqa: PLR2004 - the limit above
            problems.add(*_NAME_ERROR)
        return text


class _LocalizedNames:
    """Names by locale, each following the rule of the name itself."""

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the names by locale."""
        names: dict[str, str] = TextMap(Text(1, 32)).check(value, problems)
        for locale, name in names.items():
            _Name().check(name, problems.at(locale))
        return names


_LABELS: dict[str, Rule] = {"name": _Name(), "description": Text(1, 100)}
_TRANSLATIONS: dict[str, Rule] = {
    "name_localizations": _LocalizedNames(),
    "description_localizations": TextMap(Text(1, 100)),
}


def _choices(value: Rule) -> ListOf:
    return ListOf(
        Shape(
            need={"name": Text(1, 100), "value": value},
            may={"name_localizations": TextMap(Text(1, 100))},
        ),
        0,
        MAX_OPTIONS,
    )


def _option_shape(kind: int) -> Shape:
    may: dict[str, Rule] = {**_TRANSLATIONS, "required": Flag()}
    if kind == STRING:
        may |= {
            "autocomplete": Flag(),
            "choices": _choices(Text(0, 100)),
            "min_length": Integer(0, 6000),
            "max_length": Integer(1, 6000),
        }
    elif kind == INTEGER:
        bounds = Integer(-_INT53, _INT53)
        may |= {
            "autocomplete": Flag(),
            "choices": _choices(bounds),
            "min_value": bounds,
            "max_value": bounds,
        }
    elif kind == NUMBER:
        may |= {
            "autocomplete": Flag(),
            "choices": _choices(Number(-_INT53, _INT53)),
            "min_value": Number(-_INT53, _INT53),
            "max_value": Number(-_INT53, _INT53),
        }
    elif kind == CHANNEL:
        may["channel_types"] = ListOf(OneOf(_CHANNEL_TYPES))
    return Shape(need={"type": OneOf((kind,)), **_LABELS}, may=may)


class _Options:
    """The options of a command (`depth` 0), of a group (1) or of a subcommand (2)."""

    def __init__(self, depth: int) -> None:
        self._depth = depth

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the cleaned options in their order."""
        options: list[Json] = ListOf(_Option(self._depth), 0, MAX_OPTIONS).check(value, problems)
        _check_siblings(options, problems)
        return options


class _Option:
    def __init__(self, depth: int) -> None:
        self._depth = depth

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return one cleaned option with its own options, if it may have some."""
        if not isinstance(value, dict):
            return Shape().check(value, problems)
        body = cast("Json", value)
        kind = body.get("type")
        allowed = {0: tuple(range(1, 12)), 1: (SUB_COMMAND,), 2: tuple(range(3, 12))}[self._depth]
        if kind is None:
            problems.at("type").add("BASE_TYPE_REQUIRED", "This field is required")
            return {}
        if isinstance(kind, bool) or kind not in allowed:
            known = ", ".join(map(str, allowed))
            problems.at("type").add("BASE_TYPE_CHOICES", f"Value must be one of {{{known}}}.")
            return {}
        if kind in (SUB_COMMAND, SUB_COMMAND_GROUP):
            depth = 1 if kind == SUB_COMMAND_GROUP else 2
            shape = Shape(
                need={"type": OneOf((kind,)), **_LABELS},
                may={**_TRANSLATIONS, "options": _Options(depth)},
            )
            return shape.check(body, problems)
        option: Json = _option_shape(kind).check(body, problems)
        _check_option(option, problems)
        return option


def _check_option(option: Json, problems: Problems) -> None:
    if option.get("autocomplete") and option.get("choices"):
        problems.at("choices").add(
            "APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE_EXCLUSIVE",
            "Choices and autocomplete are mutually exclusive",
        )
    for low, high in (("min_value", "max_value"), ("min_length", "max_length")):
        if low in option and high in option and option[low] > option[high]:
            problems.at(high).add(
                "APPLICATION_COMMAND_OPTIONS_MIN_MAX_INVALID",
                f"{high} must be greater than or equal to {low}",
            )
    choices: Sequence[Json] = option.get("choices", ())
    names = [choice.get("name") for choice in choices]
    for at, name in enumerate(names):
        if name in names[:at]:
            problems.at("choices").add(
                "APPLICATION_COMMAND_OPTIONS_CHOICES_NAME_ALREADY_EXISTS",
                f'There is already a choice with name "{name}"',
            )


def _check_siblings(options: Sequence[Json], problems: Problems) -> None:
    names: list[str] = []
    optional_seen = False
    kinds = {option.get("type") in (SUB_COMMAND, SUB_COMMAND_GROUP) for option in options if option}
    if len(kinds) > 1:
        problems.add(
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other "
            "types",
        )
    for at, option in enumerate(options):
        name = option.get("name")
        if name in names:
            problems.at(at, "name").add(
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option name already exists",
            )
        names.append(str(name))
        if option.get("required") and optional_seen:
            problems.at(at).add(
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional_seen = optional_seen or not option.get("required")


def longest_of(part: Json, field: str) -> int:
    """Length of the longest text of a localizable field."""
    texts = [part.get(field, ""), *part.get(f"{field}_localizations", {}).values()]
    return max(len(str(text)) for text in texts)


def _count_characters(part: Json) -> int:
    """Characters that count towards the limit of 8000.

    Names, descriptions and values of the command and its options; of each localized field the
    longest text counts (docs: "Slash Commands").
    """
    total = longest_of(part, "name") + longest_of(part, "description")
    for choice in part.get("choices", ()):
        total += longest_of(choice, "name") + len(str(choice.get("value", "")))
    return total + sum(_count_characters(option) for option in part.get("options", ()))


_SHARED_MAY: dict[str, Rule] = {
    "default_member_permissions": Integer(0, _PERMISSION_MAXIMUM),
    "dm_permission": Flag(),
    "contexts": ListOf(OneOf((0, 1, 2)), 1),
    "integration_types": ListOf(OneOf((0, 1)), 1),
    "nsfw": Flag(),
}


def clean_command(body: Any, problems: Problems, *, kind: int | None = None) -> Json:  # noqa: ANN401 - JSON from outside
    """Check the body of a create or bulk overwrite request.

    Args:
        body: The JSON body as it came.
        problems: Receives what is wrong.
        kind: The command's type when it is already settled (an edit); otherwise the body says.

    Returns:
        The command with its defaults, without id, application and version.
    """
    if not isinstance(body, dict):
        return Shape().check(body, problems)
    known = cast("Json", body)
    settled = kind if kind is not None else known.get("type") or CHAT_INPUT
    if settled not in LIMITS:
        problems.at("type").add("BASE_TYPE_CHOICES", "Value must be one of {1, 2, 3}.")
        return {}
    if settled == CHAT_INPUT:
        shape = Shape(
            need=_LABELS,
            may={**_TRANSLATIONS, **_SHARED_MAY, "options": _Options(0)},
        )
    else:
        shape = Shape(
            need={"name": Text(1, 32)},
            may={"name_localizations": TextMap(Text(1, 32)), **_SHARED_MAY},
        )
        _refuse_chat_fields(known, problems)
    cleaned: Json = shape.check(known, problems)
    if _count_characters(cleaned) > MAX_COMMAND_CHARACTERS:
        problems.add(
            "APPLICATION_COMMAND_TOO_LARGE",
            f"Command exceeds maximum size ({MAX_COMMAND_CHARACTERS})",
        )
    return _with_defaults(cleaned, settled)


def _refuse_chat_fields(body: Json, problems: Problems) -> None:
    if body.get("description"):
        problems.at("description").add(
            "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID",
            "Context menu commands cannot have description",
        )
    if body.get("options"):
        problems.at("options").add(
            "APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID",
            "Context menu commands cannot have options",
        )


def _with_defaults(cleaned: Json, kind: int) -> Json:
    permissions = cleaned.get("default_member_permissions")
    command: Json = {
        "type": kind,
        "name": cleaned.get("name", ""),
        "name_localizations": cleaned.get("name_localizations"),
        "description": cleaned.get("description", ""),
        "description_localizations": cleaned.get("description_localizations"),
        "default_member_permissions": None if permissions is None else str(permissions),
        "dm_permission": cleaned.get("dm_permission", True),
        "contexts": cleaned.get("contexts"),
        "integration_types": cleaned.get("integration_types", [0]),
        "nsfw": cleaned.get("nsfw", False),
    }
    if cleaned.get("options"):
        command["options"] = cleaned["options"]
    return command
