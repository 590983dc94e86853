"""Persistent components: a click finds its handler by the custom id alone, after restarts too."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord

from seraphim.kernel.errors import SeraphimError
from seraphim.kernel.texts import N_

MAX_CUSTOM_ID = 100
"""Characters (Discord, "Component Reference: Custom ID")."""

type ComponentHandler = Callable[[discord.Interaction, tuple[str, ...]], Awaitable[None]]


class UnknownComponent(SeraphimError):
    """The button belongs to something this version no longer knows."""

    code = "component.unknown"
    http_status = 404
    message = N_("This button is from an older message and no longer works. Run the command again.")


@dataclass(frozen=True, slots=True)
class Component:
    """What happens when somebody presses, chooses or submits something with this custom id."""

    feature: str
    action: str
    handle: ComponentHandler
    """Gets the interaction and the arguments after ``feature:action``."""
    private: bool = True
    """Whether an error or a late answer is shown to the member only."""


def custom_id(feature: str, action: str, *args: str | int) -> str:
    """Return ``feature:action:arg...``.

    Raises:
        ValueError: Longer than Discord's 100 characters, or a part holds a colon.
    """
    parts = (feature, action, *(str(arg) for arg in args))
    if any(":" in part for part in parts):
        raise ValueError(f"a part of a custom id may not hold a colon: {parts}")
    joined = ":".join(parts)
    if len(joined) > MAX_CUSTOM_ID:
        raise ValueError(f"a custom id has at most {MAX_CUSTOM_ID} characters: {joined}")
    return joined


class Router:
    """Finds the component of a custom id."""

    def __init__(self, components: Iterable[Component]) -> None:
        self._components: dict[tuple[str, str], Component] = {}
        for component in components:
            key = (component.feature, component.action)
            if key in self._components:
                raise ValueError(f"two components answer to {component.feature}:{component.action}")
            self._components[key] = component

    def route(self, raw: str) -> tuple[Component, tuple[str, ...]]:
        """Return the component and the arguments of a custom id.

        Raises:
            UnknownComponent: Nobody answers to it.
        """
        feature, _, rest = raw.partition(":")
        action, *args = rest.split(":")
        component = self._components.get((feature, action))
        if component is None:
            raise UnknownComponent
        return component, tuple(args)


def selected(interaction: discord.Interaction) -> tuple[str, ...]:
    """Return the values chosen in the select menu that was used."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    return tuple(str(value) for value in data.get("values", ()))


def modal_values(interaction: discord.Interaction) -> dict[str, str]:
    """Return what was typed into a modal, by field name.

    Discord nests each input in a label (type 18) or, in older modals, in an action row (type 1).
    """
    data = cast("Mapping[str, Any]", interaction.data or {})
    values: dict[str, str] = {}
    for holder in data.get("components", ()):
        inner: list[dict[str, Any]] = holder.get("components") or [holder.get("component") or {}]
        for item in inner:
            if "custom_id" in item:
                values[str(item["custom_id"])] = str(item.get("value") or "")
    return values
