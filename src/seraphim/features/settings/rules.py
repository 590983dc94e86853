"""What a person typed, as the value a settings field takes; and a value, as a person reads it."""

import re
import types
import typing
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from seraphim.kernel.errors import InvalidInput
from seraphim.kernel.ids import ChannelId, RoleId, UserId
from seraphim.kernel.marks import N_

type Kind = Literal["switch", "whole", "number", "choice", "text", "channel", "role", "member"]

ON_WORDS = frozenset({"on", "yes", "true", "1", "an", "ja", "ein", "wahr"})
OFF_WORDS = frozenset({"off", "no", "false", "0", "aus", "nein", "falsch"})
NOTHING_WORDS = frozenset({"none", "nothing", "-", "", "nichts", "keine", "keiner", "kein"})
_MENTIONS: dict[object, Kind] = {ChannelId: "channel", RoleId: "role", UserId: "member"}
_SNOWFLAKE = re.compile(r"^(?:<(?:#|@&|@!?)(\d{15,20})>|(\d{15,20}))$")
_PREFIXES: dict[Kind, str] = {"channel": "#", "role": "@&", "member": "@"}


@dataclass(frozen=True, slots=True)
class Shape:
    """What a settings field takes."""

    kind: Kind
    choices: tuple[str, ...] = ()
    is_list: bool = False
    is_optional: bool = False


class NotASwitch(InvalidInput):
    """Neither on nor off."""

    code = "settings.not_a_switch"
    message = N_("“{value}” is neither on nor off.")


class NotANumber(InvalidInput):
    """Text where a number belongs."""

    code = "settings.not_a_number"
    message = N_("“{value}” is not a number.")


class NotAChoice(InvalidInput):
    """None of the values that are possible."""

    code = "settings.not_a_choice"
    message = N_("“{value}” is not possible here. Choose one of: {choices}.")


class NotAMention(InvalidInput):
    """No channel, role or member."""

    code = "settings.not_a_mention"
    message = N_("“{value}” is no channel, role or member. Mention it or choose it from the list.")


def shape_of(annotation: object) -> Shape:
    """Return what a field with this annotation takes; unknown types are text."""
    if isinstance(annotation, typing.TypeAliasType):
        return shape_of(annotation.__value__)
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return shape_of(arguments[0])
    if origin in {typing.Union, types.UnionType}:
        inner = shape_of(next(each for each in arguments if each is not types.NoneType))
        return Shape(inner.kind, inner.choices, inner.is_list, types.NoneType in arguments)
    if origin in {tuple, list, set, frozenset}:
        inner = shape_of(arguments[0]) if arguments else Shape("text")
        return Shape(inner.kind, inner.choices, is_list=True)
    if origin is Literal:
        return Shape("choice", tuple(str(each) for each in arguments))
    return _plain_shape(annotation)


def _plain_shape(annotation: object) -> Shape:
    for known, kind in _MENTIONS.items():
        if annotation is known:
            return Shape(kind)
    if isinstance(annotation, type):
        if issubclass(annotation, bool):
            return Shape("switch", ("on", "off"))
        if issubclass(annotation, Enum):
            return Shape("choice", tuple(str(each.value) for each in annotation))
        if issubclass(annotation, int):
            return Shape("whole")
        if issubclass(annotation, float):
            return Shape("number")
    return Shape("text")


def read(typed: str, shape: Shape) -> object:
    """Return what ``typed`` means for a field of this shape; the model validates it further.

    Raises:
        InvalidInput: It cannot be meant; says what could.
    """
    text = typed.strip()
    if shape.is_list:
        if text.casefold() in NOTHING_WORDS:
            return []
        return [_read_one(part, shape) for part in re.split(r"[,;\n]+", text) if part.strip()]
    if shape.is_optional and text.casefold() in NOTHING_WORDS:
        return None
    return _read_one(text, shape)


def _read_one(typed: str, shape: Shape) -> object:
    text = typed.strip()
    match shape.kind:
        case "switch":
            return _read_switch(text)
        case "whole" | "number":
            return _read_number(text, whole=shape.kind == "whole")
        case "choice":
            found = [each for each in shape.choices if each.casefold() == text.casefold()]
            if not found:
                raise NotAChoice(value=text[:100], choices=", ".join(shape.choices))
            return found[0]
        case "channel" | "role" | "member":
            found_id = _SNOWFLAKE.match(text)
            if found_id is None:
                raise NotAMention(value=text[:100])
            return int(found_id[1] or found_id[2])
        case "text":
            return text


def _read_switch(text: str) -> bool:
    if text.casefold() in ON_WORDS:
        return True
    if text.casefold() in OFF_WORDS:
        return False
    raise NotASwitch(value=text[:100])


def _read_number(text: str, *, whole: bool) -> int | float:
    plain = text.rstrip("%").strip().replace(",", ".")
    try:
        return int(plain) if whole else float(plain)
    except ValueError:
        raise NotANumber(value=text[:100]) from None


def show(value: object, shape: Shape) -> str:
    """Return a value the way Discord shows it; nothing is a dash."""
    if value is None or value == "" or (shape.is_list and not value):
        return "—"
    if shape.is_list and isinstance(value, Iterable) and not isinstance(value, str):
        items: Iterable[Any] = value  # pyright: ignore[reportUnknownVariableType]  # a settings value may hold anything
        return ", ".join(_show_one(each, shape) for each in items)
    return _show_one(value, shape)


def _show_one(value: object, shape: Shape) -> str:
    if isinstance(value, Enum):
        value = value.value
    if shape.kind == "switch":
        return "✅" if value else "❌"
    if shape.kind in _PREFIXES:
        return f"<{_PREFIXES[shape.kind]}{value}>"
    return f"`{str(value).replace('`', "'")[:200]}`"


def nearest(
    typed: str, options: Collection[tuple[str, str]], limit: int
) -> Sequence[tuple[str, str]]:
    """Return the (label, value) pairs that begin with or hold what is typed, best first."""
    wanted = typed.strip().casefold()
    ranked = sorted(
        (pair for pair in options if wanted in pair[0].casefold() or wanted in pair[1].casefold()),
        key=lambda pair: not pair[0].casefold().startswith(wanted),
    )
    return ranked[:limit]
