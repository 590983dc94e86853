"""From keywords to the options of a slash command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from discord_sandbox.driver.errors import OperationRefused
from discord_sandbox.driver.messages import Json
from discord_sandbox.driver.replies import plain

_BRANCHES = (1, 2)


def slash_options(command: Json, words: str, values: Mapping[str, Any]) -> list[Json]:
    """The nested options for `values`, below the subcommand that `words` names."""
    return _below(command.get("options", []), words.split(" ")[1:], values, None)


def autocomplete_options(
    command: Json, words: str, values: Mapping[str, Any], focus: str
) -> list[Json]:
    """The same with one option focused."""
    return _below(command.get("options", []), words.split(" ")[1:], values, focus)


def _below(
    definition: Sequence[Json], path: Sequence[str], values: Mapping[str, Any], focus: str | None
) -> list[Json]:
    known = {option["name"]: option for option in definition}
    if path:
        branch = known.get(path[0])
        if branch is None or branch["type"] not in _BRANCHES:
            raise OperationRefused(
                "unknown_subcommand", f"There is no {path[0]!r} in {list(known)}"
            )
        inside = _below(branch.get("options", []), path[1:], values, focus)
        return [{"name": branch["name"], "type": branch["type"], "options": inside}]
    options: list[Json] = []
    for name, value in values.items():
        option = known.get(name)
        if option is None:
            raise OperationRefused(
                "unknown_option", f"There is no option {name!r} in {list(known)}"
            )
        entry: Json = {"name": name, "type": option["type"], "value": plain(value)}
        if name == focus:
            entry["focused"] = True
        options.append(entry)
    return options
