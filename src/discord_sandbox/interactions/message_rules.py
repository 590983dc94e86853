"""What a valid message of a webhook or an interaction is.

Sources: discord-api-docs, "Message", "Embed Limits" and "Execute Webhook"; the OpenAPI schemas
`IncomingWebhookInteractionRequest` and `IncomingWebhookUpdateRequestPartial`.
"""

from __future__ import annotations

from collections.abc import Sequence

from discord_sandbox.interactions.checks import (
    Flag,
    Integer,
    Json,
    ListOf,
    Number,
    OneOf,
    Problems,
    Shape,
    Snowflake,
    Text,
)
from discord_sandbox.interactions.component_rules import IS_COMPONENTS_V2, clean_components
from discord_sandbox.rest.errors import ApiError

MAX_CONTENT = 2000
MAX_EMBEDS = 10
MAX_EMBED_CHARACTERS = 6000
MAX_FILES = 10

_MEDIA = Shape({}, {"url": Text(0, 2048)})
_EMBED = Shape(
    {},
    {
        "type": Text(0, 100),
        "url": Text(0, 2048),
        "title": Text(0, 256),
        "color": Integer(0, 0xFFFFFF),
        "timestamp": Text(0, 100),
        "description": Text(0, 4096),
        "author": Shape(
            {}, {"name": Text(0, 256), "url": Text(0, 2048), "icon_url": Text(0, 2048)}
        ),
        "image": _MEDIA,
        "thumbnail": _MEDIA,
        "video": _MEDIA,
        "footer": Shape({}, {"text": Text(0, 2048), "icon_url": Text(0, 2048)}),
        "fields": ListOf(
            Shape({"name": Text(1, 256), "value": Text(1, 1024)}, {"inline": Flag()}), 0, 25
        ),
    },
)
_ATTACHMENT = Shape(
    {"id": Snowflake()},
    {
        "filename": Text(0, 1024),
        "description": Text(0, 1024),
        "title": Text(0, 1024),
        "duration_secs": Number(0),
        "waveform": Text(0, 400),
        "is_spoiler": Flag(),
    },
)
_MENTIONS = Shape(
    {},
    {
        "parse": ListOf(OneOf(("users", "roles", "everyone"))),
        "users": ListOf(Snowflake(), 0, 100),
        "roles": ListOf(Snowflake(), 0, 100),
        "replied_user": Flag(),
    },
)
_MESSAGE = Shape(
    {},
    {
        "content": Text(0, MAX_CONTENT),
        "embeds": ListOf(_EMBED, 0, MAX_EMBEDS),
        "allowed_mentions": _MENTIONS,
        "attachments": ListOf(_ATTACHMENT, 0, MAX_FILES),
        "tts": Flag(),
        "flags": Integer(0),
    },
)
_POLL = Shape(
    {
        "question": Shape({"text": Text(1, 300)}),
        "answers": ListOf(
            Shape(
                {
                    "poll_media": Shape(
                        {},
                        {
                            "text": Text(1, 55),
                            "emoji": Shape({}, {"id": Snowflake(), "name": Text(1, 32)}),
                        },
                    )
                }
            ),
            1,
            10,
        ),
    },
    {"duration": Integer(1, 768), "allow_multiselect": Flag(), "layout_type": OneOf((1,))},
)


def clean_message(
    body: Json,
    problems: Problems,
    *,
    files: int = 0,
    editing: bool = False,
    flags: int = 0,
) -> Json:
    """Check a message body.

    Args:
        body: The JSON as it came.
        problems: Receives what is wrong.
        files: How many files came with it.
        editing: An edit may leave everything out; null empties a field.
        flags: The edited message's flags: the second system of components cannot be left again.

    Returns:
        The known fields, cleaned. In an edit a null stays, as the emptied field.

    Raises:
        ApiError: 50006 when a new message would be empty.
    """
    cleaned: Json = _MESSAGE.check(body, problems)
    if editing:
        nulls = ("content", "embeds", "components", "attachments")
        cleaned |= {name: None for name in nulls if name in body and body[name] is None}
    flags |= cleaned.get("flags") or 0
    if body.get("components") is not None:
        given = body["components"]
        if given or flags & IS_COMPONENTS_V2:
            cleaned["components"] = clean_components(given, flags, problems.at("components"))
        else:
            cleaned["components"] = []
    if body.get("poll") is not None and not editing:
        cleaned["poll"] = _POLL.check(body["poll"], problems.at("poll"))
    embeds: Sequence[Json] = cleaned.get("embeds") or ()
    if sum(_embed_size(embed) for embed in embeds) > MAX_EMBED_CHARACTERS:
        problems.at("embeds").add(
            "MAX_EMBED_SIZE_EXCEEDED",
            f"Embed size exceeds maximum size of {MAX_EMBED_CHARACTERS}",
        )
    if flags & IS_COMPONENTS_V2:
        _refuse_legacy(cleaned, problems)
    elif not editing and not problems:
        _refuse_empty(cleaned, files)
    return cleaned


def _embed_size(embed: Json) -> int:
    fields: Sequence[Json] = embed.get("fields", ())
    texts = [
        embed.get("title", ""),
        embed.get("description", ""),
        embed.get("footer", {}).get("text", ""),
        embed.get("author", {}).get("name", ""),
        *(field.get("name", "") for field in fields),
        *(field.get("value", "") for field in fields),
    ]
    return sum(len(text.strip()) for text in texts)


def _refuse_legacy(cleaned: Json, problems: Problems) -> None:
    for name in ("content", "embeds", "poll"):
        if cleaned.get(name):
            problems.at(name).add(
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{name}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _refuse_empty(cleaned: Json, files: int) -> None:
    has_text = bool(str(cleaned.get("content") or "").strip())
    if has_text or files or any(cleaned.get(name) for name in ("embeds", "components", "poll")):
        return
    raise ApiError(400, 50006, "Cannot send an empty message")
