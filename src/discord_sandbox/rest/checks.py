"""Reading a JSON body field by field, noting every problem as Discord words it."""

from collections.abc import Collection
from datetime import datetime
from typing import cast

from discord_sandbox.rest.errors import FormErrors
from discord_sandbox.world.models import Json
from discord_sandbox.world.snowflakes import parse

REQUIRED = ("BASE_TYPE_REQUIRED", "This field is required")


class Body:
    """A body being read; call :meth:`done` before using what was read.

    A field that is absent or null reads as None; ``in body`` tells the two apart.

    Attributes:
        sent: The object as the client sent it.
        errors: What is wrong so far.
    """

    def __init__(self, sent: Json, errors: FormErrors | None = None, path: str = "") -> None:
        self.sent = sent
        self.errors = FormErrors() if errors is None else errors
        self._path = path

    def __contains__(self, name: str) -> bool:
        return name in self.sent

    def at(self, name: str) -> str:
        """Return the field's full path."""
        return f"{self._path}.{name}" if self._path else name

    def note(self, name: str, code: str, message: str) -> None:
        """Note a problem of one field."""
        self.errors.add(self.at(name), code, message)

    def done(self) -> None:
        """Raise 50035 with everything that was noted."""
        self.errors.raise_if_any()

    def _value(self, name: str, *, required: bool) -> object:
        value = self.sent.get(name)
        if value is None and required:
            self.note(name, *REQUIRED)
        return value

    def text(
        self,
        name: str,
        *,
        lowest: int = 0,
        highest: int = 6000,
        required: bool = False,
    ) -> str | None:
        """Return a string of bounded length."""
        value = self._value(name, required=required)
        if value is None:
            return None
        if not isinstance(value, str):
            self.note(name, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
            return None
        self.length(name, value, lowest, highest)
        return value

    def length(self, name: str, value: str, lowest: int, highest: int) -> None:
        """Note a string that is too short or too long."""
        size = len(value)
        if lowest <= size <= highest:
            return
        if lowest > 1 or (lowest and size):
            message = f"Must be between {lowest} and {highest} in length."
            self.note(name, "BASE_TYPE_BAD_LENGTH", message)
        elif size < lowest:
            self.note(name, *REQUIRED)
        else:
            message = f"Must be {highest} or fewer in length."
            self.note(name, "BASE_TYPE_MAX_LENGTH", message)

    def integer(
        self,
        name: str,
        *,
        lowest: int | None = None,
        highest: int | None = None,
        required: bool = False,
    ) -> int | None:
        """Return a bounded integer (a string of digits counts, as Discord takes it)."""
        value = self._value(name, required=required)
        if value is None:
            return None
        try:
            number = int(cast("str | int", value))
        except (ValueError, TypeError, OverflowError):
            number = None
        if number is None or (isinstance(value, (bool, float)) and number != value):
            self.note(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if lowest is not None and number < lowest:
            message = f"int value should be greater than or equal to {lowest}."
            self.note(name, "NUMBER_TYPE_MIN", message)
        elif highest is not None and number > highest:
            message = f"int value should be less than or equal to {highest}."
            self.note(name, "NUMBER_TYPE_MAX", message)
        return number

    def choice(self, name: str, allowed: Collection[int], *, required: bool = False) -> int | None:
        """Return one of a few numbers."""
        number = self.integer(name, required=required)
        if number is not None and number not in allowed:
            shown = ", ".join(str(each) for each in sorted(allowed))
            self.note(name, "BASE_TYPE_CHOICES", f"Value must be one of {{{shown}}}.")
        return number

    def boolean(self, name: str) -> bool | None:
        """Return a boolean."""
        value = self._value(name, required=False)
        if value is None:
            return None
        if not isinstance(value, bool):
            message = f'Must be either true or false. (got "{value}")'
            self.note(name, "BOOLEAN_TYPE_CONVERT", message)
            return None
        return value

    def snowflake(self, name: str, *, required: bool = False) -> int | None:
        """Return an id, sent as a string or a number."""
        value = self._value(name, required=required)
        if value is None:
            return None
        number = parse(str(value)) if isinstance(value, (str, int)) else None
        if number is None:
            self.note(name, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return number

    def snowflakes(self, name: str, highest: int = 250) -> list[int] | None:
        """Return a bounded list of ids."""
        values = self.items(name, highest=highest)
        if values is None:
            return None
        result: list[int] = []
        for index, value in enumerate(values):
            number = parse(str(value))
            if number is None:
                message = f'Value "{value}" is not snowflake.'
                self.note(f"{name}.{index}", "NUMBER_TYPE_COERCE", message)
            else:
                result.append(number)
        return result

    def permissions(self, name: str) -> int | None:
        """Return permission bits, sent as a string of digits (or a number)."""
        return self.integer(name, lowest=0)

    def moment(self, name: str, *, required: bool = False) -> datetime | None:
        """Return an ISO 8601 time."""
        value = self._value(name, required=required)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            message = f"Could not parse {value}. Should be ISO8601."
            self.note(name, "DATE_TIME_TYPE_PARSE", message)
            return None
        return moment if moment.tzinfo is not None else moment.astimezone()

    def items(
        self, name: str, *, lowest: int = 0, highest: int = 100, required: bool = False
    ) -> list[object] | None:
        """Return a list of bounded length."""
        value = self._value(name, required=required)
        if value is None:
            return None
        if not isinstance(value, list):
            self.note(name, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return None
        items = cast("list[object]", value)
        if len(items) > highest:
            message = f"Must be {highest} or fewer in length."
            self.note(name, "BASE_TYPE_MAX_LENGTH", message)
        elif len(items) < lowest:
            message = f"Must be {lowest} or more in length."
            self.note(name, "BASE_TYPE_MIN_LENGTH", message)
        return items

    def objects(
        self, name: str, *, lowest: int = 0, highest: int = 100, required: bool = False
    ) -> "list[Body] | None":
        """Return a list of objects, each as a :class:`Body` that notes into the same errors."""
        items = self.items(name, lowest=lowest, highest=highest, required=required)
        if items is None:
            return None
        found: list[Body] = []
        for index, item in enumerate(items):
            path = f"{self.at(name)}.{index}"
            if isinstance(item, dict):
                found.append(Body(cast("Json", item), self.errors, path))
            else:
                message = "Only dictionaries may be used in a ModelType"
                self.errors.add(path, "MODEL_TYPE_CONVERT", message)
        return found

    def object(self, name: str, *, required: bool = False) -> "Body | None":
        """Return an object inside this one."""
        value = self._value(name, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            message = "Only dictionaries may be used in a ModelType"
            self.note(name, "MODEL_TYPE_CONVERT", message)
            return None
        return Body(cast("Json", value), self.errors, self.at(name))
