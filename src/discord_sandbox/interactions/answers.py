"""How an application answers: the callback, `@original` and follow-ups.

Source: discord-api-docs, "Receiving and Responding". Error codes: 10062 unknown interaction,
40060 already acknowledged, 10015 unknown webhook, 50027 invalid webhook token, 10008 unknown
message (docs, "Opcodes and Status Codes").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord_sandbox.interactions.checks import (
    Integer,
    Json,
    ListOf,
    Number,
    Problems,
    Shape,
    Text,
    TextMap,
)
from discord_sandbox.interactions.command_rules import INTEGER, NUMBER
from discord_sandbox.interactions.exchange import (
    AUTOCOMPLETE,
    COMMAND,
    MODAL_SUBMIT,
    Interaction,
)
from discord_sandbox.interactions.modal_rules import clean_modal
from discord_sandbox.interactions.option_values import find_definition, focused_option
from discord_sandbox.interactions.payload import legacy_interaction_json, metadata_json
from discord_sandbox.interactions.service import Interactions
from discord_sandbox.rest.errors import ApiError
from discord_sandbox.wire.messages import message_json
from discord_sandbox.world.bodies import Upload
from discord_sandbox.world.models import Message

PONG, SEND, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
EPHEMERAL, LOADING = 1 << 6, 1 << 7
_CHAT_INPUT_MESSAGE, _REPLY, _CONTEXT_MESSAGE = 20, 19, 23


def unknown_interaction() -> ApiError:
    """404, 10062: never existed, or three seconds went by without an answer."""
    return ApiError(404, 10062, "Unknown interaction")


def invalid_form(problems: Problems) -> ApiError:
    """400, 50035 with the tree of what is wrong."""
    return ApiError(400, 50035, "Invalid Form Body", problems.tree)


def answer(
    service: Interactions,
    interaction: Interaction,
    kind: int,
    data: Json,
    uploads: Sequence[Upload],
) -> Json | None:
    """Answer an interaction for the first time.

    Args:
        service: The sandbox's interactions.
        interaction: Found by `Exchange.find`.
        kind: The callback type.
        data: For messages a checked body, otherwise the callback's `data` as it came.
        uploads: Files that came with it.

    Returns:
        The `resource` of the callback response, None when the callback makes none.

    Raises:
        ApiError: 40060 on a second answer, 50035 when type or data do not fit.
    """
    if interaction.callback_type is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    _check_type(interaction, kind)
    if kind in (SEND, DEFER):
        return _send(service, interaction, kind, data, uploads)
    if kind in (DEFER_UPDATE, UPDATE):
        return _update(service, interaction, kind, data, uploads)
    if kind == CHOICES:
        _choose(service, interaction, data)
    elif kind == MODAL:
        _open_modal(service, interaction, data)
    return None


def _check_type(interaction: Interaction, kind: int) -> None:
    allowed = {SEND, DEFER}
    if interaction.kind == AUTOCOMPLETE:
        allowed = {CHOICES}
    else:
        if interaction.source is not None:
            allowed |= {DEFER_UPDATE, UPDATE}
        if interaction.kind != MODAL_SUBMIT:
            allowed.add(MODAL)
    if kind not in allowed:
        problems = Problems()
        names = ", ".join(str(one) for one in sorted(allowed))
        problems.at("type").add("BASE_TYPE_CHOICES", f"Value must be one of {{{names}}}.")
        raise invalid_form(problems)


def _send(
    service: Interactions,
    interaction: Interaction,
    kind: int,
    data: Json,
    uploads: Sequence[Upload],
) -> Json | None:
    ephemeral = bool(int(data.get("flags") or 0) & EPHEMERAL)
    interaction.callback_type = kind
    body = data if kind == SEND else {"flags": data.get("flags")}
    message = post(
        service,
        interaction,
        body,
        uploads if kind == SEND else (),
        ephemeral=ephemeral,
        loading=kind == DEFER,
    )
    interaction.original = message
    service.exchange.set_state(interaction, "answered" if kind == SEND else "deferred")
    return {"type": kind, "message": message_json(message, interaction.application.bot.id)}


def post(
    service: Interactions,
    interaction: Interaction,
    body: Json,
    uploads: Sequence[Upload],
    *,
    ephemeral: bool,
    loading: bool = False,
) -> Message:
    """Post a message that belongs to an interaction."""
    kind = _message_type(interaction)
    if kind == _REPLY and interaction.source is not None:
        body = {**body, "message_reference": {"message_id": str(interaction.source.id)}}
    legacy = legacy_interaction_json(interaction)
    return service.world.post_message(
        interaction.channel,
        interaction.application.bot,
        body,
        uploads=uploads,
        type=kind,
        ephemeral_for=interaction.user.id if ephemeral else None,
        interaction_metadata=metadata_json(interaction),
        interaction=legacy if interaction.original is None else None,
        webhook_id=interaction.application.id,
        application_id=interaction.application.id,
        extra_flags=LOADING if loading else 0,
    )


def _message_type(interaction: Interaction) -> int:
    if interaction.original is not None:
        return _REPLY if interaction.source is not None else 0
    if interaction.source is not None:
        return _REPLY
    root = interaction.trigger or interaction
    if root.kind == COMMAND and root.data.get("target_id") is not None:
        return _CONTEXT_MESSAGE
    return _CHAT_INPUT_MESSAGE


def _update(
    service: Interactions,
    interaction: Interaction,
    kind: int,
    data: Json,
    uploads: Sequence[Upload],
) -> Json | None:
    message = interaction.source
    if message is None or message.id not in message.channel.messages:
        raise ApiError(404, 10008, "Unknown Message")
    interaction.callback_type = kind
    interaction.original = message
    if kind == UPDATE:
        service.world.edit_message(message, data, uploads=uploads)
    service.exchange.set_state(interaction, "answered" if kind == UPDATE else "acknowledged")
    if kind == DEFER_UPDATE:
        return None
    return {"type": kind, "message": message_json(message, interaction.application.bot.id)}


def _choose(service: Interactions, interaction: Interaction, data: Json) -> None:
    command = interaction.command
    if command is None or interaction.choices is None:
        raise unknown_interaction()
    given: list[Json] = interaction.data["options"]
    focused = focused_option(given) or {}
    definition = find_definition(command.body.get("options", ()), given, str(focused.get("name")))
    kind = (definition or {}).get("type")
    value: Any = {INTEGER: Integer(), NUMBER: Number()}.get(kind or 0, Text(0, 100))
    shape = ListOf(
        Shape(
            {"name": Text(1, 100), "value": value},
            {"name_localizations": TextMap(Text(1, 100))},
        ),
        0,
        25,
    )
    problems = Problems()
    choices: list[Json] = shape.check(data.get("choices", []), problems.at("data", "choices"))
    if problems:
        raise invalid_form(problems)
    interaction.callback_type = CHOICES
    locale = interaction.user.locale
    shown = [
        {
            "name": choice.get("name_localizations", {}).get(locale, choice["name"]),
            "value": choice["value"],
        }
        for choice in choices
    ]
    if not interaction.choices.done():
        interaction.choices.set_result(shown)
    service.exchange.set_state(interaction, "answered")


def _open_modal(service: Interactions, interaction: Interaction, data: Json) -> None:
    problems = Problems()
    modal = clean_modal(data, problems.at("data"))
    if problems:
        raise invalid_form(problems)
    interaction.callback_type = MODAL
    interaction.modal = modal
    application = interaction.application
    # Before the state: whoever waits for the answer finds the modal there.
    service.exchange.notify(
        interaction.user.id,
        "MODAL_OPEN",
        {
            "interaction_id": str(interaction.id),
            **modal,
            "application": {
                "id": str(application.id),
                "name": application.name,
                "icon": application.icon,
            },
        },
    )
    service.exchange.set_state(interaction, "answered")


def callback_json(interaction: Interaction, resource: Json | None) -> Json:
    """The body of a callback asked `with_response=true` (`InteractionCallbackResponse`)."""
    state: Json = {"id": str(interaction.id), "type": interaction.kind}
    message = interaction.original
    if message is not None:
        state |= {
            "response_message_id": str(message.id),
            "response_message_loading": bool(message.flags & LOADING),
            "response_message_ephemeral": bool(message.flags & EPHEMERAL),
            "channel_id": str(message.channel.id),
        }
        if interaction.guild is not None:
            state["guild_id"] = str(interaction.guild.id)
    response: Json = {"interaction": state}
    if resource is not None and resource["type"] in (SEND, UPDATE):
        response["resource"] = resource
    return response


def find_followed(service: Interactions, application_id: int, token: str) -> Interaction | None:
    """The answered interaction behind a webhook address, None when it is another webhook's.

    Raises:
        ApiError: 50027 after fifteen minutes, 10015 before the first answer.
    """
    interaction = service.exchange.find_by_token(token)
    if interaction is None or interaction.application.id != application_id:
        return None
    if service.exchange.token_expired(interaction):
        raise ApiError(401, 50027, "Invalid Webhook Token")
    if interaction.callback_type is None:
        raise ApiError(404, 10015, "Unknown Webhook")
    return interaction


def find_answer(interaction: Interaction, message_id: str) -> Message:
    """A message made with the interaction's token; `@original` is the first answer's.

    Raises:
        ApiError: 10008 when there is none.
    """
    message: Message | None = None
    if message_id == "@original":
        message = interaction.original
    elif message_id.isdecimal():
        number = int(message_id)
        mine = number in interaction.followup_ids or (
            interaction.original is not None and interaction.original.id == number
        )
        message = interaction.channel.messages.get(number) if mine else None
    if message is None or message.id not in message.channel.messages:
        raise ApiError(404, 10008, "Unknown Message")
    return message


def follow_up(
    service: Interactions, interaction: Interaction, body: Json, uploads: Sequence[Upload]
) -> Message:
    """Send another message; right after a deferral it becomes the original ("Create Followup")."""
    original = interaction.original
    waiting = interaction.callback_type == DEFER and interaction.state == "deferred"
    if waiting and original is not None and original.id in original.channel.messages:
        return edit_answer(service, interaction, original, body, uploads)
    ephemeral = bool(int(body.get("flags") or 0) & EPHEMERAL)
    message = post(service, interaction, body, uploads, ephemeral=ephemeral)
    interaction.followup_ids.add(message.id)
    if waiting:  # the loading message was deleted; this one answers in its place
        service.exchange.set_state(interaction, "answered", message)
    return message


def edit_answer(
    service: Interactions,
    interaction: Interaction,
    message: Message,
    body: Json,
    uploads: Sequence[Upload],
) -> Message:
    """Edit the original or a follow-up; the first edit of a loading message completes it."""
    loading = bool(message.flags & LOADING)
    service.world.edit_message(
        message, body, uploads=uploads, clear_flags=LOADING, mark_edited=not loading
    )
    if loading:
        service.exchange.set_state(interaction, "answered")
    return message
