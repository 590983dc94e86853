"""What a person can start: commands, autocomplete, components, modals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from discord_sandbox.interactions.access import list_offered
from discord_sandbox.interactions.checks import Json, Problems
from discord_sandbox.interactions.command_rules import (
    ATTACHMENT,
    CHANNEL,
    CHAT_INPUT,
    MENTIONABLE,
    MESSAGE,
    ROLE,
    USER,
    USER_OPTION,
)
from discord_sandbox.interactions.component_rules import (
    BUTTON,
    CHANNEL_SELECT,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    SELECTS,
    STRING_SELECT,
    USER_SELECT,
    walk,
)
from discord_sandbox.interactions.exchange import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Exchange,
    Interaction,
)
from discord_sandbox.interactions.modal_values import FieldsInvalid, submitted_components
from discord_sandbox.interactions.option_values import (
    check_options,
    collect_ids,
    find_definition,
    focused_option,
)
from discord_sandbox.interactions.payload import find_user, interaction_json, resolved_json
from discord_sandbox.interactions.registry import Command, CommandRegistry, Scope
from discord_sandbox.world.models import Application, Attachment, Channel, Guild, Message, User
from discord_sandbox.world.permissions import can_view
from discord_sandbox.world.world import World

_LINK, _PREMIUM = 5, 6
_SELECT_IDS = {
    USER_SELECT: USER_OPTION,
    ROLE_SELECT: ROLE,
    MENTIONABLE_SELECT: MENTIONABLE,
    CHANNEL_SELECT: CHANNEL,
}


class Refused(Exception):
    """A person's client would not let them do this.

    Attributes:
        code: A short name, such as ``unknown_command``.
        message: A sentence for the person.
        details: Where something is wrong, as a nested `errors` object.
    """

    def __init__(self, code: str, message: str, details: Json | None = None) -> None:
        super().__init__(f"{code}: {message}" + (f" {details}" if details else ""))
        self.code = code
        self.message = message
        self.details = details


class Interactions:
    """The sandbox's interactions: `commands` that exist and the `exchange` of living ones."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.exchange = Exchange(world.new_id, world.clock.monotonic, world.emit)
        self.commands = CommandRegistry(world.new_id, self._commands_changed)
        self._command_listeners: list[Callable[[Scope], None]] = []
        self.uploads: dict[int, Attachment] = {}

    def on_commands_changed(self, listener: Callable[[Scope], None]) -> Callable[[], None]:
        """Call `listener` with the scope after every change of commands; returns how to stop."""
        self._command_listeners.append(listener)
        return lambda: self._command_listeners.remove(listener)

    def _commands_changed(self, scope: Scope) -> None:
        for listener in tuple(self._command_listeners):
            listener(scope)

    def list_offered(self, user: User, channel: Channel) -> list[Command]:
        """The commands this person sees in this channel."""
        guild = channel.guild
        member = guild.members.get(user.id) if guild is not None else None
        now = self.world.clock.now()
        return list_offered(self.commands, guild, member, channel, now)

    def slash(self, user: User, channel: Channel, command_id: int, options: object) -> Interaction:
        """Use a slash command.

        Args:
            user: The person.
            channel: Where; they must be able to see it.
            command_id: One of the commands offered there.
            options: ``[{"name", "type", "value" | "options"}]``.

        Raises:
            Refused: The person's client would not send this.
        """
        command = self._offered(user, channel, command_id, (CHAT_INPUT,))
        checked = self._options(command, channel, options, completing=False)
        data = _command_data(command)
        if checked:
            data["options"] = checked
        resolved = self._resolved(user, channel, checked)
        if resolved:
            data["resolved"] = resolved
        return self._start(COMMAND, user, channel, data, command)

    def autocomplete(
        self, user: User, channel: Channel, command_id: int, options: object
    ) -> Interaction:
        """Ask for choices; await the interaction's `choices`.

        Raises:
            Refused: No option is focused, or the focused one has no autocomplete.
        """
        command = self._offered(user, channel, command_id, (CHAT_INPUT,))
        checked = self._options(command, channel, options, completing=True)
        focused = focused_option(checked)
        definition = command.body.get("options", ())
        wanted = focused and find_definition(definition, checked, focused["name"])
        if not wanted or not wanted.get("autocomplete"):
            raise Refused("no_autocomplete", "One option with autocomplete must be focused.")
        data = {**_command_data(command), "options": checked}
        resolved = self._resolved(user, channel, checked)
        if resolved:
            data["resolved"] = resolved
        return self._start(AUTOCOMPLETE, user, channel, data, command)

    def context(self, user: User, channel: Channel, command_id: int, target_id: int) -> Interaction:
        """Use a user or message command on its target.

        Raises:
            Refused: Unknown command, or no such user or message here.
        """
        command = self._offered(user, channel, command_id, (USER, MESSAGE))
        data = {**_command_data(command), "target_id": str(target_id)}
        if command.kind == USER:
            if find_user(channel.guild, channel, target_id) is None:
                raise Refused("unknown_user", "There is no such user here.")
            data["resolved"] = resolved_json(
                channel.guild, channel, user, {USER_OPTION: [target_id]}, {}
            )
        else:
            message = self.visible_message(user, channel, target_id)
            data["resolved"] = resolved_json(channel.guild, channel, user, {}, {}, [message])
        return self._start(COMMAND, user, channel, data, command)

    def click(self, user: User, channel: Channel, message_id: int, custom_id: str) -> Interaction:
        """Press a button of a message.

        Raises:
            Refused: No such button, or it is disabled or a link.
        """
        message, component = self._component(user, channel, message_id, custom_id, (BUTTON,))
        if component["style"] in (_LINK, _PREMIUM):
            raise Refused("not_interactive", "Link and premium buttons send no interaction.")
        data: Json = {
            "custom_id": custom_id,
            "component_type": BUTTON,
            "id": component["id"],
        }
        return self._start_component(user, message, data)

    def select(
        self,
        user: User,
        channel: Channel,
        message_id: int,
        custom_id: str,
        values: Sequence[str],
    ) -> Interaction:
        """Choose from a select menu: option values, or ids of users, roles and channels.

        Raises:
            Refused: No such menu, too few or too many values, or one that is not in it.
        """
        message, component = self._component(user, channel, message_id, custom_id, SELECTS)
        kind = component["type"]
        self.check_selection(channel, component, values)
        data: Json = {
            "custom_id": custom_id,
            "component_type": kind,
            "id": component["id"],
            "values": list(values),
        }
        if kind != STRING_SELECT:
            wanted = {_SELECT_IDS[kind]: [int(value) for value in values]}
            data["resolved"] = resolved_json(channel.guild, channel, user, wanted, {})
        return self._start_component(user, message, data)

    def modal_submit(
        self, user: User, interaction_id: int, custom_id: str, fields: Mapping[str, Any]
    ) -> Interaction:
        """Send a modal that was opened by an answer to `interaction_id`.

        Args:
            user: The person who opened it.
            interaction_id: What was answered with the modal.
            custom_id: The modal's.
            fields: Values by the fields' custom ids: a text, a list of values or ids, a boolean.

        Raises:
            Refused: No such modal, or fields that its rules do not allow.
        """
        trigger = self.exchange.find_by_id(interaction_id)
        if trigger is None or trigger.user is not user or trigger.modal is None:
            raise Refused("unknown_modal", "This modal is not open.")
        if trigger.modal["custom_id"] != custom_id:
            raise Refused("unknown_modal", f'The open modal is "{trigger.modal["custom_id"]}".')
        channel = trigger.channel
        try:
            components, wanted = submitted_components(
                trigger.modal["components"],
                fields,
                lambda field, values: self.check_selection(channel, field, values),
            )
        except FieldsInvalid as invalid:
            sentence = "The modal does not accept these values."
            raise Refused("invalid_fields", sentence, invalid.errors) from invalid
        data: Json = {"custom_id": custom_id, "components": components}
        resolved = resolved_json(channel.guild, channel, user, wanted, self.uploads)
        if resolved:
            data["resolved"] = resolved
        trigger.modal = None
        interaction = self.exchange.open(
            MODAL_SUBMIT,
            trigger.application,
            user,
            channel,
            data,
            source=trigger.source,
            trigger=trigger,
        )
        self.exchange.dispatch(interaction, interaction_json(interaction))
        return interaction

    def check_selection(self, channel: Channel, select: Json, values: Sequence[str]) -> None:
        """Refuse a choice that a select menu does not allow."""
        low, high = select.get("min_values", 1), select.get("max_values", 1)
        if not low <= len(values) <= high or len(set(values)) != len(values):
            raise Refused("bad_selection", f"Choose between {low} and {high} different values.")
        if select["type"] == STRING_SELECT:
            allowed = {option["value"] for option in select["options"]}
            if not allowed.issuperset(values):
                raise Refused("bad_selection", "That value is not in the menu.")
            return
        kind = _SELECT_IDS[select["type"]]
        types: Sequence[int] = select.get("channel_types", ())
        for value in values:
            if not value.isdecimal() or not self._exists(channel, kind, int(value), types):
                raise Refused("bad_selection", f'"{value}" cannot be chosen here.')

    def visible_message(self, user: User, channel: Channel, message_id: int) -> Message:
        """A message the person can see; raises Refused."""
        message = channel.messages.get(message_id)
        hidden = message is not None and message.ephemeral_for not in (None, user.id)
        if message is None or hidden or not self._sees(user, channel):
            raise Refused("unknown_message", "There is no such message here.")
        return message

    def _sees(self, user: User, channel: Channel) -> bool:
        if channel.guild is None:
            return user in channel.recipients
        return can_view(channel.guild, user.id, channel)

    def _offered(
        self, user: User, channel: Channel, command_id: int, kinds: Sequence[int]
    ) -> Command:
        if self._sees(user, channel):
            for command in self.list_offered(user, channel):
                if command.id == command_id and command.kind in kinds:
                    return command
        raise Refused("unknown_command", "This command cannot be used here.")

    def _options(
        self, command: Command, channel: Channel, options: object, *, completing: bool
    ) -> list[Json]:
        problems = Problems()
        checked = check_options(
            command.body.get("options", ()),
            options,
            problems,
            lambda kind, one, types: (
                (kind in (USER_OPTION, MENTIONABLE) and one in self.world.users)
                or self._exists(channel, kind, one, types)
            ),
            completing=completing,
        )
        if problems:
            raise Refused("invalid_options", "The options are not valid.", problems.tree)
        return checked

    def _resolved(self, user: User, channel: Channel, checked: Sequence[Json]) -> Json:
        """Full objects for the ids in options, where people may name users who are no members."""
        wanted, everybody = collect_ids(checked), self.world.users
        return resolved_json(
            channel.guild, channel, user, wanted, self.uploads, everybody=everybody
        )

    def _exists(self, channel: Channel, kind: int, one: int, types: Sequence[int]) -> bool:
        guild: Guild | None = channel.guild
        if kind == ATTACHMENT:
            return one in self.uploads
        if kind in (USER_OPTION, MENTIONABLE) and find_user(guild, channel, one) is not None:
            return True
        if guild is None:
            return False
        if kind in (ROLE, MENTIONABLE) and one in guild.roles:
            return True
        found = guild.channels.get(one) or guild.threads.get(one)
        if kind == CHANNEL and found is not None:
            return not types or found.type in types
        return False

    def _component(
        self,
        user: User,
        channel: Channel,
        message_id: int,
        custom_id: str,
        kinds: Sequence[int],
    ) -> tuple[Message, Json]:
        message = self.visible_message(user, channel, message_id)
        for component in walk(message.components):
            if component.get("custom_id") == custom_id and component["type"] in kinds:
                if self._timed_out(user, channel):
                    raise Refused("timed_out", "You are timed out.")
                if component.get("disabled"):
                    raise Refused("disabled", "This component is disabled.")
                return message, component
        raise Refused("unknown_component", f'The message has no such component "{custom_id}".')

    def _timed_out(self, user: User, channel: Channel) -> bool:
        member = channel.guild.members.get(user.id) if channel.guild is not None else None
        until = member.timeout_until if member is not None else None
        return until is not None and until > self.world.clock.now()

    def _start_component(self, user: User, message: Message, data: Json) -> Interaction:
        application_id = message.application_id or message.author.id
        application = self.world.applications.get(application_id)
        if application is None:
            raise Refused("no_application", "No application answers for this message.")
        interaction = self.exchange.open(
            COMPONENT, application, user, message.channel, data, source=message
        )
        self.exchange.dispatch(interaction, interaction_json(interaction))
        return interaction

    def _start(
        self, kind: int, user: User, channel: Channel, data: Json, command: Command
    ) -> Interaction:
        application: Application = self.world.applications[command.application_id]
        interaction = self.exchange.open(kind, application, user, channel, data, command=command)
        self.exchange.dispatch(interaction, interaction_json(interaction))
        return interaction


def _command_data(command: Command) -> Json:
    data: Json = {"id": str(command.id), "name": command.name, "type": command.kind}
    if command.guild_id is not None:
        data["guild_id"] = str(command.guild_id)
    return data
