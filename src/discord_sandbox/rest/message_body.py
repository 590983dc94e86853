"""Checking the body of a message (docs: resources/message, "Create Message", embed limits)."""

from collections.abc import Sequence
from typing import cast
from urllib.parse import urlsplit

from discord_sandbox.interactions.checks import Problems
from discord_sandbox.interactions.component_rules import clean_components
from discord_sandbox.rest.checks import Body
from discord_sandbox.rest.errors import ApiError
from discord_sandbox.world.bodies import Upload
from discord_sandbox.world.constants import MessageFlag
from discord_sandbox.world.models import Json, Message

CONTENT_AT_MOST = 2000
FILE_AT_MOST = 10 * 1024 * 1024
_FILES_AT_MOST = 10
_EMBEDS_AT_MOST = 10
_EMBED_TEXT_AT_MOST = 6000
_NONCE_AT_MOST = 25
_V2 = int(MessageFlag.IS_COMPONENTS_V2)


def check_message_body(
    sent: Json, uploads: Sequence[Upload] = (), *, editing: Message | None = None
) -> Json:
    """Return the body as the world takes it; raises everything wrong with it as one 50035.

    Args:
        sent: The JSON of POST or PATCH of a message, webhook or interaction answer.
        uploads: Its files.
        editing: The message being changed, whose own content counts towards "not empty".

    Raises:
        ApiError: 50035 with nested errors, 50006 for an empty message, 40005 for a file that is
            too large.
    """
    for upload in uploads:
        if len(upload.content) > FILE_AT_MOST:
            raise ApiError(413, 40005, "Request entity too large")
    body = Body(sent)
    flags = body.integer("flags", lowest=0) or 0
    if editing is not None:
        flags |= editing.flags & _V2
    content = body.text("content", highest=CONTENT_AT_MOST)
    embeds = body.objects("embeds", highest=_EMBEDS_AT_MOST)
    _check_embeds(embeds or [])
    body.boolean("tts")
    _check_nonce(body)
    _check_allowed_mentions(body)
    _check_attachments(body, uploads)
    _check_poll(body)
    clean = dict(sent)
    if sent.get("components") is not None:
        problems = Problems()
        clean["components"] = clean_components(sent["components"], flags, problems)
        body.errors.merge(problems.tree, "components")
    if flags & _V2:
        _check_v2(body, content, embeds)
    reference = body.object("message_reference")
    if reference is not None:
        reference.snowflake("message_id", required=True)
        reference.snowflake("channel_id")
    body.done()
    if _is_empty(clean, uploads, editing):
        raise ApiError(400, 50006, "Cannot send an empty message")
    return clean


def _check_v2(body: Body, content: str | None, embeds: list[Body] | None) -> None:
    """Components v2 take the place of content, embeds and polls."""
    message = "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
    for name, used in (("content", content), ("embeds", embeds), ("poll", body.sent.get("poll"))):
        if used:
            text = message.replace("content", name, 1)
            body.note(name, "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", text)


def _is_empty(body: Json, uploads: Sequence[Upload], editing: Message | None) -> bool:
    keys = ("embeds", "components", "poll", "sticker_ids")
    written = str(body.get("content") or "").strip()  # Discord posts no blanks alone
    if written or uploads or any(body.get(key) for key in keys):
        return False
    reference = cast("Json", body.get("message_reference") or {})
    if str(reference.get("type")) == "1":  # a forward carries the other message's content
        return False
    if editing is None:
        return True
    kept_files = editing.attachments if body.get("attachments") is None else body["attachments"]
    return not (
        ("content" not in body and editing.content)
        or ("embeds" not in body and editing.embeds)
        or ("components" not in body and editing.components)
        or kept_files
        or editing.poll
    )


def _check_nonce(body: Body) -> None:
    nonce = body.sent.get("nonce")
    if isinstance(nonce, str):
        body.length("nonce", nonce, 0, _NONCE_AT_MOST)
    elif nonce is not None:
        body.integer("nonce")


def _check_allowed_mentions(body: Body) -> None:
    allowed = body.object("allowed_mentions")
    if allowed is None:
        return
    kinds = allowed.items("parse") or []
    for index, kind in enumerate(kinds):
        if kind not in {"users", "roles", "everyone"}:
            message = "Value must be one of {'everyone', 'roles', 'users'}."
            allowed.note(f"parse.{index}", "BASE_TYPE_CHOICES", message)
    for name in ("users", "roles"):
        listed = allowed.snowflakes(name, highest=100)
        if listed and name in kinds:
            message = f'parse:["{name}"] and {name}: [ids...] are mutually exclusive.'
            allowed.note("", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", message)


def _check_attachments(body: Body, uploads: Sequence[Upload]) -> None:
    if len(uploads) > _FILES_AT_MOST:
        body.note("files", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    described = body.objects("attachments", highest=_FILES_AT_MOST)
    for each in described or []:
        each.text("filename", highest=1024)
        each.text("description", highest=1024)
        each.snowflake("id")


def _check_poll(body: Body) -> None:
    poll = body.object("poll")
    if poll is None:
        return
    question = poll.object("question", required=True)
    if question is not None:
        question.text("text", lowest=1, highest=300, required=True)
    for answer in poll.objects("answers", lowest=1, highest=10, required=True) or []:
        media = answer.object("poll_media", required=True)
        if media is not None:
            media.text("text", lowest=1, highest=55)
    poll.integer("duration", lowest=1, highest=768)
    poll.boolean("allow_multiselect")


def _check_embeds(embeds: Sequence[Body]) -> None:
    total = 0
    for embed in embeds:
        total += _check_embed(embed)
        if total > _EMBED_TEXT_AT_MOST:
            message = f"Embed size exceeds maximum size of {_EMBED_TEXT_AT_MOST}"
            embed.note("", "MAX_EMBED_SIZE_EXCEEDED", message)
            return


def _check_embed(embed: Body) -> int:
    size = len(embed.text("title", highest=256) or "")
    size += len(embed.text("description", highest=4096) or "")
    embed.integer("color", lowest=0, highest=0xFFFFFF)
    embed.moment("timestamp")
    _check_url(embed, "url")
    footer = embed.object("footer")
    if footer is not None:
        size += len(footer.text("text", highest=2048, required=True) or "")
        _check_url(footer, "icon_url", attachments=True)
    author = embed.object("author")
    if author is not None:
        size += len(author.text("name", highest=256, required=True) or "")
        _check_url(author, "url")
        _check_url(author, "icon_url", attachments=True)
    for name in ("image", "thumbnail"):
        media = embed.object(name)
        if media is not None:
            _check_url(media, "url", attachments=True)
    for part in embed.objects("fields", highest=25) or []:
        size += len(part.text("name", lowest=1, highest=256, required=True) or "")
        size += len(part.text("value", lowest=1, highest=1024, required=True) or "")
        part.boolean("inline")
    return size


def _check_url(body: Body, name: str, *, attachments: bool = False) -> None:
    value = body.text(name, highest=2048)
    if not value:
        return
    allowed = ("http", "https", "attachment") if attachments else ("http", "https", "discord")
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in allowed:
        shown = ", ".join(f"'{each}'" for each in allowed if each != "attachment")
        scheme = "" if parts is None else parts.scheme
        message = f'Scheme "{scheme}" is not supported. Scheme must be one of ({shown}).'
        body.note(name, "URL_TYPE_INVALID_SCHEME", message)
    elif not parts.netloc:
        body.note(name, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
