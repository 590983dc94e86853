"""What happens to messages: posting, editing, deleting, reacting, pinning, voting."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import cast

from discord_sandbox.wire.messages import gateway_message_json
from discord_sandbox.world.bodies import Mentions, Upload, find_mentions, make_attachments
from discord_sandbox.world.channels import ChannelActs
from discord_sandbox.world.constants import MessageFlag, MessageType, Permission
from discord_sandbox.world.models import (
    Attachment,
    Channel,
    Json,
    Message,
    Poll,
    Reaction,
    ThreadMember,
    User,
)
from discord_sandbox.world.permissions import compute
from discord_sandbox.world.shown import shown_components, shown_embeds
from discord_sandbox.world.state import StoredFile

_MESSAGES_KEPT_AT_MOST = 10_000  # a channel; the oldest are forgotten
_SETTABLE_FLAGS = int(
    MessageFlag.SUPPRESS_EMBEDS
    | MessageFlag.SUPPRESS_NOTIFICATIONS
    | MessageFlag.IS_VOICE_MESSAGE
    | MessageFlag.IS_COMPONENTS_V2
)


class MessageActs(ChannelActs):
    """Changes of messages; each emits what Discord's gateway would."""

    def post_message(  # noqa: PLR0913 - what a message is made of
        self,
        channel: Channel,
        author: User,
        body: Json,
        *,
        uploads: Sequence[Upload] = (),
        type: int | None = None,  # noqa: A002 - Discord's word for it
        ephemeral_for: int | None = None,
        interaction_metadata: Json | None = None,
        interaction: Json | None = None,
        webhook_id: int | None = None,
        application_id: int | None = None,
        extra_flags: int = 0,
        reference: Json | None = None,
        message_id: int | None = None,
    ) -> Message:
        """Post a message whose body has been checked.

        Args:
            channel: Where.
            author: The account shown.
            body: As the REST API takes it: ``content``, ``embeds``, ``components``, ``flags``,
                ``attachments``, ``allowed_mentions``, ``message_reference``, ``poll``, ``nonce``...
            uploads: The files of a multipart body.
            type: Found from the body when None (a reply is 19).
            ephemeral_for: The only person who sees it; sets the flag.
            interaction_metadata: For an answer to an interaction.
            interaction: Its older form.
            webhook_id: The webhook, or the application for an answer to an interaction.
            application_id: The application that made it.
            extra_flags: Flags the server sets itself (64 ephemeral, 128 loading).
            reference: The ``message_reference`` of a system message; otherwise the body's.
            message_id: Given where two things share an id (a forum post and its first message).
        """
        referenced: Message | None = None
        if reference is None:
            reference, referenced = self._reference_of(channel, body)
        if type is None:
            type = MessageType.REPLY if referenced is not None else MessageType.DEFAULT  # noqa: A001
        if ephemeral_for is not None:
            extra_flags |= MessageFlag.EPHEMERAL
        message = Message(
            id=message_id or self.new_id(),
            channel=channel,
            author=author,
            created_at=self.clock.now(),
            content=str(body.get("content") or ""),
            type=int(type),
            flags=int(body.get("flags") or 0) & _SETTABLE_FLAGS | int(extra_flags),
            tts=bool(body.get("tts", False)),
            nonce=body.get("nonce"),
            reference=reference,
            referenced=referenced,
            webhook_id=webhook_id,
            application_id=application_id,
            ephemeral_for=ephemeral_for,
            interaction_metadata=interaction_metadata,
            interaction=interaction,
        )
        self._apply_body(message, body, uploads)
        if body.get("poll"):
            message.poll = self._make_poll(body["poll"])
        self._keep(message)
        self.dispatch_at("MESSAGE_CREATE", gateway_message_json(message), message)
        return message

    def edit_message(
        self,
        message: Message,
        body: Json,
        *,
        uploads: Sequence[Upload] = (),
        clear_flags: int = 0,
        mark_edited: bool = True,
    ) -> Message:
        """Change what ``body`` names; a checked body as PATCH takes it."""
        if "content" in body:
            message.content = str(body["content"] or "")
        if body.get("flags") is not None:
            sent = int(body["flags"]) & _SETTABLE_FLAGS
            kept = message.flags & ~int(MessageFlag.SUPPRESS_EMBEDS)
            message.flags = kept | sent
        message.flags &= ~clear_flags
        self._apply_body(message, body, uploads, editing=True)
        if mark_edited:
            message.edited_at = self.clock.now()
        self.announce_message_update(message)
        return message

    def announce_message_update(self, message: Message) -> None:
        """Announce a message's present state as MESSAGE_UPDATE."""
        self.dispatch(
            "MESSAGE_UPDATE",
            gateway_message_json(message),
            message.guild,
            channel=message.channel,
            only=self.readers(message),
        )

    def delete_message(self, message: Message) -> None:
        """Delete one message."""
        channel = message.channel
        channel.messages.pop(message.id, None)
        self._forget_files(message)
        if channel.thread is not None:
            channel.thread.message_count = max(0, channel.thread.message_count - 1)
        data: Json = {"id": str(message.id), "channel_id": str(channel.id)}
        if channel.guild is not None:
            data["guild_id"] = str(channel.guild.id)
        self.dispatch(
            "MESSAGE_DELETE", data, channel.guild, channel=channel, only=self.readers(message)
        )

    def delete_messages(self, channel: Channel, messages: Iterable[Message]) -> None:
        """Delete several messages of one channel with one event."""
        gone = list(messages)
        for message in gone:
            channel.messages.pop(message.id, None)
            self._forget_files(message)
        data: Json = {"ids": [str(each.id) for each in gone], "channel_id": str(channel.id)}
        if channel.guild is not None:
            data["guild_id"] = str(channel.guild.id)
        self.dispatch("MESSAGE_DELETE_BULK", data, channel.guild, channel=channel)

    # -- parts ----------------------------------------------------------------------------------

    def _keep(self, message: Message) -> None:
        channel = message.channel
        channel.messages[message.id] = message
        if len(channel.messages) > _MESSAGES_KEPT_AT_MOST:
            oldest = channel.messages[next(iter(channel.messages))]
            del channel.messages[oldest.id]
            self._forget_files(oldest)
        if message.ephemeral_for is None:
            channel.last_message_id = message.id
        state = channel.thread
        if state is not None and channel.guild is not None:
            message.position = state.total_message_sent
            state.message_count += 1
            state.total_message_sent += 1
            state.archived = False
            if message.author.id in channel.guild.members:
                state.members.setdefault(
                    message.author.id, ThreadMember(message.author.id, self.clock.now())
                )

    def _apply_body(
        self, message: Message, body: Json, uploads: Sequence[Upload], *, editing: bool = False
    ) -> None:
        if uploads or body.get("attachments") is not None:
            self._apply_files(message, body, uploads, editing=editing)
        if body.get("embeds") is not None:
            message.embeds = shown_embeds(body["embeds"], message.attachments)
        elif "embeds" in body:
            message.embeds = []
        if "components" in body:
            message.components = shown_components(body["components"] or [], message.attachments)
        if not editing or "content" in body:
            found = self._mentions_of(message, cast("Json | None", body.get("allowed_mentions")))
            message.mentioned = found.users
            message.mention_user_ids = [each.id for each in found.users]
            message.mention_role_ids = found.role_ids
            message.mention_everyone = found.everyone

    def _apply_files(
        self, message: Message, body: Json, uploads: Sequence[Upload], *, editing: bool
    ) -> None:
        described = cast("list[Json]", body.get("attachments") or [])
        kept: list[Attachment] = message.attachments if editing else []
        if editing and body.get("attachments") is None:
            described = [{"id": str(each.id)} for each in kept]
        message.attachments = make_attachments(
            described,
            uploads,
            kept,
            message.channel.id,
            self.base_url,
            iter(self.new_id, None),
            ephemeral=message.ephemeral_for is not None,
        )
        for each in message.attachments:
            self.attachments[each.id] = StoredFile(each.content, each.content_type, each.filename)

    def _forget_files(self, message: Message) -> None:
        for each in message.attachments:
            self.attachments.pop(each.id, None)

    def _mentions_of(self, message: Message, allowed: Json | None) -> Mentions:
        content = message.content
        if message.flags & MessageFlag.IS_COMPONENTS_V2:
            content = "\n".join(_texts_of(message.components))
        replied = message.referenced.author if message.referenced is not None else None
        if "@" not in content and replied is None:
            return Mentions()
        channel = message.channel
        may = False
        if channel.guild is not None:
            member = channel.guild.members.get(message.author.id)
            if member is not None:
                bits = compute(channel.guild, member, channel)
                may = bool(bits & Permission.MENTION_EVERYONE)
        return find_mentions(
            content,
            channel,
            self.users,
            allowed,
            may_mention_everyone=may,
            replied=replied,
        )

    def _reference_of(self, channel: Channel, body: Json) -> tuple[Json | None, Message | None]:
        sent = cast("Json | None", body.get("message_reference"))
        if not sent or sent.get("message_id") is None:
            return None, None
        message_id = int(sent["message_id"])
        reference: Json = {
            "type": int(sent.get("type") or 0),
            "channel_id": str(sent.get("channel_id") or channel.id),
            "message_id": str(message_id),
        }
        if channel.guild is not None:
            reference["guild_id"] = str(channel.guild.id)
        return reference, channel.messages.get(message_id)

    def _make_poll(self, sent: Json) -> Poll:
        hours = int(sent.get("duration") or 24)
        answers = [
            (number, _without_nulls(each["poll_media"]))
            for number, each in enumerate(sent["answers"], start=1)
        ]
        return Poll(
            question={"text": sent["question"]["text"]},
            answers=answers,
            expires_at=self.clock.now() + timedelta(hours=hours),
            allow_multiselect=bool(sent.get("allow_multiselect", False)),
            layout_type=int(sent.get("layout_type") or 1),
            votes={number: {} for number, _ in answers},
        )

    def dispatch_at(self, name: str, data: Json, message: Message) -> None:
        """Emit an event to those who can read the message."""
        self.dispatch(
            name, data, message.guild, channel=message.channel, only=self.readers(message)
        )

    def readers(self, message: Message) -> frozenset[int] | None:
        """Return who can read the message where that is not all who see its channel."""
        if message.ephemeral_for is not None:
            return frozenset({message.ephemeral_for})
        return None if message.guild is not None else dm_readers(message.channel)


def dm_readers(channel: Channel) -> frozenset[int]:
    """Return who reads a direct-message channel."""
    return frozenset(each.id for each in channel.recipients)


def find_reaction(message: Message, emoji_name: str, emoji_id: int | None) -> Reaction | None:
    """Return the message's reaction with this emoji, or None."""
    for reaction in message.reactions:
        if reaction.emoji_id == emoji_id and (
            emoji_id is not None or reaction.emoji_name == emoji_name
        ):
            return reaction
    return None


def _texts_of(components: Iterable[Json]) -> Iterable[str]:
    for component in components:
        if isinstance(component.get("content"), str):
            yield cast("str", component["content"])
        yield from _texts_of(cast("list[Json]", component.get("components") or []))


def _without_nulls(media: Json) -> Json:
    return {key: value for key, value in media.items() if value is not None}
