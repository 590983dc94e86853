"""What the surface reads out of a command besides its code, and what it insists on."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import discord
from discord import app_commands

from seraphim.kernel.feature import Feature
from seraphim.surfaces.discord.interactions import Facts

if TYPE_CHECKING:
    from seraphim.kernel.texts import Translator

type AnyCommand = app_commands.Command[Any, ..., Any]
type Registered = AnyCommand | app_commands.Group | app_commands.ContextMenu

_UNDESCRIBED = frozenset({"", "…", "..."})


def slash(
    name: str,
    description: str,
    *,
    private: bool = False,
    cost: float = 1.0,
    free_text: Sequence[str] = (),
) -> Callable[[Callable[..., Awaitable[None]]], AnyCommand]:
    """Turn a function into a command, with the surface's traits; see :func:`traits`."""

    def make(callback: Callable[..., Awaitable[None]]) -> AnyCommand:
        extras = dict(traits(private=private, cost=cost, free_text=free_text))
        return app_commands.command(
            name=name, description=description, extras=cast("dict[Any, Any]", extras)
        )(cast("Any", callback))

    return make


def worded(words: Mapping[str, str]) -> list[app_commands.Choice[str]]:
    """Return the fixed choices of an option; Discord shows them in each member's language.

    Args:
        words: What the code is told, and the message id of what members read. Discord takes at
            most 25 choices, each of at most 100 characters.
    """
    return [app_commands.Choice(name=name, value=value) for value, name in words.items()]


def traits(
    *, private: bool = False, cost: float = 1.0, free_text: Sequence[str] = ()
) -> dict[str, object]:
    """Return the ``extras`` of a command.

    Args:
        private: The automatic deferral is ephemeral, because the answer will be.
        cost: Tokens the command takes from the member's bucket.
        free_text: Names of text options that rightly have no autocomplete and no choices.
    """
    return {"private": private, "cost": cost, "free_text": tuple(free_text)}


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """One command as help shows it."""

    feature: str
    name: str
    """Qualified: ``settings change``."""
    description: str
    options: tuple[tuple[str, str, bool], ...] = ()
    """Name, description, whether it is required."""
    kind: str = "slash"
    """slash, message or user."""
    needs_permissions: tuple[str, ...] = ()


def commands_of(feature: Feature) -> list[Registered]:
    """Return the feature's commands as the discord.py objects they must be.

    Raises:
        TypeError: The manifest holds something else.
    """
    kinds = (app_commands.Command, app_commands.Group, app_commands.ContextMenu)
    found: list[Registered] = []
    for value in feature.commands:
        if not isinstance(value, kinds):
            raise TypeError(f"{feature.name}: {value!r} is not an application command")
        found.append(value)  # pyright: ignore[reportUnknownArgumentType]  # generic parameters are erased at run time
    return found


def title_of(feature: str, translate: "Translator") -> str:
    """Return a feature's name as a heading, translated: ``rate_limit`` becomes Rate limit."""
    return translate(feature.replace("_", " ").capitalize())


def leaves(command: Registered) -> Iterator[AnyCommand | app_commands.ContextMenu]:
    """Yield what can be run: the command itself, or each command of a group."""
    if isinstance(command, app_commands.Group):
        for child in command.walk_commands():
            if isinstance(child, app_commands.Command):
                yield child
    else:
        yield command


def facts_of(command: AnyCommand | app_commands.ContextMenu, feature: Feature) -> Facts:
    """Return what the pipeline must know of a command."""
    root = _root(command)
    extras = command.extras
    return Facts(
        name=command.qualified_name,
        feature=feature.name,
        guild_only=not _allows_direct_messages(root),
        private=bool(extras.get("private", False)),
        cost=float(extras.get("cost", 1.0)),
    )


def entries(features: Iterable[Feature]) -> list[CommandEntry]:
    """Return every command of the catalogue, in the catalogue's order."""
    found: list[CommandEntry] = []
    for feature in features:
        for command in commands_of(feature):
            found.extend(_entry(leaf, feature) for leaf in leaves(command))
    return found


def faults(features: Sequence[Feature]) -> list[str]:
    """Return what is wrong with the catalogue, one sentence each; nothing means that it may run.

    Every command and option has a description; a text option has autocomplete or choices or is
    declared free text; names are unique; a command that works in direct messages is not an
    administrators' one; the settings' and components' feature names match the manifest.
    """
    found: list[str] = []
    names: set[tuple[str, str]] = set()
    for feature in features:
        for command in commands_of(feature):
            key = (type(command).__name__, command.name)
            if key in names:
                found.append(f"/{command.name} is defined twice")
            names.add(key)
            if isinstance(command, app_commands.Group) and command.description in _UNDESCRIBED:
                found.append(f"/{command.name} has no description")
            for leaf in leaves(command):
                found.extend(_leaf_faults(leaf))
        for component in feature.components:
            owner = getattr(component, "feature", None)
            if owner != feature.name:
                found.append(f"a component of {feature.name} says it belongs to {owner}")
    return found


def _leaf_faults(command: AnyCommand | app_commands.ContextMenu) -> Iterator[str]:
    if isinstance(command, app_commands.ContextMenu):
        return
    shown = f"/{command.qualified_name}"
    if command.description in _UNDESCRIBED:
        yield f"{shown} has no description"
    free_text = command.extras.get("free_text", ())
    for parameter in command.parameters:
        if str(parameter.description) in _UNDESCRIBED:
            yield f"{shown}: the option {parameter.display_name} has no description"
        is_text = parameter.type is discord.AppCommandOptionType.string
        guided = parameter.autocomplete or parameter.choices or parameter.name in free_text
        if is_text and not guided:
            yield f"{shown}: the option {parameter.display_name} has no autocomplete or choices"
    root = _root(command)
    if root.default_permissions is not None and _allows_direct_messages(root):
        yield f"{shown} asks for permissions but works in direct messages"


def _entry(command: AnyCommand | app_commands.ContextMenu, feature: Feature) -> CommandEntry:
    permissions = _root(command).default_permissions
    needed = tuple(name for name, on in permissions if on) if permissions else ()
    if isinstance(command, app_commands.ContextMenu):
        kind = "message" if command.type is discord.AppCommandType.message else "user"
        return CommandEntry(feature.name, command.name, "", (), kind, needed)
    options = tuple(
        (parameter.display_name, str(parameter.description), parameter.required)
        for parameter in command.parameters
    )
    return CommandEntry(
        feature.name, command.qualified_name, command.description, options, "slash", needed
    )


def _root(command: AnyCommand | app_commands.ContextMenu) -> Registered:
    if isinstance(command, app_commands.ContextMenu):
        return command
    return command.root_parent or command


def _allows_direct_messages(root: Registered) -> bool:
    contexts = root.allowed_contexts
    return contexts is not None and bool(contexts.dm_channel)
