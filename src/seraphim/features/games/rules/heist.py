"""The heist: a crew puts money together for the tools, and goes in together.

The larger the crew, the likelier it comes out with the loot and the smaller each share. One draw of
a hundred decides for all: below the crew's chance it gets away with the loot, in the next ten it
drops everything and keeps the bets, else it is caught. The loot is sized so that every bet brings
back ``return_percent`` on average, and is shared by what each has put in.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

import msgspec

from seraphim.features.games.rules.coins import number_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import MAX_SEATS, PERCENT, Move, Opening, Plain, Step
from seraphim.kernel.marks import N_

type Ending = Literal["", "loot", "escaped", "caught"]

ALONE_PERCENT = 35
EACH_MORE_PERCENT = 5
MOST_PERCENT = 60
ESCAPE_PERCENT = 10


class Heist(msgspec.Struct, frozen=True):
    """A crew. ``drawn`` is the number that decided, -1 before."""

    starts_ms: int
    return_percent: int
    stakes: tuple[int, ...]
    ending: Ending = ""
    drawn: int = -1


class HeistGame:
    """The rules. Draws: how it ends, 0 to 99; with loot one a member, for the fraction."""

    kind = "heist"
    state_type = Heist
    shared = True
    versioned = False
    joins: frozenset[str] = frozenset({"join"})
    one_a_channel = True

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return what comes back to the crews on average, and how long people may join."""
        return {
            "return_percent": settings["heist_return_percent"],
            "join_ms": settings["heist_join_seconds"] * 1000,
        }

    def open(self, opening: Opening, stream: FairStream) -> Step[Heist]:
        """Gather the crew."""
        del stream
        starts_ms = opening.at_ms + number_of(opening.terms, "join_ms")
        returned = number_of(opening.terms, "return_percent")
        return Step(Heist(starts_ms, returned, (opening.stake,)), deadline_ms=starts_ms)

    def act(self, state: Heist, move: Move, stream: FairStream) -> Step[Heist]:
        """Join, once a member."""
        del stream
        if move.action != "join":
            raise MoveNotPossible(reason=N_("That is not a choice in this game."))
        if move.seat < len(state.stakes):
            raise MoveNotPossible(reason=N_("You are in the crew already."))
        if move.at_ms >= state.starts_ms:
            raise MoveNotPossible(reason=N_("The crew has gone in without you."))
        if len(state.stakes) >= MAX_SEATS:
            raise MoveNotPossible(reason=N_("The van is full."))
        after = msgspec.structs.replace(state, stakes=(*state.stakes, move.bet))
        return Step(after, {move.seat: move.bet}, deadline_ms=state.starts_ms)

    def timeout(self, state: Heist, at_ms: int, stream: FairStream) -> Step[Heist]:
        """Go in."""
        del at_ms
        drawn = stream.integer(0, PERCENT - 1)
        ending = ending_of(drawn, len(state.stakes))
        after = msgspec.structs.replace(state, ending=ending, drawn=drawn)
        payouts = {seat: _payout(after, stake, stream) for seat, stake in enumerate(state.stakes)}
        return Step(after, payouts=payouts)


def chance_percent(crew: int) -> int:
    """Return how likely a crew of this size gets away with the loot, in percent."""
    return min(MOST_PERCENT, ALONE_PERCENT + EACH_MORE_PERCENT * (crew - 1))


def ending_of(drawn: int, crew: int) -> Ending:
    """Return how it ends for a draw of 0 to 99."""
    chance = chance_percent(crew)
    if drawn < chance:
        return "loot"
    return "escaped" if drawn < chance + ESCAPE_PERCENT else "caught"


def loot_of(crew: int, return_percent: int) -> Fraction:
    """Return how many coins each coin brings when the crew gets away with the loot."""
    return Fraction(return_percent - ESCAPE_PERCENT, chance_percent(crew))


def expected_value(crew: int, return_percent: int) -> Fraction:
    """Return what a coin in a crew of this size can expect, exactly."""
    chance = Fraction(chance_percent(crew), PERCENT)
    return chance * loot_of(crew, return_percent) + Fraction(ESCAPE_PERCENT, PERCENT) - 1


def _payout(state: Heist, stake: int, stream: FairStream) -> int:
    match state.ending:
        case "loot":
            share = loot_of(len(state.stakes), state.return_percent)
            return whole_coins(stake * share.numerator, share.denominator, stream)
        case "escaped":
            return stake
        case _:
            return 0
