"""`POST /interactions/{id}/{token}/callback`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from discord_sandbox.interactions.answers import (
    CHOICES,
    DEFER,
    DEFER_UPDATE,
    MODAL,
    PONG,
    SEND,
    UPDATE,
    answer,
    callback_json,
    invalid_form,
    unknown_interaction,
)
from discord_sandbox.interactions.checks import Integer, Json, OneOf, Problems, Shape
from discord_sandbox.interactions.exchange import Interaction
from discord_sandbox.rest.context import Reply, RequestContext
from discord_sandbox.rest.errors import ApiError
from discord_sandbox.rest.message_body import check_message_body
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.world.bodies import Upload
from discord_sandbox.world.models import Message

_TYPES = (PONG, SEND, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL)


async def _callback(ctx: RequestContext) -> Reply | None:
    interaction = ctx.sandbox.interactions.exchange.find(
        ctx.id("interaction_id"), ctx.path["interaction_token"]
    )
    if interaction is None:
        raise unknown_interaction()
    body = await ctx.json()
    problems = Problems()
    shape = Shape({"type": OneOf(_TYPES)})
    kind: Any = shape.check(body, problems).get("type")
    if problems:
        raise invalid_form(problems)
    if interaction.callback_type is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    uploads = await ctx.uploads()
    data = _clean_data(interaction, kind, body.get("data"), uploads)
    resource = answer(ctx.sandbox.interactions, interaction, kind, data, uploads)
    if ctx.query_flag("with_response"):
        return Reply(200, callback_json(interaction, resource))
    return None


def _clean_data(
    interaction: Interaction, kind: int, data: object, uploads: Sequence[Upload]
) -> Json:
    problems = Problems()
    here = problems.at("data")
    if data is None:
        if kind in (DEFER, DEFER_UPDATE, PONG):
            return {}
        here.add("BASE_TYPE_REQUIRED", "This field is required")
        raise invalid_form(problems)
    body: Any = data
    if not isinstance(data, dict) or kind == DEFER:
        cleaned = Shape({}, {"flags": Integer(0)}).check(body, here)
    elif kind == SEND:
        return _checked_message(body, uploads, None)
    elif kind == UPDATE:
        return _checked_message(body, uploads, interaction.source)
    else:
        return body
    if problems:
        raise invalid_form(problems)
    return cleaned


def _checked_message(body: Json, uploads: Sequence[Upload], editing: Message | None) -> Json:
    """The message in `data`; what is wrong with it is reported below `data`."""
    try:
        return check_message_body(body, uploads, editing=editing)
    except ApiError as error:
        if error.errors is not None:
            error.errors = {"data": error.errors}
        raise


ROUTES: list[RouteDef] = [
    route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", auth="none")(
        _callback
    )
]
