"""What is asked of a table, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from seraphim.features.games.rules.game import Plain
from seraphim.features.games.store.rows import GameRow, Seat
from seraphim.kernel.ids import ChannelId, GuildId, UserId


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A command that opens a game."""

    key: str
    """The interaction's id: the same key again opens nothing and answers the same."""
    guild_id: GuildId
    channel_id: ChannelId
    user_id: UserId
    kind: str
    at_ms: int
    """When the server received it."""
    bet: str | None = None
    """As typed: 250, 1.5k, half, all; None for a game that is opened without a bet."""
    options: Mapping[str, Plain] = field(default_factory=dict[str, Plain])
    invited: tuple[UserId, ...] = ()
    """Members who have a seat from the beginning."""


@dataclass(frozen=True, slots=True)
class ActOrder:
    """A click, a choice or a form at a game."""

    key: str
    guild_id: GuildId
    channel_id: ChannelId
    user_id: UserId
    game_id: str
    action: str
    at_ms: int
    version: int | None = None
    """The version the clicked message showed; None where the game does not ask for it."""
    bet: str | None = None
    options: Mapping[str, Plain] = field(default_factory=dict[str, Plain])


@dataclass(frozen=True, slots=True)
class View:
    """A game after a step, with everything its message shows."""

    game: GameRow
    state: Any
    """The game's own state."""
    seats: tuple[Seat, ...]
    server_seed_hash: str
    server_seed: str | None
    """The secret, once it is public."""
    balances: Mapping[UserId, int]
    """What members touched by the step hold after it."""
    repeated: bool = False
    """The click or command was known already; nothing happened now."""

    @property
    def stakes(self) -> dict[int, int]:
        """Coins each seat has put in."""
        return {seat.number: seat.stake for seat in self.seats}

    @property
    def payouts(self) -> dict[int, int]:
        """Coins each seat got in the end."""
        return {seat.number: seat.payout for seat in self.seats}

    @property
    def opener(self) -> UserId | None:
        """Who opened the game; None once erased."""
        return self.seats[0].user_id if self.seats else None

    def seat_of(self, user_id: UserId) -> Seat | None:
        """Return a member's seat."""
        return next((seat for seat in self.seats if seat.user_id == user_id), None)

    def member(self, number: int) -> UserId | None:
        """Return who sits on a seat."""
        return next((seat.user_id for seat in self.seats if seat.number == number), None)
