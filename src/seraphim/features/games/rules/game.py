"""What a game is to the core: pure functions from a state and a move to a step.

Rules know seats, not members: seat 0 is whoever opened the game, later seats are numbered in the
order in which members joined. So a stored state names nobody, and a finished game can be verified
from public data alone by playing its moves again (:func:`replay`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import msgspec

from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream

type Plain = bool | int | float | str | list[str] | None
"""What options and terms may hold; not recursive, because msgspec cannot read such a type."""
type Ending = Literal["settled", "released"]

GAME_LIMIT_MS = 2 * 60 * 60 * 1000
"""A game without a move for so long is ended by its own rule, unless it sets a shorter limit."""
MAX_SEATS = 50
PERCENT = 100


class Opening(msgspec.Struct, frozen=True):
    """How a game begins; stored, and enough to begin it again."""

    stake: int
    """Coins of seat 0, held already; 0 in a game that is opened without a bet."""
    options: dict[str, Plain]
    """What was chosen with the command, such as the side of the coin."""
    terms: dict[str, Plain]
    """The guild's terms at that moment, from :meth:`Game.terms`; later changes do not touch it."""
    at_ms: int
    """Unix time in milliseconds."""
    invited: int = 0
    """How many members were invited by name; they have the seats 1 to ``invited``."""


class Move(msgspec.Struct, frozen=True):
    """What a seat does; stored in order."""

    seat: int
    """The number of a seat, or the next free one when somebody joins."""
    action: str
    at_ms: int
    """When the server received it, Unix milliseconds."""
    options: dict[str, Plain] = {}
    """What was typed or chosen with it."""
    bet: int = 0
    """Coins typed with it (the option ``bet``), read and within the guild's bounds; not held yet:
    the step says what is held."""


TIMEOUT = "timeout"
"""The action of the move by which the clock ends a step; its seat is -1."""
CLOCK_SEAT = -1


@dataclass(frozen=True, slots=True)
class Step[S]:
    """What follows from an opening, a move or the clock."""

    state: S
    holds: Mapping[int, int] = field(default_factory=dict[int, int])
    """Coins that each seat adds to its stake with this step."""
    payouts: Mapping[int, int] | None = None
    """Coins for each seat when the game is over with this step; None while it goes on."""
    released: bool = False
    """The game did not happen: every stake goes back to whom it came from, ``payouts`` is None."""
    deadline_ms: int | None = None
    """Unix time at which :meth:`Game.timeout` runs; None: GAME_LIMIT_MS after this step."""

    @property
    def is_over(self) -> bool:
        """Whether nothing can follow."""
        return self.released or self.payouts is not None


class Game[S](Protocol):
    """The rules of one kind of game. Implementations keep nothing: the state is everything."""

    kind: str
    """Stored, and part of custom ids: lower case letters, at most 16."""
    state_type: type[S]
    """A msgspec Struct; JSON holds it."""
    shared: bool
    """A round several members share has a seed of its own, whose hash its first message shows;
    otherwise the seed of the member who plays is used."""
    versioned: bool
    """Whether a click must belong to the newest version of the message. Rounds in which several
    act at once say no, and their rules refuse what no longer fits."""
    joins: frozenset[str]
    """Actions by which somebody without a seat takes one."""
    one_a_channel: bool
    """Whether a channel has at most one open round of this kind."""

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return what the guild's settings (by field name) mean for one round of this game."""
        ...

    def open(self, opening: Opening, stream: FairStream) -> Step[S]:
        """Begin. Raises MoveNotPossible for options that make no sense."""
        ...

    def act(self, state: S, move: Move, stream: FairStream) -> Step[S]:
        """Make a move. Raises MoveNotPossible, or another SeraphimError, when it is not allowed."""
        ...

    def timeout(self, state: S, at_ms: int, stream: FairStream) -> Step[S]:
        """Go on without the members, by the published rule; never a free option for a loser."""
        ...


type AnyGame = Game[Any]


@dataclass(frozen=True, slots=True)
class Replay:
    """A game played again from its record."""

    step: Step[Any]
    stakes: dict[int, int]
    draws: list[tuple[int, int, int]]
    """``(low, high, value)`` of every draw, in order."""


def replay(game: AnyGame, opening: Opening, moves: Sequence[Move], stream: FairStream) -> Replay:
    """Play a game again: the same record and seed always end the same.

    Raises:
        MoveNotPossible: The record is not one of this game.
    """
    step = game.open(opening, stream)
    stakes = {0: opening.stake}
    _add(stakes, step.holds)
    for move in moves:
        if step.is_over:
            raise MoveNotPossible(reason="The record goes on after the end.")
        step = advance(game, step.state, move, stream)
        _add(stakes, step.holds)
    draws = [(draw.low, draw.high, draw.value) for draw in stream.draws]
    return Replay(step, stakes, draws)


def advance(game: AnyGame, state: object, move: Move, stream: FairStream) -> Step[Any]:
    """Make a member's move, the house's own (seat -1 too), or let the clock move."""
    if move.seat == CLOCK_SEAT and move.action == TIMEOUT:
        return game.timeout(state, move.at_ms, stream)
    return game.act(state, move, stream)


def _add(stakes: dict[int, int], holds: Mapping[int, int]) -> None:
    for seat, coins in holds.items():
        stakes[seat] = stakes.get(seat, 0) + coins
