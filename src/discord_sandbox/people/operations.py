"""What a person's client can ask for, one function an operation."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from discord_sandbox.interactions.checks import Json
from discord_sandbox.interactions.service import Refused
from discord_sandbox.people.snapshot import channel_view_json, commands_json
from discord_sandbox.people.visibility import sees_channel, sees_message
from discord_sandbox.wire.messages import attachment_json, message_json
from discord_sandbox.world.bodies import Upload, clean_filename
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.messages import find_reaction
from discord_sandbox.world.models import Attachment, Channel, Message
from discord_sandbox.world.permissions import compute
from discord_sandbox.world.state import StoredFile

if TYPE_CHECKING:
    from discord_sandbox.people.session import PersonSession

type Operation = Callable[[PersonSession, Json], Awaitable[Any]]

MAX_CONTENT = 2000
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
MAX_UPLOADS = 200
"""Uploads kept for all people together; the oldest are forgotten."""

_MAX_HISTORY = 100


def _channel(session: PersonSession, data: Json) -> Channel:
    channel = session.sandbox.world.channels.get(int(data["channel_id"]))
    if channel is None or not sees_channel(session.user, channel):
        raise Refused("unknown_channel", "There is no such channel here.")
    return channel


def _message(session: PersonSession, data: Json) -> Message:
    message = _channel(session, data).messages.get(int(data["message_id"]))
    if message is None or not sees_message(session.user, message):
        raise Refused("unknown_message", "There is no such message here.")
    return message


def _permissions(session: PersonSession, channel: Channel) -> Permission:
    if channel.guild is None:
        return Permission(~0)
    member = channel.guild.members[session.user.id]
    now = session.sandbox.world.clock.now()
    return Permission(compute(channel.guild, member, channel, now=now))


def _demand(session: PersonSession, channel: Channel, needed: Permission) -> None:
    if needed & ~_permissions(session, channel):
        raise Refused("missing_permissions", f"You lack the permission {needed.name}.")


async def _history(session: PersonSession, data: Json) -> Json:
    channel = _channel(session, data)
    before = int(data.get("before") or 2**63)
    limit = max(1, min(int(data.get("limit") or 50), _MAX_HISTORY))
    found: list[Json] = []
    if _permissions(session, channel) & Permission.READ_MESSAGE_HISTORY:
        for message in reversed(channel.messages.values()):
            if message.id < before and sees_message(session.user, message):
                found.append(message_json(message, session.user.id))
            if len(found) == limit:
                break
    return {"messages": found[::-1]}


async def _send_message(session: PersonSession, data: Json) -> Json:
    channel = _channel(session, data)
    needed = Permission.SEND_MESSAGES_IN_THREADS if channel.is_thread else Permission.SEND_MESSAGES
    _demand(session, channel, needed)
    content = str(data.get("content") or "").strip()
    uploads = [
        Upload(at, one.filename, one.content, one.content_type)
        for at, one in enumerate(_take_uploads(session, data.get("attachment_ids") or []))
    ]
    if not content and not uploads:
        raise Refused("empty_message", "There is nothing to send.")
    if len(content) > MAX_CONTENT:
        raise Refused("too_long", f"A message has at most {MAX_CONTENT} characters.")
    body: Json = {"content": content, "nonce": data.get("nonce")}
    if data.get("reply_to"):
        replied = channel.messages.get(int(data["reply_to"]))
        if replied is None or not sees_message(session.user, replied):
            raise Refused("unknown_message", "There is no such message here.")
        body["message_reference"] = {"message_id": str(replied.id)}
    message = session.sandbox.world.post_message(channel, session.user, body, uploads=uploads)
    return {"message": message_json(message, session.user.id)}


async def _edit_message(session: PersonSession, data: Json) -> Json:
    message = _message(session, data)
    if message.author is not session.user:
        raise Refused("not_yours", "Only the author can edit a message.")
    content = str(data.get("content") or "").strip()
    if not 0 < len(content) <= MAX_CONTENT:
        raise Refused("too_long", f"A message has 1 to {MAX_CONTENT} characters.")
    session.sandbox.world.edit_message(message, {"content": content})
    return {"message": message_json(message, session.user.id)}


async def _delete_message(session: PersonSession, data: Json) -> Json:
    """Own messages, others' with MANAGE_MESSAGES; an ephemeral one is only dismissed."""
    message = _message(session, data)
    if message.author is not session.user and message.ephemeral_for is None:
        _demand(session, message.channel, Permission.MANAGE_MESSAGES)
    session.sandbox.world.delete_message(message)
    return {}


def _emoji(session: PersonSession, data: Json) -> tuple[str, int | None]:
    """``"🎵"``, or ``"name:id"`` for a guild's own."""
    text = str(data["emoji"])
    name, _, number = text.partition(":")
    if number.isdecimal():
        guild = session.guild
        if guild is None or int(number) not in guild.emojis:
            raise Refused("unknown_emoji", "There is no such emoji here.")
        return name, int(number)
    return text, None


async def _react(session: PersonSession, data: Json) -> Json:
    message = _message(session, data)
    name, number = _emoji(session, data)
    if find_reaction(message, name, number) is None:
        _demand(session, message.channel, Permission.ADD_REACTIONS)
    session.sandbox.world.add_reaction(message, session.user, name, number)
    return {}


async def _unreact(session: PersonSession, data: Json) -> Json:
    message = _message(session, data)
    reaction = find_reaction(message, *_emoji(session, data))
    if reaction is not None:
        session.sandbox.world.remove_reaction(message, reaction, session.user.id)
    return {}


async def _typing(session: PersonSession, data: Json) -> Json:
    session.sandbox.world.start_typing(_channel(session, data), session.user)
    return {}


async def _slash(session: PersonSession, data: Json) -> Json:
    interaction = session.sandbox.interactions.slash(
        session.user, _channel(session, data), int(data["command_id"]), data.get("options") or []
    )
    return {"interaction_id": str(interaction.id)}


async def _autocomplete(session: PersonSession, data: Json) -> Json:
    interaction = session.sandbox.interactions.autocomplete(
        session.user, _channel(session, data), int(data["command_id"]), data.get("options") or []
    )
    choices = await interaction.choices if interaction.choices is not None else []
    return {"interaction_id": str(interaction.id), "choices": choices}


async def _context(session: PersonSession, data: Json) -> Json:
    interaction = session.sandbox.interactions.context(
        session.user, _channel(session, data), int(data["command_id"]), int(data["target_id"])
    )
    return {"interaction_id": str(interaction.id)}


async def _click(session: PersonSession, data: Json) -> Json:
    interaction = session.sandbox.interactions.click(
        session.user, _channel(session, data), int(data["message_id"]), str(data["custom_id"])
    )
    return {"interaction_id": str(interaction.id)}


async def _select(session: PersonSession, data: Json) -> Json:
    interaction = session.sandbox.interactions.select(
        session.user,
        _channel(session, data),
        int(data["message_id"]),
        str(data["custom_id"]),
        [str(value) for value in data["values"]],
    )
    return {"interaction_id": str(interaction.id)}


async def _modal_submit(session: PersonSession, data: Json) -> Json:
    interaction = session.sandbox.interactions.modal_submit(
        session.user, int(data["interaction_id"]), str(data["custom_id"]), data.get("fields") or {}
    )
    return {"interaction_id": str(interaction.id)}


async def _voice_join(session: PersonSession, data: Json) -> Json:
    channel = _channel(session, data)
    guild = channel.guild
    if guild is None or not channel.is_voice:
        raise Refused("not_voice", "This is not a voice channel.")
    _demand(session, channel, Permission.CONNECT)
    inside = [one for one in guild.voice_states.values() if one.channel_id == channel.id]
    full = channel.user_limit and len(inside) >= channel.user_limit
    present = any(one.user_id == session.user.id for one in inside)
    if full and not present and not _permissions(session, channel) & Permission.MOVE_MEMBERS:
        raise Refused("channel_full", "This voice channel is full.")
    session.sandbox.world.set_voice_state(
        guild,
        session.user,
        channel.id,
        self_mute=bool(data.get("self_mute")),
        self_deaf=bool(data.get("self_deaf")),
    )
    return {"channel_id": str(channel.id)}


async def _voice_leave(session: PersonSession, _data: Json) -> Json:
    for guild in session.sandbox.world.guilds_of(session.user.id):
        session.sandbox.world.set_voice_state(guild, session.user, None)
    return {}


async def _create_thread(session: PersonSession, data: Json) -> Json:
    channel = _channel(session, data)
    private = bool(data.get("private"))
    needed = Permission.CREATE_PRIVATE_THREADS if private else Permission.CREATE_PUBLIC_THREADS
    _demand(session, channel, needed)
    name = str(data.get("name") or "").strip()
    if not 0 < len(name) <= 100:  # noqa: PLR2004 - docs, "Start Thread"
        raise Refused("bad_name", "A thread's name has 1 to 100 characters.")
    world = session.sandbox.world
    starter = channel.messages.get(int(data.get("message_id") or 0))
    if starter is not None and starter.thread is not None:
        raise Refused("thread_exists", "This message already has a thread.")
    thread = world.create_thread(
        channel,
        session.user,
        name,
        12 if private else 11,
        thread_id=starter.id if starter is not None else None,
    )
    if starter is not None:
        starter.thread = thread
        world.announce_message_update(starter)
    return {"channel": channel_view_json(session.user, thread)}


async def _set_locale(session: PersonSession, data: Json) -> Json:
    session.user.locale = str(data["locale"])
    session.send_commands()
    return {"locale": session.user.locale}


async def _commands(session: PersonSession, _data: Json) -> Json:
    """The commands usable here; they also come with HELLO and COMMANDS_UPDATE."""
    return {"commands": commands_json(session.sandbox, session.user, session.guild)}


async def _open_dm(session: PersonSession, data: Json) -> Json:
    """Open (or find) the direct messages with a user, such as a bot."""
    world = session.sandbox.world
    other = world.users.get(int(data["user_id"]))
    if other is None or other is session.user:
        raise Refused("unknown_user", "There is no such user.")
    channel = world.dm_channel(session.user, other)
    session.send_commands()
    return {"channel": channel_view_json(session.user, channel)}


async def _upload(session: PersonSession, data: Json) -> Json:
    """Upload a file (base64) for a command's file option or for a message."""
    content = base64.b64decode(str(data["data"]), validate=True)
    if len(content) > MAX_UPLOAD_BYTES:
        raise Refused("too_large", f"A file has at most {MAX_UPLOAD_BYTES} bytes.")
    world = session.sandbox.world
    name = clean_filename(str(data["filename"]))
    kind = data.get("content_type") or mimetypes.guess_type(name)[0] or "application/octet-stream"
    number = world.new_id()
    url = f"{world.base_url}/cdn/attachments/{session.user.id}/{number}/{name}"
    attachment = Attachment(number, name, str(kind), len(content), url, content, ephemeral=True)
    uploads = session.sandbox.interactions.uploads
    while len(uploads) >= MAX_UPLOADS:
        oldest = next(iter(uploads))
        del uploads[oldest]
        world.attachments.pop(oldest, None)
    uploads[number] = attachment
    world.attachments[number] = StoredFile(content, attachment.content_type, name)
    return {"attachment": attachment_json(attachment)}


def _take_uploads(session: PersonSession, ids: list[Any]) -> list[Attachment]:
    uploads = session.sandbox.interactions.uploads
    return [uploads[int(one)] for one in ids if int(one) in uploads]


OPERATIONS: dict[str, Operation] = {
    "history": _history,
    "send_message": _send_message,
    "edit_message": _edit_message,
    "delete_message": _delete_message,
    "react": _react,
    "unreact": _unreact,
    "typing": _typing,
    "slash": _slash,
    "autocomplete": _autocomplete,
    "context": _context,
    "click": _click,
    "select": _select,
    "modal_submit": _modal_submit,
    "voice_join": _voice_join,
    "voice_leave": _voice_leave,
    "create_thread": _create_thread,
    "set_locale": _set_locale,
    "commands": _commands,
    "open_dm": _open_dm,
    "upload": _upload,
}
"""Every operation by name."""
