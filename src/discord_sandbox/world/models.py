"""What the world consists of.

Everything is a plain object that knows the objects it belongs to; only :class:`World
<discord_sandbox.world.world.World>` changes them, so that each change also reaches the gateway.
Ids are integers here and strings on the wire; times are aware datetimes in UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from discord_sandbox.world.accounts import Json, Member, Role, User
from discord_sandbox.world.constants import TEXT_LIKE, THREAD_TYPES, VOICE_LIKE
from discord_sandbox.world.parts import (
    Attachment,
    AuditLogEntry,
    ForumTag,
    Overwrite,
    Poll,
    Reaction,
    ThreadMember,
    ThreadState,
)

__all__ = [
    "Application",
    "Attachment",
    "AuditLogEntry",
    "Ban",
    "Channel",
    "Dispatch",
    "Emoji",
    "ForumTag",
    "Guild",
    "Invite",
    "Json",
    "Member",
    "Message",
    "Overwrite",
    "Poll",
    "Reaction",
    "Role",
    "ScheduledEvent",
    "StageInstance",
    "ThreadMember",
    "ThreadState",
    "User",
    "VoiceState",
    "Webhook",
]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One gateway event.

    Attributes:
        name: As the gateway calls it, ``MESSAGE_CREATE``.
        data: The payload's ``d``; receivers must not change it.
        guild_id: The guild it happened in; None for direct messages and events of a user.
        channel_id: Set when only members who can see this channel may receive it.
        only_user_ids: When set, exactly these users receive it.
    """

    name: str
    data: Json
    guild_id: int | None = None
    channel_id: int | None = None
    only_user_ids: frozenset[int] | None = None


@dataclass(slots=True, eq=False)
class Channel:
    """A channel of a guild, a thread, or a direct-message channel (``guild`` is None)."""

    id: int
    type: int
    guild: "Guild | None" = field(default=None, repr=False)
    name: str = ""
    position: int = 0
    parent_id: int | None = None
    topic: str | None = None
    nsfw: bool = False
    overwrites: dict[int, Overwrite] = field(default_factory=dict[int, Overwrite])
    rate_limit_per_user: int = 0
    bitrate: int = 64_000
    user_limit: int = 0
    rtc_region: str | None = None
    video_quality_mode: int = 1
    voice_status: str | None = None
    last_message_id: int | None = None
    last_pin_at: datetime | None = None
    flags: int = 0
    default_auto_archive_minutes: int | None = None
    default_thread_rate_limit_per_user: int = 0
    available_tags: list[ForumTag] = field(default_factory=list[ForumTag])
    default_reaction_emoji: Json | None = None
    default_sort_order: int | None = None
    default_forum_layout: int = 0
    recipients: list[User] = field(default_factory=list[User])
    thread: ThreadState | None = None
    messages: "dict[int, Message]" = field(default_factory=dict[int, "Message"], repr=False)

    @property
    def guild_id(self) -> int | None:
        """The guild's id, or None for a direct message."""
        return self.guild.id if self.guild is not None else None

    @property
    def is_thread(self) -> bool:
        """Whether this is a thread (types 10, 11, 12)."""
        return self.type in THREAD_TYPES

    @property
    def is_voice(self) -> bool:
        """Whether people can be connected here (voice or stage)."""
        return self.type in VOICE_LIKE

    @property
    def holds_messages(self) -> bool:
        """Whether messages can be posted here."""
        return self.type in TEXT_LIKE


@dataclass(slots=True, eq=False)
class Message:
    """A message, or a system message (``type`` other than 0, 19, 20, 23).

    Attributes:
        author: The account, or the webhook shown as one.
        embeds: Embeds as Discord answers them (with ``type``).
        components: Components as sent, each with its numeric ``id``.
        ephemeral_for: The only person who can see it; None for everyone.
        interaction_metadata: Set when it answers an interaction.
        interaction: The older form of the same.
    """

    id: int
    channel: Channel
    author: User
    created_at: datetime
    content: str = ""
    type: int = 0
    embeds: list[Json] = field(default_factory=list[Json])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    components: list[Json] = field(default_factory=list[Json])
    flags: int = 0
    tts: bool = False
    pinned: bool = False
    pinned_at: datetime | None = None
    edited_at: datetime | None = None
    nonce: str | int | None = None
    mention_everyone: bool = False
    mention_user_ids: list[int] = field(default_factory=list[int])
    mention_role_ids: list[int] = field(default_factory=list[int])
    reactions: list[Reaction] = field(default_factory=list[Reaction])
    reference: Json | None = None
    referenced: "Message | None" = None
    webhook_id: int | None = None
    application_id: int | None = None
    ephemeral_for: int | None = None
    interaction_metadata: Json | None = None
    interaction: Json | None = None
    thread: Channel | None = None
    poll: Poll | None = None
    position: int | None = None
    snapshots: list[Json] = field(default_factory=list[Json])
    mentioned: list[User] = field(default_factory=list[User])

    @property
    def guild(self) -> "Guild | None":
        """The guild it was posted in."""
        return self.channel.guild


@dataclass(slots=True, eq=False)
class Emoji:
    """A custom emoji of a guild or an application."""

    id: int
    name: str
    user: User
    animated: bool = False
    role_ids: list[int] = field(default_factory=list[int])
    content: bytes = field(default=b"", repr=False)
    content_type: str = "image/png"


@dataclass(slots=True)
class Ban:
    """A ban; ``reason`` is the one given with it."""

    user: User
    reason: str | None = None


@dataclass(slots=True, eq=False)
class Invite:
    """An invite to a channel of a guild; ages are seconds, 0 means for ever."""

    code: str
    channel: Channel
    inviter: User
    created_at: datetime
    max_age: int = 86_400
    max_uses: int = 0
    temporary: bool = False
    uses: int = 0

    @property
    def expires_at(self) -> datetime | None:
        """When it stops working; None for never."""
        return self.created_at + timedelta(seconds=self.max_age) if self.max_age else None


@dataclass(slots=True, eq=False)
class Webhook:
    """An incoming webhook (type 1), or a followed announcement channel (type 2)."""

    id: int
    channel: Channel
    name: str
    token: str
    user: User
    type: int = 1
    avatar: str | None = None
    application_id: int | None = None
    source_channel: Channel | None = None


@dataclass(slots=True, eq=False)
class ScheduledEvent:
    """A scheduled event; ``status`` 1 scheduled, 2 active, 3 completed, 4 cancelled."""

    id: int
    guild_id: int
    name: str
    creator: User
    entity_type: int
    scheduled_start: datetime
    scheduled_end: datetime | None = None
    channel_id: int | None = None
    description: str | None = None
    location: str | None = None
    status: int = 1
    image: str | None = None
    user_ids: dict[int, None] = field(default_factory=dict[int, None])


@dataclass(slots=True, eq=False)
class VoiceState:
    """Where a user is in voice, and how."""

    user_id: int
    guild_id: int
    channel_id: int
    session_id: str
    deaf: bool = False
    mute: bool = False
    self_deaf: bool = False
    self_mute: bool = False
    self_video: bool = False
    self_stream: bool = False
    suppress: bool = False
    request_to_speak_at: datetime | None = None


@dataclass(slots=True, eq=False)
class StageInstance:
    """A live stage."""

    id: int
    guild_id: int
    channel_id: int
    topic: str


@dataclass(slots=True, eq=False)
class Guild:
    """A server with everything in it."""

    id: int
    name: str
    owner_id: int
    icon: str | None = None
    description: str | None = None
    splash: str | None = None
    banner: str | None = None
    features: list[str] = field(default_factory=list[str])
    afk_channel_id: int | None = None
    afk_timeout: int = 300
    system_channel_id: int | None = None
    system_channel_flags: int = 0
    rules_channel_id: int | None = None
    public_updates_channel_id: int | None = None
    safety_alerts_channel_id: int | None = None
    verification_level: int = 0
    default_message_notifications: int = 0
    explicit_content_filter: int = 0
    mfa_level: int = 0
    nsfw_level: int = 0
    premium_tier: int = 0
    premium_progress_bar_enabled: bool = False
    preferred_locale: str = "en-US"
    unavailable: bool = False
    roles: dict[int, Role] = field(default_factory=dict[int, Role], repr=False)
    members: dict[int, Member] = field(default_factory=dict[int, Member], repr=False)
    channels: dict[int, Channel] = field(default_factory=dict[int, Channel], repr=False)
    threads: dict[int, Channel] = field(default_factory=dict[int, Channel], repr=False)
    emojis: dict[int, Emoji] = field(default_factory=dict[int, Emoji], repr=False)
    bans: dict[int, Ban] = field(default_factory=dict[int, Ban], repr=False)
    voice_states: dict[int, VoiceState] = field(default_factory=dict[int, VoiceState], repr=False)
    scheduled_events: dict[int, ScheduledEvent] = field(
        default_factory=dict[int, ScheduledEvent], repr=False
    )
    stages: dict[int, StageInstance] = field(default_factory=dict[int, StageInstance], repr=False)
    audit_log: list[AuditLogEntry] = field(default_factory=list[AuditLogEntry], repr=False)

    @property
    def everyone(self) -> Role:
        """The ``@everyone`` role."""
        return self.roles[self.id]

    def channel_named(self, name: str) -> Channel:
        """Return the channel called ``name``; raises KeyError."""
        for channel in self.channels.values():
            if channel.name == name:
                return channel
        raise KeyError(name)

    def roles_of(self, member: Member) -> Iterable[Role]:
        """Yield the member's roles, without ``@everyone``."""
        return (self.roles[role_id] for role_id in member.role_ids if role_id in self.roles)


@dataclass(slots=True, eq=False)
class Application:
    """A bot's application; its id is also its bot user's id, as with every newer one."""

    id: int
    name: str
    bot: User
    owner: User
    token: str
    public_key: str
    client_secret: str
    description: str = ""
    icon: str | None = None
    flags: int = (1 << 13) | (1 << 15) | (1 << 19) | (1 << 23)
    bot_public: bool = True
    tags: list[str] = field(default_factory=list[str])
    redirect_uris: list[str] = field(default_factory=list[str])
    interactions_endpoint_url: str | None = None
    role_connections_verification_url: str | None = None
    custom_install_url: str | None = None
    emojis: dict[int, Emoji] = field(default_factory=dict[int, Emoji], repr=False)
