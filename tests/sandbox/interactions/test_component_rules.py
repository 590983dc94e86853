"""Components of messages and modals: what is taken, completed and refused."""

from typing import Any

import pytest

from discord_sandbox.interactions.checks import Problems
from discord_sandbox.interactions.component_rules import IS_COMPONENTS_V2, clean_components
from discord_sandbox.interactions.modal_rules import clean_modal

type Json = dict[str, Any]


def button(**more: Any) -> Json:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **more}


def menu(**more: Any) -> Json:
    options = [{"label": one, "value": one} for one in ("a", "b")]
    return {"type": 3, "custom_id": "menu", "options": options, **more}


def row(*children: Json, **more: Any) -> Json:
    return {"type": 1, "components": list(children), **more}


def text(content: str = "words") -> Json:
    return {"type": 10, "content": content}


def label(component: Json, **more: Any) -> Json:
    return {"type": 18, "label": "A label", "component": component, **more}


def field(**more: Any) -> Json:
    return {"type": 4, "custom_id": "field", "style": 1, **more}


def codes(tree: Any) -> set[str]:
    found: set[str] = set()
    for key, value in tree.items():
        found |= {one["code"] for one in value} if key == "_errors" else codes(value)
    return found


def refused(components: object, flags: int = 0) -> set[str]:
    problems = Problems()
    clean_components(components, flags, problems)
    return codes(problems.tree)


def refused_modal(*components: Json, **more: Any) -> set[str]:
    problems = Problems()
    clean_modal(
        {"custom_id": "m", "title": "A title", "components": list(components), **more}, problems
    )
    return codes(problems.tree)


def test_ids_are_given_in_order_and_around_those_in_use() -> None:
    problems = Problems()
    cleaned = clean_components(
        [row(button(id=2), button(custom_id="other")), row(menu())], 0, problems
    )
    assert not problems
    assert (cleaned[0]["id"], cleaned[1]["id"]) == (1, 4)
    assert [one["id"] for one in cleaned[0]["components"]] == [2, 3]


def test_defaults_are_filled_in() -> None:
    problems = Problems()
    given = [{"type": 17, "components": [text(), {"type": 14}, row(menu())]}]
    (container,) = clean_components(given, IS_COMPONENTS_V2, problems)
    assert not problems
    assert (container["accent_color"], container["spoiler"]) == (None, False)
    assert container["components"][1] == {"type": 14, "spacing": 1, "divider": True, "id": 3}
    select = container["components"][2]["components"][0]
    assert (select["min_values"], select["max_values"]) == (1, 1)


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        ("nonsense", "LIST_TYPE_CONVERT"),
        ([row() for _ in range(6)], "BASE_TYPE_BAD_LENGTH"),
        ([button()], "UNION_TYPE_CHOICES"),
        ([text()], "UNION_TYPE_CHOICES"),
        ([row()], "BASE_TYPE_BAD_LENGTH"),
        ([row(*(button(custom_id=str(n)) for n in range(6)))], "BASE_TYPE_BAD_LENGTH"),
        ([row(menu(), button())], "COMPONENT_LAYOUT_WIDTH_EXCEEDED"),
        ([row(button(), button())], "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ([row(button(id=3), button(id=3, custom_id="x"))], "COMPONENT_ID_DUPLICATED"),
        ([row(button(custom_id=None))], "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED"),
        ([row(button(label=None))], "BUTTON_COMPONENT_INVALID_EMPTY"),
        ([row(button(label="x" * 81))], "BASE_TYPE_MAX_LENGTH"),
        ([row(button(style=5, custom_id=None))], "BUTTON_COMPONENT_URL_REQUIRED"),
        (
            [row(button(style=5, url="https://example.com"))],
            "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE",
        ),
        (
            [row(button(style=5, custom_id=None, url="javascript:x"))],
            "URL_TYPE_INVALID_SCHEME",
        ),
        ([row(button(style=6, custom_id=None))], "BUTTON_COMPONENT_SKU_ID_REQUIRED"),
        ([row(button(style=7))], "NUMBER_TYPE_MAX"),
        ([row(menu(options=[]))], "BASE_TYPE_BAD_LENGTH"),
        ([row(menu(min_values=2, max_values=1))], "SELECT_COMPONENT_MIN_VALUES_EXCEEDED"),
        (
            [row(menu(options=[{"label": "a", "value": "a"}] * 2))],
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
    ],
)
def test_what_discord_refuses_in_rows(components: object, expected: str) -> None:
    assert expected in refused(components)


REFUSED_V2: list[tuple[list[Json], str]] = [
    ([], "BASE_TYPE_BAD_LENGTH"),
    ([text("")], "BASE_TYPE_BAD_LENGTH"),
    ([{"type": 9, "components": [text()]}], "BASE_TYPE_REQUIRED"),
    ([{"type": 9, "components": [text()], "accessory": text()}], "UNION_TYPE_CHOICES"),
    (
        [{"type": 17, "components": [{"type": 17, "components": [text()]}]}],
        "UNION_TYPE_CHOICES",
    ),
    ([{"type": 12, "items": []}], "BASE_TYPE_BAD_LENGTH"),
    (
        [{"type": 13, "file": {"url": "https://example.com/x"}}],
        "UNFURLED_MEDIA_ATTACHMENT_REQUIRED",
    ),
    (
        [{"type": 17, "components": [text() for _ in range(40)]}],
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    ([text("x" * 2001), text("x" * 2000)], "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"),
]


@pytest.mark.parametrize(("components", "expected"), REFUSED_V2)
def test_what_discord_refuses_in_the_second_system(components: object, expected: str) -> None:
    assert expected in refused(components, IS_COMPONENTS_V2)


def test_every_kind_of_the_second_system_is_taken() -> None:
    media = {"url": "https://example.com/picture.png"}
    everything = [
        text(),
        {"type": 9, "components": [text()], "accessory": button()},
        {"type": 9, "components": [text()], "accessory": {"type": 11, "media": media}},
        {"type": 12, "items": [{"media": media}]},
        {"type": 13, "file": {"url": "attachment://words.txt"}},
        {"type": 14, "spacing": 2, "divider": False},
        *(row({"type": kind, "custom_id": f"select {kind}"}) for kind in (5, 6, 7, 8)),
        {"type": 17, "accent_color": 0xFF00FF, "components": [text(), row(menu())]},
    ]
    assert refused(everything, IS_COMPONENTS_V2) == set()


@pytest.mark.parametrize(
    ("components", "expected"),
    [
        ([], "BASE_TYPE_BAD_LENGTH"),
        ([text() for _ in range(6)], "BASE_TYPE_BAD_LENGTH"),
        ([field()], "UNION_TYPE_CHOICES"),
        ([row(field())], "BASE_TYPE_REQUIRED"),  # in a row it needs its own label
        ([label(button())], "UNION_TYPE_CHOICES"),
        ([label(field(), label="x" * 46)], "BASE_TYPE_BAD_LENGTH"),
        ([label(field(label="its own"))], "COMPONENT_LABEL_NOT_ALLOWED"),
        ([label(field()), label(field())], "COMPONENT_CUSTOM_ID_DUPLICATED"),
        ([label(menu(disabled=True))], "COMPONENT_DISABLED_IN_MODAL"),
        ([label(menu(min_values=0))], "NUMBER_TYPE_MIN"),
        ([label(field(min_length=3, max_length=2))], "TEXT_INPUT_MIN_LENGTH_EXCEEDED"),
        ([label({"type": 21, "custom_id": "r", "options": []})], "BASE_TYPE_BAD_LENGTH"),
    ],
)
def test_what_discord_refuses_in_modals(components: list[Json], expected: str) -> None:
    assert expected in refused_modal(*components)


def test_every_field_of_a_modal_is_taken() -> None:
    options = [{"label": one, "value": one} for one in ("a", "b")]
    fields = [
        {"type": 19, "custom_id": "files", "max_values": 3},
        {"type": 21, "custom_id": "one", "options": options},
        {"type": 22, "custom_id": "some", "options": options, "required": False},
        {"type": 23, "custom_id": "yes"},
        {"type": 5, "custom_id": "who", "required": False},
    ]
    assert refused_modal(*(label(one) for one in fields)) == set()
    assert refused_modal(text(), row(field(label="Old form")), label(menu())) == set()
