"""The application commands that exist: global ones and those of one guild, and who may use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from discord_sandbox.interactions.checks import Json, Problems
from discord_sandbox.interactions.command_rules import (
    CHAT_INPUT,
    LIMITS,
    clean_command,
)

type Scope = tuple[int, int | None]
"""An application id, and a guild id or None for global commands."""


class CommandsInvalid(Exception):
    """Commands that Discord would refuse.

    Attributes:
        errors: The nested `errors` object of a 50035 response.
    """

    def __init__(self, errors: Json) -> None:
        super().__init__(str(errors))
        self.errors = errors


class TooManyCommands(Exception):
    """The scope already has as many commands of this type as Discord allows (30032).

    Attributes:
        limit: How many it may have.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(f"maximum number of application commands reached ({limit})")
        self.limit = limit


@dataclass(slots=True, eq=False)
class Command:
    """One registered command.

    Attributes:
        id: Stays the same while its name, type and scope do.
        application_id: Whose it is.
        guild_id: None when it is global.
        version: A new snowflake with every change.
        body: The cleaned fields as `command_rules.clean_command` returns them.
    """

    id: int
    application_id: int
    guild_id: int | None
    version: int
    body: Json

    @property
    def name(self) -> str:
        """The name that people type or see in a menu."""
        return self.body["name"]

    @property
    def kind(self) -> int:
        """1 chat input, 2 user, 3 message."""
        return self.body["type"]

    def in_context(self, context: int) -> bool:
        """Whether it can be used in a guild (0) or in a DM with its bot (1)."""
        contexts: list[int] | None = self.body["contexts"]
        if self.guild_id is not None:
            return context == 0
        if contexts is None:  # the older field decides, as Discord migrated it
            return context == 0 or self.body["dm_permission"]
        return context in contexts


@dataclass(slots=True)
class CommandRegistry:
    """Every command of every application, and the permissions guilds gave them.

    Args:
        new_id: Makes snowflakes.
        changed: Called with the scope after every change, to tell the people's clients.
    """

    new_id: Callable[[], int]
    changed: Callable[[Scope], None] = field(default=lambda _scope: None)
    _scopes: dict[Scope, dict[int, Command]] = field(
        default_factory=dict[Scope, dict[int, Command]]
    )
    _permissions: dict[tuple[int, int, int], list[Json]] = field(
        default_factory=dict[tuple[int, int, int], list[Json]]
    )

    def list_commands(self, application_id: int, guild_id: int | None = None) -> list[Command]:
        """The commands of one scope in the order of their creation; at most 130."""
        return list(self._scopes.get((application_id, guild_id), {}).values())

    def list_usable(self, guild_id: int | None, application_ids: Iterable[int]) -> list[Command]:
        """Global commands and the guild's own, of these applications.

        A guild's command hides a global one of the same name and type, as in Discord's client.
        """
        usable: list[Command] = []
        for application_id in application_ids:
            own = self.list_commands(application_id, guild_id) if guild_id is not None else []
            hidden = {(command.kind, command.name) for command in own}
            usable += own
            usable += [
                command
                for command in self.list_commands(application_id)
                if (command.kind, command.name) not in hidden
            ]
        return usable

    def find(self, application_id: int, guild_id: int | None, command_id: int) -> Command | None:
        """The command of exactly this scope."""
        return self._scopes.get((application_id, guild_id), {}).get(command_id)

    def find_by_id(self, command_id: int) -> Command | None:
        """The command with this id, wherever it is."""
        for commands in self._scopes.values():
            if command_id in commands:
                return commands[command_id]
        return None

    def create(
        self, application_id: int, guild_id: int | None, body: object
    ) -> tuple[Command, bool]:
        """Add a command; one of the same name and type is replaced.

        Returns:
            The command, and whether it is new.

        Raises:
            CommandsInvalid: The body is not a valid command.
            TooManyCommands: There is no room for one more.
        """
        problems = Problems()
        cleaned = clean_command(body, problems)
        if problems:
            raise CommandsInvalid(problems.tree)
        scope = (application_id, guild_id)
        existing = self._find_same(scope, cleaned)
        if existing is not None:
            self._update(existing, cleaned)
            return existing, False
        same_kind = [one for one in self.list_commands(*scope) if one.kind == cleaned["type"]]
        if len(same_kind) >= LIMITS[cleaned["type"]]:
            raise TooManyCommands(LIMITS[cleaned["type"]])
        command = self._add(scope, cleaned)
        self.changed(scope)
        return command, True

    def edit(self, command: Command, body: Mapping[str, object]) -> Command:
        """Change the given fields of a command.

        Raises:
            CommandsInvalid: What would come out is not a valid command.
        """
        merged: Json = {key: value for key, value in command.body.items() if value is not None}
        if command.kind != CHAT_INPUT:
            merged.pop("description", None)
        merged.update(body)
        problems = Problems()
        cleaned = clean_command(merged, problems, kind=command.kind)
        other = self._find_same((command.application_id, command.guild_id), cleaned)
        if other is not None and other is not command:
            problems.at("name").add(
                "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique"
            )
        if problems:
            raise CommandsInvalid(problems.tree)
        self._update(command, cleaned)
        return command

    def delete(self, command: Command) -> None:
        """Forget a command."""
        scope = (command.application_id, command.guild_id)
        self._scopes[scope].pop(command.id, None)
        self.changed(scope)

    def overwrite(self, application_id: int, guild_id: int | None, bodies: object) -> list[Command]:
        """Replace all commands of a scope; those of a known name and type keep their id.

        Raises:
            CommandsInvalid: Nothing was changed.
        """
        problems = Problems()
        if not isinstance(bodies, list):
            problems.add("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType.")
            raise CommandsInvalid(problems.tree)
        given = cast("list[object]", bodies)
        cleaned = [clean_command(body, problems.at(at)) for at, body in enumerate(given)]
        self._check_set(cleaned, problems)
        if problems:
            raise CommandsInvalid(problems.tree)
        scope = (application_id, guild_id)
        before = {(one.kind, one.name): one for one in self.list_commands(*scope)}
        self._scopes[scope] = {}
        for body in cleaned:
            known = before.get((body["type"], body["name"]))
            if known is None:
                self._add(scope, body)
                continue
            self._scopes[scope][known.id] = known
            if known.body != body:
                known.body, known.version = body, self.new_id()
        self.changed(scope)
        return self.list_commands(*scope)

    def permissions(self, application_id: int, guild_id: int, subject_id: int) -> list[Json] | None:
        """The overwrites of a command, or of all (`subject_id` is the application's id).

        Returns:
            ``[{"id", "type": 1 role | 2 user | 3 channel, "permission"}]``, None if never set.
        """
        return self._permissions.get((application_id, guild_id, subject_id))

    def set_permissions(
        self, application_id: int, guild_id: int, subject_id: int, overwrites: list[Json]
    ) -> None:
        """Set the overwrites of a command, or of all; an empty list removes them."""
        key = (application_id, guild_id, subject_id)
        if overwrites:
            self._permissions[key] = overwrites
        else:
            self._permissions.pop(key, None)
        self.changed((application_id, guild_id))

    def list_permissions(self, application_id: int, guild_id: int) -> dict[int, list[Json]]:
        """All overwrites an application's commands have in a guild, by command."""
        return {
            subject: overwrites
            for (application, guild, subject), overwrites in self._permissions.items()
            if (application, guild) == (application_id, guild_id)
        }

    def _find_same(self, scope: Scope, body: Json) -> Command | None:
        for command in self._scopes.get(scope, {}).values():
            if (command.kind, command.name) == (body["type"], body["name"]):
                return command
        return None

    def _add(self, scope: Scope, body: Json) -> Command:
        command = Command(self.new_id(), scope[0], scope[1], self.new_id(), body)
        self._scopes.setdefault(scope, {})[command.id] = command
        return command

    def _update(self, command: Command, body: Json) -> None:
        if command.body != body:
            command.body, command.version = body, self.new_id()
            self.changed((command.application_id, command.guild_id))

    @staticmethod
    def _check_set(cleaned: list[Json], problems: Problems) -> None:
        seen: set[tuple[int, str]] = set()
        counts = dict.fromkeys(LIMITS, 0)
        for at, body in enumerate(cleaned):
            if not body:
                continue
            key = (body["type"], body["name"])
            if key in seen:
                problems.at(at, "name").add(
                    "APPLICATION_COMMANDS_DUPLICATE_NAME",
                    "Application command names must be unique",
                )
            seen.add(key)
            counts[body["type"]] += 1
        for kind, limit in LIMITS.items():
            if counts[kind] > limit:
                problems.add("BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")


def command_json(
    command: Command, *, with_localizations: bool = True, locale: str | None = None
) -> Json:
    """A command as Discord returns it (OpenAPI: `ApplicationCommandResponse`).

    Args:
        command: Which.
        with_localizations: Lists leave the dictionaries of localizations out unless asked.
        locale: Adds `name_localized` and `description_localized` where there is one.
    """
    body: Json = {
        "id": str(command.id),
        "application_id": str(command.application_id),
        "version": str(command.version),
    }
    if command.guild_id is not None:
        body["guild_id"] = str(command.guild_id)
    body |= _localized(command.body, with_localizations=with_localizations, locale=locale)
    if command.guild_id is not None:
        for name in ("dm_permission", "contexts", "integration_types"):
            body.pop(name, None)
    return body


def _localized(part: Json, *, with_localizations: bool, locale: str | None) -> Json:
    body: Json = {}
    for key, value in part.items():
        if key in ("options", "choices"):
            body[key] = [
                _localized(one, with_localizations=with_localizations, locale=locale)
                for one in value
            ]
        elif key in ("name_localizations", "description_localizations"):
            if with_localizations:
                body[key] = value
            texts: dict[str | None, str] = value or {}
            text = texts.get(locale)
            if text is not None:
                body[key.replace("localizations", "localized")] = text
        else:
            body[key] = value
    return body
