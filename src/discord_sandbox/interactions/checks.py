"""A small language for request bodies, which answers as Discord does.

A rule looks at one JSON value, writes what is wrong into `Problems` and returns the cleaned
value. Discord's validation errors are a tree that mirrors the request, with a list `_errors` of
``{"code", "message"}`` at the place that is wrong (discord-api-docs, "Reference", "Error
Messages"); `Problems` builds exactly that tree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

type Json = dict[str, Any]

_INT64 = 2**63 - 1


class Problems:
    """Everything wrong with one request body, as Discord's nested `errors` object."""

    def __init__(self, tree: Json | None = None, path: tuple[str, ...] = ()) -> None:
        self.tree: Json = {} if tree is None else tree
        self._path = path

    def at(self, *keys: str | int) -> Problems:
        """Look at a place further down; list positions are given as integers."""
        return Problems(self.tree, (*self._path, *(str(key) for key in keys)))

    def add(self, code: str, message: str) -> None:
        """Write one error at this place."""
        node = self.tree
        for key in self._path:
            node = node.setdefault(key, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def __bool__(self) -> bool:
        return bool(self.tree)


class Rule(Protocol):
    """One expectation of one JSON value."""

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the cleaned value; what is wrong goes into `problems`."""
        ...


@dataclass(frozen=True, slots=True)
class Text:
    """A string with a length in Unicode code points and, if given, a pattern to match whole."""

    minimum: int = 0
    maximum: int | None = None
    pattern: re.Pattern[str] | None = None
    pattern_error: tuple[str, str] = (
        "STRING_TYPE_REGEX",
        "String value did not match validation regex.",
    )

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Numbers are taken as their text, as Discord does."""
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            problems.add("STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return ""
        text = str(value)
        if not check_length(len(text), self.minimum, self.maximum, problems):
            return text
        if self.pattern is not None and not self.pattern.fullmatch(text):
            problems.add(*self.pattern_error)
        return text


@dataclass(frozen=True, slots=True)
class Integer:
    """An integer within limits, both inclusive; decimal strings count, as with Discord."""

    minimum: int = -_INT64
    maximum: int = _INT64

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return an int; 0 when it was none."""
        try:
            if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
                raise ValueError  # noqa: TRY301 - one place says what is wrong
            number = int(value)
        except (TypeError, ValueError):
            problems.add("NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return 0
        check_range(number, self.minimum, self.maximum, problems, kind="int")
        return number


@dataclass(frozen=True, slots=True)
class Number:
    """A number within limits, both inclusive."""

    minimum: float = float("-inf")
    maximum: float = float("inf")

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the number unchanged; 0 when it was none."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems.add("NUMBER_TYPE_COERCE", f'Value "{value}" is not float.')
            return 0
        check_range(value, self.minimum, self.maximum, problems, kind="float")
        return value


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the boolean; false when it was none."""
        if not isinstance(value, bool):
            problems.add("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return False
        return value


@dataclass(frozen=True, slots=True)
class Snowflake:
    """An id: a decimal string (or an integer) of 64 bits; cleaned to the string."""

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the id as a decimal string."""
        text = str(value)
        if isinstance(value, bool) or not text.isdecimal() or int(text) > _INT64:
            problems.add("NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            return "0"
        return text


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few values."""

    values: tuple[Any, ...]

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the value itself."""
        if isinstance(value, bool) or value not in self.values:
            allowed = ", ".join(str(one) for one in self.values)
            problems.add("BASE_TYPE_CHOICES", f"Value must be one of {{{allowed}}}.")
        return value


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of `minimum` to `maximum` values of one rule."""

    rule: Rule
    minimum: int = 0
    maximum: int | None = None

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the list of cleaned values."""
        if not isinstance(value, list):
            problems.add("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
            return []
        items = cast("Sequence[Any]", value)
        if not check_length(len(items), self.minimum, self.maximum, problems):
            return []
        return [self.rule.check(item, problems.at(at)) for at, item in enumerate(items)]


@dataclass(frozen=True, slots=True)
class TextMap:
    """An object of texts by locale; every key must be one of Discord's locales."""

    rule: Text

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return a plain dictionary from locale to text."""
        if not isinstance(value, dict):
            problems.add("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType.")
            return {}
        entries = cast("Mapping[str, Any]", value)
        cleaned: dict[str, str] = {}
        for locale, text in entries.items():
            here = problems.at(locale)
            if locale not in LOCALES:
                here.add("BASE_TYPE_CHOICES", "Value must be one of the supported locales.")
                continue
            cleaned[locale] = self.rule.check(text, here)
        return cleaned


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: `need` must be there, `may` can be missing or null (and is then left out)."""

    need: Mapping[str, Rule] = field(default_factory=dict[str, Rule])
    may: Mapping[str, Rule] = field(default_factory=dict[str, Rule])

    def check(self, value: Any, problems: Problems) -> Any:  # noqa: ANN401 - JSON from outside
        """Return the known fields only: Discord ignores what it does not know."""
        if not isinstance(value, dict):
            problems.add("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType.")
            return {}
        body = cast("Json", value)
        cleaned: Json = {}
        for name, rule in self.need.items():
            if body.get(name) is None:
                problems.at(name).add("BASE_TYPE_REQUIRED", "This field is required")
            else:
                cleaned[name] = rule.check(body[name], problems.at(name))
        for name, rule in self.may.items():
            if body.get(name) is not None:
                cleaned[name] = rule.check(body[name], problems.at(name))
        return cleaned


def check_length(length: int, minimum: int, maximum: int | None, problems: Problems) -> bool:
    """Say in Discord's words that a length is out of bounds; True when it is fine."""
    if maximum is None:
        if length < minimum:
            problems.add("BASE_TYPE_MIN_LENGTH", f"Must be {minimum} or more in length.")
        return length >= minimum
    if minimum <= length <= maximum:
        return True
    if minimum == 0:
        problems.add("BASE_TYPE_MAX_LENGTH", f"Must be {maximum} or fewer in length.")
    else:
        problems.add("BASE_TYPE_BAD_LENGTH", f"Must be between {minimum} and {maximum} in length.")
    return False


def check_range(
    value: float, minimum: float, maximum: float, problems: Problems, *, kind: str
) -> None:
    """Say in Discord's words that a number is out of bounds."""
    if value < minimum:
        problems.add(
            "NUMBER_TYPE_MIN", f"{kind} value should be greater than or equal to {minimum}."
        )
    elif value > maximum:
        problems.add("NUMBER_TYPE_MAX", f"{kind} value should be less than or equal to {maximum}.")


LOCALES = frozenset({
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he",
    "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru",
    "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
})  # fmt: skip
"""The locales of Discord's clients (OpenAPI: AvailableLocalesEnum)."""
