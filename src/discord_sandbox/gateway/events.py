"""One event on its way to many sessions: who may see it, and its bytes made once."""

from typing import Any, cast

import msgspec

from discord_sandbox.gateway.protocol import DIRECT_INTENTS, GUILD_INTENTS, Intent
from discord_sandbox.world.constants import Permission
from discord_sandbox.world.models import Application, Dispatch
from discord_sandbox.world.permissions import can_view, compute
from discord_sandbox.world.state import WorldState

Json = dict[str, Any]

_encode = msgspec.json.encode
_CONTENT_FIELDS: Json = {"content": "", "embeds": [], "attachments": [], "components": []}
_MESSAGES = ("MESSAGE_CREATE", "MESSAGE_UPDATE")
_NEEDS_PERMISSION = {
    "GUILD_AUDIT_LOG_ENTRY_CREATE": Permission.VIEW_AUDIT_LOG,
    "INVITE_CREATE": Permission.MANAGE_CHANNELS,
    "INVITE_DELETE": Permission.MANAGE_CHANNELS,
}


class Outgoing:
    """A dispatch and its encoded forms.

    Attributes:
        dispatch: The event as the world told it.
    """

    __slots__ = ("_bare", "_full", "dispatch")

    def __init__(self, dispatch: Dispatch) -> None:
        self.dispatch = dispatch
        self._full: bytes | None = None
        self._bare: bytes | None = None

    def body(self, application: Application, intents: int) -> bytes:
        """The event's `d` as UTF-8 JSON, as this application may read it."""
        if self._hides_content(application, intents):
            if self._bare is None:
                self._bare = _encode(without_content(self.dispatch.data))
            return self._bare
        if self._full is None:
            self._full = _encode(self.dispatch.data)
        return self._full

    def _hides_content(self, application: Application, intents: int) -> bool:
        dispatch = self.dispatch
        if intents & Intent.MESSAGE_CONTENT or dispatch.name not in _MESSAGES:
            return False
        return dispatch.guild_id is not None and not shows_content(dispatch.data, application)


def shows_content(message: Json, application: Application) -> bool:
    """Whether a message in a guild is readable without MESSAGE_CONTENT.

    True for the application's own messages and for those that mention it ("Message
    Content Intent").
    """
    own = str(application.bot.id)
    if cast("Json", message.get("author") or {}).get("id") == own:
        return True
    if message.get("application_id") == str(application.id):
        return True
    mentions = cast("list[Json]", message.get("mentions") or [])
    return any(user.get("id") == own for user in mentions)


def without_content(message: Json) -> Json:
    """A message with the fields of MESSAGE_CONTENT emptied, in its references too."""
    bare = {**message, **{key: _CONTENT_FIELDS[key] for key in _CONTENT_FIELDS if key in message}}
    bare.pop("poll", None)
    referenced: object = message.get("referenced_message")
    if isinstance(referenced, dict):
        bare["referenced_message"] = without_content(cast("Json", referenced))
    snapshots: object = message.get("message_snapshots")
    if isinstance(snapshots, list):
        bare["message_snapshots"] = [
            {**snapshot, "message": without_content(cast("Json", snapshot.get("message") or {}))}
            for snapshot in cast("list[Json]", snapshots)
        ]
    return bare


def intent_allows(dispatch: Dispatch, application: Application, intents: int) -> bool:
    """Whether a session with these intents gets the event at all."""
    if dispatch.guild_id is None:
        needed = DIRECT_INTENTS.get(dispatch.name, Intent(0))
    else:
        needed = GUILD_INTENTS.get(dispatch.name, Intent(0))
    if dispatch.name == "GUILD_MEMBER_UPDATE" and _user_id(dispatch.data) == application.bot.id:
        return True  # "sent for current-user updates regardless" of the intent
    if dispatch.name == "THREAD_MEMBERS_UPDATE" and not intents & Intent.GUILD_MEMBERS:
        return bool(intents & needed) and _touches(dispatch.data, application.bot.id)
    return not needed or bool(intents & needed)


def may_see(dispatch: Dispatch, world: WorldState, user_id: int) -> bool:
    """Whether the world shows an event to a user, intents aside.

    Args:
        dispatch: The event.
        world: Where guilds, members and channels are looked up.
        user_id: The bot's user.
    """
    if dispatch.only_user_ids is not None:
        return user_id in dispatch.only_user_ids
    if dispatch.guild_id is None:
        return _is_recipient(dispatch.channel_id, world, user_id)
    guild = world.guilds.get(dispatch.guild_id)
    if guild is None or user_id not in guild.members:
        return False
    permission = _NEEDS_PERMISSION.get(dispatch.name)
    if permission is not None and not compute(guild, guild.members[user_id]) & permission:
        return False
    if dispatch.channel_id is None:
        return True
    channel = world.channels.get(dispatch.channel_id)
    return channel is None or can_view(guild, user_id, channel)


def _is_recipient(channel_id: int | None, world: WorldState, user_id: int) -> bool:
    channel = None if channel_id is None else world.channels.get(channel_id)
    return channel is not None and any(user.id == user_id for user in channel.recipients)


def frame(name: str, sequence: int, body: bytes) -> bytes:
    """A whole DISPATCH payload from an encoded body."""
    return b'{"t":"%s","s":%d,"op":0,"d":%s}' % (name.encode(), sequence, body)


def _user_id(data: Json) -> int | None:
    user = cast("Json", data.get("user") or {})
    return int(user["id"]) if "id" in user else None


def _touches(data: Json, user_id: int) -> bool:
    added = cast("list[Json]", data.get("added_members") or [])
    removed = cast("list[str]", data.get("removed_member_ids") or [])
    return str(user_id) in removed or any(
        str(member.get("user_id")) == str(user_id) for member in added
    )
