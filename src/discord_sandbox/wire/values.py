"""Times, ids and bits as Discord writes them."""

from datetime import datetime


def timestamp(moment: datetime) -> str:
    """Return ISO 8601 with microseconds and offset, ``2026-01-01T00:00:00.000000+00:00``."""
    return moment.isoformat(timespec="microseconds")


def optional_timestamp(moment: datetime | None) -> str | None:
    """Return the timestamp, or None."""
    return None if moment is None else moment.isoformat(timespec="microseconds")


def optional_id(value: int | None) -> str | None:
    """Return the id as a string, or None."""
    return None if value is None else str(value)


def ids(values: "list[int] | dict[int, None]") -> list[str]:
    """Return the ids as strings."""
    return [str(value) for value in values]
