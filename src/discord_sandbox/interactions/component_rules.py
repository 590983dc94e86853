"""What valid components of a message are, and the form in which Discord returns them.

Sources: discord-api-docs, "Component Reference"; the OpenAPI schemas
`...ComponentForMessageRequest` (what may be sent) and `...ComponentResponse` (what comes back).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from discord_sandbox.interactions.checks import (
    Flag,
    Integer,
    Json,
    ListOf,
    OneOf,
    Problems,
    Rule,
    Shape,
    Snowflake,
    Text,
)

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT, USER_SELECT = 1, 2, 3, 4, 5
ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT, SECTION = 6, 7, 8, 9
TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR, CONTAINER = 10, 11, 12, 13, 14, 17
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)

IS_COMPONENTS_V2 = 1 << 15
"""The message flag that switches a message to the second system of components."""

MAX_ROWS = 5
MAX_COMPONENTS_V2 = 40
MAX_BUTTONS = 5
MAX_TEXT_V2 = 4000
_LINK, _PREMIUM = 5, 6

_V1_ROOTS = (ACTION_ROW,)
_CONTAINER_CHILDREN = (ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR)
_V2_ROOTS = (*_CONTAINER_CHILDREN, CONTAINER)

_ID: dict[str, Rule] = {"id": Integer(0, 2**31 - 1)}
EMOJI = Shape(may={"id": Snowflake(), "name": Text(), "animated": Flag()})
_CHANNEL_TYPES = (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16)

SELECT_OPTION = Shape(
    need={"label": Text(1, 100), "value": Text(1, 100)},
    may={"description": Text(0, 100), "default": Flag(), "emoji": EMOJI},
)


def select_shape(kind: int) -> Shape:
    """The fields of a select menu, in a message as in a modal."""
    need: dict[str, Rule] = {"type": OneOf((kind,)), "custom_id": Text(1, 100)}
    may: dict[str, Rule] = {
        **_ID,
        "placeholder": Text(0, 150),
        "min_values": Integer(0, 25),
        "max_values": Integer(1, 25),
        "disabled": Flag(),
        "required": Flag(),
    }
    if kind == STRING_SELECT:
        need["options"] = ListOf(SELECT_OPTION, 1, 25)
    else:
        targets = {
            USER_SELECT: ("user",),
            ROLE_SELECT: ("role",),
            MENTIONABLE_SELECT: ("user", "role"),
            CHANNEL_SELECT: ("channel",),
        }[kind]
        may["default_values"] = ListOf(Shape({"id": Snowflake(), "type": OneOf(targets)}), 0, 25)
    if kind == CHANNEL_SELECT:
        may["channel_types"] = ListOf(OneOf(_CHANNEL_TYPES))
    return Shape(need, may)


_MEDIA = Shape({"url": Text(1, 2048)})
_SHAPES: dict[int, Shape] = {
    BUTTON: Shape(
        {"type": OneOf((BUTTON,)), "style": Integer(1, 6)},
        {
            **_ID,
            "custom_id": Text(1, 100),
            "label": Text(0, 80),
            "disabled": Flag(),
            "url": Text(1, 512),
            "sku_id": Snowflake(),
            "emoji": EMOJI,
        },
    ),
    TEXT_DISPLAY: Shape({"type": OneOf((TEXT_DISPLAY,)), "content": Text(1, 4000)}, _ID),
    THUMBNAIL: Shape(
        {"type": OneOf((THUMBNAIL,)), "media": _MEDIA},
        {**_ID, "description": Text(1, 1024), "spoiler": Flag()},
    ),
    MEDIA_GALLERY: Shape(
        {
            "type": OneOf((MEDIA_GALLERY,)),
            "items": ListOf(
                Shape({"media": _MEDIA}, {"description": Text(1, 1024), "spoiler": Flag()}), 1, 10
            ),
        },
        _ID,
    ),
    FILE: Shape({"type": OneOf((FILE,)), "file": _MEDIA}, {**_ID, "spoiler": Flag()}),
    SEPARATOR: Shape(
        {"type": OneOf((SEPARATOR,))}, {**_ID, "spacing": OneOf((1, 2)), "divider": Flag()}
    ),
    **{kind: select_shape(kind) for kind in SELECTS},
}


def clean_components(body: Any, flags: int, problems: Problems) -> list[Json]:  # noqa: ANN401 - JSON from outside
    """Check the `components` of a message and fill in what Discord adds (ids, defaults).

    Args:
        body: The value of `components` as it came.
        flags: The message's flags; `IS_COMPONENTS_V2` decides what is allowed.
        problems: The place of `components` in the request.

    Returns:
        The components as Discord returns them; media are only complete after `place_media`.
    """
    second = bool(flags & IS_COMPONENTS_V2)
    roots = _V2_ROOTS if second else _V1_ROOTS
    limit = MAX_COMPONENTS_V2 if second else MAX_ROWS
    if not isinstance(body, list):
        problems.add("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
        return []
    given = cast("list[Any]", body)
    if len(given) > limit or (second and not given):
        low = 1 if second else 0
        problems.add("BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {limit} in length.")
        return []
    cleaned = [_clean(one, roots, problems.at(at)) for at, one in enumerate(given)]
    _check_whole(cleaned, problems, second=second)
    if not problems:
        number_components(cleaned)
    return cleaned


def check_kind(body: Any, allowed: Sequence[int], problems: Problems) -> int | None:  # noqa: ANN401 - JSON from outside
    """Return the type of a component if it may stand here; say why not otherwise."""
    if not isinstance(body, dict):
        problems.add("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType.")
        return None
    component = cast("Json", body)
    kind = component.get("type")
    if kind is None:
        problems.at("type").add("BASE_TYPE_REQUIRED", "This field is required")
        return None
    if isinstance(kind, bool) or kind not in allowed:
        choices = ", ".join(map(str, allowed))
        problems.at("type").add(
            "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({choices}).'
        )
        return None
    return int(kind)


def _clean(body: Any, allowed: Sequence[int], problems: Problems) -> Json:  # noqa: ANN401 - JSON from outside
    kind = check_kind(body, allowed, problems)
    if kind is None:
        return {}
    component: Json = body
    if kind == ACTION_ROW:
        return _clean_row(component, problems)
    if kind == CONTAINER:
        return _clean_container(component, problems)
    if kind == SECTION:
        return _clean_section(component, problems)
    cleaned: Json = _SHAPES[kind].check(component, problems)
    if kind == BUTTON:
        _check_button(cleaned, problems)
    elif kind in SELECTS:
        complete_select(cleaned, problems)
        cleaned.pop("required", None)  # "ignored in messages" (docs, Component Reference)
    else:
        _complete_content(kind, cleaned)
    if kind == FILE and not str(cleaned.get("file", {}).get("url")).startswith("attachment://"):
        problems.at("file", "url").add(
            "UNFURLED_MEDIA_ATTACHMENT_REQUIRED",
            "The file must be referenced by attachment://<filename>",
        )
    return cleaned


def _complete_content(kind: int, cleaned: Json) -> None:
    if kind == SEPARATOR:
        cleaned.setdefault("spacing", 1)
        cleaned.setdefault("divider", True)
    elif kind in (THUMBNAIL, FILE):
        cleaned.setdefault("spoiler", False)
        if kind == THUMBNAIL:
            cleaned.setdefault("description", None)
    elif kind == MEDIA_GALLERY:
        for item in cleaned.get("items", ()):
            item.setdefault("description", None)
            item.setdefault("spoiler", False)


def _children(
    component: Json, allowed: Sequence[int], minimum: int, maximum: int, problems: Problems
) -> list[Json]:
    given = component.get("components")
    if given is None:
        problems.at("components").add("BASE_TYPE_REQUIRED", "This field is required")
        return []
    raw: list[Json] = ListOf(Shape(), minimum, maximum).check(given, problems.at("components"))
    return [_clean(given[at], allowed, problems.at("components", at)) for at, _ in enumerate(raw)]


def _clean_row(component: Json, problems: Problems) -> Json:
    cleaned: Json = Shape({"type": OneOf((ACTION_ROW,))}, _ID).check(component, problems)
    children = _children(component, (BUTTON, *SELECTS), 1, MAX_BUTTONS, problems)
    cleaned["components"] = children
    # A select takes the whole row (docs: "Up to 5 buttons or a single select component").
    if len(children) > 1 and any(child.get("type") in SELECTS for child in children):
        for at in range(1, len(children)):
            problems.at("components", at).add(
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )
    return cleaned


def _clean_container(component: Json, problems: Problems) -> Json:
    shape = Shape(
        {"type": OneOf((CONTAINER,))},
        {**_ID, "accent_color": Integer(0, 0xFFFFFF), "spoiler": Flag()},
    )
    cleaned: Json = shape.check(component, problems)
    cleaned.setdefault("accent_color", None)
    cleaned.setdefault("spoiler", False)
    cleaned["components"] = _children(
        component, _CONTAINER_CHILDREN, 1, MAX_COMPONENTS_V2, problems
    )
    return cleaned


def _clean_section(component: Json, problems: Problems) -> Json:
    cleaned: Json = Shape({"type": OneOf((SECTION,))}, _ID).check(component, problems)
    cleaned["components"] = _children(component, (TEXT_DISPLAY,), 1, 3, problems)
    if component.get("accessory") is None:
        problems.at("accessory").add("BASE_TYPE_REQUIRED", "This field is required")
    else:
        cleaned["accessory"] = _clean(
            component["accessory"], (BUTTON, THUMBNAIL), problems.at("accessory")
        )
    return cleaned


def _check_button(button: Json, problems: Problems) -> None:
    """What a button needs and must not have depends on its style (docs, "Button")."""
    style = button.get("style")
    if style == _LINK:
        _check_link(button, problems)
    elif style == _PREMIUM:
        if not button.get("sku_id"):
            problems.add("BUTTON_COMPONENT_SKU_ID_REQUIRED", "A sku id is required")
        if any(button.get(name) for name in ("custom_id", "label", "url", "emoji")):
            problems.add(
                "BUTTON_COMPONENT_INVALID_PREMIUM",
                "A premium button cannot have a custom id, label, url or emoji",
            )
        return
    elif not button.get("custom_id"):
        problems.add("BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
    if button.get("custom_id") and button.get("url"):
        problems.add(
            "BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE",
            "A custom id and url cannot both be specified",
        )
    if not button.get("label") and not button.get("emoji"):
        problems.add("BUTTON_COMPONENT_INVALID_EMPTY", "Button must have a label or an emoji")


def _check_link(button: Json, problems: Problems) -> None:
    url = str(button.get("url") or "")
    if not url:
        problems.add("BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
    elif not url.startswith(("http://", "https://", "discord://")):
        problems.at("url").add(
            "URL_TYPE_INVALID_SCHEME",
            f'Scheme "{url.split(":", 1)[0]}" is not supported. '
            "Scheme must be one of ('http', 'https', 'discord').",
        )


def complete_select(select: Json, problems: Problems) -> None:
    """Fill a select's bounds and check them against its options."""
    select.setdefault("min_values", 1)
    select.setdefault("max_values", 1)
    low, high = select["min_values"], select["max_values"]
    if low > high:
        problems.at("max_values").add(
            "SELECT_COMPONENT_MIN_VALUES_EXCEEDED", "max_values must be at least min_values"
        )
    options: list[Json] = select.get("options", [])
    if options and high > len(options):
        problems.at("options").add(
            "BASE_TYPE_BAD_LENGTH", f"Must be between {high} and 25 in length."
        )
    check_option_values(options, high, problems)
    defaults: list[Json] = select.get("default_values", [])
    if len(defaults) > high:
        problems.at("default_values").add(
            "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length."
        )


def check_option_values(options: Sequence[Json], maximum: int, problems: Problems) -> None:
    """Option values differ, and no more are chosen from the start than may be."""
    seen: set[str] = set()
    for at, option in enumerate(options):
        value = str(option.get("value"))
        if value in seen:
            problems.at("options", at, "value").add(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(value)
    if sum(bool(option.get("default")) for option in options) > maximum:
        problems.at("options").add(
            "SELECT_COMPONENT_DEFAULTS_EXCEEDED", "More default options than max_values"
        )


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Every component below, parents before their children."""
    for component in components:
        if not component:
            continue
        yield component
        yield from walk(component.get("components", ()))
        for name in ("accessory", "component"):
            if component.get(name):
                yield from walk((component[name],))


def number_components(components: Sequence[Json]) -> None:
    """Give ids to those without one (or with 0), from 1 upwards, skipping ids in use."""
    taken = {component["id"] for component in walk(components) if component.get("id")}
    following = 1
    for component in walk(components):
        if component.get("id"):
            continue
        while following in taken:
            following += 1
        component["id"] = following
        taken.add(following)


def check_custom_ids(components: Sequence[Json], problems: Problems) -> None:
    """Custom ids and given ids are unique in a message or a modal."""
    seen: set[str] = set()
    ids: set[int] = set()
    for at, root in enumerate(components):
        for component in walk((root,)):
            custom_id = component.get("custom_id")
            if custom_id in seen:
                problems.at(at).add(
                    "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated"
                )
            if custom_id:
                seen.add(str(custom_id))
            if component.get("id") and component["id"] in ids:
                problems.at(at).add("COMPONENT_ID_DUPLICATED", "Component id cannot be duplicated")
            ids.add(component.get("id", 0))


def _check_whole(components: Sequence[Json], problems: Problems, *, second: bool) -> None:
    check_custom_ids(components, problems)
    if not second:
        return
    everything = list(walk(components))
    if len(everything) > MAX_COMPONENTS_V2:
        problems.add(
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components cannot exceed {MAX_COMPONENTS_V2}",
        )
    if sum(len(str(one.get("content", ""))) for one in everything) > MAX_TEXT_V2:
        problems.add(
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"The total displayable text size cannot exceed {MAX_TEXT_V2} characters",
        )
