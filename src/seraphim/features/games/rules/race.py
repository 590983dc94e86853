"""The race: everybody bets on a racer, then they run.

The winner is one weighted draw; the places behind are drawn the same way among those that are
left. A racer with the chance ``p`` pays ``return_percent / p``, so every racer is worth the same.

The clock moves a race five times: the first time everything is drawn, and each time one more
picture of it is shown. The last one pays.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import msgspec

from seraphim.features.games.rules.coins import number_of, text_of, whole_coins
from seraphim.features.games.rules.errors import MoveNotPossible
from seraphim.features.games.rules.fair import FairStream
from seraphim.features.games.rules.game import MAX_SEATS, PERCENT, Move, Opening, Plain, Step
from seraphim.kernel.marks import N_

RACERS: dict[str, int] = {"comet": 30, "falcon": 25, "stag": 20, "hare": 15, "snail": 10}
"""Who runs, with the chance of winning in percent."""
FRAMES = 5
"""How many pictures of the race there are, the finish included."""
FRAME_MS = 1_500
FINISH = 100
_WINNER_LEADS_BY = 4
_GAP = 9


class Bet(msgspec.Struct, frozen=True):
    """What a seat has bet, and on whom."""

    racer: str
    stake: int


class Race(msgspec.Struct, frozen=True):
    """A race; ``places`` and ``frames`` are empty until it is run.

    A frame says how far each racer has come, 0 to 100, in the order of :data:`RACERS`; ``shown``
    is how many of them people have seen.
    """

    starts_ms: int
    return_percent: int
    bets: tuple[Bet, ...]
    places: tuple[str, ...] = ()
    frames: tuple[tuple[int, ...], ...] = ()
    shown: int = 0

    @property
    def is_finished(self) -> bool:
        """Whether the last picture is shown."""
        return self.shown == FRAMES


class RaceGame:
    """The rules. Draws: the places; how far each is at each picture; one a winning bet."""

    kind = "race"
    state_type = Race
    shared = True
    versioned = False
    joins: frozenset[str] = frozenset({"join"})
    one_a_channel = True

    def terms(self, settings: Mapping[str, Any]) -> dict[str, Plain]:
        """Return what comes back to the bettors on average, and how long they may bet."""
        return {
            "return_percent": settings["race_return_percent"],
            "join_ms": settings["race_join_seconds"] * 1000,
        }

    def open(self, opening: Opening, stream: FairStream) -> Step[Race]:
        """Open the book; the opener's bet is the first."""
        del stream
        bet = Bet(_racer_of(opening.options), opening.stake)
        starts_ms = opening.at_ms + number_of(opening.terms, "join_ms")
        state = Race(starts_ms, number_of(opening.terms, "return_percent"), (bet,))
        return Step(state, deadline_ms=starts_ms)

    def act(self, state: Race, move: Move, stream: FairStream) -> Step[Race]:
        """Bet, once a member."""
        del stream
        if move.action != "join":
            raise MoveNotPossible(reason=N_("That is not a choice in this game."))
        if move.seat < len(state.bets):
            raise MoveNotPossible(reason=N_("You have bet on this race already."))
        if state.shown or move.at_ms >= state.starts_ms:  # whatever the clock says by now
            raise MoveNotPossible(reason=N_("They are off: no more bets on this race."))
        if len(state.bets) >= MAX_SEATS:
            raise MoveNotPossible(reason=N_("The book is full."))
        bet = Bet(_racer_of(move.options), move.bet)
        after = msgspec.structs.replace(state, bets=(*state.bets, bet))
        return Step(after, {move.seat: move.bet}, deadline_ms=state.starts_ms)

    def timeout(self, state: Race, at_ms: int, stream: FairStream) -> Step[Race]:
        """Run, a picture further each time."""
        if not state.shown:
            places = _places(stream)
            frames = _frames(places, stream)
            state = msgspec.structs.replace(state, places=places, frames=frames)
        state = msgspec.structs.replace(state, shown=state.shown + 1)
        if not state.is_finished:
            return Step(state, deadline_ms=at_ms + FRAME_MS)
        payouts: dict[int, int] = {}
        for seat, bet in enumerate(state.bets):
            won = bet.racer == state.places[0]
            owed = bet.stake * state.return_percent
            payouts[seat] = whole_coins(owed, RACERS[bet.racer], stream) if won else 0
        return Step(state, payouts=payouts)


def pays(racer: str, return_percent: int) -> Fraction:
    """Return how many coins a coin on ``racer`` brings if it wins."""
    return Fraction(return_percent, RACERS[racer])


def expected_value(racer: str, return_percent: int) -> Fraction:
    """Return what a coin on ``racer`` can expect, exactly."""
    return Fraction(RACERS[racer], PERCENT) * pays(racer, return_percent) - 1


def _racer_of(options: Mapping[str, Plain]) -> str:
    racer = text_of(options, "value")
    if racer not in RACERS:
        raise MoveNotPossible(reason=N_("That racer does not run today."))
    return racer


def _places(stream: FairStream) -> tuple[str, ...]:
    left = list(RACERS)
    places: list[str] = []
    while left:
        places.append(left.pop(stream.weighted([RACERS[racer] for racer in left])))
    return tuple(places)


def _frames(places: tuple[str, ...], stream: FairStream) -> tuple[tuple[int, ...], ...]:
    """Draw a way to the finish for each racer that ends in the order of ``places``."""
    ends: dict[str, int] = {}
    end = FINISH
    for place, racer in enumerate(places):
        ends[racer] = end
        end -= _WINNER_LEADS_BY if place == 0 else stream.integer(1, _GAP)
    ways: list[list[int]] = []
    for racer in RACERS:
        steps = [stream.integer(2, 10) for _ in range(FRAMES)]
        total, gone, way = sum(steps), 0, list[int]()
        for step in steps:
            gone += step
            way.append(ends[racer] * gone // total)
        ways.append(way)
    return tuple(tuple(way[frame] for way in ways) for frame in range(FRAMES))
