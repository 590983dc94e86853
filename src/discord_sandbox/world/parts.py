"""The small things that channels, messages and guilds consist of."""

from dataclasses import dataclass, field
from datetime import datetime

from discord_sandbox.world.accounts import Json


@dataclass(slots=True)
class Overwrite:
    """A channel's permission overwrite; ``type`` 0 is a role, 1 a member."""

    id: int
    type: int
    allow: int = 0
    deny: int = 0


@dataclass(slots=True)
class ForumTag:
    """A tag of a forum channel."""

    id: int
    name: str
    moderated: bool = False
    emoji_id: int | None = None
    emoji_name: str | None = None


@dataclass(slots=True)
class ThreadMember:
    """Someone who follows a thread."""

    user_id: int
    joined_at: datetime
    flags: int = 0


@dataclass(slots=True)
class ThreadState:
    """What a thread has beyond a channel."""

    owner_id: int
    created_at: datetime
    archive_timestamp: datetime
    auto_archive_minutes: int = 1440
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    message_count: int = 0
    total_message_sent: int = 0
    applied_tags: list[int] = field(default_factory=list[int])
    members: dict[int, ThreadMember] = field(default_factory=dict[int, ThreadMember])


@dataclass(slots=True)
class Attachment:
    """A file of a message; the bytes are served by the CDN."""

    id: int
    filename: str
    content_type: str
    size: int
    url: str
    content: bytes = field(repr=False)
    description: str | None = None
    title: str | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    waveform: str | None = None
    flags: int = 0
    ephemeral: bool = False


@dataclass(slots=True)
class Reaction:
    """One emoji below a message and who put it there, in order."""

    emoji_id: int | None
    emoji_name: str
    animated: bool = False
    user_ids: dict[int, None] = field(default_factory=dict[int, None])


@dataclass(slots=True)
class Poll:
    """A poll; ``answers`` are (answer id, media) in order, votes by answer id."""

    question: Json
    answers: list[tuple[int, Json]]
    expires_at: datetime
    allow_multiselect: bool = False
    layout_type: int = 1
    votes: dict[int, dict[int, None]] = field(default_factory=dict[int, dict[int, None]])
    finalized: bool = False


@dataclass(slots=True)
class AuditLogEntry:
    """One line of a guild's audit log."""

    id: int
    action_type: int
    user_id: int | None
    target_id: int | None
    changes: list[Json] = field(default_factory=list[Json])
    options: Json | None = None
    reason: str | None = None
