"""What the shop needs from outside: a guild's roles, a member's level, and their ear."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from seraphim.features.economy.rules.shop import Refusal
from seraphim.kernel.ids import ChannelId, GuildId, RoleId, UserId

type Level = Callable[[GuildId, UserId], Awaitable[int | None]]
"""Returns a member's level; None when there are no levels."""


@dataclass(frozen=True, slots=True)
class RoleOutcome:
    """What became of a change of a role."""

    refusal: Refusal | None = None
    """None: done. An outage is no refusal: it raises, and the job tries again."""


@dataclass(frozen=True, slots=True)
class Refund:
    """A purchase of a role that came to nothing."""

    guild_id: GuildId
    user_id: UserId
    channel_id: ChannelId
    """Where it was bought; a member whose direct messages are closed is told there."""
    item: str
    coins: int
    refusal: Refusal


class Roles(Protocol):
    """Gives and takes roles of members."""

    async def grant(self, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> RoleOutcome:
        """Give the member the role; having it already is no refusal.

        Raises:
            Exception: Discord cannot be reached or asks to wait; try again later.
        """
        ...

    async def revoke(self, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> RoleOutcome:
        """Take the role from the member; not having it is no refusal.

        Raises:
            Exception: As for :meth:`grant`.
        """
        ...

    async def can_grant(self, guild_id: GuildId, role_id: RoleId) -> RoleOutcome:
        """Say whether the role could be given as things are now, without giving it."""
        ...


class NullRoles:
    """No Discord: every role is refused, so that purchases of roles are refunded."""

    async def grant(self, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> RoleOutcome:
        """Refuse."""
        del guild_id, user_id, role_id
        return RoleOutcome("no_permission")

    async def revoke(self, guild_id: GuildId, user_id: UserId, role_id: RoleId) -> RoleOutcome:
        """Refuse."""
        del guild_id, user_id, role_id
        return RoleOutcome("no_permission")

    async def can_grant(self, guild_id: GuildId, role_id: RoleId) -> RoleOutcome:
        """Refuse."""
        del guild_id, role_id
        return RoleOutcome("no_permission")


class Notices(Protocol):
    """Tells a member something that no command waits for."""

    async def role_refunded(self, refund: Refund) -> None:
        """Say that a bought role could not be given and that the coins are back."""
        ...


class NullNotices:
    """Tells nobody."""

    async def role_refunded(self, refund: Refund) -> None:
        """Do nothing."""
        del refund


async def no_levels(guild_id: GuildId, user_id: UserId) -> int | None:
    """Return None: there are no levels."""
    del guild_id, user_id


@dataclass(frozen=True, slots=True)
class Score:
    """How a member has done in the games. ``net_coins`` is won minus staked."""

    user_id: UserId
    position: int
    played: int
    won: int
    net_coins: int


class Scores(Protocol):
    """Who has won the most games; the games are the ones who know."""

    async def list_scores(self, guild_id: GuildId, *, start: int, limit: int) -> Sequence[Score]:
        """Return the members from position ``start + 1`` on, the most wins first."""
        ...

    async def find_score(self, guild_id: GuildId, user_id: UserId) -> Score | None:
        """Return one member's score; None before the first game."""
        ...

    async def count_scores(self, guild_id: GuildId, *, at_most: int) -> int:
        """Count the members with a score, but no further than ``at_most``."""
        ...


class NullScores:
    """No games: nobody has a score."""

    async def list_scores(self, guild_id: GuildId, *, start: int, limit: int) -> Sequence[Score]:
        """Return nobody."""
        del guild_id, start, limit
        return ()

    async def find_score(self, guild_id: GuildId, user_id: UserId) -> Score | None:
        """Return None."""
        del guild_id, user_id

    async def count_scores(self, guild_id: GuildId, *, at_most: int) -> int:
        """Return 0."""
        del guild_id, at_most
        return 0
