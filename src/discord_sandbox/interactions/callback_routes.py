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
from discord_sandbox.interactions.message_rules import clean_message
from discord_sandbox.rest.context import Reply, RequestContext
from discord_sandbox.rest.errors import ApiError
from discord_sandbox.rest.router import RouteDef, route
from discord_sandbox.world.bodies import Upload

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
    if kind == SEND:
        cleaned = clean_message(body, here, files=len(uploads))
    elif kind == UPDATE:
        flags = interaction.source.flags if interaction.source is not None else 0
        cleaned = clean_message(body, here, files=len(uploads), editing=True, flags=flags)
    elif kind == DEFER:
        cleaned = Shape({}, {"flags": Integer(0)}).check(body, here)
    else:
        cleaned = Shape().check(body, here) or body
    if problems:
        raise invalid_form(problems)
    return cleaned


ROUTES: list[RouteDef] = [
    route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", auth="none")(
        _callback
    )
]
