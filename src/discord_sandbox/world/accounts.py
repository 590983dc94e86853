"""Accounts, and what they are in a guild."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

type Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class User:
    """An account: a person or a bot."""

    id: int
    username: str
    global_name: str | None = None
    discriminator: str = "0"
    bot: bool = False
    system: bool = False
    avatar: str | None = None
    banner: str | None = None
    accent_color: int | None = None
    flags: int = 0
    locale: str = "en-US"
    dm_channel_ids: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def name(self) -> str:
        """The name others see where there is no nickname."""
        return self.global_name or self.username


@dataclass(slots=True, eq=False)
class Role:
    """A role of a guild; the one whose id is the guild's is ``@everyone``."""

    id: int
    name: str
    permissions: int = 0
    position: int = 1
    color: int = 0
    hoist: bool = False
    managed: bool = False
    mentionable: bool = False
    icon: str | None = None
    unicode_emoji: str | None = None
    flags: int = 0
    tags: Json | None = None


@dataclass(slots=True, eq=False)
class Member:
    """A user in a guild."""

    user: User
    guild_id: int
    joined_at: datetime
    nick: str | None = None
    avatar: str | None = None
    banner: str | None = None
    role_ids: list[int] = field(default_factory=list[int])
    premium_since: datetime | None = None
    deaf: bool = False
    mute: bool = False
    pending: bool = False
    flags: int = 0
    timeout_until: datetime | None = None

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name shown in the guild."""
        return self.nick or self.user.name
