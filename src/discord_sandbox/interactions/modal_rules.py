"""What a valid modal is.

Sources: discord-api-docs, "Component Reference" (Label, Text Input, selects, File Upload, Radio
Group, Checkbox Group, Checkbox) and the OpenAPI schema `ModalInteractionCallbackRequestData`.
"""

from __future__ import annotations

from typing import Any

from discord_sandbox.interactions.checks import (
    Flag,
    Integer,
    Json,
    ListOf,
    OneOf,
    Problems,
    Rule,
    Shape,
    Text,
)
from discord_sandbox.interactions.component_rules import (
    ACTION_ROW,
    SELECTS,
    TEXT_DISPLAY,
    TEXT_INPUT,
    check_custom_ids,
    check_kind,
    check_option_values,
    complete_select,
    number_components,
    select_shape,
)

LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 18, 19, 21, 22, 23

MAX_MODAL_COMPONENTS = 5
"""The docs' number; the schema's `maxItems: 40` is looser than what Discord accepts."""

_ID: dict[str, Rule] = {"id": Integer(0, 2**31 - 1)}
_GROUP_OPTION = Shape(
    {"label": Text(1, 100), "value": Text(1, 100)},
    {"description": Text(0, 100), "default": Flag()},
)


def _field(kind: int, need: dict[str, Rule], may: dict[str, Rule]) -> Shape:
    return Shape(
        {"type": OneOf((kind,)), "custom_id": Text(1, 100), **need},
        {**_ID, **may},
    )


_INPUT = _field(
    TEXT_INPUT,
    {"style": Integer(1, 2)},
    {
        "label": Text(1, 45),
        "value": Text(0, 4000),
        "placeholder": Text(0, 100),
        "required": Flag(),
        "min_length": Integer(0, 4000),
        "max_length": Integer(1, 4000),
    },
)
_FIELDS: dict[int, Shape] = {
    TEXT_INPUT: _INPUT,
    FILE_UPLOAD: _field(
        FILE_UPLOAD,
        {},
        {
            "min_values": Integer(0, 10),
            "max_values": Integer(1, 10),
            "required": Flag(),
            "file_types": ListOf(Text(1, 100), 0, 10),
        },
    ),
    RADIO_GROUP: _field(
        RADIO_GROUP, {"options": ListOf(_GROUP_OPTION, 2, 10)}, {"required": Flag()}
    ),
    CHECKBOX_GROUP: _field(
        CHECKBOX_GROUP,
        {"options": ListOf(_GROUP_OPTION, 1, 10)},
        {"min_values": Integer(0, 10), "max_values": Integer(1, 10), "required": Flag()},
    ),
    CHECKBOX: _field(CHECKBOX, {}, {"default": Flag()}),
    **{kind: select_shape(kind) for kind in SELECTS},
}


def clean_modal(body: Any, problems: Problems) -> Json:  # noqa: ANN401 - JSON from outside
    """Check the data of callback type 9.

    Returns:
        ``{"custom_id", "title", "components"}`` with ids and defaults filled in.
    """
    shape = Shape({"custom_id": Text(1, 100), "title": Text(1, 45)})
    modal: Json = shape.check(body, problems)
    if not isinstance(body, dict):
        return {}
    given: Any = body.get("components")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - JSON from outside
    here = problems.at("components")
    if given is None:
        here.add("BASE_TYPE_REQUIRED", "This field is required")
        return modal
    raw: list[Json] = ListOf(Shape(), 1, MAX_MODAL_COMPONENTS).check(given, here)
    components = [_clean_root(given[at], here.at(at)) for at in range(len(raw))]
    check_custom_ids(components, here)
    if not problems:
        number_components(components)
    modal["components"] = components
    return modal


def _clean_root(body: Any, problems: Problems) -> Json:  # noqa: ANN401 - JSON from outside
    kind = check_kind(body, (ACTION_ROW, TEXT_DISPLAY, LABEL), problems)
    if kind is None:
        return {}
    root: Json = body
    if kind == TEXT_DISPLAY:
        shape = Shape({"type": OneOf((TEXT_DISPLAY,)), "content": Text(1, 4000)}, _ID)
        return shape.check(root, problems)
    if kind == ACTION_ROW:
        return _clean_row(root, problems)
    shape = Shape(
        {"type": OneOf((LABEL,)), "label": Text(1, 45)},
        {**_ID, "description": Text(1, 100)},
    )
    label: Json = shape.check(root, problems)
    if root.get("component") is None:
        problems.at("component").add("BASE_TYPE_REQUIRED", "This field is required")
        return label
    label["component"] = _clean_field(root["component"], problems.at("component"))
    return label


def _clean_row(row: Json, problems: Problems) -> Json:
    """The deprecated form: one text input with its own label in an action row."""
    cleaned: Json = Shape({"type": OneOf((ACTION_ROW,))}, _ID).check(row, problems)
    children: Any = row.get("components") or []
    here = problems.at("components")
    raw: list[Json] = ListOf(Shape(), 1, 1).check(children, here)
    fields: list[Json] = []
    for at in range(len(raw)):
        if check_kind(children[at], (TEXT_INPUT,), here.at(at)) is None:
            continue
        field: Json = _INPUT.check(children[at], here.at(at))
        if not field.get("label"):
            here.at(at, "label").add("BASE_TYPE_REQUIRED", "This field is required")
        _complete_field(TEXT_INPUT, field, here.at(at))
        fields.append(field)
    cleaned["components"] = fields
    return cleaned


def _clean_field(body: Any, problems: Problems) -> Json:  # noqa: ANN401 - JSON from outside
    kind = check_kind(body, tuple(sorted(_FIELDS)), problems)
    if kind is None:
        return {}
    field: Json = _FIELDS[kind].check(body, problems)
    if kind == TEXT_INPUT and field.pop("label", None) is not None:
        problems.at("label").add(
            "COMPONENT_LABEL_NOT_ALLOWED", "A text input inside a label cannot have its own label"
        )
    if field.pop("disabled", False):
        problems.at("disabled").add(
            "COMPONENT_DISABLED_IN_MODAL", "Modals cannot have disabled components"
        )
    _complete_field(kind, field, problems)
    return field


def _complete_field(kind: int, field: Json, problems: Problems) -> None:
    if kind == CHECKBOX:
        field.setdefault("default", False)
        return
    required = field.setdefault("required", True)
    if kind == TEXT_INPUT:
        low, high = field.get("min_length", 0), field.get("max_length", 4000)
        if low > high:
            problems.at("max_length").add(
                "TEXT_INPUT_MIN_LENGTH_EXCEEDED", "max_length must be at least min_length"
            )
        return
    # A required field cannot be answered with nothing (docs, the note on min_values).
    if required and field.get("min_values") == 0:
        problems.at("min_values").add(
            "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1."
        )
    if kind in SELECTS:
        if not required:
            field.setdefault("min_values", 0)
        complete_select(field, problems)
        return
    options: list[Json] = field.get("options", [])
    if kind == CHECKBOX_GROUP:
        field.setdefault("min_values", 1 if required else 0)
        field.setdefault("max_values", len(options) or 1)
    elif kind == FILE_UPLOAD:
        field.setdefault("min_values", 1 if required else 0)
        field.setdefault("max_values", 1)
    maximum = 1 if kind == RADIO_GROUP else field.get("max_values", 1)
    check_option_values(options, maximum, problems)
