"""From the body of a message as a client sends it to what the world keeps of it."""

import mimetypes
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from discord_sandbox.world.models import Attachment, Channel, Guild, Json, User

_USER_MENTION = re.compile(r"<@!?(\d{15,20})>")
_ROLE_MENTION = re.compile(r"<@&(\d{15,20})>")
_ANYTHING = "application/octet-stream"
_EVERYONE = re.compile(r"@(?:everyone|here)\b")


@dataclass(slots=True)
class Upload:
    """One file of a multipart body.

    Attributes:
        index: The number in the part's name, ``files[0]``.
        filename: As sent.
        content: The bytes.
        content_type: As sent; guessed from the name when the client sent none.
    """

    index: int
    filename: str
    content: bytes = field(repr=False)
    content_type: str | None = None


@dataclass(slots=True)
class Mentions:
    """Who a message pings."""

    everyone: bool = False
    users: list[User] = field(default_factory=list[User])
    role_ids: list[int] = field(default_factory=list[int])


def find_mentions(
    content: str,
    channel: Channel,
    users: dict[int, User],
    allowed: Json | None,
    *,
    may_mention_everyone: bool,
    replied: User | None = None,
) -> Mentions:
    """Return whom ``content`` pings, as ``allowed_mentions`` lets it.

    Discord lists every parsed user in ``mentions`` only when the ping is allowed (docs: message,
    "Allowed Mentions Object").
    """
    parse = _allowed_kinds(allowed)
    allowed_users = _allowed_ids(allowed, "users")
    allowed_roles = _allowed_ids(allowed, "roles")
    found = Mentions()
    seen: set[int] = set()
    for text in _USER_MENTION.findall(content):
        user = users.get(int(text))
        if user is None or user.id in seen:
            continue
        if "users" in parse or user.id in allowed_users:
            seen.add(user.id)
            found.users.append(user)
    guild = channel.guild
    if guild is not None:
        _find_role_mentions(content, guild, parse, allowed_roles, found, may_mention_everyone)
    wants_reply_ping = True if allowed is None else bool(allowed.get("replied_user", False))
    if replied is not None and wants_reply_ping and replied.id not in seen:
        found.users.append(replied)
    return found


def _find_role_mentions(
    content: str,
    guild: Guild,
    parse: frozenset[str],
    allowed_roles: frozenset[int],
    found: Mentions,
    may_mention_everyone: bool,  # noqa: FBT001 - private, named at its one call
) -> None:
    for text in dict.fromkeys(_ROLE_MENTION.findall(content)):
        role = guild.roles.get(int(text))
        if role is None or not ("roles" in parse or role.id in allowed_roles):
            continue
        if role.mentionable or may_mention_everyone:
            found.role_ids.append(role.id)
    if may_mention_everyone and "everyone" in parse and _EVERYONE.search(content):
        found.everyone = True


def _allowed_kinds(allowed: Json | None) -> frozenset[str]:
    if allowed is None:
        return frozenset({"users", "roles", "everyone"})
    return frozenset(cast("list[str]", allowed.get("parse") or []))


def _allowed_ids(allowed: Json | None, kind: str) -> frozenset[int]:
    values = cast("list[str | int]", (allowed or {}).get(kind) or [])
    return frozenset(int(value) for value in values)


def make_attachments(
    described: Sequence[Json],
    uploads: Sequence[Upload],
    kept: Iterable[Attachment],
    channel_id: int,
    base_url: str,
    new_ids: Iterable[int],
    *,
    ephemeral: bool = False,
) -> list[Attachment]:
    """Return the attachments of a new or edited message.

    Args:
        described: The body's ``attachments``; an ``id`` below the number of files describes an
            upload, another one keeps an attachment that is already there.
        uploads: The files of the multipart body.
        kept: What the message has already (an edit).
        channel_id: Part of the address.
        base_url: The server's address.
        new_ids: Where new ids come from.
        ephemeral: Whether the message is.
    """
    by_index = {str(each["id"]): each for each in described if "id" in each}
    result = [each for each in kept if str(each.id) in by_index]
    for upload, number in zip(uploads, new_ids, strict=False):
        words = by_index.get(str(upload.index), {})
        filename = clean_filename(str(words.get("filename") or upload.filename))
        kind = upload.content_type
        if kind in {None, "", _ANYTHING}:  # what libraries send that do not look at the file
            kind = mimetypes.guess_type(filename)[0]
        attachment = Attachment(
            id=number,
            filename=filename,
            content_type=kind or _ANYTHING,
            size=len(upload.content),
            url=f"{base_url}/cdn/attachments/{channel_id}/{number}/{filename}",
            content=upload.content,
            description=words.get("description"),
            title=words.get("title"),
            duration_seconds=words.get("duration_secs"),
            waveform=words.get("waveform"),
            ephemeral=ephemeral,
        )
        size = image_size(upload.content)
        if size is not None:
            attachment.width, attachment.height = size
        result.append(attachment)
    return result


def clean_filename(name: str) -> str:
    """Return the name as Discord stores it: no folders, spaces as underscores."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1].replace(" ", "_")
    return re.sub(r"[^\w.\-()]", "", name) or "file"


def image_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG or GIF, None of anything else."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:  # noqa: PLR2004 - IHDR's end
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in {b"GIF87a", b"GIF89a"} and len(content) >= 10:  # noqa: PLR2004 - header's end
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    return None
