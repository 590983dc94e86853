"""Collecting changes of one object, with the audit log's list of what changed."""

from typing import Any

from discord_sandbox.world.models import Json

_AS_TEXT = ("permissions", "allow", "deny")


class Changes:
    """Notes new values for an object's attributes and applies those that differ.

    Attributes:
        listed: The audit log's ``changes`` after :meth:`apply`.
    """

    def __init__(self, target: object) -> None:
        self._target = target
        self._new: dict[str, Any] = {}
        self._shown: dict[str, str] = {}
        self.listed: list[Json] = []

    def set(self, name: str, value: object, *, shown: str | None = None) -> None:
        """Note a new value; None means "not sent". ``shown`` is Discord's name if it differs."""
        if value is not None:
            self.put(name, value, shown=shown)

    def put(self, name: str, value: object, *, shown: str | None = None) -> None:
        """Note a new value, None included."""
        self._new[name] = value
        self._shown[name] = shown or name

    def apply(self) -> bool:
        """Write the values that differ; returns whether any did."""
        for name, value in self._new.items():
            old = getattr(self._target, name)
            if old == value:
                continue
            setattr(self._target, name, value)
            change: Json = {"key": self._shown[name]}
            if old is not None:
                change["old_value"] = _plain(name, old)
            if value is not None:
                change["new_value"] = _plain(name, value)
            self.listed.append(change)
        return bool(self.listed)


def _plain(name: str, value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and (name.endswith("_id") or name in _AS_TEXT):
        return str(value)
    if isinstance(value, (int, str)):
        return value
    return str(value)
