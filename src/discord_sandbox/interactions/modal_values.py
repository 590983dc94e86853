"""What a person filled into a modal, in the form its application receives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from discord_sandbox.interactions.checks import Json, Problems
from discord_sandbox.interactions.command_rules import (
    ATTACHMENT,
    CHANNEL,
    MENTIONABLE,
    ROLE,
    USER_OPTION,
)
from discord_sandbox.interactions.component_rules import (
    ACTION_ROW,
    CHANNEL_SELECT,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    SELECTS,
    TEXT_DISPLAY,
    TEXT_INPUT,
    USER_SELECT,
)
from discord_sandbox.interactions.modal_rules import (
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
)

_RESOLVED = {
    USER_SELECT: USER_OPTION,
    ROLE_SELECT: ROLE,
    MENTIONABLE_SELECT: MENTIONABLE,
    CHANNEL_SELECT: CHANNEL,
    FILE_UPLOAD: ATTACHMENT,
}
_TEXT_LIMIT = 4000


class FieldsInvalid(Exception):
    """The modal does not accept what was filled in.

    Attributes:
        errors: What is wrong, by the fields' custom ids.
    """

    def __init__(self, errors: Json) -> None:
        super().__init__(str(errors))
        self.errors = errors


def submitted_components(
    components: Sequence[Json],
    fields: Mapping[str, Any],
    check_selection: Callable[[Json, Sequence[str]], None],
) -> tuple[list[Json], dict[int, list[int]]]:
    """Put values into a modal's components.

    Args:
        components: The modal's components, cleaned.
        fields: Values by custom id; a field left out has its default.
        check_selection: Refuses values that a select does not offer.

    Returns:
        The components of the submission, and the ids to resolve by option type.

    Raises:
        FieldsInvalid: Unknown fields, or values against their rules.
    """
    problems = Problems()
    wanted: dict[int, list[int]] = {}
    left = dict(fields)

    def fill(field: Json) -> Json:
        custom_id: str = field["custom_id"]
        given = left.pop(custom_id, None)
        here = problems.at(custom_id)
        filled: Json = {"type": field["type"], "id": field["id"], "custom_id": custom_id}
        filled.update(_value(field, given, here, check_selection))
        if field["type"] in _RESOLVED:
            ids = [int(one) for one in filled.get("values", ()) if str(one).isdecimal()]
            wanted.setdefault(_RESOLVED[field["type"]], []).extend(ids)
        return filled

    submitted: list[Json] = []
    for root in components:
        part: Json = {"type": root["type"], "id": root["id"]}
        if root["type"] == LABEL:
            part["component"] = fill(root["component"])
        elif root["type"] == ACTION_ROW:
            part["components"] = [fill(field) for field in root["components"]]
        elif root["type"] != TEXT_DISPLAY:
            continue
        submitted.append(part)
    for custom_id in left:
        problems.at(custom_id).add("FIELD_UNKNOWN", "The modal has no such field")
    if problems:
        raise FieldsInvalid(problems.tree)
    return submitted, wanted


def _value(
    field: Json,
    given: Any,  # noqa: ANN401 - JSON from outside
    problems: Problems,
    check_selection: Callable[[Json, Sequence[str]], None],
) -> Json:
    kind = field["type"]
    if kind == TEXT_INPUT:
        text = str(given) if given is not None else field.get("value", "")
        _check_text(field, text, problems)
        return {"value": text}
    if kind == CHECKBOX:
        return {"value": bool(field["default"] if given is None else given)}
    if kind == RADIO_GROUP:
        chosen = given if given is not None else next(iter(_defaults(field)), None)
        _check_choices(field, [] if chosen is None else [str(chosen)], (0, 1), problems)
        return {"value": chosen}
    raw: Any = given if given is not None else _defaults(field)
    values = [str(one) for one in raw] if isinstance(raw, list | tuple) else [str(raw)]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON from outside
    if kind in SELECTS:
        if values or field.get("required", True):
            check_selection(field, values)
    elif kind in (CHECKBOX_GROUP, FILE_UPLOAD):
        _check_choices(field, values, (field["min_values"], field["max_values"]), problems)
    return {"values": values}


def _defaults(field: Json) -> list[str]:
    chosen = [option["value"] for option in field.get("options", ()) if option.get("default")]
    return chosen or [one["id"] for one in field.get("default_values", ())]


def _check_text(field: Json, text: str, problems: Problems) -> None:
    if not text:
        if field.get("required", True):
            problems.add("BASE_TYPE_REQUIRED", "This field is required")
        return
    low, high = field.get("min_length", 0), field.get("max_length", _TEXT_LIMIT)
    if not low <= len(text) <= high:
        problems.add("BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")


def _check_choices(
    field: Json, values: Sequence[str], bounds: tuple[int, int], problems: Problems
) -> None:
    if not values:
        if field.get("required", True):
            problems.add("BASE_TYPE_REQUIRED", "This field is required")
        return
    low, high = bounds
    if not low <= len(values) <= high:
        problems.add("BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
    allowed = {option["value"] for option in field.get("options", ())}
    if "options" in field and not allowed.issuperset(values):
        problems.add("BASE_TYPE_CHOICES", "Value must be one of the options.")
